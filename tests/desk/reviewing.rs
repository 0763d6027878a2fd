//! A week under review on the desk: what waits, what may be said about it, and what leaves then.

use back_office_brief::store::Db;

use crate::browser::{Browser, Page};
use crate::desk::{Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::world::{World, at, number};

/// A day before the cut-off on Monday of week 49.
pub const SUNDAY: &str = "2026-11-29T12:00:00Z";
/// That cut-off, 06:00 in Chicago.
pub const CUT_OFF: &str = "2026-11-30T12:00:00Z";
/// When everybody is due.
pub const DUE: &str = "2026-11-30T13:00:00Z";

/// Northfield's briefs are held for a day; last week's went out.
pub async fn held_for_a_day(db: Db) -> World {
    let world = world(db).await;
    world
        .by_hand(
            "UPDATE organization SET review = 'hold', review_hours = 24 WHERE id = 'northfield'",
        )
        .await;
    for now in ["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z", SUNDAY] {
        world.tick(now).await;
    }
    world
}

/// Northfield's briefs are not sent before somebody approves them; this week's is held.
pub async fn held_until_approved(db: Db) -> World {
    let world = world(db).await;
    for now in ["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z"] {
        world.tick(now).await;
    }
    world.by_hand("UPDATE organization SET review = 'required' WHERE id = 'northfield'").await;
    world.tick(CUT_OFF).await;
    world
}

/// The page of what waits at Northfield.
pub async fn waiting(world: &World) -> String {
    let of_week = world.editions("2026-W49").await;
    let waits = |own: &&back_office_brief::store::editions::EditionRow| {
        own.scope_id == "northfield" && ["draft", "held"].contains(&own.state.as_str())
    };
    let id = &of_week.iter().find(waits).expect("something waits").id;
    format!("/desk/c/northfield/review/{id}")
}

fn is_whole(page: &Page) {
    page.is(200);
    assert_eq!(faults(&page.text), Vec::<String>::new());
    assert!(page.text.len() < 100_000, "{} octets", page.text.len());
}

async fn reads(browser: &Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    is_whole(&page);
    page
}

on_both! {
    async fn a_week_is_read_noted_and_approved(db: Db) {
        let world = held_for_a_day(db).await;
        let browser = ana(&world).await;
        reads(&browser, "/desk").await.says("Drafts: one waits for you").says("1 draft");
        let overview = reads(&browser, "/desk/c/northfield").await;
        overview.says("A draft waits for you");
        assert!(overview.text.contains("/desk/c/northfield/review\""), "{}", overview.text);
        let list = reads(&browser, "/desk/review").await;
        list.says("One draft waits for you.").says("The northfield").says("30 November 2026");
        list.says("Leaves Monday 30 November, 06:00, unless you act");
        list.says("What left in the last 8 weeks").says("23 November 2026");

        let path = waiting(&world).await;
        let page = reads(&browser, "/desk/c/northfield/review").await;
        page.says("The brief of 30 November 2026").says("Nobody yet").says("<dt>Readers</dt><dd>3</dd>");
        page.says("The figures are computed anew at the cut-off.");
        assert!(page.header("content-security-policy").contains("frame-src 'self'"));
        assert!(page.text.contains(&format!("src=\"{path}/mail\" sandbox=\"")), "{}", page.text);

        let hostile = "Ask <script>alert(1)</script> who decides.\r\nSubject: free money\u{202e}\u{0}";
        let noted = browser.fill_on(&path, &[("do", "note"), ("note", hostile)]).await;
        is_whole(&noted);
        noted.says("The note stands in the brief.").says("Ana Mendel, Sunday 29 November, 06:00");
        assert!(!noted.text.contains("<script") && !noted.text.contains('\u{202e}'), "{}", noted.text);
        let mail = browser.get(&format!("{path}/mail")).await;
        mail.is(200).says("&#60;script&#62;alert(1)&#60;/script&#62;");
        assert!(!mail.text.contains("<script"), "{}", mail.text);
        let policy = mail.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox") && policy.contains("frame-ancestors 'self'"));
        assert!(!policy.contains("script-src") && mail.header("x-frame-options") == "SAMEORIGIN");

        let approved = browser.fill_on(&path, &[("do", "approve")]).await;
        approved.says("Approved by Ana Mendel, Sunday 29 November, 06:00").says("Leaves Monday 30 November, 06:00");
        reads(&browser, "/desk/review").await.says("One draft waits, and it is decided.");
        reads(&browser, "/desk").await.says("Drafts: none waits for you");

        let before = world.mails_to("lee.park@client.example").len();
        assert!(world.tick(DUE).await.closes());
        let mails = world.mails_to("lee.park@client.example");
        assert_eq!(mails.len(), before + 1);
        let brief = mails.iter().find(|own| own.text.contains("who decides")).expect("the note");
        assert!(brief.text.contains("FROM ANA MENDEL \"Ask <script>alert(1)</script> who decides. Subject: free money\""), "{}", brief.text);
        assert!(!brief.subject.contains("free money"), "{}", brief.subject);
        for (action, n) in [("edition.note", 1), ("edition.approve", 1)] {
            let rows = world.db.audit_log(Some("northfield"), None, 100).await.unwrap();
            let own: Vec<_> = rows.iter().filter(|row| row.action == action).collect();
            assert_eq!(own.len(), n, "{action}");
            assert_eq!((own[0].way.as_str(), own[0].actor.as_str()), ("desk", "Ana Mendel"));
        }
    }

    async fn a_note_can_be_changed_and_taken_back_until_it_leaves(db: Db) {
        let world = held_for_a_day(db).await;
        let browser = ana(&world).await;
        let path = waiting(&world).await;
        browser.fill_on(&path, &[("do", "note"), ("note", "First words.")]).await.says("First words.");
        let changed = browser.fill_on(&path, &[("do", "note"), ("note", "Better words.")]).await;
        assert!(!changed.says("Better words.").text.contains("First words."), "{}", changed.text);
        browser.fill_on(&path, &[("do", "note"), ("note", "Better words.")]).await.says("Nothing was different");
        let gone = browser.fill_on(&path, &[("do", "note"), ("note", " ")]).await;
        assert!(!gone.says("The note is taken back.").text.contains("Better words."));
        for (text, says) in [("ab ".repeat(61), "This has 61 words; shorten it to 60"), ("x".repeat(281), "This has 281 characters; shorten it to 280")] {
            let long = browser.fill(&path, &[("do", "note"), ("note", &text)]).await;
            long.is(422).says(says).says(text.trim());
            assert_eq!(faults(&long.text), Vec::<String>::new());
        }
        browser.fill_on(&path, &[("do", "note"), ("note", "Last words.")]).await;
        world.tick(DUE).await;
        let page = browser.get(&path).await;
        page.is(200).says("As it was sent").says("Last words.");
        let late = browser.press(&path, &[("do", "note"), ("note", "Too late.")]).await;
        late.is(409).says("It does not wait any more");
        assert!(world.mails_to("lee.park@client.example").iter().any(|own| own.text.contains("Last words.")));
    }

    async fn a_week_is_left_out_with_its_reason(db: Db) {
        let world = held_for_a_day(db).await;
        let browser = ana(&world).await;
        let path = waiting(&world).await;
        let bare = browser.fill(&path, &[("do", "skip"), ("reason", " \u{200b}")]).await;
        bare.is(422).says("Reason: This is missing; the proof of the week says why.");
        assert_eq!(faults(&bare.text), Vec::<String>::new());
        let out = browser.fill_on(&path, &[("do", "skip"), ("reason", "Holiday <week>")]).await;
        out.says("Left out by Ana Mendel").says("Holiday &#60;week&#62;").says("Send it after all");
        let before = world.mails().len();
        assert!(world.tick(DUE).await.closes());
        assert_eq!(world.fate("lee.park@client.example", "2026-W49").await, ("skipped".into(), "review".into()));
        let northfield = |own: &crate::world::mail::Mail| own.to.ends_with("client.example");
        assert_eq!(world.mails().iter().skip(before).filter(|own| northfield(own)).count(), 0);
        let page = reads(&browser, &path).await;
        page.says("Skipped by Ana Mendel: Holiday &#60;week&#62;").says("3 skipped").says("There is no copy");
    }

    async fn a_later_decision_takes_the_place_of_an_earlier_one(db: Db) {
        let world = held_for_a_day(db).await;
        let browser = ana(&world).await;
        let path = waiting(&world).await;
        browser.fill_on(&path, &[("do", "skip"), ("reason", "Holiday")]).await.says("Nothing leaves this week".to_lowercase().as_str());
        world.clock.set(at("2026-11-29T13:00:00Z"));
        browser.fill_on(&path, &[("do", "approve")]).await.says("Approved by Ana Mendel, Sunday 29 November, 07:00");
        world.clock.set(at("2026-11-29T14:00:00Z"));
        browser.fill_on(&path, &[("do", "skip"), ("reason", "After all")]).await.says("After all");
        world.clock.set(at("2026-11-29T15:00:00Z"));
        browser.fill_on(&path, &[("do", "approve")]).await;
        world.tick(DUE).await;
        assert_eq!(world.fate("lee.park@client.example", "2026-W49").await.0, "sent");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action LIKE 'edition.%'").await, 4);
    }

    async fn what_must_be_approved_is_held_until_somebody_does(db: Db) {
        let world = held_until_approved(db).await;
        assert!(world.tick(DUE).await.closes());
        let reminder = world.notices().into_iter().find(|own| own.to.starts_with("ana.mendel")).expect("a reminder");
        assert!(reminder.text.contains("http://127.0.0.1:8080/desk/c/northfield/review"), "{}", reminder.text);
        let browser = ana(&world).await;
        let page = reads(&browser, "/desk/c/northfield/review").await;
        page.says("Waits for you since Monday 30 November, 06:00").says("Its figures are those of its cut-off");
        reads(&browser, "/desk/review").await.says("Waits for you since Monday 30 November, 06:00");
        world.gap("northfield", "after", "2026-12-01T12:00:00Z").await;
        world.clock.set(at("2026-12-02T15:00:00Z"));
        let path = waiting(&world).await;
        browser.fill_on(&path, &[("do", "note"), ("note", "Checked with the owner.")]).await;
        browser.fill_on(&path, &[("do", "approve")]).await.says("Approved: leaves in a minute or so");
        world.tick("2026-12-02T15:01:00Z").await;
        assert_eq!(world.fate("lee.park@client.example", "2026-W49").await.0, "sent");
        let mail = world.mails_to("lee.park@client.example");
        let brief = mail.iter().find(|own| own.text.contains("Checked with the owner.")).expect("the note");
        assert!(!brief.text.contains("Price list after"), "{}", brief.text);
        let shown = browser.get(&path).await;
        shown.is(200).says("Checked with the owner.").says("2 sent, 1 skipped");
    }

    async fn figures_that_moved_since_the_draft_are_said(db: Db) {
        let world = held_for_a_day(db).await;
        let browser = ana(&world).await;
        let before = reads(&browser, "/desk/c/northfield/review").await;
        assert!(!before.text.contains("Other than when it was made"), "{}", before.text);
        world.gap("northfield", "fresh", "2026-11-29T18:00:00Z").await;
        world.clock.set(at("2026-11-29T20:00:00Z"));
        let page = reads(&browser, "/desk/c/northfield/review").await;
        page.says("Other than when it was made").says("<strong>Open gaps:</strong> 4, not 3");
    }

    async fn when_the_next_draft_comes_is_said(db: Db) {
        let world = world(db).await;
        for now in ["2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z", crate::desk::NOW] {
            world.tick(now).await;
        }
        let browser = ana(&world).await;
        let path = "/desk/c/northfield/review";
        reads(&browser, path).await.says("No draft waits").says("they leave as they are computed at the cut-off")
            .says("The next brief leaves at the cut-off Monday 30 November, 06:00.").says("2 sent, 1 skipped");
        reads(&browser, "/desk/review").await.says("No draft waits.");
        world.by_hand("UPDATE organization SET review = 'hold', review_hours = 24 WHERE id = 'northfield'").await;
        reads(&browser, path).await.says("The next draft is made Sunday 29 November, 06:00, for the cut-off Monday 30 November, 06:00.");
        world.by_hand("UPDATE organization SET review = 'required', review_hours = NULL WHERE id = 'northfield'").await;
        reads(&browser, path).await.says("The next brief is made and held at the cut-off Monday 30 November, 06:00.");
        world.by_hand("UPDATE organization SET status = 'paused' WHERE id = 'northfield'").await;
        reads(&browser, path).await.says("The client is paused");
    }

    async fn the_operator_sets_how_drafts_are_reviewed(db: Db) {
        let world = world(db).await;
        world.tick("2026-11-23T12:00:00Z").await;
        world.clock.set(at(crate::desk::NOW));
        let path = "/desk/c/northfield/review";
        let consultant = ana(&world).await;
        let page = reads(&consultant, path).await;
        assert!(page.says("Whoever runs the service can change that.").text.contains("name=\"mark\"") || !page.text.contains("name=\"review\""));
        let mark = consultant.get("/desk/round").await.field("mark");
        consultant.post(path, &[("mark", &mark), ("review", "required"), ("was", "none")]).await.is(403);

        let operator = browser(&world, Who::Operator).await;
        let wrong = operator.fill(path, &[("was", "none"), ("review", "hold"), ("hours", "500")]).await;
        wrong.is(422).says("hours are a whole number from 1 to 168");
        operator.fill(path, &[("was", "none"), ("review", "<b>"), ("hours", "")]).await.is(422);
        let set = operator.fill_on(path, &[("was", "none"), ("review", "hold"), ("hours", "36")]).await;
        set.says("It holds from the next draft on.").says("A draft is made 36 hours before each cut-off");
        let stale = operator.fill(path, &[("was", "none"), ("review", "required")]).await;
        stale.is(409).says("somebody else changed how drafts are reviewed here").says("Stands now:</strong> hold");
        reads(&operator, path).await.says("A draft is made 36 hours before each cut-off");
        let rows = world.db.audit_log(Some("northfield"), None, 10).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.action == "organization.change").count(), 1);
    }
}
