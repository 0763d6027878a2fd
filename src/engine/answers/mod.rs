//! What readers answer by the links in their mails: done, blocked, not mine, a number is wrong.
//!
//! **Invariants:** a link answers for the one mail it came with, for as long as its token is good and
//! its reader is what they were; a leader and a consultant answer for every gap of the organization,
//! an owner for their own, a reader for none; the same answer of the same mail counts once; nothing
//! that is answered closes a gap, moves it back or takes its owner away; and answer, history, nudge
//! and audit log are one transaction.
//!
//! Reading order: [`Closed`] (why something is not asked), `mail` (whose link it is), [`Question`]
//! (what is asked), `give` (the answer), `waiting` (what the consultant sees of it).

mod closed;
mod give;
mod mail;
mod question;
mod waiting;

pub use closed::{AnswerError, Closed};
pub use give::Given;
pub use question::{Number, Question, Said};
