//! The weekly round: a button for each client where nothing changed, lines for what did, and nothing lost.

use back_office_brief::store::Db;

use crate::browser::Page;
use crate::desk::{ANA, Who, ana, browser, world};
use crate::html::faults;
use crate::on_both;
use crate::world::{World, at, ms, number};

const ROUND: &str = "/desk/round";

/// The number that a client has on the page.
fn client(page: &Page, slug: &str) -> String {
    let mark = format!("\" value=\"{slug}\">");
    let end = page.text.find(&mark).unwrap_or_else(|| panic!("no {slug} in {}", page.text));
    let start = page.text[..end].rfind("name=\"c-").expect("a number") + "name=\"c-".len();
    page.text[start..end].to_owned()
}

/// The name of a field in a gap's line.
fn field(page: &Page, what: &str, gap: &str) -> String {
    let mark = format!("\" value=\"{gap}\">");
    let end = page.text.find(&mark).unwrap_or_else(|| panic!("no {gap} in {}", page.text));
    let start = page.text[..end].rfind("name=\"id-").expect("a line") + "name=\"id-".len();
    format!("{what}-{}", &page.text[start..end])
}

/// Everything hidden on the page, and further fields.
fn all(page: &Page, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut sent: Vec<(String, String)> = page
        .text
        .split("<input type=\"hidden\" name=\"")
        .skip(1)
        .filter_map(|rest| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            Some((name.to_owned(), rest.split('"').next()?.to_owned()))
        })
        .collect();
    sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    sent
}

async fn send(browser: &crate::browser::Browser, page: &Page, fields: &[(&str, &str)]) -> Page {
    let sent = all(page, fields);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    browser.post(ROUND, &sent).await
}

async fn more_clients(world: &World, n: usize) {
    for n in 0..n {
        let slug = format!("more-{n:02}");
        world.organization_like(&slug, 7, "2026-10-05T15:00:00Z", |_| {}).await;
        world
            .put(&[back_office_brief::store::records::ConsultantClient {
                id: format!("link-{slug}"),
                person_id: format!("person-{ANA}"),
                organization_id: slug.clone(),
                since: ms("2026-10-05T15:00:00Z"),
                ..Default::default()
            }])
            .await;
    }
}

on_both! {
    async fn twelve_clients_are_done_with_twelve_buttons(db: Db) {
        let world = world(db).await;
        more_clients(&world, 10).await;
        let browser = ana(&world).await;
        let mut page = browser.get(ROUND).await;
        let mut requests = 1;
        page.is(200).says("0 of 12 done this week").says("Last confirmed Wednesday 30 September");
        assert_eq!(faults(&page.text), Vec::<String>::new());
        let mut presses = 0;
        while let Some(at) = page.text.find("name=\"same\" value=\"") {
            let slug = page.text[at + 19..].split('"').next().expect("a slug").to_owned();
            let sent = send(&browser, &page, &[("same", &slug)]).await;
            assert_eq!(sent.header("Location"), format!("/desk/round?done={slug}#next"), "{}", sent.text);
            page = browser.get(&format!("/desk/round?done={slug}")).await;
            page.is(200).says(&format!("The {slug}: done for this week."));
            (presses, requests) = (presses + 1, requests + 2);
        }
        page.says("12 of 12 done this week").says("Every client is done for this week.");
        assert_eq!((presses, requests), (12, 25));
        let confirmed = "SELECT COUNT(*) FROM gap_event WHERE kind = 'confirmed' AND actor = 'Ana Mendel'";
        assert_eq!(number(&world.db, confirmed).await, 2 * 3 + 10 * 7, "every open gap of each");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit WHERE action = 'gaps.confirm'").await, 12);
        browser.get("/desk").await.says("Weekly round: 12 of 12 done");
    }

    async fn a_week_ends_at_the_clients_cut_off(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        for slug in ["northfield", "calder"] {
            let page = browser.get(ROUND).await;
            send(&browser, &page, &[("same", slug)]).await.is(303);
        }
        // Monday's cut-off in Chicago is at 06:00, which is 12:00 UTC.
        world.clock.set(at("2026-11-30T12:00:00Z"));
        browser.get(ROUND).await.says("0 of 2 done this week").says("Last confirmed Wednesday 25 November");
        world.clock.set(at("2026-11-30T11:59:00Z"));
        browser.get(ROUND).await.says("2 of 2 done this week");
    }

    async fn what_changed_is_typed_in_its_line(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let page = browser.get(ROUND).await;
        let (moved, note) = (field(&page, "to", "NORTHFIELD-G1"), field(&page, "note", "NORTHFIELD-G1"));
        let (same, only_note) = (field(&page, "same", "NORTHFIELD-G2"), field(&page, "note", "NORTHFIELD-G3"));
        let fields = [
            (moved.as_str(), "in_progress"), (note.as_str(), "Since Monday"), (same.as_str(), "y"), (only_note.as_str(), "Legal has it"),
            ("save", "northfield"),
        ];
        let sent = send(&browser, &page, &fields).await;
        assert_eq!(sent.header("Location"), "/desk/round?done=northfield#next", "{}", sent.text);
        browser.get("/desk/round?done=northfield").await.says("The northfield: done for this week.").says("1 of 2 done this week");
        browser.get("/desk/c/northfield/gaps/NORTHFIELD-G1").await.says("In progress").says("Since Monday");
        browser.get("/desk/c/northfield/gaps/NORTHFIELD-G2").await.says("Looked at, no change");
        browser.get("/desk/c/northfield/gaps/NORTHFIELD-G3").await.says("Legal has it");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap_event WHERE actor = 'Ana Mendel' AND gap_id LIKE 'calder%'").await, 0);
    }

    async fn nothing_typed_about_others_is_lost(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let page = browser.get(ROUND).await;
        let (note, moved) = (field(&page, "note", "CALDER-G2"), field(&page, "to", "CALDER-G2"));
        let sent = send(&browser, &page, &[("same", "northfield"), (note.as_str(), "half a <thought>"), (moved.as_str(), "in_progress")]).await;
        sent.is(200).says("1 of 2 done this week");
        assert!(sent.text.contains("value=\"half a &#60;thought&#62;\"") && sent.text.contains("value=\"in_progress\" selected"), "{}", sent.text);
        assert_eq!(faults(&sent.text), Vec::<String>::new());
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap_event WHERE actor = 'Ana Mendel' AND gap_id LIKE 'calder%'").await, 0);
        // Enter in a line presses the first button: all that is typed is saved.
        let (note, moved) = (field(&sent, "note", "CALDER-G2"), field(&sent, "to", "CALDER-G2"));
        send(&browser, &sent, &[("all", "typed"), (note.as_str(), "whole"), (moved.as_str(), "in_progress")]).await.is(303);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap_event WHERE actor = 'Ana Mendel' AND gap_id = 'calder-g2' AND kind = 'status'").await, 1);
    }

    async fn a_line_that_cannot_be_taken_says_why(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let page = browser.get(ROUND).await;
        let (same, moved) = (field(&page, "same", "NORTHFIELD-G1"), field(&page, "to", "NORTHFIELD-G1"));
        let illegal = field(&page, "to", "NORTHFIELD-G2");
        let fields = [(same.as_str(), "y"), (moved.as_str(), "in_progress"), (illegal.as_str(), "verifying"), ("save", "northfield")];
        let sent = send(&browser, &page, &fields).await;
        sent.is(422).says("It moved, or nothing changed: choose one.").says("cannot become verifying at once");
        assert!(sent.text.contains("value=\"in_progress\" selected") && sent.text.contains(" checked"), "{}", sent.text);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM audit").await, 0);
        let odd = field(&page, "to", "NORTHFIELD-G2");
        send(&browser, &page, &[(odd.as_str(), "sideways"), ("save", "northfield")]).await.is(400);
        let closing = field(&page, "to", "NORTHFIELD-G2");
        send(&browser, &page, &[(closing.as_str(), "closed"), ("save", "northfield")]).await.is(422);
    }

    async fn what_somebody_else_wrote_meanwhile_stays(db: Db) {
        let world = world(db).await;
        let (first, second) = (ana(&world).await, browser(&world, Who::Operator).await);
        let page = first.get(ROUND).await;
        world.clock.set(at("2026-11-25T16:05:00Z"));
        second.fill_on("/desk/c/northfield/gaps/NORTHFIELD-G1", &[("do", "move"), ("status", "in_progress")]).await;
        world.clock.set(at("2026-11-25T16:10:00Z"));
        let note = field(&page, "note", "NORTHFIELD-G1");
        let sent = send(&first, &page, &[("same", "northfield"), (note.as_str(), "Nothing happened")]).await;
        sent.is(422).says("Somebody wrote about this gap meanwhile").says("In progress, Lee Park");
        assert!(sent.text.contains("value=\"Nothing happened\""), "{}", sent.text);
        let confirmed = "SELECT COUNT(*) FROM gap_event WHERE kind = 'confirmed' AND actor = 'Ana Mendel'";
        assert_eq!(number(&world.db, confirmed).await, 2, "the two others");
        // A reload that sends it again writes nothing twice.
        send(&first, &page, &[("same", "northfield"), (note.as_str(), "Nothing happened")]).await.is(422);
        assert_eq!(number(&world.db, confirmed).await, 2);
    }

    async fn a_client_without_gaps_has_nothing_to_confirm(db: Db) {
        let world = world(db).await;
        for gap in ["g1", "g2", "g3"] {
            world.happens("calder", gap, "status", "closed", "2026-11-10T15:00:00Z").await;
        }
        let page = ana(&world).await.get(ROUND).await;
        page.is(200).says("1 of 2 done this week");
        assert_eq!(client(&page, "northfield"), "0");
        assert!(!page.text.contains("value=\"calder\""), "{}", page.text);
    }
}
