//! The corpus, and by what our own mail is known in it.

use back_office_brief::domain::address::Domain;
use back_office_brief::mail::inbound::{Inbound, Ours, read};

/// The token of the bounce address in every sample.
pub const TOKEN: &str = "aeaq3kfw7d2mzxw6ytboi4tq";
/// The delivery of every sample.
pub const DELIVERY: &str = "01a205b3-d000-8547-befa-c20c5563d36b";

pub fn ours() -> Ours {
    Ours { domain: Domain::parse("brief.example").expect("a domain") }
}

/// Every sample by name, in order.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/bounces");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a sample"))
        })
        .collect();
    found.sort();
    found
}

pub fn sample(name: &str) -> Vec<u8> {
    all().into_iter().find(|(own, _)| own == name).expect(name).1
}

pub fn read_sample(name: &str) -> Inbound {
    read(&sample(name), &ours())
}
