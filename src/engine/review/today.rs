//! An edition under review as it would leave now, and one that left as it was stored.

use jiff::Timestamp;

use crate::domain::brief::{Corrected, differences};
use crate::domain::facts::Facts;
use crate::domain::snapshot::Snapshot;
use crate::engine::plan::cut::Cut;
use crate::engine::preview::Preview;
use crate::engine::{Engine, EngineError};
use crate::store::editions::Review;
use crate::store::snapshot::{load_within, note};

/// A draft or a held edition, drawn with all that is known and said by now.
#[derive(Debug, Clone)]
pub struct DraftToday {
    /// What leaders would read.
    pub preview: Preview,
    /// Figures that are others by now than when it was made.
    pub changed: Vec<Corrected>,
}

impl Engine {
    /// Draws an edition that waits: the note on top as it stands; the figures of a draft as of now,
    /// those of a held one as of its cut-off, as they will be sent. None where nothing is known of the
    /// organization any more. Nothing is stored.
    ///
    /// # Errors
    /// As any read.
    pub async fn draft_today(
        &self,
        review: &Review,
        now: Timestamp,
    ) -> Result<Option<DraftToday>, EngineError> {
        let ids = [review.scope_id.clone()];
        let Some(organization) = self.db.organizations_named(&ids).await?.into_iter().next() else {
            return Ok(None);
        };
        let cut = self.cut_at(organization, review.cut_off_at)?;
        let at = if review.state == "held" { cut.at } else { cut.at.min(now) };
        let Some(snapshot) = self.reviewed(&cut, at, now).await? else {
            return Ok(None);
        };
        let facts = self.facts_of(&snapshot, &cut.zone, at, cut.as_of);
        let made = self.db.edition_body(&review.id).await?.facts;
        let made: Option<Facts> = made.and_then(|text| serde_json::from_str(&text).ok());
        let changed = made.map_or_else(Vec::new, |made| differences(&made, &facts));
        let composed = self.compose_leader(facts, snapshot.consultant.as_ref())?;
        let identity = format!("{}/{}/review", snapshot.organization.slug, cut.at);
        let preview = Preview::about(composed.body, snapshot, &identity, (cut.at, cut.as_of));
        Ok(Some(DraftToday { preview, changed }))
    }

    /// What is known at an instant, with the note of now.
    async fn reviewed(
        &self,
        cut: &Cut,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Snapshot>, EngineError> {
        let ids = [cut.organization.id.clone()];
        let mut tx = self.db.begin_read().await?;
        let known = load_within(&mut tx, &ids, at).await?.pop();
        let said = note(&mut tx, "organization", &ids[0], &cut.week, now).await?;
        tx.rollback().await?;
        Ok(known.map(|known| Snapshot { note: said, ..known }))
    }

    /// What an edition said, as it was stored and never drawn anew; its links lead nowhere. None where
    /// it was never made, or is kept no longer: HTML and plain text.
    ///
    /// # Errors
    /// As any read.
    pub async fn stored_copy(&self, id: &str) -> Result<Option<(String, String)>, EngineError> {
        let stored = self.db.edition_body(id).await?;
        let both = stored.body_html.zip(stored.body_text);
        Ok(both.map(|(html, text)| (self.filled_html(&html), self.filled_text(&text))))
    }
}
