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

    /// The organizations of a batch that are still due and that no other planner has in hand. Rows that
    /// refer to one, as those of the audit log do, may still be written: whoever writes one holds the
    /// turn that the plan waits for.
    LOCK_ORGANIZATIONS = "SELECT id FROM organization WHERE id IN (SELECT value FROM json_each($1)) \
        AND (next_due_at IS NULL OR next_due_at <= $2)",
        "SELECT id FROM organization WHERE id IN (SELECT value FROM json_each($1)) \
        AND (next_due_at IS NULL OR next_due_at <= $2) FOR NO KEY UPDATE SKIP LOCKED";

    /// Whether a cut-off lies after an instant.
    IS_DISTANT = "SELECT EXISTS (SELECT 1 FROM organization WHERE voided_at IS NULL AND next_due_at > $1) \
        OR EXISTS (SELECT 1 FROM subscription WHERE organization_id IS NULL AND role = 'consultant' AND next_due_at > $1)";

    /// Forgets such cut-offs, for the next look to find them anew.
    FORGET_ORGANIZATIONS = "UPDATE organization SET next_due_at = NULL WHERE voided_at IS NULL AND next_due_at > $1";

    /// The same for portfolios.
    FORGET_PORTFOLIOS = "UPDATE subscription SET next_due_at = NULL \
        WHERE organization_id IS NULL AND role = 'consultant' AND next_due_at > $1";

    /// Whether something stands for a scope with a cut-off after one instant and not after another.
    STANDS_BETWEEN = "SELECT EXISTS (SELECT 1 FROM edition WHERE scope_kind = $1 AND scope_id = $2 \
        AND cut_off_at > $3 AND cut_off_at <= $4 AND state <> 'draft')";

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

    /// Forgets next cut-offs that lie after `distant`; how many there were. Writes only where there
    /// are any.
    ///
    /// # Errors
    /// As any write.
    pub async fn forget_distant(&self, distant: i64) -> Result<u64, StoreError> {
        let sql = IS_DISTANT.on(self);
        let is_distant: bool = each_engine!(self, pool => sqlx::query_scalar(sql).bind(distant).fetch_one(pool).await)?;
        let mut forgotten = 0;
        for statement in
            [FORGET_ORGANIZATIONS, FORGET_PORTFOLIOS].into_iter().filter(|_| is_distant)
        {
            let sql = statement.on(self);
            forgotten += each_engine!(self, pool => {
                sqlx::query(sql).bind(distant).execute(pool).await.map(|done| done.rows_affected())
            })?;
        }
        Ok(forgotten)
    }

    /// Whether an edition of a consultant stands with a cut-off after `after` and not after `until`.
    ///
    /// # Errors
    /// As any read.
    pub async fn portfolio_stands(
        &self,
        person: &str,
        after: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        let sql = STANDS_BETWEEN.on(self);
        Ok(each_engine!(self, pool => {
            sqlx::query_scalar(sql).bind("consultant").bind(person).bind(after).bind(until)
                .fetch_one(pool).await
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
            sql.build_query_as().persistent(false).fetch_all(conn).await
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
