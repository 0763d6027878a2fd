//! Gaps that have moved on since the mail: nothing is asked about them, and nothing is lost.

use back_office_brief::domain::codes::GapStatus;
use back_office_brief::store::Db;

use crate::browser::Browser;
use crate::on_both;
use crate::scene::{FIRST, OWNER, told};
use crate::world::World;

const LATER: &str = "2026-11-23T14:00:00Z";
const KINDS: [&str; 4] = ["done", "blocked", "not-mine", "correct"];

/// The four pages of the first gap, by a link of its owner.
async fn pages(world: &World, browser: &Browser) -> Vec<(u16, String)> {
    let start = world.signed(OWNER).await;
    let mut found = Vec::new();
    for kind in KINDS {
        let page = browser.get(&format!("{start}/{kind}/{FIRST}")).await;
        found.push((
            page.status.as_u16(),
            page.text.split_whitespace().collect::<Vec<_>>().join(" "),
        ));
    }
    found
}

/// That all four say the same, and that no button acts any more.
async fn all_say(world: &World, browser: &Browser, mark: &str, status: u16, words: &str) {
    for (found, text) in pages(world, browser).await {
        assert_eq!(found, status, "{text}");
        assert!(text.contains(words), "{words:?} is not in {text}");
        assert!(!text.contains("<button"), "{text}");
    }
    let before = world.written().await;
    let start = world.signed(OWNER).await;
    for kind in KINDS {
        let url = format!("{start}/{kind}/{FIRST}");
        browser.post(&url, &[("mark", mark), ("text", "It is 12.")]).await.is(status).says(words);
    }
    assert_eq!(world.written().await, before);
}

/// A week that was told, and the mark of a page that was open before things moved.
async fn open(db: Db) -> (World, Browser, String) {
    let (world, browser) = told(db).await;
    let url = format!("{}/done/{FIRST}", world.signed(OWNER).await);
    let mark = browser.get(&url).await.field("mark");
    (world, browser, mark)
}

on_both! {
    async fn a_closed_gap_asks_nothing(db: Db) {
        let (world, browser, mark) = open(db).await;
        world.happens("acme", "g1", "status", "closed", LATER).await;
        all_say(&world, &browser, &mark, 410, "Price list g1 disagrees is closed").await;
        assert!(pages(&world, &browser).await[0].1.contains("It was closed on 23 November 2026."));
        // Reopened it is asked about again.
        world.happens("acme", "g1", "reopened", "open", "2026-11-23T15:00:00Z").await;
        assert!(pages(&world, &browser).await.iter().all(|(status, _)| *status == 200));
    }

    async fn a_gap_that_was_taken_back_is_not_known(db: Db) {
        let (world, browser, mark) = open(db).await;
        world.by_hand("UPDATE gap SET voided_at = 1795442400000 WHERE id = 'acme-g1'").await;
        all_say(&world, &browser, &mark, 410, "This gap is not on the list any more").await;
    }

    async fn a_withdrawn_gap_asks_nothing_signed_or_not(db: Db) {
        let (world, browser, mark) = open(db).await;
        world.happens("acme", "g1", "status", "withdrawn", LATER).await;
        all_say(&world, &browser, &mark, 410, "Price list g1 disagrees was withdrawn").await;
    }

    async fn an_accepted_risk_still_has_a_number(db: Db) {
        let (world, browser, mark) = open(db).await;
        world.happens("acme", "g1", "status", "accepted:2027-03-01", LATER).await;
        let pages = pages(&world, &browser).await;
        assert_eq!(pages.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [410, 410, 410, 200]);
        assert!(pages[0].1.contains("Somebody accepted its risk on 23 November 2026."), "{}", pages[0].1);
        let start = world.signed(OWNER).await;
        browser.post(&format!("{start}/done/{FIRST}"), &[("mark", &mark)]).await.is(410);
        browser.post(&format!("{start}/correct/{FIRST}"), &[("mark", &mark), ("text", "It is 12.")]).await.is(200);
    }

    async fn a_gap_in_progress_needs_one_step_and_one_in_test_none(db: Db) {
        let (world, browser, mark) = open(db).await;
        world.happens("acme", "g1", "status", "in_progress", LATER).await;
        let start = world.signed(OWNER).await;
        browser.post(&format!("{start}/done/{FIRST}"), &[("mark", &mark)]).await.is(200);
        assert_eq!(world.history(FIRST).await, ["Lee Park | status | verifying"]);
        world.happens("acme", "g2", "status", "verifying", LATER).await;
        let url = format!("{start}/done/ACME-G2");
        let before = world.written().await;
        browser.get(&url).await.is(200).says("is in test already");
        browser.post(&url, &[("mark", &mark)]).await.is(200).says("is in test already");
        assert_eq!(world.written().await, before);
        // But it may be stuck there.
        browser.post(&format!("{start}/blocked/ACME-G2"), &[("mark", &mark)]).await.is(200);
        assert_eq!(world.stands("ACME-G2").await.status, GapStatus::Verifying);
    }

    async fn an_organization_that_was_taken_back_asks_nothing(db: Db) {
        let (world, browser, mark) = open(db).await;
        world.by_hand("UPDATE organization SET voided_at = 1795442400000 WHERE id = 'acme'").await;
        all_say(&world, &browser, &mark, 410, "not on this list any more").await;
    }
}
