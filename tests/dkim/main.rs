//! DKIM from key to receiver: every signature is judged by a verifier that asks for the published
//! record, and that lives in another crate than the program.

#[path = "../support/letters.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod letters;
#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "the tests of the commands use the rest of it")]
mod support;

mod command;
mod keys;
mod receiver;
mod settings;
mod signing;
mod tampering;
mod weekly;
