//! Both engines under one roof: a law is written once and runs on each as a test of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use entente_application::ports::StoreError;
use entente_store::{Settings, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{PgPool, SqlitePool};
use tempfile::TempDir;

use crate::raw::Raw;
use crate::{postgres, sqlite};

/// Where a store keeps its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// In a file.
    Sqlite,
    /// In a server.
    Postgres,
}

/// A store that is open, shared by the tasks of a test.
pub type Opened = Arc<Store>;

/// A place for one test's data: a database and a folder of keys, both empty at first, both gone with the test.
pub struct Home {
    engine: Engine,
    url: String,
    folder: TempDir,
}

/// Migrates and opens a store.
///
/// # Errors
/// Why it does not open.
pub async fn open(settings: &Settings) -> Result<Opened, StoreError> {
    Store::open_and_migrate(settings).await.map(Arc::new)
}

impl Home {
    /// A new home; on PostgreSQL in the cluster that all tests share.
    pub fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = sqlite::folder();
                Self { engine, url: sqlite::url(folder.path()), folder }
            }
            Engine::Postgres => Self::at(engine, postgres::database()),
        }
    }

    /// A new home with its database there.
    pub fn at(engine: Engine, url: String) -> Self {
        Self { engine, url, folder: sqlite::folder() }
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The folder of the keys, and of SQLite's files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of the master key.
    pub fn master_key(&self) -> PathBuf {
        self.folder.path().join("master.key")
    }

    /// The usual settings with this home's addresses.
    pub fn settings(&self) -> Settings {
        Settings::new(self.url.as_str(), self.folder.path())
    }

    /// A store of this home, migrated and open; each call opens another, as another process would.
    ///
    /// # Panics
    /// If it does not open.
    pub async fn store(&self) -> Opened {
        open(&self.settings()).await.unwrap()
    }

    /// The database behind the store's back.
    pub async fn raw(&self) -> Raw {
        match self.engine {
            Engine::Sqlite => Raw::Sqlite(self.sqlite_pool().await),
            Engine::Postgres => Raw::Postgres(self.postgres_pool().await),
        }
    }

    /// The same as a pool of SQLite's.
    ///
    /// # Panics
    /// If this is not SQLite's home.
    pub async fn sqlite_pool(&self) -> SqlitePool {
        assert_eq!(self.engine, Engine::Sqlite);
        let options: SqliteConnectOptions = self.url.parse().unwrap();
        // A law may ask about a database that is not there yet.
        SqlitePoolOptions::new().max_connections(4).connect_with(options.create_if_missing(true)).await.unwrap()
    }

    /// The same as a pool of PostgreSQL's.
    ///
    /// # Panics
    /// If this is not PostgreSQL's home.
    pub async fn postgres_pool(&self) -> PgPool {
        assert_eq!(self.engine, Engine::Postgres);
        PgPool::connect(&self.url).await.unwrap()
    }
}

/// Declares tests from laws, which are asynchronous functions of a [`Home`]: in a module for each engine, one a law.
#[macro_export]
macro_rules! laws {
    ($($law:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                super::$law($crate::engines::Home::new($crate::engines::Engine::Sqlite)).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $law() {
                super::$law($crate::engines::Home::new($crate::engines::Engine::Postgres)).await;
            })+
        }
    };
}
