//! The list of addresses that get no mail, and the flag that follows it.

use back_office_brief::domain::address::EmailAddress;
use back_office_brief::domain::bounce::SuppressionReason;
use back_office_brief::domain::codes::{QuietChoice, Role};
use back_office_brief::store::address_hash::AddressHash;
use back_office_brief::store::people::{self, PersonChange};
use back_office_brief::store::subscriptions::{self, NewSubscription};
use back_office_brief::store::{Db, StoreError, export};
use jiff::Timestamp;

use crate::on_both;
use crate::sample::at;

const NOW: &str = "2026-10-05T09:00:00Z";

fn now() -> Timestamp {
    at(NOW)
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn reader(address: &str, confirmed: bool) -> NewSubscription {
    NewSubscription {
        email: email(address),
        name: None,
        organization: None,
        role: Role::Public,
        slot: None,
        quiet: QuietChoice::Full,
        confirmed_at: confirmed.then(now),
    }
}

async fn suppress(db: &Db, address: &str, reason: SuppressionReason) -> bool {
    db.suppress_by_hand(&email(address), reason, Some("5.1.1"), now().as_millisecond(), None)
        .await
        .unwrap()
}

/// The flag of every subscription of an address.
async fn flags(db: &Db, address: &str) -> Vec<Option<String>> {
    let rows = subscriptions::list(db, None, Some(&email(address))).await.unwrap();
    rows.into_iter().map(|row| row.suppressed_reason).collect()
}

on_both! {
    async fn whoever_is_on_the_list_is_flagged_whenever_they_come(db: Db) {
        assert!(suppress(&db, "Ada@Client.example", SuppressionReason::HardBounce).await);
        assert!(!suppress(&db, "ada@client.EXAMPLE", SuppressionReason::HardBounce).await, "one row an address");
        let row = subscriptions::add(&db, reader("ada@client.example", false), now()).await.unwrap();
        assert_eq!(row.suppressed_reason.as_deref(), Some("hard_bounce"));
        subscriptions::confirm(&db, &row.id, now()).await.unwrap();
        assert_eq!(flags(&db, "ada@client.example").await, [Some("hard_bounce".to_owned())]);
        let listed = db.suppressions(false, None, None, 10).await.unwrap();
        assert_eq!(listed[0].address(), Some("ada@client.example"), "the row knows whose it is by now");
        subscriptions::add(&db, reader("bo@client.example", true), now()).await.unwrap();
        assert_eq!(flags(&db, "bo@client.example").await, [None]);
        suppress(&db, "bo@client.example", SuppressionReason::UnsubscribedAll).await;
        assert_eq!(flags(&db, "bo@client.example").await, [Some("unsubscribed_all".to_owned())]);
    }

    async fn a_lift_clears_the_flag_and_keeps_the_row(db: Db) {
        subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        suppress(&db, "ada@client.example", SuppressionReason::Operator).await;
        let later = now().as_millisecond() + 1;
        db.lift_by_hand(&email("ADA@client.example"), "a mistake", later).await.unwrap();
        assert_eq!(flags(&db, "ada@client.example").await, [None]);
        assert_eq!(db.suppressions(false, None, None, 10).await.unwrap(), []);
        let all = db.suppressions(true, None, None, 10).await.unwrap();
        assert_eq!((all[0].lifted_at, all[0].lifted_why.as_deref()), (Some(later), Some("a mistake")));
        let twice = db.lift_by_hand(&email("ada@client.example"), "again", later).await.unwrap_err();
        assert!(matches!(twice, StoreError::NotFound { .. }), "{twice}");
        assert!(suppress(&db, "ada@client.example", SuppressionReason::Complaint).await, "it may come again");
        assert_eq!(db.suppressions(true, None, None, 10).await.unwrap().len(), 2);
    }

    async fn the_gravest_reason_stands(db: Db) {
        subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        for (reason, stands) in [
            (SuppressionReason::SoftBounces, "soft_bounces"),
            (SuppressionReason::Complaint, "complaint"),
            (SuppressionReason::HardBounce, "complaint"),
            (SuppressionReason::Forgotten, "forgotten"),
        ] {
            suppress(&db, "ada@client.example", reason).await;
            assert_eq!(flags(&db, "ada@client.example").await, [Some(stands.to_owned())]);
        }
        let by_reason = db.suppressions_by_reason().await.unwrap();
        assert_eq!(by_reason, [("forgotten".to_owned(), 1)]);
    }

    async fn one_that_ends_is_lifted_and_gives_way_to_one_that_does_not(db: Db) {
        subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        let (begin, end) = (now().as_millisecond(), now().as_millisecond() + 1_000);
        let add = async |reason, until| {
            db.suppress_by_hand(&email("ada@client.example"), reason, None, begin, until).await.unwrap()
        };
        add(SuppressionReason::Operator, Some(end)).await;
        assert_eq!(db.lift_expired(end - 1, 10).await.unwrap(), 0);
        assert_eq!(db.lift_expired(end, 10).await.unwrap(), 1);
        assert_eq!(flags(&db, "ada@client.example").await, [None]);
        add(SuppressionReason::Operator, Some(end)).await;
        add(SuppressionReason::HardBounce, None).await;
        assert_eq!(db.lift_expired(end, 10).await.unwrap(), 0);
        assert_eq!(flags(&db, "ada@client.example").await, [Some("hard_bounce".to_owned())]);
    }

    async fn it_survives_forget_me_and_leads_to_nobody(db: Db) {
        subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        suppress(&db, "ada@client.example", SuppressionReason::Complaint).await;
        people::forget(&db, &email("ada@client.example"), now()).await.unwrap();
        let rows = db.suppressions(false, Some(&AddressHash::of(&email("ada@client.example"))), None, 10).await.unwrap();
        assert_eq!((rows.len(), rows[0].reason.as_str(), rows[0].address()), (1, "forgotten", None));
        let back = subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        assert_eq!(back.suppressed_reason.as_deref(), Some("forgotten"));
        db.lift_by_hand(&email("ada@client.example"), "asked to come back", now().as_millisecond() + 1).await.unwrap();
        assert_eq!(flags(&db, "ada@client.example").await, [None]);
    }

    async fn a_new_address_is_looked_up_anew(db: Db) {
        subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        suppress(&db, "ada@client.example", SuppressionReason::HardBounce).await;
        suppress(&db, "shut@client.example", SuppressionReason::Complaint).await;
        let change = |to: &str| PersonChange { email: Some(email(to)), ..Default::default() };
        people::change(&db, &email("ada@client.example"), change("ada@new.example")).await.unwrap();
        assert_eq!(flags(&db, "ada@new.example").await, [None]);
        people::change(&db, &email("ada@new.example"), change("shut@client.example")).await.unwrap();
        assert_eq!(flags(&db, "shut@client.example").await, [Some("complaint".to_owned())]);
        let old = db.suppressions(false, None, Some(SuppressionReason::HardBounce), 10).await.unwrap();
        assert_eq!(old[0].address(), None, "the old address is nobody's");
    }

    async fn a_copy_of_what_is_stored_holds_it(db: Db) {
        let row = subscriptions::add(&db, reader("ada@client.example", true), now()).await.unwrap();
        suppress(&db, "ada@client.example", SuppressionReason::Operator).await;
        let tables = export::person(&db, &row.person_id).await.unwrap();
        let (_, rows) = tables.iter().find(|(table, _)| *table == "suppression").unwrap();
        assert_eq!(rows[0]["reason"], "operator");
        assert!(tables.iter().any(|(table, _)| *table == "bounce"));
    }
}
