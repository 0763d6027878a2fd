//! The finished message: its headers, its two parts, and what cannot be smuggled into either.

use crate::letters::{
    VALUES, addressing, anna, assert_wire_format, cast, domain, header_of, letter, names_of,
    one_click, parsed, parts_of, party,
};
use back_office_brief::mail::header::{FeedbackId, HeaderUri, ListHeaders, Unsubscribe};
use back_office_brief::mail::message::Letter;
use back_office_brief::mail::message::LetterError;
use back_office_brief::mail::message_id::MessageId;
use jiff::Timestamp;
use mail_parser::MimeHeaders;

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
    let own: Vec<&str> =
        header.lines().skip_while(|line| !line.starts_with("List-Unsubscribe:")).take(3).collect();
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
    let kinds: Vec<&str> =
        message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
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
    for name in ["Zoë Ångström", "Smith, John \"JJ\" (COO)", "名前", "a@b.example", "=?utf-8?q?x?="]
    {
        let own = addressing(party("anna@client.example", name));
        let bytes = letter.build(&own).expect("a message");
        assert_wire_format(&bytes);
        assert!(header_of(&bytes).is_ascii());
        assert!(header_of(&bytes).lines().all(|line| line.len() <= 76), "{}", header_of(&bytes));
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
        for bytes in [letter.build(&own).expect("a message"), cast(&letter, &own, &VALUES)] {
            assert_wire_format(&bytes);
            let mut names = names_of(&bytes);
            names.retain(|name| name != "X-Brief-Test");
            assert_eq!(names, plain, "{evil:?}");
            let message = parsed(&bytes);
            assert!(message.bcc().is_none());
            let subject = message.subject().expect("a subject");
            assert!(subject.starts_with("Week 48 ") || subject == "Week 48", "{subject:?}");
            assert!(!subject.contains('\u{202e}'), "an encoded word in user text was decoded");
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
        "http://localhost.evil.example/",
        "javascript:x",
        "",
        "https://b.example/<",
    ] {
        assert!(HeaderUri::web("List-Unsubscribe", link).is_err(), "{link:?}");
    }
    assert!(HeaderUri::web("x", &format!("https://b.example/{}", "a".repeat(900))).is_err());
    assert!(HeaderUri::web("x", "http://127.0.0.1:8080/u/1").is_ok());
    let help = HeaderUri::web("List-Help", "https://brief.example/help").expect("a link");
    for (name, label) in
        [("", "weekly"), ("Weekly", ""), ("Weekly\r\nBcc: x", "weekly"), ("Weekly", "a.b>")]
    {
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
        assert_eq!(with(&|l| l.extra = vec![(name.to_owned(), "x".to_owned())]), refused);
    }
    for name in ["bcc", "From", "content-type"] {
        let refused = Err(LetterError::ExtraTwice(name.to_owned()));
        assert_eq!(with(&|l| l.extra = vec![(name.to_owned(), "x".to_owned())]), refused);
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    assert_eq!(letter().build(&anna()), letter().build(&anna()));
    assert_eq!(cast(&letter(), &anna(), &VALUES), cast(&letter(), &anna(), &VALUES));
}
