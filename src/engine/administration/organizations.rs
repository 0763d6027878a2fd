//! Organizations: added, changed, ended.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::engine::{Engine, EngineError};
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::organizations::{self, OrganizationChange};
use crate::store::records::Organization;

use super::{difference, entry};

/// Another currency than that of prices that are written (MODEL 4.6).
fn fixed() -> StoreError {
    let problem = "is fixed: a gap of this organization is already priced; leave it out".to_owned();
    StoreError::Invalid { field: "currency", problem }
}

impl Engine {
    /// Adds an organization.
    ///
    /// # Errors
    /// As [`organizations::add`].
    pub async fn add_organization(
        &self,
        slug: Option<&str>,
        settings: OrganizationChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Organization, EngineError> {
        let mut tx = self.db.begin().await?;
        let row = organizations::add_within(&mut tx, slug, settings, now).await?;
        let detail = json!({ "name": row.name, "currency": row.currency });
        tx.audit(actor, entry(Some(&row.id), "organization.add", &row.slug, &detail), now).await?;
        tx.commit().await?;
        Ok(row)
    }

    /// Changes an organization's settings.
    ///
    /// # Errors
    /// As [`organizations::change`]; another currency once a gap is priced is [`StoreError::Invalid`].
    pub async fn change_organization(
        &self,
        id: &str,
        settings: OrganizationChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Organization, EngineError> {
        let is_other_currency = settings.currency.is_some();
        let mut tx = self.db.begin().await?;
        let changed = organizations::change_within(&mut tx, id, settings, now).await;
        let (before, row) = changed.map_err(|error| match error {
            StoreError::Refused(_) if is_other_currency => fixed(),
            other => other,
        })?;
        let detail = difference(&compared(&before, &row));
        if detail.as_object().is_some_and(|told| !told.is_empty()) {
            let about = entry(Some(&row.id), "organization.change", &row.slug, &detail);
            tx.audit(actor, about, now).await?;
        }
        tx.commit().await?;
        Ok(row)
    }

    /// Ends an organization: nobody gets a brief about it any more, its history stays.
    ///
    /// # Errors
    /// As [`organizations::end`].
    pub async fn end_organization(
        &self,
        id: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Organization, EngineError> {
        let mut tx = self.db.begin().await?;
        let row = organizations::end_within(&mut tx, id, now).await?;
        let about = entry(Some(&row.id), "organization.end", &row.slug, &Value::Null);
        tx.audit(actor, about, now).await?;
        tx.commit().await?;
        Ok(row)
    }
}

/// Every field that a change can touch, before and after.
fn compared(old: &Organization, new: &Organization) -> Vec<(&'static str, Value, Value)> {
    let (before, after) = (fields(old), fields(new));
    let pairs = before.into_iter().zip(after);
    pairs.map(|((field, old), (_, new))| (field, old, new)).collect()
}

fn fields(of: &Organization) -> [(&'static str, Value); 11] {
    [
        ("name", json!(of.name)),
        ("currency", json!(of.currency)),
        ("time_zone", json!(of.time_zone)),
        ("cut_off_weekday", json!(of.cut_off_weekday)),
        ("cut_off_hour", json!(of.cut_off_hour)),
        ("billed_per_week", json!(of.billed_per_week)),
        ("loaded_rate_minor_per_hour", json!(of.loaded_rate_minor_per_hour)),
        ("cost_of_capital_bp", json!(of.cost_of_capital_bp)),
        ("review", json!([of.review, of.review_hours])),
        ("money_in_subject", json!(of.money_in_subject)),
        ("status", json!(of.status)),
    ]
}
