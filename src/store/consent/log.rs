//! The history of consent (CASL s. 13, GDPR Art. 7(1): the burden of proof is the sender's).

use jiff::Timestamp;
use sqlx::FromRow;

use crate::domain::codes::Channel;
use crate::domain::consent::Wording;
use crate::store::address_hash::AddressHash;
use crate::store::row::millis;
use crate::store::{Db, StoreError, Tx, bulk, records};
use crate::{each_engine, in_tx, statements};

/// Rows of an import looked at in one statement.
const PAGE: i64 = 1_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody asked, or was invited.
    Requested,
    /// They agreed.
    Confirmed,
    /// They left.
    Withdrawn,
}

impl Kind {
    /// The word in the row.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Confirmed => "confirmed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What somebody did, and how it can be shown.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// By which way.
    pub channel: Channel,
    /// Which words were shown, where any were.
    pub wording: Option<(&'a str, &'a str)>,
    /// From which address on the Internet, where that is known.
    pub client_ip: Option<&'a str>,
    /// When it was asked for, milliseconds, where that was another day.
    pub requested_at: Option<i64>,
}

impl<'a> Act<'a> {
    /// By a way that shows no words.
    #[must_use]
    pub const fn by(channel: Channel) -> Self {
        Self { channel, wording: None, client_ip: None, requested_at: None }
    }

    /// The same from an address on the Internet.
    #[must_use]
    pub const fn from(self, client_ip: Option<&'a str>) -> Self {
        Self { client_ip, ..self }
    }

    /// The same under words that were shown.
    #[must_use]
    pub const fn under(self, wording: Wording) -> Self {
        Self { wording: Some((wording.form, wording.version)), ..self }
    }
}

/// The statement for what an import says was agreed to; the argument is what a row said before it.
macro_rules! of_batch {
    ($before:literal) => {
        concat!(
            "SELECT s.id, s.confirmed_at, s.person_id, s.organization_id, s.role, p.email_canonical FROM subscription s
             JOIN person p ON p.id = s.person_id
             WHERE s.id > $2 AND s.confirmed_at IS NOT NULL AND (s.batch_id = $1 OR s.id IN
               (SELECT r.row_id FROM import_revision r WHERE r.batch_id = $1 AND r.table_name = 'subscription' AND ",
            $before,
            " IS NULL)) ORDER BY s.id LIMIT $3"
        )
    };
}

statements! {
    /// Whose a subscription is, and what it is to.
    SUBJECT = "SELECT s.person_id, s.organization_id, s.role, p.email_canonical FROM subscription s
        JOIN person p ON p.id = s.person_id WHERE s.id = $1";
    /// What an import says that somebody agreed to, a page at a time: in a subscription of its own, or in one
    /// that waited.
    OF_BATCH = of_batch!("r.before_json ->> 'confirmed_at'"), of_batch!("CAST(r.before_json AS JSONB) ->> 'confirmed_at'");
    /// What is known of one person, oldest first.
    OF_PERSON = "SELECT id, kind, address_hash, person_id, subscription_id, organization_id, list, channel, form,
          text_version, client_ip, requested_at, confirmed_at, withdrawn_at, recorded_at
        FROM consent_event WHERE person_id = $1 ORDER BY recorded_at, id";
}

#[derive(FromRow)]
struct Imported {
    id: String,
    confirmed_at: i64,
    #[sqlx(flatten)]
    of: Of,
}

#[derive(FromRow)]
struct Of {
    person_id: String,
    organization_id: Option<String>,
    role: String,
    email_canonical: Option<String>,
}

impl Tx {
    /// Adds to the history of a subscription.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such subscription.
    pub async fn record_consent(
        &mut self,
        subscription_id: &str,
        kind: Kind,
        act: &Act<'_>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = SUBJECT.within(self);
        let found: Option<Of> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(subscription_id).fetch_optional(conn).await?
        });
        let of = found.ok_or_else(|| StoreError::NotFound {
            what: "subscription",
            name: subscription_id.to_owned(),
            hint: "`brief subscriptions list` shows them all",
        })?;
        let row = of.event(subscription_id, kind, act, millis(now), millis(now));
        bulk::insert(self, std::slice::from_ref(&row)).await.map(drop)
    }

    /// Adds what an import says that was agreed to elsewhere, and when: on the word of the operator.
    ///
    /// # Errors
    /// As any write.
    pub async fn record_consents_of_batch(
        &mut self,
        batch: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = OF_BATCH.within(self);
        let mut after = String::new();
        loop {
            let imported: Vec<Imported> = in_tx!(self, conn => {
                sqlx::query_as(sql).bind(batch).bind(&after).bind(PAGE).fetch_all(conn).await?
            });
            let Some(last) = imported.last() else { return Ok(()) };
            after.clone_from(&last.id);
            let act = Act::by(Channel::Operator);
            let events: Vec<records::ConsentEvent> = imported
                .into_iter()
                .map(|row| {
                    row.of.event(&row.id, Kind::Confirmed, &act, row.confirmed_at, millis(now))
                })
                .collect();
            bulk::insert(self, &events).await?;
        }
    }
}

impl Of {
    /// The row of what happened at `at`.
    fn event(
        self,
        subscription_id: &str,
        kind: Kind,
        act: &Act<'_>,
        at: i64,
        recorded_at: i64,
    ) -> records::ConsentEvent {
        let address = self.email_canonical.as_deref().map(AddressHash::of_key);
        records::ConsentEvent {
            id: crate::clock::new_id(),
            kind: kind.as_str().to_owned(),
            address_hash: address.map(AddressHash::into_string),
            person_id: self.person_id,
            subscription_id: subscription_id.to_owned(),
            organization_id: self.organization_id,
            list: self.role,
            channel: act.channel.to_string(),
            form: act.wording.map(|(form, _)| form.to_owned()),
            text_version: act.wording.map(|(_, version)| version.to_owned()),
            client_ip: act.client_ip.map(str::to_owned),
            requested_at: act.requested_at.or((kind == Kind::Requested).then_some(at)),
            confirmed_at: (kind == Kind::Confirmed).then_some(at),
            withdrawn_at: (kind == Kind::Withdrawn).then_some(at),
            recorded_at,
        }
    }
}

/// The history of one person, oldest first.
///
/// # Errors
/// As any read.
pub async fn of_person(db: &Db, person_id: &str) -> Result<Vec<records::ConsentEvent>, StoreError> {
    Ok(each_engine!(db, pool => {
        sqlx::query_as(OF_PERSON.on(db)).bind(person_id).fetch_all(pool).await?
    }))
}
