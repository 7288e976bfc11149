//! What the report is measured beside: plain SQL over the same table, and the engine's own program.

use std::process::Command;

use entente_tests::engines::{Engine, Home};
use entente_tests::raw::Raw;

/// The rows that the report reads.
const LIVE: &str = "build = (SELECT build FROM view_build WHERE projection = 'facts' AND live)";
/// SR1's numerator and denominator.
const SR1: &str = "sum(CASE WHEN outcome = 'settled' THEN 1 ELSE 0 END) || '/' || count(*)";
/// What the eight tables of a report are split by.
const SPLITS: [&str; 8] = [
    "build",
    "closed / 31557600000000",
    "offline_exchange IS NULL AND channels = '', claimant_item IS NULL",
    "cross_border",
    "sector",
    "amount",
    "rule_set",
    "closed / 31557600000000, offline_exchange IS NULL AND channels = '', claimant_item IS NULL",
];

/// A database behind the store's back.
pub struct Beside {
    raw: Raw,
    engine: Engine,
    url: String,
}

impl Beside {
    pub async fn of(home: &Home) -> Self {
        Self { raw: home.raw().await, engine: home.engine(), url: home.settings().url }
    }

    /// What a database does by itself some time after so many rows were written.
    pub async fn settle(&self) {
        match self.engine {
            Engine::Sqlite => drop(self.raw.attempt("PRAGMA wal_checkpoint(TRUNCATE)").await.is_ok()),
            Engine::Postgres => drop(self.raw.attempt("VACUUM ANALYZE fact_row").await.is_ok()),
        }
    }

    /// SR1 of all cases.
    pub async fn headline(&self) -> (u64, u64) {
        let sql = format!("SELECT {SR1} FROM fact_row WHERE {LIVE} AND appointed IS NOT NULL AND closed IS NOT NULL");
        let found = self.raw.texts(&sql).await;
        let (k, n) = found[0].split_once('/').unwrap();
        (k.parse().unwrap(), n.parse().unwrap())
    }

    /// SR1 of every cell of every table: a year of 365.25 days stands for a year in Paris.
    pub async fn every_table(&self) {
        for split in SPLITS {
            let sql = format!(
                "SELECT {SR1} FROM fact_row WHERE {LIVE} AND appointed IS NOT NULL AND closed IS NOT NULL GROUP BY {split}"
            );
            assert!(!self.raw.texts(&sql).await.is_empty());
        }
    }

    /// The engine's own program.
    pub fn name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "sqlite3",
            Engine::Postgres => "psql",
        }
    }

    /// One count by it.
    pub fn program(&self) {
        let sql = format!("SELECT count(*) FROM fact_row WHERE {LIVE} AND outcome = 'settled'");
        let mut command = Command::new(self.name());
        match self.engine {
            Engine::Sqlite => command.arg(self.url.trim_start_matches("sqlite:")).arg(&sql),
            Engine::Postgres => command.args(["--no-psqlrc", "--tuples-only", "--command", &sql]).arg(&self.url),
        };
        let output = command.output().unwrap_or_else(|error| panic!("{} is needed: {error}", self.name()));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let count: u64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
        assert!(count > 0);
    }
}
