//! The topmost layer: `BRIEF__SECTION__KEY`, and `BRIEF__KEY` for a list that stands in no section.

use super::layer::{Layers, Origin, Raw, list};
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
        match key_of(layers, rest) {
            Some(key) => match raw(layers, &key, value) {
                Ok(raw) => layers.put(&key, raw, origin, problems),
                Err(said) => problems.push(Problem {
                    place: origin.to_string(),
                    key,
                    reason: format!("this is not a list in TOML ({said})"),
                    advice: "write it as [{ name = \"value\" }, { name = \"value\" }]".to_owned(),
                }),
            },
            None => problems.push(Problem {
                place: origin.to_string(),
                key: String::new(),
                reason: "the name has no section and key".to_owned(),
                advice: "write BRIEF__SECTION__KEY, for example BRIEF__RELAY__URL".to_owned(),
            }),
        }
    }
}

/// The setting that a variable's name means; none where it has no section and needs one.
fn key_of(layers: &Layers, rest: &str) -> Option<String> {
    match rest.split_once("__") {
        Some((section, key)) if !section.is_empty() && !key.is_empty() => {
            Some(format!("{}.{}", section.to_lowercase(), key.to_lowercase()))
        }
        None => Some(rest.to_lowercase()).filter(|key| layers.get(key).is_some()),
        Some(_) => None,
    }
}

/// The environment knows only text: a number is one where the setting is one, or may be one, and a
/// list is written as in a file.
fn raw(layers: &Layers, key: &str, value: &str) -> Result<Raw, String> {
    let text = || Raw::Text(value.to_owned());
    let Some(entry) = layers.get(key) else { return Ok(text()) };
    let is_numeric = match &entry.raw {
        Raw::Rows(_) => return list(value),
        Raw::Whole(_) => true,
        Raw::Text(text) => text == "none",
        Raw::Other(_) => false,
    };
    Ok(match value.trim().parse() {
        Ok(number) if is_numeric => Raw::Whole(number),
        _ => text(),
    })
}
