//! The database behind a store's back: to look for what must not be there, and to do what a store would never do.

use sqlx::{Executor, PgPool, SqlitePool};

/// A connection of the test's own.
pub enum Raw {
    /// To PostgreSQL.
    Postgres(PgPool),
    /// To SQLite.
    Sqlite(SqlitePool),
}

/// Ends all connections to the current database but the one that says this.
pub const CUT_OTHERS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                              WHERE datname = current_database() AND pid <> pg_backend_pid()";

impl Raw {
    /// The SQLite file at a URL.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub async fn of_file(url: &str) -> Self {
        Self::Sqlite(SqlitePool::connect(url).await.unwrap_or_else(|error| panic!("{url}: {error}")))
    }

    /// Executes one or more statements; the database's error if it refuses.
    ///
    /// # Errors
    /// What the database says.
    pub async fn attempt(&self, sql: &str) -> Result<u64, sqlx::Error> {
        Ok(match self {
            Self::Postgres(pool) => pool.execute(sql).await?.rows_affected(),
            Self::Sqlite(pool) => pool.execute(sql).await?.rows_affected(),
        })
    }

    /// Executes what must succeed; how many rows it changed.
    ///
    /// # Panics
    /// If it does not.
    pub async fn execute(&self, sql: &str) -> u64 {
        self.attempt(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The first column of all rows; cast it to text in the query.
    ///
    /// # Panics
    /// If the query fails.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = match self {
            Self::Postgres(pool) => sqlx::query_scalar::<_, String>(sql).fetch_all(pool).await,
            Self::Sqlite(pool) => sqlx::query_scalar::<_, String>(sql).fetch_all(pool).await,
        };
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// All rows of a table as lines of text; SQLite's in hexadecimal, whatever their type.
    pub async fn lines(&self, table: &str) -> Vec<String> {
        match self {
            Self::Postgres(_) => self.texts(&format!("SELECT line::text FROM {table} AS line")).await,
            Self::Sqlite(_) => {
                let columns =
                    self.texts(&format!("SELECT 'hex(\"' || name || '\")' FROM pragma_table_info('{table}')")).await;
                self.texts(&format!("SELECT lower({}) FROM \"{table}\"", columns.join(" || ' ' || "))).await
            }
        }
    }

    /// The names of all tables.
    pub async fn tables(&self) -> Vec<String> {
        self.texts(match self {
            Self::Postgres(_) => {
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables \
                 WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
            }
            Self::Sqlite(_) => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            }
        })
        .await
    }

    /// Executes statements that the append-only triggers would refuse; they are off for as long as that takes.
    ///
    /// # Panics
    /// If a statement fails.
    pub async fn tamper(&self, sql: &str) {
        match self {
            Self::Postgres(_) => {
                self.execute("ALTER TABLE events DISABLE TRIGGER USER").await;
                self.execute(sql).await;
                self.execute("ALTER TABLE events ENABLE TRIGGER USER").await;
            }
            Self::Sqlite(_) => {
                let definitions = "FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'";
                let names = self.texts(&format!("SELECT name {definitions}")).await;
                let again = self.texts(&format!("SELECT sql {definitions}")).await;
                for name in names {
                    self.execute(&format!("DROP TRIGGER \"{name}\"")).await;
                }
                self.execute(sql).await;
                for trigger in again {
                    self.execute(&trigger).await;
                }
            }
        }
    }
}
