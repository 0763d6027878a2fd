//! Adding and changing implementations, and how they stand.

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::codes::{Area, ImplementationKind, ImplementationStatus};
use crate::domain::register::ask::{ImplementationChange, NewImplementation};
use crate::domain::register::version;
use crate::engine::Engine;
use crate::store::audit::Actor;
use crate::store::register::KnownImplementation;
use crate::store::row::Place;
use crate::store::{StoreError, records};

use super::{RegisterError, Written};

/// An implementation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImplementationView {
    /// Name in links.
    pub slug: String,
    /// The id its owner's system knows it by.
    pub external_id: Option<String>,
    /// Its version.
    pub version: String,
    /// Name in the brief.
    pub name: String,
    /// What it is.
    pub kind: ImplementationKind,
    /// Where it stands.
    pub status: ImplementationStatus,
    /// Score to reach, milli-points.
    pub target_milli: i64,
    /// Minor units a week once live.
    pub benefit_per_week: Option<i64>,
    /// Since when it is mandated.
    pub mandated_on: Option<Date>,
    /// First day of configuration.
    pub configuration_starts_on: Option<Date>,
    /// Go-live.
    pub go_live_on: Option<Date>,
    /// Scope, in the order of the model.
    pub areas: Vec<(Area, i64)>,
}

/// What of an implementation changes in place, for its version and the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Plain {
    name: String,
    kind: String,
    target_milli: i64,
    benefit_per_week: Option<i64>,
    mandated_on: Option<String>,
    /// Areas with their weights, in the order of their codes.
    pub areas: Vec<(String, i64)>,
}

impl Plain {
    pub fn of(row: &records::Implementation, areas: &[(String, i64)]) -> Self {
        let mut areas = areas.to_vec();
        areas.sort_unstable();
        Self {
            name: row.name.clone(),
            kind: row.kind.clone(),
            target_milli: row.target_milli,
            benefit_per_week: row.benefit_per_week,
            mandated_on: row.mandated_on.clone(),
            areas,
        }
    }

    pub fn known(known: &KnownImplementation) -> Self {
        let areas: Vec<_> = known.areas.iter().map(|a| (a.area.clone(), a.weight)).collect();
        Self::of(&known.row, &areas)
    }

    /// The version with a history of these ids.
    pub fn version<'a>(&self, history: impl IntoIterator<Item = &'a str>) -> String {
        version(self, history)
    }
}

impl Engine {
    /// Adds an implementation.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] with a sentence for each field that cannot be taken.
    pub async fn add_implementation(
        &self,
        organization: &str,
        new: &NewImplementation,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let book = self.begin_writing(organization).await?;
        book.add_implementation(new, actor).await
    }

    /// Changes an implementation, by its slug, external id or row id.
    ///
    /// # Errors
    /// [`RegisterError::Refused`], [`RegisterError::Conflict`] where another version was expected, and
    /// [`RegisterError::NotFound`].
    pub async fn change_implementation(
        &self,
        organization: &str,
        implementation: &str,
        change: &ImplementationChange,
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let known = book.implementation(implementation).await?;
        book.change_implementation(&known, change, actor).await
    }

    /// The implementations of an organization, cancelled ones included, by slug.
    ///
    /// # Errors
    /// As any read.
    pub async fn implementations(
        &self,
        organization: &str,
    ) -> Result<Vec<ImplementationView>, RegisterError> {
        let mut book = self.begin_reading(organization).await?;
        let known = book.tx.known_implementations(&book.place.id).await?;
        Ok(known.iter().map(view).collect::<Result<_, _>>()?)
    }
}

fn view(known: &KnownImplementation) -> Result<ImplementationView, StoreError> {
    let row = &known.row;
    let place = Place { table: "implementation", row: &row.id };
    let day = |field: &'static str| {
        let value = known.last(field).and_then(|e| e.to_value.as_deref());
        Place { table: "implementation_event", row: &row.id }.date_if("to_value", value)
    };
    let status = match known.last("status").and_then(|e| e.to_value.as_deref()) {
        Some(word) => place.code("status", word)?,
        None => ImplementationStatus::Planned,
    };
    let area = |a: &records::ImplementationArea| -> Result<(Area, i64), StoreError> {
        let place = Place { table: "implementation_area", row: &a.id };
        Ok((place.code("area", &a.area)?, a.weight))
    };
    let mut areas = known.areas.iter().map(area).collect::<Result<Vec<_>, _>>()?;
    areas.sort_unstable();
    Ok(ImplementationView {
        slug: row.slug.clone(),
        external_id: row.external_id.clone(),
        version: Plain::known(known).version(known.events.iter().map(|e| e.id.as_str())),
        name: row.name.clone(),
        kind: place.code("kind", &row.kind)?,
        status,
        target_milli: row.target_milli,
        benefit_per_week: row.benefit_per_week,
        mandated_on: place.date_if("mandated_on", row.mandated_on.as_deref())?,
        configuration_starts_on: day("configuration_starts_on")?,
        go_live_on: day("go_live_on")?,
        areas,
    })
}
