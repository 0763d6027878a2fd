//! Whether texts help: counted a week later, compared with what was held back, and stopped where they do not.

use back_office_brief::clock::new_id;
use back_office_brief::store::Db;
use back_office_brief::store::records::Nudge;

use crate::on_both;
use crate::scene::{ANA, SUNDAY, browser, house, told};
use crate::world::{World, ms, number};

/// Nudges of long ago, of one text, with what became of them.
async fn counted(world: &World, state: &str, key: &str, all: usize, moved: usize) {
    let rows: Vec<Nudge> = (0..all)
        .map(|n| Nudge {
            id: new_id(),
            organization_id: "halden".to_owned(),
            gap_id: Some("halden-g1".to_owned()),
            consultant_person_id: format!("person-{ANA}"),
            recipient_person_id: Some("person-ben.stone@advisor.example".to_owned()),
            text: "When finance meets, name one.".to_owned(),
            drafted_text: Some("When finance meets, name one.".to_owned()),
            text_key: Some(key.to_owned()),
            state: state.to_owned(),
            created_at: ms("2026-03-02T15:00:00Z"),
            sent_at: (state == "answered").then(|| ms("2026-03-02T15:00:00Z")),
            outcome: Some(if n < moved { "moved" } else { "still" }.to_owned()),
            ..Nudge::default()
        })
        .collect();
    world.put(&rows).await;
}

on_both! {
    async fn a_text_that_does_not_help_is_drafted_no_more_and_the_desk_says_so(db: Db) {
        let world = house(db).await;
        counted(&world, "answered", "idle_no_source", 20, 5).await;
        counted(&world, "answered", "overdue", 9, 9).await;
        counted(&world, "answered", "sliding", 12, 9).await;
        counted(&world, "held_back", "sliding", 40, 10).await;
        told(&world).await;
        // The second gap's text is stopped; the third one's, which nobody has measured, is drafted.
        let own: Vec<Nudge> = world.nudges().await.into_iter().filter(|n| n.organization_id == "northfield").collect();
        assert_eq!(own.len(), 1, "{own:?}");
        assert_eq!((own[0].state.as_str(), own[0].gap_id.as_deref()), ("drafted", Some("northfield-g3")));
        let page = browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("Where one was drafted and held back, 10 of 40 gaps moved.");
        page.says("Say which copy wins").says("drafted no more");
        page.says("Set one new date").says("too few to tell");
        page.says("Choose a first step").says("more than where one was held back");
    }

    async fn one_more_that_moved_and_it_is_drafted_again(db: Db) {
        let world = house(db).await;
        counted(&world, "answered", "idle_no_source", 21, 6).await;
        counted(&world, "held_back", "sliding", 40, 10).await;
        told(&world).await;
        assert_eq!(world.nudge().await.text_key.as_deref(), Some("idle_no_source"));
    }

    async fn with_too_few_held_back_nothing_is_stopped(db: Db) {
        let world = house(db).await;
        counted(&world, "answered", "idle_no_source", 50, 0).await;
        counted(&world, "held_back", "sliding", 9, 9).await;
        told(&world).await;
        assert_eq!(world.nudge().await.state, "drafted");
        let page = browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("9 of 9 gaps moved where one was held back: too few to compare with.");
        page.says("too few held back to compare with");
    }

    async fn what_was_held_back_is_looked_at_after_seven_days_as_what_was_sent(db: Db) {
        let world = house(db).await;
        world.by_hand("UPDATE person SET name = 'L. Park' WHERE id = 'person-lee.park@client.example'").await;
        world.tick(SUNDAY).await;
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM nudge WHERE state = 'held_back'").await, 2);
        world.happens("northfield", "g1", "status", "closed", "2026-11-25T15:00:00Z").await;
        // After the window nothing counts.
        world.happens("halden", "g1", "status", "in_progress", "2026-11-29T15:00:00Z").await;
        world.tick("2026-11-29T11:59:00Z").await;
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM nudge WHERE outcome IS NOT NULL").await, 0);
        world.tick("2026-12-01T12:00:00Z").await;
        let moved = "SELECT COUNT(*) FROM nudge WHERE outcome = 'moved' AND organization_id = 'northfield'";
        assert_eq!(number(&world.db, moved).await, 1);
        let still = "SELECT COUNT(*) FROM nudge WHERE outcome = 'still' AND organization_id = 'halden'";
        assert_eq!(number(&world.db, still).await, 1);
    }

    async fn words_that_somebody_changed_count_apart(db: Db) {
        let world = house(db).await;
        counted(&world, "answered", "overdue", 3, 1).await;
        world.by_hand("UPDATE nudge SET text = 'When payroll runs, name two.' WHERE outcome = 'moved'").await;
        let page = browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("Your own words").says("Set one new date");
    }
}
