//! Sessions: local time over a clock change, notes, promises, and the button that keeps one.

use back_office_brief::store::Db;

use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::world::number;

const ALL: &str = "/desk/c/northfield/sessions";

/// The address of the first session on the list.
fn first(text: &str) -> String {
    let at = text
        .find("href=\"/desk/c/northfield/sessions/")
        .unwrap_or_else(|| panic!("no session in {text}"));
    text[at + 6..].split('"').next().expect("a link").to_owned()
}

on_both! {
    async fn a_session_is_at_its_local_time(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        // Chicago leaves daylight saving on 1 November and enters it on 14 March.
        for (day, time, millis, shown) in [
            ("2026-10-29", "10:00", "SELECT COUNT(*) FROM session WHERE starts_at = 1793286000000", "Thursday 29 October 2026, 10:00"),
            ("2026-11-26", "10:00", "SELECT COUNT(*) FROM session WHERE starts_at = 1795708800000", "Thursday 26 November 2026, 10:00"),
            ("2027-03-14", "02:30", "SELECT COUNT(*) FROM session WHERE starts_at = 1805013000000", "Sunday 14 March 2027, 03:30"),
        ] {
            browser.fill_on(ALL, &[("do", "add"), ("day", day), ("time", time)]).await.says(shown);
            assert_eq!(number(&world.db, millis).await, 1, "{day} {time}");
        }
        browser.get(ALL).await.says("Times are those of America/Chicago.").says("To come, with Ana Mendel");
        browser.get("/desk/c/northfield").await.says("Thursday 26 November 2026, 10:00").says("Thursday 29 October 2026, 10:00");
    }

    async fn promises_are_made_kept_and_taken_out(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [
            ("do", "add"), ("day", "2026-11-19"), ("time", "10:00"), ("notes", "Walked through\r\nthe close."),
            ("text-0", "Name a deputy"), ("owner-0", "D. Ruiz"), ("due_on-0", "2026-11-24"),
            ("text-2", "Send the file"),
        ];
        let page = browser.fill_on(ALL, &fields).await;
        page.says("0 of 2 promises kept").says("Late: Name a deputy (D. Ruiz), due 24 November 2026").says("Walked through the close.");
        let (session, promise) = (page.field("session"), page.field("promise"));
        let toggle = [("do", "kept"), ("session", session.as_str()), ("promise", promise.as_str())];
        browser.fill_on(ALL, &toggle).await.says("1 of 2 promises kept").says("Kept:");
        let toggle = [("do", "open"), ("session", session.as_str()), ("promise", promise.as_str())];
        browser.fill_on(ALL, &toggle).await.says("0 of 2 promises kept");
        let one = first(&browser.get(ALL).await.text);
        let form = browser.get(&one).await;
        assert_eq!(faults(&form.text), Vec::<String>::new());
        let ids = [form.field("id-0"), form.field("id-1")];
        let fields = [
            ("day", "2026-11-19"), ("time", "11:00"), ("notes", "Walked through it."),
            ("id-0", ids[0].as_str()), ("text-0", "Name two deputies"), ("owner-0", "D. Ruiz"), ("due_on-0", "2026-12-04"), ("done-0", "yes"),
            ("id-1", ids[1].as_str()), ("text-1", "Send the file"), ("gone-1", "yes"),
            ("text-2", "Ask for one name"),
        ];
        let page = browser.fill_on(&one, &fields).await;
        page.says("Saved.").says("Thursday 19 November 2026, 11:00");
        let list = browser.get(ALL).await;
        list.says("Kept:</span> Name two deputies (D. Ruiz), due 4 December 2026").says("Ask for one name").says("1 of 2 promises kept");
        assert!(!list.text.contains("Send the file"), "{}", list.text);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action LIKE 'session.%'").await, 4);
    }

    async fn what_cannot_be_taken_is_kept(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [("do", "add"), ("day", ""), ("time", "ten"), ("notes", "kept notes"), ("owner-1", "D. Ruiz"), ("due_on-1", "soon")];
        let page = browser.fill(ALL, &fields).await;
        page.is(422).says("Day: This is missing").says("is not a time of day").says("&#34;soon&#34; is not a day");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        assert!(page.text.contains("kept notes") && page.text.contains("value=\"D. Ruiz\""), "{}", page.text);
        let fields = [("do", "add"), ("day", "2026-11-19"), ("time", "10:00"), ("owner-1", "D. Ruiz")];
        let page = browser.fill(ALL, &fields).await;
        page.is(422).says("Text (2): This is missing");
        assert!(page.text.contains("id=\"session-text-1-problem\""), "{}", page.text);
        browser.fill_on(ALL, &[("do", "add"), ("day", "2026-11-19"), ("time", "10:00")]).await;
        browser.fill(ALL, &[("do", "add"), ("day", "2026-11-19"), ("time", "10:00")]).await.is(422).says("There is a session at 2026-11-19 10:00 already");
        browser.fill(ALL, &[("do", "sing")]).await.is(400);
        browser.fill(ALL, &[("do", "kept"), ("session", "x"), ("promise", "y")]).await.is(404);
        let one = first(&browser.get(ALL).await.text);
        browser.fill(&one, &[("day", "2026-11-19"), ("time", "10:00"), ("id-0", "no-promise"), ("text-0", "x")]).await.is(422);
    }

    async fn the_operator_says_with_whom(db: Db) {
        let world = world(db).await;
        let operator = browser(&world, Who::Operator).await;
        let page = operator.get(ALL).await;
        page.says("Ana Mendel");
        assert!(page.text.contains("<option value=\"ana.mendel@advisor.example\" selected>"), "{}", page.text);
        let fields = [("do", "add"), ("day", "2026-11-26"), ("time", "10:00"), ("consultant", "ana.mendel@advisor.example")];
        operator.fill_on(ALL, &fields).await.says("To come, with Ana Mendel");
        let foreign = [("do", "add"), ("day", "2026-11-27"), ("time", "10:00"), ("consultant", "ben.stone@advisor.example")];
        operator.fill(ALL, &foreign).await.is(422).says("is no consultant of The northfield");
        assert!(!ana(&world).await.get(ALL).await.text.contains("name=\"consultant\""), "she is the only one");
    }

    async fn a_session_that_somebody_else_wrote_down_is_not_overwritten(db: Db) {
        let world = world(db).await;
        let (first_browser, second) = (ana(&world).await, browser(&world, Who::Operator).await);
        first_browser.fill_on(ALL, &[("do", "add"), ("day", "2026-11-26"), ("time", "10:00")]).await;
        let one = first(&first_browser.get(ALL).await.text);
        let old = first_browser.get(&one).await;
        second.fill_on(&one, &[("day", "2026-11-26"), ("time", "10:00"), ("notes", "Theirs")]).await;
        let mine = [("mark", old.field("mark")), ("version", old.field("version")), ("day", "2026-11-26".to_owned()), ("time", "10:00".to_owned()), ("notes", "Mine".to_owned())];
        let mine: Vec<(&str, &str)> = mine.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let conflict = first_browser.post(&one, &mine).await;
        conflict.is(409).says("Somebody else changed this session meanwhile").says("Stands now:</strong> Theirs").says("Mine");
        assert_eq!(faults(&conflict.text), Vec::<String>::new());
    }
}
