//! The pages for readers over the router, with a real database of either engine and real mails: who
//! follows a link is a browser, a mail program or a scanner, and nobody looks behind the pages but to
//! see that nothing changed.

#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod asking;
mod browser;
mod choosing;
mod guard;
mod inviting;
mod leaving;
mod links;
mod notices;
mod reading;
mod scanners;
mod signing_in;
mod whole;
