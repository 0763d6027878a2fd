//! The desk over the router, with a real database of either engine: who may open what, what each form
//! takes and refuses, and how much a page weighs.

#[path = "../web/browser.rs"]
#[expect(dead_code, reason = "the tests of the pages for readers use the rest")]
mod browser;
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

mod answers;
mod brand;
mod closing;
mod corrections;
mod desk;
mod gaps;
mod grid;
mod hostile;
mod html;
mod implementations;
mod import_apply;
mod import_files;
mod import_map;
mod import_undo;
mod importing;
mod moves;
mod portfolio;
mod previews;
mod prices;
mod reviewers;
mod reviewing;
mod roles;
mod round;
mod routes;
mod sending;
mod sessions;
mod sizes;
