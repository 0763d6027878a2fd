//! Names as they stand in a sentence: one line, cut at a word, with or without a large first letter.

use super::article;
use super::numbers::{and_list, capitalized, number, uncapitalized};
use crate::domain::codes::Area;
use crate::domain::facts::{Facts, GapFacts, ImplementationFacts};
use crate::domain::one_line::{cut_at_word, one_line};
use crate::domain::plain;

/// Slug of the implicit implementation (DESIGN 3).
const IMPLICIT: &str = "back-office";
/// Longest organization name, characters.
const ORGANIZATION: usize = 48;
/// Longest implementation name in the text, characters.
const IMPLEMENTATION: usize = 32;
/// Longest gap name, characters (MODEL 2).
const GAP: usize = 32;
/// Longest name of a person, characters.
const PERSON: usize = 28;
/// Longest sentence, words (MODEL 6.4, rule 3).
const SENTENCE_WORDS: usize = 22;

/// A typed text on one line of at most `most` characters and a quarter as many words, without the
/// stops at its end.
#[must_use]
pub fn tidy(text: &str, most: usize) -> String {
    let line = one_line(text);
    let words = line.split(' ').take(most.div_ceil(4)).map(without_stop);
    let words: Vec<&str> = words.collect();
    let cut = cut_at_word(&words.join(" "), most);
    // An initial keeps its stop: "Mendel A."
    let stem = cut.trim_end_matches(['.', '!', '?', ';', ':', ',', ' ']);
    let is_initial = stem.chars().rev().take_while(|c| c.is_alphanumeric()).count() == 1;
    if is_initial && cut[stem.len()..].starts_with('.') {
        cut[..=stem.len()].to_owned()
    } else {
        stem.to_owned()
    }
}

/// A word of a name without the mark that would end a sentence; "D." and "St." keep theirs.
fn without_stop(word: &str) -> &str {
    let stem = word.trim_end_matches(['.', '!', '?']);
    let is_short_form = stem.chars().count() <= 2 && word[stem.len()..] == *".";
    if is_short_form { word } else { stem }
}

/// The organization's name.
#[must_use]
pub fn organization(name: &str) -> String {
    or(tidy(name, ORGANIZATION), "your organization")
}

/// The implementation's name: "ERP cutover".
#[must_use]
pub fn implementation(of: &ImplementationFacts) -> String {
    or(tidy(&of.name, IMPLEMENTATION), "Back office")
}

/// The implementation where a sentence says that it "is": "the ERP cutover", "the back office".
///
/// None for a name that may be plural ("Shared services"), proper or no thing at all ("Order to
/// cash"): it is put before a colon instead.
#[must_use]
pub fn as_subject(of: &ImplementationFacts) -> Option<String> {
    let name = implementation(of);
    if of.slug == IMPLICIT {
        return Some(format!("the {}", uncapitalized(&name)));
    }
    if !article::names_one_undertaking(&name) {
        return None;
    }
    Some(if name.to_lowercase().starts_with("the ") {
        uncapitalized(&name)
    } else {
        format!("the {name}")
    })
}

/// A person's name.
#[must_use]
pub fn person(name: &str) -> Option<String> {
    Some(tidy(name, PERSON)).filter(|name| !name.is_empty())
}

/// A name of a gap inside a sentence: "price lists".
#[must_use]
pub fn inside(name: &str) -> String {
    uncapitalized(&or(tidy(name, GAP), "an unnamed gap"))
}

/// A name of a gap in a sentence that does something to it: "the payroll list", "price lists".
#[must_use]
pub fn called(name: &str) -> String {
    let name = inside(name);
    if article::wants_the(&name) { format!("the {name}") } else { name }
}

/// A name of a gap at the beginning of a line: "Price lists".
#[must_use]
pub fn first(name: &str) -> String {
    capitalized(&or(tidy(name, GAP), "unnamed gap"))
}

/// "Price lists (D. Ruiz)", "Invoice exceptions (no owner)".
#[must_use]
pub fn gap_with_owner(gap: &GapFacts) -> String {
    let owner = gap.owner.as_deref().and_then(person);
    let owner = owner.unwrap_or_else(|| "no owner".to_owned());
    format!("{} ({owner})", first(&gap.short_name))
}

/// The gap of an external id, if it is among the facts.
#[must_use]
pub fn find<'f>(facts: &'f Facts, id: &str) -> Option<&'f GapFacts> {
    facts.gaps.iter().find(|gap| gap.external_id == id)
}

/// The gaps of external ids as a list in a sentence: at most `most` names, then "and n more".
#[must_use]
pub fn gaps(facts: &Facts, ids: &[String], most: usize) -> String {
    let names: Vec<String> =
        ids.iter().filter_map(|id| find(facts, id)).map(|gap| called(&gap.short_name)).collect();
    listed(&names, most)
}

/// At most `most` names, then "n more": "a, b and 3 more".
#[must_use]
pub fn listed(names: &[String], most: usize) -> String {
    if names.len() <= most {
        return and_list(names);
    }
    let rest = i64::try_from(names.len() - most).unwrap_or(i64::MAX);
    let mut shown: Vec<String> = names.iter().take(most).cloned().collect();
    shown.push(format!("{} more", number(rest)));
    and_list(&shown)
}

/// The same after a colon: "a, b", "a, b and 3 more".
#[must_use]
pub fn after_colon(names: &[String], most: usize) -> String {
    if names.len() <= most { names.join(", ") } else { listed(names, most) }
}

/// Areas in a sentence: at most three, then "and n more areas".
#[must_use]
pub fn areas(areas: &[Area]) -> String {
    let names: Vec<String> = areas.iter().map(|area| area.words().to_owned()).collect();
    let list = listed(&names, 3);
    match names.len() {
        ..=3 => list,
        4 => format!("{list} area"),
        _ => format!("{list} areas"),
    }
}

/// Whether an area's word takes a plural verb.
#[must_use]
pub const fn is_plural(area: Area) -> bool {
    matches!(area, Area::Payables | Area::Collections | Area::People)
}

/// The first wording whose sentences all keep to 22 words (MODEL 6.4, rule 3); the last one where
/// none does. Names that people typed may be longer than any rule foresees.
#[must_use]
pub fn fitting<const N: usize>(wordings: [String; N]) -> String {
    let fits = |text: &String| {
        plain::sentences(text).iter().all(|sentence| plain::count_words(sentence) <= SENTENCE_WORDS)
    };
    let last = wordings.last().cloned().unwrap_or_default();
    wordings.into_iter().find(fits).unwrap_or(last)
}

fn or(text: String, fallback: &str) -> String {
    if text.is_empty() { fallback.to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_name_loses_its_breaks_and_its_closing_stop() {
        assert_eq!(tidy("Price\r\nlists.", 32), "Price lists");
        assert_eq!(tidy("Mendel A.", 32), "Mendel A.");
        assert_eq!(tidy("\u{202E}.", 32), "");
        assert_eq!(inside("Price lists"), "price lists");
        assert_eq!(inside("SAP roles"), "SAP roles");
        assert_eq!(first(""), "Unnamed gap");
    }

    #[test]
    fn a_long_list_is_counted_instead_of_told() {
        let names: Vec<String> = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert_eq!(listed(&names, 4), "a, b, c and d");
        assert_eq!(listed(&names, 2), "a, b and 2 more");
        assert_eq!(areas(&[Area::Billing, Area::Close]), "billing and the close");
    }

    #[test]
    fn the_first_wording_that_keeps_to_the_limit_is_taken() {
        let long = "word ".repeat(23);
        assert_eq!(fitting([long.clone(), "Short.".to_owned()]), "Short.");
        assert_eq!(fitting([long.clone()]), long);
    }
}
