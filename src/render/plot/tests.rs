//! What the pictures show.

use super::axes::{BOTTOM, LEFT, RIGHT, TOP};
use super::*;
use crate::domain::forecast::Rates;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn values(milli: &[i64]) -> Vec<Value> {
    let first = day("2026-10-05");
    let on = |week: usize| crate::domain::history::add_days(first, 7 * week as i64);
    milli.iter().enumerate().map(|(week, milli)| Value { on: on(week), milli: *milli }).collect()
}

fn pairs(places: &str) -> Vec<(i64, i64)> {
    let pair = |place: &str| {
        let (x, y) = place.split_once(',').unwrap();
        (x.parse().unwrap(), y.parse().unwrap())
    };
    places.split(' ').map(pair).collect()
}

#[test]
fn the_course_runs_from_the_left_to_today_and_the_go_live_is_ahead() {
    let known = values(&[34_000, 58_000, 66_000]);
    let plot = readiness(&known, &known[..1], Some(85_000), Some(day("2027-02-01")));
    let line = pairs(&plot.line);
    assert_eq!(line[0].0, LEFT);
    assert!(line.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1), "{line:?}");
    assert_eq!((plot.last.x, plot.last.y), line[2]);
    assert_eq!(plot.last.words, "66");
    assert_eq!(plot.go_live.unwrap().x, RIGHT);
    let level = plot.level.unwrap();
    assert_eq!(level.y, BOTTOM - (BOTTOM - TOP) * 85 / 100);
    assert_eq!(level.words, "target 85");
    assert_eq!(plot.dots.matches('M').count(), 1);
    let months: Vec<&str> = plot.days.iter().map(|mark| mark.words.as_str()).collect();
    assert_eq!(months, ["Nov", "Dec", "2027", "Feb"]);
}

#[test]
fn two_years_name_a_few_days_and_a_far_go_live_none() {
    let known = values(&[50_000; 104]);
    let plot = readiness(&known, &[], Some(85_000), Some(day("2031-02-01")));
    assert_eq!(plot.go_live, None);
    let months: Vec<&str> = plot.days.iter().map(|mark| mark.words.as_str()).collect();
    assert_eq!(months, ["2027", "Jul", "2028", "Jul"]);
    assert_eq!(pairs(&plot.line).last().unwrap().0, RIGHT);
}

#[test]
fn one_day_is_a_dot_and_no_day_is_nothing() {
    let plot = readiness(&values(&[0]), &[], Some(85_000), None);
    assert_eq!(pairs(&plot.line), [(LEFT, BOTTOM)]);
    assert_eq!(plot.last.words, "0");
    assert_eq!(readiness(&[], &[], None, None), Plot::default());
    assert_eq!(load(&[], Some(1), None, None), Plot::default());
}

#[test]
fn the_band_is_between_the_fast_and_the_slow_and_holds_the_middle() {
    let known = values(&[150_000, 140_000, 123_000]);
    let rates = Rates { fast: 9_000, middle: 3_300, slow: -1_000 };
    let outlook = Outlook {
        from: day("2026-10-19"),
        rates,
        ready_on: Some(day("2027-05-31")),
        earliest_on: Some(day("2027-02-15")),
        latest_on: None,
    };
    let plot = load(&known, Some(35_400), Some(outlook), Some(day("2027-02-01")));
    let (band, ahead) = (pairs(&plot.band), pairs(&plot.ahead));
    assert_eq!(band.len(), 4);
    assert_eq!(band[0], ahead[0], "both begin at today's load");
    assert!(band[1].1 < band[0].1, "the slower weeks let it grow");
    let allowed = plot.level.unwrap();
    assert_eq!((band[2].1, band[3].1, ahead[1].1), (allowed.y, allowed.y, allowed.y));
    assert!(band[3].0 < ahead[1].0 && ahead[1].0 <= band[2].0);
    assert_eq!(allowed.words, "allowed 35");
    let dated = Outlook { latest_on: Some(day("2027-08-02")), ..outlook };
    assert_eq!(pairs(&load(&known, Some(35_400), Some(dated), None).band).len(), 3);
    assert!(load(&known, None, Some(outlook), None).band.is_empty());
}

#[test]
fn the_scale_is_round_whatever_the_load() {
    for (milli, rows) in [(0, vec!["0", "1"]), (123_000, vec!["0", "50", "100", "150"])] {
        let plot = load(&values(&[milli]), Some(0), None, None);
        let words: Vec<&str> = plot.rows.iter().map(|mark| mark.words.as_str()).collect();
        assert_eq!(words, rows);
    }
    let plot = load(&values(&[i64::MAX / 4]), None, None, None);
    assert!((2..=6).contains(&plot.rows.len()));
}
