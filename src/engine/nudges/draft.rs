//! What a portfolio drafts and holds back, as rows (MODEL 6.6). The ids are made from what they are: a week
//! that is planned twice drafts once.

use jiff::Timestamp;

use crate::domain::nudge::NudgeState;
use crate::domain::portfolio::{HeldBackFacts, NudgeFacts, Recipient};
use crate::engine::portfolio::Portfolio;
use crate::mail::delivery_id;
use crate::store::nudges::NewNudge;

/// The rows of a consultant's portfolio.
pub(in crate::engine) fn rows(
    consultant: &str,
    portfolio: &Portfolio,
    week: &str,
    now: Timestamp,
) -> Vec<NewNudge> {
    let one = Writer { consultant, portfolio, week, at: now.as_millisecond() };
    let facts = &portfolio.facts;
    let drafted = facts.nudges.iter().filter_map(|nudge| one.drafted(nudge));
    let held = facts.held_back.iter().filter_map(|held| one.held_back(held));
    drafted.chain(held).collect()
}

struct Writer<'a> {
    consultant: &'a str,
    portfolio: &'a Portfolio,
    week: &'a str,
    at: i64,
}

impl Writer<'_> {
    /// None where nobody would get it, which the facts know before they draft one.
    fn drafted(&self, nudge: &NudgeFacts) -> Option<NewNudge> {
        let (organization, reach) = self.portfolio.clients.get(&nudge.client)?;
        let recipient = reach.of(&nudge.recipient).ok()?.to_owned();
        Some(NewNudge {
            recipient: Some(recipient),
            recipient_kind: kind(&nudge.recipient),
            text: nudge.text.clone(),
            text_key: nudge.text_key.clone(),
            state: NudgeState::Drafted.as_str(),
            reason: Some(nudge.reason.clone()),
            why: None,
            send_from: Some(nudge.send_from.as_millisecond()),
            expires_at: Some(nudge.expires_at.as_millisecond()),
            ..self.blank(organization, &nudge.gap)
        })
    }

    fn held_back(&self, held: &HeldBackFacts) -> Option<NewNudge> {
        let (organization, reach) = self.portfolio.clients.get(&held.client)?;
        let recipient = held.recipient.as_ref()?;
        Some(NewNudge {
            recipient: reach.of(recipient).ok().map(str::to_owned),
            recipient_kind: kind(recipient),
            text: held.text.clone(),
            text_key: held.text_key.clone(),
            state: NudgeState::HeldBack.as_str(),
            why: Some(held.reason.clone()),
            ..self.blank(organization, &held.gap)
        })
    }

    fn blank(&self, organization: &str, gap: &str) -> NewNudge {
        let about = format!("{} {gap}", self.consultant);
        let id = delivery_id::Delivery {
            scope: organization,
            subscription: &about,
            iso_week: self.week,
            kind: "nudge",
        };
        NewNudge {
            id: id.id(),
            organization_id: organization.to_owned(),
            gap: gap.to_owned(),
            consultant: self.consultant.to_owned(),
            recipient: None,
            recipient_kind: "sponsor",
            text: String::new(),
            text_key: String::new(),
            state: NudgeState::HeldBack.as_str(),
            reason: None,
            why: None,
            iso_week: self.week.to_owned(),
            send_from: None,
            expires_at: None,
            at: self.at,
        }
    }
}

const fn kind(recipient: &Recipient) -> &'static str {
    match recipient {
        Recipient::Owner(_) => "owner",
        Recipient::Sponsor => "sponsor",
    }
}
