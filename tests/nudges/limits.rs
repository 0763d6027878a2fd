//! Every limit, one by one, at the moment of sending: an approved nudge waits or is over, and says why.

use back_office_brief::store::Db;
use back_office_brief::store::records::Session;

use crate::on_both;
use crate::scene::{ANA, GAP_ID, OWNER, TUESDAY, WEDNESDAY, house, told};
use crate::world::{World, at, ms};

/// The house with its nudge approved.
async fn approved(db: Db) -> World {
    let world = house(db).await;
    told(&world).await;
    world.approve().await;
    world
}

/// What becomes of it on Wednesday at nine, and how many nudges left.
async fn on_wednesday(world: &World) -> (String, String) {
    world.tick(WEDNESDAY).await;
    let stands = world.stands().await;
    let n_sent = usize::from(stands.0 == "sent");
    assert_eq!(world.notices().len(), n_sent, "{stands:?}");
    stands
}

fn is(state: &str, why: &str) -> (String, String) {
    (state.to_owned(), why.to_owned())
}

on_both! {
    async fn nothing_speaks_against_it_and_it_goes(db: Db) {
        let world = approved(db).await;
        assert_eq!(on_wednesday(&world).await, is("sent", ""));
    }

    async fn a_gap_that_moved_is_left_alone(db: Db) {
        let world = approved(db).await;
        world.happens("northfield", "g2", "status", "in_progress", TUESDAY).await;
        assert_eq!(on_wednesday(&world).await, is("expired", "the gap moved in the last 7 days"));
    }

    async fn a_gap_that_was_closed_is_left_alone(db: Db) {
        let world = approved(db).await;
        world.happens("northfield", "g2", "status", "closed", TUESDAY).await;
        assert_eq!(on_wednesday(&world).await, is("expired", "the gap is closed"));
    }

    async fn a_gap_that_has_another_owner_is_left_alone(db: Db) {
        let world = approved(db).await;
        // Told late, and true for long: it is no movement of this week.
        world.put(&[back_office_brief::store::records::GapEvent {
            id: "handed".to_owned(),
            gap_id: GAP_ID.to_owned(),
            kind: "owner".to_owned(),
            to_value: Some("Kim Vale".to_owned()),
            effective_on: "2026-11-02".to_owned(),
            recorded_at: ms(TUESDAY),
            ..Default::default()
        }]).await;
        assert_eq!(on_wednesday(&world).await, is("expired", "the gap has another owner by now"));
    }

    async fn one_a_week_is_enough_for_a_person_wherever_it_came_from(db: Db) {
        let world = approved(db).await;
        world.earlier(OWNER, "halden-g1", "2026-11-18T16:00:00Z", "answered").await;
        assert_eq!(on_wednesday(&world).await, is("approved", "nudged 6 days ago"));
        // It waits, and goes when the week is over.
        world.tick("2026-11-25T16:00:00Z").await;
        assert_eq!(world.stands().await, is("sent", ""));
    }

    async fn what_waits_is_looked_at_again_a_quarter_of_an_hour_later(db: Db) {
        let world = approved(db).await;
        world.earlier(OWNER, "halden-g1", "2026-11-18T15:10:00Z", "answered").await;
        assert_eq!(on_wednesday(&world).await, is("approved", "nudged 6 days ago"));
        world.tick("2026-11-25T15:14:00Z").await;
        assert_eq!(world.stands().await.0, "approved");
        world.tick("2026-11-25T15:15:00Z").await;
        assert_eq!(world.stands().await, is("sent", ""));
    }

    async fn what_would_be_looked_at_after_its_time_keeps_its_place(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE nudge SET expires_at = 1795619400000 WHERE state = 'approved'").await;
        world.earlier(OWNER, "halden-g1", "2026-11-18T15:05:00Z", "answered").await;
        assert_eq!(on_wednesday(&world).await, is("approved", "nudged 6 days ago"));
        world.tick("2026-11-25T15:05:00Z").await;
        assert_eq!(world.stands().await, is("sent", ""));
    }

    async fn a_round_that_began_in_office_hours_does_not_stretch_them(db: Db) {
        let world = approved(db).await;
        // The briefs before it took until half past five in the evening.
        world.clock.set(at("2026-11-25T23:30:00Z"));
        world.engine.deliver(at(WEDNESDAY)).await.expect("delivered");
        assert_eq!(world.stands().await, is("approved", ""));
        world.clock.set(at("2026-11-26T15:00:00Z"));
        world.engine.deliver(at(WEDNESDAY)).await.expect("delivered");
        assert_eq!(world.nudge().await.sent_at, Some(ms("2026-11-26T15:00:00Z")));
    }

    async fn two_approved_for_one_person_go_in_different_weeks(db: Db) {
        let world = approved(db).await;
        world.by_hand("INSERT INTO nudge (id, organization_id, gap_id, consultant_person_id, recipient_person_id, text, state, \
            created_at, recipient_kind, send_from, expires_at, drafted_text, text_key) \
            SELECT '01a205b3-d000-8547-befa-c20c5563d36b', organization_id, 'northfield-g3', consultant_person_id, \
            recipient_person_id, text, state, created_at, recipient_kind, send_from, expires_at, text, text_key \
            FROM nudge WHERE gap_id = 'northfield-g2'").await;
        world.tick(WEDNESDAY).await;
        world.tick("2026-11-27T15:00:00Z").await;
        assert_eq!(world.notices().len(), 1);
        let mut states: Vec<String> = world.nudges().await.into_iter().filter(|n| n.organization_id == "northfield").map(|n| n.state).collect();
        states.sort();
        assert_eq!(states, ["approved", "sent"]);
    }

    async fn not_twice_about_a_gap_within_14_days_whoever_was_asked(db: Db) {
        let world = approved(db).await;
        world.earlier(ANA, GAP_ID, "2026-11-12T15:00:00Z", "answered").await;
        assert_eq!(on_wednesday(&world).await, is("approved", "the same gap was nudged about 13 days ago"));
        world.tick("2026-11-26T15:00:00Z").await;
        assert_eq!(world.stands().await, is("sent", ""));
    }

    async fn not_within_48_hours_of_a_session(db: Db) {
        let world = approved(db).await;
        world.put(&[Session {
            id: "soon".to_owned(),
            organization_id: "northfield".to_owned(),
            consultant_person_id: format!("person-{ANA}"),
            starts_at: ms("2026-11-27T14:00:00Z"),
            created_at: ms(TUESDAY),
            ..Default::default()
        }]).await;
        assert_eq!(on_wednesday(&world).await, is("approved", "within 48 hours of a session: ask there"));
        // Its week ends before the two days after the session do.
        world.tick("2026-11-27T22:00:00Z").await;
        world.tick("2026-11-28T12:00:00Z").await;
        assert_eq!(world.stands().await, is("expired", "within 48 hours of a session: ask there"));
    }

    async fn not_within_48_hours_of_their_own_brief(db: Db) {
        let world = house(db).await;
        world.by_hand("UPDATE subscription SET weekday = 4, hour = 7 WHERE role = 'owner'").await;
        world.tick(crate::scene::SUNDAY).await;
        world.tick("2026-11-23T13:00:00Z").await;
        world.clock.set(at(TUESDAY));
        world.approve().await;
        assert_eq!(on_wednesday(&world).await, is("approved", "within 48 hours of a brief"));
        // It came on Thursday at seven; two days later is Saturday.
        world.tick("2026-11-26T15:00:00Z").await;
        world.tick("2026-11-27T22:00:00Z").await;
        assert_eq!(world.stands().await, is("approved", "within 48 hours of a brief"));
        assert_eq!(world.notices().len(), 0);
    }

    async fn not_about_what_this_weeks_brief_asks_for(db: Db) {
        let world = approved(db).await;
        // As if the brief's action had become the nudged gap between Sunday and Monday.
        world.by_hand("UPDATE nudge SET gap_id = 'northfield-g1' WHERE gap_id = 'northfield-g2'").await;
        world.tick(WEDNESDAY).await;
        let own = world.nudges().await.into_iter().find(|n| n.gap_id.as_deref() == Some("northfield-g1"));
        let (state, why) = own.map(|n| (n.state, n.why.unwrap_or_default())).expect("a row");
        assert_eq!((state.as_str(), world.notices().len()), ("expired", 0), "{why}");
        assert!(why.contains("asks for the same"), "{why}");
    }

    async fn a_brief_that_is_late_may_come_at_any_moment(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE delivery SET state = 'held', handed_over_at = NULL, finished_at = NULL WHERE subscription_id IN \
            (SELECT id FROM subscription WHERE role = 'owner')").await;
        assert_eq!(on_wednesday(&world).await, is("approved", "within 48 hours of a brief"));
    }

    async fn who_owns_and_leads_is_asked_by_neither_brief(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE nudge SET gap_id = 'northfield-g1' WHERE gap_id = 'northfield-g2'").await;
        world.by_hand("UPDATE subscription SET person_id = 'person-lee.park@client.example' WHERE role = 'leader'").await;
        // The newest one is another week's.
        world.by_hand("UPDATE delivery SET iso_week = '2026-W40', send_at = send_at + 1 WHERE iso_week = '2026-W48' AND subscription_id IN \
            (SELECT id FROM subscription WHERE role = 'leader')").await;
        world.tick(WEDNESDAY).await;
        let own = world.nudges().await.into_iter().find(|n| n.gap_id.as_deref() == Some("northfield-g1")).expect("a row");
        assert_eq!(own.why.as_deref(), Some("this week’s brief asks for the same"));
    }

    async fn who_leads_no_more_is_not_asked_as_a_leader(db: Db) {
        let world = approved(db).await;
        world.put(&[back_office_brief::store::records::GapEvent {
            id: "left".to_owned(),
            gap_id: GAP_ID.to_owned(),
            kind: "owner".to_owned(),
            from_value: Some("Lee Park".to_owned()),
            effective_on: "2026-11-02".to_owned(),
            recorded_at: ms(TUESDAY),
            ..Default::default()
        }]).await;
        world.by_hand("UPDATE nudge SET recipient_kind = 'sponsor', recipient_person_id = 'person-dora.ruiz@client.example' \
            WHERE state = 'approved'").await;
        world.by_hand("UPDATE subscription SET role = 'reader' WHERE role = 'leader'").await;
        assert_eq!(on_wednesday(&world).await, is("expired", "does not lead there any more"));
    }

    async fn after_three_in_a_row_unanswered_somebody_calls(db: Db) {
        let world = approved(db).await;
        for day in ["2026-09-02T15:00:00Z", "2026-10-02T15:00:00Z", "2026-11-02T15:00:00Z"] {
            world.earlier(OWNER, "northfield-g1", day, "sent").await;
        }
        assert_eq!(on_wednesday(&world).await, is("expired", "3 unanswered, call"));
        let page = crate::scene::browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("Call Lee Park").says("the last 3 nudges were not answered");
        // Each stays with its button, however old: nothing goes until one is answered.
        assert_eq!(page.text.matches("They answered: ").count(), 3, "{}", page.text);
        // Where some of it was by somebody at another client, that is not told.
        world.by_hand("UPDATE nudge SET organization_id = 'halden', gap_id = 'halden-g1' WHERE sent_at = 1793631600000").await;
        let page = crate::scene::browser(&world, ANA).await.get("/desk/nudges").await;
        page.is(200).says("Call Lee Park").says("no nudge is sent to them for now");
        assert!(!page.text.contains("the last 3 nudges"), "{}", page.text);
        world.by_hand("UPDATE nudge SET organization_id = 'northfield', gap_id = 'northfield-g1' WHERE sent_at = 1793631600000").await;
        // Nor is another one drafted for them.
        world.tick("2026-11-29T12:00:00Z").await;
        let week = world.nudges().await.into_iter().filter(|n| n.iso_week.as_deref() == Some("2026-W49"));
        let states: Vec<String> = week.filter(|n| n.organization_id == "northfield").map(|n| n.state).collect();
        assert_eq!(states, ["held_back"]);
    }

    async fn a_gap_that_moved_after_one_is_an_answer(db: Db) {
        let world = approved(db).await;
        for day in ["2026-09-02T15:00:00Z", "2026-10-02T15:00:00Z", "2026-11-02T15:00:00Z"] {
            world.earlier(OWNER, "northfield-g1", day, "sent").await;
        }
        world.by_hand("UPDATE nudge SET outcome = 'moved' WHERE sent_at = 1793631600000").await;
        assert_eq!(on_wednesday(&world).await, is("sent", ""));
    }

    async fn a_suppressed_address_gets_none(db: Db) {
        let world = approved(db).await;
        let email = back_office_brief::domain::address::EmailAddress::parse(OWNER).expect("an address");
        let hash = back_office_brief::store::address_hash::AddressHash::of(&email).into_string();
        world.put(&[back_office_brief::store::records::Suppression {
            id: "s".to_owned(),
            address_sha256: hash,
            reason: "hard_bounce".to_owned(),
            source: "smtp".to_owned(),
            since: ms(TUESDAY),
            ..Default::default()
        }]).await;
        assert_eq!(on_wednesday(&world).await, is("expired", "their address gets no mail"));
    }

    async fn who_left_the_list_gets_none(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE subscription SET unsubscribed_at = 1795536000000 WHERE role = 'owner'").await;
        assert_eq!(on_wednesday(&world).await, is("expired", "has left the list"));
    }

    async fn who_paused_mail_gets_none(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE subscription SET pause_from = '2026-11-24', pause_until = '2026-12-24' WHERE role = 'owner'").await;
        assert_eq!(on_wednesday(&world).await, is("expired", "has paused mail"));
    }

    async fn a_consultant_who_is_gone_sends_none(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE consultant_client SET until = 1795536000000 WHERE organization_id = 'northfield'").await;
        assert_eq!(on_wednesday(&world).await.0, "expired");
    }

    async fn brief_pause_stops_them_and_resume_lets_them_go(db: Db) {
        let world = approved(db).await;
        world.db.pause("a fire", at(TUESDAY)).await.expect("paused");
        assert_eq!(on_wednesday(&world).await, is("approved", ""));
        world.db.resume().await.expect("resumed");
        world.tick("2026-11-25T15:01:00Z").await;
        assert_eq!(world.stands().await, is("sent", ""));
    }

    async fn the_hours_are_those_of_the_recipient(db: Db) {
        let world = approved(db).await;
        world.by_hand("UPDATE person SET time_zone = 'Asia/Tokyo' WHERE id LIKE '%lee.park%'").await;
        // Midnight in Tokyo.
        assert_eq!(on_wednesday(&world).await, is("approved", ""));
        world.tick("2026-11-25T23:59:00Z").await;
        assert_eq!(world.stands().await.0, "approved");
        world.tick("2026-11-26T00:00:00Z").await;
        assert_eq!(world.stands().await.0, "sent");
    }

    async fn the_hours_are_the_operators_to_set(db: Db) {
        let world = World::with(db, &[("BRIEF__NUDGE__FROM_HOUR", "11"), ("BRIEF__NUDGE__UNTIL_HOUR", "12")]);
        assert_eq!((world.settings.nudge.hours.from, world.settings.nudge.hours.until), (11, 12));
    }
}
