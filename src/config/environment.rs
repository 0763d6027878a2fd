//! The topmost layer: `BRIEF__SECTION__KEY`.

use super::layer::{Layers, Origin, Raw};
use super::problem::Problem;

const PREFIX: &str = "BRIEF__";

/// Puts every `BRIEF__` variable on top of the layers, in the order of their names.
pub(super) fn add(
    layers: &mut Layers,
    environment: &[(String, String)],
    problems: &mut Vec<Problem>,
) {
    let mut ours: Vec<_> = environment
        .iter()
        .filter_map(|(name, value)| Some((name, name.strip_prefix(PREFIX)?, value)))
        .collect();
    ours.sort();
    for (name, rest, value) in ours {
        let origin = Origin::Environment(name.clone());
        match rest.split_once("__") {
            Some((section, key)) if !section.is_empty() && !key.is_empty() => {
                let key = format!("{}.{}", section.to_lowercase(), key.to_lowercase());
                let raw = raw(layers, &key, value);
                layers.put(&key, raw, origin, problems);
            }
            _ => problems.push(Problem {
                place: origin.to_string(),
                key: String::new(),
                reason: "the name has no section and key".to_owned(),
                advice: "write BRIEF__SECTION__KEY, for example BRIEF__RELAY__URL".to_owned(),
            }),
        }
    }
}

/// The environment knows only text: a number is one where the setting is one, or may be one.
fn raw(layers: &Layers, key: &str, value: &str) -> Raw {
    let numeric = layers.get(key).is_some_and(|entry| match &entry.raw {
        Raw::Whole(_) => true,
        Raw::Text(text) => text == "none",
        Raw::Other(_) => false,
    });
    match value.trim().parse() {
        Ok(number) if numeric => Raw::Whole(number),
        _ => Raw::Text(value.to_owned()),
    }
}
