//! A smallest aggregate, and the tables of the stock crates, to show what these do by themselves.

use std::path::Path;

use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent, EventEnvelope, View};
use serde::{Deserialize, Serialize};
use sqlx::{PgPool, SqlitePool};

/// A purse: its total is the sum of what was put in, so that applying an event twice shows.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purse {
    pub total: u64,
}

#[derive(Clone, Copy, Debug)]
pub struct PutIn(pub u64);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PurseEvent {
    PutIn { coins: u64 },
}

#[derive(Debug, PartialEq, Eq)]
pub struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a purse refuses nothing")
    }
}

impl std::error::Error for Never {}

impl DomainEvent for PurseEvent {
    fn event_type(&self) -> String {
        "PutIn".to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Aggregate for Purse {
    const TYPE: &'static str = "Purse";
    type Command = PutIn;
    type Event = PurseEvent;
    type Error = Never;
    type Services = ();

    async fn handle(&mut self, PutIn(coins): PutIn, (): &(), sink: &EventSink<Self>) -> Result<(), Never> {
        sink.write(PurseEvent::PutIn { coins }, self).await;
        Ok(())
    }

    fn apply(&mut self, PurseEvent::PutIn { coins }: PurseEvent) {
        self.total += coins;
    }
}

/// The total as the crate's read models keep it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotalView {
    pub total: u64,
}

impl View<Purse> for TotalView {
    fn update(&mut self, event: &EventEnvelope<Purse>) {
        let PurseEvent::PutIn { coins } = event.payload;
        self.total += coins;
    }
}

/// The columns and keys that the crates' documentation asks for; `JSON` and `INT` stand for each engine's types.
const TABLES: &str = "
    CREATE TABLE events (aggregate_type text NOT NULL, aggregate_id text NOT NULL, sequence INT NOT NULL,
        event_type text NOT NULL, event_version text NOT NULL, payload JSON NOT NULL, metadata JSON NOT NULL,
        PRIMARY KEY (aggregate_type, aggregate_id, sequence));
    CREATE TABLE snapshots (aggregate_type text NOT NULL, aggregate_id text NOT NULL, last_sequence INT NOT NULL,
        current_snapshot INT NOT NULL, payload JSON NOT NULL,
        PRIMARY KEY (aggregate_type, aggregate_id, last_sequence));
    CREATE TABLE totals (view_id text PRIMARY KEY, version INT NOT NULL, payload JSON NOT NULL);";

/// The stock crate's own pool on a new PostgreSQL database.
pub async fn on_postgres() -> PgPool {
    let pool = postgres_es::default_postgress_pool(&entente_tests::postgres::database()).await;
    sqlx::raw_sql(&TABLES.replace("INT", "bigint").replace("JSON", "json")).execute(&pool).await.unwrap();
    pool
}

/// The stock crate's own pool on a new SQLite file.
pub async fn on_sqlite(folder: &Path) -> SqlitePool {
    let pool = sqlite_es::default_sqlite_pool(&format!("sqlite://{}", folder.join("stock.db").display())).await;
    sqlx::raw_sql(&TABLES.replace("INT", "integer").replace("JSON", "text")).execute(&pool).await.unwrap();
    pool
}
