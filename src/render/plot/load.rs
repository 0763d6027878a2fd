//! The open load over time, what the target allows, and the way there: at this pace, and between the
//! faster weeks and the slower ones.

use jiff::civil::Date;

use super::axes::Axes;
use super::{Plot, Value, course, go_live_mark, places};
use crate::domain::brief::numbers;
use crate::domain::forecast::Rates;
use crate::domain::history::{add_days, days_between};

/// Nothing is drawn further ahead than this many days: a forecast ends after a year.
const AHEAD: i64 = 371;
/// How far ahead a way is drawn that never gets there.
const WITHOUT_END: i64 = 91;

/// What the forecast says of the days ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// The day from which its weeks are counted.
    pub from: Date,
    /// The pace with its range.
    pub rates: Rates,
    /// Ready at this pace; none is "no date".
    pub ready_on: Option<Date>,
    /// The same if the faster weeks hold.
    pub earliest_on: Option<Date>,
    /// The same if the slower weeks hold.
    pub latest_on: Option<Date>,
}

/// Draws the load of some days, the oldest first.
#[must_use]
pub fn load(
    known: &[Value],
    allowed_milli: Option<i64>,
    outlook: Option<Outlook>,
    go_live: Option<Date>,
) -> Plot {
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Plot::default();
    };
    let ahead = outlook.as_ref().map(|own| {
        let dates = [own.ready_on, own.earliest_on, own.latest_on];
        let is_endless = dates.iter().any(Option::is_none);
        let endless = is_endless.then(|| add_days(last.on, WITHOUT_END));
        dates.into_iter().flatten().chain(endless).max().unwrap_or(last.on)
    });
    let near = go_live.filter(|day| days_between(last.on, *day) <= AHEAD);
    let end = [Some(last.on), ahead, near].into_iter().flatten().max().unwrap_or(last.on);
    let end = end.min(add_days(last.on, AHEAD));
    let highest = known.iter().map(|own| own.milli).chain(allowed_milli).max().unwrap_or(0);
    let slowest = outlook.as_ref().map_or(0, |own| at_rate(last, own.from, own.rates.slow, end));
    // A list that grows may leave the picture; it need not flatten what is known.
    let most = highest.max(slowest.min(highest.saturating_add(highest / 2)));
    let axes = Axes::new(first.on, end, most);
    let words = |milli: i64| (milli, format!("allowed {}", numbers::points(milli)));
    let mut plot = course(&axes, known, allowed_milli.map(words), outlook.is_none());
    plot.last.words = numbers::points(last.milli).to_string();
    plot.go_live = go_live_mark(&axes, go_live);
    if let (Some(outlook), Some(allowed)) = (outlook, allowed_milli) {
        draw_ahead(&mut plot, &axes, *last, allowed, &outlook);
    }
    plot
}

/// The way ahead at this pace, and the band around it.
fn draw_ahead(plot: &mut Plot, axes: &Axes, last: Value, allowed: i64, outlook: &Outlook) {
    let end = |on: Option<Date>, rate: i64| match on {
        Some(day) => (day, allowed),
        None => (axes.last(), at_rate(&last, outlook.from, rate, axes.last()).max(allowed)),
    };
    let place = |(day, milli): (Date, i64)| (axes.x(day), axes.y(milli));
    let here = place((last.on, last.milli));
    let ready = end(outlook.ready_on, outlook.rates.middle);
    let fast = end(outlook.earliest_on, outlook.rates.fast);
    let slow = end(outlook.latest_on, outlook.rates.slow);
    plot.ahead = places([here, place(ready)]);
    let mut corners = vec![here, place(slow)];
    if outlook.latest_on.is_none() && outlook.earliest_on.is_some() {
        corners.push(place((axes.last(), allowed)));
    }
    corners.push(place(fast));
    plot.band = places(corners);
}

/// The load on a day if it went on at a rate from another.
fn at_rate(last: &Value, from: Date, rate: i64, on: Date) -> i64 {
    let days = i128::from(days_between(from, on).max(0));
    let milli = i128::from(last.milli) - i128::from(rate) * days / 7;
    i64::try_from(milli.max(0)).unwrap_or(i64::MAX)
}
