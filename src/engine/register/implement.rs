//! The rows of an implementation that is added or changed by hand.

use jiff::civil::Date;
use serde_json::json;

use crate::clock::new_id;
use crate::domain::codes::Area;
use crate::domain::register::ask::{ImplementationChange, NewImplementation};
use crate::domain::register::implementation::{NAME, amount, dates, scope, target_milli};
use crate::domain::register::words::{self, needed};
use crate::domain::register::{Refusals, when};
use crate::store::audit::Actor;
use crate::store::register::KnownImplementation;
use crate::store::row::{Place, millis};
use crate::store::slug::{check_slug, slug_of};
use crate::store::{StoreError, bulk, records};

use super::book::{Book, expect};
use super::implementations::Plain;
use super::{RegisterError, Written, trail};

/// Longest slug that is made from a name, before its number.
const SLUG: usize = 48;

/// A field that has a history, with its value before and after.
type Moved = (&'static str, Option<String>, Option<String>);

impl Book<'_> {
    pub async fn add_implementation(
        mut self,
        new: &NewImplementation,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut refused = Refusals::default();
        let name = refused.keep("name", needed(&new.name, NAME)).unwrap_or_default();
        let slug = self.slug(new.slug.as_deref(), &name, &mut refused).await?;
        let external_id = self.source_id(new.external_id.as_deref(), &mut refused).await?;
        let standard = self.engine.settings.model.default_target_milli;
        let target = new.target.map_or(Ok(standard), target_milli);
        let row = records::Implementation {
            id: new_id(),
            external_id,
            organization_id: self.place.id.clone(),
            slug,
            name,
            kind: new.kind.to_string(),
            target_milli: refused.keep("target", target).unwrap_or(standard),
            benefit_per_week: refused
                .keep("benefit_per_week", amount(new.benefit_per_week))
                .flatten(),
            mandated_on: mandated(new.mandated_on, &mut refused),
            created_at: millis(self.now),
            ..Default::default()
        };
        scope(&new.areas, &mut refused);
        dates(new.configuration_starts_on, new.go_live_on, &mut refused);
        refused.or(())?;
        let first = [
            ("status", Some(new.status.to_string())),
            ("configuration_starts_on", new.configuration_starts_on.map(|day| day.to_string())),
            ("go_live_on", new.go_live_on.map(|day| day.to_string())),
        ];
        let moved: Vec<Moved> =
            first.into_iter().filter(|(_, to)| to.is_some()).map(|(f, to)| (f, None, to)).collect();
        let areas = self.areas(&row.id, &new.areas);
        bulk::insert(&mut self.tx, std::slice::from_ref(&row)).await?;
        bulk::insert(&mut self.tx, &areas).await?;
        let events = self.move_dates(&row.id, &moved, self.today, actor).await?;
        let weights: Vec<_> = areas.into_iter().map(|a| (a.area, a.weight)).collect();
        let plain = Plain::of(&row, &weights);
        let detail = json!({"after": plain, "moved": told(&moved)});
        self.audit(actor, "implementation.add", &row.slug, &detail).await?;
        self.commit().await?;
        let version = plain.version(events.iter().map(|e| e.id.as_str()));
        Ok(Written { id: row.slug, version, is_changed: true, gaps: Vec::new() })
    }

    pub async fn change_implementation(
        mut self,
        known: &KnownImplementation,
        change: &ImplementationChange,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let plain = Plain::known(known);
        let version = plain.version(known.events.iter().map(|e| e.id.as_str()));
        expect(change.expected.as_deref(), &version, "implementation", None, &self.zone)?;
        let mut refused = Refusals::default();
        let row = changed_row(known, change, &mut refused);
        let on = refused.keep("effective_on", when::effective(change.effective_on, self.today));
        let on = on.unwrap_or(self.today);
        let moved = moved(known, change, on, &mut refused)?;
        let weights = change.areas.as_deref().map(|areas| {
            scope(areas, &mut refused);
            areas.iter().map(|(area, weight)| (area.to_string(), *weight)).collect::<Vec<_>>()
        });
        refused.or(())?;
        let after = Plain::of(&row, weights.as_ref().unwrap_or(&plain.areas));
        if after == plain && moved.is_empty() {
            return Ok(Written { id: row.slug, version, ..Written::default() });
        }
        self.tx.change_implementation(&row).await?;
        if let Some(areas) = &change.areas {
            self.rescope(known, areas).await?;
        }
        let events = self.move_dates(&row.id, &moved, on, actor).await?;
        let (was, is) = trail::differences(&plain, &after);
        let detail = json!({"effective_on": on.to_string(), "before": was, "after": is, "moved": told(&moved)});
        self.audit(actor, "implementation.change", &row.slug, &detail).await?;
        self.commit().await?;
        let before = known.events.iter().map(|e| e.id.as_str());
        let version = after.version(before.chain(events.iter().map(|e| e.id.as_str())));
        Ok(Written { id: row.slug, version, is_changed: true, gaps: Vec::new() })
    }

    /// Writes moved dates and a moved status.
    async fn move_dates(
        &mut self,
        implementation: &str,
        moved: &[Moved],
        on: Date,
        actor: &Actor,
    ) -> Result<Vec<records::ImplementationEvent>, RegisterError> {
        let row = |(field, from, to): &Moved| records::ImplementationEvent {
            id: new_id(),
            implementation_id: implementation.to_owned(),
            field: (*field).to_owned(),
            from_value: from.clone(),
            to_value: to.clone(),
            effective_on: on.to_string(),
            recorded_at: millis(self.now),
            actor: Some(actor.signed()),
            batch_id: None,
        };
        let events: Vec<records::ImplementationEvent> = moved.iter().map(row).collect();
        bulk::insert(&mut self.tx, &events).await?;
        Ok(events)
    }

    fn areas(
        &self,
        implementation: &str,
        areas: &[(Area, i64)],
    ) -> Vec<records::ImplementationArea> {
        let row = |(area, weight): &(Area, i64)| records::ImplementationArea {
            id: new_id(),
            implementation_id: implementation.to_owned(),
            area: area.to_string(),
            weight: *weight,
            ..Default::default()
        };
        areas.iter().map(row).collect()
    }

    /// Makes the scope what is asked: areas that stay keep their rows.
    async fn rescope(
        &mut self,
        known: &KnownImplementation,
        areas: &[(Area, i64)],
    ) -> Result<(), RegisterError> {
        let weight_of =
            |code: &str| areas.iter().find(|(a, _)| a.as_str() == code).map(|(_, w)| *w);
        let left = known.areas.iter().filter(|a| weight_of(&a.area).is_none());
        let left: Vec<String> = left.map(|a| a.id.clone()).collect();
        let weighed = known.areas.iter().filter_map(|a| {
            weight_of(&a.area)
                .filter(|weight| *weight != a.weight)
                .map(|weight| (a.id.clone(), weight))
        });
        let weighed: Vec<(String, i64)> = weighed.collect();
        let is_new = |area: &Area| known.areas.iter().all(|a| a.area != area.as_str());
        let new: Vec<(Area, i64)> =
            areas.iter().filter(|(area, _)| is_new(area)).copied().collect();
        let new = self.areas(&known.row.id, &new);
        self.tx.leave_areas(&left, self.now).await?;
        self.tx.weigh_areas(&weighed).await?;
        bulk::insert(&mut self.tx, &new).await?;
        Ok(())
    }

    /// Name in links: as given, else made from the name so that it is not taken.
    async fn slug(
        &mut self,
        given: Option<&str>,
        name: &str,
        refused: &mut Refusals,
    ) -> Result<String, RegisterError> {
        let known = self.tx.known_implementations(&self.place.id).await?;
        let is_taken = |slug: &str| known.iter().any(|i| i.row.slug == slug);
        if let Some(slug) = given.map(str::trim).filter(|slug| !slug.is_empty()) {
            let checked = match check_slug(slug) {
                Err(StoreError::Invalid { problem, .. }) => Err(problem),
                _ if is_taken(slug) => Err(format!("{slug:?} is in use already; give another")),
                _ => Ok(slug.to_owned()),
            };
            return Ok(refused.keep("slug", checked).unwrap_or_default());
        }
        let made = slug_of(name);
        let made = made.get(..SLUG).unwrap_or(&made).trim_end_matches('-');
        let stem = if made.is_empty() { "implementation" } else { made };
        let numbered = (2_u32..).map(|n| format!("{stem}-{n}"));
        let free = std::iter::once(stem.to_owned()).chain(numbered).find(|slug| !is_taken(slug));
        Ok(free.unwrap_or_default())
    }

    /// The id that its owner's system knows it by, where it is given and nobody else has it.
    async fn source_id(
        &mut self,
        given: Option<&str>,
        refused: &mut Refusals,
    ) -> Result<Option<String>, RegisterError> {
        let Some(id) = given.filter(|id| !id.trim().is_empty()) else { return Ok(None) };
        let Some(id) = refused.keep("external_id", needed(id, words::NAME)) else {
            return Ok(None);
        };
        if self.tx.is_implementation(&id).await? {
            refused.add(
                "external_id",
                format!("{id:?} is in use already; give another, or leave it empty"),
            );
        }
        Ok(Some(id))
    }
}

fn mandated(day: Option<Date>, refused: &mut Refusals) -> Option<String> {
    let day = refused.keep("mandated_on", day.map(when::any).transpose());
    day.flatten().map(|day| day.to_string())
}

/// What changes in place.
fn changed_row(
    known: &KnownImplementation,
    change: &ImplementationChange,
    refused: &mut Refusals,
) -> records::Implementation {
    let mut row = known.row.clone();
    if let Some(name) = change.name.as_deref().filter(|name| *name != row.name) {
        row.name = refused.keep("name", needed(name, NAME)).unwrap_or_default();
    }
    if let Some(kind) = change.kind {
        row.kind = kind.to_string();
    }
    if let Some(target) =
        change.target.and_then(|points| refused.keep("target", target_milli(points)))
    {
        row.target_milli = target;
    }
    if let Some(benefit) = change.benefit_per_week {
        row.benefit_per_week = refused.keep("benefit_per_week", amount(benefit)).flatten();
    }
    if let Some(day) = change.mandated_on {
        row.mandated_on = mandated(day, refused);
    }
    row
}

/// The dates and the status that change. What is dated before its last change would be told as if it
/// came first.
fn moved(
    known: &KnownImplementation,
    change: &ImplementationChange,
    on: Date,
    refused: &mut Refusals,
) -> Result<Vec<Moved>, RegisterError> {
    let value = |field: &str| known.last(field).and_then(|e| e.to_value.clone());
    let day = |field: &'static str| {
        Place { table: "implementation_event", row: &known.row.id }
            .date_if("to_value", value(field).as_deref())
    };
    let word = |day: Option<Date>| day.map(|day| day.to_string());
    let configuration = change.configuration_starts_on;
    let go_live = change.go_live_on;
    if configuration.is_some() || go_live.is_some() {
        let configuration = configuration.map_or_else(|| day("configuration_starts_on"), Ok)?;
        dates(configuration, go_live.map_or_else(|| day("go_live_on"), Ok)?, refused);
    }
    let asked = [
        ("status", change.status.map(|status| Some(status.to_string()))),
        ("configuration_starts_on", configuration.map(word)),
        ("go_live_on", go_live.map(word)),
    ];
    let mut moved = Vec::new();
    for (field, to) in asked {
        let from = value(field);
        let Some(to) = to.filter(|to| *to != from) else { continue };
        let last = known.last(field).map(|e| e.effective_on.clone());
        if let Some(last) = last.filter(|last| on.to_string() < *last) {
            let problem =
                format!("{field} was last changed on {last}; give that day or a later one");
            refused.add("effective_on", problem);
        }
        moved.push((field, from, to));
    }
    Ok(moved)
}

fn told(moved: &[Moved]) -> serde_json::Value {
    let one = |(field, from, to): &Moved| json!({"field": field, "from": from, "to": to});
    moved.iter().map(one).collect()
}
