//! Where a mail's links lead: pages of this service, each with a token signed for one recipient.
//!
//! The token alone says whose page it is (RFC 8058 3.1): no login stands between a reader and the
//! way out. What such a link does, it does only when a button on its page is pressed.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::time::{instant, monday_of};
use crate::secrets::{Keyring, Purpose, Subject};

use super::{Engine, EngineError};

/// What stands in the place of a token in a mail that is sent to nobody on a list.
pub const NOBODY: &str = "preview-to-nobody-on-a-list";

/// What a mail's way out ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut<'a> {
    /// A subscription, by its row id.
    Subscription(&'a str),
    /// The notices to an address ([`subject_of`](super::notice::subject_of)).
    Notices(Subject),
    /// Nothing: a preview, a test.
    Nothing,
}

/// Makes links.
#[derive(Debug, Clone)]
pub struct Pages {
    keys: Arc<Keyring>,
    public_url: String,
    copy_weeks: i64,
    answer_weeks: i64,
}

/// Where one recipient's links lead, absolute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPages {
    /// The way out.
    pub stop: String,
    /// Shows and changes what they get.
    pub choices: String,
    /// Shows the mail.
    pub copy: String,
    /// Shows the organization's way to readiness.
    pub trend: String,
    /// What the links begin with by which they answer for a gap.
    pub answer: String,
}

impl Engine {
    /// What makes the links of mails.
    ///
    /// # Errors
    /// When the keys cannot be read or made.
    pub fn pages(&self) -> Result<Pages, EngineError> {
        Ok(Pages {
            keys: self.keys()?,
            public_url: self.settings.web.public_url.clone(),
            copy_weeks: i64::from(self.settings.web.copy_weeks),
            answer_weeks: i64::from(self.settings.desk.answer_weeks),
        })
    }
}

impl Pages {
    /// The page at a path that is the same for everybody.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// The links of one recipient. Without a row id that a token can hold, which only a preview and
    /// a test lack, they lead to a page that says so.
    #[must_use]
    pub fn of(&self, way_out: WayOut<'_>, delivery: Option<Subject>, iso_week: &str) -> OwnPages {
        let (subscription, notices) = match way_out {
            WayOut::Subscription(id) => (Subject::parse(id), None),
            WayOut::Notices(address) => (None, Some(address)),
            WayOut::Nothing => (None, None),
        };
        let signed = |purpose, subject: Option<Subject>, expires| {
            subject.map(|subject| self.keys.sign(purpose, subject, expires))
        };
        let link = |path: &str, token: Option<String>| {
            self.page(&format!("/{path}/{}", token.as_deref().unwrap_or(NOBODY)))
        };
        let stop = match notices {
            Some(_) => link("n", signed(Purpose::Notices, notices, None)),
            None => link("u", signed(Purpose::Unsubscribe, subscription, None)),
        };
        // Without its week it would never end.
        let for_weeks = |purpose, weeks| {
            let ends = weeks_after(iso_week, weeks)?;
            signed(purpose, delivery, Some(ends))
        };
        OwnPages {
            stop,
            choices: link("p", signed(Purpose::Preferences, subscription, None)),
            copy: link("w", for_weeks(Purpose::WebCopy, self.copy_weeks)),
            // It is followed from the web copy, too.
            trend: link("t", for_weeks(Purpose::Trend, self.copy_weeks)),
            answer: link("a", for_weeks(Purpose::Answer, self.answer_weeks)),
        }
    }

    /// Shows what is known of the reader of a subscription, until an instant.
    #[must_use]
    pub fn own_data(&self, subscription: Subject, until: Timestamp) -> String {
        let token = self.keys.sign(Purpose::OwnData, subscription, Some(until));
        self.page(&format!("/d/{token}"))
    }

    /// The token of a delivery's envelope.
    #[must_use]
    pub fn bounce(&self, delivery: Subject) -> String {
        self.keys.sign(Purpose::Bounce, delivery, None)
    }
}

/// When a link of a week's mail is over: counted from the week and not from the sending, so that a
/// mail that is tried again is the same to the last octet.
fn weeks_after(iso_week: &str, weeks: i64) -> Option<Timestamp> {
    let monday = instant(monday_of(iso_week)?, 0, &TimeZone::UTC);
    monday.checked_add(SignedDuration::from_hours(weeks * 7 * 24)).ok()
}
