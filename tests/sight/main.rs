//! What an operator sees of the service from outside: metrics, probes, alarms, logs.

#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod alarms;
mod logs;
mod monitoring;
mod pages;
mod serving;
