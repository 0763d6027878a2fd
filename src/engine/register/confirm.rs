//! Several gaps at once that somebody looked at and found unchanged.

use serde_json::json;

use crate::domain::codes::EventKind;
use crate::domain::register::{NewEvent, Plan};
use crate::engine::Engine;
use crate::store::audit::Actor;
use crate::store::bulk;

use super::{RegisterError, Written, rows};

impl Engine {
    /// Writes down that somebody looked at these gaps and nothing changed, by their external ids: all of
    /// them or none, with one row in the audit log. The number of statements is the same whatever their
    /// number.
    ///
    /// # Errors
    /// [`RegisterError::NotFound`] for a gap that is not the organization's.
    pub async fn confirm_gaps(
        &self,
        organization: &str,
        gaps: &[String],
        actor: &Actor,
    ) -> Result<Written, RegisterError> {
        let mut book = self.begin_writing(organization).await?;
        let known = book.gaps(gaps).await?;
        let is_known = |name: &&String| known.iter().any(|own| own.gap.external_id == **name);
        if let Some(name) = gaps.iter().find(|name| !is_known(name)) {
            return Err(RegisterError::NotFound { what: "gap", name: name.clone() });
        }
        let slug = book.place.slug.clone();
        let written =
            Written { id: slug.clone(), is_changed: !known.is_empty(), ..Written::default() };
        if known.is_empty() {
            return Ok(written);
        }
        let mut events = Vec::with_capacity(known.len());
        for own in &known {
            let event = NewEvent::new(EventKind::Confirmed, None, None);
            let base = own.base.clone();
            let plan = Plan { base, events: vec![event], figures: None, on: book.today };
            events.extend(rows::events(&own.gap.id, &plan, actor, book.now));
        }
        bulk::insert(&mut book.tx, &events).await?;
        let names: Vec<&str> = known.iter().map(|own| own.gap.external_id.as_str()).collect();
        let detail = json!({ "effective_on": book.today.to_string(), "gaps": names });
        book.audit(actor, "gaps.confirm", &slug, &detail).await?;
        book.commit().await?;
        Ok(written)
    }
}
