//! What a gap costs: each kind with its inputs in the units of people, the sum before it is saved, and
//! what cannot be read.

use back_office_brief::store::Db;

use crate::desk::{ana, world};
use crate::html::faults;
use crate::on_both;
use crate::world::number;

const G1: &str = "/desk/c/northfield/gaps/NORTHFIELD-G1";

/// A kind of price, what is typed for it, and the sum that is shown.
type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Each kind with what is typed and the exact figures of MODEL 5 (E1 to E6).
const KINDS: [Case; 6] = [
    (
        "rework",
        &[("hours_centi_per_week.likely", "26"), ("rate_minor_per_hour.likely", "58.00")],
        "$1,508.00",
    ),
    (
        "error",
        &[
            ("volume_per_week.likely", "310"),
            ("error_rate_bp.likely", "18"),
            ("cost_minor_per_error.likely", "14.50"),
        ],
        "$809.10",
    ),
    (
        "leakage",
        &[("billed_minor_per_week.likely", "420,000"), ("leak_bp.likely", "0.9")],
        "$3,780.00",
    ),
    (
        "late_cash",
        &[
            ("billed_minor_per_week.likely", "420000"),
            ("days_late_tenths.likely", "11"),
            ("annual_cost_of_capital_bp.likely", "9"),
        ],
        "$1,139.18",
    ),
    (
        "event",
        &[("events_milli_per_year.likely", "24"), ("loss_minor_per_event.likely", "291")],
        "$133.94",
    ),
    ("direct", &[("amount_minor.likely", "2600"), ("period_days.likely", "30")], "$606.67"),
];

on_both! {
    async fn each_kind_is_worked_out(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        for (kind, typed, sum) in KINDS {
            let asked = browser.get(&format!("{G1}?kind={kind}")).await;
            asked.is(200);
            assert_eq!(faults(&asked.text), Vec::<String>::new(), "{kind}");
            for (name, _) in typed {
                assert!(asked.text.contains(&format!("name=\"{name}\"")), "{kind} asks for {name}");
            }
            let own = [("do", "price"), ("exposure_kind", kind), ("exposure_basis", "measured"), ("exposure_source", "the ledger")];
            let fields = [&own[..], typed].concat();
            let tried = browser.fill(G1, &[&fields[..], &[("sum", "show")]].concat()).await;
            tried.is(200).says(&format!("It comes to <strong>{sum} a week</strong>")).says("Nothing is saved yet.");
            for (name, value) in typed {
                assert!(tried.text.contains(&format!("name=\"{name}\"")) && tried.text.contains(&format!("value=\"{value}\"")), "{kind}: {name}");
            }
            browser.fill_on(G1, &fields).await.says(&format!("<strong>{sum} a week</strong>")).says("the ledger");
        }
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM exposure WHERE gap_id = 'northfield-g1'").await, 1 + 6);
        browser.fill_on(G1, &[("do", "price"), ("exposure_kind", "unpriced")]).await.says("not priced").says("not priced</");
    }

    async fn a_range_is_three_figures(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let fields = [
            ("do", "price"), ("exposure_kind", "rework"), ("exposure_basis", "estimated"),
            ("hours_centi_per_week.low", "10"), ("hours_centi_per_week.likely", "26.5"), ("hours_centi_per_week.high", "30"),
            ("rate_minor_per_hour.likely", "58"),
        ];
        let page = browser.fill_on(G1, &fields).await;
        page.says("<strong>$1,537.00 a week</strong> ($580.00 to $1,740.00)").says("$200.00 a week → $1,537.00 a week");
        for value in ["value=\"10\"", "value=\"26.5\"", "value=\"30\"", "value=\"58\""] {
            assert!(page.text.contains(value), "{value}");
        }
    }

    async fn what_cannot_be_read_is_kept_with_its_sentence(db: Db) {
        let world = world(db).await;
        let browser = ana(&world).await;
        let own = [("do", "price"), ("exposure_kind", "rework"), ("exposure_basis", "estimated")];
        for (typed, says) in [
            (vec![("hours_centi_per_week.likely", "26,5"), ("rate_minor_per_hour.likely", "58")], "write it like 1500.50"),
            (vec![("hours_centi_per_week.likely", "26"), ("rate_minor_per_hour.likely", "")], "give the likely figure at least"),
            (vec![("hours_centi_per_week.likely", "26"), ("rate_minor_per_hour.likely", "58.001")], "2 decimals fit"),
            (vec![("hours_centi_per_week.likely", "-1"), ("rate_minor_per_hour.likely", "58")], "is not a number"),
            (
                vec![("hours_centi_per_week.low", "30"), ("hours_centi_per_week.likely", "26"), ("rate_minor_per_hour.likely", "58")],
                "cannot lie outside of low and high",
            ),
            (
                vec![("hours_centi_per_week.likely", "9999999999999999"), ("rate_minor_per_hour.likely", "9999999999999999")],
                "more than an amount can hold",
            ),
        ] {
            for sum in [&[][..], &[("sum", "show")][..]] {
                let page = browser.fill(G1, &[&own[..], &typed, sum].concat()).await;
                page.is(422).says(says);
                assert_eq!(faults(&page.text), Vec::<String>::new(), "{typed:?}");
                for (_, value) in &typed {
                    assert!(page.text.contains(&format!("value=\"{value}\"")), "{value} is kept");
                }
            }
        }
        browser.fill(G1, &[("do", "price"), ("exposure_kind", "magic")]).await.is(422).says("is not a known exposure kind");
        browser.fill(G1, &[("do", "price"), ("exposure_kind", "direct"), ("exposure_basis", ""), ("amount_minor.likely", "1"), ("period_days.likely", "0")]).await.is(422);
        assert_eq!(number(&world.db, "SELECT COUNT(*) FROM exposure WHERE gap_id = 'northfield-g1'").await, 1);
    }

    async fn currencies_have_their_decimals(db: Db) {
        let world = world(db).await;
        world.organization_with("kobe", |own| own.currency = "JPY".to_owned()).await;
        world.by_hand("INSERT INTO consultant_client (id, person_id, organization_id, since) VALUES ('kobe-link', 'person-ana.mendel@advisor.example', 'kobe', 1)").await;
        let browser = ana(&world).await;
        let own = [("do", "price"), ("exposure_kind", "direct"), ("exposure_basis", "measured"), ("period_days.likely", "7")];
        let gap = "/desk/c/kobe/gaps/KOBE-G1";
        browser.fill(gap, &[&own[..], &[("amount_minor.likely", "1500.50")]].concat()).await.is(422).says("no decimals fit");
        browser.fill_on(gap, &[&own[..], &[("amount_minor.likely", "124,371")]].concat()).await.says("¥124,371 a week");
    }
}
