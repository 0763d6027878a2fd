//! Drafts and what left: what is read before it is sent, and what is done about a mistake afterwards.
//!
//! **Invariants:** what waits is drawn as it would leave now, what left is shown as it was stored; a mail
//! stands in a frame in which it can do nothing, and holds nobody's links; a form of a page that is older
//! than what somebody else decided changes nothing and shows what they did.
//!
//! Reading order: `words`, `list` (all clients), `client` (one), `one` (one edition) with `draft` and
//! `past`, `correct`, `mail` (what the frames hold).

mod client;
mod correct;
mod draft;
mod list;
mod mail;
mod one;
mod past;
mod words;

pub(super) use client::{act, show};
pub(super) use list::show as show_all;
pub(super) use mail::show as show_mail;
pub(super) use one::{act as act_on, show as show_one};
pub(super) use words::moment;
