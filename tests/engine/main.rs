//! The weekly engine, from the outside: a world is set up, ticks happen, and what arrived and what
//! the ledger says about it is compared. Everything holds on both databases.

#[path = "../support/imap/mod.rs"]
mod imap;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
mod world;

mod batches;
mod bounces;
mod breakers;
mod cancelling;
mod deferring;
mod delivering;
mod determinism;
mod disk_full;
mod domains;
mod failover;
mod fallback;
mod journal;
mod killed;
mod kinds;
mod late;
mod mailboxes;
mod many;
mod meanwhile;
mod nobody;
mod pace;
mod planning;
mod proof;
mod quarter;
mod relay_away;
mod restored;
mod retention;
mod review;
mod serving;
mod uncertain;
mod withdrawn;
mod zones;
