//! From a snapshot to an edition's words, both mail parts and the mould: drawn once, cast for each
//! recipient (DESIGN 2.7).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::config::Source;
use crate::domain::brand::{Brand, Consultant};
use crate::domain::brief::{
    Brief, Corrected, compose_correction, compose_leader, compose_owner, compose_portfolio,
    compose_public,
};
use crate::domain::codes::EditionKind;
use crate::domain::compose::{self, Request};
use crate::domain::facts::Facts;
use crate::domain::feed::{self, FeedRule};
use crate::domain::issue::PublicIssue;
use crate::domain::portfolio::PortfolioFacts;
use crate::domain::slots::{SLOT_ANSWER, SLOT_COPY, SLOT_STOP, SLOT_TREND, SLOT_WHY};
use crate::domain::snapshot::Snapshot;
use crate::domain::time::iso_week;
use crate::mail::header::{FeedbackId, HeaderUri, ListHeaders};
use crate::mail::message::Letter;
use crate::mail::mould::Mould;
use crate::render::{Frame, Links, Rendered, render};
use crate::store::editions::Body;

use super::voice::Voice;
use super::{Engine, EngineError};

/// The language that briefs are written in.
pub const LOCALE: &str = "en";
/// What the variant of a reader's edition ends with: the leader's words, without links to answer
/// (DESIGN 1).
pub const READERS: &str = "-reader";

/// What an edition is known by while it is drawn.
#[derive(Debug, Clone, Copy)]
struct Stamp<'a> {
    /// Whose it is, for an error.
    scope: &'a str,
    /// What its MIME boundary is derived from.
    identity: &'a str,
    /// What it is.
    kind: EditionKind,
    /// Where it can be read by everybody; none where each recipient has a page of their own.
    page: Option<&'a str>,
    /// Whether its readers may answer.
    has_answers: bool,
    /// In whose name it comes; none means the service's own.
    from: Voice<'a>,
}

impl<'a> Stamp<'a> {
    /// Of something without links to answer, in the service's own name.
    const fn new(scope: &'a str, identity: &'a str, kind: EditionKind) -> Self {
        Self { scope, identity, kind, page: None, has_answers: false, from: Voice::OWN }
    }
}

/// A leader's or owner's edition with the facts it was made from.
#[derive(Debug, Clone)]
pub struct Composed {
    /// What it says in figures.
    pub facts: Facts,
    /// Its variant.
    pub variant: String,
    /// What it says in every stored form.
    pub body: Body,
}

impl Engine {
    /// The facts of an organization at a cut-off, in the full form.
    #[must_use]
    pub fn facts_of(
        &self,
        snapshot: &Snapshot,
        zone: &TimeZone,
        cut_off: Timestamp,
        as_of: Date,
    ) -> Facts {
        let mut facts = compose::facts(&Request {
            snapshot,
            zone,
            cut_off,
            as_of,
            kind: EditionKind::Leader,
            variant: &format!("full-{LOCALE}"),
            constants: &self.settings.model,
            insights: &self.content.insights.entries,
        });
        let rules: Vec<FeedRule<'_>> = self.settings.sources.iter().map(feed_rule).collect();
        facts.sources.feeds = feed::facts(&snapshot.feeds, &rules, zone);
        facts
    }

    /// The leader's edition from facts. Its mail is dated by the cut-off, so that the same database
    /// gives the same bytes whenever it is made (DESIGN 2.7).
    ///
    /// # Errors
    /// When a template or the message builder refuses; nothing in data can make them.
    pub fn compose_leader(
        &self,
        facts: Facts,
        consultant: Option<&Consultant>,
    ) -> Result<Composed, EngineError> {
        let brief = compose_leader(&facts);
        let date = facts.edition.cut_off;
        self.composed(facts, &brief, consultant, date)
    }

    /// The same as another variant: the one-line form of a quiet week, or for readers.
    ///
    /// # Errors
    /// As [`compose_leader`](Self::compose_leader).
    pub fn compose_variant(
        &self,
        facts: &Facts,
        variant: &str,
        consultant: Option<&Consultant>,
    ) -> Result<Composed, EngineError> {
        let mut facts = facts.clone();
        facts.edition.variant = variant.to_owned();
        self.compose_leader(facts, consultant)
    }

    /// An owner's edition; none where nothing open is theirs.
    ///
    /// # Errors
    /// As [`compose_leader`](Self::compose_leader).
    pub fn compose_owner(
        &self,
        facts: &Facts,
        owner: &str,
        variant: &str,
        consultant: Option<&Consultant>,
    ) -> Result<Option<Composed>, EngineError> {
        if !facts.gaps.iter().any(|g| g.owner.as_deref() == Some(owner)) {
            return Ok(None);
        }
        let mut facts = facts.clone();
        facts.edition.kind = EditionKind::Owner;
        variant.clone_into(&mut facts.edition.variant);
        let brief = compose_owner(&facts, owner);
        let date = facts.edition.cut_off;
        self.composed(facts, &brief, consultant, date).map(Some)
    }

    /// A correction of an edition.
    ///
    /// # Errors
    /// As [`compose_leader`](Self::compose_leader).
    pub fn compose_correction(
        &self,
        mut facts: Facts,
        corrected: &[Corrected],
        why: &str,
        consultant: Option<&Consultant>,
        now: Timestamp,
    ) -> Result<Composed, EngineError> {
        facts.edition.kind = EditionKind::Correction;
        let brief = compose_correction(&facts, corrected, why);
        self.composed(facts, &brief, consultant, now)
    }

    fn composed(
        &self,
        facts: Facts,
        brief: &Brief,
        consultant: Option<&Consultant>,
        now: Timestamp,
    ) -> Result<Composed, EngineError> {
        let scope = facts.organization.slug.clone();
        let identity = format!(
            "{scope}/{}/{}/{}",
            facts.edition.iso_week, facts.edition.kind, facts.edition.variant
        );
        let insight_id = facts.insight.as_ref().map(|i| i.id.clone());
        let body = {
            let has_answers = has_answers(&facts);
            let stamp = Stamp::new(&scope, &identity, facts.edition.kind);
            let stamp = Stamp { has_answers, from: Voice::of(consultant), ..stamp };
            self.body(stamp, &json(&facts), insight_id, brief, now)?
        };
        Ok(Composed { variant: facts.edition.variant.clone(), facts, body })
    }

    /// A consultant's portfolio.
    ///
    /// # Errors
    /// As [`compose_leader`](Self::compose_leader).
    pub fn compose_portfolio(
        &self,
        facts: &PortfolioFacts,
        scope: &str,
        brand: &Brand,
    ) -> Result<Body, EngineError> {
        let identity = format!("{scope}/{}/portfolio", facts.edition.iso_week);
        let stamp = Stamp::new(scope, &identity, EditionKind::Portfolio);
        // What a consultant answers goes to whoever runs the service, not to the consultant.
        let stamp = Stamp { from: Voice { brand: Some(brand), reply_to: None }, ..stamp };
        let date = facts.edition.cut_off;
        self.body(stamp, &json(facts), None, &compose_portfolio(facts), date)
    }

    /// A public issue.
    ///
    /// # Errors
    /// As [`compose_leader`](Self::compose_leader).
    pub fn compose_public(
        &self,
        issue: &PublicIssue,
        facts: &serde_json::Value,
        as_of: Date,
        now: Timestamp,
    ) -> Result<Body, EngineError> {
        let brief = compose_public(issue, as_of);
        let identity = format!("public/{as_of}/{}", issue.id);
        let page = format!("{}/archive/{}", self.settings.web.public_url, iso_week(as_of));
        let stamp = Stamp::new("public", &identity, EditionKind::Public);
        let stamp = Stamp { page: Some(&page), ..stamp };
        self.body(stamp, &facts.to_string(), Some(issue.id.clone()), &brief, now)
    }

    fn body(
        &self,
        stamp: Stamp<'_>,
        facts: &str,
        insight_id: Option<String>,
        brief: &Brief,
        now: Timestamp,
    ) -> Result<Body, EngineError> {
        let mut frame = self.frame_of(stamp.from);
        if let Some(page) = stamp.page {
            frame.links.web_copy = Some(page.to_owned());
        }
        if is_of_one_organization(stamp.kind) {
            frame.links.trend = Some(SLOT_TREND.to_owned());
        }
        if stamp.kind == EditionKind::Portfolio {
            frame.links.nudges = Some(format!("{}/desk/nudges", self.settings.web.public_url));
        }
        frame.links.answers = stamp.has_answers.then(|| SLOT_ANSWER.to_owned());
        let rendered = render(&stamp.from.heads(brief), &frame).map_err(|problem| {
            EngineError::Render { scope: stamp.scope.to_owned(), problem: problem.to_string() }
        })?;
        let mut letter = self.letter(stamp.kind.as_str(), stamp.identity, &rendered, now);
        stamp.from.signs(&mut letter);
        let scope = stamp.scope.to_owned();
        let wrong = |problem| EngineError::Letter { scope, problem };
        let mould = Mould::of(&letter).map_err(wrong)?;
        Ok(Body {
            facts: facts.to_owned(),
            subject: rendered.subject,
            preheader: rendered.preheader,
            text: rendered.text,
            html: rendered.html,
            mould: mould.as_bytes().to_vec(),
            insight_id,
        })
    }

    /// What surrounds every brief.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let mail = &self.settings.mail;
        Frame {
            product_name: mail.product_name.clone(),
            lang: LOCALE.to_owned(),
            postal_address: mail.postal_address.clone(),
            reply_to: Some(mail.reply_to.address.as_str().to_owned()),
            links: Links {
                stop: Some(SLOT_STOP.to_owned()),
                choices: Some(SLOT_WHY.to_owned()),
                web_copy: Some(SLOT_COPY.to_owned()),
                ..Links::default()
            },
            ..Frame::default()
        }
    }

    /// A letter to a list, without a recipient.
    #[must_use]
    pub fn letter(
        &self,
        kind: &str,
        identity: &str,
        rendered: &Rendered,
        date: Timestamp,
    ) -> Letter {
        let mail = &self.settings.mail;
        let help = HeaderUri::mailto(&mail.reply_to.address, "Help");
        Letter {
            id: identity.to_owned(),
            from: mail.from.clone(),
            reply_to: Some(mail.reply_to.clone()),
            subject: rendered.subject.clone(),
            text: rendered.text.clone(),
            html: rendered.html.clone(),
            date,
            // The name and the label are fixed words, which the header allows.
            list: ListHeaders::new("Weekly brief", "weekly", &mail.domain, help).ok(),
            // Constant for all recipients: complaints are counted by kind of edition (MAIL 22).
            feedback: FeedbackId::new(kind, "brief", "weekly", "backoffice").ok(),
            extra: Vec::new(),
        }
    }
}

/// Whether an edition is about one organization, whose course its reader may see.
const fn is_of_one_organization(kind: EditionKind) -> bool {
    matches!(kind, EditionKind::Leader | EditionKind::Owner | EditionKind::Correction)
}

/// Whether who gets an edition may answer for its gaps: leaders and owners may, readers may not
/// (DESIGN 1).
fn has_answers(facts: &Facts) -> bool {
    match facts.edition.kind {
        EditionKind::Leader => !facts.edition.variant.ends_with(READERS),
        EditionKind::Owner => true,
        EditionKind::Portfolio | EditionKind::Public | EditionKind::Correction => false,
    }
}

/// What the settings say of how fresh a source has to be.
fn feed_rule(source: &Source) -> FeedRule<'_> {
    FeedRule { source: &source.name, stale_after_days: source.stale_after_days }
}

/// Facts as they are stored and printed. Maps keep their order and every key is a string, so this
/// cannot fail; an empty object would show if it did.
fn json<T: serde::Serialize>(facts: &T) -> String {
    serde_json::to_string(facts).unwrap_or_else(|_| "{}".to_owned())
}
