//! What of a gap changes in place: its words, its place and its cause.

use super::super::known::Base;
use super::super::refusal::Refusals;
use super::super::values::verifier;
use super::super::when;
use super::super::words::{NAME, SHORT_NAME, TEXT, TITLE, long, needed, short};
use super::Asking;

/// The row as it is to be; none with a sentence for each field that cannot be taken.
pub(super) fn base(asking: &Asking<'_>, refused: &mut Refusals) -> Option<Base> {
    let (change, before) = (asking.change, &asking.known.base);
    let area = change.area.unwrap_or(before.area);
    let zone = if area == before.area { before.leak_zone } else { area.leak_zone() };
    let title = change.title.as_deref().map_or_else(
        || Ok(before.title.clone()),
        |text| if text == before.title { Ok(text.to_owned()) } else { needed(text, TITLE) },
    );
    let title = refused.keep("title", title);
    let short_name = line(change.short_name.as_ref(), before.short_name.as_ref(), SHORT_NAME);
    let short_name = refused.keep("short_name", short_name);
    let description = match &change.description {
        Some(text) if *text != before.description => {
            long(text, TEXT).map(Option::unwrap_or_default)
        }
        _ => Ok(before.description.clone()),
    };
    let description = refused.keep("description", description);
    let group = line(change.exposure_group.as_ref(), before.exposure_group.as_ref(), NAME);
    let exposure_group = refused.keep("exposure_group", group);
    let verifier = match &change.verifier {
        Some(new) if *new != before.verifier => verifier(new.as_deref()),
        _ => Ok(before.verifier.clone()),
    };
    let verifier = refused.keep("verifier", verifier);
    let since = match change.existed_since {
        Some(day) => day.map(|day| when::existence(day, before.opened_on)).transpose(),
        None => Ok(before.existed_since),
    };
    let existed_since = refused.keep("existed_since", since);
    let implementation = asking.implementation_id.as_ref().unwrap_or(&before.implementation_id);
    Some(Base {
        title: title?,
        short_name: short_name?,
        description: description?,
        area,
        category: change.category.unwrap_or(before.category),
        leak_zone: change.leak_zone.unwrap_or(zone),
        implementation_id: implementation.clone(),
        exposure_group: exposure_group?,
        existed_since: existed_since?,
        opened_on: before.opened_on,
        verifier: verifier?,
    })
}

/// Text on one line that may be taken away. What stays is not measured anew.
fn line(
    new: Option<&Option<String>>,
    before: Option<&String>,
    most: usize,
) -> Result<Option<String>, String> {
    match new {
        Some(new) if new.as_ref() != before => {
            new.as_deref().map_or(Ok(None), |text| short(text, most))
        }
        _ => Ok(before.cloned()),
    }
}
