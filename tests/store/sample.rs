//! A small organization with everything in it, written the way the program writes.

use back_office_brief::store::records::{
    Assessment, AssessmentAnswer, Exposure, Gap, GapEvent, Implementation, ImplementationArea,
    ImplementationEvent, ImportBatch, Organization, Record,
};
use back_office_brief::store::{Db, bulk};
use jiff::Timestamp;

/// An instant from RFC 3339.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The same in milliseconds.
pub fn ms(text: &str) -> i64 {
    at(text).as_millisecond()
}

/// Writes rows in a transaction of their own.
pub async fn put<T: Record>(db: &Db, rows: &[T]) {
    let mut tx = db.begin().await.unwrap();
    let written = bulk::insert(&mut tx, rows).await.unwrap();
    assert_eq!(written, rows.len() as u64);
    tx.commit().await.unwrap();
}

/// Runs one statement as it stands on either engine and returns what came of it.
pub async fn run(db: &Db, sql: &'static str) -> Result<u64, back_office_brief::store::StoreError> {
    Ok(match db {
        Db::Sqlite(pool, _) => sqlx::query(sql).execute(pool).await?.rows_affected(),
        Db::Postgres(pool, _) => sqlx::query(sql).execute(pool).await?.rows_affected(),
    })
}

/// An organization recorded on 5 October 2026.
pub fn organization(id: &str) -> Organization {
    Organization {
        id: id.to_owned(),
        slug: id.to_owned(),
        name: format!("The {id}"),
        currency: "USD".to_owned(),
        time_zone: "America/Chicago".to_owned(),
        cut_off_weekday: 1,
        cut_off_hour: 6,
        review: "none".to_owned(),
        status: "active".to_owned(),
        created_at: ms("2026-10-05T09:00:00Z"),
        ..Default::default()
    }
}

/// An implementation of an organization, with billing in scope and a go-live date.
pub async fn implementation(db: &Db, id: &str, organization: &str) {
    let created_at = ms("2026-10-05T09:00:00Z");
    put(
        db,
        &[Implementation {
            id: id.to_owned(),
            organization_id: organization.to_owned(),
            slug: id.to_owned(),
            name: "ERP cutover".to_owned(),
            kind: "erp".to_owned(),
            target_milli: 85_000,
            created_at,
            ..Default::default()
        }],
    )
    .await;
    let event = |suffix: &str, field: &str, to: &str| ImplementationEvent {
        id: format!("{id}-{suffix}"),
        implementation_id: id.to_owned(),
        field: field.to_owned(),
        to_value: Some(to.to_owned()),
        effective_on: "2026-10-05".to_owned(),
        recorded_at: created_at,
        ..Default::default()
    };
    put(db, &[event("1", "status", "preparing"), event("2", "go_live_on", "2027-02-01")]).await;
    put(
        db,
        &[ImplementationArea {
            id: format!("{id}-billing"),
            implementation_id: id.to_owned(),
            area: "billing".to_owned(),
            weight: 5,
            ..Default::default()
        }],
    )
    .await;
    look(db, id).await;
}

/// A look at billing on 6 October, with one answer.
async fn look(db: &Db, id: &str) {
    put(
        db,
        &[Assessment {
            id: format!("{id}-look"),
            implementation_id: id.to_owned(),
            held_on: "2026-10-06".to_owned(),
            recorded_at: ms("2026-10-06T15:00:00Z"),
            ..Default::default()
        }],
    )
    .await;
    put(
        db,
        &[AssessmentAnswer {
            assessment_id: format!("{id}-look"),
            area: "billing".to_owned(),
            category: "no_source".to_owned(),
            level: Some(2),
            ..Default::default()
        }],
    )
    .await;
}

/// A gap in billing.
pub fn gap(id: &str, organization: &str) -> Gap {
    Gap {
        id: id.to_owned(),
        external_id: id.to_uppercase(),
        organization_id: organization.to_owned(),
        area: "billing".to_owned(),
        category: "no_source".to_owned(),
        leak_zone: "finance".to_owned(),
        title: "Two price lists".to_owned(),
        opened_on: "2026-10-07".to_owned(),
        created_at: ms("2026-10-07T10:00:00Z"),
        ..Default::default()
    }
}

/// An event of a gap, true on the day it was recorded.
pub fn event(id: &str, gap: &str, kind: &str, to: Option<&str>, recorded: &str) -> GapEvent {
    GapEvent {
        id: id.to_owned(),
        gap_id: gap.to_owned(),
        kind: kind.to_owned(),
        to_value: to.map(str::to_owned),
        effective_on: recorded[..10].to_owned(),
        recorded_at: ms(recorded),
        ..Default::default()
    }
}

/// An estimate of 100, 200, 300 a week.
pub fn exposure(id: &str, gap: &str, recorded: &str) -> Exposure {
    Exposure {
        id: id.to_owned(),
        gap_id: gap.to_owned(),
        kind: "rework".to_owned(),
        inputs: "{}".to_owned(),
        low: 100,
        likely: 200,
        high: 300,
        basis: "estimated".to_owned(),
        effective_on: recorded[..10].to_owned(),
        recorded_at: ms(recorded),
        ..Default::default()
    }
}

/// An import, voided if an instant is given.
pub fn batch(id: &str, voided_at: Option<i64>) -> ImportBatch {
    ImportBatch {
        id: id.to_owned(),
        started_at: ms("2026-10-07T10:00:00Z"),
        path: "gaps.csv".to_owned(),
        kind: "gaps".to_owned(),
        sha256: "00".to_owned(),
        voided_at,
        ..Default::default()
    }
}

/// Organization `acme` with implementation `erp` and the gap `g1`, opened on 7 October and priced.
pub async fn acme(db: &Db) {
    put(db, &[organization("acme")]).await;
    implementation(db, "erp", "acme").await;
    put(db, &[gap("g1", "acme")]).await;
    put(
        db,
        &[
            event("g1-1", "g1", "opened", Some("open"), "2026-10-07T10:00:00Z"),
            event("g1-2", "g1", "severity", Some("3"), "2026-10-07T10:00:00Z"),
        ],
    )
    .await;
    put(db, &[exposure("g1-x", "g1", "2026-10-07T10:00:00Z")]).await;
}
