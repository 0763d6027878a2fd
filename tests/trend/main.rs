//! The trend page over the router, with a real database of either engine: who gets in, that every
//! figure is the model's, that what is tried out changes nothing, and that what was written is seen.

#[path = "../web/browser.rs"]
#[expect(dead_code, reason = "the tests of the pages for readers use the rest")]
mod browser;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/world/mod.rs"]
#[expect(dead_code, reason = "the tests of the engine use the rest")]
mod world;

mod arithmetic;
mod cases;
mod doors;
mod figures;
mod fresh;
mod large;
mod mails;
mod read;
mod sheets;
mod shown;
mod what_if;
