//! Gaps as programs send them.

use crate::domain::codes::{Area, Basis, Category, ExposureKind, GapStatus, LeakZone};
use crate::domain::register::ask::{Estimate, Evidence, GapChange, NewGap, NextStep, Owner};
use crate::web::api::caller::Caller;
use crate::web::api::shape::{
    At, Change, Day, Email, Given, Open, Text, Whole, Word, Wrongs, request,
};

request! {
    /// One person who owns a gap: a name, an address, or both.
    GapOwner = { "name": "D. Ruiz", "email": "d.ruiz@northfield.example" } {
        /// As it stands in the brief.
        name: Option<Text<1, 64>>,
        /// The address. One that is new makes a person, who gets no mail by that.
        email: Option<Email>,
    }
}

request! {
    /// What is done next, and by when.
    GapNextStep = { "text": "Choose the price list that wins", "on": "2026-11-27" } {
        /// In a sentence.
        text: Text<1, 300>,
        /// The day.
        on: Option<Day>,
    }
}

request! {
    /// What a gap costs in a week. The figures are worked out from the inputs.
    GapEstimate = {
        "kind": "rework", "inputs": { "hours_centi_per_week": [600, 900, 1400], "rate_minor_per_hour": 4200 },
        "basis": "estimated", "source": "two clerks, own count"
    } {
        /// Formula; unpriced takes the price away.
        kind: Word<ExposureKind>,
        /// Its named inputs, each a whole number or [low, likely, high]: rework takes hours_centi_per_week and
        /// rate_minor_per_hour; error takes volume_per_week, error_rate_bp and cost_minor_per_error; leakage takes
        /// billed_minor_per_week and leak_bp; late_cash takes billed_minor_per_week, days_late_tenths and
        /// annual_cost_of_capital_bp; event takes events_milli_per_year and loss_minor_per_event; direct takes
        /// amount_minor and period_days.
        inputs: Option<Open>,
        /// Where they come from.
        basis: Word<Basis>,
        /// The same in words.
        source: Option<Text<1, 300>>,
    }
}

request! {
    /// What was shown.
    GapEvidence = { "text": "The list of July is retired; one import runs nightly", "url": "https://wiki.example.org/prices" } {
        /// In words.
        text: Text<1, 1_000>,
        /// Where it lies: an https address.
        url: Option<Text<1, 500>>,
    }
}

request! {
    /// A gap to be added.
    NewGapBody = {
        "external_id": "NF-17", "area": "billing", "category": "no_source", "severity": 4,
        "title": "Two price lists in use", "short_name": "Price lists",
        "owner": { "name": "D. Ruiz", "email": "d.ruiz@northfield.example" }, "due_on": "2026-12-04",
        "estimate": { "kind": "rework", "inputs": { "hours_centi_per_week": [600, 900, 1400],
            "rate_minor_per_hour": 4200 }, "basis": "estimated" }
    } {
        /// The id its owner's system knows it by; made from the organization's slug where it is left out.
        external_id: Option<Text<1, 120>>,
        /// Slug, external id or row id of the one implementation it belongs to; left out it is every one with its
        /// area.
        implementation: Option<Text<1, 200>>,
        /// Place.
        area: Word<Area>,
        /// Cause.
        category: Word<Category>,
        /// Zone that groups its money; by the area where it is left out.
        leak_zone: Option<Word<LeakZone>>,
        /// 1 note, 2 deficiency, 3 significant, 4 material.
        severity: Whole<1, 4>,
        /// Reads after "Open:".
        title: Text<1, 60>,
        /// Noun phrase that the brief calls it by.
        short_name: Option<Text<1, 32>>,
        /// More words.
        description: Option<Text<0, 4_000>>,
        /// One person.
        owner: Option<GapOwner>,
        /// Due date.
        due_on: Option<Day>,
        /// What is done next.
        next_step: Option<GapNextStep>,
        /// Who may close it: never its owner.
        verifier: Option<Text<1, 120>>,
        /// What it costs.
        estimate: Option<GapEstimate>,
        /// Gaps in one group count once.
        exposure_group: Option<Text<1, 64>>,
        /// Since when it existed, where that is known to be earlier.
        existed_since: Option<Day>,
        /// First day of its cost; today where it is left out.
        opened_on: Option<Day>,
    }
}

request! {
    /// What to change of a gap. What is left out stays; null takes it away where that can be.
    GapChanges = {
        "status": "in_progress", "next_step": { "text": "Choose the price list that wins", "on": "2026-11-27" },
        "note": "Agreed in the finance meeting"
    } {
        /// Another title.
        title: Given<Text<1, 60>>,
        /// Another short name.
        short_name: Change<Text<1, 32>>,
        /// Other words.
        description: Given<Text<0, 4_000>>,
        /// Another place.
        area: Given<Word<Area>>,
        /// Another cause.
        category: Given<Word<Category>>,
        /// Another zone.
        leak_zone: Given<Word<LeakZone>>,
        /// Slug, external id or row id of another implementation.
        implementation: Change<Text<1, 200>>,
        /// Another group.
        exposure_group: Change<Text<1, 64>>,
        /// Another day since when it existed.
        existed_since: Change<Day>,
        /// Who may close it.
        verifier: Change<Text<1, 120>>,
        /// Where it stands from now on. `closed` follows `verifying` and needs evidence, `withdrawn` a reason,
        /// `accepted` the two members below.
        status: Given<Word<GapStatus>>,
        /// Who takes the risk, for `accepted`.
        accepted_by: Given<Text<1, 120>>,
        /// Last day of that, at most 180 days ahead.
        accepted_until: Given<Day>,
        /// Why, for `withdrawn`; may be given with any status.
        reason: Given<Text<1, 300>>,
        /// true signs a withdrawal that somebody else made: the gap leaves the whole series.
        withdrawal_confirmed: Given<bool>,
        /// 1 note, 2 deficiency, 3 significant, 4 material.
        severity: Given<Whole<1, 4>>,
        /// Another owner, or nobody.
        owner: Change<GapOwner>,
        /// Another due date.
        due_on: Change<Day>,
        /// What is done next.
        next_step: Change<GapNextStep>,
        /// What it costs.
        estimate: Given<GapEstimate>,
        /// What was shown.
        evidence: Given<GapEvidence>,
        /// Words for the history.
        note: Given<Text<1, 1_000>>,
        /// The day from which it is so; today where it is left out, never later than tomorrow.
        effective_on: Given<Day>,
    }
}

/// An owner as the register takes one. A program that sees one organization names them itself: it could
/// learn of others by their addresses.
fn owner(own: GapOwner, at: &At, caller: &Caller, wrongs: &mut Wrongs) -> Option<Owner> {
    let (name, email) = (own.name.map(|own| own.0), own.email);
    if name.is_none() && (email.is_none() || caller.organization().is_some()) {
        wrongs.add(&at.child("owner").child("name"), "is missing");
        return None;
    }
    let email = email.map(|own| own.0.as_str().to_owned());
    Some(Owner { name: name.unwrap_or_default(), email })
}

fn next_step(own: GapNextStep) -> NextStep {
    NextStep { text: own.text.0, on: own.on.map(|own| own.0) }
}

fn estimate(own: GapEstimate) -> Estimate {
    Estimate {
        kind: own.kind.0,
        inputs: own.inputs.map(|own| own.0).unwrap_or_default(),
        basis: own.basis.0,
        source: own.source.map(|own| own.0),
    }
}

impl NewGapBody {
    /// As the register takes it; none where something of it will not do.
    pub(in crate::web::api) fn asked(
        self,
        at: &At,
        caller: &Caller,
        wrongs: &mut Wrongs,
    ) -> Option<NewGap> {
        let owner = match self.owner {
            Some(own) => Some(owner(own, at, caller, wrongs)?),
            None => None,
        };
        Some(NewGap {
            external_id: self.external_id.map(|own| own.0),
            implementation: self.implementation.map(|own| own.0),
            area: self.area.0,
            category: self.category.0,
            leak_zone: self.leak_zone.map(|own| own.0),
            severity: self.severity.0,
            title: self.title.0,
            short_name: self.short_name.map(|own| own.0),
            description: self.description.map(|own| own.0).unwrap_or_default(),
            owner,
            due_on: self.due_on.map(|own| own.0),
            next_step: self.next_step.map(next_step),
            verifier: self.verifier.map(|own| own.0),
            estimate: self.estimate.map(estimate),
            exposure_group: self.exposure_group.map(|own| own.0),
            existed_since: self.existed_since.map(|own| own.0),
            opened_on: self.opened_on.map(|own| own.0),
        })
    }
}

impl GapChanges {
    /// As the register takes it; none where something of it will not do.
    pub(super) fn asked(
        self,
        expected: Option<String>,
        caller: &Caller,
        wrongs: &mut Wrongs,
    ) -> Option<GapChange> {
        let owner = match self.owner.0 {
            Some(Some(own)) => Some(Some(owner(own, &At::body(), caller, wrongs)?)),
            Some(None) => Some(None),
            None => None,
        };
        let evidence =
            |own: GapEvidence| Evidence { text: own.text.0, url: own.url.map(|own| own.0) };
        let text = |own: Option<Option<Text<1, 200>>>| own.map(|own| own.map(|own| own.0));
        Some(GapChange {
            title: self.title.0.map(|own| own.0),
            short_name: self.short_name.0.map(|own| own.map(|own| own.0)),
            description: self.description.0.map(|own| own.0),
            area: self.area.0.map(|own| own.0),
            category: self.category.0.map(|own| own.0),
            leak_zone: self.leak_zone.0.map(|own| own.0),
            implementation: text(self.implementation.0),
            exposure_group: self.exposure_group.0.map(|own| own.map(|own| own.0)),
            existed_since: self.existed_since.0.map(|own| own.map(|own| own.0)),
            verifier: self.verifier.0.map(|own| own.map(|own| own.0)),
            status: self.status.0.map(|own| own.0),
            accepted_by: self.accepted_by.0.map(|own| own.0),
            accepted_until: self.accepted_until.0.map(|own| own.0),
            reason: self.reason.0.map(|own| own.0),
            is_withdrawal_confirmed: self.withdrawal_confirmed.0.unwrap_or_default(),
            severity: self.severity.0.map(|own| own.0),
            owner,
            due_on: self.due_on.0.map(|own| own.map(|own| own.0)),
            next_step: self.next_step.0.map(|own| own.map(next_step)),
            estimate: self.estimate.0.map(estimate),
            evidence: self.evidence.0.map(evidence),
            note: self.note.0.map(|own| own.0),
            effective_on: self.effective_on.0.map(|own| own.0),
            expected,
        })
    }
}
