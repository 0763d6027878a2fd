//! All that speaks for and against one nudge at the moment it would go, and what its mail is made of.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::address::EmailAddress;
use crate::domain::answer::{AnswerKind, is_worked_on};
use crate::domain::brand::Consultant;
use crate::domain::brief::{gap_called, own_action};
use crate::domain::codes::{EditionKind, GapStatus, Role};
use crate::domain::facts::Facts;
use crate::domain::nudge::limits::{Case, Earlier, GapNow, QUIET_HOURS};
use crate::domain::portfolio::Recipient;
use crate::domain::register::Known;
use crate::domain::snapshot::Contact;
use crate::domain::time::{date_of, iso_week, weeks_between};
use crate::engine::links::WayOut;
use crate::engine::{Engine, EngineError};
use crate::render::Button;
use crate::secrets::Subject;
use crate::store::nudges::{Brought, DueNudge};

use super::people::{Reach, Reached};

/// Days that are looked back for briefs: one that was late by more is no news either.
const BRIEFS_BACK: i64 = 8;

/// What a nudge's mail is made of.
#[derive(Debug)]
pub(super) struct Letter {
    /// To whom.
    pub to: Reached,
    /// In whose name.
    pub of: Consultant,
    /// What the gap is called inside a sentence.
    pub called: String,
    /// The answers to choose from; none where no brief of theirs told of the gap.
    pub answers: Vec<Button>,
}

impl Engine {
    /// The case of one nudge; its letter where there is somebody to write to and to answer.
    pub(super) async fn nudge_case(
        &self,
        nudge: &DueNudge,
        now: Timestamp,
    ) -> Result<(Case, Option<Letter>), EngineError> {
        let zone = self.zones.get(&nudge.organization_zone)?;
        let client = [nudge.organization_id.clone()];
        let reach = self.reach(&client, now).await?.remove(&nudge.organization_id);
        let reach = reach.unwrap_or_default();
        let person = &nudge.recipient_person_id;
        let gap = self.nudged_gap(nudge, &zone).await?;
        let brought = self.db.brought(person, &nudge.organization_id).await?;
        let of = self.nudging(nudge, now).await?;
        let (briefs, week) = self.briefs_around(nudge, now).await?;
        let to_person = self.db.nudges_to_person(person, &nudge.id).await?;
        let about = match &nudge.gap_id {
            Some(gap) => self.db.nudged_about(gap, &nudge.id).await?,
            None => None,
        };
        let around = around(now, SignedDuration::from_hours(QUIET_HOURS));
        let sessions = self.db.sessions_between(&nudge.organization_id, around).await?;
        let today = date_of(now, &zone);
        let case = Case {
            now,
            today,
            gap: gap.as_ref().map(|gap| stands(gap, today)),
            is_in_their_brief: gap
                .as_ref()
                .is_some_and(|gap| brought.iter().any(|own| repeats(own, gap, &week))),
            unreachable: unreachable(&reach, nudge, gap.as_ref()),
            has_consultant: of.is_some(),
            to_person: to_person
                .iter()
                .filter_map(|sent| {
                    Some(Earlier { at: instant(sent.sent_at)?, is_answered: sent.is_answered })
                })
                .collect(),
            about_gap: about.and_then(instant).map(|at| (at, date_of(at, &zone))),
            briefs,
            sessions: sessions.into_iter().filter_map(instant).collect(),
        };
        let letter = match (gap, of, reach.person(person)) {
            (Some(gap), Some(of), Ok(to)) => Some(Letter {
                to: to.clone(),
                of,
                called: gap_called(&gap.gap.called()),
                answers: self.answers_to(&brought, &gap, today)?,
            }),
            _ => None,
        };
        Ok((case, letter))
    }

    /// The gap as it is known; none where it is not any more.
    async fn nudged_gap(
        &self,
        nudge: &DueNudge,
        zone: &TimeZone,
    ) -> Result<Option<Known>, EngineError> {
        let Some(gap) = nudge.gap_id.clone() else { return Ok(None) };
        let mut tx = self.db.begin_read().await?;
        let zone_of = |_: &str| zone.clone();
        let mut known = tx.known_gaps_by_id(&[gap], &zone_of, &self.settings.model).await?;
        tx.rollback().await?;
        Ok(known.pop())
    }

    /// Whoever drafted it, where they look after the client still and can be answered.
    async fn nudging(
        &self,
        nudge: &DueNudge,
        now: Timestamp,
    ) -> Result<Option<Consultant>, EngineError> {
        let (person, client) = (&nudge.consultant_person_id, &nudge.organization_id);
        let found = self.db.consultant_at(person, client, now).await?;
        // An address that needs SMTPUTF8 would keep the mail from those whose relay does not offer it.
        let contact = found.and_then(|(name, email)| {
            let email = EmailAddress::parse(&email).ok().filter(|own| !own.needs_smtputf8())?;
            Some(Contact { name, email })
        });
        let Some(contact) = contact else { return Ok(None) };
        let brand = self.db.brand_of(person, now).await?;
        Ok(Some(Consultant { contact, brand }))
    }

    /// The briefs before and after now, the client's and the recipient's own; the week of the last.
    async fn briefs_around(
        &self,
        nudge: &DueNudge,
        now: Timestamp,
    ) -> Result<(Vec<Timestamp>, String), EngineError> {
        let client = [nudge.organization_id.clone()];
        let (mut briefs, mut week) = (Vec::new(), String::new());
        for organization in self.db.organizations_named(&client).await? {
            let cut = self.latest_cut(organization, now)?;
            briefs.extend([cut.at, cut.next]);
            week = cut.week;
        }
        let (from, _) = around(now, SignedDuration::from_hours(BRIEFS_BACK * 24));
        let (_, until) = around(now, SignedDuration::from_hours(QUIET_HOURS));
        let own = self.db.briefs_to_person(&nudge.recipient_person_id, (from, until), now).await?;
        briefs.extend(own.into_iter().filter_map(instant));
        Ok((briefs, week))
    }

    /// The answer links of the last brief that told its reader of the gap, for as long as they work.
    fn answers_to(
        &self,
        brought: &[Brought],
        gap: &Known,
        today: Date,
    ) -> Result<Vec<Button>, EngineError> {
        let id = &gap.gap.external_id;
        if !is_worked_on(gap.state.effective_status(today)) {
            return Ok(Vec::new());
        }
        let asks = |own: &&Brought| {
            let came = matches!(own.state.as_str(), "sent" | "uncertain");
            let may = matches!(own.role.parse(), Ok(Role::Leader | Role::Owner));
            let weeks = weeks_between(&own.iso_week, &iso_week(today)).unwrap_or(i64::MAX);
            let works = weeks < i64::from(self.settings.desk.answer_weeks);
            let tells = |facts: Facts| facts.gaps.iter().any(|gap| &gap.external_id == id);
            came && may && works && facts(own).is_some_and(tells)
        };
        let Some(brought) = brought.iter().find(asks) else { return Ok(Vec::new()) };
        let delivery = Subject::parse(&brought.delivery_id);
        let base = self.pages()?.of(WayOut::Nothing, delivery, &brought.iso_week).answer;
        let link = |kind: &AnswerKind| {
            let href = format!("{base}{}", kind.path(id)?);
            Some(Button { label: kind.label().to_owned(), href })
        };
        // Without an id that a token can hold there is no page to lead to.
        Ok(delivery
            .map_or(Vec::new(), |_| AnswerKind::OF_AN_OWNER.iter().filter_map(link).collect()))
    }
}

fn around(now: Timestamp, span: SignedDuration) -> (Timestamp, Timestamp) {
    (
        now.checked_sub(span).unwrap_or(Timestamp::MIN),
        now.checked_add(span).unwrap_or(Timestamp::MAX),
    )
}

fn instant(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}

fn stands(gap: &Known, today: Date) -> GapNow {
    let status = match gap.is_void {
        true => GapStatus::Withdrawn,
        false => gap.state.effective_status(today),
    };
    GapNow { status, last_movement: gap.state.last_movement }
}

/// Why the recipient is not to be nudged about the gap: nobody reaches them, or it is not theirs by now.
fn unreachable(reach: &Reach, nudge: &DueNudge, gap: Option<&Known>) -> Option<String> {
    let person = &nudge.recipient_person_id;
    if let Err(why) = reach.person(person) {
        return Some(why.to_owned());
    }
    let owner = gap?.owner();
    let is_theirs = match (nudge.recipient_kind.as_deref(), owner) {
        (Some("owner"), Some(owner)) => match owner.person_id {
            Some(own) => own == person,
            None => reach.of(&Recipient::Owner(owner.name.to_owned())) == Ok(person.as_str()),
        },
        (Some("owner"), None) => false,
        (_, Some(_)) => false,
        // Whoever answers for the client is asked where nobody owns the gap.
        (_, None) if !reach.leads(person) => {
            return Some("does not lead there any more".to_owned());
        }
        (_, None) => true,
    };
    (!is_theirs).then(|| "the gap has another owner by now".to_owned())
}

fn facts(brought: &Brought) -> Option<Facts> {
    serde_json::from_str(brought.facts.as_deref()?).ok()
}

/// Whether a brief is of the week, come or to come, and asks its reader for the same gap.
fn repeats(brought: &Brought, gap: &Known, week: &str) -> bool {
    let of_week = Some(brought).filter(|own| own.iso_week == week);
    let Some(facts) = of_week.and_then(facts) else { return false };
    let owner = gap.state.owner.as_deref().unwrap_or_default();
    let action = match facts.edition.kind {
        EditionKind::Owner => own_action(&facts, owner),
        _ => facts.action.clone(),
    };
    action.and_then(|own| own.gap).as_deref() == Some(gap.gap.external_id.as_str())
}
