//! The tokens of programs: made, looked at, revoked.
//!
//! **Invariants:** a token is shown once, to whoever makes it, and is known here as a hash; one that is
//! unknown, revoked or over is told apart by nobody.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::clock::new_id;
use crate::domain::grants::Grants;
use crate::domain::line::clean;
use crate::store::audit::{Actor, Entry, Way};
use crate::store::row::Place;
use crate::store::{StoreError, organizations, records};

use super::secret::{secret, sha256};
use super::{Engine, EngineError};

/// What every token begins with: whoever finds one knows what it is.
pub const PREFIX: &str = "bob_";

/// Longest name of a token, characters.
const NAME_MAX: usize = 64;
/// The longest that a token is good for.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 731);

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What the program is called: in the list, in histories and in the audit log.
    pub name: String,
    /// What it may.
    pub grants: Grants,
    /// Slug, external id or row id of the one organization it is for; none for all.
    pub organization: Option<String>,
    /// For how long it is good.
    pub good_for: SignedDuration,
}

/// A program that showed a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Row id of the token.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it may.
    pub grants: Grants,
    /// Row id of the one organization that it sees; none for all.
    pub organization: Option<String>,
}

impl Program {
    /// Who writes, when it does.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { person_id: None, name: self.name.clone(), way: Way::Api }
    }
}

impl Engine {
    /// Makes a token. Returns it as it is shown, this once, and its row.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] with the field and what would be right, [`StoreError::Conflict`] for a
    /// name that is taken, [`StoreError::NotFound`] for an organization.
    pub async fn add_token(
        &self,
        new: &NewToken,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(String, records::ApiToken), EngineError> {
        let name = check(new)?;
        let shown = format!("{PREFIX}{}", secret()?);
        let mut tx = self.db.begin().await?;
        let organization_id = match &new.organization {
            Some(slug) => Some(organizations::find_within(&mut tx, slug).await?.id),
            None => None,
        };
        let row = records::ApiToken {
            id: new_id(),
            name,
            token_sha256: sha256(&shown),
            scopes: new.grants.to_string(),
            organization_id,
            created_by: actor.name.clone(),
            created_by_person: actor.person_id.clone(),
            created_at: now.as_millisecond(),
            expires_at: (now + new.good_for).as_millisecond(),
            last_used_at: None,
            revoked_at: None,
        };
        tx.add_api_token(&row).await?;
        let detail =
            json!({ "scopes": row.scopes, "expires_at": (now + new.good_for).to_string() });
        tx.audit(actor, about("token.add", &row, &detail), now).await?;
        tx.commit().await?;
        Ok((shown, row))
    }

    /// Revokes a token, by its name or id. Returns its row and whether it was good until now.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn revoke_token(
        &self,
        name: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(records::ApiToken, bool), EngineError> {
        let mut tx = self.db.begin().await?;
        let row = tx.api_token(name).await?;
        let is_new = tx.revoke_api_token(&row.id, now).await?;
        if is_new {
            tx.audit(actor, about("token.revoke", &row, &json!({})), now).await?;
        }
        tx.commit().await?;
        Ok((row, is_new))
    }

    /// The program that shows this token; none where it is unknown, revoked or over.
    ///
    /// # Errors
    /// As any read.
    pub async fn program(
        &self,
        shown: &str,
        now: Timestamp,
    ) -> Result<Option<Program>, EngineError> {
        if !shown.starts_with(PREFIX) {
            return Ok(None);
        }
        let Some(row) = self.db.open_api_token(&sha256(shown), now).await? else { return Ok(None) };
        let grants = row
            .scopes
            .parse()
            .map_err(|error| Place { table: "api_token", row: &row.id }.corrupt("scopes", error))?;
        let records::ApiToken { id, name, organization_id, .. } = row;
        Ok(Some(Program { id, name, grants, organization: organization_id }))
    }
}

/// The name of a token that can be made.
fn check(new: &NewToken) -> Result<String, StoreError> {
    let invalid =
        |field, problem: &str| Err(StoreError::Invalid { field, problem: problem.to_owned() });
    let name = clean(&new.name, NAME_MAX);
    if name.is_empty() {
        return invalid("name", "is empty; name the program that will use the token");
    }
    if new.grants.is_empty() {
        return invalid("scope", "is missing; say what the token may, for example read:gaps");
    }
    if new.good_for <= SignedDuration::ZERO || new.good_for > LONGEST {
        return invalid("expires", "must be longer than nothing and no longer than 731 days");
    }
    Ok(name)
}

fn about<'a>(action: &'a str, row: &'a records::ApiToken, detail: &'a Value) -> Entry<'a> {
    Entry { organization: row.organization_id.as_deref(), action, subject: &row.name, detail }
}
