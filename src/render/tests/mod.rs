//! What readers get: each kind of brief in both parts, and what must hold for any brief.

mod answers;
mod hostile;
mod samples;
mod words;

use unicode_width::UnicodeWidthStr;

use super::{Button, Frame, Links, Note, RenderError, Rendered, letter, render};
use crate::domain::brief::{Brief, Piece, Tone};
use samples::frame;

fn drawn(brief: &Brief, frame: &Frame) -> Rendered {
    render(brief, frame).unwrap()
}

/// A mail of ordinary words.
fn assert_sound(name: &str, mail: &Rendered) {
    assert_eq!(
        words::of_html(&mail.html),
        words::of_text(&mail.text),
        "{name}: both parts say the same"
    );
    assert_shape(name, mail);
}

/// What holds for every mail whatever was put into it.
fn assert_shape(name: &str, mail: &Rendered) {
    let (html, text) = (words::of_html(&mail.html), words::of_text(&mail.text));
    assert_eq!(words::letters(&html), words::letters(&text), "{name}");
    assert!(mail.html.len() <= super::HTML_MAX, "{name}: {} bytes", mail.html.len());
    for line in mail.text.lines() {
        let is_address = ["https://", "mailto:", "slot--"].iter().any(|start| line.contains(start));
        assert!(is_address || line.width() <= 72, "{name}: {} columns: {line}", line.width());
        assert_eq!(line, line.trim_end(), "{name}: blanks at the end");
    }
    assert!(
        !mail.text.contains("\n\n\n") && mail.text.ends_with('\n') && !mail.text.ends_with("\n\n"),
        "{name}"
    );
    for remote in ["<img", "<script", "<link", "url(", "@import", "<form", "src="] {
        assert!(!mail.html.contains(remote), "{name}: {remote}");
    }
    for href in words::attributes(&mail.html, "href") {
        let is_good = ["https://", "mailto:", "slot--"].iter().any(|start| href.starts_with(start));
        assert!(is_good, "{name}: {href}");
    }
    assert_eq!(mail.html.matches("<h1").count(), 1, "{name}: one h1");
    let tables = mail.html.matches("<table").count();
    let layouts = mail.html.matches("<table role=\"presentation\"").count();
    assert_eq!(
        tables - layouts,
        mail.html.matches("<thead>").count(),
        "{name}: every table has its role"
    );
}

#[test]
fn each_kind_of_brief_reads_as_before() {
    for (name, brief) in samples::all() {
        let mail = drawn(&brief, &frame());
        assert_sound(name, &mail);
        insta::assert_snapshot!(format!("{name}.txt"), mail.text);
        insta::assert_snapshot!(format!("{name}.html"), mail.html);
    }
}

#[test]
fn the_preheader_comes_first_in_the_body_and_is_hidden() {
    let mail = drawn(&samples::leader(), &frame());
    let body = mail.html.split("<body").nth(1).unwrap();
    let first = body.split('<').nth(1).unwrap();
    assert!(first.contains("display:none") && first.ends_with(&mail.preheader), "{first}");
}

#[test]
fn a_link_that_is_not_there_leaves_nothing_behind() {
    let bare = Frame { links: Links::default(), reply_to: None, ..frame() };
    let mail = drawn(&samples::portfolio(), &bare);
    assert_sound("bare", &mail);
    assert!(!mail.html.contains("<a "));
    assert!(mail.html.contains("Wrong number? Reply."));
    for words in ["Unsubscribe from these briefs", "Trend and sums", "browser", "Choose the day"] {
        assert!(!mail.html.contains(words) && !mail.text.contains(words), "{words}");
    }
}

#[test]
fn every_link_stands_in_both_parts() {
    let href = |page: &str| format!("https://brief.example/{page}?a=1&b=2");
    let full = Frame {
        links: Links {
            stop: Some("slot--stop--slot".into()),
            trend: Some(href("trend")),
            choices: Some(href("choices")),
            web_copy: Some(href("copy")),
            action: Some(Button { label: "See the open gaps".into(), href: href("gaps") }),
            answers: None,
            nudges: Some(href("nudges")),
        },
        ..frame()
    };
    let mail = drawn(&samples::leader(), &full);
    assert_sound("full", &mail);
    for page in ["trend", "choices", "copy", "gaps"] {
        assert!(mail.text.contains(&href(page)), "{page}: {}", mail.text);
        assert!(mail.html.contains(&href(page).replace('&', "&#38;")), "{page}");
    }
    // Only who has drafts to decide about is led to them.
    assert!(!mail.text.contains(&href("nudges")) && !mail.html.contains("/nudges?"));
    let portfolio = drawn(&samples::portfolio(), &full);
    assert!(portfolio.text.contains(&href("nudges")), "{}", portfolio.text);
    assert_eq!(portfolio.html.matches("Approve, edit or skip them").count(), 1);
    assert!(
        mail.html.contains("href=\"slot--stop--slot\"")
            && mail.text.contains("Unsubscribe from these briefs:\nslot--stop--slot\n")
    );
    insta::assert_snapshot!("all_links.txt", mail.text);
}

#[test]
fn a_link_of_another_scheme_is_refused_by_name() {
    let links = Links { trend: Some("javascript:alert(1)".into()), ..Links::default() };
    let error = render(&samples::leader(), &Frame { links, ..frame() }).unwrap_err();
    assert!(matches!(error, RenderError::Link { name: "trend", .. }), "{error}");
}

#[test]
fn an_answer_to_a_wrong_number_names_the_brief() {
    let mail = drawn(&samples::leader(), &frame());
    let answer =
        words::attributes(&mail.html, "href").into_iter().find(|href| href.contains("help@"));
    assert_eq!(
        answer,
        Some(
            "mailto:help@brief.example?subject=Wrong%20number%3A%20ERP%20cutover%3A%2017%20weeks%20late%20at%20this%20pace"
        )
    );
}

#[test]
fn a_letter_says_the_same_in_both_parts() {
    let note = Note {
        subject: "Run 2026-W48 did not close".into(),
        preheader: "Three deliveries are uncertain since 07:40.".into(),
        heading: "Run 2026-W48 did not close".into(),
        paragraphs: vec![
            "Expected 120, sent 117, uncertain 3.".into(),
            "The relay did not answer after the message was handed over. Decide whether to send again.".into(),
        ],
        button: Some(Button { label: "See the three deliveries".into(), href: "https://brief.example/runs/2026-W48".into() }),
        answers: Vec::new(),
        why: "You get this as operator of Back Office Brief.".into(),
    };
    let mail = letter(&note, &frame()).unwrap();
    assert_sound("letter", &mail);
    insta::assert_snapshot!("letter.txt", mail.text);
    insta::assert_snapshot!("letter.html", mail.html);

    let answers = ["Done", "Blocked"].map(|label| Button {
        label: label.into(),
        href: format!("https://brief.example/a/{label}"),
    });
    let asking = Note { button: None, answers: answers.to_vec(), ..note.clone() };
    let mail = letter(&asking, &frame()).unwrap();
    assert_sound("letter with answers", &mail);
    for part in [&mail.text, &mail.html] {
        assert!(
            part.contains("https://brief.example/a/Done") && part.contains("Blocked"),
            "{part}"
        );
    }

    let plain = Note { button: None, ..note.clone() };
    let mail = letter(&plain, &Frame { links: Links::default(), ..frame() }).unwrap();
    assert_sound("letter without links", &mail);
    assert!(!mail.html.contains("<a "));

    let bad = Note { button: Some(Button { label: "x".into(), href: "ftp://x".into() }), ..note };
    assert!(matches!(letter(&bad, &frame()), Err(RenderError::Link { name: "button", .. })));
}

#[test]
fn a_count_of_further_entries_has_no_number_of_its_own() {
    let entries = [("Price lists", "$3,800."), ("", "and 2 more")];
    let list = Piece::List {
        numbered: true,
        items: entries.map(|(lead, rest)| samples::item(lead, rest, Tone::Plain)).to_vec(),
    };
    let (_, mut brief) = samples::all().remove(0);
    brief.blocks.truncate(1);
    brief.blocks[0].pieces = vec![list];
    let mail = drawn(&brief, &frame());
    assert!(mail.text.contains("1. Price lists: $3,800.\n   and 2 more"), "{}", mail.text);
    assert!(!mail.html.contains(">2.<"), "{}", mail.html);
}
