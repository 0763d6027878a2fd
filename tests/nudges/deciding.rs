//! What can be decided on the desk, by whom, and what is refused.

use back_office_brief::store::Db;

use crate::html::faults;
use crate::on_both;
use crate::scene::{ANA, BEN, LEADER, OPS, WEDNESDAY, browser, house, told};
use crate::world::number;

on_both! {
    async fn words_that_are_no_nudge_are_shown_again_with_what_is_wrong(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let desk = browser(&world, ANA).await;
        let own = world.nudge().await;
        for (typed, said) in [
            ("", "The text is missing"),
            ("Name one deputy.", "does not say when and then"),
            ("When finance meets, name one. Then call.", "more than one sentence"),
            ("When finance meets, open https://evil.example/<script>.", "holds a link"),
            ("When finance meets, name one.\r\nBcc: x@evil.example", "several lines"),
            ("When finance meets, name \u{202e}one.", "does not show"),
        ] {
            for what in ["save", "approve"] {
                let page = desk.press_nudge(&own.id, what, Some(typed)).await;
                page.is(422).says(said).says("Nothing was written.");
                let shown = typed.replace('<', "&#60;").replace('>', "&#62;");
                assert!(page.text.contains(&shown), "{typed:?} is not in {}", page.text);
                assert_eq!(faults(&page.text), Vec::<String>::new());
            }
        }
        let long = format!("When finance meets, name {}.", "one ".repeat(30));
        desk.press_nudge(&own.id, "save", Some(&long)).await.is(422).says("at most 25 fit");
        assert_eq!(world.nudge().await, own);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, 0);
    }

    async fn hostile_names_and_words_stay_words(db: Db) {
        let world = house(db).await;
        world.by_hand("UPDATE organization SET name = '<b>Evil</b>' WHERE id = 'northfield'").await;
        world.by_hand("UPDATE person SET name = 'Ana' || CAST('\r\nBcc: x@evil.example' AS TEXT) WHERE id LIKE '%ana.mendel%'").await;
        world.by_hand("UPDATE gap SET short_name = '<img src=x>' WHERE id = 'northfield-g2'").await;
        told(&world).await;
        let desk = browser(&world, ANA).await;
        let own = world.nudge().await;
        let words = "When finance meets, name <script>alert(1)</script> & \"one\".";
        let page = desk.press_nudge(&own.id, "save", Some(words)).await;
        page.is(303);
        let page = desk.get("/desk/nudges").await;
        page.is(200).says("&#60;script&#62;alert(1)").says("&#60;b&#62;Evil");
        assert!(!page.text.contains("<script") && !page.text.contains("<img") && !page.text.contains("<b>"));
        desk.press_nudge(&own.id, "approve", Some(words)).await.is(303);
        world.tick(WEDNESDAY).await;
        let mails = world.notices();
        assert_eq!(mails.len(), 1, "{:?}", world.stands().await);
        let raw = String::from_utf8_lossy(&mails[0].bytes).into_owned();
        let (head, _) = raw.split_once("\r\n\r\n").expect("a head and a body");
        assert!(!head.lines().any(|line| line.to_lowercase().starts_with("bcc")), "{head}");
        let message = mail_parser::MessageParser::default().parse(&mails[0].bytes).expect("a message");
        let html = message.body_html(0).expect("a part").into_owned();
        assert!(html.contains("&#60;script&#62;alert(1)"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        let from = message.from().and_then(|from| from.first()).and_then(|from| from.name());
        assert!(!from.expect("a name").contains('@'), "{from:?}");
    }

    async fn each_sees_and_decides_about_their_own_clients_alone(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let own = world.nudge().await;
        let ben = browser(&world, BEN).await;
        let page = ben.get("/desk/nudges").await;
        page.is(200);
        assert!(!page.text.contains("orthfield") && !page.text.contains(&own.id), "{}", page.text);
        let mark = ben.get("/desk/round").await.field("mark");
        let seen = back_office_brief::engine::nudges::version(&own.state, &own.text);
        let send = |id: &'static str| {
            vec![("mark", mark.clone()), ("nudge", id.to_owned()), ("version", seen.clone()), ("do", "skip".to_owned())]
        };
        let id: &'static str = Box::leak(own.id.clone().into_boxed_str());
        for nudge in [id, "nothing", "a\0b", ""] {
            let fields = send(nudge);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let answer = ben.post("/desk/nudges", &fields).await;
            assert_eq!(answer.status.as_u16(), 404, "{nudge:?}: {}", answer.text);
        }
        // Whoever reads about the client is told that they only read.
        let leader = browser(&world, LEADER).await;
        leader.get("/desk/nudges").await.is(403);
        let mark = leader.get("/account").await.field("mark");
        let fields = [("mark", mark.as_str()), ("nudge", id), ("version", seen.as_str()), ("do", "skip")];
        leader.post("/desk/nudges", &fields).await.is(403);
        assert_eq!(world.nudge().await, own);
        // The operator sees all, and decides; it goes out in the consultant's name.
        let ops = browser(&world, OPS).await;
        ops.get("/desk/nudges").await.is(200).says("The northfield").says("Ana Mendel");
        ops.press_nudge(id, "approve", Some(&own.text)).await.is(303);
        assert_eq!(world.nudge().await.decided_by, Some(format!("person-{OPS}")));
    }

    async fn whoever_comes_second_is_told_and_writes_over_nothing(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let own = world.nudge().await;
        let (ana, ops) = (browser(&world, ANA).await, browser(&world, OPS).await);
        let mark = ops.get("/desk/nudges").await.field("mark");
        let seen = back_office_brief::engine::nudges::version(&own.state, &own.text);
        let first = "When finance meets, name one deputy.";
        ana.press_nudge(&own.id, "save", Some(first)).await.is(303);
        let words = "When payroll runs, name two deputies.";
        let late = |what| [("mark", mark.as_str()), ("nudge", own.id.as_str()), ("version", seen.as_str()), ("do", what), ("text", words)];
        for what in ["save", "approve", "skip"] {
            let page = ops.post("/desk/nudges", &late(what)).await;
            page.is(409).says("It is a draft with other words by now").says(words).says("Stands now:").says(first);
        }
        assert_eq!(world.nudge().await.text, first);
        // Twice the same button approves once.
        ana.press_nudge(&own.id, "approve", Some(first)).await.is(303);
        ops.post("/desk/nudges", &late("approve")).await.is(409).says("It is approved by now");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'nudge.approve'").await, 1);
        // It can be taken back, and skipped; then it does not go.
        ana.press_nudge(&own.id, "back", None).await.is(303);
        assert_eq!(world.stands().await.0, "drafted");
        ana.press_nudge(&own.id, "skip", None).await.is(303);
        world.tick(WEDNESDAY).await;
        assert_eq!((world.stands().await.0.as_str(), world.notices().len()), ("skipped", 0));
        ana.get("/desk/nudges").await.says("Not sent").says("skipped");
    }

    async fn what_is_late_cannot_be_approved(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let own = world.nudge().await;
        let desk = browser(&world, ANA).await;
        world.clock.set(crate::world::at("2026-11-27T23:30:00Z"));
        let page = desk.get("/desk/nudges").await;
        page.is(200).says("No office hour is left in its week");
        world.clock.set(crate::world::at("2026-11-28T12:00:00Z"));
        let page = desk.press_nudge(&own.id, "approve", Some(&own.text)).await;
        page.is(409).says("Its week is over");
        assert_eq!(world.stands().await.0, "drafted");
    }

    async fn more_drafts_than_a_page_holds_are_counted_and_approved_ones_have_their_own_place(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.approve().await;
        world.by_hand("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 103) \
            INSERT INTO nudge (id, organization_id, gap_id, consultant_person_id, recipient_person_id, text, state, created_at, \
            recipient_kind, send_from, expires_at, drafted_text, text_key) SELECT 'more-' || i, organization_id, gap_id, \
            consultant_person_id, recipient_person_id, text, 'drafted', created_at + i, recipient_kind, send_from, \
            expires_at - i, text, text_key FROM nudge, n WHERE state = 'approved'").await;
        let page = browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("Approved, not sent yet").says("And 3 more");
        assert!(page.text.contains("id=\"more-103\"") && !page.text.contains("id=\"more-1\""));
    }

    async fn the_number_of_statements_does_not_depend_on_the_number_of_nudges(db: Db) {
        let world = house(db).await;
        told(&world).await;
        let desk = browser(&world, ANA).await;
        let count = async || {
            let before = world.db.queries();
            desk.get("/desk/nudges").await.is(200);
            world.db.queries() - before
        };
        world.earlier(LEADER, "northfield-g1", "2026-11-10T15:00:00Z", "sent").await;
        world.by_hand("UPDATE nudge SET outcome = NULL").await;
        let few = count().await;
        for n in 0..30 {
            let state = ["sent", "answered", "uncertain"][n % 3];
            world.earlier(LEADER, ["northfield-g1", "northfield-g3"][n % 2], "2026-11-12T15:00:00Z", state).await;
        }
        world.by_hand("UPDATE nudge SET outcome = NULL").await;
        assert_eq!(count().await, few);
        assert!(desk.get("/desk/nudges").await.text.len() < 100_000);
    }
}
