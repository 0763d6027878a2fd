//! What codes mean for the address, and when an address gets no more mail (RFC 3463, RFC 3464).

use super::{Action, Hint, Meaning, Said, SuppressionReason};
use crate::domain::status::EnhancedCode;

/// What a report of this action means, with what was said.
#[must_use]
pub fn meaning(action: Action, said: Said) -> Meaning {
    match action {
        Action::Delivered | Action::Relayed | Action::Expanded => Meaning::Delivered,
        Action::Delayed => Meaning::Delayed,
        Action::Failed => failure(said),
    }
}

/// What a failure for good means.
#[must_use]
pub fn failure(said: Said) -> Meaning {
    let of_codes = match (said.status, said.code) {
        (Some(status), _) => of_status(status),
        (None, Some(code)) => of_code(code),
        (None, None) => return Meaning::Unclear,
    };
    let is_vague = said.status.is_none_or(is_vague);
    match (of_codes, said.hint) {
        // A list that blocks us likes to answer as if there were no such reader.
        (Meaning::Hard, Some(Hint::Sender)) => Meaning::Sender,
        (Meaning::Soft, Some(Hint::Sender)) if is_vague => Meaning::Sender,
        (Meaning::Hard, Some(Hint::TooFast)) => Meaning::Soft,
        (Meaning::Soft, Some(Hint::NoSuchUser)) if is_vague && said.is_for_good() => Meaning::Hard,
        (meaning, _) => meaning,
    }
}

/// Codes that say only whether trying again is of use: the words decide.
pub(super) const fn is_vague(status: EnhancedCode) -> bool {
    matches!((status.subject, status.detail), (0 | 5, 0) | (1, 0))
}

fn of_status(status: EnhancedCode) -> Meaning {
    match (status.class, status.subject, status.detail) {
        (2, ..) => Meaning::Unclear,
        // Policy, and the form of the message.
        (_, 6 | 7, _) => Meaning::Sender,
        // The sender's address, or as Exchange has it the sender's limits.
        (_, 1, 7 | 8 | 20 | 90) => Meaning::Sender,
        // The message is too large.
        (_, 2, 3) | (_, 3, 4) => Meaning::Sender,
        // No such mailbox, system or syntax; it moved; the domain takes no mail (RFC 7505).
        (5, 1, 1 | 2 | 3 | 6 | 10) => Meaning::Hard,
        // The mailbox is shut.
        (5, 2, 1) => Meaning::Hard,
        _ => Meaning::Soft,
    }
}

/// Without an enhanced code: 550 may mean the mailbox or a policy (RFC 5321 4.2.3), so it counts and
/// does not decide.
fn of_code(code: u16) -> Meaning {
    match code {
        530 | 534 | 535 | 538 => Meaning::Sender,
        400..=599 => Meaning::Soft,
        _ => Meaning::Unclear,
    }
}

/// What follows for the address of an event that means this, when mail to it has failed in so many
/// weeks in a row, this one included, and `limit` of them are too many.
#[must_use]
pub const fn consequence(meaning: Meaning, in_a_row: u32, limit: u32) -> Option<SuppressionReason> {
    match meaning {
        Meaning::Hard => Some(SuppressionReason::HardBounce),
        Meaning::Complaint => Some(SuppressionReason::Complaint),
        Meaning::Soft if in_a_row >= limit => Some(SuppressionReason::SoftBounces),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Meaning {
        failure(Said::read(text))
    }

    #[test]
    fn the_table_of_codes_holds() {
        for (codes, meaning) in [
            ("5.1.1 5.1.2 5.1.3 5.1.6 5.1.10 5.2.1", Meaning::Hard),
            (
                "5.1.0 5.1.4 5.1.9 5.2.0 5.2.2 5.2.4 5.3.0 5.3.2 5.4.1 5.4.4 5.4.6 5.5.0",
                Meaning::Soft,
            ),
            ("4.1.1 4.2.1 4.2.2 4.3.1 4.4.1 4.4.7 4.5.0 5.0.0 4.0.0", Meaning::Soft),
            (
                "5.7.1 5.7.26 5.7.515 4.7.1 5.6.1 5.6.7 5.1.7 5.1.8 5.1.90 5.3.4 5.2.3",
                Meaning::Sender,
            ),
            ("2.0.0 2.1.5", Meaning::Unclear),
        ] {
            for code in codes.split(' ') {
                let said = Said { status: EnhancedCode::parse(code), ..Said::default() };
                assert_eq!(failure(said), meaning, "{code}");
                assert_eq!(super::meaning(Action::Delayed, said), Meaning::Delayed);
                assert_eq!(super::meaning(Action::Relayed, said), Meaning::Delivered);
            }
        }
        assert_eq!(failure(Said::default()), Meaning::Unclear);
    }

    #[test]
    fn words_decide_only_where_the_codes_say_nothing() {
        for (text, meaning) in [
            ("550 no thanks", Meaning::Soft),
            ("550 No such user here", Meaning::Hard),
            ("550 5.0.0 <a@b.example>... User unknown", Meaning::Hard),
            ("450 4.0.0 User unknown in local table", Meaning::Soft),
            ("451 user unknown for now", Meaning::Soft),
            ("550 5.4.1 user unknown", Meaning::Soft),
            (
                "554 rejected because 192.0.2.1 is on the blocklist of dnsbl.example",
                Meaning::Sender,
            ),
            ("550 5.1.1 rejected: 192.0.2.1 is listed at zen.spamhaus.example", Meaning::Sender),
            ("550 5.1.1 Sender address rejected: user unknown", Meaning::Sender),
            ("550-5.2.1 is receiving mail at a rate that prevents more", Meaning::Soft),
            ("552 mailbox full", Meaning::Soft),
            ("535 5.7.8 authentication failed", Meaning::Sender),
        ] {
            assert_eq!(of(text), meaning, "{text}");
        }
    }

    #[test]
    fn one_hard_bounce_or_complaint_is_enough_and_soft_ones_are_counted() {
        use SuppressionReason::{Complaint, HardBounce, SoftBounces};
        assert_eq!(consequence(Meaning::Hard, 0, 3), Some(HardBounce));
        assert_eq!(consequence(Meaning::Complaint, 0, 3), Some(Complaint));
        assert_eq!(consequence(Meaning::Soft, 2, 3), None);
        assert_eq!(consequence(Meaning::Soft, 3, 3), Some(SoftBounces));
        for meaning in [Meaning::Sender, Meaning::Delayed, Meaning::Delivered] {
            assert_eq!(consequence(meaning, 99, 3), None);
        }
        for meaning in [Meaning::AutoReply, Meaning::Unclear] {
            assert_eq!(consequence(meaning, 99, 3), None);
        }
    }
}
