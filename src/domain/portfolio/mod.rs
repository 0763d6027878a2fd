//! The facts of a consultant's portfolio: every linked client, who needs them this week, and the
//! nudges drafted for them (MODEL 6.2 and 6.6).
//!
//! **Invariant:** pure and deterministic, as the facts it is made from. Money of two currencies is
//! never added, and no order ever compares it.

mod act;
mod client;
mod needs;
mod nudge;
mod nudge_text;
mod session;
mod totals;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::codes::Verdict;
use super::facts::{EditionFacts, Facts};

pub use needs::Need;
pub use nudge_text::label as text_label;
pub use totals::{CurrencyTotal, printed, totals};

/// All that a portfolio edition says. Money in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioFacts {
    /// Which edition this is.
    pub edition: EditionFacts,
    /// Whom it is for.
    pub consultant: ConsultantFacts,
    /// Every linked client, in the order of MODEL 6.2.
    pub clients: Vec<ClientFacts>,
    /// Open exposure a week, one total for each currency, most clients first.
    pub totals: Vec<CurrencyTotal>,
    /// Gaps closed over all clients since the portfolio before.
    pub closed_this_week: i64,
    /// Nudges to approve.
    pub nudges: Vec<NudgeFacts>,
    /// Nudges that a rule of MODEL 6.6 holds back, with the reason.
    pub held_back: Vec<HeldBackFacts>,
    /// The next session with a client.
    pub next_session: Option<SessionFacts>,
    /// The one thing to do.
    pub action: Option<PortfolioActionFacts>,
}

/// The consultant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsultantFacts {
    /// Name in the brief.
    pub name: String,
}

/// One client's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFacts {
    /// Name in commands.
    pub slug: String,
    /// Name in the brief.
    pub name: String,
    /// The implementation that the row is about: the one that needs most.
    pub implementation: Option<String>,
    /// Whole points; none where nothing was ever looked at.
    pub score_printed: Option<i64>,
    /// Points up or down since last week.
    pub change_points: Option<i64>,
    /// Go-live date.
    pub go_live_on: Option<Date>,
    /// Whole weeks to go-live.
    pub weeks_left: Option<i64>,
    /// Whole weeks since go-live.
    pub weeks_since_go_live: Option<i64>,
    /// What the forecast says.
    pub verdict: Option<Verdict>,
    /// Whether an open blocker keeps a list that is light enough under its target.
    #[serde(default)]
    pub is_held_back: bool,
    /// Weeks after go-live at this pace.
    pub weeks_late: Option<i64>,
    /// The forecast in two or three words: "17 weeks late".
    pub forecast: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Open exposure a week; none where no open gap is priced.
    pub open_per_week: Option<i64>,
    /// Whether every figure of that is measured.
    #[serde(default)]
    pub measured: bool,
    /// Gaps that leak.
    pub open_gaps: i64,
    /// Why it needs the consultant, in the order of MODEL 6.2; empty where it does not.
    pub needs: Vec<Need>,
    /// Days to go-live where a material gap is open within 14 of them.
    pub blocker_in_days: Option<i64>,
    /// Stalled gaps.
    pub stalled_gaps: i64,
    /// Open gaps of severity 3 and 4.
    pub significant_gaps: i64,
    /// Weeks in a row in which the open load grew, up to this one.
    pub load_grew_weeks: i64,
    /// Whole weeks in a row without a counted change.
    pub quiet_weeks: i64,
    /// The last update, where it is too long ago to say that nothing moved (MODEL 2).
    #[serde(default)]
    pub not_updated_since: Option<Date>,
    /// Gaps closed since the portfolio before.
    pub closed_this_week: i64,
    /// Editions that wait for approval.
    pub drafts_waiting: i64,
}

/// To whom a nudge goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "to", content = "name", rename_all = "snake_case")]
pub enum Recipient {
    /// The gap's owner, by name.
    Owner(String),
    /// Who answers for the organization's readiness, where nobody owns the gap.
    Sponsor,
}

/// A nudge drafted by rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NudgeFacts {
    /// Slug of the client.
    pub client: String,
    /// Name of the client.
    pub client_name: String,
    /// External id of the gap.
    pub gap: String,
    /// What the brief calls the gap.
    pub gap_name: String,
    /// To whom.
    pub recipient: Recipient,
    /// Why now: "idle 4 weeks".
    pub reason: String,
    /// "When ..., ...": one sentence of at most 25 words.
    pub text: String,
    /// Which rule wrote it ([`text_label`]).
    #[serde(default)]
    pub text_key: String,
    /// Not before this instant: 48 hours after the client's brief.
    pub send_from: Timestamp,
    /// Not after this one.
    pub expires_at: Timestamp,
}

/// A nudge that a limit holds back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBackFacts {
    /// Slug of the client.
    pub client: String,
    /// Name of the client.
    pub client_name: String,
    /// External id of the gap it would have been about.
    pub gap: String,
    /// "nudged 5 days ago", "session Thursday", "in this week's brief", "3 unanswered, call".
    pub reason: String,
    /// To whom it would have gone.
    #[serde(default)]
    pub recipient: Option<Recipient>,
    /// What it would have said.
    #[serde(default)]
    pub text: String,
    /// Which rule would have written it.
    #[serde(default)]
    pub text_key: String,
}

/// The next session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFacts {
    /// Slug of the client.
    pub client: String,
    /// Name of the client.
    pub client_name: String,
    /// When.
    pub starts_at: Timestamp,
    /// The same in the client's zone.
    pub local: DateTime,
    /// Promises of the last session.
    pub promises: i64,
    /// Of these, done.
    pub done: i64,
    /// Those still open, soonest due first.
    pub open: Vec<PromiseFacts>,
    /// What to ask there instead of by a nudge.
    pub ask: Option<String>,
}

/// One promise of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseFacts {
    /// What was promised.
    pub text: String,
    /// By whom.
    pub owner: Option<String>,
    /// Until when.
    pub due_on: Option<Date>,
}

/// The one thing to do this week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortfolioActionFacts {
    /// Slug of the client it is about.
    pub client: Option<String>,
    /// One or two sentences.
    pub text: String,
}

/// What a portfolio is made from, for one client.
#[derive(Debug, Clone)]
pub struct ClientInput<'a> {
    /// The client's facts at the portfolio's cut-off, over the portfolio's window.
    pub facts: &'a Facts,
    /// Editions of this client that wait for approval.
    pub drafts_waiting: i64,
    /// When the client's next brief goes out.
    pub next_brief_at: Timestamp,
    /// Sessions, past and coming, in any order.
    pub sessions: &'a [SessionInput],
    /// Nudges sent to anyone at this client, in any order.
    pub nudges: &'a [NudgeRecord],
    /// Names of gap owners who get an owner's edition of their own.
    pub owners_reading: &'a [String],
    /// Names of gap owners who get the leader's edition.
    pub leaders_reading: &'a [String],
    /// Who cannot be nudged, and why: "no address", "wants no nudges". Everybody else can be.
    pub unreachable: &'a [(Recipient, String)],
    /// Keys of the texts that are drafted no more, since gaps did not move for them (MODEL 6.6).
    pub stopped: &'a [String],
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionInput {
    /// When.
    pub starts_at: Timestamp,
    /// The same in the client's zone.
    pub local: DateTime,
    /// What was promised there.
    pub promises: Vec<PromiseInput>,
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseInput {
    /// What was promised.
    pub text: String,
    /// By whom.
    pub owner: Option<String>,
    /// Until when.
    pub due_on: Option<Date>,
    /// Whether it was kept.
    pub done: bool,
}

/// One nudge that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NudgeRecord {
    /// External id of the gap.
    pub gap: Option<String>,
    /// To whom.
    pub recipient: Recipient,
    /// When.
    pub sent_at: Timestamp,
    /// Whether the recipient answered.
    pub answered: bool,
}

/// Computes a portfolio's facts. The order of `clients` does not matter.
#[must_use]
pub fn portfolio(
    edition: EditionFacts,
    consultant: &str,
    clients: &[ClientInput<'_>],
) -> PortfolioFacts {
    let now = edition.cut_off;
    let mut ordered: Vec<(&ClientInput<'_>, ClientFacts)> =
        clients.iter().map(|input| (input, client::facts(input))).collect();
    ordered.sort_by_cached_key(|(_, facts)| needs::order(facts));
    let mut nudges = Vec::new();
    let mut held_back = Vec::new();
    for (input, facts) in &ordered {
        match nudge::draft(input, now) {
            Some(Ok(draft)) if !facts.needs.is_empty() => nudges.push(draft),
            Some(Err(held)) => held_back.push(held),
            _ => {}
        }
    }
    let next_session = session::next(clients, &held_back, now);
    let rows: Vec<ClientFacts> = ordered.into_iter().map(|(_, facts)| facts).collect();
    PortfolioFacts {
        totals: totals(rows.iter().filter_map(|row| {
            let minor = row.open_per_week?;
            Some((row.currency.as_str(), minor))
        })),
        closed_this_week: rows.iter().fold(0, |sum, row| sum + row.closed_this_week),
        action: act::choose(&rows, clients, next_session.as_ref()),
        clients: rows,
        consultant: ConsultantFacts { name: consultant.to_owned() },
        nudges,
        held_back,
        next_session,
        edition,
    }
}
