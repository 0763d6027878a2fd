//! Who plans what: claims by compare-and-set, and who consults whom (DESIGN 2.2).

use sqlx::FromRow;

use crate::store::row::list;
use crate::store::{Db, StoreError, Tx};
use crate::{each_engine, in_tx, not_voided, statements};

/// A consultant's client.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ClientLink {
    /// The consultant.
    pub person_id: String,
    /// The client.
    pub organization_id: String,
}

/// One organization's claim: its id, the cut-off it moves on to, and the one it was read with.
pub type Claim = (String, i64, Option<i64>);

statements! {
    /// Who consults whom at an instant.
    CLIENTS = concat!(
        "SELECT c.person_id, c.organization_id FROM consultant_client c ",
        "JOIN organization o ON o.id = c.organization_id ",
        "WHERE c.person_id IN (SELECT value FROM json_each($1)) AND c.since <= $2 ",
        "AND (c.until IS NULL OR c.until > $2) AND c.voided_at IS NULL AND o.voided_at IS NULL ",
        "AND o.status = 'active' AND ", not_voided!("c.batch_id"),
        " ORDER BY c.person_id, c.organization_id");

    /// The organizations of a batch that are still due and that no other planner has in hand.
    LOCK_ORGANIZATIONS = "SELECT id FROM organization WHERE id IN (SELECT value FROM json_each($1)) \
        AND (next_due_at IS NULL OR next_due_at <= $2)",
        "SELECT id FROM organization WHERE id IN (SELECT value FROM json_each($1)) \
        AND (next_due_at IS NULL OR next_due_at <= $2) FOR UPDATE SKIP LOCKED";

    /// Moves a portfolio's next cut-off on, unless somebody else did.
    CLAIM_PORTFOLIO = "UPDATE subscription SET next_due_at = $2 WHERE id = $1 AND next_due_at IS NOT DISTINCT FROM $3";
}

impl Db {
    /// The clients of some consultants at an instant.
    ///
    /// # Errors
    /// As any read.
    pub async fn clients(
        &self,
        consultants: &[String],
        at: i64,
    ) -> Result<Vec<ClientLink>, StoreError> {
        let (sql, ids) = (CLIENTS.on(self), list(consultants));
        Ok(each_engine!(self, pool => {
            sqlx::query_as(sql).bind(&ids).bind(at).fetch_all(pool).await
        })?)
    }
}

impl Tx {
    /// Takes the organizations of a batch in hand until the end of the transaction; leaves out those
    /// that another planner has, or had. On a file the transaction alone does that.
    ///
    /// # Errors
    /// As any read.
    pub async fn lock_organizations(
        &mut self,
        ids: &[&str],
        now: i64,
    ) -> Result<Vec<String>, StoreError> {
        let (sql, ids) = (LOCK_ORGANIZATIONS.within(self), list(ids));
        let rows: Vec<(String,)> = in_tx!(self, conn => {
            sqlx::query_as(sql).bind(&ids).bind(now).fetch_all(conn).await
        })?;
        Ok(rows.into_iter().map(|(id,)| id).collect())
    }

    /// Moves next cut-offs on by compare-and-set; returns whose were still as read. Two planners
    /// cannot both win (DESIGN 2.2).
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_organizations(
        &mut self,
        claims: &[Claim],
    ) -> Result<Vec<String>, StoreError> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let won: Vec<(String,)> = in_tx!(self, conn => {
            let mut sql = sqlx::QueryBuilder::new(
                "UPDATE organization SET next_due_at = v.column2 FROM (",
            );
            sql.push_values(claims, |mut row, (id, next, read)| {
                row.push_bind(id).push_bind(next).push_bind(read);
            });
            sql.push(
                ") AS v WHERE organization.id = v.column1 \
                 AND organization.next_due_at IS NOT DISTINCT FROM v.column3 RETURNING id",
            );
            sql.build_query_as().fetch_all(conn).await
        })?;
        Ok(won.into_iter().map(|(id,)| id).collect())
    }

    /// The same for one consultant's portfolio; whether the claim was won.
    ///
    /// # Errors
    /// As any write.
    pub async fn claim_portfolio(
        &mut self,
        subscription: &str,
        next: i64,
        read: Option<i64>,
    ) -> Result<bool, StoreError> {
        let sql = CLAIM_PORTFOLIO.within(self);
        let rows: u64 = in_tx!(self, conn => {
            sqlx::query(sql).bind(subscription).bind(next).bind(read).execute(conn).await
                .map(|done| done.rows_affected())
        })?;
        Ok(rows == 1)
    }
}
