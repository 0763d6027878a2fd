//! The checks themselves, each with what to do when it does not pass.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use secrecy::ExposeSecret;

use crate::config::{Origin, Settings, hide_password};
use crate::content;
use crate::domain::time::date_of;
use crate::engine::notice::stopped_at;
use crate::mail::relay::Relay;
use crate::secrets::{FILE, Keyring};
use crate::store::Db;

use super::super::Context;
use super::{Check, breakers, journal};

/// Most that two clocks may differ before a lease means two things, milliseconds.
const MOST_SKEW_MS: i64 = 30_000;
/// Free space below which a week may not fit, bytes.
const LITTLE_SPACE: u64 = 1 << 30;
/// Free space below which a database stops writing soon, bytes.
const NO_SPACE: u64 = 64 << 20;

/// What is set, and whether mail would go anywhere.
pub(super) fn configuration(settings: &Settings) -> Check {
    let shown = settings.shown();
    let n_set = shown.iter().filter(|shown| shown.origin != Origin::Default).count();
    let found = format!("{n_set} of {} settings are set, the rest are defaults", shown.len());
    if settings.relay.ways().all(Relay::is_local) {
        let advice =
            "mail stays on this machine; set relay.url to a relay when readers should get it";
        Check::warn("configuration", found, advice)
    } else {
        Check::ok("configuration", found)
    }
}

/// Whether the database is there, current, writable and on time, and knows only real zones.
pub(super) async fn database(ctx: &Context) -> Vec<Check> {
    let url = hide_password(ctx.settings.database.url.expose_secret());
    let absent = url.strip_prefix("sqlite://").filter(|path| !Path::new(path).exists());
    if absent.is_some() {
        let advice = "run `brief migrate`, or any command that uses the database, to make it";
        return vec![Check::warn("database", format!("{url} does not exist yet"), advice)];
    }
    let db = match ctx.open_as_it_is().await {
        Ok(db) => db,
        Err(error) => {
            let advice = "check database.url, and that the server runs and lets this user in";
            return vec![Check::fail("database", error.to_string(), advice)];
        }
    };
    let mut found = vec![schema(ctx, &db, url).await];
    if db.is_postgres() && !ctx.is_now_given {
        found.push(skew(ctx, &db).await);
    }
    if found.iter().all(|check| check.advice.is_none()) {
        found.push(zones(ctx, &db).await);
        found.push(delivery(&db).await);
        found.extend(untold(&ctx.settings, &db).await);
        found.push(journal::check(ctx, &db).await);
        found.extend(breakers::open(&db).await);
    }
    db.close().await;
    found
}

async fn schema(ctx: &Context, db: &Db, url: String) -> Check {
    match db.pending_migrations().await {
        Ok(pending) if pending.is_empty() => match db.check_writable(ctx.clock.now()).await {
            Ok(()) => Check::ok("database", format!("{url} is up to date and can be written to")),
            Err(error) => {
                let advice = "check the rights of this user, the disk, and who else holds a lock";
                Check::fail("database", format!("{url} cannot be written to: {error}"), advice)
            }
        },
        Ok(pending) => {
            let found = format!("{url} lacks the migrations {}", pending.join(", "));
            Check::fail("database", found, "run `brief migrate`")
        }
        Err(error) => {
            Check::fail("database", format!("{url}: {error}"), "restore it from a backup")
        }
    }
}

async fn skew(ctx: &Context, db: &Db) -> Check {
    let before = ctx.clock.now();
    let theirs = match db.server_time().await {
        Ok(theirs) => theirs,
        Err(error) => {
            return Check::fail("clock", error.to_string(), "see the check of the database");
        }
    };
    let after = ctx.clock.now();
    let early = before.as_millisecond() - theirs.as_millisecond();
    let late = theirs.as_millisecond() - after.as_millisecond();
    let apart = early.max(late).max(0);
    if apart > MOST_SKEW_MS {
        let found = format!("the database's clock is {} seconds apart from ours", apart / 1000);
        Check::fail("clock", found, "set both machines by NTP: leases and cut-offs depend on it")
    } else {
        Check::ok("clock", format!("the database's clock agrees with ours to {apart} ms"))
    }
}

async fn zones(ctx: &Context, db: &Db) -> Check {
    let mut zones = match db.time_zones().await {
        Ok(zones) => zones,
        Err(error) => {
            return Check::fail("time zones", error.to_string(), "see the check of the database");
        }
    };
    zones.push(ctx.settings.schedule.zone.clone());
    let unknown: Vec<&str> =
        zones.iter().map(String::as_str).filter(|zone| TimeZone::get(zone).is_err()).collect();
    if unknown.is_empty() {
        Check::ok("time zones", "every zone in use is known")
    } else {
        let advice =
            "correct the organization with `brief organizations change`, or update the zone data";
        Check::fail("time zones", format!("unknown: {}", unknown.join(", ")), advice)
    }
}

async fn delivery(db: &Db) -> Check {
    match db.paused().await {
        Ok(None) => Check::ok("delivery", "not paused"),
        Ok(Some(why)) => Check::warn("delivery", format!("paused: {why}"), "run `brief resume`"),
        Err(error) => Check::fail("delivery", error.to_string(), "see the check of the database"),
    }
}

/// Who stands in `alerts.to` and stopped the notices by the link in one.
async fn untold(settings: &Settings, db: &Db) -> Option<Check> {
    let mut stopped = Vec::new();
    for to in &settings.alerts.to {
        match stopped_at(db, to).await {
            Ok(None) => {}
            Ok(Some(at)) => stopped.push(format!("{to} (since {at})")),
            Err(error) => {
                return Some(Check::fail(
                    "alerts",
                    error.to_string(),
                    "see the check of the database",
                ));
            }
        }
    }
    (!stopped.is_empty()).then(|| {
        let found = format!("stopped by the link in a notice: {}", stopped.join(", "));
        let advice = "follow that link once more to take them up, or name another in alerts.to";
        Check::warn("alerts", found, advice)
    })
}

/// Whether anybody is told when something goes wrong.
pub(super) fn alerts(settings: &Settings) -> Check {
    match settings.alerts.to.len() {
        0 if settings.relay.ways().all(Relay::is_local) => {
            Check::ok("alerts", "nobody is told; set alerts.to to change that")
        }
        0 => {
            let advice = "set alerts.to to who should know when a run does not close";
            Check::warn("alerts", "nobody is told when something goes wrong", advice)
        }
        1 => Check::ok("alerts", "one address is told when something goes wrong"),
        n => Check::ok("alerts", format!("{n} addresses are told when something goes wrong")),
    }
}

/// Whether each relay would take mail from us.
pub(super) async fn relays(settings: &Settings) -> Vec<Check> {
    let mut found = Vec::new();
    for (number, way) in settings.relay.ways().enumerate() {
        found.push(relay(way, if number == 0 { "relay" } else { "fallback" }).await);
    }
    found
}

async fn relay(way: &Relay, check: &'static str) -> Check {
    match (way.check().await, way) {
        (Ok(()), Relay::File(_)) => Check::ok(check, format!("{way} can be written to")),
        (Ok(()), Relay::Smtp(_)) => Check::ok(check, format!("{way} answers and lets us in")),
        (Err(error), Relay::File(_)) => {
            Check::fail(check, error, "make the directory writable, or name another in relay.url")
        }
        (Err(error), Relay::Smtp(_)) => {
            let advice =
                "check relay.url, its password and certificate, and the way through the firewall";
            Check::fail(check, format!("{way}: {error}"), advice)
        }
    }
}

/// Free space where files are written.
pub(super) fn disk(settings: &Settings) -> Vec<Check> {
    let mut places: Vec<PathBuf> =
        vec![existing(&settings.secrets.dir), existing(&settings.journal.dir)];
    if let Some(path) = settings.database.url.expose_secret().strip_prefix("sqlite://") {
        places.push(existing(Path::new(path)));
    }
    for way in settings.relay.ways() {
        if let Relay::File(folder) = way {
            places.push(existing(folder));
        }
    }
    let device = |place: &PathBuf| std::fs::metadata(place).map_or(0, |meta| meta.dev());
    places.sort_by_key(device);
    places.dedup_by_key(|place| device(place));
    places.iter().map(|place| space(place)).collect()
}

fn space(place: &Path) -> Check {
    let free = match rustix::fs::statvfs(place) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => {
            let found = format!("{} cannot be looked at ({error})", place.display());
            return Check::fail("disk", found, "check that the directory exists and may be read");
        }
    };
    let found = format!("{} MB are free at {}", free >> 20, place.display());
    let advice = "free some space before the next run";
    match free {
        0..NO_SPACE => Check::fail("disk", found, advice),
        NO_SPACE..LITTLE_SPACE => Check::warn("disk", found, advice),
        _ => Check::ok("disk", found),
    }
}

/// The path itself, or the nearest folder above it that exists.
pub(super) fn existing(path: &Path) -> PathBuf {
    let mut ancestors = path.ancestors().filter(|path| *path != Path::new(""));
    ancestors.find(|path| path.exists()).map_or_else(|| PathBuf::from("."), Path::to_owned)
}

/// Whether the authored texts can be used, and which are due for review.
pub(super) fn content(ctx: &Context) -> Check {
    let today = date_of(ctx.clock.now(), &TimeZone::UTC);
    let loaded = match &ctx.settings.content.dir {
        Some(dir) => content::load_from(dir, today),
        None => content::shipped(today),
    };
    match loaded {
        Ok(content) if content.warnings.is_empty() => Check::ok(
            "content",
            format!(
                "{} insights and {} public issues",
                content.insights.entries.len(),
                content.issues.len()
            ),
        ),
        Ok(content) => {
            let found: Vec<String> = content.warnings.iter().map(ToString::to_string).collect();
            let advice =
                "look at their sources again, and set a new date of review under content.dir";
            Check::warn("content", found.join("\n"), advice)
        }
        Err(error) => Check::fail("content", error.to_string(), "mend the files under content.dir"),
    }
}

/// Whether the keys are there, ours alone, and whole.
pub(super) fn secrets(settings: &Settings) -> Check {
    let dir = &settings.secrets.dir;
    match std::fs::metadata(dir) {
        Ok(meta) if !meta.is_dir() => {
            let found = format!("{} is not a directory", dir.display());
            Check::fail("secrets", found, "name a directory in secrets.dir")
        }
        Ok(_) if dir.join(FILE).exists() => match Keyring::open(dir) {
            Ok(keys) => {
                let n_keys = keys.numbers().count();
                let s = if n_keys == 1 { "" } else { "s" };
                Check::ok("secrets", format!("{n_keys} key{s} for links in {}", dir.display()))
            }
            Err(error) => Check::fail("secrets", error.to_string(), "no mail leaves before that"),
        },
        Ok(_) => Check::ok("secrets", format!("keys are kept in {}", dir.display())),
        Err(_) => {
            Check::ok("secrets", format!("{} is made when a key is first needed", dir.display()))
        }
    }
}
