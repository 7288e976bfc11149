//! The settings: each from a flag, else the environment, else the file, else its default; and each says which it was.

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::args::Flags;
use crate::failure::Failure;
use crate::language::Language;
use crate::settings_file;

/// Something that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The database's URL.
    Database,
    /// The folder of keys and, by default, of the database.
    DataDir,
    /// The address that `serve` listens on.
    Listen,
    /// Which log lines are written.
    Log,
    /// How they look.
    LogFormat,
    /// The language in which results are printed.
    Language,
    /// How many connections to the database read at the same time.
    MaxConnections,
}

impl Key {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Database, Self::DataDir, Self::Listen, Self::Log, Self::LogFormat, Self::Language, Self::MaxConnections];

    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::DataDir => "data_dir",
            Self::Listen => "listen",
            Self::Log => "log",
            Self::LogFormat => "log_format",
            Self::Language => "language",
            Self::MaxConnections => "max_connections",
        }
    }

    /// Its name in the environment.
    pub fn variable(self) -> String {
        format!("ENTENTE_{}", self.name().to_ascii_uppercase())
    }

    /// Its name as a flag.
    pub fn flag(self) -> String {
        format!("--{}", self.name().replace('_', "-"))
    }
}

/// Where a setting comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of this command line.
    Flag(String),
    /// A variable of the environment.
    Environment(String),
    /// The configuration file.
    File(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Environment(variable) => f.write_str(variable),
            Self::File(path) => path.display().fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The effective settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite:/path/file.db` or `postgres://user@host/database`; may hold a password, see [`crate::masking`].
    pub database: String,
    /// The folder of keys and, by default, of the database.
    pub data_dir: PathBuf,
    /// The address that `serve` listens on.
    pub listen: SocketAddr,
    /// Which log lines are written, as tracing's filters are spelled.
    pub log: String,
    /// How they look.
    pub log_format: LogFormat,
    /// The language in which results are printed.
    pub language: Language,
    /// How many connections to the database read at the same time.
    pub max_connections: u32,
    origins: [Origin; Key::ALL.len()],
}

/// The environment: a variable's value, if it is set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Gathers the settings from all sources.
    ///
    /// # Errors
    /// A file that cannot be read or has an unknown key; a value that is none.
    pub fn load(flags: &Flags, environment: Environment<'_>) -> Result<Self, Failure> {
        let file = settings_file::find(flags.config.as_deref(), environment)?;
        let given = |key: Key| -> Result<Option<(String, Origin)>, Failure> {
            if let Some(value) = flags.value(key) {
                return Ok(Some((value.to_owned(), Origin::Flag(key.flag()))));
            }
            let variable = key.variable();
            if let Some(value) = text(environment, &variable)? {
                return Ok(Some((value, Origin::Environment(variable))));
            }
            Ok(file.as_ref().and_then(|file| Some((file.value(key)?.to_owned(), Origin::File(file.path.clone())))))
        };
        let (data_dir, data_dir_from) = match given(Key::DataDir)? {
            Some((value, origin)) => (PathBuf::from(value), origin),
            None => (home_of_data(environment)?, Origin::Default),
        };
        let data_dir = std::path::absolute(&data_dir)
            .map_err(|error| Failure::usage(format!("the data folder {} is no path: {error}", data_dir.display())))?;
        let (database, database_from) = match given(Key::Database)? {
            Some((value, origin)) => (checked_url(value, &origin)?, origin),
            None => (embedded_url(&data_dir)?, Origin::Default),
        };
        let or = |key: Key, default: &str| -> Result<(String, Origin), Failure> {
            Ok(given(key)?.unwrap_or_else(|| (default.to_owned(), Origin::Default)))
        };
        let (listen, listen_from) = or(Key::Listen, "127.0.0.1:8440")?;
        let (log, log_from) = or(Key::Log, "warn,entente=info")?;
        let (log_format, log_format_from) = or(Key::LogFormat, "text")?;
        let (language, language_from) = or(Key::Language, locale(environment).code())?;
        let (connections, connections_from) = or(Key::MaxConnections, "8")?;
        Ok(Self {
            database,
            data_dir,
            listen: parsed(&listen, &listen_from, "an address and a port, such as 127.0.0.1:8440", |it| {
                it.parse::<SocketAddr>().ok()
            })?,
            log,
            log_format: parsed(&log_format, &log_format_from, "`text` or `json`", log_format_of)?,
            language: parsed(&language, &language_from, "`fr` or `en`", Language::from_code)?,
            max_connections: parsed(&connections, &connections_from, "a number from 1 to 1000", |it| {
                it.parse::<u32>().ok().filter(|number| (1..=1000).contains(number))
            })?,
            origins: [
                database_from,
                data_dir_from,
                listen_from,
                log_from,
                log_format_from,
                language_from,
                connections_from,
            ],
        })
    }

    /// Where a setting comes from.
    pub fn origin(&self, key: Key) -> &Origin {
        &self.origins[key as usize]
    }

    /// The database's file, if it is the default one: only that one is created without being asked to.
    pub fn embedded_file(&self) -> Option<PathBuf> {
        (*self.origin(Key::Database) == Origin::Default).then(|| self.data_dir.join(EMBEDDED))
    }
}

const EMBEDDED: &str = "entente.db";

/// A variable's value; an empty one counts as not set.
pub fn text(environment: Environment<'_>, name: &str) -> Result<Option<String>, Failure> {
    match environment(name).map(OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
        Some(Err(_)) => Err(Failure::usage(format!("the environment variable {name} is not UTF-8 text"))),
    }
}

/// A folder of the user's: where the XDG variable says, else below the home folder.
pub fn user_folder(environment: Environment<'_>, variable: &str, below_home: &str) -> Option<PathBuf> {
    let said = environment(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || environment("HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    said.or_else(|| Some(home()?.join(below_home))).map(|folder| folder.join("entente"))
}

fn home_of_data(environment: Environment<'_>) -> Result<PathBuf, Failure> {
    user_folder(environment, "XDG_DATA_HOME", ".local/share").ok_or_else(|| {
        Failure::usage("there is no home folder to keep data in: name a folder with --data-dir or ENTENTE_DATA_DIR")
    })
}

/// The URL of the database in the data folder; what a URL would read as something else is written as `%xx`.
fn embedded_url(data_dir: &Path) -> Result<String, Failure> {
    let file = data_dir.join(EMBEDDED);
    let path = file.to_str().ok_or_else(|| {
        Failure::usage(format!(
            "the data folder {} is not UTF-8 text; name another with --data-dir",
            data_dir.display()
        ))
    })?;
    Ok(format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3F").replace('#', "%23")))
}

fn checked_url(url: String, origin: &Origin) -> Result<String, Failure> {
    // The value is not repeated: it may hold a password.
    match url.split_once(':') {
        Some(("sqlite" | "postgres" | "postgresql", _)) => Ok(url),
        _ => Err(Failure::usage(format!(
            "the database of {origin} is not understood: give sqlite:/path/file.db or postgres://user@host/database"
        ))),
    }
}

fn log_format_of(word: &str) -> Option<LogFormat> {
    match word {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

fn parsed<T>(value: &str, origin: &Origin, wanted: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    parse(value).ok_or_else(|| Failure::usage(format!("{value:?} of {origin} is not {wanted}")))
}

/// The user's language, from the usual variables in the order that POSIX gives them.
fn locale(environment: Environment<'_>) -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| text(environment, name).ok().flatten());
    if said.is_some_and(|locale| locale.starts_with("fr")) { Language::French } else { Language::English }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
