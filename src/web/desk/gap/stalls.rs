//! Why a gap is said to be stalled, in words (MODEL 4.5).

use jiff::civil::Date;

use crate::domain::brief::numbers::{days_or_weeks, full_date, weeks};

/// One reason. That it was not told of is said beside that it did not move (MODEL 2).
pub(in crate::web::desk) fn in_words(reason: &str, updated_on: Date) -> String {
    if let Some(idle) = reason.strip_prefix("no_movement_") {
        let idle = idle.trim_end_matches('w').parse().unwrap_or(3);
        return format!(
            "no movement for {}, last told of on {}",
            weeks(idle),
            full_date(updated_on)
        );
    }
    if let Some(days) = reason.strip_prefix("overdue_") {
        let days = days.trim_end_matches('d').parse().unwrap_or(7);
        return format!("{} past due", days_or_weeks(days));
    }
    match reason {
        "no_owner" => "nobody owns it",
        "sliding" => "its due date keeps moving",
        "unverified" => "waits for a test",
        other => other,
    }
    .to_owned()
}

/// The same in a word or two, for a list.
pub(in crate::web::desk) fn in_short(reason: &str) -> String {
    if let Some(idle) = reason.strip_prefix("no_movement_") {
        let idle = idle.trim_end_matches('w').parse().unwrap_or(3);
        return format!("idle {}", weeks(idle));
    }
    if let Some(days) = reason.strip_prefix("overdue_") {
        let days = days.trim_end_matches('d').parse().unwrap_or(7);
        return format!("{} past due", days_or_weeks(days));
    }
    match reason {
        "no_owner" => "no owner",
        "sliding" => "due date slides",
        "unverified" => "waits for a test",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_in_words() {
        let day = "2026-11-03".parse().unwrap();
        assert_eq!(
            in_words("no_movement_4w", day),
            "no movement for 4 weeks, last told of on 3 November 2026"
        );
        assert_eq!(in_words("overdue_9d", day), "9 days past due");
        for (reason, short) in [
            ("no_movement_3w", "idle 3 weeks"),
            ("overdue_21d", "3 weeks past due"),
            ("no_owner", "no owner"),
        ] {
            assert_eq!(in_short(reason), short);
        }
    }
}
