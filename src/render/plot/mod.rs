//! Lines over time, for pages: how far to the right and how high, as the attributes of an SVG.
//!
//! A [`Plot`] is all that a template needs to draw one. Integers only, in tenths of the unit in which
//! the words of the picture are twelve high: the same course gives the same picture on every machine.
//!
//! **Invariant:** no figure stands in a picture that the table below it does not give. Colours are the
//! style sheet's.

mod axes;
mod load;
mod readiness;

use jiff::civil::Date;

use axes::Axes;
pub use load::{Outlook, load};
pub use readiness::readiness;

/// Width of a picture.
pub const WIDTH: i64 = 4_000;
/// Height of a picture.
pub const HEIGHT: i64 = 2_200;

/// How high words are, with the room around them.
const WORDS_HIGH: i64 = 240;

/// One value on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Value {
    /// The day.
    pub on: Date,
    /// Milli-points.
    pub milli: i64,
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plot {
    /// Lines across, with what they stand for at their left; the lowest first.
    pub rows: Vec<Mark>,
    /// Days under the picture.
    pub days: Vec<Mark>,
    /// The course: "x,y x,y".
    pub line: String,
    /// Values of another series, as a path of dots; empty for none.
    pub dots: String,
    /// The last value of the course.
    pub last: Mark,
    /// What is to be reached.
    pub level: Option<Mark>,
    /// The go-live.
    pub go_live: Option<Mark>,
    /// Between the faster weeks and the slower ones: the corners; empty for none.
    pub band: String,
    /// At this pace: "x,y x,y"; empty for none.
    pub ahead: String,
}

/// A place with its words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// From the left.
    pub x: i64,
    /// From the top.
    pub y: i64,
    /// What it is.
    pub words: String,
    /// `start`, `middle` or `end`: where the words are from there.
    pub anchor: &'static str,
}

/// Places of a polyline or a polygon.
fn places(points: impl IntoIterator<Item = (i64, i64)>) -> String {
    let places: Vec<String> = points.into_iter().map(|(x, y)| format!("{x},{y}")).collect();
    places.join(" ")
}

/// The course itself, its last value, the level, and the days; what both pictures have. Where something
/// is drawn ahead, it ends at the level, on the right.
fn course(
    axes: &Axes,
    values: &[Value],
    level: Option<(i64, String)>,
    is_ahead_free: bool,
) -> Plot {
    let at = |value: &Value| (axes.x(value.on), axes.y(value.milli));
    let (first, last) = match values {
        [] => return Plot::default(),
        [first, .., last] => (at(first), at(last)),
        [only] => (at(only), at(only)),
    };
    let level = level.map(|(milli, words)| {
        let y = axes.y(milli);
        // On the side where nothing else is, or is further away.
        let (left, right) = ((first.1 - y).abs(), (last.1 - y).abs());
        let is_left = if is_ahead_free { left > right } else { left > WORDS_HIGH };
        let (x, anchor) =
            if is_left { (axes::LEFT + 40, "start") } else { (axes::RIGHT - 20, "end") };
        Mark { x, y, words, anchor }
    });
    let anchor = match last.0 {
        x if x > axes::RIGHT - 200 => "end",
        x if x < axes::LEFT + 200 => "start",
        _ => "middle",
    };
    Plot {
        rows: axes.rows(),
        days: axes.days(),
        line: places(values.iter().map(at)),
        last: Mark { x: last.0, y: last.1, words: String::new(), anchor },
        level,
        go_live: None,
        ..Plot::default()
    }
}

/// The mark of a go-live, where the picture reaches that far.
fn go_live_mark(axes: &Axes, go_live: Option<Date>) -> Option<Mark> {
    let day = go_live.filter(|day| axes.holds(*day))?;
    let x = axes.x(day);
    let anchor = if x > (axes::LEFT + axes::RIGHT) / 2 { "end" } else { "start" };
    Some(Mark { x, y: axes::TOP, words: "go-live".to_owned(), anchor })
}

#[cfg(test)]
mod tests;
