//! The finished message: its headers, its two parts, and what cannot be smuggled into either.

use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::domain::line::DisplayName;
use back_office_brief::domain::slots::{SLOT_ANSWER, SLOT_NAME, SLOT_STOP, SLOT_TREND, SLOT_WHY};
use back_office_brief::domain::slots::{SlotValues, fill_html, fill_text};
use back_office_brief::mail::header::{FeedbackId, HeaderUri, ListHeaders, Party, Unsubscribe};
use back_office_brief::mail::message::{Addressing, Letter, LetterError};
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::mould::Mould;
use jiff::Timestamp;
use mail_parser::{Message, MessageParser, MimeHeaders};
use proptest::prelude::*;

fn domain() -> Domain {
    Domain::parse("brief.example").expect("a domain")
}

fn party(address: &str, name: &str) -> Party {
    Party {
        address: EmailAddress::parse(address).expect("an address"),
        name: DisplayName::new(name),
    }
}

fn letter() -> Letter {
    let help = HeaderUri::web("List-Help", "https://brief.example/help").expect("a link");
    Letter {
        id: "0193-e1".to_owned(),
        from: party("weekly@brief.example", "Back Office Brief"),
        reply_to: Some(party("owner@brief.example", "")),
        subject: "Go-live in 9 weeks: 3 weeks late at this pace".to_owned(),
        text: format!("Hello {SLOT_NAME},\n\nTrend: {SLOT_TREND}\nStop: {SLOT_STOP}\n"),
        html: format!(
            "<p>Hello {SLOT_NAME}, <a href=\"{SLOT_TREND}\">trend</a></p>\n<a href=\"{SLOT_STOP}\">stop</a>\n"
        ),
        date: "2026-11-23T06:00:00Z".parse().expect("a date"),
        list: Some(ListHeaders::new("Weekly brief", "weekly", &domain(), help).expect("a list")),
        feedback: Some(
            FeedbackId::new("leader", "weekly", "brief", "backofficebrief").expect("an id"),
        ),
        extra: Vec::new(),
    }
}

fn addressing(to: Party) -> Addressing {
    let owner = EmailAddress::parse("leave@brief.example").expect("an address");
    Addressing {
        to,
        message_id: MessageId::of_delivery("0193-d1", &domain()).expect("an id"),
        unsubscribe: Unsubscribe {
            web: None,
            mail: Some(HeaderUri::mailto(&owner, "leave 0193-s1")),
            one_click: false,
        },
    }
}

fn anna() -> Addressing {
    addressing(party("anna@client.example", "Anna Berg"))
}

fn one_click() -> Addressing {
    let mut own = anna();
    let link = format!("https://brief.example/u/{}", "t0ken".repeat(20));
    own.unsubscribe.web = Some(HeaderUri::web("List-Unsubscribe", &link).expect("a link"));
    own.unsubscribe.one_click = true;
    own
}

const VALUES: SlotValues<'_> = SlotValues {
    trend: "https://brief.example/t/abc?x=1&y=2",
    why: "https://brief.example/w/abc",
    stop: "https://brief.example/s/abc",
    answer: "https://brief.example/a/abc",
    name: "Anna",
};

fn cast(letter: &Letter, own: &Addressing, values: &SlotValues<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Mould::of(letter)
        .expect("a mould")
        .cast(own, values, &mut bytes);
    bytes
}

fn filled(letter: &Letter, values: &SlotValues<'_>) -> Letter {
    Letter {
        text: fill_text(&letter.text, values),
        html: fill_html(&letter.html, values),
        ..letter.clone()
    }
}

fn header_of(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).expect("ASCII");
    text.split_once("\r\n\r\n")
        .expect("a body")
        .0
        .replace("\r\n", "\n")
}

/// Field names in order, continuation lines left out.
fn names_of(bytes: &[u8]) -> Vec<String> {
    header_of(bytes)
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(':').next().unwrap_or("").to_owned())
        .collect()
}

fn parsed(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).expect("a message")
}

fn parts_of(bytes: &[u8]) -> (String, String) {
    let message = parsed(bytes);
    let text = message
        .text_part(0)
        .expect("a text part")
        .text_contents()
        .expect("text")
        .to_owned();
    let html = message
        .html_part(0)
        .expect("an HTML part")
        .text_contents()
        .expect("text")
        .to_owned();
    (text, html)
}

/// RFC 5322 2.1.1 and 2.3, RFC 2045 6.7.
fn assert_wire_format(bytes: &[u8]) {
    assert!(bytes.ends_with(b"\r\n"));
    let text = std::str::from_utf8(bytes).expect("ASCII or UTF-8");
    let lines = text.split("\r\n");
    for line in lines {
        assert!(
            !line.contains(['\r', '\n', '\0']),
            "a bare line break in {line:?}"
        );
        assert!(line.len() <= 998, "{} octets", line.len());
    }
    let body = text.split_once("\r\n\r\n").expect("a body").1;
    for line in body.split("\r\n") {
        assert!(line.len() <= 76, "{line:?}");
        assert!(!line.starts_with('.'), "{line:?}");
    }
}

#[test]
fn the_headers_of_a_brief() {
    let bytes = letter().build(&anna()).expect("a message");
    assert_wire_format(&bytes);
    insta::assert_snapshot!(header_of(&bytes), @r#"
    Date: Mon, 23 Nov 2026 06:00:00 +0000
    From: "Back Office Brief" <weekly@brief.example>
    Reply-To: owner@brief.example
    Subject: Go-live in 9 weeks: 3 weeks late at this pace
    To: "Anna Berg" <anna@client.example>
    Message-ID: <0193-d1@brief.example>
    List-Unsubscribe: <mailto:leave@brief.example?subject=leave%200193-s1>
    List-Id: Weekly brief <weekly.brief.example>
    List-Help: <https://brief.example/help>
    Feedback-ID: leader:weekly:brief:backofficebrief
    Auto-Submitted: auto-generated
    MIME-Version: 1.0
    Content-Type: multipart/alternative; boundary="=_e794924524e9eb0aa9bed84b"
    "#);
}

#[test]
fn one_click_stands_beside_a_web_address_only() {
    let bytes = letter().build(&one_click()).expect("a message");
    assert_wire_format(&bytes);
    let header = header_of(&bytes);
    let own: Vec<&str> = header
        .lines()
        .skip_while(|line| !line.starts_with("List-Unsubscribe:"))
        .take(3)
        .collect();
    let token = "t0ken".repeat(20);
    let wanted = [
        format!("List-Unsubscribe: <https://brief.example/u/{token}>,"),
        " <mailto:leave@brief.example?subject=leave%200193-s1>".to_owned(),
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned(),
    ];
    assert_eq!(own, wanted);
    let mut without = anna();
    without.unsubscribe.one_click = true;
    assert!(!header_of(&letter().build(&without).expect("a message")).contains("One-Click"));
    without.unsubscribe = Unsubscribe::default();
    assert!(!header_of(&letter().build(&without).expect("a message")).contains("List-Unsubscribe"));
}

#[test]
fn the_text_stands_first_and_both_parts_come_back_as_written() {
    let mut letter = letter();
    letter.text = "Grüße.\n.dot\nFrom here\ntrailing \n=20 is not a blank\n".to_owned();
    letter.html = format!("<p>{}</p>\n", "ünïcode & entities &amp; ".repeat(30));
    let bytes = letter.build(&anna()).expect("a message");
    assert_wire_format(&bytes);
    let message = parsed(&bytes);
    let kinds: Vec<&str> = message
        .parts
        .iter()
        .filter_map(|part| part.content_type()?.subtype())
        .collect();
    assert_eq!(kinds, ["alternative", "plain", "html"]);
    let (text, html) = parts_of(&bytes);
    assert_eq!(text, letter.text.replace('\n', "\r\n"));
    assert_eq!(html, letter.html.replace('\n', "\r\n"));
}

#[test]
fn names_and_subjects_in_any_script_survive() {
    let mut letter = letter();
    letter.subject =
        "Готовность: 62 из 100, ещё девять недель до запуска — и три недели опоздания".to_owned();
    for name in [
        "Zoë Ångström",
        "Smith, John \"JJ\" (COO)",
        "名前",
        "a@b.example",
        "=?utf-8?q?x?=",
    ] {
        let own = addressing(party("anna@client.example", name));
        let bytes = letter.build(&own).expect("a message");
        assert_wire_format(&bytes);
        assert!(header_of(&bytes).is_ascii());
        assert!(
            header_of(&bytes).lines().all(|line| line.len() <= 76),
            "{}",
            header_of(&bytes)
        );
        let message = parsed(&bytes);
        assert_eq!(message.subject(), Some(letter.subject.as_str()));
        let to = message.to().and_then(|to| to.first()).expect("a recipient");
        assert_eq!(to.address(), Some("anna@client.example"));
        assert_eq!(to.name(), Some(name));
    }
}

#[test]
fn nothing_in_a_subject_or_name_makes_another_header() {
    let plain = names_of(&letter().build(&anna()).expect("a message"));
    for evil in [
        "x\r\nBcc: eve@evil.example",
        "x\nBcc: eve@evil.example",
        "x\rBcc: e@e.example",
        "x\r\n\r\nbody",
        "\0",
        "X-Addressing: ={to}",
        "={stop}",
        "=?utf-8?q?=E2=80=AE?=",
    ] {
        let mut letter = letter();
        letter.subject = format!("Week 48 {evil}");
        letter.extra = vec![("X-Brief-Test".to_owned(), evil.to_owned())];
        let own = addressing(party("anna@client.example", &format!("Anna {evil}")));
        for bytes in [
            letter.build(&own).expect("a message"),
            cast(&letter, &own, &VALUES),
        ] {
            assert_wire_format(&bytes);
            let mut names = names_of(&bytes);
            names.retain(|name| name != "X-Brief-Test");
            assert_eq!(names, plain, "{evil:?}");
            let message = parsed(&bytes);
            assert!(message.bcc().is_none());
            let subject = message.subject().expect("a subject");
            assert!(
                subject.starts_with("Week 48 ") || subject == "Week 48",
                "{subject:?}"
            );
            assert!(
                !subject.contains('\u{202e}'),
                "an encoded word in user text was decoded"
            );
        }
    }
}

#[test]
fn links_that_could_leave_their_header_are_refused() {
    for link in [
        "https://b.example/a b",
        "https://b.example/>\r\nBcc: x",
        "https://b.example/é",
        "http://b.example/",
        "javascript:x",
        "",
        "https://b.example/<",
    ] {
        assert!(
            HeaderUri::web("List-Unsubscribe", link).is_err(),
            "{link:?}"
        );
    }
    assert!(HeaderUri::web("x", &format!("https://b.example/{}", "a".repeat(900))).is_err());
    assert!(HeaderUri::web("x", "http://127.0.0.1:8080/u/1").is_ok());
    let help = HeaderUri::web("List-Help", "https://brief.example/help").expect("a link");
    for (name, label) in [
        ("", "weekly"),
        ("Weekly", ""),
        ("Weekly\r\nBcc: x", "weekly"),
        ("Weekly", "a.b>"),
    ] {
        assert!(
            ListHeaders::new(name, label, &domain(), help.clone()).is_err(),
            "{name:?} {label:?}"
        );
    }
    assert!(FeedbackId::new("a", "b", "c", "abcd").is_err());
    assert!(FeedbackId::new("a:", "b", "c", "abcde").is_err());
    for id in ["", "a b", "a>\r\nBcc: x", "é"] {
        assert!(MessageId::of_delivery(id, &domain()).is_err(), "{id:?}");
    }
}

#[test]
fn a_date_or_header_that_cannot_be_written_is_refused() {
    let with = |change: &dyn Fn(&mut Letter)| {
        let mut letter = letter();
        change(&mut letter);
        letter.build(&anna()).map(|_| ())
    };
    let early: Timestamp = "1969-12-31T23:59:59Z".parse().expect("a date");
    assert_eq!(with(&|l| l.date = early), Err(LetterError::Date(early)));
    assert_eq!(with(&|l| l.date = Timestamp::UNIX_EPOCH), Ok(()));
    for name in ["", "A B", "A:B", "é", "A\r\nB"] {
        let refused = Err(LetterError::ExtraName(name.to_owned()));
        assert_eq!(
            with(&|l| l.extra = vec![(name.to_owned(), "x".to_owned())]),
            refused
        );
    }
    for name in ["bcc", "From", "content-type"] {
        let refused = Err(LetterError::ExtraTwice(name.to_owned()));
        assert_eq!(
            with(&|l| l.extra = vec![(name.to_owned(), "x".to_owned())]),
            refused
        );
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(letter().build(&anna()), letter().build(&anna()));
    assert_eq!(
        cast(&letter(), &anna(), &VALUES),
        cast(&letter(), &anna(), &VALUES)
    );
}

#[test]
fn a_mould_survives_storage_and_damage_is_noticed() {
    let mould = Mould::of(&letter()).expect("a mould");
    let again = Mould::from_bytes(mould.as_bytes().to_vec()).expect("a mould");
    assert_eq!(again, mould);
    for damaged in [b"".as_slice(), b"Subject: x\r\n\r\nbody", b"X: y"] {
        assert!(Mould::from_bytes(damaged.to_vec()).is_err());
    }
    let text = String::from_utf8(mould.as_bytes().to_vec()).expect("ASCII");
    assert!(Mould::from_bytes(text.replace("={trend}", "={other}").into_bytes()).is_err());
}

#[test]
fn a_cast_has_the_headers_of_a_built_message() {
    for own in [anna(), one_click()] {
        let bytes = cast(&letter(), &own, &VALUES);
        assert_wire_format(&bytes);
        let built = filled(&letter(), &VALUES).build(&own).expect("a message");
        assert_eq!(header_of(&bytes), header_of(&built));
        assert_eq!(parts_of(&bytes), parts_of(&built));
        assert!(!String::from_utf8_lossy(&bytes).contains("slot--"));
    }
}

fn template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,90}",
        "\\PC{0,12}",
        Just("\n".to_owned()),
        Just("={stop}".to_owned()),
        Just(".".to_owned()),
        prop::sample::select(vec![
            SLOT_TREND,
            SLOT_WHY,
            SLOT_STOP,
            SLOT_ANSWER,
            SLOT_NAME
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "https://[a-z]{1,10}\\.example/[a-z0-9/=&?.-]{0,120}",
        "\\PC{0,40}",
        "[=. \t<>&\"'{}]{0,12}",
        "(\r\n|\n|[.= ]|--=_[a-z]{3}|From ){0,6}",
    ]
}

proptest! {
    #[test]
    fn a_cast_decodes_to_what_building_with_the_values_decodes_to(
        text in template(),
        html in template(),
        values in prop::collection::vec(value(), 5),
        name in any::<String>(),
    ) {
        let values = SlotValues {
            trend: &values[0], why: &values[1], stop: &values[2], answer: &values[3], name: &values[4],
        };
        let letter = Letter { text, html, ..letter() };
        let own = addressing(party("anna@client.example", &name));
        let bytes = cast(&letter, &own, &values);
        assert_wire_format(&bytes);
        let built = filled(&letter, &values).build(&own).expect("a message");
        prop_assert_eq!(header_of(&bytes), header_of(&built));
        prop_assert_eq!(parts_of(&bytes), parts_of(&built));
    }
}
