//! Implementations: their names, dates and scope.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::domain::codes::Area;

use super::refusal::Refusals;
use super::when;

/// Longest name of an implementation, in characters.
pub const NAME: usize = 80;

/// A score to reach, in milli-points.
///
/// # Errors
/// It is not 0 to 100.
pub fn target_milli(points: i64) -> Result<i64, String> {
    if (0..=100).contains(&points) {
        return Ok(points * 1_000);
    }
    Err(format!("{points} is no score; use whole points from 0 to 100"))
}

/// An amount a week, minor units.
///
/// # Errors
/// It is below zero.
pub fn amount(minor: Option<i64>) -> Result<Option<i64>, String> {
    match minor {
        Some(minor) if minor < 0 => {
            Err("cannot be below zero; leave it empty where it is not known".to_owned())
        }
        other => Ok(other),
    }
}

/// The scope: areas, each once, with weights 1 to 5.
pub fn scope(areas: &[(Area, i64)], refused: &mut Refusals) {
    let mut seen = BTreeSet::new();
    for (entry, (area, weight)) in areas.iter().enumerate() {
        if !(1..=5).contains(weight) {
            let problem = format!(
                "{weight} is no weight; use 1 (leans on it a little) to 5 (cannot do without it)"
            );
            refused.add_in(entry, "weight", problem);
        }
        if !seen.insert(*area) {
            refused.add_in(entry, "area", format!("{area} is there twice; keep it once"));
        }
    }
}

/// Dates in their order: configuration starts on the day of go-live at the latest.
pub fn dates(configuration: Option<Date>, go_live: Option<Date>, refused: &mut Refusals) {
    for (field, day) in [("configuration_starts_on", configuration), ("go_live_on", go_live)] {
        refused.keep(field, day.map(when::any).transpose());
    }
    if let (Some(configuration), Some(go_live)) = (configuration, go_live)
        && configuration > go_live
    {
        let problem =
            format!("{configuration} is after go-live on {go_live}; move one of the two days");
        refused.add("configuration_starts_on", problem);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn scores_weights_and_amounts_have_their_range() {
        assert_eq!(target_milli(85), Ok(85_000));
        assert!(target_milli(101).is_err() && target_milli(-1).is_err());
        assert_eq!(amount(Some(0)), Ok(Some(0)));
        assert!(amount(Some(-1)).is_err());
        let mut refused = Refusals::default();
        scope(&[(Area::Billing, 5), (Area::Payroll, 0), (Area::Billing, 1)], &mut refused);
        let told: Vec<_> = refused.0.iter().map(|r| (r.entry, r.field)).collect();
        assert_eq!(told, [(Some(1), "weight"), (Some(2), "area")]);
    }

    #[test]
    fn configuration_does_not_start_after_go_live() {
        let told = |configuration, go_live| {
            let mut refused = Refusals::default();
            dates(configuration, go_live, &mut refused);
            refused.0.len()
        };
        let (early, late) = (Some(date(2026, 12, 1)), Some(date(2027, 2, 1)));
        assert_eq!(told(early, late), 0);
        assert_eq!(told(late, late), 0);
        assert_eq!(told(late, early), 1);
        assert_eq!(told(None, early), 0);
        assert_eq!(told(Some(date(26, 12, 1)), late), 1);
    }
}
