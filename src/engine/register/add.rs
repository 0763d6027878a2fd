//! Adding gaps: one, or those that an assessment found.

use std::collections::HashSet;

use serde_json::Value;

use crate::domain::codes::Severity;
use crate::domain::register::ask::NewGap;
use crate::domain::register::begin::{Around, begin};
use crate::domain::register::values;
use crate::domain::register::words::{NAME, needed};
use crate::domain::register::{Plan, Refusals, version};
use crate::engine::Engine;
use crate::store::audit::{Actor, Entry};
use crate::store::register::KnownImplementation;
use crate::store::{bulk, records};

use super::book::Book;
use super::{RegisterError, Written, rows, trail};

/// Numbers that are looked at beyond those that are needed.
const AHEAD: i64 = 100;

/// A gap that is about to be added.
pub(super) struct Drafted {
    /// Its row.
    pub row: records::Gap,
    /// Its history.
    pub plan: Plan,
    /// How bad it is.
    pub severity: Severity,
}

impl Engine {
    /// Adds a gap to the organization with this row id.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] with a sentence for each field that cannot be taken.
    pub async fn add_gap(
        &self,
        organization: &str,
        new: &NewGap,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let drafted = book.draft(&[new]).await?;
        let drafted = drafted.into_iter().collect::<Result<Vec<Drafted>, Refusals>>()?;
        let ids = book.add(&drafted, actor).await?;
        book.commit().await?;
        // One was asked for.
        let mut written = Written { is_changed: true, ..Written::default() };
        for Drafted { row, plan, .. } in drafted {
            written.version = version(&plan.base, ids.iter().map(String::as_str));
            written.id.clone_from(&row.external_id);
            written.gaps.push(row.external_id);
        }
        Ok(written)
    }
}

impl Book<'_> {
    /// The rows of new gaps, each or why it cannot be taken. The number of statements is the same
    /// whatever their number.
    pub(super) async fn draft(
        &mut self,
        new: &[&NewGap],
    ) -> Result<Vec<Result<Drafted, Refusals>>, RegisterError> {
        let is_scoped = new.iter().any(|gap| gap.implementation.is_some());
        let implementations = match is_scoped {
            true => self.tx.known_implementations(&self.place.id).await?,
            false => Vec::new(),
        };
        let behind = self.behind(new.iter().filter_map(|gap| gap.owner.as_ref())).await?;
        let names = self.names(new).await?;
        let mut drafted = Vec::with_capacity(new.len());
        for (gap, name) in new.iter().zip(names) {
            let mut refused = Refusals::default();
            let implementation = implementation_of(gap, &implementations, &mut refused);
            let name = refused.keep("external_id", name);
            let around = Around {
                today: self.today,
                person: behind.of(gap.owner.as_ref()),
                implementation_id: implementation,
            };
            drafted.push(begin(gap, &around, refused).map(|plan| {
                // Without a name or a severity the plan is refused.
                let name = name.unwrap_or_default();
                let severity = values::severity(gap.severity).unwrap_or(Severity::NOTE);
                let row = rows::gap(&name, &self.place.id, &plan.base, self.now);
                Drafted { row, plan, severity }
            }));
        }
        Ok(drafted)
    }

    /// Writes new gaps with their histories; the ids of their events.
    pub(super) async fn add(
        &mut self,
        drafted: &[Drafted],
        actor: &Actor,
    ) -> Result<Vec<String>, RegisterError> {
        let gaps: Vec<records::Gap> = drafted.iter().map(|d| d.row.clone()).collect();
        let events = drafted.iter().flat_map(|d| rows::events(&d.row.id, &d.plan, actor, self.now));
        let events: Vec<records::GapEvent> = events.collect();
        let exposures = drafted.iter().filter_map(|d| rows::exposure(&d.row.id, &d.plan, self.now));
        let exposures: Vec<records::Exposure> = exposures.collect();
        bulk::insert(&mut self.tx, &gaps).await?;
        bulk::insert(&mut self.tx, &events).await?;
        bulk::insert(&mut self.tx, &exposures).await?;
        let details: Vec<Value> = drafted.iter().map(|d| trail::of_plan(None, &d.plan)).collect();
        let entry = |(d, detail)| {
            let d: &Drafted = d;
            Entry {
                organization: Some(&self.place.id),
                action: "gap.add",
                subject: &d.row.external_id,
                detail,
            }
        };
        let entries: Vec<Entry<'_>> = drafted.iter().zip(&details).map(entry).collect();
        self.tx.audit_all(actor, &entries, self.now).await?;
        Ok(events.into_iter().map(|event| event.id).collect())
    }

    /// What new gaps are to be known by: as given, else the organization's slug with a number.
    async fn names(
        &mut self,
        new: &[&NewGap],
    ) -> Result<Vec<Result<String, String>>, RegisterError> {
        let stem = self.place.slug.to_uppercase();
        let mut first = self.tx.count_gaps(&self.place.id).await? + 1;
        let given: Vec<Option<Result<String, String>>> = new
            .iter()
            .map(|gap| gap.external_id.as_deref().filter(|id| !id.trim().is_empty()))
            .map(|id| id.map(|id| needed(id, NAME)))
            .collect();
        let missing =
            i64::try_from(given.iter().filter(|id| id.is_none()).count()).unwrap_or(i64::MAX);
        let mut asked: Vec<String> =
            given.iter().flatten().filter_map(|id| id.as_ref().ok().cloned()).collect();
        let mut taken = HashSet::new();
        let mut free = Vec::new();
        loop {
            let last = first.saturating_add(missing).saturating_add(AHEAD);
            let numbers: Vec<String> = (first..last).map(|n| format!("{stem}-{n}")).collect();
            let own: HashSet<&String> = asked.iter().collect();
            let free_now: Vec<String> =
                numbers.iter().filter(|name| !own.contains(name)).cloned().collect();
            asked.extend(numbers);
            taken.extend(self.tx.taken_ids(&asked).await?);
            free.extend(free_now.into_iter().filter(|name| !taken.contains(name)));
            if i64::try_from(free.len()).is_ok_and(|n| n >= missing) {
                break;
            }
            first = last;
            asked.clear();
        }
        let mut free = free.into_iter();
        let named = given.into_iter().map(|id| match id {
            None => free.next().ok_or_else(|| "is missing; give one".to_owned()),
            Some(id) => {
                id.and_then(|id| if taken.insert(id.clone()) { Ok(id) } else { Err(in_use(&id)) })
            }
        });
        Ok(named.collect())
    }
}

fn in_use(id: &str) -> String {
    format!("{id:?} is in use already; give another, or leave it empty")
}

/// Row id of the implementation that a new gap names.
fn implementation_of(
    gap: &NewGap,
    all: &[KnownImplementation],
    refused: &mut Refusals,
) -> Option<String> {
    let name = gap.implementation.as_deref().map(str::trim).filter(|name| !name.is_empty())?;
    let found = all.iter().find(|i| i.is_named(name));
    let found = found.ok_or_else(|| {
        format!("{name:?} is no implementation here; leave it empty for all of them")
    });
    refused.keep("implementation", found).map(|found| found.row.id.clone())
}
