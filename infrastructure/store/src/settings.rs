//! Where the store is, and how much of the machine it may use.

use std::path::PathBuf;
use std::sync::Arc;

use cqrs_es::persist::EventUpcaster;
use entente_application::ports::StoreError;
use sqlx::ConnectOptions;

use crate::encryption::KeyEncryption;

/// What [`crate::Store::open`] needs to know.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:/path/file.db` or `postgres://user@host/database`.
    pub url: String,
    /// The folder of the master key and, for SQLite, of the cases' keys and the access log.
    pub data_dir: PathBuf,
    /// How many connections read at the same time.
    pub readers: u32,
    /// How many commands share a flush at most.
    pub batch: usize,
    /// How many folded cases, and how many keys, stay in memory.
    pub cached_cases: usize,
    /// What turns events of older shapes into today's; tried in this order.
    pub upcasters: Vec<Arc<dyn EventUpcaster>>,
    /// What wraps the keys instead of a master key in a file; then no such file is read or made.
    pub kms: Option<Arc<dyn KeyEncryption>>,
    /// Whether every SQL statement is told to `tracing` (target `sqlx::query`); never with values, which are always
    /// bound.
    pub statements: bool,
}

impl Settings {
    /// The usual sizes, and the domain's own upcasters.
    pub fn new(url: impl Into<String>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            url: url.into(),
            data_dir: data_dir.into(),
            readers: 8,
            batch: 64,
            cached_cases: 10_000,
            upcasters: entente_domain::event::upcasters().into_iter().map(Arc::from).collect(),
            kms: None,
            statements: false,
        }
    }

    /// The same with these upcasters, tried after those that are there.
    #[must_use]
    pub fn with_upcasters(mut self, upcasters: Vec<Box<dyn EventUpcaster>>) -> Self {
        self.upcasters.extend(upcasters.into_iter().map(Arc::from));
        self
    }

    /// How a connection tells of its statements: as sqlx does by itself, or not at all.
    pub(crate) fn telling<O: ConnectOptions>(&self, options: O) -> O {
        // By itself sqlx tells each at DEBUG, and slow ones at WARN; levels are of a crate that we do not depend on.
        if self.statements { options } else { options.disable_statement_logging() }
    }

    pub(crate) fn scheme(&self) -> Result<Scheme, StoreError> {
        match self.url.split_once(':') {
            Some(("sqlite", _)) => Ok(Scheme::Sqlite),
            Some(("postgres" | "postgresql", _)) => Ok(Scheme::Postgres),
            _ => Err(StoreError::Misconfigured("the database URL must begin with `sqlite:` or `postgres:`".to_owned())),
        }
    }
}

/// Which engine a URL asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Sqlite,
    Postgres,
}

impl std::fmt::Debug for Settings {
    /// Without the URL: it may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("data_dir", &self.data_dir)
            .field("readers", &self.readers)
            .field("batch", &self.batch)
            .field("cached_cases", &self.cached_cases)
            .field("upcasters", &self.upcasters.len())
            .field("kms", &self.kms.as_ref().map(|kms| kms.name()))
            .field("statements", &self.statements)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_of_the_url_chooses_the_engine() {
        let scheme = |url: &str| Settings::new(url, ".").scheme().ok();
        assert_eq!(scheme("sqlite:/var/lib/entente.db"), Some(Scheme::Sqlite));
        assert_eq!(scheme("postgres://localhost/entente"), Some(Scheme::Postgres));
        assert_eq!(scheme("mysql://localhost/entente"), None);
    }

    #[test]
    fn upcasters_are_added_to_those_of_the_domain() {
        let usual = Settings::new("sqlite:x", ".");
        assert_eq!(usual.upcasters.len(), entente_domain::event::upcasters().len());
        let more = usual.clone().with_upcasters(entente_domain::event::upcasters());
        assert_eq!(more.upcasters.len(), 2 * usual.upcasters.len());
    }

    #[test]
    fn a_password_in_the_url_is_not_printed() {
        let settings = Settings::new("postgres://entente:hush@localhost/entente", ".");
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
