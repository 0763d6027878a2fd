//! The insight of the week: what one is, and which one a brief carries (MODEL 6.8).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::codes::{Area, Category, Situation, Trend};
use super::source::{ClaimKind, Source};

/// One fact and one consequence, for a kind of gap, a place, a trend or a situation. A key that is
/// absent fits everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insight {
    /// Lower-case words joined by hyphens; unique in a library.
    pub id: String,
    /// Only for gaps of this category.
    pub category: Option<Category>,
    /// Only for gaps in this area.
    pub area: Option<Area>,
    /// Only while the open load moves this way.
    pub trend: Option<Trend>,
    /// Only in this situation.
    pub situation: Option<Situation>,
    /// 25 to 45 words on one line.
    pub text: String,
    /// What kind of claim the text makes.
    pub claim_kind: ClaimKind,
    /// Where the claim comes from.
    pub source: Source,
    /// The day from which the claim wants a fresh look.
    pub review_by: Date,
}

/// What this week's brief is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InsightContext {
    /// The situation that stands out, if one does.
    pub situation: Option<Situation>,
    /// Category of the gap that the brief puts first.
    pub category: Option<Category>,
    /// Area of that gap.
    pub area: Option<Area>,
    /// Which way the open load moves, once that is known.
    pub trend: Option<Trend>,
}

impl Insight {
    /// Every key that the entry has equals the context's.
    #[must_use]
    pub fn matches(&self, context: &InsightContext) -> bool {
        fn fits<T: PartialEq>(key: Option<T>, actual: Option<T>) -> bool {
            key.is_none() || key == actual
        }
        fits(self.situation, context.situation)
            && fits(self.area, context.area)
            && fits(self.category, context.category)
            && fits(self.trend, context.trend)
    }

    /// How narrowly the entry speaks: situation 8, area 4, category 2, trend 1 (MODEL 6.8).
    #[must_use]
    pub fn specificity(&self) -> u8 {
        u8::from(self.situation.is_some()) * 8
            + u8::from(self.area.is_some()) * 4
            + u8::from(self.category.is_some()) * 2
            + u8::from(self.trend.is_some())
    }
}

/// The insight for one organization and ISO week ("2026-W48"), or none where nothing fits.
///
/// An entry that was sent fewer than `insight_weeks` ago rests. Of those that do not, the most specific
/// wins, then the one unsent for longest (never sent is longest), then the smallest FNV-1a 64 of
/// `org|week|id`, then the id. When every fitting entry rests, none does, and the one unsent for longest
/// comes before the more specific: else the most specific text would stand in every brief from then on.
/// `sent` holds weeks since each id was last sent to the organization. No random number: a second run
/// in the same week gives the same text.
#[must_use]
pub fn choose<'a>(
    entries: &'a [Insight],
    context: &InsightContext,
    org: &str,
    week: &str,
    sent: &BTreeMap<String, u32>,
    insight_weeks: i64,
) -> Option<&'a Insight> {
    let age = |entry: &Insight| sent.get(&entry.id).copied();
    let rested =
        |entry: &&Insight| age(entry).is_none_or(|weeks| i64::from(weeks) >= insight_weeks);
    let fitting: Vec<&Insight> = entries.iter().filter(|e| e.matches(context)).collect();
    let all_rest = !fitting.iter().any(rested);
    fitting.into_iter().filter(|entry| all_rest || rested(entry)).min_by_key(|entry| {
        let key = format!("{org}|{week}|{}", entry.id);
        let unsent = age(entry).map_or(u64::MAX, u64::from);
        (
            Reverse(if all_rest { unsent } else { 0 }),
            Reverse(entry.specificity()),
            Reverse(unsent),
            fnv1a64(key.as_bytes()),
            entry.id.as_str(),
        )
    })
}

/// FNV-1a with 64 bits: a fixed, published hash, so that a choice can be redone by hand anywhere.
#[must_use]
pub fn fnv1a64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str, situation: Option<Situation>, category: Option<Category>) -> Insight {
        Insight {
            id: id.to_owned(),
            category,
            area: None,
            trend: None,
            situation,
            text: String::new(),
            claim_kind: ClaimKind::Finding,
            source: Source {
                title: String::new(),
                publisher: String::new(),
                year: 2024,
                url: String::new(),
            },
            review_by: Date::constant(2028, 1, 1),
        }
    }

    fn sent(ages: &[(&str, u32)]) -> BTreeMap<String, u32> {
        ages.iter().map(|(id, weeks)| ((*id).to_owned(), *weeks)).collect()
    }

    const QUIET: InsightContext = InsightContext {
        situation: Some(Situation::Quiet),
        category: Some(Category::NoSource),
        area: None,
        trend: None,
    };

    fn id_for(
        entries: &[Insight],
        context: &InsightContext,
        ages: &[(&str, u32)],
    ) -> Option<String> {
        choose(entries, context, "acme", "2026-W48", &sent(ages), 26).map(|e| e.id.clone())
    }

    #[test]
    fn a_situation_outranks_a_category_and_rests_for_26_weeks() {
        let entries = [
            entry("quiet", Some(Situation::Quiet), None),
            entry("source", None, Some(Category::NoSource)),
        ];
        assert_eq!(id_for(&entries, &QUIET, &[]).as_deref(), Some("quiet"));
        assert_eq!(id_for(&entries, &QUIET, &[("quiet", 25)]).as_deref(), Some("source"));
        assert_eq!(id_for(&entries, &QUIET, &[("quiet", 26)]).as_deref(), Some("quiet"));
    }

    #[test]
    fn when_every_fitting_entry_rests_the_longest_unsent_is_sent_so_that_texts_rotate() {
        let entries = [
            entry("a", None, Some(Category::NoSource)),
            entry("b", None, Some(Category::NoSource)),
            entry("c", None, None),
        ];
        let ages = [("a", 2), ("b", 9), ("c", 20)];
        assert_eq!(id_for(&entries, &QUIET, &ages).as_deref(), Some("c"));
        let later = [("a", 3), ("b", 10), ("c", 1)];
        assert_eq!(id_for(&entries, &QUIET, &later).as_deref(), Some("b"));
    }

    #[test]
    fn an_entry_with_a_key_the_week_does_not_have_is_never_sent() {
        let entries = [entry("reopened", Some(Situation::Reopened), None)];
        assert_eq!(id_for(&entries, &QUIET, &[]), None);
        assert_eq!(id_for(&entries, &InsightContext::default(), &[]), None);
    }
}
