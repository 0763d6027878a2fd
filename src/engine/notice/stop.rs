//! Who wants no more notices: those who work here are asked as little as readers why.

use jiff::Timestamp;

use crate::domain::address::EmailAddress;
use crate::engine::{Engine, EngineError};
use crate::secrets::Subject;
use crate::store::address_hash::AddressHash;
use crate::store::{Db, StoreError, settings};

/// What the link in a notice is about: the address it went to, by the beginning of its hash.
#[must_use]
pub fn subject_of(address: &EmailAddress) -> Option<Subject> {
    Subject::of_digest(AddressHash::of(address).as_str())
}

/// The same for the links to sign in by: whoever wants no reminders signs in all the same, and whoever
/// is sent links by a stranger can stop those alone.
#[must_use]
pub fn sign_in_subject_of(address: &EmailAddress) -> Option<Subject> {
    Subject::of_digest(AddressHash::of_key(&format!("sign-in {}", address.lookup_key())).as_str())
}

/// The same for nudges: whoever wants none reads the briefs all the same.
#[must_use]
pub fn nudge_subject_of(address: &EmailAddress) -> Option<Subject> {
    Subject::of_digest(AddressHash::of_key(&format!("nudges {}", address.lookup_key())).as_str())
}

/// The setting that says that whom a link is about wants no notices.
#[must_use]
pub fn stop_key(subject: Subject) -> String {
    format!("notices.stopped.{subject}")
}

/// Since when an address gets no notices, if it wants none.
///
/// # Errors
/// As any read.
pub async fn stopped_at(db: &Db, address: &EmailAddress) -> Result<Option<String>, StoreError> {
    match subject_of(address) {
        Some(subject) => settings::get(db, &stop_key(subject)).await,
        None => Ok(None),
    }
}

impl Engine {
    /// Sends no more notices to whom a link is about.
    ///
    /// # Errors
    /// As any write.
    pub async fn stop_notices(&self, subject: Subject, now: Timestamp) -> Result<(), EngineError> {
        settings::claim(&self.db, &stop_key(subject), &now.to_string(), now).await?;
        Ok(())
    }

    /// Sends them again.
    ///
    /// # Errors
    /// As any write.
    pub async fn take_up_notices(&self, subject: Subject) -> Result<(), EngineError> {
        settings::remove(&self.db, &stop_key(subject)).await?;
        Ok(())
    }

    /// Whether whom a link is about gets notices.
    ///
    /// # Errors
    /// As any read.
    pub async fn gets_notices(&self, subject: Subject) -> Result<bool, EngineError> {
        Ok(settings::get(&self.db, &stop_key(subject)).await?.is_none())
    }
}
