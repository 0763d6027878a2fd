//! What the mails to the operator say: what, since when, how many, and which command comes next.

use std::time::Duration;

use jiff::Timestamp;

use super::conditions::{Kind, minute};
use crate::render::Note;

/// Why the operator gets the mail.
const WHY: &str =
    "You get this because your address stands in alerts.to, the setting for whom to tell.";

/// What an alert is about.
pub(super) struct About<'a> {
    pub kind: Kind,
    /// The run; empty where it is about none.
    pub week: &'a str,
    /// How it shows.
    pub why: &'a str,
    pub since: Timestamp,
}

/// The mail about a condition that holds.
pub(super) fn raised(about: &About<'_>, repeat: Duration) -> Note {
    let again = if about.kind.repeats() {
        format!(
            "This mail comes again every {} while it lasts; one more says when it is over.",
            span(repeat)
        )
    } else {
        "This is the only mail about it until it is over.".to_owned()
    };
    let (since, next) = (minute(about.since), next(about.kind, about.week));
    Note {
        subject: title(about),
        preheader: format!("Since {since}. What it is, and the command that shows more."),
        heading: title(about),
        paragraphs: vec![
            about.why.to_owned(),
            format!("It has been so since {since}."),
            next,
            again,
        ],
        button: None,
        answers: Vec::new(),
        why: WHY.to_owned(),
    }
}

/// The mail about one that is over.
pub(super) fn resolved(about: &About<'_>, now: Timestamp) -> Note {
    let (since, until) = (minute(about.since), minute(now));
    Note {
        subject: format!("Resolved: {}", lower(&title(about))),
        preheader: format!("It lasted from {since} to {until}. Nothing is left to do."),
        heading: format!("Over: {}", lower(&title(about))),
        paragraphs: vec![
            format!("It lasted from {since} to {until}."),
            format!("It was last seen like this: {}", about.why),
            match about.week {
                "" => "To see the runs: brief runs.".to_owned(),
                week => format!("To see the run: brief runs {week}."),
            },
        ],
        button: None,
        answers: Vec::new(),
        why: WHY.to_owned(),
    }
}

/// Its name, 60 characters at most with the word for its end.
fn title(about: &About<'_>) -> String {
    let week = about.week;
    match about.kind {
        Kind::Run => format!("Run {week} does not close"),
        Kind::Late => format!("Briefs of run {week} are late"),
        Kind::Paused => "Delivery is paused".to_owned(),
        Kind::RelayAway => "Delivery stands still: the relay is away".to_owned(),
        Kind::RelayRefused => "Delivery stands still: the relay refuses us".to_owned(),
        Kind::Journal => "Delivery stands still: see the journal".to_owned(),
        Kind::Fallback => "Mail leaves by a fallback relay".to_owned(),
        Kind::Planning => "Planning failed".to_owned(),
        Kind::Sender => "Mail systems refuse mail from us".to_owned(),
        Kind::Source => "A source cannot be read".to_owned(),
    }
}

/// What to run next.
fn next(kind: Kind, week: &str) -> String {
    match kind {
        Kind::Run => format!(
            "To see the counts: brief runs {week}. To see which wait and why: \
             brief deliveries --week {week} --state queued. To look at all it depends on: brief doctor."
        ),
        Kind::Late => format!(
            "To see what the mail systems say: brief deliveries --week {week} --state queued. \
             Each is tried again by itself until its next brief is due."
        ),
        Kind::Paused => "To let delivery go on: brief resume.".to_owned(),
        Kind::RelayAway => "To see whether it answers: brief doctor. Delivery goes on by itself \
                            when it is back; no attempt is lost."
            .to_owned(),
        Kind::RelayRefused => "To see what it says: brief doctor. Correct relay.url or the account, \
                               start the service again, and run brief resume to have it tried at once."
            .to_owned(),
        Kind::Fallback => "To see what the first relay says: brief doctor. Mail goes back to it by \
                           itself when it takes mail again; brief resume has it tried at once."
            .to_owned(),
        Kind::Sender => "To see what they say: brief bounce list --kind sender. No reader is suppressed for \
                         it. It is over when a day passes without one."
            .to_owned(),
        Kind::Source => "To see what is wrong: brief source check. Briefs go out with what was last read \
                         and say how old it is; it is tried again by itself."
            .to_owned(),
        Kind::Journal => "To see whether it is still so: brief doctor. Nothing is mailed until this is \
                          answered; planning goes on."
            .to_owned(),
        Kind::Planning => {
            "To look for the cause: brief doctor, and the log. All others are planned; what failed is \
             tried again by itself."
                .to_owned()
        }
    }
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// "6 hours", "hour", "90 minutes", "45 seconds".
fn span(of: Duration) -> String {
    let seconds = of.as_secs().max(1);
    let (n, unit) = match seconds {
        s if s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    if n == 1 { unit.to_owned() } else { format!("{n} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(kind: Kind) -> About<'static> {
        let since = "2026-11-23T13:00:00Z".parse().expect("an instant");
        let week = if matches!(kind, Kind::Run | Kind::Late) { "2026-W48" } else { "" };
        About { kind, week, why: "3 briefs are due.", since }
    }

    #[test]
    fn every_mail_says_what_since_when_and_what_to_run_in_a_short_subject() {
        let now = "2026-11-23T15:00:00Z".parse().expect("an instant");
        for kind in Kind::ALL {
            let about = about(kind);
            let (on, off) = (raised(&about, Duration::from_secs(6 * 3_600)), resolved(&about, now));
            for note in [&on, &off] {
                assert!(note.subject.len() <= 60, "{}", note.subject);
                assert!((35..=150).contains(&note.preheader.len()), "{}", note.preheader);
                let text = note.paragraphs.join(" ");
                assert!(text.contains("2026-11-23 13:00 UTC") && text.contains("brief "), "{text}");
                assert!(text.contains("3 briefs are due."), "{text}");
            }
            assert_eq!(on.paragraphs[3].contains("every 6 hours"), kind.repeats());
        }
    }

    #[test]
    fn spans_are_said_in_the_largest_whole_unit() {
        let of = |seconds| span(Duration::from_secs(seconds));
        assert_eq!(
            [of(21_600), of(3_600), of(5_400), of(45)],
            ["6 hours", "hour", "90 minutes", "45 seconds"]
        );
    }
}
