//! Whose rows a source answers where its queries do not say.

use crate::config::Source;
use crate::store::{Db, StoreError, organizations};

/// The organization that the settings name, as rows name it: by external id, or by slug where it has
/// none. One that is not known yet may come with the source itself and is taken by its word.
///
/// # Errors
/// As any read.
pub async fn named(db: &Db, source: &Source) -> Result<Option<String>, StoreError> {
    let Some(name) = &source.organization else {
        return Ok(None);
    };
    match organizations::find(db, name).await {
        Ok(found) => Ok(Some(found.external_id.unwrap_or(found.slug))),
        Err(StoreError::NotFound { .. }) => Ok(Some(name.clone())),
        Err(error) => Err(error),
    }
}
