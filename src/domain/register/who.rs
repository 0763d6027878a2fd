//! Who writes, and whether that is the same person as somebody named.

use crate::domain::one_line::one_line;

/// Whoever writes, with all that they are known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writer {
    /// Row id, where it is a person.
    pub person_id: Option<String>,
    /// Every name of theirs: as they sign, as they are greeted, their address.
    pub names: Vec<String>,
    /// Whether they run the service.
    pub is_operator: bool,
}

impl Writer {
    /// Whether a name is one of theirs, in any case of letters.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.names.iter().any(|own| is_same_name(own, name))
    }

    /// Whether they are the person of this name and, where it is known, of this row id.
    #[must_use]
    pub fn is(&self, name: &str, person_id: Option<&str>) -> bool {
        match (self.person_id.as_deref(), person_id) {
            (Some(own), Some(other)) => own == other,
            _ => self.is_called(name),
        }
    }
}

/// Whether two names are the same to a reader: blanks and case of letters do not count.
#[must_use]
pub fn is_same_name(a: &str, b: &str) -> bool {
    let plain = |name: &str| one_line(name).to_lowercase();
    !plain(a).is_empty() && plain(a) == plain(b)
}

/// Longest name of a person, in characters.
const NAME_MAX: usize = 64;

/// What people write where nobody answers for something, or everybody.
const NOBODY: &[&str] = &[
    "-",
    "?",
    "all",
    "all of us",
    "anybody",
    "anyone",
    "each",
    "everybody",
    "everyone",
    "many",
    "n/a",
    "n.a.",
    "na",
    "nil",
    "no one",
    "nobody",
    "none",
    "open",
    "several",
    "somebody",
    "someone",
    "tba",
    "tbc",
    "tbd",
    "to be decided",
    "to be determined",
    "unassigned",
    "unknown",
    "various",
    "us",
    "we",
];
/// Last words of a name that is a group.
const GROUPS: &[&str] = &[
    "board",
    "committee",
    "consultants",
    "council",
    "department",
    "dept",
    "dept.",
    "division",
    "group",
    "leadership",
    "management",
    "office",
    "people",
    "squad",
    "staff",
    "team",
    "teams",
    "unit",
    "vendors",
];
/// What stands between the names of two people.
const BETWEEN: &[&str] = &[" & ", " and ", " or ", ";", "/", " + "];

/// A name on one line, of one person: a team, a list or a word for nobody is not an owner (MODEL 1a).
///
/// # Errors
/// What to write instead.
pub fn one_person(text: &str) -> Result<String, String> {
    let name = super::words::needed(text, NAME_MAX)?;
    if name.contains('@') {
        return Err(format!(
            "{name:?} is an address; write a name, and the address where one is asked for"
        ));
    }
    let plain = name.to_lowercase();
    let last = plain.rsplit(' ').next().unwrap_or_default();
    let is_group = NOBODY.contains(&plain.as_str()) || GROUPS.contains(&last);
    if is_group || !name.chars().any(char::is_alphabetic) {
        return Err(format!(
            "{name:?} is not one person; name the one who answers for it, or leave it empty"
        ));
    }
    if BETWEEN.iter().any(|between| plain.contains(between)) {
        return Err(format!(
            "{name:?} names more than one person; name the one who answers for it"
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_is_one_person() {
        for name in
            ["D. Ruiz", "Ruiz, D.", "Ann Anderson", "Teamer Orland", "李明", "Jean-Luc O'Neil"]
        {
            assert_eq!(one_person(&format!("  {name} ")).as_deref(), Ok(name));
        }
        for nobody in [
            "team",
            "The Team",
            "Finance team",
            "TBD",
            "all",
            "n/a",
            "?",
            "...",
            "AP department",
            "Staff",
        ] {
            let problem = one_person(nobody).unwrap_err();
            assert!(problem.contains("is not one person; name the one"), "{nobody}: {problem}");
        }
        for two in ["D. Ruiz and P. Osei", "Ruiz/Osei", "Ruiz & Osei", "Ruiz; Osei"] {
            assert!(one_person(two).unwrap_err().contains("more than one person"), "{two}");
        }
        assert!(one_person("d.ruiz@client.example").unwrap_err().contains("is an address"));
        assert!(one_person(&"x".repeat(65)).unwrap_err().contains("at most 64"));
    }

    #[test]
    fn row_ids_say_more_than_names() {
        let names = vec!["D. Ruiz".to_owned(), "d.ruiz@client.example".to_owned()];
        let writer = Writer { person_id: Some("p1".to_owned()), names, is_operator: false };
        assert!(writer.is("somebody", Some("p1")));
        assert!(!writer.is("D. Ruiz", Some("p2")), "a namesake");
        assert!(writer.is(" d.  RUIZ", None));
        assert!(writer.is("D.Ruiz@client.example", None));
        assert!(!writer.is("P. Osei", None));
        assert!(!Writer::default().is("", None));
    }
}
