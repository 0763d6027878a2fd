//! What the page of choices shows.

use askama::Template;
use axum::body::Body;
use axum::http::{Response, StatusCode};

use crate::domain::bounce::SuppressionReason;
use crate::domain::consent::AGAIN;
use crate::store::readers::{List, Reader};

use crate::web::shell::body::html;
use crate::web::shell::pages::Chrome;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::words::{capitalized, day_of, days, list_name};

/// What a button did, shown beside what it was about.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    /// The list's id, `zone`, `all` or `data`.
    about: String,
    sentence: String,
    is_problem: bool,
    /// Fields that take it back; none where there is nothing to take back.
    undo: Vec<(&'static str, String)>,
    /// The list as its form was sent, where that was not taken: nobody types it twice.
    typed: Option<List>,
}

impl Notice {
    pub(super) fn done(about: &str, sentence: String) -> Self {
        let about = about.to_owned();
        Self { about, sentence, is_problem: false, undo: Vec::new(), typed: None }
    }

    pub(super) fn problem(about: &str, sentence: String) -> Self {
        Self { is_problem: true, ..Self::done(about, sentence) }
    }

    pub(super) fn refused(typed: List, sentence: String) -> Self {
        Self { typed: Some(typed.clone()), ..Self::problem(&typed.id, sentence) }
    }

    pub(super) fn saved(about: &str, sentence: &str, undo: Vec<(&'static str, String)>) -> Self {
        Self { undo, ..Self::done(about, sentence.to_owned()) }
    }
}

#[derive(Template)]
#[template(path = "web/site/preferences.html")]
struct Page {
    chrome: Chrome,
    email: String,
    action: String,
    mark: String,
    lists: Vec<ListView>,
    zone: String,
    zones: Vec<String>,
    zone_notice: Option<Notice>,
    /// Whether there is a list that can be left.
    is_on: bool,
    all_notice: Option<Notice>,
    data_notice: Option<Notice>,
    agreement: &'static str,
}

struct ListView {
    /// Names the fields of one form apart from another's.
    number: usize,
    id: String,
    name: String,
    /// Whether it comes; if not, why.
    state: Option<String>,
    /// Whether it can be taken up again.
    is_off: bool,
    days: Vec<(String, &'static str, bool)>,
    hours: Vec<(String, String, bool)>,
    has_own_slot: bool,
    /// Empty for a list without quiet weeks.
    quiet: Vec<(&'static str, &'static str, bool)>,
    pause_from: String,
    pause_until: String,
    notice: Option<Notice>,
}

impl ListView {
    fn of(number: usize, list: List, notice: Option<&Notice>) -> Self {
        let notice = notice.filter(|notice| notice.about == list.id).cloned();
        let list = notice.as_ref().and_then(|notice| notice.typed.clone()).unwrap_or(list);
        let quiet = match list.role.as_str() {
            "consultant" | "public" => Vec::new(),
            _ => quiet(&list.quiet),
        };
        let text = |number: i64| number.to_string();
        let hour = |hour: i64| (text(hour), format!("{hour:02}:00"), list.hour == Some(hour));
        Self {
            number,
            name: capitalized(&list_name(&list.role, list.organization.as_deref())),
            state: state(&list),
            is_off: list.unsubscribed_at.is_some()
                || suppressed(&list).is_some_and(SuppressionReason::yields_to_consent),
            days: days().map(|(n, day)| (text(n), day, list.weekday == Some(n))).collect(),
            hours: (0..24).map(hour).collect(),
            has_own_slot: list.weekday.is_some(),
            quiet,
            pause_from: list.pause_from.unwrap_or_default(),
            pause_until: list.pause_until.unwrap_or_default(),
            notice,
            id: list.id,
        }
    }
}

/// Why a list does not come, if so.
fn state(list: &List) -> Option<String> {
    if let Some(at) = list.unsubscribed_at {
        return Some(format!("You left on {}.", day_of(at)));
    }
    if list.suppressed_reason.is_some() {
        let why = match suppressed(list) {
            Some(SuppressionReason::SoftBounces) => {
                "Mail to your address came back week after week, so none is sent."
            }
            Some(SuppressionReason::HardBounce) => {
                "Mail to your address came back, so none is sent. Reply to an old one."
            }
            Some(SuppressionReason::Complaint) => {
                "You reported a mail of ours as spam, so none is sent. Reply to an old one if that \
                 was not meant."
            }
            Some(SuppressionReason::UnsubscribedAll) => "You stopped all mail.",
            _ => "Nothing is sent to your address. Reply to an old mail to ask why.",
        };
        return Some(why.to_owned());
    }
    list.confirmed_at.is_none().then(|| "It begins once you confirm it by its mail.".to_owned())
}

fn suppressed(list: &List) -> Option<SuppressionReason> {
    list.suppressed_reason.as_deref()?.parse().ok()
}

fn quiet(chosen: &str) -> Vec<(&'static str, &'static str, bool)> {
    [("full", "the whole brief"), ("line", "one line"), ("skip", "nothing")]
        .into_iter()
        .map(|(word, label)| (word, label, word == chosen))
        .collect()
}

/// The zones that are offered: those of places, and UTC.
pub(super) fn zones() -> Vec<String> {
    let names = jiff::tz::db().available().map(|name| name.to_string());
    let is_place = |name: &String| {
        name == "UTC"
            || (name.contains('/')
                && !["Etc/", "posix/", "right/", "SystemV/"]
                    .iter()
                    .any(|not| name.starts_with(not)))
    };
    let mut zones: Vec<String> = names.filter(is_place).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

/// Draws the page as things stand now.
pub(super) async fn page(
    site: &Site,
    token: &str,
    reader: &Reader,
    notice: Option<Notice>,
) -> Result<Response<Body>, Problem> {
    let db = &site.engine.db;
    let (lists, now) = (db.lists_of(&reader.id).await?, db.reader_by_id(&reader.id).await?);
    let status = match &notice {
        Some(notice) if notice.is_problem => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    let lists = lists.into_iter().zip(1..);
    let about = |what| notice.clone().filter(|notice| notice.about == what);
    let lists: Vec<ListView> =
        lists.map(|(list, number)| ListView::of(number, list, notice.as_ref())).collect();
    let page = Page {
        chrome: Chrome::of(site),
        email: reader.email.clone().unwrap_or_default(),
        action: site.path(&format!("/p/{token}")),
        mark: site.keys.form_mark(token),
        is_on: lists.iter().any(|list| !list.is_off),
        lists,
        zone: now.and_then(|now| now.time_zone).unwrap_or_default(),
        zones: zones(),
        zone_notice: about("zone"),
        all_notice: about("all"),
        data_notice: about("data"),
        agreement: AGAIN.text,
    };
    Ok(html(status, &page))
}
