//! How consultants' briefs look: the last brand that was known at an instant, and pictures.
//!
//! **Invariant:** a brand is never changed, only followed by another; what was made with it can be made
//! again.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::address::EmailAddress;
use crate::domain::brand::{Brand, Logo};
use crate::domain::line::DisplayName;
use crate::domain::snapshot::Contact;
use crate::{each_engine, in_tx, statements};

use super::row::{Place, list, millis};
use super::{Db, StoreError, Tx, bulk, records};

statements! {
    /// The brand of each of some consultants at an instant.
    OF = "SELECT b.id, b.consultant_person_id, b.name, b.accent, l.sha256, l.width, l.height,
        r.email AS reply_email
        FROM brand b LEFT JOIN logo l ON l.sha256 = b.logo_sha256
        LEFT JOIN person r ON r.id = b.reply_to_person_id
        WHERE b.consultant_person_id IN (SELECT value FROM json_each($1)) AND b.recorded_at <= $2
        AND NOT EXISTS (SELECT 1 FROM brand n WHERE n.consultant_person_id = b.consultant_person_id
            AND n.recorded_at <= $2 AND (n.recorded_at, n.id) > (b.recorded_at, b.id))";
    /// A picture by its name.
    LOGO = "SELECT png FROM logo WHERE sha256 = $1";
}

#[derive(FromRow)]
struct Row {
    id: String,
    consultant_person_id: String,
    name: Option<String>,
    accent: Option<String>,
    sha256: Option<String>,
    width: Option<i64>,
    height: Option<i64>,
    reply_email: Option<String>,
}

impl Row {
    fn brand(self) -> Result<Brand, StoreError> {
        let place = Place { table: "brand", row: &self.id };
        let accent = self.accent.map(|text| text.parse().map_err(|e| place.corrupt("accent", e)));
        let pixels = |many: Option<i64>| many.and_then(|many| u32::try_from(many).ok());
        let logo = match (self.sha256, pixels(self.width), pixels(self.height)) {
            (Some(sha256), Some(width), Some(height)) => Some(Logo { sha256, width, height }),
            _ => None,
        };
        Ok(Brand {
            name: self.name.as_deref().and_then(DisplayName::new),
            accent: accent.transpose()?,
            logo,
            // Without a name: whoever typed the address may not know whose it is.
            reply_to: contact(String::new(), self.reply_email.as_deref().unwrap_or_default()),
        })
    }
}

/// An address that a header can hold whatever the relay offers: one that needs SMTPUTF8 would keep
/// the brief from everybody else (RFC 6531 3.2).
pub(super) fn contact(name: String, email: &str) -> Option<Contact> {
    let email = EmailAddress::parse(email).ok().filter(|email| !email.needs_smtputf8())?;
    Some(Contact { name, email })
}

impl Tx {
    /// The brands of some consultants at an instant, each with the person's row id. Whoever never had
    /// one is left out.
    ///
    /// # Errors
    /// As any read.
    pub async fn brands(
        &mut self,
        consultants: &[&str],
        at: Timestamp,
    ) -> Result<Vec<(String, Brand)>, StoreError> {
        let sql = OF.within(self);
        let (ids, at) = (list(consultants), millis(at));
        let rows: Vec<Row> =
            in_tx!(self, conn => sqlx::query_as(sql).bind(&ids).bind(at).fetch_all(conn).await?);
        rows.into_iter().map(|row| Ok((row.consultant_person_id.clone(), row.brand()?))).collect()
    }

    /// Adds a brand, with its picture where it has a new one.
    ///
    /// # Errors
    /// As any write.
    pub async fn add_brand(
        &mut self,
        brand: records::Brand,
        logo: Option<records::Logo>,
    ) -> Result<(), StoreError> {
        if let Some(logo) = logo {
            bulk::insert_missing(self, &[logo]).await?;
        }
        bulk::insert(self, &[brand]).await?;
        Ok(())
    }
}

impl Db {
    /// A consultant's brand at an instant; plain where there never was one.
    ///
    /// # Errors
    /// As any read.
    pub async fn brand_of(&self, consultant: &str, at: Timestamp) -> Result<Brand, StoreError> {
        let mut tx = self.begin_read().await?;
        let found = tx.brands(&[consultant], at).await?.pop();
        tx.rollback().await?;
        Ok(found.map(|(_, brand)| brand).unwrap_or_default())
    }

    /// A picture by its SHA-256.
    ///
    /// # Errors
    /// As any read.
    pub async fn logo(&self, sha256: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = LOGO.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind(sha256).fetch_optional(pool).await?
        }))
    }
}
