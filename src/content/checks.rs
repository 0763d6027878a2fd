//! The rules that every authored text meets: style (MODEL 6.4) and sources (MODEL 6.8).
//!
//! Each check answers with sentences that say what is wrong and what to do; none means it passed.

use jiff::civil::Date;
use toml::value::Datetime;

use crate::domain::plain;
use crate::domain::source::{ClaimKind, Source};

/// Longest sentence, in words (MODEL 6.4 rule 3).
pub const SENTENCE_WORDS: usize = 22;
/// Longest average sentence, in words.
pub const AVERAGE_WORDS: usize = 14;
/// Highest Flesch-Kincaid grade, in thousandths.
pub const GRADE_MILLI: i64 = 8_000;

/// Adjectives and adverbs of degree: they ask for attention without a figure (MODEL 6.4 rule 5).
const DEGREE: [&str; 24] = [
    "amazing",
    "critical",
    "crucial",
    "dramatic",
    "dramatically",
    "enormous",
    "exciting",
    "extremely",
    "highly",
    "huge",
    "important",
    "incredible",
    "incredibly",
    "major",
    "massive",
    "really",
    "serious",
    "seriously",
    "severe",
    "significant",
    "significantly",
    "tremendous",
    "urgent",
    "very",
];

/// Numbers above ten in letters: figures are digits, always (MODEL 6.4 rule 7).
const SPELLED: [&str; 20] = [
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
    "hundred",
    "thousand",
    "million",
];

/// Phrases that take a line and say nothing (MODEL 6.4 rule 5).
const FILLER: [&str; 3] = ["please note", "just a reminder", "as you know"];

/// Every style rule that a text breaks. Empty lines part paragraphs.
#[must_use]
pub fn prose(text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let sentences = plain::sentences(text);
    for sentence in &sentences {
        let count = plain::count_words(sentence);
        if count > SENTENCE_WORDS {
            broken.push(format!(
                "a sentence has {count} words; split it, {SENTENCE_WORDS} are the most: {sentence:?}"
            ));
        }
    }
    let words = plain::count_words(text);
    if words > AVERAGE_WORDS * sentences.len() {
        broken.push(format!(
            "{words} words in {} sentences; shorten them to {AVERAGE_WORDS} words on average",
            sentences.len()
        ));
    }
    let grade = plain::flesch_kincaid_grade_milli(text);
    if grade > GRADE_MILLI {
        broken.push(format!(
            "it reads at grade {}.{}; use shorter words or sentences, grade 8 is the highest",
            grade / 1_000,
            grade % 1_000 / 100
        ));
    }
    for paragraph in plain::paragraphs(text) {
        let count = plain::sentences(paragraph).len();
        if count > 3 {
            broken.push(format!("a paragraph has {count} sentences; 3 are the most"));
        }
    }
    broken.extend(wording(text));
    broken
}

/// The rules about single words and signs.
fn wording(text: &str) -> Vec<String> {
    let mut broken = Vec::new();
    let lower = text.to_lowercase();
    for word in lower.split(|c: char| !c.is_alphabetic()) {
        if DEGREE.contains(&word) {
            broken.push(format!("{word:?} is a word of degree; give the figure or leave it out"));
        }
        if SPELLED.contains(&word) {
            broken.push(format!("{word:?} is a number in letters; write digits"));
        }
    }
    for phrase in FILLER {
        if lower.contains(phrase) {
            broken.push(format!("{phrase:?} says nothing; leave it out"));
        }
    }
    if text.contains('!') {
        broken.push("it has an exclamation mark; use a full stop".to_owned());
    }
    if let Some(sign) = text.chars().find(|c| is_pictogram(*c)) {
        broken.push(format!("it has the pictogram {sign:?}; use words"));
    }
    let tokens: Vec<&str> = lower.split_whitespace().filter(|t| *t != "the").collect();
    let percent = |token: &str| token.ends_with('%');
    if tokens.windows(3).any(|w| percent(w[0]) && w[1] == "of" && percent(w[2])) {
        broken.push("it takes a percentage of a percentage; give one figure".to_owned());
    }
    broken
}

const fn is_pictogram(c: char) -> bool {
    matches!(c as u32, 0x2600..=0x27BF | 0x1F000..=0x1FAFF)
}

/// A text that is to stand on one line: refused when empty, with control characters, or longer
/// than `most` characters.
#[must_use]
pub fn line(field: &str, text: &str, most: usize) -> Vec<String> {
    let count = text.chars().count();
    let mut broken = Vec::new();
    if text.trim().is_empty() {
        broken.push(format!("{field} is empty; fill it in"));
    }
    if text.chars().any(char::is_control) {
        broken.push(format!("{field} has a control character or line break; put it on one line"));
    }
    if count > most {
        broken.push(format!("{field} has {count} characters; {most} are the most"));
    }
    broken
}

/// An id is lower-case words and digits joined by hyphens: it stands in addresses and in the database.
#[must_use]
pub fn id(id: &str) -> Vec<String> {
    let word =
        |w: &str| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if id.len() <= 60 && id.split('-').all(word) {
        Vec::new()
    } else {
        vec![
            "id must be lower-case words and digits joined by hyphens, 60 characters at most"
                .to_owned(),
        ]
    }
}

/// The year in which the shipped content was written: a clock that is set back to look at an old week
/// does not make its sources unpublished.
const WRITTEN_IN: i16 = 2026;

/// A source that a reader can look up, and for a survey in `text` who paid for it.
#[must_use]
pub fn source(kind: ClaimKind, source: &Source, text: &str, today: Date) -> Vec<String> {
    let mut broken = line("source.title", &source.title, 120);
    broken.extend(line("source.publisher", &source.publisher, 80));
    broken.extend(line("source.url", &source.url, 200));
    let host = source.url.strip_prefix("https://").and_then(|rest| rest.split('/').next());
    let clean = source.url.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c));
    if !host.is_some_and(|h| h.contains('.')) || !clean {
        broken.push("source.url must be an https address without blanks or quotes".to_owned());
    }
    let latest = today.year().max(WRITTEN_IN);
    if source.year < 1900 || source.year > latest {
        broken.push(format!(
            "source.year is {}; give the year of publication, 1900 to {latest}",
            source.year
        ));
    }
    if kind == ClaimKind::Survey && !text.split(|c: char| !c.is_alphabetic()).any(|w| w == "paid") {
        broken.push("a survey says who paid for it; add it, with the word \"paid\"".to_owned());
    }
    broken
}

/// The date of a review: a plain TOML date such as `2028-11-24`.
///
/// # Errors
/// A sentence that says how to write it.
pub fn review_date(written: &Datetime) -> Result<Date, String> {
    let wanted =
        || format!("review_by is {written}; write a date such as 2028-11-24, without quotes");
    let (Some(date), None, None) = (written.date, written.time, written.offset) else {
        return Err(wanted());
    };
    let part = |n: u8| i8::try_from(n).map_err(|_| wanted());
    let year = i16::try_from(date.year).map_err(|_| wanted())?;
    Date::new(year, part(date.month)?, part(date.day)?).map_err(|_| wanted())
}

/// A text as one paragraph: runs of blanks and folds become one blank.
#[must_use]
pub fn unfold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_style_rule_is_named_with_what_to_do() {
        let cases = [
            ("This is a very plain line.", "word of degree"),
            ("We lost eleven invoices.", "number in letters"),
            ("Done!", "exclamation mark"),
            ("Please note the date.", "says nothing"),
            ("It is 5% of the 20% that we lost.", "percentage of a percentage"),
            ("Go \u{1F680} live.", "pictogram"),
            ("One. Two. Three. Four.", "a paragraph has 4 sentences"),
            ("a b c d e f g h i j k l m n o p q r s t u v w.", "a sentence has 23 words"),
            ("a b c d e f g h i j k l m n o.", "15 words in 1 sentences"),
            ("Organizational accountability necessitates documentation.", "it reads at grade"),
        ];
        for (text, expected) in cases {
            let broken = prose(text);
            assert!(broken.iter().any(|b| b.contains(expected)), "{text}: {broken:?}");
        }
        assert_eq!(prose("Nobody owns them. That costs 26 hours a week."), Vec::<String>::new());
    }

    #[test]
    fn an_address_that_could_break_out_of_a_link_is_refused() {
        let today = Date::constant(2026, 11, 24);
        let with = |url: &str| Source {
            title: "T".to_owned(),
            publisher: "P".to_owned(),
            year: 2024,
            url: url.to_owned(),
        };
        let broken = |url: &str| source(ClaimKind::Finding, &with(url), "", today);
        assert_eq!(broken("https://www.gao.gov/products/gao-16-272t"), Vec::<String>::new());
        for url in [
            "http://gao.gov/",
            "javascript:alert(1)",
            "https://a.b/\" onclick=\"",
            "https://a.b/\n",
            "",
        ] {
            assert!(!broken(url).is_empty(), "{url:?}");
        }
    }

    #[test]
    fn a_review_date_with_a_time_of_day_is_refused() {
        let read = |text: &str| review_date(&text.parse::<Datetime>().unwrap());
        assert_eq!(read("2028-11-24"), Ok(Date::constant(2028, 11, 24)));
        assert!(read("2028-11-24T10:00:00Z").unwrap_err().contains("without quotes"));
    }
}
