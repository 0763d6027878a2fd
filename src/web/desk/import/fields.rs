//! What a page about columns and words draws.

use crate::domain::brief::numbers::capitalized;
use crate::domain::line::clean;
use crate::engine::uploads::{
    Content, DATE_FORMATS, FileKind, INPUTS, Map, Opened, OpenedFile, Preview, PreviewRow, Study,
    WordTable, content,
};
use crate::web::desk::labels::{self, Choice};

use super::choices::{DELIMITERS, field, shown};
use super::kind_label;

/// From so many octets of choices on, names are typed with one list to choose from: the choices at each
/// field would make a heavy page.
const MANY: usize = 50_000;
/// Octets of a choice beside its name, which it holds twice.
const AROUND: usize = 30;
/// Columns that tell one row from another: no value is right for all of them.
const KEYS: [&str; 7] = ["external_id", "title", "name", "email", "text", "session", "gap"];
/// Longest cell of a preview, in characters.
const CELL: usize = 60;

/// One choice that may be the one that is made.
pub(super) struct Pick {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

/// A list to choose from.
pub(super) struct Picks {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) all: Vec<Pick>,
}

/// What a file holds.
pub(super) struct FileField {
    pub(super) name: String,
    /// What it says itself.
    pub(super) told: String,
    pub(super) picks: Option<Picks>,
    pub(super) problem: Option<&'static str>,
}

/// How bytes become text, days and instants.
pub(super) struct Reading {
    pub(super) encodings: Picks,
    pub(super) delimiters: Picks,
    pub(super) days: Picks,
    pub(super) zone: String,
    pub(super) zone_problem: Option<String>,
}

/// The files of one kind.
pub(super) struct KindView {
    pub(super) word: &'static str,
    pub(super) label: String,
    pub(super) rows: u64,
    /// When a map was last used for this kind.
    pub(super) last: Option<String>,
    pub(super) columns: Vec<ColumnField>,
    /// Those that nothing fills.
    pub(super) rare: Vec<ColumnField>,
    /// The names of the file's columns, where they are typed.
    pub(super) names: Vec<String>,
    pub(super) tables: Vec<WordsView>,
    pub(super) previews: Vec<PreviewView>,
}

/// One column of ours.
pub(super) struct ColumnField {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) label: String,
    pub(super) is_needed: bool,
    /// Their columns; none where names are typed.
    pub(super) all: Vec<Pick>,
    pub(super) value: String,
    pub(super) default: Option<DefaultField>,
    /// What is so whatever is chosen.
    pub(super) hint: String,
    pub(super) problem: Option<String>,
}

/// A value for rows that have none.
pub(super) struct DefaultField {
    pub(super) id: String,
    pub(super) name: String,
    /// Our words; none where it is typed.
    pub(super) all: Vec<Pick>,
    pub(super) value: String,
}

/// Words of one column that are not ours.
pub(super) struct WordsView {
    pub(super) label: String,
    pub(super) words: Vec<WordField>,
    pub(super) has_more: bool,
}

/// One of them.
pub(super) struct WordField {
    pub(super) theirs: String,
    pub(super) theirs_name: String,
    pub(super) picks: Picks,
}

/// The first rows of one file.
pub(super) struct PreviewView {
    pub(super) file: String,
    pub(super) problem: Option<String>,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<RowView>,
    /// How many of them have something wrong.
    pub(super) n_wrong: usize,
}

/// One of them.
pub(super) struct RowView {
    pub(super) line: u64,
    pub(super) note: String,
    /// Column, text, problem.
    pub(super) cells: Vec<(&'static str, String, String)>,
}

/// Our columns of a kind, and inputs of estimates where a file may have them.
pub(super) fn columns(study: &Study) -> Vec<&'static str> {
    let own = study.kind.columns().iter().map(|column| column.name);
    let inputs = INPUTS.into_iter().filter(|_| study.kind == FileKind::Gaps);
    own.chain(inputs).collect()
}

fn id(name: &str) -> String {
    name.replace('.', "-")
}

fn picks(name: &str, all: impl IntoIterator<Item = (String, String)>, chosen: &str) -> Picks {
    let pick = |(value, label): (String, String)| Pick { is_chosen: value == chosen, value, label };
    Picks { name: name.to_owned(), id: id(name), all: all.into_iter().map(pick).collect() }
}

impl FileField {
    pub(super) fn of(file: &OpenedFile, takes: impl Fn(FileKind) -> bool, is_next: bool) -> Self {
        let told: Vec<String> = file.kinds.iter().map(|kind| kind_label(kind.as_str())).collect();
        let kinds = FileKind::ALL.iter().filter(|kind| takes(**kind));
        let all = kinds.map(|kind| (kind.as_str().to_owned(), kind_label(kind.as_str())));
        let none = file.kinds.is_empty().then(|| (String::new(), "choose".to_owned()));
        let chosen = file.kinds.first().map_or("", |kind| kind.as_str());
        let name = format!("kind.{}", file.number);
        Self {
            name: clean(&file.name, 120),
            told: told.join(", "),
            picks: (!file.is_told).then(|| picks(&name, none.into_iter().chain(all), chosen)),
            problem: (is_next && file.kinds.is_empty()).then_some("Say what this file holds."),
        }
    }

    pub(super) fn complaint(&self) -> Option<(String, String)> {
        let picks = self.picks.as_ref()?;
        self.problem.map(|words| (picks.id.clone(), format!("{}: {words}", self.name)))
    }
}

impl Reading {
    pub(super) fn of(map: &Map) -> Self {
        let encoding = map.encoding.map(|own| own.name().to_ascii_lowercase()).unwrap_or_default();
        let mut encodings = vec![
            (String::new(), "UTF-8".to_owned()),
            ("windows-1252".to_owned(), "Windows (Western Europe, Latin-1)".to_owned()),
            ("windows-1250".to_owned(), "Windows (Central Europe)".to_owned()),
        ];
        if !encodings.iter().any(|(own, _)| *own == encoding) {
            encodings.push((encoding.clone(), encoding.clone()));
        }
        let mark = DELIMITERS.iter().find(|(.., mark)| *mark == map.delimiter);
        let marks = DELIMITERS.map(|(word, label, _)| (word.to_owned(), label.to_owned()));
        let days = DATE_FORMATS.map(|(format, label)| (format.to_owned(), format!("like {label}")));
        let none = (String::new(), "like 2026-11-23 only".to_owned());
        let day = map.date_formats.first().map_or("", String::as_str);
        Self {
            encodings: picks("encoding", encodings, &encoding),
            delimiters: picks("delimiter", marks, mark.map_or("", |(word, ..)| word)),
            days: picks("days", [none].into_iter().chain(days), day),
            zone: map.time_zone.as_ref().and_then(|z| z.iana_name()).unwrap_or_default().to_owned(),
            zone_problem: None,
        }
    }

    /// Shows what was typed for a zone again.
    pub(super) fn refuse_zone(&mut self, typed: &str) {
        self.zone = clean(typed, 60);
        self.zone_problem = Some(format!(
            "{:?} is not a time zone. Write an IANA name such as Europe/Rome.",
            self.zone
        ));
    }

    pub(super) fn complaint(&self) -> Option<(String, String)> {
        self.zone_problem.as_ref().map(|words| ("zone".to_owned(), format!("Time zone: {words}")))
    }
}

impl KindView {
    pub(super) fn of(study: &Study, opened: &Opened, last: Option<String>, is_next: bool) -> Self {
        let names: Vec<String> = study.survey.columns.iter().map(|own| shown(&own.name)).collect();
        let choices: usize = names.iter().map(|name| 2 * name.len() + AROUND).sum();
        let is_typed = choices * study.kind.columns().len() > MANY;
        let all = columns(study);
        let fields = all.into_iter().map(|ours| {
            let is_input = ours.starts_with("exposure_inputs.");
            ColumnField::of(study, opened, ours, &names, is_typed || is_input, is_next)
        });
        let is_filled =
            |own: &ColumnField| own.is_needed || !own.value.is_empty() || own.problem.is_some();
        let (columns, rare): (Vec<_>, Vec<_>) = fields.partition(is_filled);
        Self {
            word: study.kind.as_str(),
            label: kind_label(study.kind.as_str()),
            rows: study.survey.rows,
            last,
            columns,
            rare,
            tables: study.words.iter().map(|table| words(study, table)).collect(),
            previews: study.previews.iter().map(|(file, read)| preview(file, read)).collect(),
            names: if is_typed || study.kind == FileKind::Gaps { names } else { Vec::new() },
        }
    }

    pub(super) fn complaints(&self) -> Vec<(String, String)> {
        let own = self.columns.iter().chain(&self.rare);
        let said = own.filter_map(|own| {
            let words = own.problem.as_ref()?;
            Some((own.id.clone(), format!("{}, {}: {words}", self.label, own.label)))
        });
        said.collect()
    }
}

impl ColumnField {
    fn of(
        study: &Study,
        opened: &Opened,
        ours: &'static str,
        names: &[String],
        is_typed: bool,
        is_next: bool,
    ) -> Self {
        let kind = study.kind;
        let is_needed = kind.columns().iter().any(|column| column.name == ours && column.required);
        let value = study.chosen.columns.get(ours).map(|own| shown(own)).unwrap_or_default();
        let none = Pick {
            value: String::new(),
            label: "no column".to_owned(),
            is_chosen: value.is_empty(),
        };
        let pick = |name: &String| Pick {
            value: name.clone(),
            label: name.clone(),
            is_chosen: *name == value,
        };
        let all = match is_typed {
            true => Vec::new(),
            false => [none].into_iter().chain(names.iter().map(pick)).collect(),
        };
        let own = opened.only.as_ref().filter(|_| ours == "organization" && is_needed);
        let wrong = study.wrongs.iter().find(|(column, _)| column == ours);
        let is_said = |words: &&String| is_next || !words.starts_with("is missing");
        let name = field("c", kind, ours);
        Self {
            id: id(&name),
            label: label(ours),
            is_needed,
            all,
            value,
            default: (is_needed && own.is_none() && !KEYS.contains(&ours))
                .then(|| default(study, ours)),
            hint: own
                .map(|only| format!("Rows that name none belong to {}.", clean(&only.name, 80)))
                .unwrap_or_default(),
            problem: wrong
                .map(|(_, words)| words)
                .filter(is_said)
                .map(|words| format!("This {words}.")),
            name,
        }
    }
}

fn default(study: &Study, ours: &str) -> DefaultField {
    let value = study.chosen.defaults.get(ours).map(|own| clean(own, 200)).unwrap_or_default();
    let name = field("d", study.kind, ours);
    let all = match content(study.kind, ours) {
        Content::Words(_) => {
            let none = Choice::new("", "nothing");
            let own = [none].into_iter().chain(choices(study.kind, ours));
            own.map(|c| Pick { is_chosen: c.value == value, value: c.value, label: c.label })
                .collect()
        }
        _ => Vec::new(),
    };
    DefaultField { id: id(&name), name, all, value }
}

fn words(study: &Study, table: &WordTable) -> WordsView {
    let kind = study.kind;
    let chosen = study.chosen.words.get(&table.column);
    let words = table.theirs.iter().enumerate().map(|(n, theirs)| {
        let meant = chosen.and_then(|known| known.get(theirs)).map_or("", String::as_str);
        let none = (String::new(), "not understood".to_owned());
        let own = choices(kind, &table.column).into_iter().map(|c| (c.value, c.label));
        let name = format!("{}.{n}", field("w", kind, &table.column));
        WordField {
            theirs: shown(theirs),
            theirs_name: format!("{}.{n}", field("t", kind, &table.column)),
            picks: picks(&name, [none].into_iter().chain(own), meant),
        }
    });
    WordsView { label: label(&table.column), words: words.collect(), has_more: table.has_more }
}

/// Our words in a column.
fn choices(kind: FileKind, column: &str) -> Vec<Choice> {
    match (kind, column) {
        (_, "area") => labels::areas(),
        (_, "category") => labels::patterns(),
        (_, "severity") => labels::severities(),
        (FileKind::Gaps, "status") => labels::statuses(),
        (_, "exposure_kind") => labels::exposures(),
        (_, "exposure_basis") => labels::bases(),
        (FileKind::Implementations, "kind") => labels::implementations(),
        (FileKind::Implementations, "status") => labels::standings(),
        _ => match content(kind, column) {
            Content::Words(own) => own
                .iter()
                .map(|word| Choice::new(*word, capitalized(&word.replace('_', " "))))
                .collect(),
            _ => Vec::new(),
        },
    }
}

/// What a column is called on the page.
fn label(ours: &str) -> String {
    let plain = ours.strip_prefix("exposure_inputs.").unwrap_or(ours);
    capitalized(&plain.replace('_', " "))
}

fn preview(file: &str, read: &Result<Preview, String>) -> PreviewView {
    let file = clean(file, 120);
    let read = match read {
        Ok(read) => read,
        Err(words) => {
            let problem = Some(clean(words, 400));
            return PreviewView {
                file,
                problem,
                columns: Vec::new(),
                rows: Vec::new(),
                n_wrong: 0,
            };
        }
    };
    let rows = read.rows.iter().map(|row| RowView {
        line: row.line,
        note: match (&row.problem, row.is_skipped) {
            (_, true) => "left out by the map".to_owned(),
            (Some(words), false) => clean(words, 200),
            (None, false) => String::new(),
        },
        cells: row
            .cells
            .iter()
            .zip(&read.columns)
            .map(|(cell, column)| {
                let problem = cell.problem.as_deref().map(|words| clean(words, 200));
                (*column, clean(&cell.text, CELL), problem.unwrap_or_default())
            })
            .collect(),
    });
    let rows = rows.collect();
    let is_wrong = |row: &&PreviewRow| {
        row.problem.is_some() || row.cells.iter().any(|cell| cell.problem.is_some())
    };
    let n_wrong = read.rows.iter().filter(is_wrong).count();
    PreviewView { file, problem: None, columns: read.columns.clone(), rows, n_wrong }
}
