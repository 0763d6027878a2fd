//! "Send me this as a test": one real mail of a preview, to whoever looks at it.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::tz::TimeZone;

use crate::domain::address::EmailAddress;
use crate::domain::brief::numbers::capitalized;
use crate::domain::line::clean;
use crate::engine::preview::{Preview, TestOf, Tested, outcome_in_words};

use crate::web::desk::form::Form;
use crate::web::desk::review::moment;
use crate::web::shell::detached::detached;
use crate::web::shell::problem::Problem;
use crate::web::shell::state::Site;
use crate::web::shell::visitor::Visitor;

/// How long the page waits for the relay: less than an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// What became of it, in words.
#[derive(Debug)]
pub(super) struct Came {
    pub(super) is_good: bool,
    pub(super) words: String,
    pub(super) status: StatusCode,
}

/// The forms of a preview with what was sent.
pub(super) struct Asking<'a> {
    pub(super) site: &'a Site,
    pub(super) visitor: &'a Visitor,
    /// Says where it goes.
    pub(super) test: &'a mut Form,
    /// Whether the button was pressed on a page whose other fields can be taken.
    pub(super) is_sent: bool,
    /// The client's row id, where it is about one, and whose edition it is.
    pub(super) of: (Option<String>, String),
    pub(super) zone: &'a TimeZone,
}

/// Sends a preview where that was asked for and its address can be taken.
pub(super) async fn where_asked(
    asking: Asking<'_>,
    preview: Preview,
) -> Result<Option<Came>, Problem> {
    let Asking { site, visitor, test, is_sent, of, zone } = asking;
    if !is_sent {
        return Ok(None);
    }
    match address(visitor, test) {
        Some(to) => send(site, visitor, preview, to, of, zone).await.map(Some),
        None => Ok(None),
    }
}

/// What the page answers: what became of the mail, or that its address cannot be taken; else what it
/// would answer anyway.
pub(super) fn status(page: StatusCode, came: Option<&Came>, test: &Form) -> StatusCode {
    match came {
        Some(came) => came.status,
        None if test.has_problems() => test.status(false),
        None => page,
    }
}

/// Where it goes: to the visitor; whoever runs the service may name another address. None where that
/// is not one, which the form says then.
fn address(visitor: &Visitor, form: &mut Form) -> Option<EmailAddress> {
    let own = &visitor.standing;
    if !own.access.is_operator() || form.value("to").is_empty() {
        return Some(own.email.clone());
    }
    match EmailAddress::parse(form.value("to")) {
        Ok(address) => Some(address),
        Err(problem) => {
            form.refuse("to", &problem.to_string());
            None
        }
    }
}

/// Sends it, whatever becomes of the page that waits for the answer.
async fn send(
    site: &Site,
    visitor: &Visitor,
    preview: Preview,
    to: EmailAddress,
    of: (Option<String>, String),
    zone: &TimeZone,
) -> Result<Came, Problem> {
    let (engine, actor) = (site.engine.clone(), visitor.actor());
    let subject = clean(&preview.body.subject, 120);
    let what = format!("\u{201c}[Test] {subject}\u{201d} for {to}");
    let work = detached(async move {
        let of = TestOf { organization: of.0.as_deref(), whose: &of.1 };
        engine.send_test_for(preview, &to, of, &actor).await
    });
    let Ok(tested) = tokio::time::timeout(PATIENCE, work).await else {
        let words = "The relay did not answer yet. The test may still arrive.";
        return Ok(result(false, words.to_owned(), StatusCode::OK));
    };
    Ok(match tested? {
        Tested::Asked(outcome) => match outcome_in_words(&outcome, "the relay", &what) {
            Ok(words) => result(true, words, StatusCode::OK),
            Err(words) => result(false, words, StatusCode::OK),
        },
        Tested::Paused(why) => {
            let words = format!("Nothing is sent: delivery is stopped ({})", clean(&why, 280));
            result(false, words, StatusCode::CONFLICT)
        }
        Tested::Suppressed(why) => {
            let words = format!(
                "Nothing is sent to this address: it is on the list of those that get no mail ({why})"
            );
            result(false, words, StatusCode::CONFLICT)
        }
        Tested::TooMany(next) => {
            let at = moment(next, zone, crate::domain::time::date_of(next, zone));
            let words = format!(
                "Nothing was sent: ten tests an hour are the most. The next one can be sent from {at} on"
            );
            result(false, words, StatusCode::TOO_MANY_REQUESTS)
        }
    })
}

fn result(is_good: bool, words: String, status: StatusCode) -> Came {
    let words = capitalized(words.trim_end_matches('.'));
    Came { is_good, words: format!("{words}."), status }
}
