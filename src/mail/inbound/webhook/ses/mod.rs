//! Amazon SES, whose notifications come through a topic of SNS: a signed envelope around JSON.
//!
//! ```text
//! body ──Envelope::read──► whose certificate? ──(the caller fetches it)──► verify ──► Told
//! ```

mod notice;
mod sns;

pub use sns::{Envelope, Told};
