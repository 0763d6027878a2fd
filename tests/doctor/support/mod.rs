//! One run of the doctor on a zone.

pub mod keys;
pub mod names;
pub mod pages;

use serde_json::Value;

use crate::place::{Place, Ran};
use names::Server;

/// The domain of the From, of the bounce address and of answers, where a test sets no other.
pub const DOMAIN: &str = "northfield.example";

/// A zone in which all is right; `with` and `without` change it.
pub const WELL: &str = "
northfield.example TXT v=spf1 ip4:192.0.2.0/28 include:spf.relay.example -all
northfield.example TXT some-verification=abc
northfield.example MX 10 mx1.northfield.example
mx1.northfield.example A 192.0.2.5
mx1.northfield.example AAAA 2001:db8::5
spf.relay.example TXT v=spf1 ip4:198.51.100.0/24 ~all
_dmarc.northfield.example TXT v=DMARC1; p=reject; rua=mailto:dmarc@northfield.example
brief2026._domainkey.northfield.example TXT v=DKIM1; k=rsa; p=KEY2048
1.2.0.192.in-addr.arpa PTR out.northfield.example
out.northfield.example A 192.0.2.1
";

/// The well zone without the lines that hold one of `out`, and with `more`.
pub fn zone(out: &[&str], more: &str) -> String {
    let kept = WELL.lines().filter(|line| !out.iter().any(|out| line.contains(out)));
    kept.chain(more.lines()).collect::<Vec<_>>().join("\n").replace("KEY2048", &keys::rsa(2048))
}

/// What the doctor said.
#[derive(Debug)]
pub struct Report {
    pub code: i32,
    checks: Vec<Check>,
}

#[derive(Debug)]
struct Check {
    name: String,
    state: String,
    found: String,
    advice: String,
}

impl Report {
    pub fn read(ran: &Ran) -> Self {
        let value: Value =
            serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
        let text = |check: &Value, key: &str| check[key].as_str().unwrap_or_default().to_owned();
        let checks = value.as_array().expect("a list").iter().map(|check| Check {
            name: text(check, "check"),
            state: text(check, "state"),
            found: text(check, "found"),
            advice: text(check, "advice"),
        });
        Self { code: ran.code, checks: checks.collect() }
    }

    /// There is a finding of this check in this state whose words hold `words`.
    #[track_caller]
    pub fn has(&self, check: &str, state: &str, words: &str) -> &Self {
        let fits =
            |own: &&Check| own.name == check && own.state == state && own.found.contains(words);
        let found = self.checks.iter().find(fits);
        let found = found.unwrap_or_else(|| panic!("{state} {check} {words:?} in {self:#?}"));
        assert_eq!(found.advice.is_empty(), state == "ok", "advice where it is needed: {found:?}");
        self
    }

    /// No finding of this check is in this state.
    #[track_caller]
    pub fn has_no(&self, check: &str, state: &str) -> &Self {
        let found = self.checks.iter().find(|own| own.name == check && own.state == state);
        assert!(found.is_none(), "{found:#?}");
        self
    }

    /// The advice of the first finding of this check in this state.
    #[track_caller]
    pub fn advice(&self, check: &str, state: &str) -> &str {
        let found = self.checks.iter().find(|own| own.name == check && own.state == state);
        &found.unwrap_or_else(|| panic!("{state} {check} in {self:#?}")).advice
    }
}

/// An empty directory whose mail is from [`DOMAIN`] and whose public pages answer nobody.
pub fn place() -> Place {
    let place = Place::new();
    let settings = format!(
        "[mail]\nfrom = \"Brief <brief@{DOMAIN}>\"\nreply_to = \"me@{DOMAIN}\"\n\
         domain = \"{DOMAIN}\"\n[web]\npublic_url = \"http://127.0.0.1:1\"\n"
    );
    place.write("config/local.toml", &settings);
    place
}

/// Runs the doctor against a server.
pub fn ask(server: &Server, args: &[&str]) -> Report {
    ask_at(&place(), server, args)
}

/// The same in a directory of the test's own.
pub fn ask_at(place: &Place, server: &Server, args: &[&str]) -> Report {
    let address = server.address().to_string();
    let base = ["doctor", "--json", "--name-server", &address];
    let mut all: Vec<&str> = base.to_vec();
    if !args.contains(&"--domain") {
        all.push("--domain");
    }
    all.extend(args);
    Report::read(&place.run(&all))
}

/// Runs the doctor on a zone, with the selector of the well zone.
pub fn doctor(zone: &str) -> Report {
    ask(&Server::start(zone), &["--selector", "brief2026"])
}
