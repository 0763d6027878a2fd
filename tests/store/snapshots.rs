//! A snapshot holds what was written, and nothing that was not known yet or was taken back.

use back_office_brief::domain::codes::{Area, Category, EventKind, ImplementationStatus};
use back_office_brief::domain::snapshot::Snapshot;
use back_office_brief::store::records::{
    Edition, EditionNote, Gap, GapEvent, ImplementationEvent, Organization, WeeklyPoint,
};
use back_office_brief::store::snapshot::{load_snapshots, load_within, note};
use back_office_brief::store::{Db, StoreError};

use crate::on_both;
use crate::sample::{self, acme, at, batch, event, exposure, gap, ms, organization, put, run};

async fn one(db: &Db, cut_off: &str) -> Snapshot {
    let mut found = load_snapshots(db, &["acme"], at(cut_off)).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn frozen(week: &str, cut_off: &str, state: &str, insight: Option<&str>) -> Edition {
    let is_frozen = state == "frozen";
    let text = || is_frozen.then(|| "x".to_owned());
    Edition {
        id: format!("e-{week}"),
        scope_kind: "organization".to_owned(),
        scope_id: "acme".to_owned(),
        iso_week: week.to_owned(),
        kind: "leader".to_owned(),
        variant: "full-en".to_owned(),
        state: state.to_owned(),
        cut_off_at: ms(cut_off),
        as_of: cut_off[..10].to_owned(),
        facts: text(),
        subject: text(),
        body_text: text(),
        body_html: text(),
        mould: is_frozen.then(|| b"x".to_vec()),
        insight_id: insight.map(str::to_owned),
        frozen_at: is_frozen.then(|| ms(cut_off) + 2_000),
        ..Default::default()
    }
}

fn remark(id: &str, week: &str, text: &str, recorded: &str) -> EditionNote {
    EditionNote {
        id: id.to_owned(),
        scope_kind: "organization".to_owned(),
        scope_id: "acme".to_owned(),
        iso_week: week.to_owned(),
        note: text.to_owned(),
        author: "A. Mendel".to_owned(),
        recorded_at: ms(recorded),
    }
}

on_both! {
    async fn what_was_written_is_read_back(db: Db) {
        acme(&db).await;
        let snapshot = one(&db, "2026-10-12T11:00:00Z").await;
        assert_eq!(snapshot.organization.name, "The acme");
        assert!(!snapshot.organization.money_in_subject);
        let [implementation] = snapshot.implementations.as_slice() else { panic!("one implementation") };
        assert_eq!(implementation.status, ImplementationStatus::Preparing);
        assert_eq!(implementation.go_live_on, Some("2027-02-01".parse().unwrap()));
        assert_eq!(implementation.configuration_starts_on, None);
        assert_eq!(implementation.areas, [(Area::Billing, 5)]);
        let [look] = snapshot.looks.as_slice() else { panic!("one look") };
        assert_eq!((look.implementation, look.area, look.category), (0, Area::Billing, Category::NoSource));
        let [gap] = snapshot.gaps.as_slice() else { panic!("one gap") };
        assert_eq!((gap.external_id.as_str(), gap.title.as_str()), ("G1", "Two price lists"));
        let kinds: Vec<EventKind> = gap.events.iter().map(|e| e.kind).collect();
        assert_eq!(kinds, [EventKind::Opened, EventKind::Severity]);
        assert_eq!(gap.exposures[0].per_week.likely, 200);
        assert_eq!(gap.exposures[0].recorded_at, at("2026-10-07T10:00:00Z"));
    }

    async fn what_is_told_after_the_cut_off_is_not_known_at_it(db: Db) {
        acme(&db).await;
        put(&db, &[gap("g2", "acme")]).await;
        put(&db, &[
            event("g2-1", "g2", "opened", Some("open"), "2026-10-12T11:00:00.001Z"),
            event("g1-3", "g1", "status", Some("in_progress"), "2026-10-12T11:00:00Z"),
            GapEvent { effective_on: "2026-10-08".to_owned(), ..event("g1-4", "g1", "status", Some("verifying"), "2026-10-20T11:00:00Z") },
        ]).await;
        put(&db, &[exposure("g1-y", "g1", "2026-10-13T10:00:00Z")]).await;
        put(&db, &[ImplementationEvent {
            id: "moved".to_owned(),
            implementation_id: "erp".to_owned(),
            field: "go_live_on".to_owned(),
            from_value: Some("2027-02-01".to_owned()),
            to_value: Some("2027-03-01".to_owned()),
            effective_on: "2026-10-14".to_owned(),
            recorded_at: ms("2026-10-14T10:00:00Z"),
            ..Default::default()
        }]).await;
        let then = one(&db, "2026-10-12T11:00:00Z").await;
        assert_eq!(then.gaps.len(), 1, "g2 was told of a millisecond later");
        let told: Vec<&str> = then.gaps[0].events.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(told, ["g1-1", "g1-2", "g1-3"], "at the very instant counts, back-dated later does not");
        assert_eq!(then.gaps[0].exposures.len(), 1);
        assert_eq!(then.implementations[0].go_live_on, Some("2027-02-01".parse().unwrap()));
        let later = one(&db, "2026-10-21T11:00:00Z").await;
        assert_eq!(later.gaps.len(), 2);
        assert_eq!(later.gaps[0].events.len(), 4);
        assert_eq!(later.gaps[0].exposures.len(), 2);
        assert_eq!(later.implementations[0].go_live_on, Some("2027-03-01".parse().unwrap()));
        let before = one(&db, "2026-10-05T08:00:00Z").await;
        assert!(before.implementations.is_empty() && before.gaps.is_empty() && before.looks.is_empty());
    }

    async fn a_voided_import_was_never_there(db: Db) {
        acme(&db).await;
        put(&db, &[batch("good", None), batch("bad", Some(ms("2026-11-01T00:00:00Z")))]).await;
        let with = |batch: &str, id: &str| GapEvent {
            batch_id: Some(batch.to_owned()),
            ..event(id, "g1", "note", None, "2026-10-08T10:00:00Z")
        };
        put(&db, &[with("good", "g1-good"), with("bad", "g1-bad")]).await;
        put(&db, &[Gap {
            batch_id: Some("bad".to_owned()),
            voided_at: Some(ms("2026-11-01T00:00:00Z")),
            ..gap("g3", "acme")
        }]).await;
        put(&db, &[event("g3-1", "g3", "opened", Some("open"), "2026-10-08T10:00:00Z")]).await;
        let mut price = exposure("g1-bad-x", "g1", "2026-10-08T10:00:00Z");
        price.batch_id = Some("bad".to_owned());
        put(&db, &[price]).await;
        let snapshot = one(&db, "2026-10-12T11:00:00Z").await;
        assert_eq!(snapshot.gaps.len(), 1);
        assert!(snapshot.gaps[0].events.iter().any(|e| e.id == "g1-good"));
        assert!(snapshot.gaps[0].events.iter().all(|e| e.id != "g1-bad"));
        assert_eq!(snapshot.gaps[0].exposures.len(), 1);
        // The external id is free again for a better import.
        put(&db, &[Gap { id: "g3-again".to_owned(), ..gap("g3", "acme") }]).await;
        run(&db, "UPDATE organization SET voided_at = 1").await.unwrap();
        assert!(load_snapshots(&db, &["acme"], at("2026-10-12T11:00:00Z")).await.unwrap().is_empty());
    }

    async fn the_past_is_what_was_frozen_before_this_cut_off(db: Db) {
        acme(&db).await;
        put(&db, &[
            frozen("2026-W42", "2026-10-12T11:00:00Z", "frozen", Some("i-7")),
            frozen("2026-W43", "2026-10-19T11:00:00Z", "frozen", Some("i-7")),
            frozen("2026-W44", "2026-10-26T11:00:00Z", "expired", Some("i-8")),
            frozen("2026-W45", "2026-11-02T12:00:00Z", "draft", Some("i-9")),
        ]).await;
        let point = |as_of: &str, reported: Option<i64>| WeeklyPoint {
            implementation_id: "erp".to_owned(),
            as_of: as_of.to_owned(),
            score_reported: reported,
            ..Default::default()
        };
        put(&db, &[
            point("2026-10-12", Some(60_000)),
            point("2026-10-19", None),
            point("2026-11-02", Some(66_000)),
        ]).await;
        put(&db, &[
            remark("n1", "2026-W45", "First thoughts.", "2026-11-01T10:00:00Z"),
            remark("n2", "2026-W45", "Better thoughts.", "2026-11-02T11:00:00Z"),
            remark("n3", "2026-W45", "Too late for the cut-off.", "2026-11-02T13:00:00Z"),
            remark("n4", "2026-W44", "Another week.", "2026-11-02T11:30:00Z"),
        ]).await;
        let snapshot = one(&db, "2026-11-02T12:00:00Z").await;
        assert_eq!(snapshot.previous_cut_off, Some(at("2026-10-19T11:00:00Z")), "an expired week is told in this one");
        assert_eq!(snapshot.previous_sent_at, Some(at("2026-10-19T11:00:02Z")));
        let insights: Vec<(&str, u32)> = snapshot.insights_sent.iter().map(|(k, v)| (k.as_str(), *v)).collect();
        assert_eq!(insights, [("i-7", 2)], "the youngest, and only what was sent");
        let reported: Vec<i64> = snapshot.reported.values().copied().collect();
        assert_eq!(reported, [60_000], "this cut-off's own point is not its past");
        assert_eq!(snapshot.note.unwrap().text, "Better thoughts.");

        let mut tx = db.begin_read().await.unwrap();
        let late = note(&mut tx, "organization", "acme", "2026-W45", at("2026-11-02T14:00:00Z")).await.unwrap();
        assert_eq!(late.unwrap().text, "Too late for the cut-off.");
        tx.rollback().await.unwrap();
        put(&db, &[remark("n5", "2026-W45", " ", "2026-11-02T11:59:00Z")]).await;
        assert_eq!(one(&db, "2026-11-02T12:00:00Z").await.note, None, "an empty note takes it back");
    }

    async fn the_number_of_statements_depends_on_nothing(db: Db) {
        acme(&db).await;
        let count = async |ids: &[String]| {
            let before = db.queries();
            let found = load_snapshots(&db, ids, at("2026-10-12T11:00:00Z")).await.unwrap();
            (db.queries() - before, found.len(), found.iter().map(|s| s.gaps.len()).sum::<usize>())
        };
        let (small, ..) = count(&["acme".to_owned()]).await;
        let mut ids = vec!["acme".to_owned()];
        let organizations: Vec<Organization> = (0..30).map(|n| organization(&format!("o{n}"))).collect();
        put(&db, &organizations).await;
        let mut gaps = Vec::new();
        for organization in &organizations {
            ids.push(organization.id.clone());
            gaps.extend((0..40).map(|n| gap(&format!("{}-g{n}", organization.id), &organization.id)));
        }
        put(&db, &gaps).await;
        let opened: Vec<GapEvent> = gaps
            .iter()
            .map(|g| event(&format!("{}-1", g.id), &g.id, "opened", Some("open"), "2026-10-07T10:00:00Z"))
            .collect();
        put(&db, &opened).await;
        let (large, organizations, gaps) = count(&ids).await;
        assert_eq!((organizations, gaps), (31, 1 + 30 * 40));
        assert_eq!(small, large, "one organization or thirty, one gap or forty each");
        assert!(small > 5, "statements are counted: {small}");
    }

    async fn snapshots_come_in_the_order_that_was_asked_for(db: Db) {
        put(&db, &[organization("a"), organization("b"), organization("c")]).await;
        let found = load_snapshots(&db, &["c", "nobody", "a"], at("2026-10-12T11:00:00Z")).await.unwrap();
        let ids: Vec<&str> = found.iter().map(|s| s.organization.id.as_str()).collect();
        assert_eq!(ids, ["c", "a"]);
        assert!(load_snapshots::<&str>(&db, &[], at("2026-10-12T11:00:00Z")).await.unwrap().is_empty());
    }

    async fn a_transaction_sees_what_it_wrote(db: Db) {
        put(&db, &[organization("acme")]).await;
        let mut tx = db.begin().await.unwrap();
        back_office_brief::store::bulk::insert(&mut tx, &[gap("g1", "acme")]).await.unwrap();
        let opened = event("g1-1", "g1", "opened", Some("open"), "2026-10-07T10:00:00Z");
        back_office_brief::store::bulk::insert(&mut tx, &[opened]).await.unwrap();
        let found = load_within(&mut tx, &["acme"], at("2026-10-12T11:00:00Z")).await.unwrap();
        assert_eq!(found[0].gaps.len(), 1);
        tx.rollback().await.unwrap();
        assert!(one(&db, "2026-10-12T11:00:00Z").await.gaps.is_empty());
    }

    async fn a_value_nobody_could_have_written_is_named(db: Db) {
        put(&db, &[Organization { time_zone: "Mars/Olympus".to_owned(), ..sample::organization("acme") }]).await;
        let error = load_snapshots(&db, &["acme"], at("2026-10-12T11:00:00Z")).await.unwrap_err();
        assert!(matches!(&error, StoreError::Corrupt { table: "organization", column: "time_zone", row, .. } if row == "acme"));
        assert!(error.to_string().contains("Mars/Olympus"), "{error}");
    }
}
