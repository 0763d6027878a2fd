//! "Why this number?": the formula with its inputs, its source, who said so and when.

use back_office_brief::store::Db;
use back_office_brief::store::records::ImportBatch;

use crate::cases::{case, event, gap, int, list, price};
use crate::on_both;
use crate::read::gap as gap_of;
use crate::world::{World, ms};

/// The worked cases with what they look like as a sum.
const KINDS: [(&str, &str, &str, [&str; 3]); 6] = [
    ("E1_rework", "rework", "Hours", ["18 h × $58.00", "26 h × $58.00", "34 h × $58.00"]),
    (
        "E2_error",
        "error",
        "Errors",
        [
            "310 a week × 12% wrong × $14.50",
            "310 a week × 18% wrong × $14.50",
            "310 a week × 24% wrong × $14.50",
        ],
    ),
    (
        "E3_leakage",
        "leakage",
        "Leak",
        [
            "$420,000.00 billed a week × 0.4%",
            "$420,000.00 billed a week × 0.9%",
            "$420,000.00 billed a week × 1.5%",
        ],
    ),
    (
        "E4_late_cash",
        "late_cash",
        "Late",
        [
            "$420,000.00 billed a week × 7 days late × 9% a year ÷ 365",
            "$420,000.00 billed a week × 11 days late × 9% a year ÷ 365",
            "$420,000.00 billed a week × 16 days late × 9% a year ÷ 365",
        ],
    ),
    (
        "E5_event",
        "event",
        "Events",
        [
            "12 a year × $291.00 × 7 ÷ 365",
            "24 a year × $291.00 × 7 ÷ 365",
            "40 a year × $291.00 × 7 ÷ 365",
        ],
    ),
    (
        "E6_direct",
        "direct",
        "Direct",
        [
            "$1,800.00 in 30 days × 7 ÷ 30",
            "$2,600.00 in 30 days × 7 ÷ 30",
            "$3,300.00 in 30 days × 7 ÷ 30",
        ],
    ),
];

/// An organization with one gap of each kind.
async fn priced(world: &World) {
    world.house("sums", |_| {}).await;
    world.platform("sums", &[("billing", 3)], None).await;
    for (name, kind, called, _) in KINDS {
        let case = case(name);
        let mut own = gap("sums", kind, "billing", "no_source", "2026-11-02");
        own.short_name = Some(called.to_owned());
        world.put(&[own]).await;
        let mut opened = event(kind, "opened", Some("open"), "2026-11-02");
        opened.actor = Some("R. Roe".to_owned());
        world.put(&[opened]).await;
        let bounds: Vec<i64> =
            list(&case["expect"]["per_week_minor_low_likely_high"]).iter().map(int).collect();
        let mut exposure = price(kind, kind, bounds.try_into().unwrap(), "2026-11-02");
        exposure.inputs = case["given"]["inputs"].to_string();
        exposure.source_note = Some("Timesheets of October".to_owned());
        world.put(&[exposure]).await;
    }
}

on_both! {
    async fn every_kind_of_price_is_shown_as_the_sum_it_is(db: Db) {
        let world = World::on(db);
        priced(&world).await;
        let (browser, link) = world.follow("sums", "2026-11-23").await;
        let page = browser.get(&format!("{link}/gaps")).await;
        for (name, _, called, sums) in KINDS {
            let own = gap_of(&page, called);
            let case = case(name);
            let bounds = list(&case["expect"]["per_week_minor_low_likely_high"]);
            for ((corner, sum), minor) in ["Low", "Likely", "High"].iter().zip(sums).zip(bounds) {
                let amount = back_office_brief::domain::money::exact(int(minor), "USD");
                let words = format!("{corner} {sum} {amount} a week");
                assert!(own.contains(&words), "{words:?} is not in {own}");
            }
            for words in [
                "Basis estimated by your team", "Source Timesheets of October", "In force since 2 November 2026",
                "Recorded 2 November 2026, by R. Roe", "From 2 November 2026 21 days at",
            ] {
                assert!(own.contains(words), "{words:?} is not in {own}");
            }
        }
    }

    async fn a_price_says_which_import_told_of_it(db: Db) {
        let world = World::on(db);
        priced(&world).await;
        let batch = ImportBatch {
            id: "batch-1".to_owned(), started_at: ms("2026-11-16T05:00:00Z"), path: "/home/ana/secret plans/gaps.csv".to_owned(),
            kind: "gaps".to_owned(), sha256: "0".repeat(64), ..Default::default()
        };
        world.put(&[batch]).await;
        let mut estimate = price("rework", "rework", [100, 200, 300], "2026-11-16");
        estimate.batch_id = Some("batch-1".to_owned());
        world.put(&[estimate]).await;
        let (browser, link) = world.follow("sums", "2026-11-23").await;
        let page = browser.get(&format!("{link}/gaps")).await;
        let own = gap_of(&page, "Hours");
        assert!(own.contains("Recorded 16 November 2026, from gaps.csv"), "{own}");
        assert!(own.contains("Likely the figure as it was given $2.00 a week"), "{own}");
        assert!(own.contains("From 2 November 2026 14 days at $1,508.00 a week $3,016.00 From 16 November 2026 7 days at $2.00 a week $2.00"), "{own}");
        assert!(!page.text.contains("secret plans"), "where a file lay is nobody's business");
    }

    async fn of_a_group_it_is_said_which_figure_counts(db: Db) {
        let world = World::on(db);
        world.house("group", |_| {}).await;
        world.platform("group", &[("billing", 3)], None).await;
        for (id, called, likely) in [("a", "Larger", 50_000), ("b", "Smaller", 30_000), ("c", "Alone", 10_000)] {
            let mut own = gap("group", id, "billing", "no_source", "2026-11-02");
            own.short_name = Some(called.to_owned());
            own.exposure_group = (id != "c").then(|| "billing run".to_owned());
            world.put(&[own]).await;
            world.put(&[event(id, "opened", Some("open"), "2026-11-02")]).await;
            world.put(&[price(id, "rework", [likely; 3], "2026-11-02")]).await;
        }
        let (browser, link) = world.follow("group", "2026-11-23").await;
        let page = browser.get(&link).await;
        let counted = "in the group billing run with one other open gap; the largest figure counts, and";
        assert!(gap_of(&page, "Larger").contains(&format!("{counted} it is this one")));
        assert!(gap_of(&page, "Smaller").contains(&format!("{counted} this is not it")));
        assert!(!gap_of(&page, "Alone").contains("in the group"));
        let money = crate::read::section(&page, "money");
        assert!(money.contains("The group billing run $500.00 a week Alone $100.00 a week Together 3 of 3 open gaps priced $600.00 a week"), "{money}");
        // Closing the larger one saves only the fall of the largest figure.
        browser.get(&format!("{link}/what-if?close=a")).await.says("It would save about $200 a week; $400 a week would be left.");
    }
}
