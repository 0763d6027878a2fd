//! What the columns and words of a file may mean, by what such files call them. A guess is shown
//! before anything is made of it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::fmt::strtime;

use super::columns::{Content, content, is_understood};
use super::survey::Survey;
pub use super::synonyms::DATE_FORMATS;
use super::synonyms::{COLUMNS, WORDS};
use crate::import::kind::FileKind;

/// A name without what differs between two ways to write it.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.trim().chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            c if c.is_alphanumeric() => out.push(c),
            '\'' | '\u{2019}' | '.' => {}
            _ if !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out.trim_matches('_').to_owned()
}

/// Which column of a file each of ours may be: equal names first.
#[must_use]
pub fn columns(kind: FileKind, names: &[String]) -> BTreeMap<&'static str, String> {
    let mut found: BTreeMap<&'static str, String> = BTreeMap::new();
    let by_plain: Vec<(String, &String)> = names.iter().map(|name| (plain(name), name)).collect();
    let own = || kind.columns().iter().map(|column| column.name);
    for name in own() {
        if let Some((_, theirs)) = by_plain.iter().find(|(plain, _)| plain == name) {
            found.insert(name, (*theirs).clone());
        }
    }
    for name in own().filter(|name| COLUMNS.iter().any(|(ours, _)| ours == name)) {
        let is_free =
            |found: &BTreeMap<_, String>, theirs: &String| !found.values().any(|v| v == theirs);
        if found.contains_key(name) {
            continue;
        }
        let synonyms =
            COLUMNS.iter().find(|(ours, _)| *ours == name).map_or(&[][..], |(_, all)| *all);
        let theirs = synonyms.iter().find_map(|synonym| {
            by_plain.iter().find(|(plain, theirs)| plain == synonym && is_free(&found, theirs))
        });
        if let Some((_, theirs)) = theirs {
            found.insert(name, (*theirs).clone());
        }
    }
    found
}

/// What a file may hold: by its own name as the command line tells it, else by its columns.
#[must_use]
pub fn kind(file: &str, names: &[String]) -> Option<FileKind> {
    if let Some(kind) = FileKind::of_file(Path::new(file)) {
        return Some(kind);
    }
    let score = |kind: FileKind| {
        let found = columns(kind, names);
        let must = kind.columns().iter().filter(|column| column.required);
        let (n_must, n_found) = must.fold((0, 0), |(all, there), column| {
            (all + 1, there + usize::from(found.contains_key(column.name)))
        });
        // Most of what must be there is, then most of what the file has is known.
        (n_found * 100 / n_must.max(1) + found.len() * 100 / names.len().max(1), found.len())
    };
    let mut scored: Vec<_> = FileKind::ALL.iter().map(|kind| (score(*kind), *kind)).collect();
    scored.sort();
    match scored.as_slice() {
        [.., (second, _), (best, kind)] if best > second && best.0 >= 80 && best.1 >= 2 => {
            Some(*kind)
        }
        _ => None,
    }
}

/// The word of ours that a word in a column may stand for.
#[must_use]
pub fn word(kind: FileKind, column: &str, theirs: &str) -> Option<&'static str> {
    let Content::Words(ours) = content(kind, column) else { return None };
    let own = plain(theirs);
    let is_named = |word: &&str| plain(word) == own;
    let known = WORDS.iter().find(|(name, word, all)| {
        *name == column && ours.contains(word) && all.contains(&own.as_str())
    });
    ours.iter().copied().find(|word| is_named(word)).or(known.map(|(_, word, _)| *word))
}

/// The words in a column of a file that do not stand for themselves in ours.
#[must_use]
pub fn foreign<'s>(
    kind: FileKind,
    column: &str,
    words: impl IntoIterator<Item = &'s String>,
) -> Vec<&'s String> {
    words.into_iter().filter(|word| !is_understood(kind, column, word)).collect()
}

/// How the days of a file are written: the one form in which all of them can be read. None where all
/// are written as ours are, or where two forms would do.
#[must_use]
pub fn date_format(
    kind: FileKind,
    survey: &Survey,
    found: &BTreeMap<&'static str, String>,
) -> Option<&'static str> {
    let days = found.iter().filter(|(ours, _)| content(kind, ours) == Content::Day);
    let words = days.filter_map(|(_, theirs)| survey.column(theirs)).flat_map(|own| &own.words);
    let foreign: Vec<&String> =
        words.filter(|word| crate::import::times::Times::default().date(word).is_err()).collect();
    if foreign.is_empty() {
        return None;
    }
    let reads = |format: &str| {
        let reads_one =
            |word: &&String| strtime::parse(format, word).and_then(|time| time.to_date()).is_ok();
        foreign.iter().filter(|word| reads_one(word)).count()
    };
    let best = DATE_FORMATS.iter().map(|(format, _)| reads(format)).max().filter(|n| *n > 0)?;
    let mut equal = DATE_FORMATS.iter().filter(|(format, _)| reads(format) == best);
    match (equal.next(), equal.next()) {
        (Some((format, _)), None) => Some(format),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<String> {
        all.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn equal_names_come_before_synonyms_and_none_is_used_twice() {
        let found =
            columns(FileKind::Gaps, &names(&["ID", "Title", "Summary", "Prio", "Fällig am"]));
        assert_eq!(found["title"], "Title");
        assert_eq!(found["external_id"], "ID");
        assert_eq!(found["severity"], "Prio");
        assert_eq!(found["due_on"], "Fällig am");
        let found = columns(FileKind::Promises, &names(&["session", "text", "due date"]));
        assert_eq!(found["due"], "due date");
    }

    #[test]
    fn a_kind_is_told_by_name_or_by_columns() {
        assert_eq!(kind("Gaps.CSV", &names(&["x"])), Some(FileKind::Gaps));
        let odd = names(&["Nr", "Bereich", "Titel", "Prio", "Status", "Erstellt am", "Kategorie"]);
        assert_eq!(kind("export.csv", &odd), Some(FileKind::Gaps));
        assert_eq!(kind("export.csv", &names(&["a", "b"])), None);
        for one in FileKind::ALL {
            let all: Vec<String> = one.columns().iter().map(|c| c.name.to_owned()).collect();
            assert_eq!(kind("export.csv", &all), Some(*one));
        }
    }

    #[test]
    fn words_are_guessed_within_the_vocabulary_of_their_column() {
        assert_eq!(word(FileKind::Gaps, "status", "In Progress"), Some("in_progress"));
        assert_eq!(word(FileKind::Gaps, "status", "Erledigt"), Some("closed"));
        assert_eq!(word(FileKind::Gaps, "status", "geplant"), None);
        assert_eq!(word(FileKind::Implementations, "status", "geplant"), Some("planned"));
        assert_eq!(word(FileKind::Gaps, "severity", "HOCH"), Some("3"));
        assert_eq!(word(FileKind::Gaps, "title", "open"), None);
        assert_eq!(word(FileKind::Gaps, "area", "Master data"), Some("master_data"));
    }

    #[test]
    fn a_date_that_two_forms_read_is_asked_about() {
        use super::super::survey::OwnColumn;
        let survey = |days: &[&str]| Survey {
            columns: vec![OwnColumn {
                name: "d".to_owned(),
                words: days.iter().map(|d| (*d).to_owned()).collect(),
                has_more: false,
            }],
            rows: 1,
        };
        let found = BTreeMap::from([("opened_on", "d".to_owned())]);
        let format = |days: &[&str]| date_format(FileKind::Gaps, &survey(days), &found);
        assert_eq!(format(&["03.11.2026", "3.1.2026"]), Some("%d.%m.%Y"));
        assert_eq!(format(&["23/11/2026", "01/02/2026"]), Some("%d/%m/%Y"));
        assert_eq!(format(&["11/23/2026", "01/02/2026"]), Some("%m/%d/%Y"));
        assert_eq!(format(&["01/02/2026"]), None);
        assert_eq!(format(&["2026-11-23"]), None);
    }
}
