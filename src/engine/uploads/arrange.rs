//! The choices of the page, and what they make of an upload's map.

use std::collections::BTreeMap;
use std::path::Path;

use encoding_rs::Encoding;
use jiff::tz::TimeZone;

use crate::engine::Engine;
use crate::import::kind::FileKind;
use crate::import::map::Map;
use crate::import::only::Only;
use crate::import::upload::arrange::Chosen;

use super::keep::{give_organization, guessed, note_days, set_days};
use super::study::Opened;
use super::{UploadError, aside};

/// What somebody chose on the page.
#[derive(Debug, Clone, Default)]
pub struct Arranged {
    /// What each file holds, by its number.
    pub kinds: BTreeMap<i64, FileKind>,
    /// The columns and words of each kind.
    pub chosen: BTreeMap<FileKind, Chosen>,
    /// A label of an encoding; empty means UTF-8.
    pub encoding: String,
    /// What stands between cells; none means a comma.
    pub delimiter: Option<u8>,
    /// The form of days besides ours.
    pub date_format: Option<String>,
    /// Zone of times that carry none; empty means none.
    pub time_zone: String,
    /// Whether one reject refuses a file.
    pub is_strict: bool,
}

impl Engine {
    /// Gives an upload the map that somebody chose.
    ///
    /// # Errors
    /// [`UploadError::Refused`] where a choice means nothing; [`UploadError::Applied`] where it is too
    /// late.
    pub async fn arrange_upload(
        &self,
        opened: Opened,
        arranged: &Arranged,
    ) -> Result<Opened, UploadError> {
        let arranged = arranged.clone();
        let opened = aside(move || opened.arranged(&arranged)).await?;
        self.keep_arranged(opened).await
    }

    /// Reads an upload by the last map of each of its kinds.
    ///
    /// # Errors
    /// As [`Engine::arrange_upload`].
    pub async fn reuse_map(&self, opened: Opened, kind: FileKind) -> Result<Opened, UploadError> {
        let organization = opened.only.as_ref().map(|only| only.organization_id.as_str());
        let kept = self.db.import_maps(organization).await?;
        let kept = kept.into_iter().find(|own| own.kind == kind.as_str());
        let kept = kept.ok_or(UploadError::NotFound)?;
        let mut opened = opened;
        if let Some(own) = Map::parse(&kept.map, Path::new("map"))?.kinds.remove(&kind) {
            let files = opened.map.kinds.get(&kind).map(|now| now.files.clone());
            let read = opened.clone();
            let survey = aside(move || read.survey(kind)).await?;
            let mut chosen = Chosen::of(&own, kind, &survey);
            chosen.columns.retain(|_, theirs| survey.column(theirs).is_some());
            give_organization(&mut chosen, kind, opened.only.as_ref());
            opened.map.kinds.insert(kind, own);
            if let Some(now) = opened.map.kinds.get_mut(&kind) {
                now.files = files.unwrap_or_default();
            }
            chosen.into_map(&mut opened.map, kind, &survey);
        }
        self.keep_arranged(opened).await
    }

    async fn keep_arranged(&self, opened: Opened) -> Result<Opened, UploadError> {
        let (id, person, map) = (&opened.id, &opened.person_id, opened.map.to_toml());
        match self.db.arrange_upload(id, person, &map, opened.is_strict).await? {
            true => Ok(opened),
            false => Err(UploadError::Applied),
        }
    }
}

impl Opened {
    /// The same under another map. Where the bytes are read in another way, or a kind is new, what the
    /// columns mean is guessed anew.
    fn arranged(mut self, arranged: &Arranged) -> Result<Self, UploadError> {
        let encoding = encoding(&arranged.encoding)?;
        let is_other = encoding != self.map.encoding || arranged.delimiter != self.map.delimiter;
        (self.map.encoding, self.map.delimiter) = (encoding, arranged.delimiter);
        set_days(&mut self.map, arranged.date_format.as_deref());
        self.map.time_zone = zone(&arranged.time_zone)?;
        self.is_strict = arranged.is_strict;
        let before = self.kinds();
        self.hold(&arranged.kinds);
        for kind in self.kinds() {
            let survey = self.survey(kind)?;
            let chosen = arranged.chosen.get(&kind).filter(|_| !is_other && before.contains(&kind));
            let mut chosen = match chosen {
                Some(chosen) => chosen.clone(),
                None => guessed(kind, &survey, self.only.as_ref()),
            };
            if !before.contains(&kind) {
                note_days(&mut self.map, kind, &survey, &chosen);
            }
            give_organization(&mut chosen, kind, self.only.as_ref());
            chosen.into_map(&mut self.map, kind, &survey);
        }
        Ok(self)
    }

    /// Says what each file holds that does not say it itself.
    fn hold(&mut self, kinds: &BTreeMap<i64, FileKind>) {
        for file in self.files.iter_mut().filter(|file| !file.is_told) {
            let chosen = kinds.get(&file.number).copied();
            let chosen = chosen.filter(|kind| self.only.is_none() || Only::takes(*kind));
            if let Some(kind) = chosen {
                file.kinds = vec![kind];
            }
        }
        let present = self.kinds();
        self.map.kinds.retain(|kind, _| present.contains(kind));
        for kind in present {
            let held = self.files.iter().filter(|file| file.kinds.contains(&kind));
            let files = held.map(|file| file.name.clone()).collect();
            self.map.kinds.entry(kind).or_default().files = files;
        }
    }
}

fn encoding(label: &str) -> Result<Option<&'static Encoding>, UploadError> {
    if label.is_empty() {
        return Ok(None);
    }
    let known = Encoding::for_label(label.as_bytes()).filter(|own| own.is_ascii_compatible());
    let refused = || UploadError::Refused(vec!["This encoding is not known.".to_owned()]);
    known.map(|own| (own != encoding_rs::UTF_8).then_some(own)).ok_or_else(refused)
}

fn zone(name: &str) -> Result<Option<TimeZone>, UploadError> {
    if name.is_empty() {
        return Ok(None);
    }
    let shown: String = name.chars().take(60).collect();
    let refused = |_| {
        UploadError::Refused(vec![format!(
            "{shown:?} is not a time zone. Write an IANA name such as Europe/Rome."
        )])
    };
    TimeZone::get(name).map(Some).map_err(refused)
}
