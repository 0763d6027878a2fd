//! What a form about columns and words says.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::domain::line::clean;
use crate::engine::uploads::{Arranged, Chosen, Content, DATE_FORMATS, FileKind, Study, content};
use crate::web::shell::fields::Fields;

/// Longest name of a column and longest word on a page, in characters. What is longer is known by its
/// beginning.
pub(super) const NAME: usize = 80;

/// The name of a column or a word as the page holds it.
pub(super) fn shown(name: &str) -> String {
    clean(name, NAME)
}

/// The names of the fields about one column of ours.
pub(super) fn field(what: &str, kind: FileKind, ours: &str) -> String {
    format!("{what}.{kind}.{ours}")
}

/// Everything that was chosen. The studies say which columns and words there are to choose from.
pub(super) fn arranged(fields: &Fields, studies: &[Study]) -> Arranged {
    let kinds = fields.all().filter_map(|(name, value)| {
        let number = name.strip_prefix("kind.")?.parse().ok()?;
        Some((number, FileKind::named(value)?))
    });
    let day = fields.get("days");
    Arranged {
        kinds: kinds.collect(),
        chosen: studies.iter().map(|study| (study.kind, chosen(fields, study))).collect(),
        encoding: fields.get("encoding").to_owned(),
        delimiter: delimiter(fields.get("delimiter")),
        date_format: DATE_FORMATS
            .iter()
            .find(|(format, _)| *format == day)
            .map(|(format, _)| (*format).to_owned()),
        time_zone: fields.get("zone").to_owned(),
        is_strict: fields.get("strict") == "yes",
    }
}

/// The zone of a name; an empty one says that there is none. None where it is no zone.
pub(super) fn zone(name: &str) -> Option<Option<TimeZone>> {
    if name.is_empty() { Some(None) } else { TimeZone::get(name).ok().map(Some) }
}

/// Values of the choice of what stands between cells.
pub(super) const DELIMITERS: [(&str, &str, Option<u8>); 4] = [
    ("", "a comma", None),
    ("semicolon", "a semicolon", Some(b';')),
    ("tab", "a tab", Some(b'\t')),
    ("bar", "a bar |", Some(b'|')),
];

fn delimiter(word: &str) -> Option<u8> {
    DELIMITERS.iter().find(|(own, ..)| *own == word).and_then(|(.., mark)| *mark)
}

fn chosen(fields: &Fields, study: &Study) -> Chosen {
    let kind = study.kind;
    let mut chosen = Chosen::default();
    for ours in super::fields::columns(study) {
        let theirs = fields.get(&field("c", kind, ours));
        let named = study.survey.columns.iter().find(|own| shown(&own.name) == theirs);
        if let Some(own) = named.filter(|_| !theirs.is_empty()) {
            chosen.columns.insert(ours.to_owned(), own.name.clone());
        }
        let default = fields.get(&field("d", kind, ours));
        if !default.is_empty() {
            chosen.defaults.insert(ours.to_owned(), default.to_owned());
        }
    }
    for (ours, theirs) in &chosen.columns {
        let Content::Words(own) = content(kind, ours) else { continue };
        let told = told(fields, kind, ours, &own);
        let words = study.survey.column(theirs).map(|column| &column.words).into_iter().flatten();
        let known = words.filter_map(|word| Some((word.clone(), told.get(&shown(word))?.clone())));
        let known: BTreeMap<String, String> = known.collect();
        if !known.is_empty() {
            chosen.words.insert(ours.clone(), known);
        }
    }
    chosen
}

/// Their words in a column, as the page holds them, to ours.
fn told(fields: &Fields, kind: FileKind, ours: &str, own: &[&str]) -> BTreeMap<String, String> {
    let (theirs, meant) = (field("t", kind, ours), field("w", kind, ours));
    let pairs = (0..crate::engine::uploads::MOST_WORDS).filter_map(|n| {
        let word = fields.get(&format!("{meant}.{n}"));
        let theirs = fields.get(&format!("{theirs}.{n}"));
        own.contains(&word).then(|| (theirs.to_owned(), word.to_owned()))
    });
    pairs.collect()
}
