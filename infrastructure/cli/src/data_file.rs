//! Rows of named columns as a file for programs: CSV, JSON lines or Parquet, with the same names and values.

// The one place where it matters whether Parquet is built in: both modules offer the same.
#[cfg_attr(not(feature = "parquet"), path = "data_file/without_parquet.rs")]
mod parquet;
#[cfg(test)]
mod tests;

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated (RFC 4180), with a line of heads.
    Csv,
    /// A JSON object a line.
    Lines,
    /// Apache Parquet.
    Parquet,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Whole,
    /// A number with a fraction.
    Real,
    /// True or false.
    Truth,
    /// An instant, in microseconds.
    Time,
}

/// A column: its name, and what it holds.
pub type Column = (&'static str, Kind);

/// What a row has in a column; every column may be empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Absent,
    /// Of [`Kind::Text`].
    Text(String),
    /// Of [`Kind::Whole`].
    Whole(u64),
    /// Of [`Kind::Real`].
    Real(f64),
    /// Of [`Kind::Truth`].
    Truth(bool),
    /// Of [`Kind::Time`].
    Time(Timestamp),
}

impl Value {
    /// Text, unless it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Absent } else { Self::Text(text) }
    }

    /// The value, if there is one.
    pub fn of<T>(value: Option<T>, make: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Absent, make)
    }

    /// As CSV writes it: numbers with a point and with as many digits as give back the same number.
    pub fn written(&self) -> String {
        match self {
            Self::Absent => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Real(number) => number.to_string(),
            Self::Truth(is) => is.to_string(),
            Self::Time(at) => in_micros(*at).to_string(),
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Absent => serde_json::Value::Null,
            Self::Text(_) | Self::Time(_) => self.written().into(),
            Self::Whole(number) => (*number).into(),
            Self::Real(number) => (*number).into(),
            Self::Truth(is) => (*is).into(),
        }
    }
}

/// A value of the log that serde spells as one word, as the log spells it.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        // Whatever is asked for here has no data.
        _ => String::new(),
    }
}

/// The same instant in every format: Parquet counts microseconds.
fn in_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum DataFileError {
    /// The disk, or who reads it.
    #[error("the file cannot be written: {0}")]
    Io(#[from] io::Error),
    /// What was to be written has no such form; our mistake.
    #[error("the file cannot be made: {0}")]
    Unwritable(String),
    /// Not built in.
    #[cfg_attr(feature = "parquet", expect(dead_code, reason = "only the other build says it"))]
    #[error("this entente was built without Parquet: choose csv or jsonl, or build it with the feature `parquet`")]
    WithoutParquet,
}

impl DataFileError {
    /// Whether the reader of the output has gone, which is no reason to complain.
    pub fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<csv::Error> for DataFileError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Io(error),
            other => Self::Unwritable(format!("{other:?}")),
        }
    }
}

/// A file being written.
pub struct DataFile<W: Write + Send> {
    columns: &'static [Column],
    pen: Pen<W>,
}

enum Pen<W: Write + Send> {
    Csv(Box<csv::Writer<W>>),
    Lines(io::BufWriter<W>),
    Parquet(Box<parquet::Pen<W>>),
}

impl<W: Write + Send> DataFile<W> {
    /// Begins it.
    ///
    /// # Errors
    /// An output that cannot be written to, or a format that is not built in.
    pub fn new(format: Format, columns: &'static [Column], out: W) -> Result<Self, DataFileError> {
        let pen = match format {
            Format::Csv => {
                let mut pen = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                pen.write_record(columns.iter().map(|(name, _)| name))?;
                Pen::Csv(Box::new(pen))
            }
            Format::Lines => Pen::Lines(io::BufWriter::new(out)),
            Format::Parquet => Pen::Parquet(Box::new(parquet::Pen::new(columns, out)?)),
        };
        Ok(Self { columns, pen })
    }

    /// Writes a row, which has a value for each column.
    ///
    /// # Errors
    /// As [`DataFile::new`].
    pub fn push(&mut self, row: &[Value]) -> Result<(), DataFileError> {
        match &mut self.pen {
            Pen::Csv(pen) => pen.write_record(row.iter().map(Value::written))?,
            Pen::Lines(pen) => {
                let fields =
                    self.columns.iter().zip(row).map(|((name, _), value)| format!("\"{name}\":{}", value.json()));
                writeln!(pen, "{{{}}}", fields.collect::<Vec<_>>().join(","))?;
            }
            Pen::Parquet(pen) => pen.push(row)?,
        }
        Ok(())
    }

    /// Writes what is left, and gives the output back.
    ///
    /// # Errors
    /// As [`DataFile::new`].
    pub fn finish(self) -> Result<W, DataFileError> {
        let unflushed = |error: io::Error| DataFileError::Io(error);
        match self.pen {
            Pen::Csv(pen) => pen.into_inner().map_err(|error| unflushed(error.into_error())),
            Pen::Lines(pen) => pen.into_inner().map_err(|error| unflushed(error.into_error())),
            Pen::Parquet(pen) => pen.finish(),
        }
    }
}
