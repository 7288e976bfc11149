//! Appends to SQLite: one flush and one call for a batch; three if something is in the way of one of its commands.

use std::sync::Arc;

use entente_application::ports::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};
use tokio::sync::{Mutex, MutexGuard};

use super::log_options;
use crate::database::Sqlite;
use crate::errors::{Failure, classify};
use crate::settings::Settings;
use crate::writer::{Engine, Prepared, Verdict};

/// Takes the write lock, then looks: what it sees stays so until the batch is committed.
const BEGIN_AND_LOOK: &str = "BEGIN IMMEDIATE; \
    SELECT (SELECT pos FROM log_head), \
        (SELECT e.pos FROM events e WHERE e.command = unhex(ask.value ->> 1)), \
        (SELECT max(e.sequence) FROM events e \
            WHERE e.aggregate_type = 'case' AND e.aggregate_id = (ask.value ->> 0)) \
    FROM json_each($1) AS ask ORDER BY ask.key";

/// Rows per INSERT are powers of two up to this, so that few statements serve every size of batch.
const LARGEST: usize = 64;

/// The log's own connection.
pub(crate) struct SqliteLog {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    turn: Arc<Mutex<()>>,
    /// INSERTs of 1, 2, 4 … rows; and the same followed by the head's move and the commit.
    inserts: Vec<[String; 2]>,
    /// Whole transactions of 1, 2, 3 … events.
    bets: Vec<String>,
}

impl SqliteLog {
    pub(crate) fn new(settings: &Settings, database: &Sqlite) -> Result<Self, StoreError> {
        let sizes = std::iter::successors(Some(1), |size| Some(size * 2)).take_while(|size| *size <= LARGEST);
        Ok(Self {
            options: log_options(settings)?,
            connection: None,
            turn: Arc::clone(&database.turn),
            inserts: sizes.map(insert).collect(),
            bets: (1..=LARGEST).map(transaction).collect(),
        })
    }

    /// Ends the transaction if it is still open, and the connection if it is not to be trusted.
    async fn failed(connection: &mut Option<SqliteConnection>, error: &sqlx::Error) -> Failure {
        let failure = classify(error);
        if let Some(open) = connection {
            // Fails harmlessly if the engine has rolled back by itself.
            let rolled_back = sqlx::query("ROLLBACK").execute(open).await;
            if matches!(failure, Failure::Unknown(_)) || matches!(rolled_back, Err(sqlx::Error::WorkerCrashed)) {
                *connection = None;
            }
        }
        failure
    }

    async fn transaction(
        connection: &mut SqliteConnection,
        inserts: &[[String; 2]],
        batch: &[Prepared],
    ) -> Result<Vec<Verdict>, sqlx::Error> {
        let seen = sqlx::query(BEGIN_AND_LOOK).bind(asks(batch)).fetch_all(&mut *connection).await?;
        let (verdicts, head, last) = judge(batch, &seen)?;
        let accepted = batch.iter().zip(&verdicts).filter_map(|(prepared, verdict)| match verdict {
            Verdict::At(first) => Some((prepared, *first)),
            Verdict::Conflict | Verdict::Repeated => None,
        });
        let rows: Vec<Inserted<'_>> = accepted.flat_map(|(prepared, first)| inserted(prepared, first)).collect();
        if last == head {
            sqlx::query("COMMIT").execute(&mut *connection).await?;
            return Ok(verdicts);
        }
        let mut rest = rows.as_slice();
        while !rest.is_empty() {
            let power = rest.len().min(LARGEST).ilog2() as usize;
            let (chunk, later) = rest.split_at(1 << power);
            let finishes = later.is_empty();
            let mut query = sqlx::query::<sqlx::Sqlite>(&inserts[power][usize::from(finishes)]);
            for row in chunk {
                query = query
                    .bind(row.prepared.stream.as_str())
                    .bind(row.prepared.expected + row.nth)
                    .bind(row.prepared.lines[row.index()].kind)
                    .bind(row.prepared.lines[row.index()].version)
                    .bind(row.prepared.lines[row.index()].payload.as_str())
                    .bind(row.prepared.metadata.as_str())
                    .bind(row.position)
                    .bind((row.nth == 1).then_some(row.prepared.command));
            }
            if finishes {
                query = query.bind(last);
            }
            query.execute(&mut *connection).await?;
            rest = later;
        }
        Ok(verdicts)
    }
}

impl Engine for SqliteLog {
    async fn append(&mut self, batch: &[Prepared]) -> Result<Vec<Verdict>, Failure> {
        let _turn: MutexGuard<'_, ()> = self.turn.lock().await;
        if self.connection.is_none() {
            let fresh = self.options.connect().await.map_err(|error| Failure::Again(error.to_string()))?;
            self.connection = Some(fresh);
        }
        let Some(connection) = &mut self.connection else {
            return Err(Failure::Again("there is no connection".to_owned()));
        };
        let lines: usize = batch.iter().map(|prepared| prepared.lines.len()).sum();
        if let Some(sql) = self.bets.get(lines.wrapping_sub(1)) {
            match bet(connection, sql, batch).await {
                Ok(verdicts) => return Ok(verdicts),
                // Something is in the way: rolled back, then looked at.
                Err(error) if is_constraint(&error) => drop(sqlx::query("ROLLBACK").execute(&mut *connection).await),
                Err(error) => return Err(Self::failed(&mut self.connection, &error).await),
            }
        }
        match Self::transaction(connection, &self.inserts, batch).await {
            Ok(verdicts) => Ok(verdicts),
            Err(error) => Err(Self::failed(&mut self.connection, &error).await),
        }
    }

    async fn close(self) {
        if let Some(connection) = self.connection {
            let closed = connection.close().await;
            tracing::debug!(?closed, "the log's connection is closed");
        }
    }
}

/// Bets that nothing is in the way of any command of the batch: one call, and nothing is looked up beforehand. The
/// triggers and indexes refuse the whole batch if the bet is lost.
async fn bet(connection: &mut SqliteConnection, sql: &str, batch: &[Prepared]) -> Result<Vec<Verdict>, sqlx::Error> {
    let mut query = sqlx::query_scalar::<sqlx::Sqlite, i64>(sql);
    let mut size = 0_i64;
    for prepared in batch {
        for (nth, line) in (1..).zip(&prepared.lines) {
            size += 1;
            query = query
                .bind(prepared.stream.as_str())
                .bind(prepared.expected + nth)
                .bind(line.kind)
                .bind(line.version)
                .bind(line.payload.as_str())
                .bind(prepared.metadata.as_str())
                .bind(size)
                .bind((nth == 1).then_some(prepared.command));
        }
    }
    // All rows are awaited: the one that tells the head comes before the commit.
    let heads = query.bind(size).fetch_all(connection).await?;
    let mut first = heads.first().map(|head| head - size + 1).ok_or(sqlx::Error::RowNotFound)?;
    let mut verdicts = Vec::with_capacity(batch.len());
    for prepared in batch {
        verdicts.push(Verdict::At(first));
        first += i64::try_from(prepared.lines.len()).unwrap_or(i64::MAX);
    }
    Ok(verdicts)
}

/// CONSTRAINT, from an index or from a trigger.
fn is_constraint(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == 19)
}

/// One row of the log, before it is one.
struct Inserted<'a> {
    prepared: &'a Prepared,
    /// Its number among its command's events, from 1.
    nth: i64,
    position: i64,
}

impl Inserted<'_> {
    fn index(&self) -> usize {
        usize::try_from(self.nth - 1).unwrap_or(0)
    }
}

fn inserted(prepared: &Prepared, first: i64) -> impl Iterator<Item = Inserted<'_>> {
    (1..).zip(&prepared.lines).map(move |(nth, _)| Inserted { prepared, nth, position: first + nth - 1 })
}

/// Stream and command of each, as a JSON array of pairs.
fn asks(batch: &[Prepared]) -> String {
    let mut asks = String::with_capacity(80 * batch.len() + 2);
    for prepared in batch {
        asks.push(if asks.is_empty() { '[' } else { ',' });
        asks.push_str(&format!("[\"{}\",\"{}\"]", prepared.stream, prepared.command.simple()));
    }
    asks.push(']');
    asks
}

/// What becomes of each command; the head before, and after.
fn judge(batch: &[Prepared], seen: &[SqliteRow]) -> Result<(Vec<Verdict>, i64, i64), sqlx::Error> {
    let head: i64 = seen.first().ok_or(sqlx::Error::RowNotFound)?.try_get(0)?;
    let mut last = head;
    let mut verdicts = Vec::with_capacity(batch.len());
    for (prepared, row) in batch.iter().zip(seen) {
        let repeated: Option<i64> = row.try_get(1)?;
        let version: Option<i64> = row.try_get(2)?;
        verdicts.push(if repeated.is_some() {
            Verdict::Repeated
        } else if version.unwrap_or(0) != prepared.expected {
            Verdict::Conflict
        } else {
            let first = last + 1;
            last += i64::try_from(prepared.lines.len()).unwrap_or(i64::MAX);
            Verdict::At(first)
        });
    }
    Ok((verdicts, head, last))
}

fn insert(rows: usize) -> [String; 2] {
    let values = vec!["('case', ?, ?, ?, ?, ?, ?, ?, ?)"; rows].join(", ");
    let insert = format!(
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, \
         pos, command) VALUES {values}"
    );
    let finished = format!("{insert}; UPDATE log_head SET pos = ? WHERE one = 1; COMMIT");
    [insert, finished]
}

/// `OR ROLLBACK`: nothing of a refused batch is to stay, so SQLite need not keep what a single row would have undone.
fn transaction(rows: usize) -> String {
    let values = vec!["('case', ?, ?, ?, ?, ?, ?, (SELECT pos FROM log_head) + ?, ?)"; rows].join(", ");
    format!(
        "BEGIN IMMEDIATE; \
         INSERT OR ROLLBACK INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, \
         metadata, pos, command) VALUES {values}; \
         UPDATE OR ROLLBACK log_head SET pos = pos + ? WHERE one = 1 RETURNING pos; COMMIT"
    )
}
