//! Gaps with their histories and estimates.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::file::{self, Story};
use super::line::Line;
use super::organization::Told;
use crate::domain::codes::{Area, ExposureKind, GapStatus};
use crate::domain::exposure::per_week;
use crate::sample::random::Ids;
use crate::sample::rows::Rows;
use crate::store::records::{Exposure, Gap, GapEvent};

/// A gap as an assessment sees it.
#[derive(Debug)]
pub struct Seen {
    pub id: String,
    pub area: String,
    pub category: String,
    pub severity: i64,
    pub opened: i64,
    pub closed: Option<i64>,
}

/// Adds every gap of a story; `people` are the known ones by name.
pub fn tell(
    story: &Story,
    told: &Told,
    people: &HashMap<String, String>,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<Vec<Seen>, String> {
    let mut seen = Vec::new();
    for gap in &story.gaps {
        let one = one(gap, told, people, ids, rows);
        seen.push(one.map_err(|problem| format!("gap {}: {problem}", gap.id))?);
    }
    Ok(seen)
}

fn one(
    gap: &file::Gap,
    told: &Told,
    people: &HashMap<String, String>,
    ids: &mut Ids,
    rows: &mut Rows,
) -> Result<Seen, String> {
    let area: Area = gap.area.parse().map_err(|e| format!("{e}"))?;
    let id = ids.next_id();
    let day = |day: i64| told.calendar.date(day).to_string();
    let mut writer = Writer {
        gap: &id,
        told,
        people,
        status: GapStatus::Open,
        owner: None,
        due: None,
        severity: gap.severity,
        events: Vec::new(),
        ids,
    };
    writer.open(gap);
    let mut closed = None;
    for text in &gap.history {
        let line = Line::parse(text)?;
        writer.happen(&line, gap)?;
        closed = (writer.status == GapStatus::Closed).then_some(line.day);
    }
    let severity = writer.severity;
    let events = std::mem::take(&mut writer.events);
    rows.gap_events.extend(events);
    rows.exposures.extend(estimate(gap, &id, told, ids)?);
    rows.gaps.push(Gap {
        id: id.clone(),
        external_id: gap.id.clone(),
        organization_id: told.id.clone(),
        area: gap.area.clone(),
        category: gap.category.clone(),
        leak_zone: area.leak_zone().as_str().to_owned(),
        title: gap.title.clone(),
        short_name: Some(gap.short.clone()),
        existed_since: gap.existed.map(day),
        opened_on: day(gap.opened),
        verifier: gap.verifier.clone(),
        created_at: told.calendar.told(gap.opened),
        ..Gap::default()
    });
    Ok(Seen {
        id,
        area: gap.area.clone(),
        category: gap.category.clone(),
        severity,
        opened: gap.opened,
        closed,
    })
}

/// The estimate that the gap was opened with; none where it is not priced.
fn estimate(
    gap: &file::Gap,
    id: &str,
    told: &Told,
    ids: &mut Ids,
) -> Result<Option<Exposure>, String> {
    let Some(cost) = &gap.cost else {
        return Ok(None);
    };
    let word = |key: &str| cost.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let kind: ExposureKind =
        word("kind").unwrap_or_default().parse().map_err(|e| format!("{e}"))?;
    let mut inputs = Map::new();
    for (key, value) in
        cost.iter().filter(|(k, _)| !["kind", "basis", "source"].contains(&k.as_str()))
    {
        let value: Value = value.clone().try_into().map_err(|e| format!("{key}: {e}"))?;
        inputs.insert(key.clone(), value);
    }
    let bounds = per_week(kind, &inputs).map_err(|e| e.to_string())?;
    Ok(Some(Exposure {
        id: ids.next_id(),
        gap_id: id.to_owned(),
        kind: kind.as_str().to_owned(),
        inputs: Value::Object(inputs).to_string(),
        low: bounds.low,
        likely: bounds.likely,
        high: bounds.high,
        basis: word("basis").unwrap_or_else(|| "estimated".to_owned()),
        source_note: word("source"),
        effective_on: told.calendar.date(gap.opened).to_string(),
        recorded_at: told.calendar.told(gap.opened),
        batch_id: None,
    }))
}

/// Writes one gap's events and remembers where it stands.
struct Writer<'a> {
    gap: &'a str,
    told: &'a Told,
    people: &'a HashMap<String, String>,
    status: GapStatus,
    owner: Option<String>,
    due: Option<String>,
    severity: i64,
    events: Vec<GapEvent>,
    ids: &'a mut Ids,
}

impl Writer<'_> {
    /// The events that a gap is opened with.
    fn open(&mut self, gap: &file::Gap) {
        let day = gap.opened;
        self.event(day, "opened", None, Some(GapStatus::Open.as_str().to_owned()));
        self.event(day, "severity", None, Some(gap.severity.to_string()));
        if let Some(owner) = &gap.owner {
            self.own(day, owner);
        }
        if let Some(due) = gap.due {
            self.due_on(day, due);
        }
        if let Some(step) = &gap.next_step {
            self.event(day, "next_step", None, Some(step.clone()));
        }
    }

    /// One line of a history.
    fn happen(&mut self, line: &Line<'_>, gap: &file::Gap) -> Result<(), String> {
        match line.what {
            "owner" => self.own(line.day, line.value),
            "due" => self.due_on(line.day, line.value_day()?),
            "severity" => {
                let before = self.severity.to_string();
                self.severity = line.value_day()?;
                self.event(line.day, "severity", Some(before), Some(line.value.to_owned()));
            }
            "evidence" => {
                self.event(line.day, "evidence", None, Some(line.value.to_owned()));
            }
            "confirmed" => {
                self.event(line.day, "confirmed", None, None);
            }
            "reopened" => {
                let status = (self.status.as_str(), GapStatus::Open);
                let event = self.event(
                    line.day,
                    "reopened",
                    Some(status.0.to_owned()),
                    Some("open".to_owned()),
                );
                event.note = Some(line.value.to_owned());
                self.status = status.1;
            }
            word => self.set_status(line, word, gap)?,
        }
        Ok(())
    }

    fn set_status(&mut self, line: &Line<'_>, word: &str, gap: &file::Gap) -> Result<(), String> {
        let status: GapStatus = word.parse().map_err(|e| format!("{e}"))?;
        let from = Some(self.status.as_str().to_owned());
        let to = match status {
            GapStatus::Accepted => {
                format!("accepted:{}", self.told.calendar.date(line.day + line.value_day()?))
            }
            other => other.as_str().to_owned(),
        };
        if status == GapStatus::Closed {
            self.event(line.day, "evidence", None, Some(line.value.to_owned()));
        }
        let actor = match status {
            GapStatus::Closed => gap.verifier.clone(),
            _ => gap.owner.clone(),
        };
        let note = (!line.value.is_empty() && status != GapStatus::Accepted)
            .then(|| line.value.to_owned());
        let event = self.event(line.day, "status", from, Some(to));
        event.actor = actor;
        event.note = note;
        self.status = status;
        Ok(())
    }

    fn own(&mut self, day: i64, name: &str) {
        let from = self.owner.replace(name.to_owned());
        let person = self.people.get(name).cloned();
        self.event(day, "owner", from, Some(name.to_owned())).person_id = person;
    }

    fn due_on(&mut self, day: i64, due: i64) {
        let due = self.told.calendar.date(due).to_string();
        let from = self.due.replace(due.clone());
        self.event(day, "due_on", from, Some(due));
    }

    fn event(
        &mut self,
        day: i64,
        kind: &str,
        from: Option<String>,
        to: Option<String>,
    ) -> &mut GapEvent {
        self.events.push(GapEvent {
            id: self.ids.next_id(),
            gap_id: self.gap.to_owned(),
            kind: kind.to_owned(),
            from_value: from,
            to_value: to,
            effective_on: self.told.calendar.date(day).to_string(),
            recorded_at: self.told.calendar.told(day),
            actor: self.owner.clone(),
            ..GapEvent::default()
        });
        let last = self.events.len() - 1;
        &mut self.events[last]
    }
}
