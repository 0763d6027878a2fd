//! Why there is no date where areas were not looked at, or too long ago (MODEL 6.3).

use jiff::civil::Date;

use super::names;
use super::numbers::{ago, short_of};
use crate::domain::facts::ImplementationFacts;

/// "No date yet: payroll and procurement have not been looked at."
#[must_use]
pub fn not_assessed(of: &ImplementationFacts) -> String {
    let unseen: Vec<_> =
        of.areas.iter().filter(|area| !area.looked_at).map(|area| area.area).collect();
    if of.areas.is_empty() {
        return "No date yet: no area has been named to look at.".to_owned();
    }
    if unseen.len() == of.areas.len() {
        return "No date yet: nothing has been looked at.".to_owned();
    }
    match unseen.as_slice() {
        [] => format!(
            "No date yet: only {}% has been looked at.",
            of.coverage_bp.clamp(0, 10_000) / 100
        ),
        [one] if !names::is_plural(*one) => {
            format!("No date yet: {} has not been looked at.", one.words())
        }
        several => format!("No date yet: {} have not been looked at.", names::areas(several)),
    }
}

/// "Even with every gap closed the score would stop at 78: billing was last looked at 20 weeks ago."
#[must_use]
pub fn limits(of: &ImplementationFacts, today: Date) -> String {
    let stops = format!(
        "Even with every gap closed the score would stop {}",
        short_of(of.score_if_all_closed_milli, of.target_milli)
    );
    let unseen = of.areas.iter().find(|area| area.oldest_look_on.is_none());
    let reason = if let Some(area) = unseen {
        let has = if names::is_plural(area.area) { "have" } else { "has" };
        let part = if area.looked_at { " in full" } else { "" };
        format!("{} {has} not been looked at{part}", area.area.words())
    } else {
        let oldest = of
            .areas
            .iter()
            .filter_map(|area| area.oldest_look_on.map(|day| (day, area.area)))
            .min_by_key(|(day, _)| *day);
        match oldest {
            Some((day, area)) => {
                let was = if names::is_plural(area) { "were" } else { "was" };
                format!("{} {was} last looked at {}", area.words(), ago(day, today))
            }
            None => return format!("{stops}."),
        }
    };
    format!("{stops}: {reason}.")
}
