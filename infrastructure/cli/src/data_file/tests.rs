//! What is written is read back.

use jiff::Timestamp;

use super::{Column, DataFile, DataFileError, Format, Kind, Value};

const COLUMNS: &[Column] =
    &[("name", Kind::Text), ("count", Kind::Whole), ("share", Kind::Real), ("small", Kind::Truth), ("at", Kind::Time)];

fn rows() -> Result<Vec<[Value; 5]>, jiff::Error> {
    let at: Timestamp = "2026-01-02T03:04:05.123456789Z".parse()?;
    Ok(vec![
        [
            Value::text("a, \"b\"\nc"),
            Value::Whole(41_250),
            Value::Real(1.0 / 3.0),
            Value::Truth(false),
            Value::Time(at),
        ],
        [Value::text(""), Value::Absent, Value::Absent, Value::Absent, Value::Absent],
        [Value::text("é"), Value::Whole(0), Value::Real(1.0), Value::Truth(true), Value::Time(Timestamp::UNIX_EPOCH)],
    ])
}

fn written(format: Format) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut file = DataFile::new(format, COLUMNS, Vec::new())?;
    rows()?.iter().try_for_each(|row| file.push(row))?;
    Ok(file.finish()?)
}

#[test]
fn csv_is_as_the_standard_says() -> Result<(), Box<dyn std::error::Error>> {
    let text = String::from_utf8(written(Format::Csv)?)?;
    let expected = "name,count,share,small,at\r\n\
                    \"a, \"\"b\"\"\nc\",41250,0.3333333333333333,false,2026-01-02T03:04:05.123456Z\r\n\
                    ,,,,\r\n\
                    é,0,1,true,1970-01-01T00:00:00Z\r\n";
    assert_eq!(text, expected);
    Ok(())
}

#[test]
fn a_line_is_an_object_with_every_name() -> Result<(), Box<dyn std::error::Error>> {
    let text = String::from_utf8(written(Format::Lines)?)?;
    let lines = text.lines().map(serde_json::from_str).collect::<Result<Vec<serde_json::Value>, _>>()?;
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["share"].as_f64(), Some(1.0 / 3.0));
    assert_eq!(lines[0]["at"], "2026-01-02T03:04:05.123456Z");
    assert!(lines[1].as_object().is_some_and(|line| line.len() == 5 && line.values().all(serde_json::Value::is_null)));
    assert_eq!(lines[2]["small"], true);
    Ok(())
}

#[test]
fn a_file_without_rows_has_its_heads() -> Result<(), DataFileError> {
    let file = DataFile::new(Format::Csv, COLUMNS, Vec::new())?;
    assert_eq!(file.finish()?, b"name,count,share,small,at\r\n");
    Ok(())
}

#[cfg(feature = "parquet")]
mod with_parquet {
    use bytes::Bytes;
    use parquet::basic::{LogicalType, TimeUnit};
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::RowAccessor as _;

    use super::*;

    #[test]
    fn parquet_is_read_back() -> Result<(), Box<dyn std::error::Error>> {
        let reader = SerializedFileReader::new(Bytes::from(written(Format::Parquet)?))?;
        let metadata = reader.metadata().file_metadata();
        let at = metadata.schema_descr().column(4);
        let in_micros = LogicalType::timestamp(true, TimeUnit::MICROS);
        assert_eq!((at.name(), at.logical_type_ref()), ("at", Some(&in_micros)));
        let rows = reader.get_row_iter(None)?.collect::<Result<Vec<_>, _>>()?;
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0].get_string(0)?, "a, \"b\"\nc");
        assert_eq!(rows[0].get_long(1)?, 41_250);
        assert_eq!(rows[0].get_double(2)?.to_bits(), (1.0_f64 / 3.0).to_bits());
        assert_eq!(rows[0].get_timestamp_micros(4)?, 1_767_323_045_123_456);
        assert!(rows[1].get_string(0).is_err() && rows[1].get_long(1).is_err());
        assert!(rows[2].get_bool(3)?);
        Ok(())
    }

    #[test]
    fn many_rows_are_written_in_groups() -> Result<(), Box<dyn std::error::Error>> {
        const COUNT: &[Column] = &[("count", Kind::Whole)];
        let mut file = DataFile::new(Format::Parquet, COUNT, Vec::new())?;
        (0..120_000).try_for_each(|number| file.push(&[Value::Whole(number)]))?;
        let reader = SerializedFileReader::new(Bytes::from(file.finish()?))?;
        let sizes: Vec<_> = reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect();
        assert_eq!(sizes, [50_000, 50_000, 20_000]);
        let last = reader.get_row_iter(None)?.last().ok_or("no rows")??;
        assert_eq!(last.get_long(0)?, 119_999);
        Ok(())
    }
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_so() {
    let said = DataFile::new(Format::Parquet, COLUMNS, Vec::new()).err().map(|error| error.to_string());
    assert!(said.is_some_and(|said| said.contains("built without Parquet")));
}
