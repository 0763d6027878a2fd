//! K1 to K4: the order of the list, stalls, and recent changes.

use back_office_brief::domain::changes::{Window, changes};
use back_office_brief::domain::codes::{Area, Category, EventKind, GapStatus, Severity};
use back_office_brief::domain::constants::Constants;
use back_office_brief::domain::history::{GapState, add_days};
use back_office_brief::domain::rank::{Key, compare, is_near};
use back_office_brief::domain::snapshot::GapEvent;
use back_office_brief::domain::stall::reasons;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::model::{self, at};
use crate::{code, date, date_or_none, int, list, text, texts};

pub fn rank(case: &Value) {
    let given = &case["given"];
    let constants = Constants::default();
    let near = is_near(date(&given["as_of"]), date_or_none(&given["go_live"]), &constants);
    let mut keys: Vec<Key<'_>> = list(&given["gaps"])
        .iter()
        .filter(|gap| code::<GapStatus>(&gap["status"]) != GapStatus::Closed)
        .map(|gap| Key {
            severity: Severity::try_from(int(&gap["severity"])).unwrap(),
            likely_per_week: int(&gap["exposure_likely"]),
            worth_milli: int(&gap["points_milli"]),
            idle_weeks: int(&gap["idle"]),
            opened_on: date(&gap["opened_on"]),
            external_id: text(&gap["id"]),
        })
        .collect();
    for _ in 0..2 {
        keys.sort_by(|a, b| compare(a, b, near));
        let order: Vec<&str> = keys.iter().map(|key| key.external_id).collect();
        assert_eq!(order, texts(&case["expect"]["order"]));
        keys.reverse(); // The order of the rows must not matter.
    }
}

pub fn stall_reasons(case: &Value) {
    let given = &case["given"];
    let opened_on = date(&given["opened_on"]);
    let state = GapState {
        status: code(&given["status"]),
        status_since: opened_on,
        accepted_until: None,
        severity: Severity::DEFICIENCY,
        owner: given["owner"].as_str().map(str::to_owned),
        unowned_since: opened_on,
        due_on: date_or_none(&given["due_on"]),
        due_moves_later: int(&given["due_moves_later"]),
        next_step: None,
        last_movement: date(&given["last_movement"]),
        reopenings: 0,
    };
    let as_of = date(&given["as_of"]);
    let found = reasons(&state, as_of, &Constants::default());
    assert_eq!(found, texts(&case["expect"]["reasons"]));
    // The same through a history: what the list of a brief says.
    let mut gap = model::gap("g1", Area::Billing, Category::NoSource, opened_on);
    model::set_status(&mut gap, text(&given["status"]), date(&given["last_movement"]));
    for moves in (0..=int(&given["due_moves_later"])).rev() {
        let due = add_days(date(&given["due_on"]), -moves).to_string();
        let told = add_days(date(&given["last_movement"]), -moves);
        model::push(&mut gap, EventKind::DueOn, None, Some(&due), told);
    }
    let facts = model::facts(&model::snapshot(Vec::new(), vec![gap]), as_of);
    assert_eq!(facts.gaps[0].stall_reasons, texts(&case["expect"]["reasons"]));
}

pub fn recent_changes(case: &Value) {
    let given = &case["given"];
    let rows = list(&given["events"]);
    let word = |value: &Value| {
        let text = value.as_str().map(str::to_owned);
        text.or_else(|| value.as_i64().map(|n| n.to_string()))
    };
    let mut snapshot = model::snapshot(Vec::new(), Vec::new());
    for (row, event) in rows.iter().enumerate() {
        let id = text(&event["gap"]);
        if snapshot.gaps.iter().all(|g| g.external_id != id) {
            let opened_on = model::day("2026-09-07");
            snapshot.gaps.push(model::gap(id, Area::Billing, Category::NoSource, opened_on));
            snapshot.gaps.last_mut().unwrap().events.clear();
        }
        let gap = snapshot.gaps.iter_mut().find(|g| g.external_id == id);
        gap.unwrap().events.push(GapEvent {
            id: format!("event-{row}"),
            kind: code(&event["field"]),
            from: word(&event["frm"]),
            to: word(&event["to"]),
            effective_on: date(&event["effective_on"]),
            recorded_at: at(date(&event["recorded_at"]), 0),
            actor: None,
        });
    }
    let window = window(text(&given["window"]));
    let constants = Constants::default();
    let found = changes(&snapshot, window, &TimeZone::UTC, &constants);
    let found: Vec<Value> = found
        .iter()
        .map(|c| json!({"gap": c.gap, "kind": c.kind, "from": c.from, "to": c.to, "backdated": c.backdated}))
        .collect();
    assert_eq!(found, list(&case["expect"]["changes"]));
}

/// `(2026-11-16, 2026-11-23] on recorded_at`: the first day is outside, the last inside.
fn window(words: &str) -> Window {
    let (days, rest) = words.strip_prefix('(').and_then(|w| w.split_once(']')).unwrap();
    assert_eq!(rest, " on recorded_at");
    let (from, to) = days.split_once(", ").unwrap();
    Window { from: at(model::day(from), 0), to: at(model::day(to), 0) }
}
