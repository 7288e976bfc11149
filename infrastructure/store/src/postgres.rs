//! PostgreSQL: what a server must be like, and its way to keep looks.

pub(crate) mod keys;
pub(crate) mod log;

use std::str::FromStr as _;
use std::time::Duration;

use entente_application::ports::StoreError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgPool};

use crate::database::Postgres;
use crate::errors::fault;
use crate::looks::LookLine;
use crate::settings::Settings;

/// A connection that was idle for longer is tried before it is trusted with a batch.
const TRUSTED: Duration = Duration::from_secs(5);

/// Connects, and refuses a server that would lose acknowledged events.
pub(crate) async fn open(settings: &Settings) -> Result<Postgres, StoreError> {
    let pool = PgPoolOptions::new()
        .max_connections(settings.readers.max(2))
        .acquire_timeout(Duration::from_secs(5))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options(settings)?)
        .await
        .map_err(fault)?;
    check(&pool).await?;
    Ok(Postgres { pool })
}

fn options(settings: &Settings) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(&settings.url)
        .map_err(|error| StoreError::Misconfigured(format!("the database URL is not understood: {error}")))?;
    Ok(settings.telling(options.application_name("entente")))
}

async fn check(pool: &PgPool) -> Result<(), StoreError> {
    let (version, fsync, pages, commit): (i32, String, String, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::integer, current_setting('fsync'), \
         current_setting('full_page_writes'), current_setting('synchronous_commit')",
    )
    .fetch_one(pool)
    .await
    .map_err(fault)?;
    if version < 150_000 {
        return Err(StoreError::Misconfigured(format!(
            "PostgreSQL 15 or newer is needed, this server is {}",
            version / 10_000
        )));
    }
    for (setting, value) in [("fsync", fsync), ("full_page_writes", pages), ("synchronous_commit", commit)] {
        if value == "off" {
            return Err(StoreError::Misconfigured(format!(
                "the server has {setting} = off and would lose acknowledged events when it stops: switch it on"
            )));
        }
    }
    Ok(())
}

/// Adds looks to the access log; durable when it answers.
pub(crate) async fn insert_looks(pool: &PgPool, looks: &[LookLine]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO look (at, viewer, person, case_id, item, position, granted) \
         SELECT line.at, line.viewer, line.person, line.case_id, line.item, line.position, line.granted \
         FROM unnest($1::bigint[], $2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::boolean[]) \
         WITH ORDINALITY AS line (at, viewer, person, case_id, item, position, granted, nr) ORDER BY line.nr",
    )
    .bind(looks.iter().map(|look| look.at).collect::<Vec<_>>())
    .bind(looks.iter().map(|look| look.viewer).collect::<Vec<_>>())
    .bind(looks.iter().map(|look| look.person).collect::<Vec<_>>())
    .bind(looks.iter().map(|look| look.case).collect::<Vec<_>>())
    .bind(looks.iter().map(|look| look.item).collect::<Vec<_>>())
    .bind(looks.iter().map(|look| look.position).collect::<Vec<_>>())
    .bind(looks.iter().map(|look| look.granted).collect::<Vec<_>>())
    .execute(pool)
    .await
    .map_err(fault)?;
    Ok(())
}
