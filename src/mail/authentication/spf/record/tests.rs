//! Records that are read, and records that are refused.

use super::*;

#[test]
fn only_the_version_makes_a_record() {
    for text in ["v=spf1", "V=SPF1 -all", "v=spf1 "] {
        assert!(is_spf(text), "{text}");
    }
    for text in ["", "v=spf10 -all", " v=spf1", "v=spf1\t-all", "spf1 -all", "v=spf2.0/pra a"] {
        assert!(!is_spf(text), "{text}");
    }
}

#[test]
fn every_kind_of_term_is_read() {
    let text = "v=spf1 a mx/24 a:Mail.example.org/28//64 mx:%{d2}//96 include:_spf.example.net \
                ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{ir}.%{v}.example.org ?ptr:example.org \
                unknown=x exp=why.example.org redirect=example.com ~all";
    let record = Record::parse(text).expect("a record");
    assert_eq!(record.directives.len(), 10);
    assert_eq!(record.redirect.as_ref().map(Spec::text), Some("example.com"));
    assert_eq!(record.all(), Some(Qualifier::SoftFail));
    let Mechanism::A(Some(spec), prefix) = &record.directives[2].mechanism else {
        panic!("{record:?}")
    };
    assert_eq!((spec.text(), prefix.v4, prefix.v6), ("Mail.example.org", 28, 64));
    let Mechanism::Mx(None, prefix) = &record.directives[1].mechanism else { panic!("{record:?}") };
    assert_eq!((prefix.v4, prefix.v6), (24, 128));
}

#[test]
fn what_breaks_the_grammar_is_named() {
    for term in [
        "ip4:192.0.2.300",
        "ip4:192.0.2.0/33",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip4",
        "include",
        "include:",
        "a:",
        "a/33",
        "a/024",
        "mx//129",
        "all:x",
        "-",
        "ipv4:192.0.2.1",
        "include=example.org/",
        "exists:%{q}.example.org",
        "redirect=",
        "v=spf1;",
        "é",
    ] {
        let parsed = Record::parse(&format!("v=spf1 {term} -all"));
        // An unknown modifier is passed over, and that is what the two with = are.
        let is_modifier = term.starts_with("include=") || term.starts_with("v=");
        assert_eq!(parsed.is_err(), !is_modifier, "{term}: {parsed:?}");
    }
    let twice = Record::parse("v=spf1 redirect=a.example redirect=b.example");
    assert_eq!(twice.expect_err("twice").why, "redirect stands twice");
}
