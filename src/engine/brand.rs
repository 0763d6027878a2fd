//! A consultant's brand: looked over, written as a new row, with its row in the audit log.

use jiff::Timestamp;
use serde_json::json;

use crate::clock::new_id;
use crate::domain::address::EmailAddress;
use crate::domain::brand::Brand;
use crate::domain::colour::Colour;
use crate::domain::line::{DisplayName, clean};
use crate::domain::register::Refusals;
use crate::render::logo::{self, Picture};
use crate::render::palette;
use crate::store::audit::{Actor, Entry};
use crate::store::people::{self, NewPerson};
use crate::store::{Tx, records};

use super::Engine;
use super::register::RegisterError;
use super::secret::sha256;

/// Longest name of a brand, in characters: the head of a mail on a phone has room for it.
pub const NAME_MAX: usize = 40;

/// What a brand shall be. An empty text is the service's own.
#[derive(Debug, Clone, Default)]
pub struct BrandAsk {
    /// The name.
    pub name: String,
    /// The colour: `#0b5a53`.
    pub accent: String,
    /// The address that answers go to.
    pub reply_to: String,
    /// The picture.
    pub logo: LogoAsk,
}

/// What shall become of the picture.
#[derive(Debug, Clone, Default)]
pub enum LogoAsk {
    /// It stays.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// This file takes its place.
    File(Vec<u8>),
}

/// What was asked for, as it can be written.
struct Wanted {
    name: Option<DisplayName>,
    accent: Option<Colour>,
    reply_to: Option<EmailAddress>,
    picture: Option<Picture>,
}

impl Engine {
    /// Gives a consultant's briefs a look of their own from now on. Whether anything was different.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] with a sentence for each field that cannot be taken.
    pub async fn save_brand(
        &self,
        consultant: &str,
        ask: &BrandAsk,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, RegisterError> {
        let wanted = wanted(ask)?;
        let mut tx = self.db.begin().await?;
        let before = tx.brands(&[consultant], now).await?.pop();
        let before = before.map(|(_, brand)| brand).unwrap_or_default();
        let (row, logo) = rows(&mut tx, consultant, ask, &wanted, &before, now).await?;
        let fields = changed(&before, &wanted, row.logo_sha256.as_deref());
        if fields.is_empty() {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.add_brand(row, logo).await?;
        // Names of fields alone: an address stands in one table.
        let detail = json!({ "fields": fields });
        let (action, subject) = ("brand.save", consultant);
        tx.audit(actor, Entry { organization: None, action, subject, detail: &detail }, now)
            .await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Looks the fields over.
fn wanted(ask: &BrandAsk) -> Result<Wanted, Refusals> {
    let mut refused = Refusals::default();
    let name = refused.keep("name", name(&ask.name)).flatten();
    let accent = refused.keep("accent", accent(&ask.accent)).flatten();
    let reply_to = refused.keep("reply_to", reply_to(&ask.reply_to)).flatten();
    let picture = match &ask.logo {
        LogoAsk::File(file) => {
            refused.keep("logo", logo::read(file).map_err(|problem| problem.to_string()))
        }
        LogoAsk::Keep | LogoAsk::Remove => None,
    };
    refused.or(Wanted { name, accent, reply_to, picture })
}

fn name(typed: &str) -> Result<Option<DisplayName>, String> {
    if typed.trim().chars().count() > NAME_MAX {
        return Err(format!("is longer than {NAME_MAX} characters; mail programs would cut it"));
    }
    let name = clean(typed, NAME_MAX);
    // Beside the sender's address it would pass for another sender (MAIL 2).
    if name.contains('@') {
        return Err("holds an address; a name stands here, the address below".to_owned());
    }
    Ok(DisplayName::new(&name))
}

fn accent(typed: &str) -> Result<Option<Colour>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let colour: Colour = typed.parse().map_err(|problem| format!("{typed:?} {problem}"))?;
    if palette::is_legible(colour) {
        return Ok(Some(colour));
    }
    Err(format!(
        "{colour} is too light for words on white; the nearest that can be read is {}",
        palette::nearest_legible(colour)
    ))
}

fn reply_to(typed: &str) -> Result<Option<EmailAddress>, String> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let address = EmailAddress::parse(typed.trim()).map_err(|problem| problem.to_string())?;
    if address.needs_smtputf8() {
        return Err("has letters before the @ that not every relay takes; use another".to_owned());
    }
    Ok(Some(address))
}

/// The row of the brand, and of its picture where it is a new one.
async fn rows(
    tx: &mut Tx,
    consultant: &str,
    ask: &BrandAsk,
    wanted: &Wanted,
    before: &Brand,
    now: Timestamp,
) -> Result<(records::Brand, Option<records::Logo>), RegisterError> {
    let at = now.as_millisecond();
    let logo = wanted.picture.as_ref().map(|picture| records::Logo {
        sha256: sha256(&picture.png),
        png: picture.png.clone(),
        width: i64::from(picture.width),
        height: i64::from(picture.height),
        recorded_at: at,
    });
    let logo_sha256 = match ask.logo {
        LogoAsk::Keep => before.logo.as_ref().map(|logo| logo.sha256.clone()),
        LogoAsk::Remove => None,
        LogoAsk::File(_) => logo.as_ref().map(|logo| logo.sha256.clone()),
    };
    let reply_to_person_id = match &wanted.reply_to {
        Some(address) => Some(person(tx, address, now).await?),
        None => None,
    };
    let brand = records::Brand {
        id: new_id(),
        consultant_person_id: consultant.to_owned(),
        name: wanted.name.as_ref().map(ToString::to_string),
        accent: wanted.accent.map(|colour| colour.to_string()),
        logo_sha256,
        reply_to_person_id,
        recorded_at: at,
    };
    Ok((brand, logo))
}

/// Row id of whoever has an address; a new row where nobody has it yet.
async fn person(
    tx: &mut Tx,
    address: &EmailAddress,
    now: Timestamp,
) -> Result<String, RegisterError> {
    if let Some(known) = people::find_within(tx, address).await? {
        return Ok(known.id);
    }
    let new = NewPerson { email: address.clone(), name: None, time_zone: None, locale: None };
    Ok(people::add_within(tx, new, now).await?.id)
}

/// Which fields are different.
fn changed(before: &Brand, wanted: &Wanted, logo: Option<&str>) -> Vec<&'static str> {
    let key = |address: &EmailAddress| address.lookup_key();
    let reply_to = before.reply_to.as_ref().map(|contact| key(&contact.email));
    [
        ("name", before.name != wanted.name),
        ("accent", before.accent != wanted.accent),
        ("reply_to", reply_to != wanted.reply_to.as_ref().map(key)),
        ("logo", before.logo.as_ref().map(|logo| logo.sha256.as_str()) != logo),
    ]
    .into_iter()
    .filter_map(|(field, is_changed)| is_changed.then_some(field))
    .collect()
}
