//! Where a text may be parted so that its first words stand out.

/// The first sentence and the rest. A full stop ends one when a blank follows, and the word before it
/// is no initial ("A. Mendel").
pub fn first(text: &str) -> (&str, &str) {
    let ends = text.match_indices(". ").find(|(at, _)| {
        let word = text[..*at].rsplit(' ').next().unwrap_or_default();
        let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
        !is_initial
    });
    match ends {
        Some((at, _)) => (&text[..=at], text[at + 1..].trim_start()),
        None => (text, ""),
    }
}

/// An amount at the beginning and the rest: `$3,800. Blocks go-live.` gives `$3,800` and
/// `Blocks go-live.` None when the text begins with something else.
pub fn amount(text: &str) -> Option<(&str, &str)> {
    let (head, rest) = match text.split_once(". ") {
        Some((head, rest)) => (head, rest.trim_start()),
        None => (text.trim_end_matches('.'), ""),
    };
    let has_digit = head.contains(|c: char| c.is_ascii_digit());
    let starts_as_money = !head.starts_with(|c: char| c.is_ascii_digit());
    let is_short = head.chars().count() <= 14 && head.split(' ').count() <= 2;
    let is_amount = has_digit && starts_as_money && is_short;
    (is_amount || head.eq_ignore_ascii_case("not priced")).then_some((head, rest))
}

/// `text` with its first letter in upper case: it stands on its own where it followed a colon.
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// How a list entry's two parts are joined: by a colon, or by a blank where the first part already
/// ends in a mark.
pub fn joint(lead: &str) -> &'static str {
    if lead.ends_with(['.', ':', ',', ';', '?']) { " " } else { ": " }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_ends_at_a_stop_but_not_at_an_initial() {
        assert_eq!(first("66 of 100, up 3. Target: 85."), ("66 of 100, up 3.", "Target: 85."));
        assert_eq!(first("Ask A. Mendel now. Then go."), ("Ask A. Mendel now.", "Then go."));
        assert_eq!(first("One only."), ("One only.", ""));
        assert_eq!(first("About $1.24m a week. So."), ("About $1.24m a week.", "So."));
        assert_eq!(first(""), ("", ""));
    }

    #[test]
    fn an_amount_is_taken_from_the_front() {
        assert_eq!(
            amount("$3,800. Blocks go-live. Idle 3 weeks."),
            Some(("$3,800", "Blocks go-live. Idle 3 weeks."))
        );
        assert_eq!(amount("$1,500."), Some(("$1,500", "")));
        assert_eq!(amount("CHF 1,200. In test."), Some(("CHF 1,200", "In test.")));
        assert_eq!(amount("not priced. Idle 3 weeks."), Some(("not priced", "Idle 3 weeks.")));
        assert_eq!(amount("Payroll list disputed, idle 4 weeks."), None);
        assert_eq!(amount("4 weeks idle."), None);
        assert_eq!(amount(""), None);
    }

    #[test]
    fn a_lead_that_ends_in_a_mark_needs_no_colon() {
        assert_eq!(joint("Closed"), ": ");
        assert_eq!(joint("Calder Dental, to J. Park."), " ");
    }
}
