//! `organizations.csv`.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;

use crate::clock::new_id;
use crate::import::context::{Context, Outcome, keys};
use crate::import::error::ImportError;
use crate::import::map::{Fault, Row};
use crate::import::told::RowChange;
use crate::store::Tx;
use crate::store::import::{self as store, OrganizationRow};

use super::slug;

/// Writes organizations; those that are known are changed in place.
pub(super) async fn write(
    context: &Context<'_>,
    tx: &mut Tx,
    rows: &[Row],
    out: &mut Outcome,
) -> Result<(), ImportError> {
    let names = keys(rows, "external_id");
    let mut found = store::organizations_by_slug(tx, &names).await?;
    found.extend(store::organizations(tx, &names).await?);
    let ids: Vec<&str> = found.iter().map(|o| o.id.as_str()).collect();
    let priced: HashSet<String> =
        store::priced(tx, &ids).await?.into_iter().map(|(id,)| id).collect();
    // One added by hand is called by its slug in every other file, so that is who is meant here.
    let called = |o: &'_ OrganizationRow| o.external_id.clone().unwrap_or_else(|| o.slug.clone());
    let known: HashMap<String, &OrganizationRow> = found.iter().map(|o| (called(o), o)).collect();
    let mut taken: HashSet<String> = store::slugs(tx).await?.into_iter().collect();
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        let before = row.text("external_id").and_then(|id| known.get(id)).copied();
        let Some(after) = out.take(row.number, read(row, before, &priced)) else {
            continue;
        };
        out.count(before != Some(&after));
        if before != Some(&after) {
            out.tell(|| {
                let name = after.external_id.as_deref().unwrap_or_default();
                RowChange::of(name, &after.name, before.is_none()).base(before, &after)
            });
        }
        match before {
            None => {
                let slug = slug::fresh(
                    &after.name,
                    after.external_id.as_deref().unwrap_or_default(),
                    &mut taken,
                );
                new.push((OrganizationRow { slug, ..after }, context.recorded_at));
            }
            Some(before) if *before != after => changed.push((before.clone(), after)),
            Some(_) => {}
        }
    }
    store::insert_base(tx, &context.batch, &new).await?;
    store::update_base(tx, &context.batch, &changed).await?;
    store::follow_cut_offs(tx, &changed, context.now).await?;
    Ok(())
}

/// One row over what is known; columns that the file does not have keep their values.
fn read(
    row: &Row,
    before: Option<&OrganizationRow>,
    priced: &HashSet<String>,
) -> Result<OrganizationRow, Fault> {
    let (review, review_hours) = match row.text("review") {
        Some(text) => review(text)?,
        None => before.map_or(("none".to_owned(), None), |b| (b.review.clone(), b.review_hours)),
    };
    row.short("name", 200)?;
    let after = OrganizationRow {
        id: before.map_or_else(new_id, |b| b.id.clone()),
        external_id: row.short("external_id", 200)?.map(str::to_owned),
        slug: before.map_or_else(String::new, |b| b.slug.clone()),
        name: row.need("name")?.to_owned(),
        currency: currency(row)?,
        time_zone: match zone(row)? {
            Some(zone) => zone,
            None => before.map_or_else(|| "UTC".to_owned(), |b| b.time_zone.clone()),
        },
        cut_off_weekday: weekday(row, "cut_off_weekday")?
            .or(before.map(|b| b.cut_off_weekday))
            .unwrap_or(1),
        cut_off_hour: row
            .whole("cut_off_hour", 0..=23)?
            .or(before.map(|b| b.cut_off_hour))
            .unwrap_or(6),
        billed_per_week: if row.has("billed_per_week") {
            row.money("billed_per_week")?
        } else {
            before.and_then(|b| b.billed_per_week)
        },
        review,
        review_hours,
    };
    if before.is_some_and(|b| b.currency != after.currency && priced.contains(&b.id)) {
        return Err(Fault::at(
            "currency",
            "the currency is fixed once a gap is priced: amounts in two currencies cannot be added",
        ));
    }
    Ok(after)
}

/// An ISO 4217 code.
fn currency(row: &Row) -> Result<String, Fault> {
    let code = row.need("currency")?.to_ascii_uppercase();
    match iso_currency::Currency::from_code(&code) {
        Some(_) => Ok(code),
        None => Err(Fault::at(
            "currency",
            format!("{code:?} is not an ISO 4217 code such as USD or EUR"),
        )),
    }
}

/// An IANA zone.
pub(super) fn zone(row: &Row) -> Result<Option<String>, Fault> {
    match row.text("time_zone") {
        Some(name) if TimeZone::get(name).is_err() => Err(Fault::at(
            "time_zone",
            format!("{name:?} is not an IANA time zone such as America/New_York"),
        )),
        name => Ok(name.map(str::to_owned)),
    }
}

/// A weekday: 1 (Monday) to 7, or its English name or first three letters.
pub(super) fn weekday(row: &Row, column: &str) -> Result<Option<i64>, Fault> {
    const NAMES: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let Some(text) = row.text(column) else {
        return Ok(None);
    };
    let word = text.to_lowercase();
    let by_name = NAMES.iter().position(|n| *n == word || n[..3] == word);
    let number =
        by_name.map(|at| at + 1).or_else(|| word.parse().ok().filter(|n| (1..=7).contains(n)));
    match number.and_then(|n| i64::try_from(n).ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Fault::at(
            column,
            format!("{text:?} is not a weekday; use 1 (Monday) to 7, or a name"),
        )),
    }
}

/// `none`, `hold:N` or `required`.
fn review(text: &str) -> Result<(String, Option<i64>), Fault> {
    if let Some(hours) = text.strip_prefix("hold:") {
        if let Some(hours) = hours.parse::<i64>().ok().filter(|h| (1..=168).contains(h)) {
            return Ok(("hold".to_owned(), Some(hours)));
        }
    } else if matches!(text, "none" | "required") {
        return Ok((text.to_owned(), None));
    }
    Err(Fault::at(
        "review",
        format!("{text:?} is not a review; use none, hold:N (1 to 168 hours) or required"),
    ))
}
