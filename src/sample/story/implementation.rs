//! Implementations: scope, dates and assessments.

use super::file::{self, Story};
use super::gap::Seen;
use super::line::Line;
use super::organization::Told;
use crate::domain::codes::{Area, Category};
use crate::sample::random::Ids;
use crate::sample::rows::Rows;
use crate::store::records::{
    Assessment, AssessmentAnswer, Implementation, ImplementationArea, ImplementationEvent,
};

/// Adds every implementation of a story.
pub fn tell(
    story: &Story,
    told: &Told,
    gaps: &[Seen],
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<(), String> {
    for own in &story.implementations {
        let id = ids.next_id();
        rows.implementations.push(Implementation {
            id: id.clone(),
            external_id: Some(format!("{}/{}", told.slug, own.slug)),
            organization_id: told.id.clone(),
            slug: own.slug.clone(),
            name: own.name.clone(),
            kind: own.kind.clone(),
            target_milli: own.target.unwrap_or(85) * 1000,
            benefit_per_week: own.benefit,
            created_at: told.created_at,
            ..Implementation::default()
        });
        for (area, weight) in &own.areas {
            area.parse::<Area>().map_err(|e| e.to_string())?;
            rows.areas.push(ImplementationArea {
                id: ids.next_id(),
                implementation_id: id.clone(),
                area: area.clone(),
                weight: *weight,
                ..ImplementationArea::default()
            });
        }
        dates(own, &id, told, ids, rows)?;
        for look in &own.looks {
            assess(&Line::parse(look)?, &id, told, gaps, ids, rows)?;
        }
    }
    Ok(())
}

/// The dates as they were first set, and every move.
fn dates(
    own: &file::Implementation,
    id: &str,
    told: &Told,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<(), String> {
    let first = [("configuration_starts_on", own.configuration), ("go_live_on", own.go_live)];
    let set = |field: &str, from: Option<String>, to: i64, at: i64, on: String, id_of: String| {
        ImplementationEvent {
            id: id_of,
            implementation_id: id.to_owned(),
            field: field.to_owned(),
            from_value: from,
            to_value: Some(told.calendar.date(to).to_string()),
            effective_on: on,
            recorded_at: at,
            actor: None,
            batch_id: None,
        }
    };
    let mut standing = std::collections::HashMap::new();
    let zero = told.first_day().to_string();
    for (field, day) in first {
        if let Some(day) = day {
            rows.implementation_events.push(set(
                field,
                None,
                day,
                told.created_at,
                zero.clone(),
                ids.next_id(),
            ));
            standing.insert(field, told.calendar.date(day).to_string());
        }
    }
    for text in &own.moves {
        let line = Line::parse(text)?;
        let from = standing.get(line.what).cloned();
        let at = told.calendar.told(line.day);
        let on = told.calendar.date(line.day).to_string();
        rows.implementation_events.push(set(
            line.what,
            from,
            line.value_day()?,
            at,
            on,
            ids.next_id(),
        ));
    }
    Ok(())
}

/// One assessment: every question of each area named, answered by what was open that day.
fn assess(
    line: &Line<'_>,
    implementation: &str,
    told: &Told,
    gaps: &[Seen],
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<(), String> {
    let id = ids.next_id();
    rows.assessments.push(Assessment {
        id: id.clone(),
        implementation_id: implementation.to_owned(),
        held_on: told.calendar.date(line.day).to_string(),
        recorded_at: told.calendar.told(line.day),
        ..Assessment::default()
    });
    for area in line.words().split_whitespace() {
        area.parse::<Area>().map_err(|e| e.to_string())?;
        for category in Category::ALL {
            let open = gaps.iter().find(|gap| {
                let known =
                    gap.opened <= line.day && gap.closed.is_none_or(|closed| line.day < closed);
                known && gap.area == area && gap.category == category.as_str()
            });
            rows.answers.push(AssessmentAnswer {
                assessment_id: id.clone(),
                area: area.to_owned(),
                category: category.as_str().to_owned(),
                // Below level 3 a gap must be named: 2, 1 and 0 for severities 1, 2 and above.
                level: Some(open.map_or(3, |gap| (3 - gap.severity).max(0))),
                note: None,
                gap_id: open.map(|gap| gap.id.clone()),
            });
        }
    }
    Ok(())
}
