//! The calendar of the weekly engine: weeks, slots and zones over whole years, and what an engine
//! does when its clock, its organizations and its readers move. Expected instants are literals of
//! another program (see [`table`]), never computed by the code they hold.

#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod expect;
mod moves;
mod slots;
mod table;
mod zones;
