//! Closed vocabularies: the codes of the model and of the rows.

use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema};

use crate::domain::bounce::SuppressionReason;
use crate::domain::codes::{
    Area, Basis, Category, DeliveryState, EditionKind, EventKind, ExposureKind, GapStatus,
    ImplementationKind, ImplementationStatus, LeakZone, QuietChoice, Role,
};

use super::{Shape, schema};

/// A vocabulary.
pub(in crate::web::api) trait Words {
    /// Every word, in the order of the model.
    fn words() -> Vec<&'static str>;
}

macro_rules! of_the_model {
    ($($vocabulary:ident),+ $(,)?) => { $(
        impl Words for $vocabulary {
            fn words() -> Vec<&'static str> {
                Self::ALL.iter().map(|word| word.as_str()).collect()
            }
        }
    )+ };
}

of_the_model!(
    Area,
    Basis,
    Category,
    DeliveryState,
    EditionKind,
    EventKind,
    ExposureKind,
    GapStatus,
    ImplementationKind,
    ImplementationStatus,
    LeakZone,
    QuietChoice,
    Role,
    SuppressionReason,
);

macro_rules! of_rows {
    ($($(#[$meta:meta])* $name:ident = [$($word:literal),+];)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::web::api) enum $name {}

        impl Words for $name {
            fn words() -> Vec<&'static str> {
                vec![$($word),+]
            }
        }
    )+ };
}

of_rows! {
    /// What was decided about an edition.
    DecisionWord = ["approve", "skip", "cancel"];
    /// How an organization is.
    OrganizationStatus = ["active", "paused"];
    /// Why somebody gets mail or not.
    SubscriptionState = ["active", "unconfirmed", "suppressed", "unsubscribed", "ended"];
    /// What an edition is about.
    ScopeKind = ["organization", "consultant", "public"];
    /// How far an edition is.
    EditionState = ["draft", "held", "frozen", "skipped", "cancelled", "expired"];
    /// What a delivery is of.
    DeliveryKind = ["brief", "correction"];
    /// What was known of whether somebody wants a subscription.
    ConsentWord = ["invite", "recorded", "none"];
}

/// A word of a vocabulary, as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web::api) struct Code<T>(pub(in crate::web::api) String, PhantomData<T>);

impl<T> Code<T> {
    pub(in crate::web::api) fn new(word: impl Into<String>) -> Self {
        Self(word.into(), PhantomData)
    }
}

impl<T> Serialize for Code<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<T: Words> Shape for Code<T> {
    fn shape() -> RefOr<Schema> {
        schema::one_of(&T::words())
    }
}
