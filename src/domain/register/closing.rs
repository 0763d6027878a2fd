//! What closing a gap asks for: evidence by its category, and somebody else than its owner (MODEL 1a).

use crate::domain::codes::Category;

use super::known::KnownOwner;
use super::who::{Writer, is_same_name};

/// What must exist before a gap of a category may be closed.
#[must_use]
pub const fn evidence_wanted(category: Category) -> &'static str {
    match category {
        Category::Undocumented => {
            "a written procedure, and one dry run by someone who did not write it"
        }
        Category::NoSource => {
            "the named authoritative source, its owner, and one reconciliation within tolerance"
        }
        Category::ApprovalMemory => {
            "an approval table with named deputies, tested on a day the holder was away"
        }
        Category::OwnerHabit => "one accountable name that accepted in writing, and a deputy",
        Category::ReportMismatch => {
            "decision, reader, source and owner listed, and one report rebuilt or retired"
        }
    }
}

/// The question that an assessment asks of a category; level 3 is yes, in use, shown.
#[must_use]
pub const fn question(category: Category) -> &'static str {
    match category {
        Category::Undocumented => "Could someone new run this from the page alone?",
        Category::NoSource => "Which copy wins, and who says so?",
        Category::ApprovalMemory => "What happens on the day the approver is out?",
        Category::OwnerHabit => "Who is answerable, and do they agree?",
        Category::ReportMismatch => "Which decision does this report change?",
    }
}

/// The sentence for a closing without evidence.
#[must_use]
pub fn without_evidence(category: Category) -> String {
    format!("closing asks for {}; write what was shown", evidence_wanted(category))
}

/// Whether somebody may close a gap: never one of its owners, before the change or after it, and only
/// its verifier where one is named. The operator may stand in for a verifier, not for an owner.
///
/// # Errors
/// Who may.
pub fn may_close(
    writer: &Writer,
    owners: &[Option<KnownOwner<'_>>],
    verifier: Option<&str>,
) -> Result<(), String> {
    let is_owner = |owner: &KnownOwner<'_>| writer.is(owner.name, owner.person_id);
    if owners.iter().flatten().any(is_owner) {
        return Err(
            "whoever closes a gap is not its owner; have somebody else test it and close it"
                .to_owned(),
        );
    }
    match verifier {
        Some(verifier) if !writer.is_operator && !writer.is_called(verifier) => {
            Err(format!("{verifier} is named to test it; only they or an operator can close it"))
        }
        _ => Ok(()),
    }
}

/// Whether a verifier is somebody else than the owner.
///
/// # Errors
/// They are the same.
pub fn apart(verifier: Option<&str>, owner: Option<&str>) -> Result<(), String> {
    match (verifier, owner) {
        (Some(verifier), Some(owner)) if is_same_name(verifier, owner) => {
            Err(format!("{owner} cannot both own a gap and test it; name two people"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(person: Option<&str>, names: &[&str], is_operator: bool) -> Writer {
        let names = names.iter().map(|n| (*n).to_owned()).collect();
        Writer { person_id: person.map(str::to_owned), names, is_operator }
    }

    #[test]
    fn an_owner_never_closes_and_a_verifier_alone_does() {
        let ruiz = || Some(KnownOwner { name: "D. Ruiz", person_id: Some("ruiz") });
        let unknown = || Some(KnownOwner { name: "D. Ruiz", person_id: None });
        for (who, owner, verifier, may) in [
            (writer(Some("ruiz"), &["Somebody Else"], false), ruiz(), None, false),
            (writer(Some("ruiz"), &["D. Ruiz"], true), ruiz(), None, false),
            (writer(Some("osei"), &["D. Ruiz"], false), ruiz(), None, true),
            (writer(None, &["d. ruiz"], false), ruiz(), None, false),
            (writer(Some("osei"), &["D. RUIZ"], false), unknown(), None, false),
            (writer(Some("osei"), &["P. Osei"], false), ruiz(), None, true),
            (writer(Some("osei"), &["P. Osei"], false), None, Some("p. osei"), true),
            (writer(Some("osei"), &["P. Osei"], false), ruiz(), Some("J. Park"), false),
            (writer(Some("osei"), &["P. Osei"], true), ruiz(), Some("J. Park"), true),
        ] {
            assert_eq!(may_close(&who, &[owner], verifier).is_ok(), may, "{who:?} {verifier:?}");
        }
    }

    #[test]
    fn the_sentence_names_what_the_category_asks_for() {
        for category in Category::ALL {
            let wanted = evidence_wanted(*category);
            assert!(without_evidence(*category).contains(wanted));
            assert!(question(*category).ends_with('?'));
        }
        assert!(without_evidence(Category::NoSource).contains("reconciliation"));
        assert!(apart(Some("J. Park"), Some("j. park")).is_err());
        assert!(apart(Some("J. Park"), None).is_ok());
    }
}
