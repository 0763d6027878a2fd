//! Every page as everybody: what each may open, and what each form of a session answers to the others.

use back_office_brief::store::Db;
use back_office_brief::store::records::{
    Edition, ImportBatch, ImportUpload, Session, Upload, UploadFile,
};

use crate::desk::{ANA, OPS, Who, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::routes::{May, ROUTES};
use crate::world::{World, ms, number};

/// The house with a session at each client, and a draft at one.
async fn house(db: Db) -> World {
    let world = world(db).await;
    for (id, organization) in [("session-1", "northfield"), ("session-2", "halden")] {
        world
            .put(&[Session {
                id: id.to_owned(),
                organization_id: organization.to_owned(),
                consultant_person_id: format!("person-{ANA}"),
                starts_at: ms("2026-11-19T15:00:00Z"),
                notes: "Walked through the close.".to_owned(),
                created_at: ms("2026-11-01T15:00:00Z"),
                ..Default::default()
            }])
            .await;
    }
    uploads(&world).await;
    world
        .put(&[Edition {
            id: "edition-1".to_owned(),
            scope_kind: "organization".to_owned(),
            scope_id: "northfield".to_owned(),
            iso_week: "2026-W49".to_owned(),
            kind: "leader".to_owned(),
            variant: "full-en".to_owned(),
            state: "draft".to_owned(),
            cut_off_at: ms("2026-11-30T12:00:00Z"),
            as_of: "2026-11-30".to_owned(),
            created_at: ms("2026-11-25T12:00:00Z"),
            ..Default::default()
        }])
        .await;
    world
}

/// An upload of the consultant, one of the operator, and what became of an earlier one.
async fn uploads(world: &World) {
    let when = ms("2026-11-25T15:00:00Z");
    for (id, email, organization) in
        [("upload-ana", ANA, Some("northfield")), ("upload-ops", OPS, None)]
    {
        let upload = Upload {
            id: id.to_owned(),
            person_id: format!("person-{email}"),
            organization_id: organization.map(str::to_owned),
            map: "[gaps]\nfiles = [\"gaps.csv\"]\n".to_owned(),
            state: "open".to_owned(),
            created_at: when,
            changed_at: when,
            expires_at: when + 24 * 3_600_000,
            ..Default::default()
        };
        world.put(&[upload]).await;
        let bytes = b"external_id,organization,area,category,severity,title,opened_on\n\
            g9,northfield,billing,no_source,3,Prices disagree,2026-11-20\n";
        let file = UploadFile {
            upload_id: id.to_owned(),
            name: "gaps.csv".to_owned(),
            bytes: bytes.to_vec(),
            ..Default::default()
        };
        world.put(&[file]).await;
    }
    let batch = ImportBatch {
        id: "0a20bb70-0001".to_owned(),
        started_at: when,
        path: "gaps.csv".to_owned(),
        kind: "gaps".to_owned(),
        sha256: "0".repeat(64),
        ..Default::default()
    };
    world.put(&[batch]).await;
    let of = ImportUpload {
        batch_id: "0a20bb70-0001".to_owned(),
        person_id: format!("person-{ANA}"),
        organization_id: Some("northfield".to_owned()),
        uploaded_at: when,
    };
    world.put(&[of]).await;
}

/// What a page answers to somebody who asks for it.
fn expected(may: May, who: Who) -> u16 {
    match (may, who) {
        (_, Who::SignedOut) => 303,
        (May::SignedIn, Who::Leader | Who::Owner | Who::Reader) => 303,
        (May::SignedIn, _) => 200,
        (May::Operate | May::OperateOwn, Who::Operator) => 200,
        (May::Operate | May::OperateOwn, _) => 403,
        (_, Who::Leader | Who::Owner | Who::Reader) => 403,
        (May::Work | May::Own, Who::Stranger) => 404,
        (May::Own | May::WithClients, Who::Operator) => 404,
        _ => 200,
    }
}

on_both! {
    async fn every_page_opens_for_whom_it_is(db: Db) {
        let world = house(db).await;
        for who in Who::ALL {
            let browser = browser(&world, who).await;
            for route in ROUTES {
                let page = browser.get(route.address).await;
                let wanted = expected(route.may, who);
                assert_eq!(page.status.as_u16(), wanted, "{who:?} {}: {}", route.address, page.text);
                match page.status.as_u16() {
                    200 if route.is_mail() => {}
                    200 if !page.header("content-type").starts_with("text/html") => {}
                    200 => assert_eq!(faults(&page.text), Vec::<String>::new(), "{who:?} {}", route.address),
                    303 if who == Who::SignedOut => {
                        assert!(page.header("Location").starts_with("/sign-in?to=%2Fdesk"), "{}", route.address);
                    }
                    303 => assert_eq!(page.header("Location"), "/o/northfield"),
                    _ => assert!(!page.text.contains("orthfield"), "{who:?} {}: {}", route.address, page.text),
                }
                assert!(page.header("cache-control") == "no-store", "{}", route.address);
            }
        }
    }

    async fn a_form_is_taken_from_its_own_session_alone(db: Db) {
        let world = house(db).await;
        let ana = browser(&world, Who::Consultant).await;
        let mark = ana.get("/desk/round").await.field("mark");
        let before = number(&world.db, "SELECT COUNT(*) FROM audit").await;
        let fields = [("do", "confirm"), ("confirm", "all"), ("implementation", "erp"), ("text", "x"), ("same", "northfield")];
        for route in ROUTES {
            if !route.has_form {
                ana.post(route.address, &fields).await.is(405);
                continue;
            }
            if expected(route.may, Who::Consultant) == 200 {
                ana.post(route.address, &fields).await.is(400).says("This could not be read");
                ana.post(route.address, &[&fields[..], &[("mark", "0")]].concat()).await.is(400);
            }
            for who in Who::ALL.into_iter().filter(|who| *who != Who::Consultant) {
                let other = browser(&world, who).await;
                let answer = other.post(route.address, &[&fields[..], &[("mark", mark.as_str())]].concat()).await;
                let wanted = match (who, expected(route.may, who)) {
                    (Who::SignedOut, _) => 401,
                    (_, 200) => 400,
                    // The mark is looked at before whose upload it is.
                    (Who::Operator, _) if route.may == May::Own => 400,
                    // The mark is looked at first where a page is about no client.
                    (_, _) if route.may == May::WorkAnywhere => 400,
                    (_, other) => other,
                };
                assert_eq!(answer.status.as_u16(), wanted, "{who:?} {}: {}", route.address, answer.text);
            }
        }
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, before, "nothing was written");
    }

    async fn what_is_another_clients_is_not_there(db: Db) {
        let world = house(db).await;
        let ana = browser(&world, Who::Consultant).await;
        let foreign = [
            "/desk/c/halden",
            "/desk/c/nobody",
            "/desk/c/northfield/gaps/HALDEN-G1",
            "/desk/c/northfield/gaps/halden-g1",
            "/desk/c/northfield/gaps/CALDER-G1",
            "/desk/c/northfield/sessions/session-2",
            "/desk/c/northfield/sessions/x",
            "/desk/c/northfield/implementations/halden-erp",
            "/desk/c/northfield/implementations/nothing",
            "/desk/c/northfield/grid/halden-erp/billing",
            "/desk/c/northfield/grid/erp/nothing",
            "/desk/c/northfield/grid/erp/payroll",
            "/desk/c/halden/review",
            "/desk/c/halden/review/edition-1",
            "/desk/c/calder/review/edition-1",
            "/desk/c/calder/review/edition-1/mail",
            "/desk/c/northfield/review/nothing",
            "/desk/c/northfield/review/edition-1%00",
            "/desk/c/northfield/review/edition-1%00/mail",
            "/desk/c/halden/preview",
            "/desk/c/halden/preview/mail",
            "/desk/c/northfield%00",
            "/desk/c/northfield/gaps/NORTHFIELD-G1%00",
            "/desk/c/northfield/sessions/session-1%00",
            "/desk/c/northfield/implementations/erp%00",
            "/desk/c/northfield/grid/erp%00/billing",
        ];
        let unknown = ana.get("/desk/c/nobody").await;
        for address in foreign {
            let page = ana.get(address).await;
            assert_eq!((page.status.as_u16(), &page.text), (404, &unknown.text), "{address}");
        }
        let mark = ana.get("/desk/round").await.field("mark");
        let mark = ("mark", mark.as_str());
        for (address, fields) in [
            ("/desk/c/northfield/gaps/HALDEN-G1", vec![("do", "confirm")]),
            ("/desk/c/northfield/gaps/CALDER-G1", vec![("do", "note"), ("note", "x")]),
            ("/desk/c/northfield/sessions", vec![("do", "kept"), ("session", "session-2"), ("promise", "p")]),
            ("/desk/c/northfield/sessions/session-2", vec![("day", "2026-11-26"), ("time", "10:00")]),
            ("/desk/c/northfield/grid", vec![("implementation", "halden-erp"), ("confirm", "all")]),
            ("/desk/c/northfield/implementations/halden-erp", vec![("name", "x")]),
            ("/desk/c/calder/review/edition-1", vec![("do", "approve")]),
            ("/desk/c/halden/review", vec![("review", "none")]),
            ("/desk/c/halden/preview", vec![("do", "test")]),
            ("/desk/round", vec![("same", "halden")]),
            ("/desk/round", vec![("save", "halden"), ("c-0", "halden"), ("id-0-0", "HALDEN-G1"), ("same-0-0", "y")]),
            ("/desk/round", vec![("c-0", "halden"), ("id-0-0", "HALDEN-G1"), ("same-0-0", "y")]),
        ] {
            let answer = ana.post(address, &[&fields[..], &[mark]].concat()).await;
            assert_eq!(answer.status.as_u16(), 404, "{address} {fields:?}: {}", answer.text);
        }
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, 0);
    }

    async fn whoever_reads_several_chooses(db: Db) {
        let world = house(db).await;
        world.by_hand("UPDATE subscription SET organization_id = 'calder' WHERE person_id LIKE '%rob.reed%'").await;
        let reader = browser(&world, Who::Reader).await;
        assert_eq!(reader.get("/desk").await.header("Location"), "/o/calder");
        let second = back_office_brief::store::records::Subscription {
            id: "second".to_owned(),
            person_id: "person-rob.reed@client.example".to_owned(),
            organization_id: Some("halden".to_owned()),
            role: "leader".to_owned(),
            weekday: Some(1),
            hour: Some(7),
            quiet: "full".to_owned(),
            confirmed_at: Some(ms("2026-11-01T15:00:00Z")),
            created_at: ms("2026-11-01T15:00:00Z"),
            ..Default::default()
        };
        world.put(&[second]).await;
        let page = reader.get("/desk").await;
        page.is(200).says("The calder").says("The halden");
        assert!(page.text.contains("href=\"/o/halden\"") && !page.text.contains("/desk/c/"), "{}", page.text);
        assert_eq!(faults(&page.text), Vec::<String>::new());
    }
}
