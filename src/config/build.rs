//! From layers to settings: each key read once, by the rule that is its own.

use std::path::PathBuf;

use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use crate::domain::address::{Domain, EmailAddress};
use crate::domain::constants::Constants;
use crate::domain::nudge::hours::Hours;
use crate::mail::relay::{Relay as Way, RelayError, RelayOptions, Timeouts};

use super::layer::Layers;
use super::networks::Networks;
use super::problem::Problem;
use super::reader::Reader;
use super::settings::{
    Alerts, Api, Consent, Content, Database, Desk, EnvelopeSender, Journal, Log, LogFormat, Mail,
    MetricsFor, Nudge, OnUncertain, Relay, Retention, Schedule, Secrets, Service, Settings, Web,
    WeekHour,
};
use super::{dkim, off_loopback, values};

/// Reads every key; `None` when any of them is unusable, with the reasons in `problems`.
pub(super) fn settings(layers: Layers, problems: &mut Vec<Problem>) -> Option<Settings> {
    let mut reader = Reader::new(&layers, problems);
    let r = &mut reader;
    let sources = super::source::sources(r);
    let database = r.parsed("database.url", database_url);
    let mail = mail(r);
    let relay = relay(r, mail.as_ref());
    let bounce = super::bounce::read(r);
    let web = web(r);
    let consent = consent(r);
    let desk = desk(r);
    let nudge = nudge(r);
    let per_minute = r.whole("api.per_minute", 1, 60_000);
    let drain_within = r.parsed("service.drain_within", values::span);
    let alerts = alerts(r);
    let schedule = schedule(r);
    let retention = retention(r);
    let model = model(r);
    let content_dir = r.optional("content.dir", path);
    let journal = journal(r);
    let secrets = r.line("secrets.dir");
    let log = log(r);
    debug_assert!(layers.keys().all(|key| reader.asked.contains(&key)), "{:?}", reader.asked);
    let settings = Settings {
        sources: sources?,
        database: Database { url: database? },
        relay: relay?,
        mail: mail?,
        bounce: bounce?,
        web: web?,
        consent: consent?,
        desk: desk?,
        nudge: nudge?,
        api: Api { per_minute: per_minute? },
        service: Service { drain_within: drain_within? },
        alerts: alerts?,
        schedule: schedule?,
        retention: retention?,
        model: model?,
        content: Content { dir: content_dir? },
        journal: journal?,
        secrets: Secrets { dir: PathBuf::from(secrets?) },
        log: log?,
        layers,
    };
    off_loopback::check(&settings, problems);
    Some(settings)
}

fn path(text: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(text))
}

fn database_url(text: &str) -> Result<SecretString, String> {
    let known = ["sqlite://", "postgres://", "postgresql://"];
    if known.iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty())) {
        Ok(SecretString::from(text))
    } else {
        Err("it must read sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME".to_owned())
    }
}

fn relay(r: &mut Reader<'_>, mail: Option<&Mail>) -> Option<Relay> {
    let connections = r.whole("relay.connections", 1, 256);
    let rate_per_second = r.limit("relay.rate_per_second", 1_000_000);
    let per_domain = r.limit("relay.per_domain", 1_000_000);
    let per_domain_connections = r.limit("relay.per_domain_connections", 256);
    let on_uncertain = r.word(
        "relay.on_uncertain",
        &[("resend", OnUncertain::Resend), ("hold", OnUncertain::Hold)],
    );
    let resend_after = r.parsed("relay.resend_after", values::span);
    let timeouts = timeouts(r);
    let options = RelayOptions {
        helo: mail.map(|mail| mail.domain.clone()),
        timeouts: timeouts.unwrap_or(Timeouts::RFC_5321),
    };
    let way = r.parsed("relay.url", |text| {
        Way::open(text.trim(), &options).map_err(|error| format!("it {}", said(&error)))
    });
    let fallback = r.parsed("relay.fallback", |text| fallback(text, way.as_ref(), &options));
    timeouts?;
    Some(Relay {
        way: way?,
        fallback: fallback?,
        connections: connections?,
        rate_per_second: rate_per_second?,
        per_domain: per_domain?,
        per_domain_connections: per_domain_connections?,
        on_uncertain: on_uncertain?,
        resend_after: resend_after?,
    })
}

/// What is wrong with a relay's URL, without the name of the setting.
fn said(error: &RelayError) -> String {
    let said = error.to_string();
    let said = said.strip_prefix("relay.url").unwrap_or(&said);
    said.trim_start_matches([':', ' ']).to_owned()
}

/// URLs with blanks between, each of a place of its own: breakers are known by the place.
fn fallback(text: &str, first: Option<&Way>, options: &RelayOptions) -> Result<Vec<Way>, String> {
    let mut ways: Vec<Way> = Vec::new();
    for (number, url) in (1..).zip(text.split_whitespace()) {
        let way = Way::open(url, options)
            .map_err(|error| format!("its relay number {number} {}", said(&error)))?;
        if first.into_iter().chain(&ways).any(|earlier| earlier.place() == way.place()) {
            let place = way.place();
            return Err(format!("its relay number {number} is {place} once more; name each once"));
        }
        ways.push(way);
    }
    Ok(ways)
}

fn timeouts(r: &mut Reader<'_>) -> Option<Timeouts> {
    let connect = r.parsed("relay.connect_timeout", values::span);
    let command = r.parsed("relay.command_timeout", values::span);
    let block = r.parsed("relay.message_timeout", values::span);
    let dot = r.parsed("relay.reply_timeout", values::span);
    let (connect, command) = (connect?, command?);
    Some(Timeouts {
        connect,
        tls: connect,
        greeting: command,
        hello: command,
        mail: command,
        rcpt: command,
        data: command,
        block: block?,
        dot: dot?,
        ..Timeouts::RFC_5321
    })
}

fn mail(r: &mut Reader<'_>) -> Option<Mail> {
    let from = r.parsed("mail.from", values::mailbox);
    let reply_to = r.parsed("mail.reply_to", values::mailbox);
    let postal_address = r.line("mail.postal_address");
    let domain = r.parsed("mail.domain", |text| {
        Domain::parse(text.trim())
            .map_err(|_| "it must be a full domain name such as example.org".to_owned())
    });
    let envelope =
        r.word("mail.envelope", &[("verp", EnvelopeSender::Verp), ("from", EnvelopeSender::From)]);
    let product_name = r.line("mail.product_name");
    let dkim = dkim::keys(r, from.as_ref());
    Some(Mail {
        from: from?,
        reply_to: reply_to?,
        postal_address: postal_address?,
        domain: domain?,
        envelope: envelope?,
        product_name: product_name?,
        dkim: dkim?,
    })
}

fn web(r: &mut Reader<'_>) -> Option<Web> {
    let listen = r.parsed("web.listen", |text| {
        text.trim()
            .parse()
            .map_err(|_| "it must be an address and a port such as 127.0.0.1:8080".to_owned())
    });
    let public_url = r.parsed("web.public_url", public_url);
    let metrics = r.word(
        "web.metrics",
        &[("loopback", MetricsFor::Loopback), ("all", MetricsFor::All), ("off", MetricsFor::Off)],
    );
    let trusted_proxies = r.parsed("web.trusted_proxies", Networks::parse);
    let copy_weeks = r.whole("web.copy_weeks", 1, 520);
    Some(Web {
        listen: listen?,
        public_url: public_url?,
        metrics: metrics?,
        trusted_proxies: trusted_proxies?,
        copy_weeks: copy_weeks?,
    })
}

fn consent(r: &mut Reader<'_>) -> Option<Consent> {
    let is_form_open = r.word("consent.form", &[("open", true), ("closed", false)]);
    let confirm_within = r.parsed("consent.confirm_within", values::span);
    let invite_within = r.parsed("consent.invite_within", values::span);
    let per_address = r.whole("consent.per_address", 1, 100);
    let per_client = r.whole("consent.per_client", 1, 100_000);
    Some(Consent {
        is_form_open: is_form_open?,
        confirm_within: confirm_within?,
        invite_within: invite_within?,
        per_address: per_address?,
        per_client: per_client?,
    })
}

fn desk(r: &mut Reader<'_>) -> Option<Desk> {
    let operators = r.parsed("desk.operators", values::addresses);
    let sign_in_within = r.parsed("desk.sign_in_within", values::span);
    let session_for = r.parsed("desk.session_for", values::span);
    let session_idle = r.parsed("desk.session_idle", values::span);
    let answer_weeks = r.whole("desk.answer_weeks", 1, 52);
    let upload_limit = r.whole("desk.upload_limit", 1, 100);
    Some(Desk {
        operators: operators?.iter().map(EmailAddress::lookup_key).collect(),
        sign_in_within: sign_in_within?,
        session_for: session_for?,
        session_idle: session_idle?,
        answer_weeks: answer_weeks?,
        upload_limit: upload_limit?,
    })
}

fn nudge(r: &mut Reader<'_>) -> Option<Nudge> {
    let from: Option<i8> = r.whole("nudge.from_hour", 0, 22);
    // Nothing ends before it begins.
    let earliest = from.map_or(1, |hour| i64::from(hour) + 1);
    let until = r.whole("nudge.until_hour", earliest, 23);
    Some(Nudge { hours: Hours { from: from?, until: until? } })
}

fn alerts(r: &mut Reader<'_>) -> Option<Alerts> {
    let to = r.parsed("alerts.to", values::addresses);
    let repeat = r.parsed("alerts.repeat", values::span);
    let late_after = r.parsed("alerts.late_after", values::span);
    Some(Alerts { to: to?, repeat: repeat?, late_after: late_after? })
}

fn public_url(text: &str) -> Result<String, String> {
    let wrong = || "it must be an address such as https://brief.example.org".to_owned();
    let url = url::Url::parse(text.trim()).map_err(|_| wrong())?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !plain {
        return Err(wrong());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn schedule(r: &mut Reader<'_>) -> Option<Schedule> {
    let grace = r.parsed("schedule.grace", values::span);
    let cut_off = week_hour(r, "schedule.cut_off_weekday", "schedule.cut_off_hour");
    let send = week_hour(r, "schedule.send_weekday", "schedule.send_hour");
    let portfolio_lead_hours = r.whole("schedule.portfolio_lead_hours", 0, 167);
    let zone = r.parsed("schedule.zone", values::zone);
    let public = week_hour(r, "schedule.public_weekday", "schedule.public_hour");
    Some(Schedule {
        grace: grace?,
        cut_off: cut_off?,
        send: send?,
        portfolio_lead_hours: portfolio_lead_hours?,
        zone: zone?,
        public: public?,
    })
}

/// A delivery is news for 15 days at most, and its message is needed until then.
const LEAST_WEEKS: u32 = 3;
/// Ten years and more.
const MOST_WEEKS: u32 = 1_000;

fn retention(r: &mut Reader<'_>) -> Option<Retention> {
    let message_weeks = r.limit_from("retention.message_weeks", LEAST_WEEKS, MOST_WEEKS);
    let body_weeks = r.limit_from("retention.body_weeks", LEAST_WEEKS, MOST_WEEKS);
    let reply_weeks = r.limit_from("retention.reply_weeks", LEAST_WEEKS, MOST_WEEKS);
    Some(Retention {
        message_weeks: message_weeks?,
        body_weeks: body_weeks?,
        reply_weeks: reply_weeks?,
    })
}

fn week_hour(r: &mut Reader<'_>, day: &'static str, hour: &'static str) -> Option<WeekHour> {
    let weekday = r.parsed(day, values::weekday);
    let hour = r.whole(hour, 0, 23);
    WeekHour::new(weekday?, hour?)
}

fn journal(r: &mut Reader<'_>) -> Option<Journal> {
    let dir = r.line("journal.dir");
    let weeks = r.whole("journal.weeks", 2, 520);
    Some(Journal { dir: PathBuf::from(dir?), weeks: weeks? })
}

fn log(r: &mut Reader<'_>) -> Option<Log> {
    let level = r.word(
        "log.level",
        &[
            ("error", LevelFilter::ERROR),
            ("warn", LevelFilter::WARN),
            ("info", LevelFilter::INFO),
            ("debug", LevelFilter::DEBUG),
            ("trace", LevelFilter::TRACE),
        ],
    );
    let format = r.word("log.format", &[("text", LogFormat::Text), ("json", LogFormat::Json)]);
    Some(Log { level: level?, format: format? })
}

/// Reads the model's keys; the ranges are the model's own.
fn model(r: &mut Reader<'_>) -> Option<Constants> {
    let any = |r: &mut Reader<'_>, key| r.whole::<i64>(key, i64::MIN, i64::MAX);
    macro_rules! constants {
        ($($field:ident),+ $(,)?) => {{
            $(let $field = any(r, concat!("model.", stringify!($field)));)+
            Constants { $($field: $field?),+ }
        }};
    }
    let constants = constants! {
        half_point_milli, material_cap_milli, default_target_milli, fresh_days, stale_step_days,
        stale_step_pct, stale_floor_pct, baseline_coverage_bp, forecast_points,
        forecast_min_points, early_view_points, forecast_max_weeks, stall_days, no_owner_days,
        overdue_days, due_moves, unverified_days, known_idle_days, near_go_live_days,
        configuration_days, accepted_days, protected_days, trend_pct, insight_weeks,
    };
    if let Err(reasons) = constants.validate() {
        for reason in reasons {
            let key = reason.split(' ').next().unwrap_or_default().to_owned();
            r.refuse(&key, reason);
        }
        return None;
    }
    Some(constants)
}
