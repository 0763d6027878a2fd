//! When a nudge that was approved may go, by all that is known at that moment (MODEL 6.6).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::domain::answer::is_worked_on;
use crate::domain::brief::numbers::counted;
use crate::domain::codes::GapStatus;
use crate::domain::history::days_between;

/// Hours kept free around a brief and a session.
pub const QUIET_HOURS: i64 = 48;
/// One for a person in this many days; also how long one lives, and how long its gap has to move.
pub const DAYS: i64 = 7;
/// Not again about a gap that has not moved, for this many days.
pub const SAME_GAP_DAYS: i64 = 14;
/// Unanswered in a row, after which nobody is nudged but called.
pub const UNANSWERED: usize = 3;

/// A gap as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapNow {
    /// Its status.
    pub status: GapStatus,
    /// Last day that stopped its idle clock.
    pub last_movement: Date,
}

/// An earlier nudge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// When it was handed over.
    pub at: Timestamp,
    /// Whether it was answered, in words or by a gap that moved.
    pub is_answered: bool,
}

/// All that speaks for or against one nudge.
#[derive(Debug, Clone)]
pub struct Case {
    /// Now.
    pub now: Timestamp,
    /// Today at the organization.
    pub today: Date,
    /// The gap; none where it is known no more.
    pub gap: Option<GapNow>,
    /// Whether the recipient's brief of the week asks for the same gap (MODEL 6.2).
    pub is_in_their_brief: bool,
    /// Why the recipient cannot be nudged, if so.
    pub unreachable: Option<String>,
    /// Whether whoever drafted it still looks after the client and can be answered.
    pub has_consultant: bool,
    /// What the person was sent before, at whatever client and by whomever, newest first.
    pub to_person: Vec<Earlier>,
    /// When anybody was last nudged about the gap.
    pub about_gap: Option<(Timestamp, Date)>,
    /// The briefs before and after now: the client's, and the recipient's own.
    pub briefs: Vec<Timestamp>,
    /// Sessions of the client.
    pub sessions: Vec<Timestamp>,
}

/// What is to be done about it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It goes.
    Send,
    /// It waits: why.
    Wait(String),
    /// It never goes: why.
    Over(String),
}

/// Decides about one nudge. What ends it comes before what delays it.
#[must_use]
pub fn decide(case: &Case) -> Verdict {
    match over(case) {
        Some(why) => Verdict::Over(why),
        None => waits(case).map_or(Verdict::Send, Verdict::Wait),
    }
}

fn over(case: &Case) -> Option<String> {
    let Some(gap) = &case.gap else {
        return Some("the gap is gone".to_owned());
    };
    if !is_worked_on(gap.status) {
        return Some(match gap.status {
            GapStatus::Closed => "the gap is closed".to_owned(),
            GapStatus::Accepted => "its risk is accepted".to_owned(),
            _ => "the gap is withdrawn".to_owned(),
        });
    }
    if days_between(gap.last_movement, case.today) < DAYS {
        return Some("the gap moved in the last 7 days".to_owned());
    }
    if case.is_in_their_brief {
        return Some("this week’s brief asks for the same".to_owned());
    }
    if let Some(why) = &case.unreachable {
        return Some(why.clone());
    }
    if !case.has_consultant {
        return Some("whoever drafted it does not look after the client any more".to_owned());
    }
    let unanswered = case.to_person.iter().take_while(|sent| !sent.is_answered).count();
    (unanswered >= UNANSWERED).then(|| "3 unanswered, call".to_owned())
}

fn waits(case: &Case) -> Option<String> {
    if let Some(last) = case.to_person.first()
        && since(last.at, case.now) < SignedDuration::from_hours(DAYS * 24)
    {
        return Some(format!("nudged {}", days_ago(last.at, case.now)));
    }
    if let Some((at, on)) = case.about_gap
        && since(at, case.now) < SignedDuration::from_hours(SAME_GAP_DAYS * 24)
        && case.gap.as_ref().is_some_and(|gap| gap.last_movement <= on)
    {
        return Some(format!("the same gap was nudged about {}", days_ago(at, case.now)));
    }
    let is_near = |at: &&Timestamp| is_near(**at, case.now);
    if case.briefs.iter().any(|at| is_near(&at)) {
        return Some("within 48 hours of a brief".to_owned());
    }
    if case.sessions.iter().any(|at| is_near(&at)) {
        return Some("within 48 hours of a session: ask there".to_owned());
    }
    None
}

/// Whether two instants are less than the hours apart that are kept free.
fn is_near(at: Timestamp, now: Timestamp) -> bool {
    since(at, now).abs() < SignedDuration::from_hours(QUIET_HOURS)
}

fn since(at: Timestamp, now: Timestamp) -> SignedDuration {
    at.duration_until(now)
}

fn days_ago(at: Timestamp, now: Timestamp) -> String {
    match since(at, now).as_hours() / 24 {
        ..=0 => "today".to_owned(),
        days => format!("{} ago", counted(days, "day", "days")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    fn case() -> Case {
        Case {
            now: at("2026-11-25T16:00:00Z"),
            today: day("2026-11-25"),
            gap: Some(GapNow { status: GapStatus::Open, last_movement: day("2026-10-01") }),
            is_in_their_brief: false,
            unreachable: None,
            has_consultant: true,
            to_person: Vec::new(),
            about_gap: None,
            briefs: vec![at("2026-11-23T12:00:00Z"), at("2026-11-30T12:00:00Z")],
            sessions: Vec::new(),
        }
    }

    fn earlier(text: &str, is_answered: bool) -> Earlier {
        Earlier { at: at(text), is_answered }
    }

    #[test]
    fn nothing_in_the_way_it_goes() {
        assert_eq!(decide(&case()), Verdict::Send);
    }

    #[test]
    fn each_limit_alone_is_enough() {
        let over = |change: fn(&mut Case)| {
            let mut own = case();
            change(&mut own);
            decide(&own)
        };
        let is_over = |words: &str| Verdict::Over(words.to_owned());
        assert_eq!(over(|c| c.gap = None), is_over("the gap is gone"));
        assert_eq!(
            over(|c| c.gap.as_mut().unwrap().status = GapStatus::Closed),
            is_over("the gap is closed")
        );
        assert_eq!(
            over(|c| c.gap.as_mut().unwrap().last_movement = day("2026-11-19")),
            is_over("the gap moved in the last 7 days")
        );
        assert_eq!(
            over(|c| c.gap.as_mut().unwrap().last_movement = day("2026-11-18")),
            Verdict::Send
        );
        assert_eq!(
            over(|c| c.is_in_their_brief = true),
            is_over("this week’s brief asks for the same")
        );
        assert_eq!(over(|c| c.unreachable = Some("left".to_owned())), is_over("left"));
        assert!(matches!(over(|c| c.has_consultant = false), Verdict::Over(_)));
        let silent = ["2026-11-17T16:00:00Z", "2026-11-02T16:00:00Z", "2026-10-02T16:00:00Z"];
        let mut own = case();
        own.to_person = silent.map(|at| earlier(at, false)).to_vec();
        assert_eq!(decide(&own), is_over("3 unanswered, call"));
        own.to_person[1].is_answered = true;
        assert_eq!(decide(&own), Verdict::Send);
    }

    #[test]
    fn what_passes_by_itself_is_waited_for() {
        let wait = |change: &dyn Fn(&mut Case)| {
            let mut own = case();
            change(&mut own);
            decide(&own)
        };
        let waits = |words: &str| Verdict::Wait(words.to_owned());
        assert_eq!(
            wait(&|c| c.to_person = vec![earlier("2026-11-18T16:00:01Z", true)]),
            waits("nudged 6 days ago")
        );
        assert_eq!(
            wait(&|c| c.to_person = vec![earlier("2026-11-18T16:00:00Z", true)]),
            Verdict::Send
        );
        let about = |at_: &'static str, on: &'static str| {
            move |c: &mut Case| c.about_gap = Some((at(at_), day(on)))
        };
        assert_eq!(
            wait(&about("2026-11-12T16:00:00Z", "2026-11-12")),
            waits("the same gap was nudged about 13 days ago")
        );
        assert_eq!(wait(&about("2026-11-11T16:00:00Z", "2026-11-11")), Verdict::Send);
        // It moved since, and that was more than a week ago.
        let moved = |c: &mut Case| {
            about("2026-11-12T16:00:00Z", "2026-11-12")(c);
            c.gap.as_mut().unwrap().last_movement = day("2026-11-15");
        };
        assert_eq!(wait(&moved), Verdict::Send);
        for (brief, free) in [
            ("2026-11-23T16:00:01Z", false),
            ("2026-11-23T16:00:00Z", true),
            ("2026-11-27T15:59:59Z", false),
            ("2026-11-27T16:00:00Z", true),
        ] {
            let told = wait(&|c| c.briefs = vec![at(brief)]);
            assert_eq!(told == Verdict::Send, free, "{brief}: {told:?}");
            let told = wait(&|c| c.sessions = vec![at(brief)]);
            assert_eq!(told == Verdict::Send, free, "{brief}: {told:?}");
        }
    }
}
