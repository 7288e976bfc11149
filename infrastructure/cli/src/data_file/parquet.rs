//! Parquet, column by column, without Arrow: as many rows are held as make up a group.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::{Column, DataFileError, Kind, Value};

/// Rows in a group.
const GROUP: usize = 50_000;

/// Writes rows.
pub struct Pen<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    held: Vec<Held>,
    rows: usize,
}

/// A column's values of the group in the making; for each row, whether it has one.
struct Held {
    values: Values,
    levels: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>),
    Real(Vec<f64>),
    Truth(Vec<bool>),
}

impl From<ParquetError> for DataFileError {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
                Ok(error) => Self::Io(*error),
                Err(cause) => Self::Unwritable(cause.to_string()),
            },
            other => Self::Unwritable(other.to_string()),
        }
    }
}

impl<W: Write + Send> Pen<W> {
    /// Begins a file.
    pub fn new(columns: &'static [Column], out: W) -> std::result::Result<Self, DataFileError> {
        let fields = columns.iter().map(|column| field(*column).map(Arc::new)).collect::<Result<_>>()?;
        let schema = Type::group_type_builder("entente").with_fields(fields).build()?;
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(WriterProperties::new()))?;
        let held = columns.iter().map(|(_, kind)| Held::of(*kind)).collect();
        Ok(Self { writer, held, rows: 0 })
    }

    /// Takes a row.
    pub fn push(&mut self, row: &[Value]) -> std::result::Result<(), DataFileError> {
        self.held.iter_mut().zip(row).for_each(|(held, value)| held.push(value));
        self.rows += 1;
        if self.rows == GROUP { Ok(self.write()?) } else { Ok(()) }
    }

    fn write(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        self.held.iter_mut().try_for_each(|held| held.write(&mut group))?;
        self.rows = 0;
        group.close().map(|_| ())
    }

    /// Writes the last group and the foot.
    pub fn finish(mut self) -> std::result::Result<W, DataFileError> {
        if self.rows > 0 {
            self.write()?;
        }
        Ok(self.writer.into_inner()?)
    }
}

impl Held {
    fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Whole | Kind::Time => Values::Whole(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Truth => Values::Truth(Vec::new()),
        };
        Self { values, levels: Vec::new() }
    }

    fn push(&mut self, value: &Value) {
        let has = match (&mut self.values, value) {
            (Values::Text(held), Value::Text(text)) => keep(held, text.as_str().into()),
            (Values::Whole(held), Value::Whole(number)) => keep(held, i64::try_from(*number).unwrap_or(i64::MAX)),
            (Values::Whole(held), Value::Time(at)) => keep(held, at.as_microsecond()),
            (Values::Real(held), Value::Real(number)) => keep(held, *number),
            (Values::Truth(held), Value::Truth(is)) => keep(held, *is),
            _ => false,
        };
        self.levels.push(i16::from(has));
    }

    fn write<W: Write + Send>(&mut self, group: &mut SerializedRowGroupWriter<'_, W>) -> Result<()> {
        match &mut self.values {
            Values::Text(held) => column::<ByteArrayType, W>(group, held, &self.levels)?,
            Values::Whole(held) => column::<Int64Type, W>(group, held, &self.levels)?,
            Values::Real(held) => column::<DoubleType, W>(group, held, &self.levels)?,
            Values::Truth(held) => column::<BoolType, W>(group, held, &self.levels)?,
        }
        self.levels.clear();
        Ok(())
    }
}

fn keep<T>(held: &mut Vec<T>, value: T) -> bool {
    held.push(value);
    true
}

/// Writes a column of a group, and lets its values go.
fn column<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    if let Some(mut writer) = group.next_column()? {
        writer.typed::<T>().write_batch(values, Some(levels), None)?;
        writer.close()?;
    }
    values.clear();
    Ok(())
}

fn field((name, kind): Column) -> Result<Type> {
    let (physical, logical) = match kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Real => (Physical::DOUBLE, None),
        Kind::Truth => (Physical::BOOLEAN, None),
        // Counted from 1970 in UTC.
        Kind::Time => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
    };
    Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
}
