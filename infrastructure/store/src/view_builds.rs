//! Builds of the read models: which is read, the switch between two in one transaction, and how one goes.

use entente_application::erasing;
use entente_application::ports::{Build, StoreError};
use entente_projections::{caseload, exposure, facts, inbox};

use crate::database::{Database, writing};
use crate::errors::fault;

const OTHERS: &str = "SELECT build FROM view_build WHERE projection = $1 AND build <> $2 AND NOT dropped";
const SWITCH_OFF: &str = "UPDATE view_build SET live = false WHERE projection = $1 AND live";
const SWITCH_ON: &str = "UPDATE view_build SET live = true WHERE projection = $1 AND build = $2 AND NOT dropped";
const DISCARD: &str = "UPDATE view_build SET dropped = true \
    WHERE projection = $1 AND build = $2 AND NOT live AND NOT dropped";
const DROP: &str = "UPDATE view_build SET dropped = true, live = false WHERE projection = $1 AND build = $2";

/// Tables of the projections, to be emptied of a build; numbers of builds are each projection's own.
const INBOX_TABLES: &[&str] = &["DELETE FROM inbox_row WHERE build = $1", "DELETE FROM seated_row WHERE build = $1"];
const CASELOAD_TABLES: &[&str] = &["DELETE FROM caseload_row WHERE build = $1"];
const FACT_TABLES: &[&str] = &["DELETE FROM fact_row WHERE build = $1"];
const EXPOSURE_TABLES: &[&str] = &[
    "DELETE FROM sitting_row WHERE build = $1",
    "DELETE FROM showing_row WHERE build = $1",
    "DELETE FROM mark_row WHERE build = $1",
];

/// Makes a build the one that is read, and drops the others of its projection.
pub(crate) async fn switch(database: &Database, build: &Build) -> Result<(), StoreError> {
    let number = number(build)?;
    let tables = tables(build.projection)?;
    writing!(database, |transaction, Engine| {
        let off = sqlx::query(SWITCH_OFF).bind(build.projection);
        off.execute(&mut *transaction).await.map_err(fault)?;
        let on = sqlx::query(SWITCH_ON).bind(build.projection).bind(number);
        if on.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0 {
            return Err(no_build("it was dropped"));
        }
        let query = sqlx::query_scalar(OTHERS).bind(build.projection).bind(number);
        let others: Vec<i64> = query.fetch_all(&mut *transaction).await.map_err(fault)?;
        for other in others {
            for table in tables {
                sqlx::query(table).bind(other).execute(&mut *transaction).await.map_err(fault)?;
            }
            let query = sqlx::query(DROP).bind(build.projection).bind(other);
            query.execute(&mut *transaction).await.map_err(fault)?;
        }
    });
    Ok(())
}

/// Drops a build that is not live.
pub(crate) async fn discard(database: &Database, build: &Build) -> Result<(), StoreError> {
    let number = number(build)?;
    let tables = tables(build.projection)?;
    writing!(database, |transaction, Engine| {
        // First, so that nobody can make it live while its rows go.
        let query = sqlx::query(DISCARD).bind(build.projection).bind(number);
        if query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0 {
            return Err(no_build("it is live, or was dropped before"));
        }
        for table in tables {
            sqlx::query(table).bind(number).execute(&mut *transaction).await.map_err(fault)?;
        }
    });
    Ok(())
}

pub(crate) fn number(build: &Build) -> Result<i64, StoreError> {
    i64::try_from(build.build).map_err(|_| no_build("its number is too large"))
}

pub(crate) fn tables(projection: &str) -> Result<&'static [&'static str], StoreError> {
    match projection {
        inbox::NAME => Ok(INBOX_TABLES),
        caseload::NAME => Ok(CASELOAD_TABLES),
        exposure::NAME => Ok(EXPOSURE_TABLES),
        facts::NAME => Ok(FACT_TABLES),
        // What is erased has a checkpoint and no rows.
        erasing::NAME => Ok(&[]),
        other => Err(StoreError::Misconfigured(format!("no projection is called {other}"))),
    }
}

pub(crate) fn no_build(reason: &str) -> StoreError {
    StoreError::Misconfigured(format!("there is no such build of the projection: {reason}"))
}
