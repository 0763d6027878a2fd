//! Answers of an assessment: levels, and the gaps that low ones demand (MODEL 2).

use std::collections::BTreeSet;

use crate::domain::codes::{Area, GapStatus, Severity};

use super::ask::Cell;
use super::refusal::Refusals;

/// The least severity of the gap that a level demands: 2, 1 and 0 demand 1, 2 and 3.
#[must_use]
pub const fn demanded(level: i64) -> Option<i64> {
    let least = 3 - level;
    if least >= 1 { Some(least) } else { None }
}

/// A gap that is named by an answer, as it stands.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// What it is known by.
    pub external_id: &'a str,
    /// 1 to 4.
    pub severity: Severity,
    /// Where it stands.
    pub status: GapStatus,
}

/// Whether a level is backed by its gap: a shortfall is a gap that is not done with.
///
/// # Errors
/// Which gap to name.
pub fn backed(level: i64, gap: Option<Named<'_>>) -> Result<(), String> {
    let Some(least) = demanded(level) else {
        return Ok(());
    };
    let Some(gap) = gap else {
        return Err(format!(
            "level {level} is a shortfall: name its gap, of severity {least} or more, or add one"
        ));
    };
    let (id, severity) = (gap.external_id, gap.severity.number());
    if matches!(gap.status, GapStatus::Closed | GapStatus::Withdrawn) {
        return Err(format!(
            "level {level} is a shortfall and {id} is {}: reopen it, or name another gap",
            gap.status
        ));
    }
    if i64::from(severity) < least {
        return Err(format!(
            "level {level} demands a gap of severity {least} or more, and {id} has {severity}"
        ));
    }
    Ok(())
}

/// A level.
///
/// # Errors
/// It is not 0 to 5.
pub fn level(number: i64) -> Result<i64, String> {
    if (0..=5).contains(&number) {
        return Ok(number);
    }
    Err(format!("{number} is no level; use 0 (not there) to 5, where 3 is in use and shown"))
}

/// Whether cells may be answered together: at least one, each once, each in scope. An implementation
/// without a scope leans on whatever has gaps, so there every area is in it.
pub fn cells(cells: &[Cell], scope: &[Area], refused: &mut Refusals) {
    if cells.is_empty() {
        refused.add("answers", "are missing; answer one question at least");
    }
    let mut seen = BTreeSet::new();
    for (entry, cell) in cells.iter().enumerate() {
        let area = cell.area;
        if !scope.is_empty() && !scope.contains(&area) {
            let problem = format!(
                "{} is not in the scope of this implementation; add it to its areas first",
                area.words()
            );
            refused.add_in(entry, "area", problem);
        }
        if !seen.insert(*cell) {
            let problem = format!(
                "{area} and {} are answered twice; keep one of the two answers",
                cell.category
            );
            refused.add_in(entry, "category", problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Category;

    fn gap(severity: i64, status: GapStatus) -> Option<Named<'static>> {
        let severity = Severity::try_from(severity).unwrap();
        Some(Named { external_id: "NS-3", severity, status })
    }

    #[test]
    fn a_low_level_demands_a_gap_as_severe() {
        for (at, severity, holds) in [
            (5, None, true),
            (3, None, true),
            (2, None, false),
            (2, Some(1), true),
            (1, Some(1), false),
            (1, Some(2), true),
            (0, Some(2), false),
            (0, Some(3), true),
            (0, Some(4), true),
        ] {
            let named = severity.and_then(|s| gap(s, GapStatus::Open));
            assert_eq!(backed(at, named).is_ok(), holds, "level {at}, severity {severity:?}");
        }
        assert!(backed(2, None).unwrap_err().contains("name its gap, of severity 1 or more"));
        assert!(backed(0, gap(2, GapStatus::Open)).unwrap_err().ends_with("NS-3 has 2"));
    }

    #[test]
    fn a_shortfall_is_not_a_gap_that_is_done_with() {
        for status in
            [GapStatus::Open, GapStatus::InProgress, GapStatus::Verifying, GapStatus::Accepted]
        {
            assert!(backed(2, gap(3, status)).is_ok(), "{status}");
        }
        for status in [GapStatus::Closed, GapStatus::Withdrawn] {
            assert!(backed(2, gap(3, status)).unwrap_err().contains("reopen it"), "{status}");
            assert!(backed(4, gap(3, status)).is_ok(), "no shortfall");
        }
    }

    #[test]
    fn cells_are_in_scope_and_answered_once() {
        let cell = |area, category| Cell { area, category };
        let asked = [
            cell(Area::Billing, Category::NoSource),
            cell(Area::Payroll, Category::NoSource),
            cell(Area::Billing, Category::NoSource),
        ];
        let mut refused = Refusals::default();
        cells(&asked, &[Area::Billing], &mut refused);
        let told: Vec<_> = refused.0.iter().map(|r| (r.entry, r.field)).collect();
        assert_eq!(told, [(Some(1), "area"), (Some(2), "category")]);
        let mut refused = Refusals::default();
        cells(&asked[..2], &[], &mut refused);
        assert!(refused.is_empty());
        cells(&[], &[], &mut refused);
        assert!(refused.is_about("answers"));
        assert!(level(6).is_err() && level(-1).is_err() && level(0).is_ok() && level(5).is_ok());
    }
}
