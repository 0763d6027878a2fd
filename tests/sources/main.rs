//! Sources: gaps and histories out of databases that the product does not own, read before cut-offs.

#[path = "../support/mariadb.rs"]
mod mariadb;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the world knows relays, and these tests need none")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod foreign;
mod house;

mod again;
mod documented;
mod due;
mod fresh;
mod trouble;
mod typed;
mod values;
mod weeks;
