//! The sources as `brief source list` shows them.

use jiff::Timestamp;
use serde::Serialize;

use crate::engine::watch::conditions::Unread;
use crate::engine::{Engine, EngineError};
use crate::source;

use super::due::Known;

/// A source of the settings, and what is known of it.
#[derive(Debug, Clone, Serialize)]
pub struct SourceStatus {
    /// Its name.
    pub name: String,
    /// Its engine.
    pub engine: &'static str,
    /// Its URL, without a password.
    pub place: String,
    /// The kinds of row that it is asked for.
    pub queries: Vec<&'static str>,
    /// Organizations that it told something about.
    pub organizations: i64,
    /// `never`, `running`, `written`, `unchanged` or `failed`.
    pub state: String,
    /// When it was last read.
    pub read_at: Option<Timestamp>,
    /// Rows that it then answered.
    pub rows: Option<i64>,
    /// Of these, rows that could not be taken.
    pub rejected: Option<i64>,
    /// Why it could not be read since.
    pub error: Option<String>,
    /// Whether it has to be read now.
    pub is_due: bool,
}

impl Engine {
    /// Every source of the settings.
    ///
    /// # Errors
    /// As any read.
    pub async fn sources(&self, at: Timestamp) -> Result<Vec<SourceStatus>, EngineError> {
        let pulls = self.db.latest_pulls().await?;
        let fed = self.db.count_fed().await?;
        let due = self.due_sources(at).await?;
        let status = |source: &crate::config::Source| {
            let Known { latest, well, .. } = Known::of(&source.name, &pulls, &[]);
            let state = match latest {
                None => "never",
                Some(pull) => pull.outcome.as_deref().unwrap_or("running"),
            };
            SourceStatus {
                name: source.name.clone(),
                engine: source::engine(source),
                place: source::place(source),
                queries: source.queries.iter().map(|query| query.kind).collect(),
                organizations: fed.iter().find(|(name, _)| *name == source.name).map_or(0, |f| f.1),
                state: state.to_owned(),
                read_at: well.and_then(|w| Timestamp::from_millisecond(w.started_at).ok()),
                rows: well.map(|well| well.rows_read),
                rejected: well.map(|well| well.rows_rejected),
                error: latest.and_then(|latest| latest.error.clone()),
                is_due: due.iter().any(|other| other.name == source.name),
            }
        };
        Ok(self.settings.sources.iter().map(status).collect())
    }

    /// The sources of the settings that could not be read the last time.
    pub(in crate::engine) async fn unread_sources(&self) -> Result<Option<Unread>, EngineError> {
        if self.settings.sources.is_empty() {
            return Ok(None);
        }
        let mut failing = self.db.failing_sources().await?;
        failing.retain(|(name, _)| self.settings.sources.iter().any(|s| s.name == *name));
        let first = failing.iter().min_by_key(|(_, since)| *since);
        let Some((name, since)) = first else {
            return Ok(None);
        };
        let pulls = self.db.latest_pulls().await?;
        let why = Known::of(name, &pulls, &[]).latest.and_then(|latest| latest.error.clone());
        Ok(Some(Unread {
            count: failing.len(),
            why: why.unwrap_or_else(|| format!("source {name}: it could not be read")),
            since: Timestamp::from_millisecond(*since).unwrap_or(Timestamp::UNIX_EPOCH),
        }))
    }
}
