//! The settings: each from a flag, else the environment, else the file, else its default; and each says which it was.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use entente_application::processes::AppointmentPolicy;

use crate::args::Flags;
use crate::documents_settings::Documents;
use crate::failure::Failure;
use crate::language::Language;
use crate::mail_settings::Mail;
pub use crate::settings_key::Key;
pub use crate::settings_said::{Environment, Origin};
use crate::settings_said::{Said, text};

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
    /// Where documents lie, how much is taken in, and what scans it.
    pub documents: Documents,
    /// Who appoints mediators.
    pub appointments: AppointmentPolicy,
    /// Which server carries letters, and from whom they are.
    pub mail: Mail,
    origins: Vec<Origin>,
}

impl Settings {
    /// Gathers the settings from all sources.
    ///
    /// # Errors
    /// A file that cannot be read or has an unknown key; a value that is none.
    pub fn load(flags: &Flags, environment: Environment<'_>) -> Result<Self, Failure> {
        let said = Said::gather(flags, environment)?;
        let data_dir =
            said.value(Key::DataDir).map_or_else(|| home_of_data(environment), |it| Ok(PathBuf::from(it)))?;
        let data_dir = std::path::absolute(&data_dir)
            .map_err(|error| Failure::usage(format!("the data folder {} is no path: {error}", data_dir.display())))?;
        let listen = SocketAddr::from(([127, 0, 0, 1], 8440));
        let address = "an address and a port, such as 127.0.0.1:8440";
        let listen = said.read(Key::Listen, listen, address, |it| it.parse().ok())?;
        let language = said.read(Key::Language, locale(environment), "`fr` or `en`", Language::from_code)?;
        Ok(Self {
            database: match said.value(Key::Database) {
                Some(url) => checked_url(url.to_owned(), said.origin(Key::Database))?,
                None => embedded_url(&data_dir)?,
            },
            listen,
            log: said.value(Key::Log).unwrap_or("warn,entente=info").to_owned(),
            log_format: said.read(Key::LogFormat, LogFormat::Text, "`text` or `json`", log_format_of)?,
            language,
            max_connections: said.read(Key::MaxConnections, 8, "a number from 1 to 1000", |it| {
                it.parse().ok().filter(|number| (1..=1000).contains(number))
            })?,
            documents: Documents::of(&said, &data_dir)?,
            appointments: said.read(
                Key::Appointments,
                AppointmentPolicy::ByHand,
                "`by_hand` or `first_declared`",
                policy,
            )?,
            mail: Mail::of(&said, &data_dir, language, format!("http://{listen}/")),
            data_dir,
            origins: said.origins(),
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

fn policy(word: &str) -> Option<AppointmentPolicy> {
    match word {
        "by_hand" => Some(AppointmentPolicy::ByHand),
        "first_declared" => Some(AppointmentPolicy::FirstDeclared),
        _ => None,
    }
}

fn log_format_of(word: &str) -> Option<LogFormat> {
    match word {
        "text" => Some(LogFormat::Text),
        "json" => Some(LogFormat::Json),
        _ => None,
    }
}

/// The user's language, from the usual variables in the order that POSIX gives them.
fn locale(environment: Environment<'_>) -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| text(environment, name).ok().flatten());
    if said.is_some_and(|locale| locale.starts_with("fr")) { Language::French } else { Language::English }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
