//! Log lines: on standard error, filtered, for people or as JSON.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use crate::settings::{Key, LogFormat, Settings};

/// Begins to write log lines.
///
/// # Errors
/// A filter that is none.
pub fn start(settings: &Settings) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&settings.log).map_err(|error| {
        Failure::usage(format!("{:?} of {} is no log filter: {error}", settings.log, settings.origin(Key::Log)))
    })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(is_coloured());
    match settings.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().with_ansi(false).try_init(),
    }
    .map_err(|error| Failure::unable(format!("log lines cannot be written: {error}")))
}

/// Colours are for terminals, and for those who want them (no-color.org).
#[expect(clippy::disallowed_methods, reason = "a terminal's habits are the environment's to say")]
fn is_coloured() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
