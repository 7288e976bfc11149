//! Appends to PostgreSQL: a batch is one round trip; two if something is in the way of one of its commands.

use std::time::{Duration, Instant};

use entente_application::ports::StoreError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use tokio::time::timeout;

use super::{TRUSTED, options};
use crate::errors::{Failure, classify, damaged};
use crate::settings::Settings;
use crate::writer::{Engine, Prepared, Verdict};

const APPEND_BATCH: &str = "SELECT append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
const APPEND_BET: &str = "SELECT append_bet($1, $2, $3, $4, $5, $6, $7)";

/// A unique violation, or `append_bet`'s own word for a stream that is shorter than expected.
const NOT_AS_EXPECTED: [&str; 2] = ["23505", "EN001"];

/// How long a server may take to be reached; a network that swallows everything must not hold up the only writer.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long a batch may take; far more than a server that is alive needs, even while it waits for a standby.
const APPENDING: Duration = Duration::from_secs(60);

/// What the log's session must not inherit from the server, the role or the database.
///
/// The function's plans are made once, on whatever the tables look like then: only index look-ups may be chosen.
/// A time-out that strikes while a standby is awaited would report a commit that may be lost.
const SESSION: &str = "SET default_transaction_isolation = 'read committed'; SET statement_timeout = 0; \
    SET idle_session_timeout = 0; SET plan_cache_mode = force_generic_plan; SET jit = off; \
    SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off";

/// The log's own connection.
pub(crate) struct PostgresLog {
    options: PgConnectOptions,
    connection: Option<PgConnection>,
    used: Instant,
}

impl PostgresLog {
    pub(crate) fn new(settings: &Settings) -> Result<Self, StoreError> {
        Ok(Self { options: options(settings)?, connection: None, used: Instant::now() })
    }

    /// Nothing of a batch has been sent yet: whatever goes wrong here may be tried again.
    async fn connected(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        if let Some(connection) = &mut self.connection
            && self.used.elapsed() > TRUSTED
            && connection.ping().await.is_err()
        {
            self.connection = None;
        }
        if self.connection.is_none() {
            let mut connection = self.options.connect().await?;
            connection.execute(SESSION).await?;
            self.connection = Some(connection);
        }
        self.connection.as_mut().ok_or(sqlx::Error::WorkerCrashed)
    }
}

impl Engine for PostgresLog {
    async fn append(&mut self, batch: &[Prepared]) -> Result<Vec<Verdict>, Failure> {
        let connected = timeout(CONNECTING, self.connected()).await;
        let Ok(connected) = connected else {
            self.connection = None;
            return Err(Failure::Again("the server does not answer".to_owned()));
        };
        let connection = connected.map_err(|error| Failure::Again(error.to_string()))?;
        let answers = timeout(APPENDING, async {
            match bet(connection, batch).await {
                // Rolled back: the careful function says which command has what in its way.
                Err(error) if not_as_expected(&error) => append_batch(connection, batch).await,
                answer => answer,
            }
        })
        .await;
        let Ok(answers) = answers else {
            // Whether it was committed, the commands' ids will tell.
            self.connection = None;
            return Err(Failure::Unknown("the server did not answer in time".to_owned()));
        };
        match answers {
            Ok(answers) if answers.len() == batch.len() => {
                self.used = Instant::now();
                Ok(answers.into_iter().map(verdict).collect())
            }
            Ok(_) => Err(Failure::Refused(damaged("append_batch answered for another number of commands"))),
            Err(error) => {
                let failure = classify(&error);
                if !matches!(failure, Failure::Refused(_)) {
                    self.connection = None;
                }
                Err(failure)
            }
        }
    }

    async fn close(self) {
        if let Some(connection) = self.connection {
            let closed = connection.close().await;
            tracing::debug!(?closed, "the log's connection is closed");
        }
    }
}

/// Bets that nothing is in the way of any command, which is half the work of finding out.
async fn bet(connection: &mut PgConnection, batch: &[Prepared]) -> Result<Vec<i64>, sqlx::Error> {
    let lines =
        || batch.iter().flat_map(|prepared| (1..).zip(&prepared.lines).map(move |(nth, line)| (prepared, nth, line)));
    let mut first: i64 = sqlx::query_scalar(APPEND_BET)
        .bind(lines().map(|(prepared, ..)| prepared.stream.as_str()).collect::<Vec<_>>())
        .bind(lines().map(|(prepared, nth, _)| prepared.expected + nth).collect::<Vec<i64>>())
        .bind(lines().map(|(.., line)| line.kind).collect::<Vec<_>>())
        .bind(lines().map(|(.., line)| line.version).collect::<Vec<_>>())
        .bind(lines().map(|(.., line)| line.payload.as_str()).collect::<Vec<_>>())
        .bind(lines().map(|(prepared, ..)| prepared.metadata.as_str()).collect::<Vec<_>>())
        .bind(lines().map(|(prepared, nth, _)| (nth == 1).then_some(prepared.command)).collect::<Vec<_>>())
        .fetch_one(connection)
        .await?;
    let mut firsts = Vec::with_capacity(batch.len());
    for prepared in batch {
        firsts.push(first);
        first += i64::try_from(prepared.lines.len()).unwrap_or(i64::MAX);
    }
    Ok(firsts)
}

async fn append_batch(connection: &mut PgConnection, batch: &[Prepared]) -> Result<Vec<i64>, sqlx::Error> {
    let lines: usize = batch.iter().map(|prepared| prepared.lines.len()).sum();
    let mut owners: Vec<i32> = Vec::with_capacity(lines);
    let mut nths: Vec<i32> = Vec::with_capacity(lines);
    for (owner, prepared) in (1..).zip(batch) {
        for (nth, _) in (1..).zip(&prepared.lines) {
            owners.push(owner);
            nths.push(nth);
        }
    }
    let each = || batch.iter().flat_map(|prepared| &prepared.lines);
    sqlx::query_scalar(APPEND_BATCH)
        .bind(batch.iter().map(|prepared| prepared.stream.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|prepared| prepared.expected).collect::<Vec<_>>())
        .bind(batch.iter().map(|prepared| prepared.command).collect::<Vec<_>>())
        .bind(batch.iter().map(|prepared| prepared.metadata.as_str()).collect::<Vec<_>>())
        .bind(batch.iter().map(|prepared| i32::try_from(prepared.lines.len()).unwrap_or(0)).collect::<Vec<_>>())
        .bind(owners)
        .bind(nths)
        .bind(each().map(|line| line.kind).collect::<Vec<_>>())
        .bind(each().map(|line| line.version).collect::<Vec<_>>())
        .bind(each().map(|line| line.payload.as_str()).collect::<Vec<_>>())
        .fetch_one(connection)
        .await
}

fn not_as_expected(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| NOT_AS_EXPECTED.contains(&code.as_ref()))
}

/// As `append_batch` numbers them.
fn verdict(answer: i64) -> Verdict {
    match answer {
        -2 => Verdict::Repeated,
        -1 => Verdict::Conflict,
        first => Verdict::At(first),
    }
}
