//! The schema of each database, embedded, applied in order, and compared before serving.

use std::future::ready;

use entente_application::ports::StoreError;
use sqlx::error::BoxDynError;
use sqlx::migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator};
use sqlx::{PgPool, SqlitePool};

use crate::database::Database;
use crate::errors::fault;

/// A folder of numbered scripts, in the binary.
#[derive(Clone, Copy, Debug)]
struct Scripts(&'static [(i64, &'static str, &'static str)]);

const POSTGRES: Scripts = Scripts(&[
    (1, "log", include_str!("../migrations/postgres/0001_log.sql")),
    (2, "views", include_str!("../migrations/postgres/0002_views.sql")),
    (3, "tokens", include_str!("../migrations/postgres/0003_tokens.sql")),
    (4, "keys", include_str!("../migrations/postgres/0004_keys.sql")),
    (5, "exposure", include_str!("../migrations/postgres/0005_exposure.sql")),
    (6, "looks", include_str!("../migrations/postgres/0006_looks.sql")),
    (7, "documents", include_str!("../migrations/postgres/0007_documents.sql")),
    (8, "processes", include_str!("../migrations/postgres/0008_processes.sql")),
    (9, "letters in trouble", include_str!("../migrations/postgres/0009_letters_in_trouble.sql")),
    (10, "facts", include_str!("../migrations/postgres/0010_facts.sql")),
]);

const SQLITE: Scripts = Scripts(&[
    (1, "log", include_str!("../migrations/sqlite/0001_log.sql")),
    (2, "views", include_str!("../migrations/sqlite/0002_views.sql")),
    (3, "tokens", include_str!("../migrations/sqlite/0003_tokens.sql")),
    (4, "exposure", include_str!("../migrations/sqlite/0004_exposure.sql")),
    (5, "uploads", include_str!("../migrations/sqlite/0005_uploads.sql")),
    (6, "processes", include_str!("../migrations/sqlite/0006_processes.sql")),
    (7, "letters in trouble", include_str!("../migrations/sqlite/0007_letters_in_trouble.sql")),
    (8, "facts", include_str!("../migrations/sqlite/0008_facts.sql")),
]);

const KEYS: Scripts = Scripts(&[
    (1, "keys", include_str!("../migrations/keys/0001_keys.sql")),
    (2, "documents", include_str!("../migrations/keys/0002_documents.sql")),
]);

const LOOKS: Scripts = Scripts(&[(1, "looks", include_str!("../migrations/looks/0001_looks.sql"))]);

const APPLIED: &str = "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";

impl Scripts {
    fn migrations(self) -> Vec<Migration> {
        let migration = |&(version, name, sql): &(i64, &'static str, &'static str)| {
            Migration::new(version, name.into(), MigrationType::Simple, sql.into(), false)
        };
        self.0.iter().map(migration).collect()
    }

    async fn migrator(self) -> Result<Migrator, StoreError> {
        Migrator::new(self).await.map_err(refused)
    }

    /// Whether exactly these scripts were applied.
    fn compare(self, applied: &[(i64, Vec<u8>)]) -> Result<(), StoreError> {
        let known = self.migrations();
        for migration in &known {
            match applied.iter().find(|(version, _)| *version == migration.version) {
                None => {
                    return Err(StoreError::Misconfigured(
                        "the database has a pending migration: run `entente migrate`".to_owned(),
                    ));
                }
                Some((version, checksum)) if checksum.as_slice() != &*migration.checksum => {
                    return Err(StoreError::Misconfigured(format!(
                        "migration {version} of the database is not the one that this program knows"
                    )));
                }
                Some(_) => {}
            }
        }
        match applied.iter().find(|(version, _)| known.iter().all(|migration| migration.version != *version)) {
            None => Ok(()),
            Some((version, _)) => Err(StoreError::Misconfigured(format!(
                "the database has migration {version}, which this program is too old to know"
            ))),
        }
    }
}

impl MigrationSource<'static> for Scripts {
    fn resolve(self) -> std::pin::Pin<Box<dyn Future<Output = Result<Vec<Migration>, BoxDynError>> + Send + 'static>> {
        Box::pin(ready(Ok(self.migrations())))
    }
}

/// Brings the schema up to date.
pub(crate) async fn run(database: &Database) -> Result<(), StoreError> {
    match database {
        Database::Postgres(postgres) => POSTGRES.migrator().await?.run(&postgres.pool).await.map_err(refused),
        Database::Sqlite(sqlite) => {
            SQLITE.migrator().await?.run(&sqlite.writer).await.map_err(refused)?;
            KEYS.migrator().await?.run(&sqlite.keys).await.map_err(refused)?;
            LOOKS.migrator().await?.run(&sqlite.looks).await.map_err(refused)
        }
    }
}

/// Refuses a database whose schema is not the one that this program was written for.
pub(crate) async fn check(database: &Database) -> Result<(), StoreError> {
    match database {
        Database::Postgres(postgres) => POSTGRES.compare(&applied_postgres(&postgres.pool).await?),
        Database::Sqlite(sqlite) => {
            SQLITE.compare(&applied_sqlite(&sqlite.readers).await?)?;
            KEYS.compare(&applied_sqlite(&sqlite.keys).await?)?;
            LOOKS.compare(&applied_sqlite(&sqlite.look_readers).await?)
        }
    }
}

async fn applied_postgres(pool: &PgPool) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    sqlx::query_as(APPLIED).fetch_all(pool).await.map_err(fault)
}

async fn applied_sqlite(pool: &SqlitePool) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    sqlx::query_as(APPLIED).fetch_all(pool).await.map_err(fault)
}

fn refused(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) => fault(error),
        other => StoreError::Misconfigured(format!("the database cannot be migrated: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(scripts: Scripts) -> Vec<(i64, Vec<u8>)> {
        scripts.migrations().into_iter().map(|migration| (migration.version, migration.checksum.into_owned())).collect()
    }

    #[test]
    fn what_was_applied_may_be_served() {
        assert!(SQLITE.compare(&applied(SQLITE)).is_ok());
        assert!(POSTGRES.compare(&applied(POSTGRES)).is_ok());
    }

    #[test]
    fn a_pending_migration_may_not() {
        let mut some = applied(SQLITE);
        some.pop();
        assert!(SQLITE.compare(&some).is_err_and(|error| error.to_string().contains("entente migrate")));
    }

    #[test]
    fn nor_a_changed_one_nor_one_from_the_future() {
        let mut changed = applied(SQLITE);
        changed[0].1[0] ^= 1;
        assert!(SQLITE.compare(&changed).is_err());
        let mut newer = applied(SQLITE);
        newer.push((99, vec![0]));
        assert!(SQLITE.compare(&newer).is_err());
    }
}
