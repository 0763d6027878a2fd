//! The id of a delivery: made from what the delivery is, so that it comes out the same again.
//!
//! A week that is planned anew on a restored database has the Message-IDs it had before: the
//! journal knows them, and a mail program that keeps one copy of a Message-ID drops the second.

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::domain::time::{instant, monday_of};

/// What a delivery is, and whose: the organization's id, or the role where there is none.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// The organization's row id; the role of a subscription that belongs to none.
    pub scope: &'a str,
    /// The subscription's row id.
    pub subscription: &'a str,
    /// `2026-W48`.
    pub iso_week: &'a str,
    /// `brief` or `correction`.
    pub kind: &'a str,
}

impl Delivery<'_> {
    /// Its row id: a UUID of version 8 (RFC 9562 5.8) as text.
    ///
    /// 48 bits are the week's Monday 00:00 UTC in milliseconds, as in version 7, so that the rows
    /// of a week stand together in an index; 12 bits come from the scope, so that within a week
    /// those of an organization do, and a batch of the queue needs few editions; 62 bits come from
    /// subscription, week and kind. A million deliveries of one week share an id with a probability
    /// of one to ten million.
    #[must_use]
    pub fn id(&self) -> String {
        let scope = digest(&["scope", self.scope]);
        let own = digest(&["delivery", self.subscription, self.iso_week, self.kind]);
        let week = self.monday() & 0xffff_ffff_ffff;
        let high = (week << 16) | 0x8000 | (scope & 0x0fff);
        let low = (1 << 63) | (own & (u64::MAX >> 2));
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xffff,
            low >> 48,
            low & 0xffff_ffff_ffff,
        )
    }

    /// Milliseconds of the week's Monday; of 1970 for what is no week, which no plan ever names.
    fn monday(&self) -> u64 {
        let monday = monday_of(self.iso_week).map(|date| instant(date, 0, &TimeZone::UTC));
        monday.map_or(0, |at| u64::try_from(at.as_millisecond()).unwrap_or(0))
    }
}

/// The first 64 bits of a hash over parts that are told apart by their lengths.
fn digest(parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    bytes.iter().take(8).fold(0, |all, byte| (all << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Delivery<'static> =
        Delivery { scope: "acme", subscription: "s1", iso_week: "2026-W48", kind: "brief" };

    #[test]
    fn the_same_delivery_has_the_same_id_in_every_release() {
        // What was handed over before an upgrade must be known after it: this never changes.
        assert_eq!(ONE.id(), "01a205b3-d000-8547-befa-c20c5563d36b");
    }

    #[test]
    fn every_part_counts() {
        let others = [
            Delivery { scope: "other", ..ONE },
            Delivery { subscription: "s2", ..ONE },
            Delivery { iso_week: "2026-W49", ..ONE },
            Delivery { kind: "correction", ..ONE },
        ];
        for other in others {
            assert_ne!(other.id(), ONE.id(), "{other:?}");
        }
    }

    #[test]
    fn it_is_a_uuid_that_begins_with_its_monday() {
        let id = uuid::Uuid::parse_str(&ONE.id()).expect("a UUID");
        assert_eq!((id.get_version_num(), id.get_variant()), (8, uuid::Variant::RFC4122));
        let monday: jiff::Timestamp = "2026-11-23T00:00:00Z".parse().expect("an instant");
        let first = u64::try_from(id.as_u128() >> 80).expect("48 bits");
        assert_eq!(first, u64::try_from(monday.as_millisecond()).expect("after 1970"));
    }

    #[test]
    fn a_week_and_in_it_an_organization_stand_together() {
        let of = |scope, subscription, iso_week| {
            Delivery { scope, subscription, iso_week, kind: "brief" }.id()
        };
        let names: Vec<String> = (0..40).map(|n| format!("s{n}")).collect();
        let mut ids = Vec::new();
        for week in ["2026-W53", "2027-W01"] {
            for scope in ["acme", "other"] {
                ids.extend(names.iter().map(|name| (of(scope, name, week), week, scope)));
            }
        }
        ids.sort();
        let runs = ids.chunk_by(|a, b| (a.1, a.2) == (b.1, b.2)).count();
        assert_eq!(runs, 4, "two weeks of two organizations");
        assert_eq!(ids[0].1, "2026-W53");
        ids.dedup();
        assert_eq!(ids.len(), 160);
    }
}
