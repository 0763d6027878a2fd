//! `brief doctor --domain` from outside: the real binary against a name server, a relay and a web
//! server of the test's own; and the readers of records against whatever may stand in a record.

#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "the tests of the command line use the rest")]
mod place;
#[path = "../support/smtp/mod.rs"]
#[expect(dead_code, reason = "the tests of the mail room use the rest")]
mod smtp;
mod support;

mod dkim;
mod dmarc;
mod flags;
mod hostile;
mod pages;
mod relay;
mod servers;
mod spf;
mod ways;
mod whole;
