//! What an upload holds under its map, and the choices that make another map.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::{Engine, EngineError};
use crate::import::kind::FileKind;
use crate::import::map::Map;
use crate::import::only::Only;
use crate::import::read::{is_json, kinds_in};
use crate::import::sources::{Origin, Source};
use crate::import::upload::arrange::{Chosen, Wrong};
use crate::import::upload::columns::{Content, content};
use crate::import::upload::guess;
use crate::import::upload::preview::Preview;
use crate::import::upload::survey::Survey;
use crate::store::StoreError;
use crate::store::records::Organization;
use crate::store::row::Place;
use crate::store::uploads::State;

use super::carry::{GIVEN_UP, Outcome};
use super::keep::{guessed, only};
use super::{UploadError, aside};

/// An upload that was opened by whoever sent it.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub person_id: String,
    /// The one organization that rows may touch.
    pub only: Option<Only>,
    /// How its files are read.
    pub map: Map,
    /// Whether one reject refuses a file.
    pub is_strict: bool,
    /// Where it stands.
    pub state: State,
    /// From when on it is over.
    pub until: Timestamp,
    /// Its files.
    pub files: Vec<OpenedFile>,
    /// What came of it, once it was applied.
    pub outcome: Option<Outcome>,
}

/// One file of an upload.
#[derive(Debug, Clone)]
pub struct OpenedFile {
    /// Its place, from 0.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// What it holds; nothing where that was not chosen yet.
    pub kinds: Vec<FileKind>,
    /// Whether it says itself what it holds.
    pub is_told: bool,
}

/// The files of one kind under the map.
#[derive(Debug, Clone)]
pub struct Study {
    /// The kind.
    pub kind: FileKind,
    /// The files' own columns and words.
    pub survey: Survey,
    /// What is chosen.
    pub chosen: Chosen,
    /// What cannot be as it is chosen: our column, and what to do.
    pub wrongs: Vec<Wrong>,
    /// Words that are not ours, by our column.
    pub words: Vec<WordTable>,
    /// The first rows of each file, or why they cannot be read.
    pub previews: Vec<(String, Result<Preview, String>)>,
}

/// The words of one column that are not ours.
#[derive(Debug, Clone)]
pub struct WordTable {
    /// Our column.
    pub column: String,
    /// Our words.
    pub ours: Vec<&'static str>,
    /// Their words.
    pub theirs: Vec<String>,
    /// Whether there are more than can be asked for.
    pub has_more: bool,
}

impl Engine {
    /// An upload of somebody's, for the same organization or for all as it was sent for.
    ///
    /// # Errors
    /// [`UploadError::NotFound`] where it is none of theirs; [`UploadError::Over`] once a day has passed.
    pub async fn open_upload(
        &self,
        id: &str,
        person: &str,
        organization: Option<&Organization>,
    ) -> Result<Opened, UploadError> {
        // PostgreSQL cannot even be asked for a text with this mark in it.
        let found = match id.contains('\0') {
            true => None,
            false => self.db.upload(id, person).await?,
        };
        let row = found.ok_or(UploadError::NotFound)?;
        if row.organization_id.as_deref() != organization.map(|own| own.id.as_str()) {
            return Err(UploadError::NotFound);
        }
        let place = Place { table: "upload", row: &row.id };
        let until = place.instant("expires_at", row.expires_at)?;
        let now = self.clock.now();
        if until <= now {
            return Err(UploadError::Over);
        }
        let corrupt = |column, problem: String| -> StoreError { place.corrupt(column, problem) };
        let map = Map::parse(&row.map, Path::new("map"));
        let map = map.map_err(|e| corrupt("map", e.to_string()))?;
        let outcome = row.report.as_deref().map(serde_json::from_str).transpose();
        let outcome = outcome.map_err(|e| corrupt("report", e.to_string()))?;
        let files = self.db.upload_files(&row.id).await?;
        let known = map.clone();
        let files = aside(move || {
            let files = files.into_iter().map(|file| {
                let bytes: Arc<[u8]> = file.bytes.into();
                let (kinds, is_told) = kinds_of(&file.name, &bytes, &known);
                OpenedFile { number: file.number, name: file.name, bytes, kinds, is_told }
            });
            Ok(files.collect())
        });
        Ok(Opened {
            files: files.await?,
            only: organization.map(only),
            map,
            is_strict: row.is_strict == 1,
            state: standing(&row.state, place.instant("changed_at", row.changed_at)?, now),
            until,
            outcome,
            person_id: row.person_id,
            id: row.id,
        })
    }

    /// The kinds that a map was used for before, and when.
    ///
    /// # Errors
    /// As any read.
    pub async fn last_maps(
        &self,
        organization: Option<&str>,
    ) -> Result<BTreeMap<FileKind, Timestamp>, EngineError> {
        let kept = self.db.import_maps(organization).await?;
        let known = kept.iter().filter_map(|own| {
            let at = Timestamp::from_millisecond(own.saved_at).ok()?;
            Some((FileKind::named(&own.kind)?, at))
        });
        Ok(known.collect())
    }
}

impl Opened {
    /// The files as an import reads them, parents first.
    #[must_use]
    pub fn sources(&self) -> Vec<Source> {
        let mut sources: Vec<Source> = Vec::new();
        for file in &self.files {
            let shared = file.kinds.len() > 1;
            sources.extend(
                file.kinds.iter().map(|&kind| {
                    Source::of_bytes(&file.name, kind, Arc::clone(&file.bytes), shared)
                }),
            );
        }
        sources.sort_by_key(|source| source.kind);
        sources
    }

    /// Whether it is known of every file what it holds.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.files.iter().all(|file| !file.kinds.is_empty())
    }

    /// The kinds in it, parents first.
    #[must_use]
    pub fn kinds(&self) -> Vec<FileKind> {
        let mut kinds: Vec<FileKind> =
            self.files.iter().flat_map(|file| file.kinds.iter().copied()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// What the files of a kind hold together.
    pub(super) fn survey(&self, kind: FileKind) -> Result<Survey, UploadError> {
        let mut survey = Survey::default();
        for source in self.sources().iter().filter(|source| source.kind == kind) {
            survey.join(Survey::of(source, &self.map)?);
        }
        Ok(survey)
    }

    /// The files of each kind under the map.
    ///
    /// # Errors
    /// A file cannot be read as it is chosen to be.
    pub async fn studies(&self) -> Result<Vec<Study>, UploadError> {
        let own = self.clone();
        aside(move || own.kinds().into_iter().map(|kind| own.study(kind)).collect()).await
    }

    fn study(&self, kind: FileKind) -> Result<Study, UploadError> {
        let survey = self.survey(kind)?;
        let chosen = match self.map.kinds.get(&kind) {
            Some(own) => Chosen::of(own, kind, &survey),
            None => guessed(kind, &survey, self.only.as_ref()),
        };
        let words = chosen.columns.iter().filter_map(|(ours, theirs)| {
            let Content::Words(own) = content(kind, ours) else { return None };
            let column = survey.column(theirs)?;
            let foreign = guess::foreign(kind, ours, &column.words).into_iter().cloned();
            Some(WordTable {
                column: ours.clone(),
                ours: own,
                theirs: foreign.collect(),
                has_more: column.has_more,
            })
        });
        let words = words.filter(|table| !table.theirs.is_empty()).collect();
        let sources = self.sources();
        let previews = sources.iter().filter(|source| source.kind == kind).map(|source| {
            let name = source.path.display().to_string();
            let read = Preview::of(source, &self.map);
            let read = read.map_err(|error| super::keep::sentence(&error.to_string(), &name));
            (name, read)
        });
        Ok(Study {
            kind,
            wrongs: chosen.wrongs(kind, &survey, &[]),
            chosen,
            words,
            survey,
            previews: previews.collect(),
        })
    }
}

/// Where an upload stands. One that a process died over can be applied again: what it wrote before is
/// known, and is not written twice.
fn standing(state: &str, changed_at: Timestamp, now: Timestamp) -> State {
    match State::of(state) {
        State::Applying if changed_at <= now - GIVEN_UP => State::Open,
        state => state,
    }
}

/// What a file holds: as it says itself, or as the map says.
fn kinds_of(name: &str, bytes: &Arc<[u8]>, map: &Map) -> (Vec<FileKind>, bool) {
    let path = Path::new(name);
    if is_json(path)
        && let Ok(Some(kinds)) = kinds_in(path, &Origin::Bytes(Arc::clone(bytes)))
    {
        return (kinds, true);
    }
    (map.kind_of(name).into_iter().collect(), false)
}
