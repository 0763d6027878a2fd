//! Whatever may stand in a record: no reader panics, and every check ends.

use std::cell::Cell;

use back_office_brief::mail::authentication::answers::{
    Answer, Found, Kind, Known, Missing, Nothing, Question, Record,
};
use back_office_brief::mail::authentication::dkim::{self, Expected};
use back_office_brief::mail::authentication::dmarc::{self, record, walk};
use back_office_brief::mail::authentication::finding::Finding;
use back_office_brief::mail::authentication::reverse::Origin;
use back_office_brief::mail::authentication::spf::macros::{Context, Spec};
use back_office_brief::mail::authentication::spf::record as spf_record;
use back_office_brief::mail::authentication::{exchange, names, reverse, spf};
use proptest::prelude::*;

/// Runs a check to its end with answers made up on the spot; returns how many it asked for.
fn settle<T>(
    check: impl Fn(&Known) -> Result<T, Missing>,
    answer: impl Fn(&Question) -> Answer,
) -> (T, usize) {
    let mut known = Known::default();
    for n in 0..2_000 {
        match check(&known) {
            Ok(done) => return (done, n),
            Err(Missing(question)) => {
                let found = answer(&question);
                known.add(question, found);
            }
        }
    }
    panic!("it does not end")
}

/// A term of an SPF record, mostly well-formed, with names that lead to each other.
fn term() -> impl Strategy<Value = String> {
    let name =
        prop::sample::select(vec!["a.example", "b.example", "c.example", "%{d}", "%{i}.x.y", "%"]);
    let kind = prop::sample::select(vec![
        "include:",
        "redirect=",
        "a:",
        "mx:",
        "exists:",
        "ptr:",
        "?a:",
        "-mx:",
        "exp=",
        "ip4:",
        "",
    ]);
    let end = prop::sample::select(vec!["", "/24", "//64", "/0", "/33", " -all", " mx a"]);
    (kind, name, end).prop_map(|(kind, name, end)| format!("{kind}{name}{end}"))
}

fn spf_text() -> impl Strategy<Value = String> {
    let made = prop::collection::vec(term(), 0..14)
        .prop_map(|terms| format!("v=spf1 {}", terms.join(" ")));
    prop_oneof![4 => made, 1 => "v=spf1 .{0,80}", 1 => ".{0,80}"]
}

fn tags_text() -> impl Strategy<Value = String> {
    let tag = prop_oneof![
        "(v|p|sp|np|k|h|s|t|rua|ruf|psd|adkim|pct) ?= ?[a-zA-Z0-9+/=:@!,%.-]{0,40}",
        ".{0,20}",
        Just("v=DMARC1".to_owned()),
        Just("v=DKIM1".to_owned()),
        Just("psd=y".to_owned()),
        Just("rua=mailto:x@r.example".to_owned()),
    ];
    prop::collection::vec(tag, 0..8).prop_map(|tags| tags.join(";"))
}

/// An answer of the kind that is asked for: one of the texts, by the length of the name.
fn made_up(question: &Question, texts: &[String], odd: u8) -> Answer {
    let pick = question.name.len() + usize::from(odd);
    match (pick % 7, question.kind) {
        (0, _) => Err(Nothing::NoName),
        (1, _) => Err(Nothing::NoData),
        (2, _) if odd > 200 => Err(Nothing::Failed("SERVFAIL".to_owned())),
        (_, kind) => {
            let record = match kind {
                Kind::Txt => Record::Txt(texts[pick % texts.len()].clone()),
                Kind::Mx => Record::Mx { preference: 1, host: "mx.example".to_owned() },
                Kind::Address => Record::Address([192, 0, 2, odd].into()),
                Kind::Pointer => Record::Pointer("out.example".to_owned()),
            };
            let records =
                if odd.is_multiple_of(5) { vec![record.clone(), record] } else { vec![record] };
            Ok(Found { records, alias: odd.is_multiple_of(3).then(|| "alias.example".to_owned()) })
        }
    }
}

fn is_told(found: &[Finding]) -> bool {
    found.iter().all(|own| !own.found.is_empty() && !own.check.is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_reader_takes_every_text(text in ".{0,200}") {
        let _ = spf_record::is_spf(&text);
        let _ = spf_record::Record::parse(&format!("v=spf1 {text}"));
        let _ = dkim::record::Record::parse(&text);
        let _ = (record::is_dmarc(&text), record::is_almost_dmarc(&text));
        let _ = record::Record::parse(&text);
        if let Ok(spec) = Spec::parse(&text) {
            let context = Context { domain: "a.example", sender: &text, address: None };
            prop_assert!(spec.expand(&context).is_none_or(|name| name.len() <= 253));
        }
        let _ = (names::plain(&text), names::can_be_asked(&text), names::is_within(&text, "a"));
    }

    #[test]
    fn every_octet_may_be_a_key(
        octets in prop::collection::vec(any::<u8>(), 0..80),
        cut in 0..80usize,
    ) {
        let _ = dkim::key::Key::rsa(octets.clone());
        let _ = dkim::key::Key::ed25519(octets);
        // A real key, cut off.
        let whole = crate::support::keys::rsa(1024);
        let text = format!("p={}", &whole[..cut.min(whole.len())]);
        let _ = dkim::record::Record::parse(&text);
    }

    #[test]
    fn every_spf_check_ends(
        texts in prop::collection::vec(spf_text(), 1..5),
        odd: u8,
        ip: u32,
    ) {
        let origins = [
            Origin::Declared(vec![std::net::Ipv4Addr::from(ip).into()]),
            Origin::Relay("relay.example".to_owned()),
        ];
        let (found, n) = settle(
            |known| spf::findings::check(known, "a.example", &origins),
            |question| made_up(question, &texts, odd),
        );
        prop_assert!(is_told(&found) && !found.is_empty());
        prop_assert!(n < 600, "{n} questions");
    }

    #[test]
    fn every_other_check_ends(
        texts in prop::collection::vec(tags_text(), 1..5),
        odd: u8,
        depth in 1..30usize,
    ) {
        let from = vec!["x"; depth].join(".") + ".example";
        let (found, _) = settle(
            |known| dmarc::findings::check(known, &from),
            |question| made_up(question, &texts, odd),
        );
        prop_assert!(is_told(&found));
        let dkim = ["mail.other.example".to_owned()];
        let (found, _) = settle(
            |known| dmarc::findings::alignment(known, &from, "b.example", &dkim),
            |question| made_up(question, &texts, odd),
        );
        prop_assert!((2..=3).contains(&found.len()));
        let expected = Expected {
            selector: "s".to_owned(),
            domain: from.clone(),
            public_key: texts.first().cloned(),
        };
        let (found, _) = settle(
            |known| dkim::findings::check(known, &expected),
            |question| made_up(question, &texts, odd),
        );
        prop_assert!(is_told(&found) && !found.is_empty());
        let origin = Origin::Declared(vec![[192, 0, 2, 1].into()]);
        settle(|known| exchange::check(known, &from, "answers"), |q| made_up(q, &texts, odd));
        settle(|known| reverse::check(known, &origin, &from), |q| made_up(q, &texts, odd));
    }

    /// The walk asks the names of RFC 9989 4.10, eight at most, and the organization is one of them.
    #[test]
    fn a_walk_asks_eight_names_at_most(
        depth in 0..40usize,
        texts in prop::collection::vec(tags_text(), 1..4),
        odd: u8,
    ) {
        let domain = vec!["a"; depth].join(".") + if depth == 0 { "b.example" } else { ".b.example" };
        let asked = Cell::new(0);
        let (steps, n) = settle(
            |known| walk::walk(known, &domain),
            |question| {
                asked.set(asked.get() + 1);
                made_up(question, &texts, odd)
            },
        );
        prop_assert!(n <= 8 && n == asked.get() && steps.len() <= 8);
        prop_assert_eq!(&steps[0].domain, &domain);
        if let Ok(organization) = walk::organization(&steps) {
            prop_assert!(names::is_within(&domain, &organization), "{organization}");
        }
    }
}

#[test]
fn the_walk_of_the_rfc() {
    // RFC 9989 4.10, the example.
    let targets = walk::targets("a.b.c.d.e.f.g.h.i.j.mail.example.com");
    let wanted = [
        "a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "g.h.i.j.mail.example.com",
        "h.i.j.mail.example.com",
        "i.j.mail.example.com",
        "j.mail.example.com",
        "mail.example.com",
        "example.com",
        "com",
    ];
    assert_eq!(targets, wanted);
    assert_eq!(walk::targets("a.b.c.d.e.f.g.h").len(), 8);
    assert_eq!(walk::targets("example.com"), ["example.com", "com"]);
}

/// Where the walk from a domain ends with these records.
fn organization(domain: &str, records: &[(&str, &str)]) -> String {
    let answer = |question: &Question| {
        let own = records.iter().find(|(at, _)| question.name == format!("_dmarc.{at}"));
        own.map_or(Err(Nothing::NoName), |(_, text)| {
            Ok(Found { records: vec![Record::Txt((*text).to_owned())], alias: None })
        })
    };
    let (steps, _) = settle(|known| walk::walk(known, domain), answer);
    walk::organization(&steps).expect("every name answers")
}

#[test]
fn the_organizations_of_the_rfc() {
    // RFC 9989 4.10.2, the examples.
    let of = organization;
    let plain = "v=DMARC1; p=none";
    assert_eq!(
        of("a.mail.example.com", &[("mail.example.com", plain), ("example.com", plain)]),
        "example.com"
    );
    assert_eq!(
        of(
            "a.mail.example.com",
            &[("mail.example.com", "v=DMARC1; psd=n"), ("example.com", plain)]
        ),
        "mail.example.com"
    );
    assert_eq!(of("a.mail.example.com", &[("com", "v=DMARC1; psd=y")]), "example.com");
    assert_eq!(of("mail.example.com", &[("example.com", "v=DMARC1; psd=y")]), "mail.example.com");
    assert_eq!(of("a.mail.example.com", &[]), "a.mail.example.com");
    // A suffix's own mail belongs to itself.
    assert_eq!(of("com", &[("com", "v=DMARC1; psd=y")]), "com");
    // The first step of a long name skips labels: the organization is still one below the suffix.
    assert_eq!(
        of("1.2.3.4.5.6.7.8.gov.example", &[("3.4.5.6.7.8.gov.example", plain)]),
        "1.2.3.4.5.6.7.8.gov.example"
    );
    assert_eq!(
        of("1.2.3.4.5.6.7.8.gov.example", &[("5.6.7.8.gov.example", "v=DMARC1; psd=y")]),
        "4.5.6.7.8.gov.example"
    );
}
