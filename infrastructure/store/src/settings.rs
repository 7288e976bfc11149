//! Where the store is, and how much of the machine it may use.

use std::path::PathBuf;
use std::sync::Arc;

use cqrs_es::persist::EventUpcaster;
use entente_application::ports::StoreError;

/// What [`crate::Store::open`] needs to know.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:/path/file.db` or `postgres://user@host/database`.
    pub url: String,
    /// The folder of the master key and, for SQLite, of the cases' keys.
    pub data_dir: PathBuf,
    /// How many connections read at the same time.
    pub readers: u32,
    /// How many commands share a flush at most.
    pub batch: usize,
    /// How many folded cases, and how many keys, stay in memory.
    pub cached_cases: usize,
    /// What turns events of older shapes into today's; tried in this order.
    pub upcasters: Arc<Vec<Box<dyn EventUpcaster>>>,
}

impl Settings {
    /// The usual sizes.
    pub fn new(url: impl Into<String>, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            url: url.into(),
            data_dir: data_dir.into(),
            readers: 8,
            batch: 64,
            cached_cases: 10_000,
            upcasters: Arc::default(),
        }
    }

    /// The same with these upcasters.
    #[must_use]
    pub fn with_upcasters(mut self, upcasters: Vec<Box<dyn EventUpcaster>>) -> Self {
        self.upcasters = Arc::new(upcasters);
        self
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
    fn a_password_in_the_url_is_not_printed() {
        let settings = Settings::new("postgres://entente:hush@localhost/entente", ".");
        assert!(!format!("{settings:?}").contains("hush"));
    }
}
