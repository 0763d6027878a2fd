//! Looks at the sender from outside: what name servers say, and what the public URL answers.
//!
//! The rules of mail are not here but in [`crate::mail::authentication`]; this room fetches what
//! they ask for.
//!
//! **Invariants:** every wait has an end; nothing is sent that changes anything anywhere; a redirect
//! is looked at and not followed.

pub mod dns;
pub mod http;
mod reply;
