//! The yardstick: one prepared single-row INSERT a commit, of the same bytes, into the stock seven columns.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use entente_tests::engines::{Engine, Home};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, PgConnection, SqliteConnection};

const TABLE: &str = "CREATE TABLE IF NOT EXISTS raw_events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, \
    sequence bigint NOT NULL, event_type text NOT NULL, event_version text NOT NULL, payload json NOT NULL, \
    metadata json NOT NULL, PRIMARY KEY (aggregate_type, aggregate_id, sequence))";
const INSERT: &str = "INSERT INTO raw_events VALUES ('case', $1, $2, 'MessagePosted', '1', $3, '{}')";

/// A row to insert again and again.
pub struct Raw {
    home: Arc<(Engine, String)>,
    payload: Arc<str>,
    sequence: Arc<AtomicI64>,
}

enum Line {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Raw {
    pub async fn new(home: &Home, payload: &str) -> Self {
        let raw = Self {
            home: Arc::new((home.engine(), home.settings().url)),
            payload: payload.into(),
            sequence: Arc::default(),
        };
        match raw.connect().await {
            Line::Postgres(mut line) => sqlx::query(TABLE).execute(&mut line).await.map(|_| ()).unwrap(),
            Line::Sqlite(mut line) => {
                let strict = TABLE.replace("bigint", "integer").replace("json", "text") + " STRICT";
                sqlx::query(&strict).execute(&mut line).await.map(|_| ()).unwrap();
            }
        }
        raw
    }

    async fn connect(&self) -> Line {
        let (engine, url) = &*self.home;
        match engine {
            Engine::Postgres => Line::Postgres(PgConnection::connect(url).await.unwrap()),
            Engine::Sqlite => {
                let options: SqliteConnectOptions = url.parse().unwrap();
                let options = options
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(30));
                Line::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
        }
    }

    /// As many as fit; commits, and the seconds taken.
    pub async fn run(&self, clients: usize, seconds: f64) -> (u64, f64) {
        let mut lines = Vec::new();
        for _ in 0..clients {
            lines.push(self.connect().await);
        }
        let commits = Arc::new(AtomicU64::new(0));
        let start = Instant::now();
        let tasks: Vec<_> = lines
            .into_iter()
            .map(|mut line| {
                let (commits, payload, sequence) = (commits.clone(), self.payload.clone(), self.sequence.clone());
                let id = uuid::Uuid::new_v4().to_string();
                tokio::spawn(async move {
                    while start.elapsed().as_secs_f64() < seconds {
                        let number = sequence.fetch_add(1, Ordering::Relaxed);
                        match &mut line {
                            Line::Postgres(line) => {
                                let insert = INSERT.replace("$3", "$3::text::json");
                                sqlx::query(&insert)
                                    .bind(&id)
                                    .bind(number)
                                    .bind(&*payload)
                                    .execute(line)
                                    .await
                                    .map(|_| ())
                            }
                            Line::Sqlite(line) => sqlx::query(INSERT)
                                .bind(&id)
                                .bind(number)
                                .bind(&*payload)
                                .execute(line)
                                .await
                                .map(|_| ()),
                        }
                        .unwrap();
                        commits.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        (commits.load(Ordering::Relaxed), start.elapsed().as_secs_f64())
    }

    /// Every row of our own log, as the database gives it, and the seconds taken.
    pub async fn read_all(&self) -> (u64, f64) {
        const SELECT: &str =
            "SELECT pos, aggregate_id, sequence, event_type, payload, metadata FROM events ORDER BY pos";
        let line = self.connect().await;
        let start = Instant::now();
        let mut bytes = 0;
        let rows = match line {
            Line::Postgres(mut line) => {
                let select = SELECT.replace("payload", "payload::text").replace("metadata", "metadata::text");
                let rows: Vec<(i64, String, i64, String, String, String)> =
                    sqlx::query_as(&select).fetch_all(&mut line).await.unwrap();
                rows.iter().for_each(|row| bytes += row.4.len());
                rows.len()
            }
            Line::Sqlite(mut line) => {
                let rows: Vec<(i64, String, i64, String, String, String)> =
                    sqlx::query_as(SELECT).fetch_all(&mut line).await.unwrap();
                rows.iter().for_each(|row| bytes += row.4.len());
                rows.len()
            }
        };
        assert!(bytes > 0);
        (rows as u64, start.elapsed().as_secs_f64())
    }
}
