//! What is known about one organization of any size, and the engine that makes a brief of it.
//!
//! The rows are those of `brief seed`; for more gaps than one seeded organization has, the gaps of
//! the next ones are given to the first. They go through a database once, before anything is timed,
//! so that a snapshot is what the product loads and not what a bench thinks it is.

use std::collections::HashSet;
use std::sync::Arc;

use back_office_brief::clock::ManualClock;
use back_office_brief::config::Settings;
use back_office_brief::content::shipped;
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::snapshot::Snapshot;
use back_office_brief::domain::time::instant;
use back_office_brief::engine::Engine;
use back_office_brief::sample::rows::Rows;
use back_office_brief::sample::seed::{Plan, organization};
use back_office_brief::store::Db;
use back_office_brief::store::snapshot::load_snapshots;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

/// The cut-off's day: a Monday.
const AS_OF: Date = date(2026, 11, 23);
/// The last day of the history: the day before.
const UNTIL: Date = date(2026, 11, 22);

/// One organization and the engine.
#[derive(Debug)]
pub struct Known {
    /// The engine on a database that nothing is asked of any more.
    pub engine: Engine,
    /// All that was known at the cut-off.
    pub snapshot: Snapshot,
    zone: TimeZone,
    cut_off: Timestamp,
    _folder: tempfile::TempDir,
}

impl Known {
    /// An organization with so many gaps and weeks of history.
    pub fn new(gaps: usize, weeks: u32) -> Self {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(Self::load(gaps, weeks))
    }

    async fn load(gaps: usize, weeks: u32) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("brief.db").display());
        let db = Db::open(&url).await.expect("a new file opens");
        db.migrate().await.expect("a new file migrates");
        let rows = rows(gaps, weeks);
        let mut tx = db.begin().await.expect("a transaction");
        rows.write(&mut tx).await.expect("the rows keep the rules");
        tx.commit().await.expect("they are durable");
        let own = &rows.organizations[0];
        let zone = TimeZone::get(&own.time_zone).expect("a seeded zone");
        let cut_off = instant(AS_OF, 6, &zone);
        let mut loaded = load_snapshots(&db, &[&own.id], cut_off).await.expect("it loads");
        let clock = Arc::new(ManualClock::at(cut_off));
        let content = shipped(AS_OF).expect("the shipped content");
        let mut settings = Settings::built_in();
        settings.secrets.dir = std::env::temp_dir().join("brief-bench-secrets");
        let engine = Engine::new(db, settings, clock, content);
        let snapshot = loaded.pop().expect("the organization is known");
        Self { engine, snapshot, zone, cut_off, _folder: folder }
    }

    /// Its facts at the cut-off.
    pub fn facts(&self) -> Facts {
        self.engine.facts_of(&self.snapshot, &self.zone, self.cut_off, AS_OF)
    }
}

/// The first seeded organization, with gaps of the next ones until there are enough.
pub fn rows(gaps: usize, weeks: u32) -> Rows {
    let plan = Plan { organizations: u32::MAX, recipients: 1, weeks, seed: 1, until: UNTIL };
    let mut rows = Rows::default();
    organization(&plan, 0, &mut rows);
    let own = rows.organizations[0].id.clone();
    let areas: HashSet<String> = rows.areas.iter().map(|a| a.area.clone()).collect();
    let mut number = 1;
    while rows.gaps.len() < gaps {
        let mut others = Rows::default();
        organization(&plan, number, &mut others);
        others.gaps.retain(|gap| areas.contains(&gap.area));
        for gap in &mut others.gaps {
            gap.organization_id.clone_from(&own);
        }
        rows.gaps.append(&mut others.gaps);
        rows.gap_events.append(&mut others.gap_events);
        rows.exposures.append(&mut others.exposures);
        number += 1;
    }
    rows.gaps.truncate(gaps);
    let kept: HashSet<&str> = rows.gaps.iter().map(|gap| gap.id.as_str()).collect();
    rows.gap_events.retain(|event| kept.contains(event.gap_id.as_str()));
    rows.exposures.retain(|exposure| kept.contains(exposure.gap_id.as_str()));
    rows
}
