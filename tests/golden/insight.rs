//! I1: which insight an organization gets in a week (MODEL 6.8).

use std::collections::BTreeMap;
use std::str::FromStr;

use back_office_brief::domain::insight::{Insight, InsightContext, choose, fnv1a64};
use back_office_brief::domain::source::{ClaimKind, Source};
use jiff::civil::Date;
use serde_json::Value;

/// A word of a closed vocabulary under a key that may be absent or null.
fn code_under<T: FromStr>(value: &Value, key: &str) -> Option<T> {
    let word = value.get(key)?.as_str()?;
    Some(word.parse().unwrap_or_else(|_| panic!("{key}: {word:?} is not in the vocabulary")))
}

fn entry(value: &Value) -> Insight {
    Insight {
        id: value["id"].as_str().unwrap().to_owned(),
        category: code_under(value, "category"),
        area: code_under(value, "area"),
        trend: code_under(value, "trend"),
        situation: code_under(value, "situation"),
        text: String::new(),
        claim_kind: ClaimKind::Finding,
        source: Source {
            title: String::new(),
            publisher: String::new(),
            year: 2026,
            url: String::new(),
        },
        review_by: Date::constant(2028, 11, 24),
    }
}

pub fn choice(case: &Value) {
    let given = &case["given"];
    let entries: Vec<Insight> = given["entries"].as_array().unwrap().iter().map(entry).collect();
    let context = InsightContext {
        situation: code_under(&given["context"], "situation"),
        category: code_under(&given["context"], "category"),
        area: code_under(&given["context"], "area"),
        trend: code_under(&given["context"], "trend"),
    };
    let org = given["org"].as_str().unwrap();
    let week = given["week"].as_str().unwrap();
    let hashes = given["fnv1a64_of_key"].as_object().unwrap();
    assert_eq!(hashes.len(), entries.len());
    for (id, hash) in hashes {
        let key = format!("{org}|{week}|{id}");
        assert_eq!(format!("{:016x}", fnv1a64(key.as_bytes())), hash.as_str().unwrap(), "{key}");
    }
    let sent = |ids: &[&str]| -> BTreeMap<String, u32> {
        ids.iter().map(|id| ((*id).to_owned(), 3)).collect()
    };
    let history = [
        ("sent_ap_3_weeks_ago", sent(&["undoc-ap"])),
        ("both_ap_sent", sent(&["undoc-ap", "undoc-ap-2"])),
        ("nothing_sent", sent(&[])),
    ];
    assert_eq!(case["expect"].as_object().unwrap().len(), history.len());
    for (name, sent) in history {
        let chosen = choose(&entries, &context, org, week, &sent, 26).map(|e| e.id.as_str());
        assert_eq!(chosen, case["expect"][name].as_str(), "{name}");
    }
}
