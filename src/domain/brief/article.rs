//! Whether a name that somebody typed takes "the", and whether it is one thing, as far as its words
//! tell: "decide on the payroll list", but "close price lists".
//!
//! A name is a noun phrase (MODEL 2), so its last word is its head, or the word before "of" or "in".

/// Names of undertakings: "the ERP cutover is ready".
const UNDERTAKINGS: [&str; 38] = [
    "app",
    "assistant",
    "automation",
    "center",
    "centre",
    "crm",
    "cutover",
    "desk",
    "engine",
    "erp",
    "hub",
    "implementation",
    "launch",
    "ledger",
    "line",
    "merger",
    "migration",
    "module",
    "move",
    "network",
    "pilot",
    "plan",
    "platform",
    "portal",
    "program",
    "programme",
    "project",
    "replacement",
    "rollout",
    "roll-out",
    "shop",
    "suite",
    "switch",
    "system",
    "tool",
    "transition",
    "upgrade",
    "warehouse",
];

/// What is not counted takes no article, and some plurals have no "s".
const UNCOUNTED: [&str; 39] = [
    "access",
    "billing",
    "cash",
    "compliance",
    "credit",
    "duty",
    "data",
    "equipment",
    "evidence",
    "freight",
    "income",
    "information",
    "insurance",
    "interest",
    "inventory",
    "knowledge",
    "leave",
    "mail",
    "maintenance",
    "media",
    "overtime",
    "ownership",
    "paperwork",
    "pay",
    "payable",
    "payroll",
    "people",
    "procurement",
    "receivable",
    "research",
    "revenue",
    "software",
    "staff",
    "stock",
    "support",
    "tax",
    "time",
    "vat",
    "work",
];

/// Words that stand where "the" would, or that make a name a sentence.
const RULED_OUT: [&str; 34] = [
    "a", "an", "any", "are", "all", "both", "each", "every", "four", "five", "has", "have", "is",
    "its", "many", "my", "never", "no", "nobody", "not", "one", "our", "some", "that", "the",
    "their", "these", "this", "three", "two", "was", "were", "who", "your",
];

const PREPOSITIONS: [&str; 13] = [
    "at", "between", "by", "for", "from", "in", "of", "on", "per", "to", "under", "with", "without",
];

/// Longest name that is surely no sentence cut short, words.
const MOST_WORDS: usize = 4;

/// Whether "the" belongs before a gap's name, written as inside a sentence.
#[must_use]
pub fn wants_the(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let is_phrase = words.len() <= MOST_WORDS
        && words.iter().all(|word| !RULED_OUT.contains(&word.to_ascii_lowercase().as_str()));
    let head = head(&words);
    is_phrase
        && head.len() > 2
        && head.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        && is_singular(head)
        && !head.ends_with("ing")
        && !UNCOUNTED.contains(&head)
}

/// Whether an implementation's name is one thing that can be ready: "ERP cutover", "Order platform".
#[must_use]
pub fn names_one_undertaking(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').collect();
    let head = head(&words).to_ascii_lowercase();
    UNDERTAKINGS.contains(&head.as_str())
}

/// The noun that the other words describe.
fn head<'w>(words: &[&'w str]) -> &'w str {
    let before = words
        .iter()
        .skip(1)
        .position(|word| PREPOSITIONS.contains(&word.to_ascii_lowercase().as_str()));
    match before {
        Some(at) => words.get(at),
        None => words.last(),
    }
    .copied()
    .unwrap_or_default()
}

/// By the ending of an English noun: "process", "status" and "analysis" are one.
fn is_singular(noun: &str) -> bool {
    !noun.ends_with('s') || noun.ends_with("ss") || noun.ends_with("us") || noun.ends_with("is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_countable_thing_takes_the() {
        for name in [
            "payroll list",
            "close pack",
            "rush order match",
            "BACS file",
            "handover of tickets",
            "approval process",
            "month-end checklist",
            "claims report",
        ] {
            assert!(wants_the(name), "{name}");
        }
    }

    #[test]
    fn plurals_masses_names_and_sentences_do_not() {
        for name in [
            "price lists",
            "start dates",
            "limits of credit",
            "work in progress",
            "overtime",
            "stock counting",
            "SAP",
            "Excel",
            "copies in Excel",
            "no deputy",
            "the payroll list",
            "two teams quote from different",
            "credit limits live in one head",
            "discount is in one head",
            "\u{8acb}\u{6c42}\u{66f8}",
            "",
        ] {
            assert!(!wants_the(name), "{name}");
        }
    }

    #[test]
    fn only_what_is_surely_one_thing_is_said_to_be_ready() {
        assert!(names_one_undertaking("ERP cutover"));
        assert!(names_one_undertaking("Order platform"));
        assert!(names_one_undertaking("Migration to SAP"));
        assert!(!names_one_undertaking("Shared services"));
        assert!(!names_one_undertaking("Order to cash"));
        assert!(!names_one_undertaking("Patient billing"));
        assert!(!names_one_undertaking("Billing & Collections"));
    }
}
