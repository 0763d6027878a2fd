//! Closing a gap: evidence by its category, and never by its owner (MODEL 1a).

use back_office_brief::store::Db;

use crate::desk::{ana, world};
use crate::on_both;
use crate::world::{World, number};

const G1: &str = "/desk/c/northfield/gaps/NORTHFIELD-G1";
const CLOSE: [(&str, &str); 2] = [("do", "move"), ("status", "closed")];
const SHOWN: (&str, &str) = ("evidence", "The procedure, and a dry run by J. Park on 24 November");

async fn in_test(world: &World) {
    world.happens("northfield", "g1", "status", "in_progress", "2026-11-20T15:00:00Z").await;
    world.happens("northfield", "g1", "status", "verifying", "2026-11-23T15:00:00Z").await;
}

on_both! {
    async fn closing_asks_for_what_the_pattern_asks_for(db: Db) {
        let world = world(db).await;
        in_test(&world).await;
        let browser = ana(&world).await;
        browser.get(G1).await.says("Closing asks for a written procedure, and one dry run by someone who did not write it.");
        let bare = browser.fill(G1, &CLOSE).await;
        bare.is(422).says("Closing asks for a written procedure");
        let odd = browser.fill(G1, &[&CLOSE[..], &[SHOWN, ("evidence_url", "http://files.example.com/run")]].concat()).await;
        odd.is(422).says("This is not an address to follow");
        assert!(odd.text.contains("a dry run by J. Park") && odd.text.contains("value=\"http://files.example.com/run\""), "{}", odd.text);
        let closed = browser.fill_on(G1, &[&CLOSE[..], &[SHOWN, ("evidence_url", "https://files.example.com/run")]].concat()).await;
        closed.says("Closed, since 25 November 2026").says("a dry run by J. Park").says("In test → Closed");
        assert!(closed.text.contains("href=\"https://files.example.com/run\" rel=\"noopener noreferrer\""), "{}", closed.text);
        browser.get("/desk/c/northfield?status=closed").await.says("NORTHFIELD-G1");
        browser.get("/desk/c/northfield").await.says("Closed:</strong> price list g1 disagrees");
        let reopened = browser.fill_on(G1, &[("do", "move"), ("status", "open"), ("note", "It came back")]).await;
        reopened.says("Reopened").says("It came back");
    }

    async fn the_owner_never_closes(db: Db) {
        let world = world(db).await;
        in_test(&world).await;
        let browser = ana(&world).await;
        browser.fill_on(G1, &[("do", "people"), ("owner", "Ana Mendel"), ("severity", "3")]).await;
        browser.get(G1).await.says("You own this gap: somebody else tests and closes it.");
        let refused = browser.fill(G1, &[&CLOSE[..], &[SHOWN]].concat()).await;
        refused.is(422).says("Whoever closes a gap is not its owner");
        // Not even under another name in the same breath, nor by handing it over while closing.
        browser.fill_on(G1, &[("do", "people"), ("owner", "A. Mendel"), ("owner_email", "ana.mendel@advisor.example"), ("severity", "3")]).await;
        browser.fill(G1, &[&CLOSE[..], &[SHOWN]].concat()).await.is(422).says("is not its owner");
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM gap_event WHERE to_value = 'closed'").await, 0);
    }

    async fn a_named_tester_alone_closes(db: Db) {
        let world = world(db).await;
        in_test(&world).await;
        let browser = ana(&world).await;
        browser.fill(G1, &[("do", "people"), ("owner", "Lee Park"), ("verifier", "Lee Park"), ("severity", "3")]).await.is(422).says("cannot both own a gap and test it");
        browser.fill_on(G1, &[("do", "people"), ("owner", "Lee Park"), ("verifier", "J. Park"), ("severity", "3")]).await;
        browser.fill(G1, &[&CLOSE[..], &[SHOWN]].concat()).await.is(422).says("J. Park is named to test it");
        let operator = crate::desk::browser(&world, crate::desk::Who::Operator).await;
        operator.fill_on(G1, &[&CLOSE[..], &[SHOWN]].concat()).await.says("Closed, since");
    }
}
