//! Public issues and corrections.

use back_office_brief::domain::brief::{
    BlockRole, compose_correction, compose_public, differences, limits, words,
};

use crate::fixture::{day, northfield};
use crate::read::{assert_limits, assert_style, text};

#[test]
fn every_shipped_issue_keeps_to_the_words_of_a_public_edition() {
    let issues = back_office_brief::content::shipped(day("2026-11-24")).unwrap().issues;
    assert!(issues.len() >= 12);
    for issue in issues {
        let brief = compose_public(&issue, day("2026-11-24"));
        assert_eq!(brief.subject, issue.question);
        assert!(words::count(&brief) <= limits::SHORT, "{}: {}", issue.id, words::count(&brief));
        assert!(text(&brief).contains("[1]"));
        assert_eq!(brief.footer.sources.len(), 1);
    }
}

#[test]
fn a_correction_names_the_figure_that_was_wrong() {
    let original = northfield();
    let mut right = northfield();
    right.implementations[0].score_printed = 61;
    let found = differences(&original, &right);
    let brief = compose_correction(&original, &found, "A gap was closed twice in the import.");
    assert_eq!(brief.subject, "Correction to the brief of 23 November");
    assert_eq!(brief.preheader, "One figure was wrong. Here is the right one.");
    assert_eq!(brief.blocks[0].role, BlockRole::Correction);
    let whole = text(&brief);
    for part in [
        "One figure in the brief of 23 November was wrong. The rest stands as it was sent.",
        "- Readiness: 61 of 100, not 66 of 100.",
        "A gap was closed twice in the import.",
    ] {
        assert!(whole.contains(part), "{part:?} is missing in:\n{whole}");
    }
    assert_style(&brief, limits::SHORT);
    assert_eq!(differences(&original, &original), []);
}

#[test]
fn a_correction_of_everything_keeps_to_the_limits() {
    let original = northfield();
    let mut other = northfield();
    other.implementations.clear();
    other.exposure = Default::default();
    let found = differences(&original, &other);
    assert!(found.len() > 5);
    assert_limits(&compose_correction(&original, &found, ""), limits::SHORT);
    assert_limits(&compose_correction(&original, &[], ""), limits::SHORT);
}
