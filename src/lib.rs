//! Back Office Brief: one short e-mail a week that tells an organization what its open back-office
//! gaps cost, whether it will be ready for its go-live at this pace, what changed, and the one
//! thing to do next.
//!
//! The rooms, in reading order. Dependencies point one way, towards [`domain`].

pub mod cli;
pub mod clock;
pub mod config;
pub mod content;
pub mod domain;
pub mod engine;
pub mod import;
pub mod mail;
pub mod metrics;
pub mod probe;
pub mod render;
pub mod sample;
pub mod secrets;
pub mod source;
pub mod store;
pub mod telemetry;
pub mod web;
