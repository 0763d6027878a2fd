//! What a portfolio drafts and holds back, as rows.

use back_office_brief::store::Db;
use back_office_brief::store::nudges::NewNudge;

use crate::on_both;
use crate::scene::{ANA, GAP, GAP_ID, OWNER, SUNDAY, browser, house, told};
use crate::world::{ms, number};

on_both! {
    async fn planned_twice_it_is_drafted_once(db: Db) {
        let world = house(db).await;
        world.tick(SUNDAY).await;
        let first = world.nudges().await;
        let own: Vec<_> = first.iter().filter(|own| own.organization_id == "northfield").collect();
        assert_eq!(own.len(), 1, "{first:?}");
        let own = own[0];
        assert_eq!((own.state.as_str(), own.gap_id.as_deref()), ("drafted", Some(GAP_ID)));
        assert_eq!(own.recipient_person_id, Some(format!("person-{OWNER}")));
        assert_eq!((own.send_from, own.expires_at), (Some(ms("2026-11-25T12:00:00Z")), Some(ms("2026-11-28T12:00:00Z"))));
        assert_eq!((own.iso_week.as_deref(), own.text_key.as_deref()), (Some("2026-W48"), Some("idle_no_source")));
        assert_eq!(own.drafted_text.as_ref(), Some(&own.text));
        // By two at once, and anew from the first slot on: the row that is there stays.
        world.by_hand("UPDATE subscription SET next_due_at = NULL").await;
        let other = world.another_engine();
        let (one, two) = tokio::join!(world.engine.tick(), other.tick());
        assert!(one.is_ok() && two.is_ok());
        assert_eq!(world.nudges().await, first);
        let again = NewNudge {
            id: own.id.clone(),
            organization_id: own.organization_id.clone(),
            gap: GAP.to_owned(),
            consultant: own.consultant_person_id.clone(),
            recipient: None,
            recipient_kind: "sponsor",
            text: "When it is planned again, say something else.".to_owned(),
            text_key: "other".to_owned(),
            state: "held_back",
            reason: None,
            why: None,
            iso_week: "2026-W48".to_owned(),
            send_from: None,
            expires_at: None,
            at: ms(SUNDAY),
        };
        let mut tx = world.db.begin().await.expect("a transaction");
        assert_eq!(tx.draft_nudges(&[again]).await.expect("written"), 0);
        tx.commit().await.expect("a commit");
        assert_eq!(world.nudges().await, first);
    }

    async fn what_nobody_would_get_is_held_back_and_the_desk_says_so(db: Db) {
        let world = house(db).await;
        world.by_hand("UPDATE person SET name = 'L. Park' WHERE id = 'person-lee.park@client.example'").await;
        told(&world).await;
        let all = world.nudges().await;
        let own = all.iter().find(|own| own.organization_id == "northfield").expect("a row");
        assert_eq!((own.state.as_str(), own.why.as_deref()), ("held_back", Some("no address")));
        assert_eq!((own.recipient_person_id.as_deref(), own.send_from), (None, None));
        let page = browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("Nothing to approve").says("nobody who can be reached").says("no address");
    }

    async fn a_draft_that_nobody_approves_is_over_with_its_week(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.tick("2026-11-28T11:59:00Z").await;
        assert_eq!(world.stands().await.0, "drafted");
        world.tick("2026-11-28T12:00:00Z").await;
        assert_eq!(world.stands().await, ("expired".to_owned(), "nobody approved it in time".to_owned()));
        // The next portfolio drafts anew, about the same gap.
        world.tick("2026-11-29T12:00:00Z").await;
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM nudge WHERE gap_id = 'northfield-g2'").await, 2);
        assert_eq!(world.stands().await.0, "drafted");
        assert_eq!(world.notices().len(), 0, "nothing went that nobody approved");
    }

    async fn who_is_forgotten_is_not_nudged(db: Db) {
        let world = house(db).await;
        told(&world).await;
        world.approve().await;
        let email = back_office_brief::domain::address::EmailAddress::parse(OWNER).expect("an address");
        let now = crate::world::at(crate::scene::TUESDAY);
        back_office_brief::store::people::forget(&world.db, &email, now).await.expect("forgotten");
        assert_eq!(world.stands().await, ("skipped".to_owned(), "the recipient was forgotten".to_owned()));
        world.tick(crate::scene::WEDNESDAY).await;
        assert_eq!(world.notices().len(), 0);
    }
}
