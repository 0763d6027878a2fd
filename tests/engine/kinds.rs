//! Owner, reader, consultant and public editions (DESIGN 1).

use back_office_brief::store::Db;

use crate::on_both;
use crate::world::{MONDAY, SEVEN, World, ms};

on_both! {
    async fn an_owner_reads_about_the_own_gaps_and_a_reader_what_the_leader_reads(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.happens("acme", "g3", "owner", "Kim Vale", "2026-11-02T12:00:00Z").await;
        world.leader("acme", "anna@client.example").await;
        world.subscriber("acme", "rita@client.example", |_, s| s.role = "reader".to_owned()).await;
        world.subscriber("acme", "lee.park@client.example", |_, s| s.role = "owner".to_owned()).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes());
        assert_eq!((report.plan.frozen, report.deliver.sent), (3, 3));
        let kinds: Vec<String> = world.editions("2026-W48").await.into_iter().map(|e| e.kind).collect();
        assert_eq!(kinds, ["leader", "leader", "owner"], "a reader's is the leader's without links to answer");
        let owner = &world.mails_to("lee.park@client.example")[0];
        assert!(owner.text.contains("g1") && owner.text.contains("g2"), "{}", owner.text);
        assert!(!owner.text.contains("g3"), "somebody else's gap: {}", owner.text);
        let reader = world.delivery("rita@client.example", "2026-W48").await;
        assert_eq!(reader.edition.as_deref(), Some("leader"));
    }

    async fn a_portfolio_comes_a_day_before_the_clients_cut_off_and_names_their_week(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.organization_with("borealis", |o| o.cut_off_weekday = 3).await;
        world.organization("stranger").await;
        world.consultant("mendel@advisor.example", &["acme", "borealis"], |_, _| {}).await;
        let early = world.tick("2026-11-22T11:59:00Z").await;
        assert!(early.closes());
        let before = world.mails_to("mendel@advisor.example").len();
        let report = world.tick("2026-11-22T12:00:00Z").await;
        assert!(report.closes(), "{report:?}");
        let mails = world.mails_to("mendel@advisor.example");
        assert_eq!(mails.len(), before + 1);
        let row = world.delivery("mendel@advisor.example", "2026-W48").await;
        assert_eq!((row.state.as_str(), row.send_at), ("sent", ms("2026-11-22T12:00:00Z")));
        let text = &mails.last().unwrap().text;
        assert!(text.contains("The acme") && text.contains("The borealis"), "{text}");
        assert!(!text.contains("stranger"), "{text}");
        world.tick("2026-11-24T12:00:00Z").await;
        assert_eq!(world.mails_to("mendel@advisor.example").len(), before + 1);
        assert!(world.tick("2026-11-29T12:00:00Z").await.closes());
        assert_eq!(world.delivery("mendel@advisor.example", "2026-W49").await.state, "sent");
    }

    async fn a_closure_between_the_portfolios_and_the_clients_cut_off_is_in_one_portfolio(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.consultant("mendel@advisor.example", &["acme"], |_, _| {}).await;
        // The day before the first portfolio, and between it and the client's own cut-off.
        world.happens("acme", "g1", "status", "closed", "2026-11-21T12:00:00Z").await;
        world.happens("acme", "g2", "status", "closed", "2026-11-22T18:00:00Z").await;
        for (instant, told) in [
            ("2026-11-22T12:00:00Z", "Closed this week: 1."),
            (SEVEN, ""),
            ("2026-11-29T12:00:00Z", "Closed this week: 1."),
            ("2026-11-30T12:00:00Z", ""),
            ("2026-12-06T12:00:00Z", "Closed this week: 0."),
        ] {
            assert!(world.tick(instant).await.closes());
            let mails = world.mails_to("mendel@advisor.example");
            assert!(mails.last().unwrap().text.contains(told), "{instant}: {}", mails.last().unwrap().text);
        }
    }

    async fn a_consultants_own_slot_decides_and_a_pause_holds(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.consultant("mendel@advisor.example", &["acme"], |person, s| {
            person.time_zone = Some("Europe/Berlin".to_owned());
            (s.weekday, s.hour) = (Some(4), Some(9));
            s.pause_from = Some("2026-12-01".to_owned());
        }).await;
        assert!(world.tick("2026-11-26T08:00:00Z").await.closes());
        let row = world.delivery("mendel@advisor.example", "2026-W48").await;
        assert_eq!((row.state.as_str(), row.send_at), ("sent", ms("2026-11-26T08:00:00Z")));
        assert!(world.tick("2026-12-03T08:00:00Z").await.closes());
        assert_eq!(world.fate("mendel@advisor.example", "2026-W49").await, ("skipped".into(), "paused".into()));
    }

    async fn a_consultant_without_clients_is_expected_to_get_nothing(db: Db) {
        let world = World::on(db);
        world.consultant("mendel@advisor.example", &[], |_, _| {}).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes());
        assert!(world.deliveries().await.is_empty());
    }

    async fn a_consultant_who_left_after_the_cut_off_is_accounted_for(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.leader("acme", "anna@client.example").await;
        world.consultant("mendel@advisor.example", &["acme"], |_, s| {
            s.unsubscribed_at = Some(ms("2026-11-22T18:00:00Z"));
        }).await;
        let report = world.tick(SEVEN).await;
        assert!(report.closes(), "{report:?}");
        assert_eq!(world.fate("mendel@advisor.example", "2026-W48").await, ("skipped".into(), "unsubscribed".into()));
    }

    async fn the_public_edition_sends_the_next_issue_each_week_and_never_one_twice(db: Db) {
        let world = World::on(db);
        world.public("petra@public.example").await;
        let mut subjects = Vec::new();
        let mut tuesday = crate::world::at("2026-11-24T09:00:00Z");
        for _ in 0..4 {
            let report = world.tick(&tuesday.to_string()).await;
            assert!(report.closes(), "{report:?}");
            assert_eq!(world.tick(&tuesday.to_string()).await.deliver.sent, 0);
            tuesday += jiff::SignedDuration::from_hours(7 * 24);
        }
        for mail in world.mails_to("petra@public.example") {
            assert!(!subjects.contains(&mail.subject), "{} twice", mail.subject);
            subjects.push(mail.subject);
        }
        let mut sent = subjects;
        let mut wanted: Vec<String> = world.engine.content.issues.iter().take(4).map(|i| i.question.clone()).collect();
        sent.sort();
        wanted.sort();
        assert_eq!(sent, wanted);
    }

    async fn nobody_asked_for_the_public_edition_and_none_is_made(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        assert!(world.tick("2026-11-24T12:00:00Z").await.closes());
        assert_eq!(world.edition_states("2026-W48").await, [("leader".into(), "frozen".into())]);
    }

    async fn a_person_in_two_organizations_gets_one_brief_for_each(db: Db) {
        let world = World::on(db);
        world.organization("acme").await;
        world.organization("borealis").await;
        world.leader("acme", "anna@client.example").await;
        world.by_hand("INSERT INTO subscription (id, person_id, organization_id, role, weekday, hour, quiet, confirmed_at, created_at) \
            SELECT 'second', person_id, 'borealis', role, weekday, hour, quiet, confirmed_at, created_at FROM subscription").await;
        assert!(world.tick(MONDAY).await.closes());
        assert!(world.tick(SEVEN).await.closes());
        let mails = world.mails_to("anna@client.example");
        assert_eq!(mails.len(), 2);
        assert_ne!(mails[0].message_id, mails[1].message_id);
    }
}
