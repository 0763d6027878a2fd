//! Moving a gap: what is offered, what each move needs, and what is refused (MODEL 2).

use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser, world};
use crate::on_both;
use crate::world::{World, at, number};

const G1: &str = "/desk/c/northfield/gaps/NORTHFIELD-G1";

/// Which statuses the page has buttons for.
fn offered(text: &str) -> Vec<&str> {
    text.split("name=\"status\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

async fn to_test(world: &World) {
    world.happens("northfield", "g1", "status", "in_progress", "2026-11-20T15:00:00Z").await;
    world.happens("northfield", "g1", "status", "verifying", "2026-11-23T15:00:00Z").await;
}

on_both! {
    async fn only_legal_moves_are_offered(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        for (status, moves) in [
            ("", vec!["in_progress", "accepted", "withdrawn"]),
            ("in_progress", vec!["verifying", "open", "accepted", "withdrawn"]),
            ("verifying", vec!["in_progress", "open", "closed", "accepted", "withdrawn"]),
            ("closed", vec!["open", "accepted", "withdrawn"]),
            ("withdrawn", vec!["open", "accepted"]),
        ] {
            if !status.is_empty() {
                world.happens("northfield", "g1", "status", status, "2026-11-24T15:00:00Z").await;
            }
            let page = browser.get(G1).await;
            assert_eq!(offered(&page.is(200).text), moves, "from {status:?}");
        }
        browser.get(G1).await.says("Whoever did not withdraw it signs here.");
    }

    async fn a_gap_is_taken_up_and_tested(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        browser.fill(G1, &[("do", "move"), ("status", "verifying")]).await.is(422).says("cannot become verifying at once");
        let moved = browser.fill_on(G1, &[("do", "move"), ("status", "in_progress"), ("note", "Started on Monday"), ("effective_on", "2026-11-23")]).await;
        moved.says("Moved. The next brief counts it.").says("In progress, since 23 November 2026").says("Started on Monday");
        moved.says("Open → In progress").says("Ana Mendel; true from 23 November 2026, told 25 November 2026, 10:00");
        browser.fill_on(G1, &[("do", "move"), ("status", "verifying")]).await.says("In test, since 25 November 2026");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'gap.change' AND way = 'desk' AND actor = 'Ana Mendel'").await, 2);
        browser.fill_on(G1, &[("do", "move"), ("status", "verifying")]).await.says("Nothing was different");
        browser.fill(G1, &[("do", "move"), ("status", "sideways")]).await.is(400);
        browser.fill(G1, &[("do", "everything")]).await.is(400);
        let late = browser.fill(G1, &[("do", "move"), ("status", "open"), ("note", "kept words"), ("effective_on", "2026-12-24")]).await;
        late.is(422).says("Nothing was written. What you typed is still here.").says("is still to come");
        assert!(late.text.contains("value=\"kept words\"") && late.text.contains("value=\"2026-12-24\""), "{}", late.text);
        let odd = browser.fill(G1, &[("do", "move"), ("status", "open"), ("effective_on", "yesterday")]).await;
        odd.is(422).says("&#34;yesterday&#34; is not a day; write it like 2026-11-23.");
    }

    async fn a_risk_is_accepted_by_somebody_and_for_a_time(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let accept = |fields: &[(&'static str, &'static str)]| [&[("do", "move"), ("status", "accepted")], fields].concat();
        browser.fill(G1, &accept(&[])).await.is(422).says("say until when the risk is accepted");
        browser.fill(G1, &accept(&[("accepted_by", "Lee Park"), ("accepted_until", "2027-11-25")])).await.is(422).says("more than 180 days away");
        let page = browser.fill(G1, &accept(&[("accepted_by", ""), ("accepted_until", "2027-01-31"), ("reason", "One more quarter")])).await;
        page.is(422);
        assert!(page.text.contains("value=\"2027-01-31\"") && page.text.contains("One more quarter"), "{}", page.text);
        let taken = accept(&[("accepted_by", "Lee Park"), ("accepted_until", "2027-01-31"), ("reason", "One more quarter")]);
        browser.fill_on(G1, &taken).await.says("Risk accepted until 31 January 2027").says("Accepted by Lee Park. One more quarter");
    }

    async fn a_withdrawal_needs_a_reason_and_a_second_person(db: Db) {
        let world = world(db).await;
        let browser_of_ana = ana(&world).await;
        browser_of_ana.fill(G1, &[("do", "move"), ("status", "withdrawn")]).await.is(422).says("reason");
        let page = browser_of_ana.fill_on(G1, &[("do", "move"), ("status", "withdrawn"), ("reason", "Never a gap")]).await;
        page.says("Withdrawn, waits for a second signature").says("Never a gap");
        browser_of_ana.fill(G1, &[("do", "sign")]).await.is(422).says("somebody else");
        let operator = browser(&world, Who::Operator).await;
        let signed = operator.fill_on(G1, &[("do", "sign")]).await;
        signed.says("The withdrawal is signed.").says("Withdrawn, signed").says("does not move any more");
        assert_eq!(offered(&signed.text), Vec::<&str>::new());
        browser_of_ana.get("/desk/c/northfield?status=withdrawn").await.is(200).says("Withdrawn, signed").says("NORTHFIELD-G1");
    }

    async fn what_somebody_else_did_is_shown_and_not_overwritten(db: Db) {
        let world = world(db).await;
        let (first, second) = (ana(&world).await, browser(&world, Who::Operator).await);
        let old = first.get(G1).await;
        let (mark, version, seen) = (old.field("mark"), old.field("version"), old.field("seen"));
        world.clock.set(at("2026-11-25T16:05:00Z"));
        second.fill_on(G1, &[("do", "people"), ("owner", "P. Osei"), ("severity", "4"), ("due_on", "2026-12-18")]).await;
        world.clock.set(at("2026-11-25T16:06:00Z"));
        let mine = [
            ("mark", mark.as_str()), ("version", &version), ("seen", &seen), ("do", "people"),
            ("owner", "Lee Park"), ("severity", "3"), ("due_on", "2026-12-04"),
        ];
        let conflict = first.post(G1, &mine).await;
        conflict.is(409).says("Somebody else changed this gap meanwhile").says("Ops").says("Lee Park → P. Osei");
        conflict.says("Stands now:</strong> P. Osei").says("Stands now:</strong> 2026-12-18").says("Stands now:</strong> 4");
        assert!(conflict.text.contains("value=\"2026-12-04\"") && conflict.text.contains("value=\"Lee Park\""), "{}", conflict.text);
        first.get(G1).await.says("18 December 2026").says("4 material");
        // Knowing what stands there, they send it once more.
        let again = conflict.field("version");
        let mine = mine.map(|(name, value)| if name == "version" { (name, again.as_str()) } else { (name, value) });
        assert_eq!(first.post(G1, &mine).await.status.as_u16(), 303);
        first.get(G1).await.says("4 December 2026").says("P. Osei → Lee Park");
    }

    async fn a_look_without_a_change_is_one_button(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        browser.fill_on(G1, &[("do", "confirm")]).await.says("Written down: looked at, no change.").says("Looked at, no change");
        browser.fill_on(G1, &[("do", "note"), ("note", "First line\r\nsecond line")]).await.says("The note is in the history.").says("First line second line");
        browser.fill(G1, &[("do", "note"), ("note", " ")]).await.is(422).says("This is missing; write something here.");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap_event WHERE kind = 'confirmed' AND gap_id = 'northfield-g1'").await, 1);
        let again = browser.fill_on(G1, &[("do", "people"), ("owner", "Lee Park"), ("severity", "3")]).await;
        again.says("Nothing was different, so nothing was written.");
    }

    async fn a_history_has_pages(db: Db) {
        let world = world(db).await;
        for n in 0..50 {
            world.happens("northfield", "g1", "confirmed", "", &format!("2026-11-24T15:{n:02}:00Z")).await;
        }
        to_test(&world).await;
        let browser = ana(&world).await;
        let first = browser.get(G1).await;
        first.is(200).says("Older").says("55 in all");
        assert!(!first.text.contains("<strong>Opened</strong>"), "{}", first.text);
        browser.get(&format!("{G1}?history=2")).await.says("<strong>Opened</strong>").says("Newer");
        browser.get(&format!("{G1}?history=99")).await.is(200).says("Newer");
    }
}
