//! The links by which readers answer, and what is left where they may not.

use super::{Frame, Links, assert_sound, drawn, frame, samples, words};
use crate::domain::answer::AnswerKind;
use crate::domain::brief::{Ask, Block, BlockRole, Brief, Item, Piece, Tone};
use crate::render::HTML_MAX;

/// Somebody who may answer.
fn asked() -> Frame {
    let links = Links {
        answers: Some("slot--answer--slot".into()),
        stop: Some("slot--stop--slot".into()),
        ..Links::default()
    };
    Frame { links, ..frame() }
}

fn ask(kind: AnswerKind, label: &'static str, gap: &str) -> Piece {
    Piece::Ask(Ask { label, kind, gap: gap.to_owned() })
}

/// The worked example with a gap to answer for, and a number to correct.
fn leader() -> Brief {
    let mut brief = samples::leader();
    let done = "Done, blocked or not mine";
    brief.blocks[0].pieces.push(ask(AnswerKind::Done, done, "NS-103"));
    brief.blocks[2].pieces.push(ask(AnswerKind::Correct, "Correct a number", "NS-101"));
    brief
}

/// An owner's list.
fn owner(gaps: &[&str]) -> Brief {
    let item = |gap: &&str| Item {
        gap: Some((*gap).to_owned()),
        ..samples::item(
            "Price lists",
            "$3,800. Blocks go-live. Idle 3 weeks. Not started.",
            Tone::Bad,
        )
    };
    let list = Piece::List { numbered: true, items: gaps.iter().map(item).collect() };
    let mut brief = samples::leader();
    brief.blocks.truncate(1);
    brief.blocks.push(Block {
        role: BlockRole::YourGaps,
        heading: "YOUR GAPS".into(),
        headline: None,
        pieces: vec![list],
    });
    brief
}

#[test]
fn a_leader_finds_one_button_and_one_link() {
    let mail = drawn(&leader(), &asked());
    assert_sound("leader", &mail);
    insta::assert_snapshot!("answers_leader.txt", mail.text);
    insta::assert_snapshot!("answers_leader.html", mail.html);
}

#[test]
fn an_owner_finds_three_answers_under_each_gap() {
    let mail = drawn(&owner(&["NS-101", "NS 1/2"]), &asked());
    assert_sound("owner", &mail);
    for href in ["done/NS-101", "blocked/NS-101", "not-mine/NS-101", "not-mine/NS%201%2F2"] {
        let href = format!("slot--answer--slot/{href}");
        assert!(mail.text.contains(&href), "{href}: {}", mail.text);
        assert!(words::attributes(&mail.html, "href").contains(&href.as_str()), "{href}");
    }
    insta::assert_snapshot!("answers_owner.txt", mail.text);
    insta::assert_snapshot!("answers_owner.html", mail.html);
}

#[test]
fn who_may_not_answer_gets_the_same_words_without_a_trace_of_it() {
    for (with, without) in [
        (leader(), samples::leader()),
        (owner(&["NS-101"]), {
            let mut plain = owner(&["NS-101"]);
            if let Piece::List { items, .. } = &mut plain.blocks[1].pieces[0] {
                items[0].gap = None;
            }
            plain
        }),
    ] {
        assert_eq!(drawn(&with, &frame()), drawn(&without, &frame()));
    }
}

#[test]
fn six_gaps_fit_and_a_gap_of_an_endless_id_is_not_asked_about() {
    let ids: Vec<String> = (0..6).map(|n| format!("NORTHFIELD-{n}-{}", "x".repeat(180))).collect();
    let six: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mail = drawn(&owner(&six), &asked());
    assert_sound("six", &mail);
    assert_eq!(mail.html.matches("slot--answer--slot").count(), 18);
    // With the longest sensible address in each link it stays under 30 kB.
    let filled = mail.html.len() + 18 * 200 + 4 * 200;
    assert!(filled < 30_000 && mail.html.len() <= HTML_MAX, "{filled}");
    let endless = "x".repeat(3_000);
    let mail = drawn(&owner(&["NS-101", &endless, ".."]), &asked());
    assert_eq!(mail.html.matches("slot--answer--slot").count(), 3);
    assert_eq!(mail.text.matches("slot--answer--slot").count(), 3);
}

#[test]
fn no_id_breaks_out_of_its_link() {
    for id in
        ["\"><script>alert(1)</script>", "a b\r\nBcc: x", "../../u", "?a=1&b=2#c", "請求書\u{202E}"]
    {
        let mail = drawn(&owner(&[id]), &asked());
        assert!(!mail.html.contains("<script"), "{id}");
        let hrefs = words::attributes(&mail.html, "href");
        let answers: Vec<&&str> =
            hrefs.iter().filter(|href| href.starts_with("slot--answer")).collect();
        assert_eq!(answers.len(), 3, "{id}");
        for href in answers {
            let rest = href.rsplit_once('/').unwrap().1;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~%".contains(c);
            assert!(rest.chars().all(is_plain), "{href}");
            assert_eq!(href.matches('/').count(), 2, "{href}");
        }
    }
}
