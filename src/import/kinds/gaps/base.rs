//! What changes in place: everything of a gap that has no history.

use jiff::civil::Date;

use crate::clock::new_id;
use crate::domain::codes::{Area, Category};
use crate::import::context::{Context, IN_USE, Place, kept, known};
use crate::import::map::{Fault, Row};
use crate::import::times::FIRST_EXISTENCE;
use crate::store::import::GapRow;

use super::Found;

/// Longest title and short name, in characters (MODEL 2).
const TITLE: usize = 60;
const SHORT_NAME: usize = 32;

/// One row over what is known; columns that the file does not have keep their values.
pub(super) fn read(
    context: &Context<'_>,
    row: &Row,
    place: &Place,
    found: &Found,
    before: Option<&GapRow>,
) -> Result<GapRow, Fault> {
    if before.is_some_and(|b| b.organization_id != place.row.id) {
        let reason = match context.only {
            Some(_) => IN_USE,
            None => "this gap belongs to another organization; ids are unique over all of them",
        };
        return Err(Fault::at("external_id", reason));
    }
    let (area, category): (Area, Category) = (row.need_word("area")?, row.need_word("category")?);
    let (opened_on, existed_since) = dates(context, row, place, before)?;
    let short = |column: &str, length: usize| row.short(column, length).map(|_| ());
    short("external_id", 200)?;
    short("title", TITLE)?;
    short("short_name", SHORT_NAME)?;
    short("exposure_group", 200)?;
    short("verifier", 200)?;
    Ok(GapRow {
        id: before.map_or_else(new_id, |b| b.id.clone()),
        external_id: row.need("external_id")?.to_owned(),
        organization_id: place.row.id.clone(),
        implementation_id: implementation(row, place, found, before)?,
        area: area.as_str().to_owned(),
        category: category.as_str().to_owned(),
        leak_zone: match before {
            Some(b) if b.area == area.as_str() => b.leak_zone.clone(),
            _ => area.leak_zone().as_str().to_owned(),
        },
        title: row.need("title")?.to_owned(),
        short_name: kept(row, "short_name", before.and_then(|b| b.short_name.as_ref())),
        description: kept(row, "description", before.map(|b| &b.description)).unwrap_or_default(),
        exposure_group: kept(row, "exposure_group", before.and_then(|b| b.exposure_group.as_ref())),
        existed_since,
        opened_on,
        verifier: kept(row, "verifier", before.and_then(|b| b.verifier.as_ref())),
        evidence: kept(row, "evidence", before.and_then(|b| b.evidence.as_ref())),
    })
}

/// The implementation that a gap belongs to; none means every one with its area.
fn implementation(
    row: &Row,
    place: &Place,
    found: &Found,
    before: Option<&GapRow>,
) -> Result<Option<String>, Fault> {
    if !row.has("implementation") {
        return Ok(before.and_then(|b| b.implementation_id.clone()));
    }
    if row.text("implementation").is_none() {
        return Ok(None);
    }
    let named = known(&found.implementations, row, "implementation")?;
    if named.organization_id != place.row.id {
        return Err(Fault::at(
            "implementation",
            "this implementation belongs to another organization",
        ));
    }
    Ok(Some(named.id.clone()))
}

/// `opened_on` and `existed_since`, which comes first.
fn dates(
    context: &Context<'_>,
    row: &Row,
    place: &Place,
    before: Option<&GapRow>,
) -> Result<(String, Option<String>), Fault> {
    let opened_on = row.date("opened_on", context.times)?;
    let opened_on = opened_on.ok_or_else(|| Fault::at("opened_on", "a day is needed here"))?;
    // Of a new gap it is held against its first record.
    if before.is_some_and(|known| known.opened_on != opened_on.to_string()) {
        context.not_ahead("opened_on", opened_on, &place.zone)?;
    }
    let since: Option<Date> = row.date_from("existed_since", context.times, FIRST_EXISTENCE)?;
    if since.is_some_and(|day| day > opened_on) {
        return Err(Fault::at(
            "existed_since",
            format!("a gap exists before it is opened, and it was opened on {opened_on}"),
        ));
    }
    let since = if row.has("existed_since") {
        since.map(|d| d.to_string())
    } else {
        before.and_then(|b| b.existed_since.clone())
    };
    Ok((opened_on.to_string(), since))
}
