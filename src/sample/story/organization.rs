//! One organization's story as rows.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::calendar::Calendar;
use super::file::{Review, Story};
use super::line::Line;
use super::{gap, implementation, people};
use crate::domain::time::iso_week;
use crate::sample::random::Ids;
use crate::sample::rows::Rows;
use crate::store::records::{EditionNote, Organization, ReviewDecision};

/// An organization that was told, for what refers to it later.
#[derive(Debug)]
pub struct Told {
    pub id: String,
    pub slug: String,
    pub calendar: Calendar,
    /// When it was recorded.
    pub created_at: i64,
    first_day: i64,
    pub review: Option<Review>,
}

impl Told {
    /// The first day on which anything was recorded.
    pub fn first_day(&self) -> Date {
        self.calendar.date(self.first_day)
    }
}

/// Adds everything of one story.
pub fn tell(story: &Story, monday: Date, ids: &mut Ids, rows: &mut Rows) -> Result<Told, String> {
    let own = &story.organization;
    let zone = TimeZone::get(&own.zone).map_err(|e| e.to_string())?;
    let calendar = Calendar::new(monday, zone);
    let first_day = first_day(story)?;
    // Set up a little before the first thing was recorded, on the same day.
    let created_at = calendar.told(first_day) - 3_600_000;
    let id = ids.next_id();
    let (review, review_hours) = review(own.review.as_deref())?;
    rows.organizations.push(Organization {
        id: id.clone(),
        external_id: Some(own.slug.clone()),
        slug: own.slug.clone(),
        name: own.name.clone(),
        currency: own.currency.clone(),
        time_zone: own.zone.clone(),
        cut_off_weekday: 1,
        cut_off_hour: 6,
        billed_per_week: own.billed_per_week,
        review,
        review_hours,
        status: "active".to_owned(),
        created_at,
        ..Organization::default()
    });
    let told = Told {
        id,
        slug: own.slug.clone(),
        calendar,
        created_at,
        first_day,
        review: story.review.clone(),
    };
    let known = people::tell(story, &told, ids, rows)?;
    let gaps = gap::tell(story, &told, &known, ids, rows)?;
    implementation::tell(story, &told, &gaps, ids, rows)?;
    Ok(told)
}

/// The first day on which anything was recorded.
fn first_day(story: &Story) -> Result<i64, String> {
    let mut days: Vec<i64> = story.gaps.iter().map(|gap| gap.opened).collect();
    for look in story.implementations.iter().flat_map(|i| &i.looks) {
        days.push(Line::parse(look)?.day);
    }
    days.into_iter().min().ok_or_else(|| "nothing ever happened".to_owned())
}

fn review(text: Option<&str>) -> Result<(String, Option<i64>), String> {
    match text {
        None => Ok(("none".to_owned(), None)),
        Some("required") => Ok(("required".to_owned(), None)),
        Some(text) => {
            let hours = text.strip_prefix("hold:").and_then(|hours| hours.parse().ok());
            let hours = hours.ok_or(format!("review {text:?} is neither required nor hold:N"))?;
            Ok(("hold".to_owned(), Some(hours)))
        }
    }
}

/// A consultant's approvals and notes, week by week, as `reviewer` gave them.
pub fn tell_review(
    review: &Review,
    told: &Told,
    reviewer: &str,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<(), String> {
    let first = -7 * (super::WEEKS - 1);
    for monday in (first..=review.approved_until).step_by(7) {
        rows.decisions.push(ReviewDecision {
            id: ids.next_id(),
            scope_kind: "organization".to_owned(),
            scope_id: told.id.clone(),
            iso_week: iso_week(told.calendar.date(monday)),
            decision: "approve".to_owned(),
            actor: reviewer.to_owned(),
            reason: None,
            decided_at: told.calendar.at(monday - 3, 15, 10),
        });
    }
    for note in &review.notes {
        let line = Line::parse(note)?;
        rows.notes.push(EditionNote {
            id: ids.next_id(),
            scope_kind: "organization".to_owned(),
            scope_id: told.id.clone(),
            iso_week: iso_week(told.calendar.date(line.day)),
            note: line.words(),
            author: reviewer.to_owned(),
            recorded_at: told.calendar.at(line.day - 3, 15, 0),
        });
    }
    Ok(())
}
