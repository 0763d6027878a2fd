//! What the slots promise, for every rate and every history.

use proptest::prelude::*;

use super::*;

const NOW: i64 = 1_795_000_000 * SECOND;

fn slots(share: &Share) -> Vec<i64> {
    (0..share.granted).filter_map(|n| share.slot(n)).collect()
}

#[test]
fn an_idle_bucket_gives_out_what_fits_before_the_horizon_and_no_more() {
    let mut bucket = Bucket::default();
    let share = bucket.share(Rate::per_second(2), NOW, 1_000);
    let first = NOW - BURST;
    let expected: Vec<i64> = (0..11).map(|n| first + n * SECOND / 2).collect();
    assert_eq!(slots(&share), expected);
    assert_eq!(bucket.next_at, first + 11 * SECOND / 2);
    let again = bucket.share(Rate::per_second(2), NOW, 1_000);
    assert_eq!(again.granted, 0, "a second worker gets none of the same slots");
}

#[test]
fn those_put_back_come_again_in_groups_that_fit_into_a_round() {
    let rate = Rate::per_second(3);
    let mut bucket = Bucket::default();
    let share = bucket.share(rate, NOW, 200);
    let mut groups = std::collections::BTreeMap::<i64, usize>::new();
    for n in share.granted..200 {
        *groups.entry(share.comes_again(n)).or_default() += 1;
    }
    assert!(groups.keys().all(|at| at % HORIZON == 0 && *at > NOW), "{groups:?}");
    assert!(groups.values().all(|n| *n <= 15), "{groups:?}");
    assert!(groups.len() <= 14, "{groups:?}");
    for (at, n) in groups {
        let granted = bucket.share(rate, at, n).granted;
        assert_eq!(granted, n, "a group that comes at its time is taken whole");
    }
}

#[test]
fn a_later_batch_stands_behind_the_first_in_the_line() {
    let mut bucket = Bucket::default();
    let first = bucket.share(Rate::per_second(1), NOW, 60);
    let second = bucket.share(Rate::per_second(1), NOW, 10);
    assert_eq!(second.granted, 0);
    assert!(second.comes_again(0) >= first.comes_again(59));
}

#[test]
fn nobody_is_sent_further_than_the_end_of_the_line() {
    let mut bucket = Bucket::default();
    let share = bucket.share(Rate::per_second(1), NOW, 1_000_000);
    assert!(share.comes_again(999_999) <= NOW + LINE);
    assert!(bucket.line_until <= NOW + LINE);
}

#[test]
fn a_clock_set_back_by_an_hour_costs_seconds() {
    let rate = Rate::per_second(1);
    let mut bucket = Bucket::default();
    bucket.share(rate, NOW + 3_600 * SECOND, 1_000);
    let share = bucket.share(rate, NOW, 1);
    assert_eq!(share.granted, 0);
    let again = share.comes_again(0);
    assert!(again <= NOW + 2 * HORIZON, "put back for {} us", again - NOW);
    assert_eq!(bucket.share(rate, again, 1).granted, 1);
}

#[test]
fn what_was_held_up_leaves_at_the_rate() {
    let rate = Rate::per_second(10);
    let mut spacing = Spacing::default();
    let on_time = spacing.leave(rate, NOW, NOW);
    assert_eq!(on_time, NOW);
    let late = NOW + 10 * SECOND;
    let at: Vec<i64> = (1..20).map(|n| spacing.leave(rate, NOW + n * SECOND / 10, late)).collect();
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] == rate.interval), "{at:?}");
    assert_eq!(at.iter().filter(|at| **at <= late).count(), 3, "no more than a burst at once");
}

proptest! {
    /// Whatever is asked for and when, by however many workers: in no span do more slots lie than
    /// the rate allows and a burst beyond it, and a slot is never given twice.
    #[test]
    fn no_span_holds_more_than_the_rate_and_a_burst(
        per_second in 1_u32..5_000,
        asks in prop::collection::vec((0_i64..8_000_000, 0_usize..40), 1..10),
    ) {
        let rate = Rate::per_second(per_second);
        let mut bucket = Bucket::default();
        let (mut now, mut all) = (NOW, Vec::new());
        for (step, wanted) in asks {
            now += step;
            let share = bucket.share(rate, now, wanted);
            for slot in slots(&share) {
                prop_assert!(slot >= now - BURST && slot <= now + HORIZON);
                all.push(slot.max(now));
            }
        }
        for (n, &from) in all.iter().enumerate() {
            for (m, &to) in all.iter().enumerate().skip(n) {
                let most = (to - from + BURST) / rate.interval + 1;
                prop_assert!((m - n + 1) as i64 <= most, "{} in {} us", m - n + 1, to - from);
            }
        }
    }

    /// Who is put back comes again later than now and no later than the line reaches, in order.
    #[test]
    fn who_is_put_back_comes_again_in_order_and_in_time(
        per_second in 1_u32..1_000,
        ahead in -10_000_000_i64..7_200_000_000,
        line in -10_000_000_i64..7_200_000_000,
        wanted in 1_usize..2_000,
    ) {
        let mut bucket = Bucket { next_at: NOW + ahead, line_until: NOW + line };
        let share = bucket.share(Rate::per_second(per_second), NOW, wanted);
        let times: Vec<i64> = (share.granted..wanted).map(|n| share.comes_again(n)).collect();
        prop_assert!(times.iter().all(|at| *at > NOW && *at <= NOW + LINE));
        prop_assert!(times.is_sorted());
        prop_assert!(bucket.next_at <= NOW + HORIZON + SECOND + share.interval);
    }
}
