//! Everybody who left is found for the journal, page by page, however many left at one instant.

use back_office_brief::domain::codes::Channel;
use back_office_brief::store::{Db, consent};

use crate::on_both;
use crate::world::{SEVEN, World, at, ms, number};

on_both! {
    async fn many_who_left_at_one_instant_are_on_no_edge_of_a_page(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        let mut all: Vec<String> = (0..5).map(|n| format!("reader-{n}")).collect();
        for id in &all {
            let email = format!("{id}@client.example");
            world.subscriber("acme", &email, |_, own| own.id.clone_from(id)).await;
            let act = consent::Act::by(Channel::OneClick);
            assert!(consent::withdraw(&world.db, id, &act, at(SEVEN)).await.unwrap());
        }
        let (mut after, mut found) = ((ms(SEVEN), String::new()), Vec::new());
        loop {
            let page = world.db.left_since((after.0, &after.1), 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = (last.left.recorded_at, last.id.clone());
            found.extend(page.into_iter().map(|leaving| leaving.left.subscription_id));
        }
        found.sort();
        all.sort();
        assert_eq!(found, all, "each once");
        assert_eq!(world.db.left_since((ms(SEVEN) + 1, ""), 2).await.unwrap(), []);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM consent_event WHERE kind = 'withdrawn'").await, 5);
    }
}
