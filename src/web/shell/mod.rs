//! What every page is made in: what a request is read with, what an answer carries, and what a fault
//! says.
//!
//! Reading order: `state`, `guard` (what every answer carries), `problem`, `fields`, `client`,
//! `cookies` and `visitor` (what is read of a request), `pages` and `body` (what is answered), `letter` (a mail in a frame), `detached`
//! (writes that outlive their client), `strict` (the answers to machines).

pub(in crate::web) mod asset;
pub(in crate::web) mod body;
pub(in crate::web) mod client;
pub(in crate::web) mod cookies;
pub(in crate::web) mod detached;
pub(in crate::web) mod fields;
pub(in crate::web) mod files;
pub(in crate::web) mod guard;
pub(in crate::web) mod letter;
pub(in crate::web) mod pages;
pub(in crate::web) mod problem;
pub(in crate::web) mod state;
pub(in crate::web) mod strict;
pub(in crate::web) mod visitor;
pub(in crate::web) mod words;
