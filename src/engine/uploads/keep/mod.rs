//! Files come in: looked at, counted against what somebody may keep, and kept for a day.

pub(super) mod waiting;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::clock::new_id;
use crate::domain::line::clean;
use crate::engine::Engine;
use crate::import::kind::FileKind;
use crate::import::map::Map;
use crate::import::only::Only;
use crate::import::read::{is_json, kinds_in};
use crate::import::sources::{Origin, Source};
use crate::import::upload::arrange::Chosen;
use crate::import::upload::sniff::{Looks, look};
use crate::import::upload::survey::Survey;
use crate::import::upload::{columns, guess};
use crate::store::records::{Organization, Upload, UploadFile};
use crate::store::row::millis;
use crate::store::uploads::State;

use super::{UploadError, aside};

/// How long an upload is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How many times the limit of one upload somebody may keep, and how many uploads.
const TIMES: i64 = 4;
const UPLOADS: i64 = 20;
/// Most files of one upload.
const FILES: usize = 20;
/// Longest name of a file, in characters.
const NAME: usize = 100;

/// One file as it was sent.
#[derive(Debug, Clone)]
pub struct SentFile {
    /// Its name, as the sender's machine gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// One file that was looked at.
struct Looked {
    name: String,
    bytes: Arc<[u8]>,
    looks: Looks,
    /// What it holds; none where nobody can tell yet.
    kinds: Vec<FileKind>,
}

/// What an organization is called in files.
pub(super) fn only(organization: &Organization) -> Only {
    let name = organization.external_id.clone().unwrap_or_else(|| organization.slug.clone());
    Only { organization_id: organization.id.clone(), name }
}

impl Engine {
    /// Keeps files that somebody sent, of one kind or of whatever each of them tells; for one
    /// organization or for all. Returns the id of the upload.
    ///
    /// # Errors
    /// [`UploadError::Refused`] with a sentence for each file that is no table, or where they keep too
    /// much already.
    pub async fn keep_upload(
        &self,
        person: &str,
        organization: Option<&Organization>,
        kind: Option<FileKind>,
        files: Vec<SentFile>,
    ) -> Result<String, UploadError> {
        let own = organization.cloned();
        let read = aside(move || {
            let looked = look_at(files, kind, own.as_ref().map(only).as_ref())?;
            let map = first_map(&looked, own.as_ref())?;
            Ok((looked, map))
        });
        let (looked, map) = read.await?;
        let now = self.clock.now();
        let id = new_id();
        let size = |bytes: &[u8]| i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        let rows: Vec<UploadFile> = (0_i64..)
            .zip(&looked)
            .map(|(number, file)| UploadFile {
                upload_id: id.clone(),
                number,
                name: file.name.clone(),
                size: size(&file.bytes),
                bytes: file.bytes.to_vec(),
            })
            .collect();
        let upload = Upload {
            id: id.clone(),
            person_id: person.to_owned(),
            organization_id: organization.map(|own| own.id.clone()),
            map: map.to_toml(),
            is_strict: 0,
            state: State::Open.as_str().to_owned(),
            report: None,
            created_at: millis(now),
            changed_at: millis(now),
            expires_at: millis(now + KEPT),
        };
        let mut tx = self.db.begin().await?;
        let kept = tx.kept_uploads(person, now).await?;
        let most = TIMES * (i64::from(self.settings.desk.upload_limit) << 20);
        let sum: i64 = rows.iter().map(|row| row.size).sum();
        if kept.uploads >= UPLOADS || kept.bytes + sum > most {
            return Err(UploadError::Refused(vec![format!(
                "You keep {} uploads of {} MB together, and {UPLOADS} of {} MB is the most. Throw some away, or wait \
                 a day.",
                kept.uploads,
                kept.bytes >> 20,
                most >> 20
            )]));
        }
        tx.keep_upload(&upload, &rows).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// Looks at every file; all that is wrong is said at once.
fn look_at(
    files: Vec<SentFile>,
    kind: Option<FileKind>,
    only: Option<&Only>,
) -> Result<Vec<Looked>, UploadError> {
    if files.is_empty() {
        return Err(UploadError::Refused(vec!["Choose a file.".to_owned()]));
    }
    if files.len() > FILES {
        return Err(UploadError::Refused(vec![format!("At most {FILES} files come at once.")]));
    }
    let mut looked: Vec<Looked> = Vec::new();
    let mut wrong = Vec::new();
    for file in files {
        let name = file_name(&file.name);
        match look_at_one(&name, file.bytes, kind, only) {
            Err(words) => wrong.push(format!("{name}: {words}")),
            Ok(_) if looked.iter().any(|own| own.name == name) => {
                wrong.push(format!("{name}: Two files have this name. Rename one of them."));
            }
            Ok(file) => looked.push(file),
        }
    }
    if wrong.is_empty() { Ok(looked) } else { Err(UploadError::Refused(wrong)) }
}

fn look_at_one(
    name: &str,
    bytes: Vec<u8>,
    kind: Option<FileKind>,
    only: Option<&Only>,
) -> Result<Looked, String> {
    let looks = look(name, &bytes)?;
    let bytes: Arc<[u8]> = bytes.into();
    let sentence = |error: crate::import::ImportError| sentence(&error.to_string(), name);
    let is_taken = |kind: &FileKind| only.is_none() || Only::takes(*kind);
    if is_json(Path::new(name)) {
        let origin = Origin::Bytes(Arc::clone(&bytes));
        if let Some(kinds) = kinds_in(Path::new(name), &origin).map_err(sentence)? {
            return match kinds.iter().find(|kind| !is_taken(kind)) {
                Some(kind) => {
                    Err(format!("Only the operator imports {kind}. Leave that list out."))
                }
                None if kinds.is_empty() => Err("There is no list in this file.".to_owned()),
                None => Ok(Looked { name: name.to_owned(), bytes, looks, kinds }),
            };
        }
    }
    let map = Map { encoding: looks.encoding, delimiter: looks.delimiter, ..Map::default() };
    // Under its own names it does not matter which kind a file is read as.
    let source = Source::of_bytes(name, FileKind::Gaps, Arc::clone(&bytes), false);
    let survey = Survey::of(&source, &map).map_err(sentence)?;
    if survey.rows == 0 {
        return Err("It has no rows.".to_owned());
    }
    let by_name = FileKind::of_file(Path::new(name));
    if let Some(kind) = kind.or(by_name).filter(|kind| !is_taken(kind)) {
        return Err(format!("Only the operator imports {kind}."));
    }
    let kind = kind.or_else(|| guess::kind(name, &survey.names())).filter(is_taken);
    Ok(Looked { name: name.to_owned(), bytes, looks, kinds: kind.into_iter().collect() })
}

/// The map that files are first read by: what their columns and words may mean.
fn first_map(looked: &[Looked], organization: Option<&Organization>) -> Result<Map, UploadError> {
    let zone = organization.and_then(|own| TimeZone::get(&own.time_zone).ok());
    let mut map = Map { time_zone: zone, ..Map::default() };
    map.encoding = one_encoding(looked)?;
    map.delimiter = one_delimiter(looked)?;
    let mut by_kind: BTreeMap<FileKind, Survey> = BTreeMap::new();
    for file in looked {
        for &kind in &file.kinds {
            let shared = file.kinds.len() > 1;
            let source = Source::of_bytes(&file.name, kind, Arc::clone(&file.bytes), shared);
            by_kind.entry(kind).or_default().join(Survey::of(&source, &map)?);
            let own = map.kinds.entry(kind).or_default();
            own.files.push(file.name.clone());
        }
    }
    for (kind, survey) in &by_kind {
        let chosen = guessed(*kind, survey, organization.map(only).as_ref());
        note_days(&mut map, *kind, survey, &chosen);
        chosen.into_map(&mut map, *kind, survey);
    }
    Ok(map)
}

/// What the columns of a kind may mean; in an import for one organization rows that name none are its.
pub(super) fn guessed(kind: FileKind, survey: &Survey, only: Option<&Only>) -> Chosen {
    let mut chosen = Chosen::guessed(kind, survey);
    give_organization(&mut chosen, kind, only);
    chosen
}

/// Gives rows the one organization where they name none.
pub(super) fn give_organization(chosen: &mut Chosen, kind: FileKind, only: Option<&Only>) {
    let is_asked = kind.columns().iter().any(|c| c.required && c.name == "organization");
    if let Some(only) = only.filter(|_| is_asked) {
        chosen.defaults.insert("organization".to_owned(), only.name.clone());
    }
}

/// Adds the form in which the days of a file are written, where there is one.
pub(super) fn note_days(map: &mut Map, kind: FileKind, survey: &Survey, chosen: &Chosen) {
    let found = chosen.columns.iter().filter_map(|(ours, theirs)| {
        let column = kind.columns().iter().find(|column| column.name == ours)?;
        (columns::content(kind, column.name) == columns::Content::Day)
            .then(|| (column.name, theirs.clone()))
    });
    let format = guess::date_format(kind, survey, &found.collect());
    if let Some(format) = format.filter(|format| !map.date_formats.iter().any(|own| own == format))
    {
        set_days(map, Some(format));
    }
}

/// Has days read in one form besides ours, and instants with that day.
pub(super) fn set_days(map: &mut Map, format: Option<&str>) {
    map.date_formats = format.map(str::to_owned).into_iter().collect();
    let times = ["%H:%M", "%H:%M:%S"];
    map.timestamp_formats =
        format.into_iter().flat_map(|day| times.map(|time| format!("{day} {time}"))).collect();
}

/// The encoding of all files, which is one in a map.
fn one_encoding(looked: &[Looked]) -> Result<Option<&'static Encoding>, UploadError> {
    let tells = looked.iter().filter(|file| !file.bytes.is_ascii());
    let mut all: Vec<_> = tells.map(|file| file.looks.encoding).collect();
    all.dedup();
    match all.as_slice() {
        [] => Ok(None),
        [one] => Ok(*one),
        _ => Err(apart("are not all written in UTF-8")),
    }
}

/// What stands between the cells of all CSV files.
fn one_delimiter(looked: &[Looked]) -> Result<Option<u8>, UploadError> {
    let is_alone = |file: &&Looked| {
        let line = file.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        file.looks.delimiter.is_none() && !line.contains(&b',')
    };
    let tells = looked.iter().filter(|file| !is_json(Path::new(&file.name)) && !is_alone(file));
    let mut all: Vec<_> = tells.map(|file| file.looks.delimiter).collect();
    all.dedup();
    match all.as_slice() {
        [] => Ok(None),
        [one] => Ok(*one),
        _ => Err(apart("do not all have the same mark between their columns")),
    }
}

fn apart(what: &str) -> UploadError {
    UploadError::Refused(vec![format!("These files {what}. Upload them one after another.")])
}

/// The name of a file without its folders, on one line.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let cleaned = clean(last, 10 * NAME);
    let (stem, ending) = cleaned.rsplit_once('.').unwrap_or((&cleaned, ""));
    let (stem, ending) = (clean(stem, NAME), clean(ending, 8));
    match (stem.is_empty(), ending.is_empty()) {
        (true, true) => "table.csv".to_owned(),
        (true, false) => format!("table.{ending}"),
        (false, true) => stem,
        (false, false) => format!("{stem}.{ending}"),
    }
}

/// What an error says of a file, without the file's name at its front.
pub(super) fn sentence(error: &str, name: &str) -> String {
    let rest = error.strip_prefix(name).unwrap_or(error);
    let rest = rest.trim_start_matches([',', ':', ' ']);
    let whole = crate::domain::brief::numbers::capitalized(rest);
    if whole.ends_with('.') { whole } else { format!("{whole}.") }
}
