//! What came of a run: the relay's memory beside the product's own ledger.

use std::collections::{BTreeMap, HashMap};

use back_office_brief::each_engine;
use back_office_brief::store::Db;

use crate::house::House;
use crate::sink::Sink;

/// One delivery in the ledger: address, state, copies it knows of, attempts.
type Row = (String, String, i64, i64);

/// The comparison.
#[derive(Debug)]
pub struct Told {
    /// Who was to get a brief.
    pub recipients: u64,
    /// Who got one.
    pub reached: u64,
    /// Messages beyond the first of each.
    pub copies: u64,
    /// Recipients with more copies than their delivery counts.
    pub uncounted: Vec<String>,
    /// Recipients whose copies had different Message-IDs.
    pub other_ids: u64,
    /// Copies that the ledger knows may have gone out.
    pub resends: u64,
    /// The same figure as `brief runs` prints it.
    pub resends_printed: u64,
    /// Attempts in the ledger.
    pub attempts: u64,
    /// Deliveries by state.
    pub states: BTreeMap<String, u64>,
    /// Whether `brief runs` says that the run is closed.
    pub is_closed: bool,
}

impl Told {
    /// Asks both sides.
    ///
    /// # Panics
    /// When the database cannot be read.
    pub fn of(house: &House, sink: &Sink, recipients: u64) -> Self {
        let rows = ledger(&house.url);
        let given = sink.given();
        let run = house.run();
        let count = |number: i64| u64::try_from(number).expect("a count");
        let known: HashMap<&str, u64> =
            rows.iter().map(|(email, _, resends, _)| (email.as_str(), count(*resends))).collect();
        let mut states = BTreeMap::new();
        for (_, state, ..) in &rows {
            *states.entry(state.clone()).or_default() += 1;
        }
        let allowed = |email: &str| 1 + known.get(email).copied().unwrap_or(0);
        let printed = run["counts"]["resends"].as_u64().unwrap_or(0);
        Self {
            recipients,
            reached: given.len() as u64,
            copies: given.values().map(|g| g.times - 1).sum(),
            uncounted: given
                .iter()
                .filter(|(email, g)| g.times > allowed(email))
                .map(|(email, _)| email.clone())
                .collect(),
            other_ids: given.values().filter(|g| g.has_other).count() as u64,
            resends: rows.iter().map(|row| count(row.2)).sum(),
            resends_printed: printed,
            attempts: rows.iter().map(|row| count(row.3)).sum(),
            states,
            is_closed: run["state"] == "closed",
        }
    }

    /// How many got nothing.
    pub fn lost(&self) -> u64 {
        self.recipients - self.reached
    }

    /// Everybody has the brief under one Message-ID, what was sent more than once is counted, and
    /// the run is closed.
    ///
    /// # Panics
    /// When it is not so.
    pub fn holds(&self, copies_at_most: u64) {
        eprintln!("{self:?}");
        assert_eq!(self.lost(), 0, "somebody is lost: {self:?}");
        assert_eq!(self.states.get("sent"), Some(&self.recipients), "{self:?}");
        assert!(self.is_closed, "the run is open: {self:?}");
        assert_eq!(self.other_ids, 0, "a copy had another Message-ID: {self:?}");
        assert!(self.copies <= copies_at_most, "more than {copies_at_most} copies: {self:?}");
        assert!(self.uncounted.is_empty(), "copies are not counted: {self:?}");
        assert_eq!(self.resends_printed, self.resends, "brief runs tells less: {self:?}");
    }
}

/// Every delivery of the house.
fn ledger(url: &str) -> Vec<Row> {
    const SQL: &str = "SELECT p.email, d.state, d.resends, d.attempts FROM delivery d \
        JOIN subscription s ON s.id = d.subscription_id JOIN person p ON p.id = s.person_id";
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(url).await.expect("the database opens");
        let rows = each_engine!(&db, pool => sqlx::query_as(SQL).fetch_all(pool).await);
        db.close().await;
        rows.expect("the ledger can be read")
    })
}
