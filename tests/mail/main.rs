//! Messages, and the conversation with a relay: scripted ones, on the loopback, that may misbehave.

#[path = "../support/letters.rs"]
mod letters;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod smtp;

mod faults;
mod message;
mod mould;
mod outbox;
mod parameters;
mod pipelining;
mod secure;
mod session;
