//! Texts that somebody typed to break the mail, or that merely would.

use proptest::prelude::*;

use super::{assert_shape, drawn, frame, samples, words};
use crate::domain::brief::{
    BlockRole, Brief, Footer, Item, Piece, Source, Table, Tone, Toned, Trend,
};
use crate::domain::one_line::one_line;
use crate::render::{Note, RenderError, letter, render};

/// `words` wherever a brief has room for text.
fn everywhere(words: &str, rows: usize) -> Brief {
    let own = || words.to_owned();
    let toned = || Toned { text: own(), tone: Tone::Bad };
    let item = || Item {
        lead: own(),
        rest: own(),
        tone: Tone::Good,
        quote: Some(own()),
        gap: Some(own()),
    };
    let table =
        Table { head: vec![own(); 5], rows: vec![vec![toned(); 5]; rows], after: vec![own()] };
    let pieces = vec![
        Piece::Text(own()),
        Piece::Quote(own()),
        Piece::List { numbered: true, items: vec![item(); 3] },
        Piece::List { numbered: false, items: vec![item(); 3] },
        Piece::Trend(Trend {
            label: own(),
            scores: vec![0, -1, 100, i64::MAX, i64::MIN],
            target: Some(85),
        }),
        Piece::Table(table),
    ];
    Brief {
        subject: own(),
        preheader: own(),
        title: own(),
        dateline: own(),
        verdict: toned(),
        blocks: vec![
            samples::block(BlockRole::Action, words, None, vec![samples::text(words)]),
            samples::block(BlockRole::Readiness, words, Some(toned()), pieces),
        ],
        footer: Footer {
            notes: vec![own()],
            sources: vec![Source { text: own(), url: own() }],
            invites_reply: true,
            why: own(),
        },
    }
}

const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</td></tr></table><h1>Owned</h1>",
    "{{ 7*7 }} {% raw %}",
    "שלום \u{202E}gnp.exe\u{202C} עולם",
    "line\r\nBcc: x@y.example\u{0}\u{7}",
    "https://evil.example/?a=\"b\"&c=<d>",
    "javascript:alert(1)",
    "請求書 👩‍👩‍👧 ﷽ Zürich",
];

#[test]
fn nothing_typed_becomes_markup_or_a_header() {
    for words in HOSTILE {
        let mail = drawn(&everywhere(words, 2), &frame());
        assert!(!mail.html.contains("<script") && !mail.html.contains("<img"), "{words}");
        assert_eq!(mail.html.matches("<h1").count(), 1, "{words}");
        for part in [&mail.html, &mail.text, &mail.subject, &mail.preheader] {
            let is_bad =
                |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}');
            assert!(!part.contains(is_bad), "{words}");
        }
        assert!(!mail.subject.contains('\n') && !mail.preheader.contains('\n'));
        for href in words::attributes(&mail.html, "href") {
            assert!(href.starts_with("https://") || href.starts_with("mailto:"), "{href}");
        }
    }
}

#[test]
fn both_parts_agree_on_hostile_words() {
    for words in
        ["<b>bold</b> & \"more\" of 'it'", "</td></tr></table><h1>Owned</h1>", "請求書 of Zürich"]
    {
        assert_shape(words, &drawn(&everywhere(words, 2), &frame()));
    }
}

#[test]
fn endless_words_are_cut_in_both_parts_alike() {
    for words in ["x".repeat(10_000), "<".repeat(10_000), "wide 請求書 ".repeat(2_000)] {
        let mail = drawn(&everywhere(&words, 8), &frame());
        assert_shape("endless", &mail);
    }
}

#[test]
fn too_many_rows_are_an_error_that_says_so() {
    let error = render(&everywhere("x", 500), &frame()).unwrap_err();
    assert!(matches!(error, RenderError::TooLarge { bytes } if bytes > 30_000));
    assert!(error.to_string().contains("too many rows"));
    let note = Note { paragraphs: vec!["x".into(); 1_000], ..Note::default() };
    assert!(matches!(letter(&note, &frame()), Err(RenderError::TooLarge { .. })));
}

#[test]
fn an_empty_brief_is_still_a_mail() {
    let mail = drawn(&everywhere("", 0), &frame());
    assert!(
        mail.html.contains("Unsubscribe from these briefs")
            && mail.text.contains("Unsubscribe from these briefs")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_two_equal_parts(words in "[ -~äßéñ€шל中\\n\\t\u{202E}]{0,120}") {
        // An address is words in the HTML and an exempt line in the text; the other tests have those.
        prop_assume!(!["://", "mailto:", "slot--"].iter().any(|start| words.contains(start)));
        prop_assume!(!one_line(&words).is_empty());
        let mail = drawn(&everywhere(&words, 2), &frame());
        assert_shape(&words, &mail);
    }
}
