//! What gaps are called where two of one brief would be called the same.

use std::collections::BTreeMap;

use crate::domain::facts::{ChangeFacts, GapFacts};
use crate::domain::one_line::{cut_at_word, one_line};
use crate::domain::snapshot::SHORT_NAME_CHARS;

/// Longest id that is put behind a name; a longer one would leave no room for the name.
const ID_CHARS: usize = 16;

/// Puts the id behind a name that several gaps of this brief share, so that a reader can tell them
/// apart: "Ticket on product 2 (H-1234)".
pub fn tell_apart(gaps: &mut [GapFacts], changes: &mut [ChangeFacts]) {
    let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let of_gaps = gaps.iter().map(|g| (&g.short_name, &g.external_id));
    let of_changes = changes.iter().filter(|c| is_about_a_gap(c)).map(|c| (&c.name, &c.gap));
    for (name, id) in of_gaps.chain(of_changes) {
        let ids = named.entry(name.to_lowercase()).or_default();
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    named.retain(|_, ids| ids.len() > 1);
    let shared = |name: &str| named.contains_key(&name.to_lowercase());
    for gap in gaps.iter_mut().filter(|g| shared(&g.short_name)) {
        gap.short_name = with_id(&gap.short_name, &gap.external_id);
    }
    for change in changes.iter_mut().filter(|c| is_about_a_gap(c) && shared(&c.name)) {
        change.name = with_id(&change.name, &change.gap);
    }
}

/// Calls the gaps of some changes what the list calls them, and the others apart from one another.
pub fn as_listed(listed: &[GapFacts], changes: &mut [ChangeFacts]) {
    let names: BTreeMap<&str, &String> =
        listed.iter().map(|gap| (gap.external_id.as_str(), &gap.short_name)).collect();
    for change in changes.iter_mut().filter(|c| is_about_a_gap(c)) {
        if let Some(name) = names.get(change.gap.as_str()) {
            change.name.clone_from(name);
        }
    }
    tell_apart(&mut [], changes);
}

/// Dates of implementations and assessments are not a gap's.
fn is_about_a_gap(change: &ChangeFacts) -> bool {
    !matches!(change.kind.as_str(), "go_live_on" | "configuration_starts_on" | "assessment")
}

fn with_id(name: &str, id: &str) -> String {
    let id: String = one_line(id).chars().take(ID_CHARS).collect();
    let room = SHORT_NAME_CHARS.saturating_sub(id.chars().count() + 3);
    format!("{} ({id})", cut_at_word(name, room))
}
