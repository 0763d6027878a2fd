//! Answers from the mails: they wait on the client's page and at the gap until somebody deals with them.

use back_office_brief::store::Db;
use back_office_brief::store::records::Answer;

use crate::desk::{ana, world};
use crate::html::faults;
use crate::on_both;
use crate::world::{World, ms, number};

const CLIENT: &str = "/desk/c/northfield";
const GAP: &str = "/desk/c/northfield/gaps/NORTHFIELD-G1";

/// A week in which the leader answered twice.
async fn answered(db: Db) -> World {
    let world = world(db).await;
    world.tick("2026-11-30T13:00:00Z").await;
    let delivery = world.delivery("lee.park@client.example", "2026-W49").await;
    let answer = |id: &str, kind: &str, text: &str| Answer {
        id: id.to_owned(),
        delivery_id: delivery.id.clone(),
        person_id: "person-lee.park@client.example".to_owned(),
        gap_id: "northfield-g1".to_owned(),
        kind: kind.to_owned(),
        text: text.to_owned(),
        answered_at: ms("2026-11-30T14:05:00Z"),
        ..Default::default()
    };
    world
        .put(&[answer("a1", "blocked", "Waits for <b>IT</b>."), answer("a2", "not_mine", "")])
        .await;
    world
}

on_both! {
    async fn answers_wait_until_they_are_dealt_with(db: Db) {
        let world = answered(db).await;
        let ana = ana(&world).await;
        let home = ana.get("/desk").await;
        assert!(home.text.contains("href=\"/desk/c/northfield#answers\">2 answers</a>"), "{}", home.text);
        let client = ana.get(CLIENT).await;
        client.is(200).says("Answers from the mail").says("<strong>Blocked</strong>, Lee Park").says("30 November 2026, 08:05");
        assert!(client.text.contains("Waits for &#60;b&#62;IT&#60;/b&#62;."), "{}", client.text);
        assert_eq!(faults(&client.text), Vec::<String>::new());
        let gap = ana.get(GAP).await;
        gap.is(200).says("<strong>Not mine</strong>, Lee Park");
        assert_eq!(faults(&gap.text), Vec::<String>::new());

        let after = ana.fill_on(CLIENT, &[("do", "seen"), ("answer", "a1")]).await;
        after.says("Dealt with. The answer stays in the history.");
        assert!(!after.text.contains("Waits for"), "{}", after.text);
        let after = ana.fill_on(GAP, &[("do", "seen"), ("answer", "a2")]).await;
        assert!(!after.text.contains("Answers from the mail"), "{}", after.text);
        // A second press of a page that is older is no fault.
        ana.fill_on(CLIENT, &[("do", "seen"), ("answer", "a1")]).await.says("Dealt with");
        assert!(!ana.get("/desk").await.text.contains("#answers"));
        let logged = "SELECT COUNT(*) FROM audit WHERE action = 'answer.seen' AND actor = 'Ana Mendel'";
        assert_eq!(number(&world.db, logged).await, 2);
    }

    async fn what_is_no_answer_here_is_not_there(db: Db) {
        let world = answered(db).await;
        let ana = ana(&world).await;
        for (page, answer) in [("/desk/c/calder", "a1"), (CLIENT, "nothing"), (CLIENT, ""), (CLIENT, "a1\0")] {
            ana.fill(page, &[("do", "seen"), ("answer", answer)]).await.is(404);
        }
        ana.fill(CLIENT, &[("do", "else")]).await.is(400);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM answer WHERE seen_at IS NULL").await, 2);
    }
}
