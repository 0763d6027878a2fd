//! E1 to E8, M1 to M3: what a gap costs a week, and money as it is printed.

use back_office_brief::domain::codes::ExposureKind;
use back_office_brief::domain::exposure::per_week;
use back_office_brief::domain::money;
use back_office_brief::domain::portfolio;
use serde_json::Value;

use crate::{code, int, ints, list, text};

pub fn exposure(case: &Value) {
    let given = &case["given"];
    let kind: ExposureKind = code(&given["kind"]);
    let bounds = per_week(kind, given["inputs"].as_object().unwrap()).unwrap();
    assert_eq!(
        vec![bounds.low, bounds.likely, bounds.high],
        ints(&case["expect"]["per_week_minor_low_likely_high"])
    );
}

pub fn printed(case: &Value) {
    let inputs = list(&case["given"]["inputs"]);
    let expect = list(&case["expect"]["printed"]);
    assert_eq!(inputs.len(), expect.len());
    assert!(!inputs.is_empty());
    for (input, expect) in inputs.iter().zip(expect) {
        assert_eq!(money::printed(int(&input[1]), text(&input[0])), text(expect), "{input}");
    }
}

pub fn portfolio(case: &Value) {
    let clients = list(&case["given"]["clients"]);
    let clients = clients.iter().map(|pair| (text(&pair[0]), int(&pair[1])));
    let found = portfolio::totals(clients);
    let expect = &case["expect"];
    let expected: Vec<(&str, i64)> = expect["totals_minor"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(currency, minor)| (currency.as_str(), int(minor)))
        .collect();
    // Also in the order of the case: most clients first, then by code.
    let totals: Vec<(&str, i64)> =
        found.iter().map(|total| (total.currency.as_str(), total.likely)).collect();
    assert_eq!(totals, expected);
    let printed = portfolio::printed(&found).join(" + ");
    assert_eq!(printed, text(&expect["printed"]));
}
