//! Implementations with their scope and the history of their dates.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::json;

use crate::store::row::{json as rows_of, list, millis};
use crate::store::{StoreError, Tx, records};
use crate::{in_tx, not_voided, statements};

statements! {
    /// All implementations of an organization.
    ALL = "SELECT id, external_id, organization_id, slug, name, kind, target_milli, benefit_per_week, mandated_on,
          created_at, batch_id, voided_at
        FROM implementation WHERE organization_id = $1 AND voided_at IS NULL ORDER BY slug";
    /// How their dates and status came to be what they are.
    EVENTS = concat!("SELECT e.id, e.implementation_id, e.field, e.from_value, e.to_value, e.effective_on, e.recorded_at,
          e.actor, e.batch_id
        FROM implementation_event e WHERE e.implementation_id IN (SELECT value FROM json_each($1)) AND ",
        not_voided!("e.batch_id"), " ORDER BY e.effective_on, e.recorded_at, e.id");
    /// Their scopes.
    AREAS = "SELECT id, implementation_id, area, weight, batch_id, voided_at FROM implementation_area
        WHERE implementation_id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL ORDER BY area";
    /// Writes all that changes in place.
    CHANGE = "UPDATE implementation SET name = $2, kind = $3, target_milli = $4, benefit_per_week = $5, mandated_on = $6
        WHERE id = $1 AND voided_at IS NULL";
    /// Other weights: a JSON array of objects with id and weight.
    WEIGHTS = "UPDATE implementation_area SET weight = CAST(e.r ->> 'weight' AS BIGINT)
        FROM (SELECT value AS r FROM json_each($1)) e WHERE implementation_area.id = e.r ->> 'id'",
        "UPDATE implementation_area SET weight = CAST(e.r ->> 'weight' AS BIGINT)
        FROM (SELECT value::jsonb AS r FROM json_each($1) OFFSET 0) e WHERE implementation_area.id = e.r ->> 'id'";
    /// Areas that are in scope no more.
    LEAVE = "UPDATE implementation_area SET voided_at = $2
        WHERE id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL";
    /// Which implementation has an id in its source, at whatever organization.
    TAKEN = "SELECT COUNT(*) FROM implementation WHERE external_id = $1 AND voided_at IS NULL";
}

/// An implementation with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownImplementation {
    /// Its row.
    pub row: records::Implementation,
    /// Its scope.
    pub areas: Vec<records::ImplementationArea>,
    /// The history of its dates and its status, in the order in which they were true.
    pub events: Vec<records::ImplementationEvent>,
}

impl KnownImplementation {
    /// The last event of a field.
    #[must_use]
    pub fn last(&self, field: &str) -> Option<&records::ImplementationEvent> {
        self.events.iter().rev().find(|e| e.field == field)
    }

    /// Whether a name is its slug, its id in its source, or its row id.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.row.slug == name
            || self.row.external_id.as_deref() == Some(name)
            || self.row.id == name
    }
}

impl Tx {
    /// All implementations of an organization, by slug.
    ///
    /// # Errors
    /// As any read.
    pub async fn known_implementations(
        &mut self,
        organization: &str,
    ) -> Result<Vec<KnownImplementation>, StoreError> {
        let sql = ALL.within(self);
        let rows: Vec<records::Implementation> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(organization).fetch_all(conn).await?
        });
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let (ids, events, areas) = (list(&ids), EVENTS.within(self), AREAS.within(self));
        let events: Vec<records::ImplementationEvent> = in_tx!(self, conn => {
            sqlx::query_as(events).bind(&ids).fetch_all(conn).await?
        });
        let areas: Vec<records::ImplementationArea> = in_tx!(self, conn => {
            sqlx::query_as(areas).bind(&ids).fetch_all(conn).await?
        });
        let (mut events_of, mut areas_of) = (HashMap::new(), HashMap::new());
        for event in events {
            let of: &mut Vec<_> = events_of.entry(event.implementation_id.clone()).or_default();
            of.push(event);
        }
        for area in areas {
            let of: &mut Vec<_> = areas_of.entry(area.implementation_id.clone()).or_default();
            of.push(area);
        }
        let with_its_own = |row: records::Implementation| KnownImplementation {
            areas: areas_of.remove(&row.id).unwrap_or_default(),
            events: events_of.remove(&row.id).unwrap_or_default(),
            row,
        };
        Ok(rows.into_iter().map(with_its_own).collect())
    }

    /// Writes what of an implementation changes in place.
    ///
    /// # Errors
    /// As any write.
    pub async fn change_implementation(
        &mut self,
        row: &records::Implementation,
    ) -> Result<(), StoreError> {
        let sql = CHANGE.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql)
                .bind(&row.id)
                .bind(&row.name)
                .bind(&row.kind)
                .bind(row.target_milli)
                .bind(row.benefit_per_week)
                .bind(&row.mandated_on)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// Gives areas other weights, by row id.
    ///
    /// # Errors
    /// As any write.
    pub async fn weigh_areas(&mut self, weights: &[(String, i64)]) -> Result<(), StoreError> {
        if weights.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> =
            weights.iter().map(|(id, weight)| json!({"id": id, "weight": weight})).collect();
        let (sql, rows) = (WEIGHTS.within(self), rows_of(&rows));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&rows).execute(conn).await?;
        });
        Ok(())
    }

    /// Takes areas out of scope, by row id.
    ///
    /// # Errors
    /// As any write.
    pub async fn leave_areas(&mut self, ids: &[String], now: Timestamp) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let (sql, ids) = (LEAVE.within(self), list(ids));
        in_tx!(self, conn => {
            sqlx::query(sql).bind(&ids).bind(millis(now)).execute(conn).await?;
        });
        Ok(())
    }

    /// Whether an implementation anywhere has this id in its source.
    ///
    /// # Errors
    /// As any read.
    pub async fn is_implementation(&mut self, external_id: &str) -> Result<bool, StoreError> {
        let sql = TAKEN.within(self);
        let count: i64 = in_tx!(self, conn => {
            sqlx::query_scalar(sql).bind(external_id).fetch_one(conn).await?
        });
        Ok(count > 0)
    }
}
