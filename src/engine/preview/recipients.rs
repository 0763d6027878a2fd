//! The edition that one subscription gets: by its role, and in a quiet week by what its reader chose.

use jiff::Timestamp;

use crate::domain::codes::{QuietChoice, Role};
use crate::engine::compose::{LOCALE, READERS};
use crate::engine::{Engine, EngineError};
use crate::store::organizations;

use super::Preview;

impl Engine {
    /// What a subscription gets at the latest cut-off at or before `now`.
    pub(super) async fn preview_subscription(
        &self,
        slug: &str,
        id: &str,
        now: Timestamp,
    ) -> Result<Preview, EngineError> {
        let organization = organizations::find(&self.db, slug).await?;
        let choice = self.db.recipient_choice(&organization.id, id).await?;
        let choice = choice.ok_or_else(|| {
            EngineError::Refused(format!("nobody gets the brief of {slug} by this subscription"))
        })?;
        if choice.role == Role::Owner.as_str() {
            return self.preview_owner(slug, Some(&choice.name), now).await;
        }
        let (mut facts, known) = self.known_at(slug, now).await?;
        let is_quiet = facts.week.quiet;
        if is_quiet && choice.quiet == QuietChoice::Skip.as_str() {
            let name = crate::domain::line::clean(&choice.name, 80);
            return Err(EngineError::Refused(format!(
                "this is a quiet week, in which {name} chose to get nothing"
            )));
        }
        let is_line = is_quiet && choice.quiet == QuietChoice::Line.as_str();
        let (of, whose) = match choice.role.as_str() {
            role if role == Role::Reader.as_str() => (READERS, "reader"),
            _ => ("", "leader"),
        };
        let form = if is_line { "line" } else { "full" };
        facts.edition.variant = format!("{form}-{LOCALE}{of}");
        self.preview_of(slug, facts, known, whose)
    }
}
