//! The demo's organizations: twelve weeks of history in every situation that a brief tells.
//!
//! The stories are data files under `config/demo/`, one an organization, written in days from the
//! demo's Monday. Here they become rows.

mod calendar;
mod consulting;
mod file;
mod gap;
mod implementation;
mod line;
mod organization;
mod people;

use jiff::civil::Date;

use super::random::Ids;
use super::rows::Rows;
use calendar::Calendar;

/// Every story, by file name.
const FILES: [(&str, &str); 20] = [
    ("01-northfield-supply", include_str!("../../../config/demo/01-northfield-supply.toml")),
    ("02-calder-dental", include_str!("../../../config/demo/02-calder-dental.toml")),
    ("03-ostrava-pumps", include_str!("../../../config/demo/03-ostrava-pumps.toml")),
    ("04-halden-foods", include_str!("../../../config/demo/04-halden-foods.toml")),
    ("05-brightwell", include_str!("../../../config/demo/05-brightwell.toml")),
    ("06-tarn-and-reyes", include_str!("../../../config/demo/06-tarn-and-reyes.toml")),
    ("07-kestrel-freight", include_str!("../../../config/demo/07-kestrel-freight.toml")),
    ("08-marlow-print", include_str!("../../../config/demo/08-marlow-print.toml")),
    ("09-hanami-foods", include_str!("../../../config/demo/09-hanami-foods.toml")),
    ("10-lindqvist-marine", include_str!("../../../config/demo/10-lindqvist-marine.toml")),
    ("11-kona-outfitters", include_str!("../../../config/demo/11-kona-outfitters.toml")),
    ("12-al-noor-clinics", include_str!("../../../config/demo/12-al-noor-clinics.toml")),
    ("13-fenwick-gardens", include_str!("../../../config/demo/13-fenwick-gardens.toml")),
    ("14-torres-vidal", include_str!("../../../config/demo/14-torres-vidal.toml")),
    ("15-bluewater-clinics", include_str!("../../../config/demo/15-bluewater-clinics.toml")),
    ("16-sundance-components", include_str!("../../../config/demo/16-sundance-components.toml")),
    ("17-nusantara-cement", include_str!("../../../config/demo/17-nusantara-cement.toml")),
    ("18-aldgate-architects", include_str!("../../../config/demo/18-aldgate-architects.toml")),
    ("19-pemberton-care", include_str!("../../../config/demo/19-pemberton-care.toml")),
    ("20-rowan-vets", include_str!("../../../config/demo/20-rowan-vets.toml")),
];
const CONSULTING: &str = include_str!("../../../config/demo/consulting.toml");

/// Weeks of history that the stories tell, the demo's own included.
pub const WEEKS: i64 = 12;

/// What is wrong with a story.
#[derive(Debug, thiserror::Error)]
#[error("config/demo/{file}.toml: {problem}")]
pub struct StoryError {
    file: String,
    problem: String,
}

/// Rows for every story, told up to `monday`.
///
/// # Errors
/// [`StoryError`] for a story that does not hold together; the shipped ones do, as a test asserts.
pub fn rows(monday: Date) -> Result<Rows, StoryError> {
    let utc = jiff::tz::TimeZone::UTC;
    let from = Calendar::new(monday, utc).at(-200, 0, 0);
    let mut ids =
        Ids::new(0xB41E_F000, jiff::Timestamp::from_millisecond(from).unwrap_or_default());
    let mut rows = Rows::default();
    let mut told = Vec::new();
    for (name, text) in FILES {
        let wrong = |problem: String| StoryError { file: name.to_owned(), problem };
        let story: file::Story = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
        told.push(organization::tell(&story, monday, &mut ids, &mut rows).map_err(wrong)?);
    }
    let wrong = |problem: String| StoryError { file: "consulting".to_owned(), problem };
    let consulting: file::Consulting =
        toml::from_str(CONSULTING).map_err(|e| wrong(e.to_string()))?;
    consulting::tell(&consulting, &told, monday, &mut ids, &mut rows).map_err(wrong)?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_story_holds_together_on_any_monday() {
        for monday in ["2026-11-23", "2027-01-04", "2028-03-06"] {
            let told = rows(monday.parse().unwrap()).unwrap();
            assert_eq!(told.organizations.len(), FILES.len());
            assert_eq!(told, rows(monday.parse().unwrap()).unwrap());
        }
    }

    #[test]
    fn every_address_belongs_to_nobody_and_every_name_fits() {
        let told = rows("2026-11-23".parse().unwrap()).unwrap();
        for person in &told.people {
            let email = person.email.as_deref().unwrap();
            let address = crate::domain::address::EmailAddress::parse(email).unwrap();
            assert!(address.domain().ends_with(".example"), "{email}");
        }
        for gap in &told.gaps {
            assert!(gap.title.chars().count() <= 60, "{}", gap.title);
            let short = gap.short_name.as_deref().unwrap();
            assert!(short.chars().count() <= 32, "{short}");
        }
    }
}
