//! Measures of plain writing: words, sentences, syllables and the reading grade (MODEL 6.4).
//!
//! Whole numbers only, so that a text that passes on one machine passes on all of them.

/// Short forms whose full stop does not end a sentence.
const SHORT_FORMS: [&str; 8] = ["e.g.", "i.e.", "vs.", "mr.", "mrs.", "ms.", "dr.", "st."];

/// Words of a text: whatever stands between blanks and holds a letter or a digit.
#[must_use]
pub fn count_words(text: &str) -> usize {
    words(text).count()
}

/// The words of a text, with the punctuation that touches them.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|token| token.chars().any(char::is_alphanumeric))
}

/// The sentences of a text, trimmed. A sentence ends at `.`, `?`, `!` (and the quote or bracket that
/// closes after it) before a blank, and at an empty line; a single line break ends nothing, because
/// plain text is folded at 72 columns. An initial ("D. Ruiz"), a list number ("1.") and a common
/// short form do not end one.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for paragraph in paragraphs(text) {
        let mut start = 0;
        let mut token_start = 0;
        for (at, c) in paragraph.char_indices().chain([(paragraph.len(), ' ')]) {
            if !c.is_whitespace() {
                continue;
            }
            let token = &paragraph[token_start..at];
            let first_word = count_words(&paragraph[start..token_start]) == 0;
            if ends_sentence(token, first_word) {
                found.push(paragraph[start..at].trim());
                start = at;
            }
            token_start = at + if at == paragraph.len() { 0 } else { c.len_utf8() };
        }
        found.push(paragraph[start..].trim());
    }
    found.retain(|sentence| count_words(sentence) > 0);
    found
}

/// The paragraphs of a text: the parts between empty lines, trimmed.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.trim().is_empty() {
            return None;
        }
        let mut at = 0;
        let mut end = rest.len();
        for line in rest.split_inclusive('\n') {
            if line.trim().is_empty() && at > 0 && !rest[..at].trim().is_empty() {
                end = at;
                break;
            }
            at += line.len();
        }
        let (paragraph, after) = rest.split_at(end);
        rest = after;
        Some(paragraph.trim())
    })
}

fn ends_sentence(token: &str, first_word: bool) -> bool {
    let bare = token.trim_end_matches(['"', '\'', ')', ']', '\u{201d}', '\u{2019}']);
    if bare.ends_with(['?', '!']) {
        return true;
    }
    let Some(stem) = bare.strip_suffix('.') else {
        return false;
    };
    let stem = stem.trim_start_matches(['"', '\'', '(', '[', '\u{201c}', '\u{2018}']);
    let initial = stem.chars().count() == 1 && stem.chars().all(char::is_uppercase);
    let list_number = first_word && !stem.is_empty() && stem.chars().all(|c| c.is_ascii_digit());
    let lower = bare.to_lowercase();
    let short =
        SHORT_FORMS.iter().any(|form| lower.ends_with(form) && lower.len() <= form.len() + 1);
    !(initial || list_number || short)
}

/// Syllables of one word, at least 1: groups of vowels, less a silent ending. A figure counts as
/// one, because a reader takes it in at a glance; the parts of a hyphenated word are added up.
#[must_use]
pub fn syllables(word: &str) -> usize {
    if !word.chars().any(char::is_alphabetic) {
        return 1;
    }
    let lower = word.to_lowercase().replace(['\'', '\u{2019}'], "");
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(part_syllables)
        .sum::<usize>()
        .max(1)
}

fn part_syllables(part: &str) -> usize {
    let letters: Vec<char> = part.chars().collect();
    let groups = letters
        .iter()
        .enumerate()
        .filter(|(i, c)| is_vowel(**c) && (*i == 0 || !is_vowel(letters[i - 1])))
        .count();
    if groups > 1 && ends_silently(&letters) { groups - 1 } else { groups.max(1) }
}

/// "move", "moves", "moved", but not "table", "wages", "started".
fn ends_silently(letters: &[char]) -> bool {
    let at = |back: usize| letters.len().checked_sub(back).and_then(|i| letters.get(i)).copied();
    match (at(3), at(2), at(1)) {
        (Some(before), Some('l'), Some('e')) => is_vowel(before),
        (_, Some(before), Some('e')) => !is_vowel(before),
        (Some(before), Some('e'), Some('d')) => !is_vowel(before) && !matches!(before, 't' | 'd'),
        (Some(before), Some('e'), Some('s')) => {
            let hissed = matches!(before, 's' | 'x' | 'z' | 'c' | 'g')
                || (before == 'h' && matches!(at(4), Some('s' | 'c')));
            !is_vowel(before) && !hissed
        }
        _ => false,
    }
}

const fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}

/// The Flesch-Kincaid grade in thousandths: 0.39 words a sentence + 11.8 syllables a word - 15.59
/// (MODEL 6.4 rule 3), rounded half up. A text without words has grade 0; a very short one may have
/// a negative grade.
#[must_use]
pub fn flesch_kincaid_grade_milli(text: &str) -> i64 {
    let count = |n: usize| i128::try_from(n).unwrap_or(i128::MAX >> 64);
    let word_count = count(count_words(text));
    let sentence_count = count(sentences(text).len());
    if word_count == 0 || sentence_count == 0 {
        return 0;
    }
    let syllable_count = count(words(text).map(syllables).sum());
    let divisor = word_count * sentence_count;
    let dividend =
        390 * word_count * word_count + 11_800 * syllable_count * sentence_count - 15_590 * divisor;
    let rounded = (2 * dividend + divisor).div_euclid(2 * divisor);
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_initials_and_list_numbers_do_not_end_a_sentence() {
        assert_eq!(
            sentences("The worst spent $2.07 or more (d = .65). Next one, e.g. this."),
            ["The worst spent $2.07 or more (d = .65).", "Next one, e.g. this."]
        );
        assert_eq!(
            sentences("1. Price lists (D. Ruiz): $3,800. Blocks go-live. Idle 3 weeks."),
            ["1. Price lists (D. Ruiz): $3,800.", "Blocks go-live.", "Idle 3 weeks."]
        );
        assert_eq!(
            sentences("It says \"at risk.\" Nobody\nasked why? No"),
            ["It says \"at risk.\"", "Nobody\nasked why?", "No"]
        );
        assert_eq!(sentences("A headline\n\nA sentence."), ["A headline", "A sentence."]);
        assert!(sentences(" \n . ").is_empty());
    }

    #[test]
    fn words_are_what_a_reader_would_count() {
        assert_eq!(count_words("About $7,800 a week - go-live: 10 weeks."), 7);
        assert_eq!(count_words(""), 0);
    }

    #[test]
    fn syllables_of_common_words() {
        let expected = [
            ("move", 1),
            ("moved", 1),
            ("moves", 1),
            ("table", 2),
            ("wages", 2),
            ("started", 2),
            ("closes", 2),
            ("owner", 2),
            ("organization", 5),
            ("sign-off", 2),
            ("1,236", 1),
            ("the", 1),
            ("people", 2),
            ("matches", 2),
            ("don't", 1),
            ("\u{fc}ber", 1),
            ("-", 1),
        ];
        for (word, count) in expected {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn the_grade_follows_the_published_formula() {
        // 6 words, 1 sentence, 6 syllables: 0.39 x 6 + 11.8 - 15.59 = -1.45.
        assert_eq!(flesch_kincaid_grade_milli("The cat sat on the mat."), -1_450);
        // 4 words, 2 sentences, 7 syllables: 0.78 + 20.65 - 15.59 = 5.84.
        assert_eq!(flesch_kincaid_grade_milli("Nobody knows. Ask someone."), 5_840);
        assert_eq!(flesch_kincaid_grade_milli("..."), 0);
    }
}
