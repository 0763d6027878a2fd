//! The dashboard and the alert rules that come with the product name nothing that is not there.

use std::collections::BTreeSet;
use std::process::Command;

use back_office_brief::metrics::Metrics;
use serde_json::Value;

const RULES: &str = include_str!("../../config/prometheus/alerts.yml");
const DASHBOARD: &str = include_str!("../../config/grafana/dashboard.json");

/// The names of all samples that a service can show, of a histogram its three series.
fn shown() -> BTreeSet<String> {
    let text = Metrics::new().render();
    let mut names = BTreeSet::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').expect("a name and a type");
        if kind == "histogram" {
            names.extend(["_bucket", "_sum", "_count"].map(|end| format!("{name}{end}")));
        } else {
            names.insert(name.to_owned());
        }
    }
    // Has a series once a loop runs.
    names.insert("brief_tick_age_seconds".to_owned());
    names.insert("brief_alerts_active".to_owned());
    names
}

/// The metrics that an expression names.
fn named(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let ours = words.filter(|word| word.starts_with("brief_") || word.starts_with("process_"));
    ours.map(str::to_owned).collect()
}

fn expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            let expression = fields.get("expr").and_then(Value::as_str);
            found.extend(expression.map(str::to_owned));
            fields.values().for_each(|field| expressions(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, found)),
        _ => {}
    }
}

#[test]
fn every_metric_of_the_dashboard_is_there_and_nearly_every_one_is_on_it() {
    let dashboard: Value = serde_json::from_str(DASHBOARD).expect("JSON");
    let mut found = Vec::new();
    expressions(&dashboard, &mut found);
    assert!(found.len() > 30, "{}", found.len());
    let (shown, used) = (shown(), named(&found.join(" ")));
    let unknown: Vec<_> = used.difference(&shown).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let unused = shown.iter().filter(|name| !used.contains(*name));
    let unused: Vec<_> = unused
        .filter(|name| !["_sum", "_count", "_info"].iter().any(|end| name.ends_with(end)))
        .collect();
    assert!(unused.is_empty(), "on no panel: {unused:?}");
    for panel in dashboard["panels"].as_array().expect("panels") {
        let source = &panel["datasource"]["uid"];
        let is_row = panel["type"] == "row";
        assert!(is_row || *source == "${datasource}", "{}", panel["title"]);
    }
}

#[test]
fn every_metric_of_the_rules_is_there_and_every_rule_says_what_to_do() {
    let shown = shown();
    let used: BTreeSet<String> = named(RULES);
    let unknown: Vec<_> = used.difference(&shown).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let rules: Vec<&str> = RULES.split("- alert: ").skip(1).collect();
    assert!(rules.len() > 12, "{}", rules.len());
    for rule in rules {
        for part in ["expr:", "severity:", "summary:", "runbook: >-"] {
            assert!(rule.contains(part), "{part} is missing in {rule}");
        }
    }
}

#[test]
fn every_label_value_of_the_rules_is_one_that_is_shown() {
    let text = Metrics::new().render();
    for part in RULES.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|p| p.0) {
        let Some((label, values)) = part.split_once('=').filter(|p| !p.0.contains(':')) else {
            continue;
        };
        for value in values.trim_matches(['~', '"']).split('|') {
            assert!(text.contains(&format!("{label}=\"{value}\"")), "{label}={value}");
        }
    }
}

/// `promtool` comes with Prometheus (Debian: prometheus); without it only the tests above look.
#[test]
fn promtool_accepts_the_rules_and_the_metrics() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/config/prometheus/alerts.yml");
    let Ok(checked) = Command::new("promtool").args(["check", "rules", rules]).output() else {
        eprintln!("SKIPPED: no promtool on PATH");
        return;
    };
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("metrics");
    std::fs::write(&page, Metrics::new().render()).expect("a file");
    let page = std::fs::File::open(&page).expect("the file");
    let checked = Command::new("promtool").args(["check", "metrics"]).stdin(page).output();
    let checked = checked.expect("promtool runs");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
