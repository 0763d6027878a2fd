//! What is written by hand: through the engine, on a real database of either engine, with the clock
//! standing still. What is refused leaves nothing, what is taken shows in the views, in the audit log
//! and in the next brief.

#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod adding;
mod assessing;
mod changing;
mod closing;
mod confirming;
mod elsewhere;
mod implementations;
mod racing;
mod reading;
mod scene;
mod sessions;
mod trail;
mod weekly;
