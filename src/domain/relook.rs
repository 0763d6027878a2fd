//! The re-look date: the last day before go-live on which every fresh area is still fresh (MODEL 4.4).

use jiff::civil::Date;

use super::codes::Area;
use super::constants::Constants;
use super::history::{add_days, days_between};

/// When the first fresh cell goes stale, with the areas whose cells do (case RL1).
///
/// `looks` are the latest looks at each area's five cells. Cells that are stale already, or were
/// never looked at, do not set the date. None when nothing goes stale before go-live.
#[must_use]
pub fn relook_by(
    looks: &[(Area, [Option<Date>; 5])],
    as_of: Date,
    go_live: Option<Date>,
    constants: &Constants,
) -> Option<(Date, Vec<Area>)> {
    let last_fresh_day = |look: Date| add_days(look, constants.fresh_days);
    let fresh_until = |cells: &[Option<Date>; 5]| {
        cells.iter().flatten().map(|look| last_fresh_day(*look)).filter(|day| *day >= as_of).min()
    };
    let by = looks.iter().filter_map(|(_, cells)| fresh_until(cells)).min()?;
    if go_live.is_some_and(|day| days_between(by, day) <= 0) {
        return None;
    }
    let due = looks.iter().filter(|(_, cells)| fresh_until(cells) == Some(by));
    Some((by, due.map(|(area, _)| *area).collect()))
}
