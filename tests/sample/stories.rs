//! Each story tells the situation it is there for, by the model's own rules.

use std::collections::BTreeMap;

use back_office_brief::content::shipped;
use back_office_brief::domain::codes::{EditionKind, Verdict};
use back_office_brief::domain::compose::{Request, facts};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::time::instant;
use back_office_brief::sample::story;
use back_office_brief::store::snapshot::load_snapshots;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::support;

/// The facts of every story at its own cut-off of a Monday, by slug.
async fn told(monday: &str) -> BTreeMap<String, Facts> {
    let monday: Date = monday.parse().unwrap();
    let (db, _folder) = support::sqlite().await;
    let rows = story::rows(monday).unwrap();
    let mut tx = db.begin().await.unwrap();
    rows.write(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let library = shipped(monday).unwrap();
    let constants = Constants::default();
    let mut all = BTreeMap::new();
    for organization in &rows.organizations {
        let zone = TimeZone::get(&organization.time_zone).unwrap();
        let cut_off = instant(monday, 6, &zone);
        let snapshots = load_snapshots(&db, &[&organization.id], cut_off).await.unwrap();
        let request = Request {
            snapshot: &snapshots[0],
            zone: &zone,
            cut_off,
            as_of: monday,
            kind: EditionKind::Leader,
            variant: "full-en",
            constants: &constants,
            insights: &library.insights.entries,
        };
        all.insert(organization.slug.clone(), facts(&request));
    }
    all
}

#[tokio::test]
async fn northfield_is_the_worked_case_of_the_model() {
    let told = told("2026-11-23").await;
    let facts = &told["northfield-supply"];
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../data/golden.json")).unwrap();
    let expect = &golden["cases"]["N_full_case"]["expect"];
    let main = &facts.implementations[0];
    let scores: Vec<i64> = main.points.iter().map(|p| p.score_milli).collect();
    assert_eq!(serde_json::json!(scores), expect["weekly_scores_milli"]);
    let loads: Vec<i64> = main.points.iter().map(|p| p.load_milli).collect();
    assert_eq!(serde_json::json!(loads), expect["weekly_open_load_milli"]);
    assert_eq!(main.verdict, Verdict::Late);
    assert_eq!(main.weeks_late, Some(17));
    assert_eq!(main.ready_on.unwrap().to_string(), expect["forecast"]["ready_on"]);
    let money = &facts.exposure;
    assert_eq!(
        serde_json::json!([money.low, money.likely, money.high]),
        expect["exposure_per_week"]
    );
    assert_eq!(serde_json::json!(money.cost_so_far), expect["cost_so_far"]);
    assert_eq!(serde_json::json!(money.protected_to_date), expect["protected_to_date"]);
    let effect = &golden["cases"]["X1_exposure_by_effect"]["expect"]["likely_minor"];
    let by = &money.by_effect;
    assert_eq!(serde_json::json!({"lost": by.lost, "time": by.time, "cash": by.cash}), *effect);
    let order: Vec<String> = facts.gaps.iter().map(|g| g.external_id.replace("NS", "N")).collect();
    assert_eq!(serde_json::json!(order), expect["order"]);
    assert_eq!(
        facts.action.as_ref().unwrap().text,
        "Name one owner for invoice exceptions by Friday 27 November."
    );
    assert_eq!(facts.sources.last_updated_on.unwrap().to_string(), "2026-11-20");
    assert!(facts.week.restated.is_none() && facts.note.is_some());
}

/// What each organization is in the demo for.
#[tokio::test]
async fn every_situation_of_the_model_is_told_by_somebody() {
    let told = told("2026-11-23").await;
    let verdict = |slug: &str| told[slug].implementations[0].verdict;
    for (slug, expected) in [
        ("northfield-supply", Verdict::Late),
        ("calder-dental", Verdict::NoDate),
        ("ostrava-pumps", Verdict::Late),
        ("halden-foods", Verdict::OnTime),
        ("brightwell", Verdict::Live),
        ("tarn-and-reyes", Verdict::TooEarly),
        ("lindqvist-marine", Verdict::ReadyNow),
        ("al-noor-clinics", Verdict::NotAssessed),
        ("fenwick-gardens", Verdict::AssessmentLimits),
        ("rowan-vets", Verdict::NoGoLive),
    ] {
        assert_eq!(verdict(slug), expected, "{slug}");
    }
    assert!(told["ostrava-pumps"].implementations[0].delay_cost.is_some());
    assert!(told["kestrel-freight"].week.quiet && told["kestrel-freight"].week.quiet_weeks == 1);
    assert!(told["marlow-print"].week.quiet && told["marlow-print"].week.quiet_weeks == 3);
    assert!(told["hanami-foods"].week.first);
    assert_eq!(told["kona-outfitters"].exposure.open_gaps, 0);
    assert!(0 < told["kona-outfitters"].exposure.protected_per_week);
    let unpriced = &told["tarn-and-reyes"].exposure;
    assert!(0 < unpriced.open_gaps && unpriced.priced_gaps == 0);
    assert_eq!(told["sundance-components"].implementations.len(), 2);
    let kinds = |slug: &str| told[slug].changes.iter().map(|c| c.kind.as_str()).collect::<Vec<_>>();
    assert!(kinds("torres-vidal").contains(&"go_live_on"));
    assert!(kinds("bluewater-clinics").contains(&"reopened"));
    let withdrawn =
        told["rowan-vets"].changes.iter().find(|c| c.to.as_deref() == Some("withdrawn"));
    assert!(withdrawn.is_some());
    assert!(!told["calder-dental"].implementations[0].open_material.is_empty());
    assert!(1_000_000_000 < told["nusantara-cement"].exposure.likely / 100);
}

/// The stories are told in days, so the briefs do not depend on when the demo runs.
#[tokio::test]
async fn the_same_stories_are_told_across_clock_changes_and_years() {
    let november = told("2026-11-23").await;
    for monday in ["2026-03-30", "2027-01-04"] {
        for (slug, other) in told(monday).await {
            let (one, other) = (&november[&slug], &other);
            assert_eq!(
                one.implementations[0].score_milli, other.implementations[0].score_milli,
                "{slug} {monday}"
            );
            assert_eq!(
                one.implementations[0].verdict, other.implementations[0].verdict,
                "{slug} {monday}"
            );
            assert_eq!(one.exposure.cost_so_far, other.exposure.cost_so_far, "{slug} {monday}");
            assert_eq!(one.changes.len(), other.changes.len(), "{slug} {monday}");
        }
    }
}
