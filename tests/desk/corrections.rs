//! What left, as it was stored, and the one answer to a mistake in it.

use back_office_brief::store::Db;

use crate::desk::{NOW, ana, world};
use crate::html::faults;
use crate::on_both;
use crate::world::{World, at, number};

/// Last week's brief went out to everybody at Northfield; the page of it.
async fn sent(db: Db) -> (World, String) {
    let world = world(db).await;
    for now in ["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"] {
        world.tick(now).await;
    }
    world.clock.set(at(NOW));
    let of_week = world.editions("2026-W48").await;
    let of = |variant: &str| {
        let own = of_week.iter().find(|own| own.scope_id == "northfield" && own.variant == variant);
        format!("/desk/c/northfield/review/{}", own.expect("an edition").id)
    };
    (world, of("full-en"))
}

on_both! {
    async fn what_left_is_shown_as_it_was_stored(db: Db) {
        let (world, path) = sent(db).await;
        let browser = ana(&world).await;
        let before = browser.get(&format!("{path}/mail")).await;
        before.is(200).says("The northfield");
        assert!(before.text.contains("preview-to-nobody-on-a-list"), "{}", before.text);
        // What is known by now is nothing to it.
        world.gap("northfield", "missed", "2026-11-20T12:00:00Z").await;
        world.by_hand("UPDATE organization SET name = 'Renamed' WHERE id = 'northfield'").await;
        assert_eq!(browser.get(&format!("{path}/mail")).await.text, before.text);
        let page = browser.get(&path).await;
        page.is(200).says("<dd>Monday 23 November, 06:00</dd>").says("Leaders: the brief of 23 November 2026").says("Readers");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        for token in ["/u/", "/p/", "/w/", "/t/", "/a/"] {
            let foreign = before.text.split(token).skip(1).find(|rest| !rest.starts_with("preview-to-nobody"));
            assert!(foreign.is_none(), "{token}{}", foreign.unwrap_or_default());
        }
        world.by_hand("UPDATE edition SET body_html = NULL, body_text = NULL, mould = NULL, pruned_at = 1 WHERE state = 'frozen'").await;
        browser.get(&path).await.is(200).says("There is no copy");
        browser.get(&format!("{path}/mail")).await.is(410).says("kept no longer");
    }

    async fn a_mistake_is_corrected_once(db: Db) {
        let (world, path) = sent(db).await;
        let browser = ana(&world).await;
        let figures = [("figure-0", "Readiness"), ("was-0", "66 of 100"), ("is-0", "61 of <100>"), ("why", "A file was read twice.")];
        let shown = browser.fill(&path, &[&[("do", "try")], &figures[..]].concat()).await;
        shown.is(200).says("Nothing is sent yet.").says("61 of &#60;100&#62;, not 66 of 100").says("A file was read twice.");
        assert_eq!(faults(&shown.text), Vec::<String>::new());
        let frame = shown.text.split("src=\"").find(|rest| rest.contains("of=correction")).expect("a frame");
        let frame = frame.split('"').next().unwrap().replace("&#38;", "&");
        let mail = browser.get(&frame).await;
        mail.is(200).says("61 of &#60;100&#62;").says("CORRECTION");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM edition WHERE kind = 'correction'").await, 0, "nothing was written");

        let before = world.mails().len();
        let done = browser.fill_on(&path, &[&[("do", "correct")], &figures[..]].concat()).await;
        done.says("The correction is on its way").says("one correction a week is the most");
        assert!(!done.text.contains("value=\"correct\""), "{}", done.text);
        world.tick(NOW).await;
        assert_eq!(world.mails().len(), before + 2, "the leader and the reader; the owner got another brief");
        assert!(world.mails_to("rob.reed@client.example").iter().any(|own| own.text.contains("61 of <100>, not 66 of 100")));
        let mark = browser.get("/desk/round").await.field("mark");
        let again = browser.post(&path, &[&[("mark", mark.as_str()), ("do", "correct")], &figures[..]].concat()).await;
        again.is(422).says("one correction a week is the most");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM edition WHERE kind = 'correction'").await, 1);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'edition.correct' AND way = 'desk'").await, 1);
        browser.get("/desk/review").await.is(200).says("Corrected");
        browser.get("/desk/c/northfield/review").await.is(200).says("Corrected");
        browser.get(&path).await.is(200).says("2 sent");
    }

    async fn what_has_not_left_is_stopped(db: Db) {
        let world = world(db).await;
        world.tick("2026-11-23T12:00:00Z").await;
        let before = world.mails().len();
        let of_week = world.editions("2026-W48").await;
        let first = of_week.iter().find(|own| own.scope_id == "northfield" && own.variant == "full-en").expect("an edition");
        let path = format!("/desk/c/northfield/review/{}", first.id);
        let browser = ana(&world).await;
        browser.get(&path).await.is(200).says("2 on their way").says("Stop it");
        let bare = browser.fill(&path, &[("do", "stop"), ("reason", " ")]).await;
        bare.is(422).says("Reason: This is missing");
        assert_eq!(faults(&bare.text), Vec::<String>::new());
        browser.fill(&path, &[("do", "try"), ("figure-0", "a"), ("was-0", "b"), ("is-0", "c")]).await.is(422).says("was sent to nobody yet");
        let done = browser.fill_on(&path, &[("do", "stop"), ("reason", "Wrong <prices>")]).await;
        done.says("what had not left of it will not leave").says("Cancelled by Ana Mendel: Wrong &#60;prices&#62;").says("2 cancelled");
        let mark = browser.get("/desk/round").await.field("mark");
        browser.post(&path, &[("mark", &mark), ("do", "stop"), ("reason", "again")]).await.is(409).says("nothing of it to stop any more");
        assert!(world.tick("2026-11-23T13:00:00Z").await.closes());
        assert!(world.mails().iter().skip(before).all(|own| !["lee.park@client.example", "rob.reed@client.example"].contains(&own.to.as_str())));
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'edition.cancel'").await, 1);
    }

    async fn what_cannot_be_corrected_is_said_at_its_field(db: Db) {
        let (world, path) = sent(db).await;
        let browser = ana(&world).await;
        for (fields, says) in [
            (vec![("do", "try")], "says the same as the database does now"),
            (vec![("do", "try"), ("figure-0", "Readiness"), ("is-0", "1")], "is missing; a figure needs its name"),
            (vec![("do", "correct"), ("figure-1", "Readiness"), ("was-1", "2")], "is missing; a figure needs its name"),
            (vec![("do", "correct"), ("why", &"x".repeat(300))], "has 300 characters; shorten it to 280"),
        ] {
            let page = browser.fill(&path, &fields).await;
            page.is(422);
            assert!(page.text.to_lowercase().contains(says), "{says}: {}", page.text);
            assert_eq!(faults(&page.text), Vec::<String>::new());
        }
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, 0);
        // A wrong import was taken back meanwhile: the figures are found.
        world.gap("northfield", "missed", "2026-11-20T12:00:00Z").await;
        browser.fill(&path, &[("do", "try")]).await.is(200).says("<strong>Open gaps:</strong> 4, not 3");
    }
}
