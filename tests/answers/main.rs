//! Answers from the mail, over the router and with real mails on both engines: who presses a button is
//! a browser that followed a link of a delivered brief.

#[path = "../web/browser.rs"]
#[expect(dead_code, reason = "the tests of the pages use the rest")]
mod browser;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod answering;
mod hostile;
mod links;
mod over;
mod readers;
mod replies;
mod roles;
mod scene;
mod seen;
