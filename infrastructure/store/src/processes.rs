//! The process managers' tables: who may act, how far the log is read, what waits for its time.

use async_trait::async_trait;
use entente_application::ports::{
    Ending, Errand, Lease, News, Outgoing, Period, Periods, Position, Processes, Running, StoreError,
};
use entente_domain::{CaseId, CommandId};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::Store;
use crate::database::{Database, reading, writing};
use crate::errors::{damaged, fault};
use crate::process_batches;
use crate::view_rows::{instant, parse};

const KNOW: &str = "INSERT INTO process (name) VALUES ($1) ON CONFLICT DO NOTHING";
/// Who holds it keeps its fence; whoever takes it over gets a higher one. What ends later than three terms from now, nobody
/// can have taken who has the same time: the clock was put back meanwhile.
const TAKE: &str = "UPDATE process SET fence = CASE WHEN holder = $2 THEN fence ELSE fence + 1 END, holder = $2, \
    until = $4 + $3 WHERE name = $1 AND (holder IS NULL OR holder = $2 OR until <= $4 OR until > $4 + 3 * $3) \
    RETURNING fence, pos";
/// The database's clock, in microseconds since 1970.
const POSTGRES_NOW: &str = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
const SQLITE_NOW: &str = "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)";
const RELEASE: &str = "UPDATE process SET holder = NULL, until = 0 WHERE name = $1 AND fence = $2";
const WAITING: &str = "SELECT id, case_id, what, at FROM errand WHERE process = $1 AND state = 'waiting' AND at <= $2 \
    ORDER BY at, id LIMIT $3";
const END: &str = "UPDATE errand SET state = $2, ended = $3 WHERE id = $1 AND state = 'waiting'";
const DUE: &str = "SELECT id, case_id, kind, about, since, due, ended FROM period \
    WHERE ended IS NULL AND due <= $1 AND (due, id) > ($2, $3) \
    AND (kind NOT IN ('challenge', 'return_window') OR due > $5) ORDER BY due, id LIMIT $4";
/// Of two lists, each by its own index. A right that ends by itself is missed by nobody.
const MISSED: &str = "SELECT id, case_id, kind, about, since, due, ended FROM (\
    SELECT * FROM period WHERE ended IS NULL AND due < $1 \
    UNION ALL SELECT * FROM period WHERE ended > due AND due < $1) AS missed \
    WHERE (due, id) < ($2, $3) AND kind NOT IN ('challenge', 'return_window') AND $5 >= 0 \
    ORDER BY due DESC, id DESC LIMIT $4";

/// id, case, kind, what it is about as JSON, since, due, ended
type Columns = (Uuid, Uuid, String, String, i64, i64, Option<i64>);

#[async_trait]
impl Processes for Store {
    async fn lease(
        &self,
        process: &'static str,
        holder: Uuid,
        term: SignedDuration,
    ) -> Result<Option<Lease>, StoreError> {
        let term = i64::try_from(term.as_micros()).unwrap_or(i64::MAX / 8).min(i64::MAX / 8);
        let clock = match &self.database {
            Database::Postgres(_) => POSTGRES_NOW,
            Database::Sqlite(_) => SQLITE_NOW,
        };
        let taken: Option<(i64, i64)> = writing!(&self.database, |transaction, Engine| {
            sqlx::query(KNOW).bind(process).execute(&mut *transaction).await.map_err(fault)?;
            let now: i64 = sqlx::query_scalar(clock).fetch_one(&mut *transaction).await.map_err(fault)?;
            let query = sqlx::query_as(TAKE).bind(process).bind(holder).bind(term).bind(now);
            query.fetch_optional(&mut *transaction).await.map_err(fault)?
        });
        let negative = |_| damaged("a process manager has a negative number");
        let Some((fence, position)) = taken else { return Ok(None) };
        let (fence, position) = (u64::try_from(fence).map_err(negative)?, u64::try_from(position).map_err(negative)?);
        Ok(Some(Lease { process, fence, position: Position(position) }))
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let fence = number(lease.fence)?;
        writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(RELEASE).bind(lease.process).bind(fence);
            query.execute(&mut *transaction).await.map_err(fault)?;
        });
        Ok(())
    }

    async fn advance(&self, lease: &Lease, to: Position, outgoing: &[Outgoing]) -> Result<bool, StoreError> {
        process_batches::advance(&self.database, lease, to, outgoing).await
    }

    async fn waiting(&self, process: &'static str, now: Timestamp, limit: u32) -> Result<Vec<Errand>, StoreError> {
        let rows: Vec<(Uuid, Uuid, String, i64)> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(WAITING).bind(process).bind(now.as_microsecond()).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        let errand =
            |(id, case, what, at)| Ok(Errand { id: CommandId(id), case: CaseId(case), what, at: instant(at)? });
        rows.into_iter().map(errand).collect()
    }

    async fn end(
        &self,
        lease: &Lease,
        ended: &[(CommandId, Ending)],
        news: &[News],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let fence = number(lease.fence)?;
        let news: Vec<&News> = news.iter().collect();
        writing!(&self.database, |transaction, Engine| {
            let held = sqlx::query(process_batches::HELD).bind(lease.process).bind(fence);
            if held.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0 {
                return Ok(false);
            }
            for (id, ending) in ended {
                let state = match ending {
                    Ending::Done => "done",
                    Ending::Moot => "moot",
                };
                let query = sqlx::query(END).bind(id.0).bind(state).bind(at.as_microsecond());
                query.execute(&mut *transaction).await.map_err(fault)?;
            }
            process_batches::tell!(transaction, Engine, &news);
        });
        Ok(true)
    }

    async fn periods(
        &self,
        which: Periods,
        after: Option<(Timestamp, Uuid)>,
        limit: u32,
    ) -> Result<Vec<Period>, StoreError> {
        let (sql, at, now, first) = match which {
            Periods::Due { until, now } => (DUE, until, now, (i64::MIN, Uuid::nil())),
            Periods::Missed { now } => (MISSED, now, now, (i64::MAX, Uuid::max())),
        };
        let (due, id) = after.map_or(first, |(due, id)| (due.as_microsecond(), id));
        let rows: Vec<Columns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(sql)
                .bind(at.as_microsecond())
                .bind(due)
                .bind(id)
                .bind(i64::from(limit))
                .bind(now.as_microsecond());
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(period).collect()
    }
}

fn period((id, case, kind, about, since, due, ended): Columns) -> Result<Period, StoreError> {
    let about = serde_json::from_str(&about).map_err(|_| damaged("a period is about nothing that is known"))?;
    let running = Running { kind: parse(&kind)?, about, since: instant(since)?, due: instant(due)? };
    Ok(Period { id, case: CaseId(case), running, ended: ended.map(instant).transpose()? })
}

/// A number of ours as the databases keep it.
pub(crate) fn number(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Misconfigured("a number is too large".to_owned()))
}
