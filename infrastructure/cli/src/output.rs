//! How results are printed: data on standard output, talk on standard error, nothing lost when a reader leaves early.

use std::io::{self, ErrorKind, Write as _};
use std::path::Path;
use std::time::Duration;

use indicatif::ProgressBar;
use serde::Serialize;

use crate::failure::Failure;

/// Writes data to standard output, and a line's end after it.
///
/// # Errors
/// An output that cannot be written to; quietly, if its reader has left.
pub fn data(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    written.map_err(|error| unwritten(&error))
}

/// Writes a result as JSON for people and programs alike.
///
/// # Errors
/// As [`data`].
pub fn json(value: &impl Serialize) -> Result<(), Failure> {
    data(&serde_json::to_string_pretty(value).map_err(|error| unspeakable(&error))?)
}

/// A result as one line of JSON.
///
/// # Errors
/// A value that has no JSON form.
pub fn json_line(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| unspeakable(&error))
}

/// Where a result goes: to standard output, or to a new file.
pub struct Sink(Option<std::fs::File>);

impl Sink {
    /// A new file, or standard output if none is named.
    ///
    /// # Errors
    /// A file that is there already, or cannot be made.
    pub fn to(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self(None)) };
        must_be_new(path)?;
        let named = |error: io::Error| Failure::usage(format!("{} cannot be written: {error}", path.display()));
        std::fs::File::create_new(path).map(|file| Self(Some(file))).map_err(named)
    }

    /// Text, with a line's end after it.
    ///
    /// # Errors
    /// As [`data`].
    pub fn text(self, text: &str) -> Result<(), Failure> {
        match self.0 {
            None => data(text),
            Some(_) => self.bytes(format!("{text}\n").as_bytes()),
        }
    }

    /// JSON, as [`json`] writes it.
    ///
    /// # Errors
    /// As [`json`].
    pub fn json(self, value: &impl Serialize) -> Result<(), Failure> {
        self.text(&serde_json::to_string_pretty(value).map_err(|error| unspeakable(&error))?)
    }

    /// Bytes as they are.
    ///
    /// # Errors
    /// As [`data`].
    pub fn bytes(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut writer = self.writer();
        writer.write_all(bytes).and_then(|()| writer.flush()).map_err(|error| unwritten(&error))
    }

    /// Somewhere to write bit by bit.
    pub fn writer(self) -> Box<dyn io::Write + Send> {
        match self.0 {
            None => Box::new(io::BufWriter::new(io::stdout())),
            Some(file) => Box::new(io::BufWriter::new(file)),
        }
    }
}

/// Nothing is written over, and no folder is made.
///
/// # Errors
/// A file that is there already, or whose folder is not.
pub fn must_be_new(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::usage(format!("{} is there already; name a new file", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(Failure::usage(format!("{} cannot be written: its folder is not there", path.display())));
    }
    Ok(())
}

/// A result that could not be written; quietly, if its reader has left.
pub fn unwritten(error: &io::Error) -> Failure {
    match error.kind() {
        ErrorKind::BrokenPipe => Failure::reader_gone(),
        _ => Failure::unable(format!("the result cannot be written: {error}")),
    }
}

fn unspeakable(error: &serde_json::Error) -> Failure {
    Failure::unable(format!("the result has no JSON form: {error}"))
}

/// Says something to the person, who may not listen.
pub fn talk(text: &str) {
    let mut person = io::stderr().lock();
    // There is nobody left to tell that telling failed.
    let _ = person.write_all(text.as_bytes()).and_then(|()| person.write_all(b"\n"));
}

/// Shows that long work goes on, if standard error is a terminal; ends when dropped.
pub struct Working(ProgressBar);

impl Working {
    /// Begins to show it.
    pub fn on(what: impl Into<String>) -> Self {
        let bar = ProgressBar::new_spinner().with_message(what.into());
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// Says how far it is.
    pub fn now(&self, what: impl Into<String>) {
        self.0.set_message(what.into());
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows set in columns, two spaces apart; one line for each row.
pub fn columns(sides: &[Side], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..sides.len()).map(|column| width(column).unwrap_or(0)).collect();
    let set = |row: &Vec<String>| {
        let cells: Vec<String> = row
            .iter()
            .zip(sides.iter().zip(&widths))
            .map(|(cell, (side, &width))| match side {
                Side::Left => format!("{cell:<width$}"),
                Side::Right => format!("{cell:>width$}"),
            })
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_where_numbers_end_and_accents_count_once() {
        let rows = [vec!["réglé".to_owned(), "5".to_owned()], vec!["retiré".to_owned(), "25".to_owned()]];
        assert_eq!(columns(&[Side::Left, Side::Right], &rows), ["réglé    5", "retiré  25"]);
    }
}
