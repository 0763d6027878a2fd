//! The API over the router, with a real database of either engine: programs with tokens of every kind,
//! what they are told, and what they are not.

#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod browsing;
mod client;
mod contract;
mod gaps;
mod leaks;
mod once;
mod problems;
mod resources;
mod schema;
mod scopes;
mod tokens;
mod walks;
