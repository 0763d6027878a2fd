//! Letters to make messages of, and how to read a message back.

use back_office_brief::domain::address::{Domain, EmailAddress};
use back_office_brief::domain::line::DisplayName;
use back_office_brief::domain::slots::{SLOT_NAME, SLOT_STOP, SLOT_TREND, SlotValues};
use back_office_brief::mail::header::{FeedbackId, HeaderUri, ListHeaders, Party, Unsubscribe};
use back_office_brief::mail::message::{Addressing, Letter};
use back_office_brief::mail::message_id::MessageId;
use back_office_brief::mail::mould::Mould;
use mail_parser::{Message, MessageParser};

pub fn domain() -> Domain {
    Domain::parse("brief.example").expect("a domain")
}

pub fn party(address: &str, name: &str) -> Party {
    Party {
        address: EmailAddress::parse(address).expect("an address"),
        name: DisplayName::new(name),
    }
}

pub fn letter() -> Letter {
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

pub fn addressing(to: Party) -> Addressing {
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

pub fn anna() -> Addressing {
    addressing(party("anna@client.example", "Anna Berg"))
}

pub fn one_click() -> Addressing {
    let mut own = anna();
    let link = format!("https://brief.example/u/{}", "t0ken".repeat(20));
    own.unsubscribe.web = Some(HeaderUri::web("List-Unsubscribe", &link).expect("a link"));
    own.unsubscribe.one_click = true;
    own
}

pub const VALUES: SlotValues<'_> = SlotValues {
    trend: "https://brief.example/t/abc?x=1&y=2",
    why: "https://brief.example/w/abc",
    stop: "https://brief.example/s/abc",
    copy: "https://brief.example/c/abc",
    answer: "https://brief.example/a/abc",
    name: "Anna",
};

pub fn cast(letter: &Letter, own: &Addressing, values: &SlotValues<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Mould::of(letter).expect("a mould").cast(own, values, &mut bytes);
    bytes
}

pub fn header_of(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).expect("ASCII");
    text.split_once("\r\n\r\n").expect("a body").0.replace("\r\n", "\n")
}

/// Field names in order, continuation lines left out.
pub fn names_of(bytes: &[u8]) -> Vec<String> {
    header_of(bytes)
        .lines()
        .filter(|line| !line.starts_with(' '))
        .map(|line| line.split(':').next().unwrap_or("").to_owned())
        .collect()
}

pub fn parsed(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).expect("a message")
}

pub fn parts_of(bytes: &[u8]) -> (String, String) {
    let message = parsed(bytes);
    let text = message.text_part(0).expect("a text part").text_contents().expect("text").to_owned();
    let html =
        message.html_part(0).expect("an HTML part").text_contents().expect("text").to_owned();
    (text, html)
}

/// RFC 5322 2.1.1 and 2.3, RFC 2045 6.7.
pub fn assert_wire_format(bytes: &[u8]) {
    assert!(bytes.ends_with(b"\r\n"));
    let text = std::str::from_utf8(bytes).expect("ASCII or UTF-8");
    let lines = text.split("\r\n");
    for line in lines {
        assert!(!line.contains(['\r', '\n', '\0']), "a bare line break in {line:?}");
        assert!(line.len() <= 998, "{} octets", line.len());
    }
    let body = text.split_once("\r\n\r\n").expect("a body").1;
    for line in body.split("\r\n") {
        assert!(line.len() <= 76, "{line:?}");
        assert!(!line.starts_with('.'), "{line:?}");
    }
}
