//! The configuration file: found, read, and refused if it says something that is not known.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use config::{ConfigError, File, FileFormat, Source as _, Value, ValueKind};

use crate::failure::Failure;
use crate::settings::{Environment, Key, user_folder};
use crate::settings_said::text;

/// What a configuration file says.
#[derive(Debug)]
pub struct SettingsFile {
    /// Which file.
    pub path: PathBuf,
    values: BTreeMap<String, String>,
}

impl SettingsFile {
    /// What it says of a setting.
    pub fn value(&self, key: Key) -> Option<&str> {
        self.values.get(key.name()).map(String::as_str)
    }
}

/// The file that was named, or the user's own if there is one.
///
/// # Errors
/// A named file that is not there; one that cannot be read, is not TOML, or has an unknown key.
pub fn find(named: Option<&Path>, environment: Environment<'_>) -> Result<Option<SettingsFile>, Failure> {
    let variable = text(environment, "ENTENTE_CONFIG")?.map(PathBuf::from);
    if let Some(path) = named.map(Path::to_path_buf).or(variable) {
        return read(path, true);
    }
    match user_folder(environment, "XDG_CONFIG_HOME", ".config") {
        Some(folder) => read(folder.join("config.toml"), false),
        None => Ok(None),
    }
}

fn read(path: PathBuf, required: bool) -> Result<Option<SettingsFile>, Failure> {
    match fs::read_to_string(&path) {
        Ok(toml) => parse(path, &toml).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound && !required => Ok(None),
        Err(error) => Err(Failure::usage(format!("the configuration file {} cannot be read: {error}", path.display()))),
    }
}

fn parse(path: PathBuf, toml: &str) -> Result<SettingsFile, Failure> {
    let mut values = BTreeMap::new();
    File::from_str(toml, FileFormat::Toml)
        .collect()
        .and_then(|table| table.into_iter().try_for_each(|(name, value)| flatten(name, value, &mut values)))
        .map_err(|error| {
            Failure::usage(format!("the configuration file {} is wrong: {}", path.display(), brief(&error.to_string())))
        })?;
    match values.keys().find(|name| Key::ALL.iter().all(|key| key.name() != name.as_str())) {
        None => Ok(SettingsFile { path, values }),
        Some(unknown) => Err(Failure::usage(format!(
            "the configuration file {} sets `{unknown}`, which is no setting; there are {}",
            path.display(),
            Key::ALL.map(Key::name).join(", ")
        ))),
    }
}

/// A section's keys are named with the section's name and a dot before theirs.
fn flatten(name: String, value: Value, values: &mut BTreeMap<String, String>) -> Result<(), ConfigError> {
    if let ValueKind::Table(section) = value.kind {
        return section.into_iter().try_for_each(|(field, value)| flatten(format!("{name}.{field}"), value, values));
    }
    values.insert(name, value.into_string()?);
    Ok(())
}

/// The place and the reason, without the line of the file that stands between them: it may hold a password.
fn brief(complaint: &str) -> String {
    let mut lines = complaint.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(toml: &str) -> Result<SettingsFile, String> {
        parse(PathBuf::from("entente.toml"), toml).map_err(|failure| failure.to_string())
    }

    #[test]
    fn words_and_numbers_are_both_values() {
        let file = said("language = \"fr\"\nmax_connections = 4\n").ok();
        assert_eq!(file.as_ref().and_then(|file| file.value(Key::Language)), Some("fr"));
        assert_eq!(file.as_ref().and_then(|file| file.value(Key::MaxConnections)), Some("4"));
        assert_eq!(file.as_ref().and_then(|file| file.value(Key::Listen)), None);
    }

    #[test]
    fn a_section_and_a_dot_say_the_same() {
        for toml in ["[documents]\nlargest = 1000\nclamd = \"unix:/run/clamd\"\n", "documents.largest = 1000\n"] {
            let file = said(toml).ok();
            assert_eq!(file.as_ref().and_then(|file| file.value(Key::DocumentsLargest)), Some("1000"), "{toml}");
        }
        let complaint = said("[documents]\nlargset = 1000\n").err().unwrap_or_default();
        assert!(complaint.contains("`documents.largset`"), "{complaint}");
        assert!(said("listen = [1, 2]\n").is_err(), "a list is no value");
    }

    #[test]
    fn an_unknown_key_is_refused_with_those_that_there_are() {
        let complaint = said("databse = \"sqlite:/tmp/x.db\"\n").err().unwrap_or_default();
        assert!(complaint.contains("`databse`") && complaint.contains("max_connections"), "{complaint}");
    }

    #[test]
    fn a_broken_line_is_not_repeated() {
        let complaint = said("database = \"postgres://entente:hush@localhost/entente\n").err().unwrap_or_default();
        assert!(complaint.contains("entente.toml"), "{complaint}");
        assert!(!complaint.contains("hush"), "{complaint}");
    }
}
