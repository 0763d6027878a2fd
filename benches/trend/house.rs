//! One large organization in a database, and the pages that answer about it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use back_office_brief::clock::{ManualClock, new_id};
use back_office_brief::config::Settings;
use back_office_brief::content::shipped;
use back_office_brief::engine::Engine;
use back_office_brief::secrets::{Purpose, Subject};
use back_office_brief::store::records::{Delivery, Exposure, Gap, GapEvent, WeeklyPoint};
use back_office_brief::store::{Db, bulk};
use back_office_brief::web::service::{Pages, listen};
use back_office_brief::web::site_router;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;

use crate::asking::{Answer, Answers, Asking, ask_once};
use crate::cluster::{Cluster, Keeps};
use crate::known;

const GAPS: usize = 500;
const WEEKS: u32 = 104;
/// The afternoon after the last cut-off of the history.
const NOW: &str = "2026-11-23T18:00:00Z";

/// Everything that a run needs.
pub struct House {
    runtime: Runtime,
    engine: Arc<Engine>,
    organization: String,
    address: SocketAddr,
    path: String,
    gap: String,
    _pages: Pages,
    _cluster: Option<Cluster>,
    _folder: tempfile::TempDir,
}

impl House {
    /// Seeds the organization and answers about it. Says why where the engine is not on this machine.
    pub fn new(is_postgres: bool) -> Result<Self, String> {
        let cluster = if is_postgres { Some(Cluster::start(Keeps::Power, "256MB")?) } else { None };
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let url = match &cluster {
            None => format!("sqlite://{}", folder.path().join("brief.db").display()),
            Some(cluster) => {
                cluster.sql("postgres", "CREATE DATABASE brief");
                cluster.url("brief")
            }
        };
        let runtime = Runtime::new().expect("a runtime");
        let (engine, organization, delivery, gap) = runtime.block_on(seed(&url, folder.path()));
        let engine = Arc::new(engine);
        let ends = now() + SignedDuration::from_hours(24 * 365);
        let subject = Subject::parse(&delivery).expect("an id of ours");
        let token = engine.keys().expect("keys").sign(Purpose::Trend, subject, Some(ends));
        let router = site_router(Arc::clone(&engine)).expect("pages");
        let (address, pages) = runtime.block_on(async {
            let listening = listen("127.0.0.1:0".parse().expect("an address")).await;
            let listening = listening.expect("a free port");
            (listening.address, listening.answer(router))
        });
        let path = format!("/t/{token}");
        let (_pages, _cluster, _folder) = (pages, cluster, folder);
        Ok(Self { runtime, engine, organization, address, path, gap, _pages, _cluster, _folder })
    }

    /// One request.
    pub fn ask_once(&self) -> Answer {
        self.runtime.block_on(ask_once(self.address, &self.path))
    }

    /// Many requests, and perhaps a write now and then.
    pub fn ask(&self, asking: &Asking<'_>, writes: Option<Duration>) -> Answers {
        let (db, organization) = (self.engine.db.clone(), self.organization.clone());
        let writer = writes.map(|every| {
            self.runtime.spawn(async move {
                for number in 0_u32.. {
                    tokio::time::sleep(every).await;
                    write_gap(&db, &organization, number).await;
                }
            })
        });
        let answers = self.runtime.block_on(asking.run(self.address, &self.path, &self.gap));
        if let Some(writer) = writer {
            writer.abort();
        }
        answers
    }
}

fn now() -> Timestamp {
    NOW.parse().expect("an instant")
}

/// Writes everything; the engine, the organization, a delivery to a reader of it, and one of its gaps.
async fn seed(url: &str, folder: &std::path::Path) -> (Engine, String, String, String) {
    let db = Db::open(url).await.expect("it opens");
    db.migrate().await.expect("it migrates");
    let rows = known::rows(GAPS, WEEKS);
    let mut tx = db.begin().await.expect("a transaction");
    rows.write(&mut tx).await.expect("the rows keep the rules");
    let delivery = Delivery {
        id: new_id(),
        subscription_id: rows.subscriptions[0].id.clone(),
        iso_week: "2026-W48".to_owned(),
        kind: "brief".to_owned(),
        state: "skipped".to_owned(),
        reason: Some("quiet_week".to_owned()),
        finished_at: Some(now().as_millisecond()),
        ..Delivery::default()
    };
    bulk::insert(&mut tx, std::slice::from_ref(&delivery)).await.expect("a delivery");
    let point = |week: i32| WeeklyPoint {
        implementation_id: rows.implementations[0].id.clone(),
        as_of: (date(2026, 11, 23) - jiff::Span::new().weeks(week)).to_string(),
        score_reported: Some(i64::from(50_000 + week)),
        ..WeeklyPoint::default()
    };
    let points: Vec<WeeklyPoint> = (0..i32::try_from(WEEKS).expect("few")).map(point).collect();
    bulk::insert(&mut tx, &points).await.expect("the points");
    tx.commit().await.expect("they are durable");
    db.analyze().await.expect("it can be analyzed");
    let mut settings = Settings::built_in();
    settings.secrets.dir = folder.join("secrets");
    let clock = Arc::new(ManualClock::at(now()));
    let content = shipped(date(2026, 11, 23)).expect("the shipped content");
    let organization = rows.organizations[0].id.clone();
    let gap = rows.gaps[0].external_id.clone();
    (Engine::new(db, settings, clock, content), organization, delivery.id, gap)
}

/// A new gap with its price, as the desk writes one.
async fn write_gap(db: &Db, organization: &str, number: u32) {
    let (id, at) = (new_id(), now().as_millisecond());
    let gap = Gap {
        id: id.clone(),
        external_id: format!("written-{number}-{id}"),
        organization_id: organization.to_owned(),
        area: "billing".to_owned(),
        category: "no_source".to_owned(),
        leak_zone: "finance".to_owned(),
        title: "Written while it is asked for".to_owned(),
        opened_on: "2026-11-23".to_owned(),
        created_at: at,
        ..Gap::default()
    };
    let event = GapEvent {
        id: new_id(),
        gap_id: id.clone(),
        kind: "opened".to_owned(),
        to_value: Some("open".to_owned()),
        effective_on: "2026-11-23".to_owned(),
        recorded_at: at,
        ..GapEvent::default()
    };
    let price = Exposure {
        id: new_id(),
        gap_id: id,
        kind: "direct".to_owned(),
        inputs: "{}".to_owned(),
        likely: 100,
        high: 100,
        basis: "estimated".to_owned(),
        effective_on: "2026-11-23".to_owned(),
        recorded_at: at,
        ..Exposure::default()
    };
    let mut tx = db.begin().await.expect("a transaction");
    bulk::insert(&mut tx, &[gap]).await.expect("a gap");
    bulk::insert(&mut tx, &[event]).await.expect("its event");
    bulk::insert(&mut tx, &[price]).await.expect("its price");
    tx.commit().await.expect("they are durable");
}
