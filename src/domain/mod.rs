//! What the service knows: gaps, money, readiness, the forecast and the brief (MODEL).
//!
//! **Invariant:** pure. No clock, no I/O, no async, no randomness, and no floating point anywhere.
//! The same snapshot at the same cut-off gives the same facts, and the same facts the same words.

pub mod access;
pub mod action;
pub mod address;
pub mod answer;
pub mod arithmetic;
pub mod bounce;
pub mod brand;
pub mod brief;
pub mod changes;
pub mod codes;
pub mod colour;
pub mod compose;
pub mod consent;
pub mod constants;
pub mod cost;
pub mod course;
pub mod exposure;
pub mod facts;
pub mod feed;
pub mod forecast;
pub mod grants;
pub mod history;
pub mod insight;
pub mod issue;
pub mod line;
pub mod money;
pub mod nudge;
pub mod one_line;
pub mod path;
pub mod percent;
pub mod plain;
pub mod portfolio;
pub mod rank;
pub mod readiness;
pub mod register;
pub mod relook;
pub mod review;
pub mod slots;
pub mod snapshot;
pub mod source;
pub mod stall;
pub mod status;
pub mod time;
pub mod why;
