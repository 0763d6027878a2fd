//! Gaps with everything that was told of them, and the part of them that changes in place.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::domain::constants::Constants;
use crate::domain::register::{Base, Known, Priced, Told};
use crate::domain::snapshot::{Bounds, Exposure, Gap, GapEvent};
use crate::store::row::{Place, list};
use crate::store::{StoreError, Tx, records};
use crate::{in_tx, not_voided, statements};

/// Every column, in the order of the record.
macro_rules! columns {
    () => {
        "id, external_id, organization_id, implementation_id, area, category, leak_zone, title, short_name, description,
         exposure_group, existed_since, opened_on, verifier, evidence, created_at, batch_id, voided_at"
    };
}

statements! {
    /// The gaps of an organization by what they are known by.
    BY_NAME = concat!("SELECT ", columns!(), " FROM gap
        WHERE organization_id = $1 AND external_id IN (SELECT value FROM json_each($2)) AND voided_at IS NULL");
    /// All gaps of an organization.
    ALL = concat!("SELECT ", columns!(), " FROM gap
        WHERE organization_id = $1 AND voided_at IS NULL ORDER BY external_id");
    /// Some gaps by their row ids, at whatever organization.
    BY_ID = concat!("SELECT ", columns!(), " FROM gap
        WHERE id IN (SELECT value FROM json_each($1)) AND voided_at IS NULL");
    /// What happened to gaps.
    EVENTS = concat!("SELECT e.id, e.gap_id, e.external_id, e.kind, e.from_value, e.to_value, e.effective_on, e.recorded_at,
          e.actor, e.note, e.evidence_url, e.person_id, e.batch_id, e.actor_id
        FROM gap_event e WHERE e.gap_id IN (SELECT value FROM json_each($1)) AND ", not_voided!("e.batch_id"));
    /// Estimates of gaps.
    EXPOSURES = concat!("SELECT e.id, e.gap_id, e.kind, e.inputs, e.low, e.likely, e.high, e.basis, e.source_note,
          e.effective_on, e.recorded_at, e.batch_id
        FROM exposure e WHERE e.gap_id IN (SELECT value FROM json_each($1)) AND ", not_voided!("e.batch_id"), "
        ORDER BY e.effective_on, e.recorded_at, e.id");
    /// Writes all of a gap that changes in place.
    CHANGE = "UPDATE gap SET title = $2, short_name = $3, description = $4, area = $5, category = $6, leak_zone = $7,
          implementation_id = $8, exposure_group = $9, existed_since = $10, verifier = $11
        WHERE id = $1 AND voided_at IS NULL";
    /// How many gaps an organization ever had.
    COUNT = "SELECT COUNT(*) FROM gap WHERE organization_id = $1";
    /// Which of some ids are taken, at whatever organization.
    TAKEN = "SELECT external_id FROM gap WHERE voided_at IS NULL AND external_id IN (SELECT value FROM json_each($1))";
}

impl Tx {
    /// The gaps of an organization by what they are known by, folded.
    ///
    /// # Errors
    /// As any read, or a stored value that makes no sense.
    pub async fn known_gaps(
        &mut self,
        organization: &str,
        names: &[String],
        zone: &TimeZone,
        constants: &Constants,
    ) -> Result<Vec<Known>, StoreError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let (sql, names) = (BY_NAME.within(self), list(names));
        let rows: Vec<records::Gap> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(organization).bind(&names).fetch_all(conn).await?
        });
        self.folded(rows, &|_| zone.clone(), constants).await
    }

    /// Some gaps by their row ids, at whatever organization, folded. `zone_of` gives the zone of an
    /// organization by its row id.
    ///
    /// # Errors
    /// As any read, or a stored value that makes no sense.
    pub async fn known_gaps_by_id(
        &mut self,
        ids: &[String],
        zone_of: &(dyn Fn(&str) -> TimeZone + Sync),
        constants: &Constants,
    ) -> Result<Vec<Known>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (sql, ids) = (BY_ID.within(self), list(ids));
        let rows: Vec<records::Gap> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&ids).fetch_all(conn).await?
        });
        self.folded(rows, zone_of, constants).await
    }

    /// All gaps of an organization, folded, by what they are known by.
    ///
    /// # Errors
    /// As any read, or a stored value that makes no sense.
    pub async fn all_gaps(
        &mut self,
        organization: &str,
        zone: &TimeZone,
        constants: &Constants,
    ) -> Result<Vec<Known>, StoreError> {
        let sql = ALL.within(self);
        let rows: Vec<records::Gap> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(organization).fetch_all(conn).await?
        });
        self.folded(rows, &|_| zone.clone(), constants).await
    }

    async fn folded(
        &mut self,
        rows: Vec<records::Gap>,
        zone_of: &(dyn Fn(&str) -> TimeZone + Sync),
        constants: &Constants,
    ) -> Result<Vec<Known>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        let (ids, events, exposures) = (list(&ids), EVENTS.within(self), EXPOSURES.within(self));
        let events: Vec<records::GapEvent> = in_tx!(self, conn => {
            sqlx::query_as(events).bind(&ids).fetch_all(conn).await?
        });
        let exposures: Vec<records::Exposure> = in_tx!(self, conn => {
            sqlx::query_as(exposures).bind(&ids).fetch_all(conn).await?
        });
        let (mut all_told, mut all_priced) = (HashMap::new(), HashMap::new());
        for event in events {
            let of: &mut Vec<Told> = all_told.entry(event.gap_id.clone()).or_default();
            of.push(told(event)?);
        }
        for exposure in exposures {
            let of: &mut Vec<Priced> = all_priced.entry(exposure.gap_id.clone()).or_default();
            of.push(priced(exposure)?);
        }
        let mut known = Vec::with_capacity(rows.len());
        for row in rows {
            let told = all_told.remove(&row.id).unwrap_or_default();
            let priced = all_priced.remove(&row.id).unwrap_or_default();
            let zone = zone_of(&row.organization_id);
            let (base, gap) = read(row)?;
            known.push(Known::of(base, gap, told, priced, &zone, constants));
        }
        Ok(known)
    }

    /// Writes what of a gap changes in place.
    ///
    /// # Errors
    /// As any write.
    pub async fn change_gap(&mut self, id: &str, base: &Base) -> Result<(), StoreError> {
        let sql = CHANGE.within(self);
        in_tx!(self, conn => {
            sqlx::query(sql)
                .bind(id)
                .bind(&base.title)
                .bind(&base.short_name)
                .bind(&base.description)
                .bind(base.area.as_str())
                .bind(base.category.as_str())
                .bind(base.leak_zone.as_str())
                .bind(&base.implementation_id)
                .bind(&base.exposure_group)
                .bind(base.existed_since.map(|day| day.to_string()))
                .bind(&base.verifier)
                .execute(conn)
                .await?;
        });
        Ok(())
    }

    /// How many gaps an organization ever had, voided ones included.
    ///
    /// # Errors
    /// As any read.
    pub async fn count_gaps(&mut self, organization: &str) -> Result<i64, StoreError> {
        let sql = COUNT.within(self);
        Ok(in_tx!(self, conn => {
            sqlx::query_scalar(sql).bind(organization).fetch_one(conn).await?
        }))
    }

    /// Which of some external ids are taken.
    ///
    /// # Errors
    /// As any read.
    pub async fn taken_ids(&mut self, ids: &[String]) -> Result<Vec<String>, StoreError> {
        let (sql, ids) = (TAKEN.within(self), list(ids));
        Ok(in_tx!(self, conn => sqlx::query_scalar(sql).bind(&ids).fetch_all(conn).await?))
    }
}

/// The row in the two forms in which rules and facts see it.
fn read(row: records::Gap) -> Result<(Base, Gap), StoreError> {
    let place = Place { table: "gap", row: &row.id };
    let base = Base {
        area: place.code("area", &row.area)?,
        category: place.code("category", &row.category)?,
        leak_zone: place.code("leak_zone", &row.leak_zone)?,
        existed_since: place.date_if("existed_since", row.existed_since.as_deref())?,
        opened_on: place.date("opened_on", &row.opened_on)?,
        title: row.title,
        short_name: row.short_name,
        description: row.description,
        implementation_id: row.implementation_id,
        exposure_group: row.exposure_group,
        verifier: row.verifier,
    };
    let of = base.clone();
    let gap = Gap {
        id: row.id,
        external_id: row.external_id,
        implementation_id: of.implementation_id,
        area: of.area,
        category: of.category,
        leak_zone: of.leak_zone,
        title: of.title,
        short_name: of.short_name,
        exposure_group: of.exposure_group,
        existed_since: of.existed_since,
        opened_on: of.opened_on,
        events: Vec::new(),
        exposures: Vec::new(),
    };
    Ok((base, gap))
}

fn told(row: records::GapEvent) -> Result<Told, StoreError> {
    let place = Place { table: "gap_event", row: &row.id };
    let (effective_on, kind) =
        (place.date("effective_on", &row.effective_on)?, place.code("kind", &row.kind)?);
    let recorded_at = place.instant("recorded_at", row.recorded_at)?;
    let event = GapEvent {
        id: row.id,
        kind,
        from: row.from_value,
        to: row.to_value,
        effective_on,
        recorded_at,
        actor: row.actor,
    };
    Ok(Told {
        event,
        note: row.note,
        evidence_url: row.evidence_url,
        person_id: row.person_id,
        actor_id: row.actor_id,
        is_imported: row.batch_id.is_some(),
    })
}

fn priced(row: records::Exposure) -> Result<Priced, StoreError> {
    let place = Place { table: "exposure", row: &row.id };
    let inputs = serde_json::from_str(&row.inputs).map_err(|e| place.corrupt("inputs", e))?;
    let exposure = Exposure {
        effective_on: place.date("effective_on", &row.effective_on)?,
        recorded_at: place.instant("recorded_at", row.recorded_at)?,
        kind: place.code("kind", &row.kind)?,
        per_week: Bounds { low: row.low, likely: row.likely, high: row.high },
        basis: place.code("basis", &row.basis)?,
    };
    Ok(Priced { exposure, inputs, source: row.source_note })
}
