//! What people typed is shown and never obeyed.

use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::routes::ROUTES;

const EVIL: &str = "\"><script>alert(1)</script>'&amp;\u{202e}";

fn is_tame(text: &str, what: &str) {
    assert!(!text.contains("<script"), "{what}: {text}");
    assert!(!text.contains('\u{202e}'), "{what} turns its direction");
    assert_eq!(faults(text), Vec::<String>::new(), "{what}");
}

on_both! {
    async fn hostile_words_are_shown_as_words(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let gap = [
            ("title", EVIL), ("area", "billing"), ("category", "no_source"), ("severity", "3"), ("owner", "D. <b>Ruiz"),
            ("short_name", "<i>x</i>"), ("description", EVIL), ("external_id", "A/B?c=\"<d>\"&e%2F #1"), ("next_step", EVIL), ("verifier", "<u>J Park"),
        ];
        let sent = browser.fill("/desk/c/northfield/gaps/new", &gap).await;
        sent.is(303);
        let path = sent.header("Location").split('?').next().unwrap().to_owned();
        for fields in [
            vec![("do", "note"), ("note", EVIL)],
            vec![("do", "price"), ("exposure_kind", "direct"), ("exposure_basis", "measured"), ("exposure_source", EVIL), ("amount_minor.likely", "1"), ("period_days.likely", "7")],
            vec![("do", "move"), ("status", "accepted"), ("accepted_by", "<b>x"), ("accepted_until", "2027-01-01"), ("reason", EVIL)],
        ] {
            let page = browser.fill_on(&path, &fields).await;
            is_tame(&page.text, "the gap");
        }
        browser.fill("/desk/c/northfield/sessions", &[("do", "add"), ("day", "2026-11-26"), ("time", "10:00"), ("notes", EVIL), ("text-0", EVIL), ("owner-0", EVIL)]).await.is(303);
        browser.fill("/desk/c/northfield/implementations", &[("name", EVIL), ("kind", "erp"), ("status", "planned"), ("weight-0", "5")]).await.is(303);
        browser.fill("/desk/c/northfield/grid/erp/billing", &[("level-0", "3"), ("note-0", EVIL)]).await.is(303);
        world.by_hand("UPDATE organization SET name = '\"><script>alert(2)</script>' WHERE id IN ('northfield', 'calder')").await;
        world.by_hand("UPDATE person SET name = '<script>alert(3)</script>' WHERE id LIKE '%ana.mendel%'").await;
        for route in ROUTES.iter().filter(|route| route.is_plain()) {
            let page = browser.get(route.address).await;
            page.is(200);
            is_tame(&page.text, route.address);
        }
        is_tame(&browser.get(&path).await.is(200).text, "the gap");
        is_tame(&browser.get("/desk/c/northfield?owner=%22%3E%3Cscript%3E&status=%3Cscript%3E&area=%22&page=%22").await.is(200).text, "the filter");
        is_tame(&browser.get("/desk/c/northfield?told=%3Cscript%3Ealert(1)%3C/script%3E").await.is(200).text, "what was told");
        is_tame(&browser.get("/desk/round?done=%3Cscript%3E").await.is(200).text, "the round");
        is_tame(&browser.get(&format!("{path}?kind=%3Cscript%3E&history=%3Cscript%3E")).await.is(200).text, "the price");
    }

    async fn what_was_typed_wrongly_is_shown_as_words(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        for (path, fields) in [
            ("/desk/c/northfield/gaps/new", vec![("title", EVIL), ("area", EVIL), ("severity", EVIL), ("due_on", EVIL)]),
            ("/desk/c/northfield/gaps/NORTHFIELD-G1", vec![("do", "people"), ("owner", EVIL), ("owner_email", EVIL), ("severity", EVIL)]),
            ("/desk/c/northfield/gaps/NORTHFIELD-G1", vec![("do", "price"), ("exposure_kind", EVIL)]),
            ("/desk/c/northfield/gaps/NORTHFIELD-G1", vec![("do", "price"), ("exposure_kind", "direct"), ("amount_minor.likely", EVIL)]),
            ("/desk/c/northfield/sessions", vec![("do", "add"), ("day", EVIL), ("time", EVIL), ("notes", EVIL)]),
            ("/desk/c/northfield/implementations", vec![("name", EVIL), ("kind", EVIL), ("benefit", EVIL)]),
            ("/desk/c/northfield/grid/erp/billing", vec![("level-0", EVIL), ("gap-0", EVIL), ("title-1", EVIL)]),
        ] {
            let page = browser.fill(path, &fields).await;
            page.is(422);
            assert!(!page.text.contains("<script"), "{path}: {}", page.text);
            assert_eq!(faults(&page.text), Vec::<String>::new(), "{path}");
        }
    }

    async fn a_mark_that_no_database_keeps_breaks_nothing(db: Db) {
        let world = world(db).await;
        let browser = browser(&world, Who::Operator).await;
        let nul = "x\0y";
        for (path, fields) in [
            ("/desk/c/northfield/gaps/new", vec![("title", nul), ("area", "billing"), ("category", "no_source"), ("severity", "3"), ("external_id", nul), ("implementation", nul)]),
            ("/desk/c/northfield/gaps/NORTHFIELD-G1", vec![("do", "people"), ("owner", nul), ("owner_email", "x\0@client.example"), ("severity", "3")]),
            ("/desk/c/northfield/gaps/NORTHFIELD-G1", vec![("do", "note"), ("note", nul)]),
            ("/desk/c/northfield/sessions", vec![("do", "add"), ("day", "2026-11-26"), ("time", "10:00"), ("consultant", nul)]),
            ("/desk/c/northfield/sessions", vec![("do", "kept"), ("session", nul), ("promise", nul)]),
            ("/desk/c/northfield/grid/erp/billing", vec![("level-0", "1"), ("gap-0", nul)]),
            ("/desk/c/northfield/grid", vec![("implementation", nul), ("confirm", "all")]),
            ("/desk/c/northfield/implementations", vec![("name", nul), ("kind", "erp"), ("status", "planned")]),
            ("/desk/round", vec![("c-0", "northfield"), ("id-0-0", nul), ("note-0-0", nul), ("save", "northfield")]),
            ("/desk/round", vec![("same", nul)]),
        ] {
            let answer = browser.fill(path, &fields).await;
            assert!(answer.status.as_u16() < 500, "{path} {fields:?}: {} {}", answer.status, answer.text);
        }
        for path in ["/desk/review?page=%00&past=-1", "/desk/preview?date=%00", "/desk/c/northfield/preview?q=%00&owner=%00&as=%00&date="] {
            assert!(browser.get(path).await.status.as_u16() < 500, "{path}");
        }
        for path in ["/desk?q=%00", "/desk/round?done=%00", "/desk/c/northfield?owner=%00&area=%00&status=%00"] {
            browser.get(path).await.is(200);
        }
    }

    async fn a_body_that_is_no_form_changes_nothing(db: Db) {
        let world = world(db).await;
        for who in [Who::Consultant, Who::Operator] {
            let browser = browser(&world, who).await;
            for route in ROUTES.iter().filter(|route| route.has_form) {
                let mut request = crate::browser::request("POST", route.address, "application/json", "{}");
                request.headers_mut().insert("X-Test", "1".parse().unwrap());
                let answer = browser.send(request).await;
                assert!([403, 404, 415].contains(&answer.status.as_u16()), "{}: {}", route.address, answer.status);
                let long = format!("mark=x&note={}", "a".repeat(1_100_000));
                let answer = browser.send(crate::browser::request("POST", route.address, crate::browser::FORM, &long)).await;
                // Who may not import is told before anything is read.
                let wanted = if route.address == "/desk/import" && who == Who::Consultant { 403 } else { 413 };
                assert_eq!(answer.status.as_u16(), wanted, "{}", route.address);
            }
        }
    }
}
