//! From facts to a finished message: the leader's brief rendered once and cast for one recipient.

use back_office_brief::domain::brief::{compose_leader, compose_owner};
use back_office_brief::domain::slots::{SLOT_STOP, SLOT_TREND, fill_html, fill_text};
use back_office_brief::mail::message::Letter;
use back_office_brief::render::{Frame, Links, Rendered, render};
use letters::{VALUES, anna, assert_wire_format, cast, letter, parts_of};

#[path = "brief_words/fixture.rs"]
#[expect(dead_code, reason = "tests/brief_words uses the rest")]
mod fixture;
#[path = "support/letters.rs"]
#[expect(dead_code, reason = "tests/mail_message.rs uses the rest")]
mod letters;

fn frame() -> Frame {
    Frame {
        product_name: "Back Office Brief".to_owned(),
        lang: "en".to_owned(),
        postal_address: "418 Alder Street, Suite 3, Portland, OR 97205, USA".to_owned(),
        reply_to: Some("owner@brief.example".to_owned()),
        links: Links {
            stop: Some(SLOT_STOP.to_owned()),
            trend: Some(SLOT_TREND.to_owned()),
            ..Links::default()
        },
        ..Frame::default()
    }
}

fn leader() -> Rendered {
    render(&compose_leader(&fixture::northfield()), &frame()).expect("a mail")
}

#[test]
fn a_rendered_brief_is_cast_with_the_recipients_links() {
    let mail = leader();
    let edition = Letter {
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        ..letter()
    };
    let bytes = cast(&edition, &anna(), &VALUES);
    assert_wire_format(&bytes);
    let (text, html) = parts_of(&bytes);
    let lines = |part: &str| part.lines().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&text), lines(&fill_text(&mail.text, &VALUES)));
    assert_eq!(lines(&html), lines(&fill_html(&mail.html, &VALUES)));
    for part in [&text, &html] {
        // In the HTML a day and its month are bound.
        let words = part.replace('\u{a0}', " ");
        assert!(words.contains("31 May, 17 weeks after") && !words.contains("slot--"));
    }
}

#[test]
fn the_text_part_is_laid_out_as_the_model_prints_it() {
    let expected = "\
BACK OFFICE BRIEF
Northfield Supply | week to 23 November 2026

At this pace the ERP cutover is ready on 31 May, 17 weeks after
go-live. If the faster weeks hold: 15 February. If the slower: no date.

ONE ACTION
Name one owner for invoice exceptions by Friday 27 November.

READINESS: 66 of 100, up 3. Target: 85 by 1 February.
Eight weeks: 34 58 60 63 63 62 63 66
";
    let text = leader().text;
    assert!(text.starts_with(expected), "{text}");
    assert!(
        text.contains("\nWrong number? Reply. Trend and sums:\nslot--trend--slot\n[1] "),
        "{text}"
    );
}

#[test]
fn an_owners_brief_has_their_gaps_in_rows() {
    let facts = fixture::northfield();
    let mail = render(&compose_owner(&facts, "D. Ruiz"), &frame()).expect("a mail");
    assert!(
        mail.html.contains("<b>Price lists") && mail.html.contains(">$3,800</td>"),
        "{}",
        mail.text
    );
}
