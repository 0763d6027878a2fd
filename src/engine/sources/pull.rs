//! Reading one source, from the claim to the row that says what came of it.

use std::path::PathBuf;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::new_id;
use crate::config::Source;
use crate::engine::deliver::verdict::without_addresses;
use crate::engine::{Engine, EngineError};
use crate::import::ImportReport;
use crate::import::command::{Manner, Pull};
use crate::source::{self, Fetched, SourceError};
use crate::store::StoreError;
use crate::store::sources::{Ended, Outcome, PullRow};

use super::due::Known;

/// How long writing one table may take before another process may take the reading over.
const WRITING: SignedDuration = SignedDuration::from_mins(30);
/// How much longer than its limits a reading is ours.
const SLACK: Duration = Duration::from_secs(60);
/// How far ahead the next cut-off is looked for; writing takes less.
const AHEAD: Duration = Duration::from_secs(2 * 3_600);

/// What a person asks for beside what the service does.
#[derive(Debug, Clone, Default)]
pub struct ByHand {
    /// Try everything, write nothing.
    pub dry_run: bool,
    /// Import what was answered although it is what was answered before.
    pub again: bool,
    /// Where rejects files go, if they are wanted.
    pub rejects: Option<PathBuf>,
}

/// What came of reading a source.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Pulled {
    /// Its name.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Rows that it answered.
    pub read: u64,
    /// Rows that were new or changed something.
    pub written: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// What each table came to; none where nothing was imported.
    pub report: Option<ImportReport>,
    /// Why it failed.
    pub error: Option<String>,
}

/// A reading that is ours.
struct Ours<'a> {
    id: String,
    source: &'a Source,
    /// The one before it.
    latest: Option<PullRow>,
    /// The one before it that went well.
    well: Option<PullRow>,
}

/// Why a reading came to nothing.
enum Stopped {
    /// We were asked to end.
    Asked,
    /// The source, or what it says.
    Source(SourceError),
    /// Our own database.
    Engine(EngineError),
}

impl From<SourceError> for Stopped {
    fn from(error: SourceError) -> Self {
        Self::Source(error)
    }
}

impl From<EngineError> for Stopped {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Engine(error.into())
    }
}

impl Engine {
    /// Reads one source now, whether it is due or not, and imports what is new.
    ///
    /// # Errors
    /// [`EngineError::Source`] where another process reads it; else what our own database says. What
    /// is wrong with the source is in the answer.
    pub async fn pull(&self, source: &Source, by_hand: &ByHand) -> Result<Pulled, EngineError> {
        if by_hand.dry_run {
            return self.try_pull(source, by_hand).await;
        }
        let began = self.clock.now();
        let pulls = self.db.latest_pulls().await?;
        let known = Known::of(&source.name, &pulls, &[]);
        let ours =
            Ours { id: new_id(), source, latest: known.latest.cloned(), well: known.well.cloned() };
        let lease =
            began + SignedDuration::try_from(source::bound(source) + SLACK).unwrap_or(WRITING);
        let (at, until) = (began.as_millisecond(), lease.as_millisecond());
        if !self.db.begin_pull(&ours.id, &source.name, at, until).await? {
            return Err(SourceError::taken(&source.name).into());
        }
        let mut pulled = Pulled::nothing(source);
        let mut digest = None;
        let done = self.read_and_take(&ours, by_hand, &mut pulled, &mut digest).await;
        let failed = match done {
            Ok(()) => None,
            Err(Stopped::Asked) => {
                pulled.outcome = Outcome::GivenUp;
                None
            }
            Err(Stopped::Source(error)) => {
                pulled.fail(without_addresses(&error.to_string()));
                None
            }
            Err(Stopped::Engine(error)) => {
                pulled.fail(without_addresses(&error.to_string()));
                Some(error)
            }
        };
        self.record(&ours, &pulled, digest.as_deref()).await;
        failed.map_or(Ok(pulled), Err)
    }

    /// Asks, compares, imports.
    async fn read_and_take(
        &self,
        ours: &Ours<'_>,
        by_hand: &ByHand,
        pulled: &mut Pulled,
        digest: &mut Option<String>,
    ) -> Result<(), Stopped> {
        let fetched = self.ask(ours.source).await?;
        pulled.read = fetched.rows;
        let before = ours.well.as_ref();
        // Rows that were rejected may be taken now, when what they name has become known.
        let is_same = before.is_some_and(|well| {
            well.digest.as_deref() == Some(&fetched.digest) && well.rows_rejected == 0
        });
        *digest = Some(fetched.digest.clone());
        if is_same && !by_hand.again {
            return Ok(());
        }
        let now = self.clock.now();
        let lease_until = (now + WRITING).as_millisecond();
        if !self.db.hold_pull(&ours.id, lease_until).await? {
            return Err(SourceError::taken(&ours.source.name).into());
        }
        let next = self.moments_until(now, AHEAD).await?;
        let next = next
            .into_iter()
            .filter(|(name, at)| *name == ours.source.name && *at > now.as_millisecond());
        let cut_off = next.filter_map(|(_, at)| Timestamp::from_millisecond(at).ok()).min();
        let pull = Pull {
            id: &ours.id,
            clock: &*self.clock,
            cut_off,
            turn: (!self.db.is_postgres()).then_some(&*self.turn),
            read_before: before.and_then(|w| Timestamp::from_millisecond(w.started_at).ok()),
            lease_until,
        };
        let manner = self.manner(now, by_hand, Some(pull));
        pulled.count(source::take(&self.db, &fetched, manner).await?);
        Ok(())
    }

    /// Everything that the source answers, unless we are asked to end meanwhile.
    async fn ask(&self, source: &Source) -> Result<Fetched, Stopped> {
        let organization = source::named(&self.db, source).await?;
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(Stopped::Asked),
            fetched = source::fetch(source, organization.as_deref()) => Ok(fetched?),
        }
    }

    /// The same without a row of ours and without a trace.
    async fn try_pull(&self, source: &Source, by_hand: &ByHand) -> Result<Pulled, EngineError> {
        let mut pulled = Pulled::nothing(source);
        let organization = source::named(&self.db, source).await?;
        let manner = self.manner(self.clock.now(), by_hand, None);
        let tried = async {
            let fetched = source::fetch(source, organization.as_deref()).await?;
            Ok::<_, SourceError>((fetched.rows, source::take(&self.db, &fetched, manner).await?))
        };
        match tried.await {
            Ok((rows, report)) => {
                pulled.read = rows;
                pulled.count(report);
            }
            Err(error) => pulled.fail(error.to_string()),
        }
        Ok(pulled)
    }

    fn manner<'a>(
        &'a self,
        now: Timestamp,
        by_hand: &ByHand,
        pull: Option<Pull<'a>>,
    ) -> Manner<'a> {
        Manner {
            dry_run: by_hand.dry_run,
            rejects: by_hand.rejects.clone(),
            pull,
            ..Manner::trying(now, &self.settings.model)
        }
    }

    /// Writes down what came of it, counts it, and says what has changed since the last time.
    async fn record(&self, ours: &Ours<'_>, pulled: &Pulled, digest: Option<&str>) {
        let ended = Ended {
            at: self.clock.now().as_millisecond(),
            outcome: pulled.outcome,
            read: pulled.read,
            written: pulled.written,
            rejected: pulled.rejected,
            digest: digest.filter(|_| pulled.error.is_none()),
            error: pulled.error.as_deref(),
        };
        if let Err(error) = self.db.finish_pull(&ours.id, &ended).await {
            tracing::warn!(%error, source = pulled.name, "what came of a source is not recorded");
        }
        self.metrics.sources.pulled(pulled.outcome.as_str());
        let name = &pulled.name;
        let before = ours.latest.as_ref().and_then(|latest| latest.error.as_deref());
        match (&pulled.error, before) {
            (Some(why), Some(before)) if why == before => {
                tracing::debug!(source = name, why, "the source still cannot be read");
            }
            (Some(why), _) => {
                tracing::warn!(source = name, why, "the source cannot be read; it is tried again");
            }
            (None, Some(_)) => tracing::info!(source = name, "the source is read again"),
            (None, None) if pulled.outcome == Outcome::Written => {
                tracing::info!(
                    source = name,
                    rows = pulled.written,
                    "the source told something new"
                );
            }
            (None, None) => {}
        }
        let rejected_before =
            ours.well.as_ref().map_or(0, |well| well.rows_rejected.unsigned_abs());
        if pulled.rejected > 0 && pulled.rejected != rejected_before {
            let rows = pulled.rejected;
            tracing::warn!(source = name, rows, "rows were not taken; see brief source check");
        }
    }
}

impl Pulled {
    fn nothing(source: &Source) -> Self {
        Self {
            name: source.name.clone(),
            outcome: Outcome::Unchanged,
            read: 0,
            written: 0,
            rejected: 0,
            report: None,
            error: None,
        }
    }

    fn count(&mut self, report: ImportReport) {
        self.written = report.files.iter().map(|file| file.written).sum();
        self.rejected = report.files.iter().map(|file| file.rejected).sum();
        self.outcome = if self.written > 0 { Outcome::Written } else { Outcome::Unchanged };
        self.report = Some(report);
    }

    fn fail(&mut self, why: String) {
        self.outcome = Outcome::Failed;
        self.error = Some(why);
    }
}
