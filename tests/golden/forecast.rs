//! F1 to F11, B1 and B2: the forecast and where it starts.

use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::forecast::{Input, forecast, from_baseline};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::model::day;
use crate::{date, date_or_none, int, ints, list, text};

/// Figures that stand beside every verdict, so that a case which leaves them out expects nothing.
const ALWAYS_KNOWN: [&str; 2] = ["weeks_left", "to_go"];

/// Everything a case expects, against what the forecast says; what it leaves out is not said.
fn assert_says(
    loads: &[i64],
    allowed: Option<i64>,
    as_of: Date,
    go_live: Option<Date>,
    expect: &Map<String, Value>,
) {
    let load = loads.last().copied();
    let said = forecast(
        &Input { loads, load_milli: load.unwrap_or(0), allowed_milli: allowed, as_of, go_live },
        &Constants::default(),
    );
    let said = json!({
        "points_used": said.points_used,
        "load": load,
        "allowed": allowed,
        "to_go": said.to_go_milli,
        "weeks_left": said.weeks_left,
        "weeks_since_go_live": said.weeks_since_go_live,
        "required_per_week": said.required_milli_per_week,
        "pace_per_week": said.pace_milli_per_week,
        "required_over_pace_pct": said.ratio_pct,
        "weeks_needed": said.weeks_needed,
        "ready_on": said.ready_on,
        "earliest_on": said.earliest_on,
        "latest_on": said.latest_on,
        "verdict": said.verdict,
        "weeks_late": said.weeks_late,
        "weeks_early": said.weeks_early,
        "weeks_until_forecast": said.weeks_until_forecast,
    });
    let said = said.as_object().unwrap();
    for key in expect.keys() {
        assert!(said.contains_key(key), "the forecast has no {key}");
    }
    for (key, figure) in said {
        match expect.get(key) {
            Some(expected) => assert_eq!(figure, expected, "{key}"),
            None if ALWAYS_KNOWN.contains(&key.as_str()) => {}
            None => assert!(figure.is_null(), "{key} is {figure}"),
        }
    }
}

pub fn verdict(case: &Value) {
    let given = &case["given"];
    assert_says(
        &ints(&given["weekly_open_load_milli"]),
        given["allowed_milli"].as_i64(),
        date(&given["as_of"]),
        date_or_none(&given["go_live"]),
        case["expect"].as_object().unwrap(),
    );
}

pub fn baseline(case: &Value) {
    let expect = &case["expect"];
    let points: Vec<(i64, i64)> = list(&case["given"]["open_load_and_coverage_bp"])
        .iter()
        .map(|point| (int(&point[0]), int(&point[1])))
        .collect();
    let used = from_baseline(&points, &Constants::default());
    assert_eq!(used, ints(&expect["used"]));
    let (as_of, go_live) = (day("2026-11-23"), Some(day("2027-02-01")));
    if let Some(said) = expect.get("forecast") {
        let said = said.as_object().unwrap();
        assert_says(&used, said["allowed"].as_i64(), as_of, go_live, said);
    } else {
        let input = Input {
            loads: &used,
            load_milli: points.last().unwrap().0,
            allowed_milli: Some(0),
            as_of,
            go_live,
        };
        let said = forecast(&input, &Constants::default());
        assert_eq!(said.verdict.as_str(), text(&expect["verdict"]));
    }
}
