//! Reading a brief as a person would: one text, and the rules of style.

use back_office_brief::domain::brief::{Brief, Piece, compose_leader, words};
use back_office_brief::domain::facts::Facts;
use back_office_brief::domain::plain;

/// Every line in reading order.
pub fn text(brief: &Brief) -> String {
    words::lines(brief).join("\n")
}

/// The lines that the product writes: quotations are somebody else's words.
pub fn own_lines(brief: &Brief) -> Vec<String> {
    words::lines(brief).into_iter().filter(|line| !line.starts_with('"')).collect()
}

/// Sentences of the verdict and of every text and list entry, without headings.
pub fn sentences(brief: &Brief) -> Vec<String> {
    let mut parts = vec![brief.verdict.text.clone()];
    for block in &brief.blocks {
        parts.extend(block.headline.iter().map(|h| h.text.clone()));
        for piece in &block.pieces {
            match piece {
                Piece::Text(text) => parts.push(text.clone()),
                Piece::List { items, .. } => {
                    for item in items {
                        let joint = if item.lead.ends_with('.') { " " } else { ": " };
                        parts.push(format!("{}{joint}{}", item.lead, item.rest));
                        parts.extend(item.quote.clone());
                    }
                }
                Piece::Table(table) => parts.extend(table.after.iter().cloned()),
                Piece::Quote(_) | Piece::Trend(_) | Piece::Range(_) | Piece::Ask(_) => {}
            }
        }
    }
    parts.iter().flat_map(|part| plain::sentences(part)).map(str::to_owned).collect()
}

/// The leader's brief of some facts, which must hold the parts and keep to the style.
#[track_caller]
pub fn said(facts: &Facts, budget: usize, parts: &[&str]) -> String {
    let brief = compose_leader(facts);
    let whole = format!("{}\n{}\n{}", brief.subject, brief.preheader, text(&brief));
    for part in parts {
        assert!(whole.contains(part), "{part:?} is missing in:\n{whole}");
    }
    assert_style(&brief, budget);
    whole
}

#[track_caller]
pub fn without(whole: &str, parts: &[&str]) {
    for part in parts {
        assert!(!whole.contains(part), "{part:?} stands in:\n{whole}");
    }
}

const NEVER: [&str; 14] = [
    "!",
    "critical",
    "significant",
    "exciting",
    "please note",
    "just a reminder",
    " very ",
    "urgent",
    "serious",
    "important",
    "  ",
    "..",
    " .",
    ": .",
];

/// What a brief made from ordinary names must satisfy (MODEL 6.4).
pub fn assert_style(brief: &Brief, budget: usize) {
    let whole = text(brief);
    let own = own_lines(brief).join("\n").to_lowercase();
    for word in NEVER {
        assert!(!own.contains(word), "{word:?} in:\n{whole}");
    }
    assert_limits(brief, budget);
    let said = sentences(brief);
    let total: usize = said.iter().map(|s| plain::count_words(s)).sum();
    assert!(total <= 14 * said.len(), "{total} words in {} sentences:\n{whole}", said.len());
    let grade = plain::flesch_kincaid_grade_milli(&said.join(" "));
    assert!(grade <= 8_000, "grade {grade}:\n{whole}");
}

/// What every brief must satisfy, whatever people typed.
pub fn assert_limits(brief: &Brief, budget: usize) {
    let whole = text(brief);
    let length = |text: &str| text.chars().count();
    assert!(length(&brief.subject) <= 50, "{:?}", brief.subject);
    assert!(!brief.subject.trim().is_empty());
    assert!((35..=60).contains(&length(&brief.preheader)), "{:?}", brief.preheader);
    assert_ne!(brief.subject, brief.preheader);
    assert!(
        words::count(brief) <= budget,
        "{} words, {budget} are the most:\n{whole}",
        words::count(brief)
    );
    for sentence in sentences(brief) {
        assert!(plain::count_words(&sentence) <= 22, "too long: {sentence:?}");
    }
    for line in words::lines(brief).iter().chain([&brief.subject, &brief.preheader]) {
        let hidden = |c: char| c.is_control() || ('\u{202A}'..='\u{202E}').contains(&c);
        assert!(!line.contains(hidden), "{line:?}");
    }
    for block in &brief.blocks {
        assert!(
            !block.pieces.is_empty() || block.headline.is_some(),
            "{} says nothing",
            block.heading
        );
        for piece in &block.pieces {
            if let Piece::Text(text) = piece {
                assert!(plain::sentences(text).len() <= 3, "more than three sentences: {text:?}");
            }
        }
    }
}
