//! Everyday administration: people, organizations, subscriptions, consultants, settings.

use back_office_brief::domain::address::EmailAddress;
use back_office_brief::domain::codes::{QuietChoice, Role};
use back_office_brief::domain::line::DisplayName;
use back_office_brief::store::organizations::{self, OrganizationChange, Review};
use back_office_brief::store::people::{self, NewPerson, PersonChange};
use back_office_brief::store::subscriptions::{self, NewSubscription, SubscriptionChange};
use back_office_brief::store::{Db, StoreError, consultants, settings};
use jiff::Timestamp;

use crate::on_both;
use crate::sample::{self, at, put};

fn now() -> Timestamp {
    at("2026-10-05T09:00:00Z")
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn leader(address: &str) -> NewSubscription {
    NewSubscription {
        email: email(address),
        name: DisplayName::new("Ada L."),
        organization: Some("northfield-supply".to_owned()),
        role: Role::Leader,
        slot: None,
        quiet: QuietChoice::Full,
        confirmed_at: Some(now()),
    }
}

async fn northfield(db: &Db) -> String {
    let settings = OrganizationChange {
        name: Some("Northfield Supply".to_owned()),
        currency: Some("USD".to_owned()),
        time_zone: Some("America/Chicago".to_owned()),
        ..Default::default()
    };
    organizations::add(db, None, settings, now()).await.unwrap().id
}

on_both! {
    async fn an_organization_is_added_changed_found_and_ended(db: Db) {
        let id = northfield(&db).await;
        let found = organizations::find(&db, "northfield-supply").await.unwrap();
        assert_eq!((found.id.as_str(), found.cut_off_weekday, found.cut_off_hour), (id.as_str(), 1, 6));
        // Monday 12 October, 06:00 in Chicago.
        sample::run(&db, "UPDATE organization SET next_due_at = 1791802800000").await.unwrap();
        let review = OrganizationChange { review: Some("hold:8".parse::<Review>().unwrap()), ..Default::default() };
        let changed = organizations::change(&db, "northfield-supply", review, now()).await.unwrap();
        assert_eq!((changed.review.as_str(), changed.review_hours, changed.next_due_at), ("hold", Some(8), Some(1_791_802_800_000)));
        let slot = OrganizationChange { cut_off: Some((2, 5)), ..Default::default() };
        let changed = organizations::change(&db, &id, slot, now()).await.unwrap();
        let tuesday = at("2026-10-13T10:00:00Z").as_millisecond();
        assert_eq!(changed.next_due_at, Some(tuesday), "the week stays");
        subscriptions::add(&db, leader("ada@client.example"), now()).await.unwrap();
        organizations::end(&db, "northfield-supply", at("2026-11-01T00:00:00Z")).await.unwrap();
        assert_eq!(organizations::list(&db).await.unwrap()[0].status, "paused");
        assert!(subscriptions::list(&db, None, None).await.unwrap()[0].ended_at.is_some());
    }

    async fn bad_settings_say_what_would_be_right(db: Db) {
        northfield(&db).await;
        let change = |c: OrganizationChange| organizations::change(&db, "northfield-supply", c, now());
        for (bad, says) in [
            (OrganizationChange { currency: Some("DOLLAR".into()), ..Default::default() }, "ISO 4217"),
            (OrganizationChange { time_zone: Some("Mars/Olympus".into()), ..Default::default() }, "Europe/Berlin"),
            (OrganizationChange { cut_off: Some((8, 6)), ..Default::default() }, "Monday"),
            (OrganizationChange { billed_per_week: Some(Some(-1)), ..Default::default() }, "below zero"),
            (OrganizationChange { name: Some(" \u{202e}\n".into()), ..Default::default() }, "missing"),
        ] {
            let error = change(bad).await.unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        let missing = organizations::find(&db, "nobody").await.unwrap_err().to_string();
        assert!(missing.contains("\"nobody\"") && missing.contains("organizations list"), "{missing}");
        let settings = OrganizationChange { name: Some("Northfield, Supply".into()), currency: Some("USD".into()),
            time_zone: Some("UTC".into()), ..Default::default() };
        let twice = organizations::add(&db, None, settings, now()).await.unwrap_err();
        assert!(twice.is_conflict() && twice.to_string().contains("--slug"), "{twice}");
    }

    async fn one_address_is_one_person_whatever_its_case(db: Db) {
        let new = |text: &str| NewPerson { email: email(text), name: None, time_zone: None, locale: None };
        people::add(&db, new("Ada@Client.example"), now()).await.unwrap();
        let twice = people::add(&db, new("ada@client.EXAMPLE"), now()).await.unwrap_err();
        assert!(twice.is_conflict(), "{twice}");
        let found = people::find(&db, &email("ADA@client.example")).await.unwrap().unwrap();
        assert_eq!(found.email.as_deref(), Some("Ada@client.example"));
        people::add(&db, new("bo@client.example"), now()).await.unwrap();
        let taken = PersonChange { email: Some(email("ada@client.example")), ..Default::default() };
        assert!(people::change(&db, &email("bo@client.example"), taken).await.unwrap_err().is_conflict());
        let moved = PersonChange { email: Some(email("bo@new.example")), name: DisplayName::new("Bo"), ..Default::default() };
        people::change(&db, &email("bo@client.example"), moved).await.unwrap();
        let names: Vec<String> = people::list(&db).await.unwrap().into_iter().map(|p| p.name).collect();
        assert_eq!(names, ["", "Bo"]);
    }

    async fn forgetting_erases_the_one_row_that_holds_the_address(db: Db) {
        northfield(&db).await;
        subscriptions::add(&db, leader("ada@client.example"), now()).await.unwrap();
        people::forget(&db, &email("ada@client.example"), now()).await.unwrap();
        let person = &people::list(&db).await.unwrap()[0];
        assert_eq!((person.email.as_deref(), person.name.as_str()), (None, ""));
        let row = &subscriptions::list(&db, None, None).await.unwrap()[0];
        assert!(row.email.is_none() && row.ended_at.is_some());
        let gone = people::forget(&db, &email("ada@client.example"), now()).await.unwrap_err();
        assert!(matches!(gone, StoreError::NotFound { what: "person", .. }));
        people::add(&db, NewPerson { email: email("ada@client.example"), name: None, time_zone: None, locale: None }, now())
            .await
            .expect("the address may come back as somebody new");
    }

    async fn a_subscription_is_added_changed_confirmed_and_ended(db: Db) {
        northfield(&db).await;
        let new = NewSubscription { confirmed_at: None, ..leader("ada@client.example") };
        let row = subscriptions::add(&db, new, now()).await.unwrap();
        assert_eq!((row.weekday, row.hour, row.confirmed_at), (Some(1), Some(7), None));
        let twice = subscriptions::add(&db, leader("Ada@client.example"), now()).await.unwrap_err();
        assert!(twice.is_conflict(), "{twice}");
        assert!(subscriptions::confirm(&db, &row.id, now()).await.unwrap());
        assert!(!subscriptions::confirm(&db, &row.id, at("2027-01-01T00:00:00Z")).await.unwrap());
        let pause = SubscriptionChange {
            pause: Some(Some(("2026-12-20".parse().unwrap(), "2027-01-04".parse().unwrap()))),
            slot: Some((3, 9)),
            ..Default::default()
        };
        subscriptions::change(&db, &row.id, pause, now()).await.unwrap();
        let listed = &subscriptions::list(&db, Some("northfield-supply"), Some(&email("ADA@client.example"))).await.unwrap()[0];
        assert_eq!(listed.pause_until.as_deref(), Some("2027-01-04"));
        assert_eq!((listed.weekday, listed.hour), (Some(3), Some(9)));
        assert_eq!(listed.confirmed_at, Some(now().as_millisecond()), "the first confirmation stands");
        assert_eq!(listed.organization.as_deref(), Some("northfield-supply"));
        assert!(subscriptions::unsubscribe(&db, &row.id, now()).await.unwrap());
        assert!(subscriptions::end(&db, &row.id, now()).await.unwrap());
        assert!(!subscriptions::end(&db, &row.id, now()).await.unwrap());
        subscriptions::add(&db, leader("ada@client.example"), now()).await.expect("after an end a new one may begin");
    }

    async fn a_role_has_an_organization_or_has_none(db: Db) {
        northfield(&db).await;
        let without = NewSubscription { organization: None, ..leader("a@client.example") };
        let error = subscriptions::add(&db, without, now()).await.unwrap_err().to_string();
        assert!(error.contains("name its slug"), "{error}");
        let with = NewSubscription { role: Role::Consultant, ..leader("a@client.example") };
        let error = subscriptions::add(&db, with, now()).await.unwrap_err().to_string();
        assert!(error.contains("leave it out"), "{error}");
        let portfolio = NewSubscription { role: Role::Consultant, organization: None, ..leader("a@client.example") };
        let row = subscriptions::add(&db, portfolio, now()).await.unwrap();
        assert_eq!((row.weekday, row.organization_id), (None, None), "a portfolio has a slot of its own by default");
    }

    async fn clients_are_counted_by_instant(db: Db) {
        let id = northfield(&db).await;
        let mendel = email("mendel@consult.example");
        people::add(&db, NewPerson { email: mendel.clone(), name: None, time_zone: None, locale: None }, now()).await.unwrap();
        let link = consultants::link(&db, &mendel, "northfield-supply", at("2026-10-10T00:00:00Z")).await.unwrap();
        assert!(consultants::link(&db, &mendel, "northfield-supply", now()).await.unwrap_err().is_conflict());
        assert_eq!(consultants::list(&db).await.unwrap().len(), 1);
        assert!(consultants::unlink(&db, &mendel, "northfield-supply", at("2026-11-10T00:00:00Z")).await.unwrap());
        let clients = async |when: &str| consultants::clients_at(&db, &link.person_id, at(when)).await.unwrap();
        assert!(clients("2026-10-09T00:00:00Z").await.is_empty());
        assert_eq!(clients("2026-10-11T00:00:00Z").await, [id]);
        assert!(clients("2026-11-10T00:00:00Z").await.is_empty());
    }

    async fn a_setting_is_written_read_and_taken_away(db: Db) {
        assert_eq!(settings::get(&db, "pause").await.unwrap(), None);
        settings::set(&db, "pause", "relay on fire", now()).await.unwrap();
        settings::set(&db, "pause", "again", now()).await.unwrap();
        assert_eq!(settings::get(&db, "pause").await.unwrap().as_deref(), Some("again"));
        assert_eq!(settings::all(&db).await.unwrap().len(), 1);
        assert!(settings::remove(&db, "pause").await.unwrap());
        assert!(!settings::remove(&db, "pause").await.unwrap());
    }

    async fn a_transaction_that_was_not_committed_never_happened(db: Db) {
        let mut tx = db.begin().await.unwrap();
        let row = sample::organization("acme");
        back_office_brief::store::bulk::insert(&mut tx, std::slice::from_ref(&row)).await.unwrap();
        drop(tx);
        assert!(organizations::list(&db).await.unwrap().is_empty());
        put(&db, &[row]).await;
    }
}
