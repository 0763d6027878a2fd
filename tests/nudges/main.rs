//! Nudges, from the portfolio that drafts them to what became of them: over the router, with real mails, on
//! both engines, on a clock that is moved by hand.

#[path = "../web/browser.rs"]
#[expect(dead_code, reason = "the tests of the pages use the rest")]
mod browser;
#[path = "../desk/html.rs"]
mod html;
#[path = "../web/session.rs"]
mod session;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod deciding;
mod drafting;
mod ending;
mod faults;
mod limits;
mod measuring;
mod restored;
mod scene;
mod week;
