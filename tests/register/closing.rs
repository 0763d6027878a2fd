//! A gap on its way to the end: in order, with evidence, by somebody else than its owner.

use back_office_brief::domain::codes::{EventKind, GapStatus};
use back_office_brief::domain::register::ask::{Evidence, GapChange};
use back_office_brief::store::Db;
use back_office_brief::store::audit::{Actor, Way};

use crate::on_both;
use crate::scene::{actor, day, evidence, mendel, osei, owner, refusal, scene, scene_with};
use crate::world::World;

fn to(status: GapStatus) -> GapChange {
    GapChange { status: Some(status), ..GapChange::default() }
}

/// In verification, owned by Lee Park as a person.
async fn verifying(world: &World) {
    let owned = Some(Some(owner("Lee Park", Some("lee.park@client.example"))));
    world
        .changes("ACME-G1", GapChange { owner: owned, ..to(GapStatus::InProgress) }, &mendel())
        .await;
    world.changes("ACME-G1", to(GapStatus::Verifying), &mendel()).await;
}

on_both! {
    async fn status_goes_one_step_at_a_time(db: Db) {
        let world = scene(db).await;
        for too_far in [GapStatus::Verifying, GapStatus::Closed] {
            let (field, problem) = refusal(world.engine.change_gap("acme", "ACME-G1", &to(too_far), &mendel()).await);
            assert_eq!(field, "status");
            assert!(problem.contains("take it up first (in_progress)"), "{problem}");
        }
        let open = world.sees("ACME-G1").await;
        assert_eq!(open.may_become, [GapStatus::InProgress, GapStatus::Accepted, GapStatus::Withdrawn]);
        verifying(&world).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!(seen.status, GapStatus::Verifying);
        assert!(seen.may_become.contains(&GapStatus::Closed));
        // Back to work is allowed.
        world.changes("ACME-G1", to(GapStatus::InProgress), &mendel()).await;
        assert_eq!(world.sees("ACME-G1").await.status, GapStatus::InProgress);
    }

    async fn closing_asks_for_the_evidence_of_its_category(db: Db) {
        let world = scene(db).await;
        verifying(&world).await;
        let seen = world.sees("ACME-G1").await;
        assert!(!seen.has_evidence);
        let (field, problem) = refusal(world.engine.change_gap("acme", "ACME-G1", &to(GapStatus::Closed), &osei()).await);
        assert_eq!(field, "evidence");
        assert!(problem.contains(seen.evidence_wanted), "{problem}");
        assert!(problem.contains("a written procedure"), "the first gap is an undocumented process: {problem}");
        let shown = Some(Evidence { text: "Run by J. Doe from the page".to_owned(), url: Some("https://files.client.example/run".to_owned()) });
        world.changes("ACME-G1", GapChange { evidence: shown, ..to(GapStatus::Closed) }, &osei()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.status, seen.has_evidence), (GapStatus::Closed, true));
        let proof = seen.history.iter().find(|e| e.kind == EventKind::Evidence).unwrap();
        assert_eq!(proof.note.as_deref(), Some("Run by J. Doe from the page"));
        assert_eq!(proof.evidence_url.as_deref(), Some("https://files.client.example/run"));
        assert_eq!(seen.history[0].actor.as_deref(), Some("P. Osei"));
        // Reopened, it needs evidence anew.
        world.changes("ACME-G1", to(GapStatus::Open), &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.status, seen.reopenings, seen.has_evidence), (GapStatus::Open, 1, false));
        assert_eq!(seen.history[0].kind, EventKind::Reopened);
    }

    async fn evidence_that_was_given_before_serves_the_closing(db: Db) {
        let world = scene(db).await;
        verifying(&world).await;
        world.changes("ACME-G1", GapChange { evidence: evidence("Tried by J. Doe"), ..GapChange::default() }, &mendel()).await;
        assert!(world.sees("ACME-G1").await.has_evidence);
        world.changes("ACME-G1", to(GapStatus::Closed), &osei()).await;
    }

    async fn the_owner_never_closes_under_whatever_name(db: Db) {
        let world = scene(db).await;
        verifying(&world).await;
        let closing = GapChange { evidence: evidence("Tried"), ..to(GapStatus::Closed) };
        let park = actor("lee.park@client.example", "Somebody Else");
        let named = Actor { person_id: None, name: "lee park".to_owned(), way: Way::Api };
        let operator = Actor { way: Way::Command, ..named.clone() };
        for own in [park, named, operator] {
            let (field, problem) = refusal(world.engine.change_gap("acme", "ACME-G1", &closing, &own).await);
            assert_eq!(field, "status", "{own:?}");
            assert!(problem.contains("is not its owner"), "{problem}");
        }
        // A gap that is owned by a name alone, as typed or imported, closed by the person who has that
        // name or that address.
        for name in ["Lee Park", "lee.park@client.example"] {
            world.happens("acme", "g1", "owner", name, "2026-11-17T15:00:01Z").await;
            let park = actor("lee.park@client.example", "L. P.");
            assert_eq!(refusal(world.engine.change_gap("acme", "ACME-G1", &closing, &park).await).0, "status");
        }
        world.changes("ACME-G1", closing, &osei()).await;
    }

    async fn a_named_verifier_closes_or_an_operator(db: Db) {
        let world = scene_with(db, &[("BRIEF__DESK__OPERATORS", "mendel@advisor.example")]).await;
        verifying(&world).await;
        let named = GapChange { verifier: Some(Some("J. Doe".to_owned())), ..GapChange::default() };
        world.changes("ACME-G1", named, &mendel()).await;
        let closing = GapChange { evidence: evidence("Tried"), ..to(GapStatus::Closed) };
        let (field, problem) = refusal(world.engine.change_gap("acme", "ACME-G1", &closing, &osei()).await);
        assert_eq!(field, "status");
        assert!(problem.starts_with("J. Doe is named to test it"), "{problem}");
        world.changes("ACME-G1", closing, &mendel()).await;
    }

    async fn a_risk_is_accepted_by_somebody_until_a_day(db: Db) {
        let world = scene(db).await;
        let accepted = |until: &str| GapChange {
            accepted_by: Some("J. Doe".to_owned()),
            accepted_until: Some(day(until)),
            reason: Some("Spring budget".to_owned()),
            ..to(GapStatus::Accepted)
        };
        for wrong in ["2026-11-17", "2027-05-17"] {
            let (field, _) = refusal(world.engine.change_gap("acme", "ACME-G1", &accepted(wrong), &mendel()).await);
            assert_eq!(field, "accepted_until", "{wrong}");
        }
        world.changes("ACME-G1", accepted("2026-11-30"), &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.status, seen.accepted_until), (GapStatus::Accepted, Some(day("2026-11-30"))));
        assert_eq!(seen.history[0].note.as_deref(), Some("Accepted by J. Doe. Spring budget"));
        world.clock.set(crate::world::at("2026-12-01T15:00:00Z"));
        let seen = world.sees("ACME-G1").await;
        assert_eq!(seen.status, GapStatus::Open, "it is over");
        world.changes("ACME-G1", to(GapStatus::InProgress), &mendel()).await;
    }

    async fn a_withdrawal_counts_until_somebody_else_signs(db: Db) {
        let world = scene(db).await;
        let withdrawn = GapChange { reason: Some("Same as G2".to_owned()), ..to(GapStatus::Withdrawn) };
        world.changes("ACME-G1", withdrawn, &mendel()).await;
        let sign = GapChange { is_withdrawal_confirmed: true, ..GapChange::default() };
        let renamed = Actor { name: "Other Name".to_owned(), ..mendel() };
        let namesake = Actor { name: "a. mendel".to_owned(), ..osei() };
        for own in [mendel(), renamed, namesake] {
            let (field, problem) = refusal(world.engine.change_gap("acme", "ACME-G1", &sign, &own).await);
            assert_eq!(field, "is_withdrawal_confirmed", "{own:?}");
            assert!(problem.contains("have somebody else look at it"), "{problem}");
        }
        assert!(!world.sees("ACME-G1").await.is_void);
        world.changes("ACME-G1", sign, &osei()).await;
        assert!(world.sees("ACME-G1").await.is_void);
        world.changes("ACME-G1", to(GapStatus::Open), &mendel()).await;
        let seen = world.sees("ACME-G1").await;
        assert_eq!((seen.is_void, seen.status), (false, GapStatus::Open), "taken back");
    }
}
