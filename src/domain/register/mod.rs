//! The register: what a person or a program may write by hand about gaps, assessments, sessions and
//! implementations (MODEL 2, 4.6, 6.6).
//!
//! **Invariant:** nothing is written here. A rule takes what is known and what is asked, and gives
//! either what has to be written or a sentence for each field that cannot be taken. Imported history
//! is not bound by these rules: it says what was, a person says what is.
//!
//! Reading order: [`Refusals`], [`ask`] (what may be asked), [`Known`] (what is known of one gap), [`begin`]
//! and [`change`] (what a write of a gap comes to), then one file for each rule.

pub mod ask;
pub mod assessment;
pub mod begin;
pub mod change;
pub mod closing;
pub mod figures;
pub mod implementation;
mod known;
mod plan;
mod refusal;
pub mod session;
pub mod status;
pub mod values;
pub mod when;
pub mod who;
pub mod words;

pub use figures::Figures;
pub use known::{Base, Known, KnownOwner, Priced, Told, version};
pub use plan::{NewEvent, Plan};
pub use refusal::{Refusal, Refusals};
pub use who::Writer;
