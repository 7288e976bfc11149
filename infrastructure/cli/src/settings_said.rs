//! What was said of each setting: by a flag, else the environment, else the file; and which it was.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::args::Flags;
use crate::documents_settings::is_s3;
use crate::failure::Failure;
use crate::settings::Key;
use crate::settings_file;

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

/// The environment: a variable's value, if it is set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// What was said, in the order of [`Key::ALL`].
pub struct Said(Vec<(Option<String>, Origin)>);

impl Said {
    /// Asks all sources.
    ///
    /// # Errors
    /// A file that cannot be read or has an unknown key; a variable that is no text.
    pub fn gather(flags: &Flags, environment: Environment<'_>) -> Result<Self, Failure> {
        let file = settings_file::find(flags.config.as_deref(), environment)?;
        let given = |key: Key, usual: &[&str]| -> Result<(Option<String>, Origin), Failure> {
            if let Some(value) = flags.value(key) {
                return Ok((Some(value.to_owned()), Origin::Flag(key.flag())));
            }
            let own = key.variable();
            for variable in [own.as_str()].iter().chain(usual) {
                if let Some(value) = text(environment, variable)? {
                    return Ok((Some(value), Origin::Environment((*variable).to_owned())));
                }
            }
            let of_file = file.as_ref().and_then(|file| Some((file.value(key)?.to_owned(), file.path.clone())));
            Ok(of_file.map_or((None, Origin::Default), |(value, path)| (Some(value), Origin::File(path))))
        };
        // What every program is told of S3 concerns this one only if its documents are there.
        let (place, _) = given(Key::DocumentsUrl, &[])?;
        let usual = |key: Key| if place.as_deref().is_some_and(is_s3) { key.usual_variables() } else { &[] };
        Key::ALL.into_iter().map(|key| given(key, usual(key))).collect::<Result<_, _>>().map(Self)
    }

    /// What was said; none leaves it to the default.
    pub fn value(&self, key: Key) -> Option<&str> {
        self.0[key as usize].0.as_deref()
    }

    /// Where it was said.
    pub fn origin(&self, key: Key) -> &Origin {
        &self.0[key as usize].1
    }

    /// What was said, understood; else the default.
    ///
    /// # Errors
    /// Something else than what is wanted.
    pub fn read<T>(&self, key: Key, default: T, wanted: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
        let Some(value) = self.value(key) else { return Ok(default) };
        let origin = self.origin(key);
        parse(value).ok_or_else(|| Failure::usage(format!("{value:?} of {origin} is not {wanted}")))
    }

    /// Where each comes from.
    pub fn origins(self) -> Vec<Origin> {
        self.0.into_iter().map(|(_, origin)| origin).collect()
    }
}

/// A variable's value; an empty one counts as not set.
///
/// # Errors
/// A value that is no text.
pub fn text(environment: Environment<'_>, name: &str) -> Result<Option<String>, Failure> {
    match environment(name).map(OsString::into_string) {
        None => Ok(None),
        Some(Ok(value)) => Ok(Some(value).filter(|value| !value.is_empty())),
        Some(Err(_)) => Err(Failure::usage(format!("the environment variable {name} is not UTF-8 text"))),
    }
}
