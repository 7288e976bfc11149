//! The report as rows for programs: one for each rate and each time of each cell of each table.

use std::io::Write;

use entente_projections::figures::{Duration, Figure, Report, ReportCell, Scope, Table, Told, View};

use crate::data_file::{Column, DataFile, DataFileError, Format, Kind, Value, word};

/// The columns; docs/figures.md says what each means.
pub const COLUMNS: &[Column] = &[
    ("by", Kind::Text),
    ("at_1", Kind::Text),
    ("at_2", Kind::Text),
    ("kind", Kind::Text),
    ("code", Kind::Text),
    ("suppressed", Kind::Truth),
    ("k", Kind::Whole),
    ("n", Kind::Whole),
    ("rate", Kind::Real),
    ("low", Kind::Real),
    ("high", Kind::Real),
    ("method", Kind::Text),
    ("small", Kind::Truth),
    ("excluded", Kind::Text),
    ("observed", Kind::Whole),
    ("pending", Kind::Whole),
    ("p50_minutes", Kind::Whole),
    ("p90_minutes", Kind::Whole),
    ("max_minutes", Kind::Whole),
    ("rule_set", Kind::Text),
    ("filed", Kind::Whole),
    ("as_of_position", Kind::Whole),
    ("as_of_time", Kind::Time),
    ("scope", Kind::Text),
    ("from", Kind::Text),
    ("to", Kind::Text),
    ("under_way", Kind::Truth),
    ("view", Kind::Text),
    ("definition", Kind::Whole),
];

/// Writes the whole report.
///
/// # Errors
/// An output that cannot be written to, or a format that is not built in.
pub fn write<W: Write + Send>(report: &Report, format: Format, out: W) -> Result<W, DataFileError> {
    let mut file = DataFile::new(format, COLUMNS, out)?;
    for table in &report.tables {
        for cell in &table.cells {
            for figure in &cell.figures {
                file.push(&row(report, table, cell, rate(figure)))?;
            }
            for duration in &cell.durations {
                file.push(&row(report, table, cell, time(duration)))?;
            }
        }
    }
    file.finish()
}

/// Which cell it is of, what it is, and of what report.
fn row(report: &Report, table: &Table, cell: &ReportCell, measured: [Value; 17]) -> Vec<Value> {
    let by: Vec<_> = table.by.iter().map(|dimension| dimension.name()).collect();
    let at = |place: usize| Value::of(by.get(place).and_then(|name| cell.at.get(name)), Value::text);
    let (scope, days) = match report.scope {
        Scope::All => ("all", None),
        Scope::Period(days) => ("period", Some(days)),
        Scope::Cohort(days) => ("cohort", Some(days)),
    };
    let view = match report.view {
        View::Released => "released",
        View::Centre => "centre",
    };
    let mut row = vec![Value::text(by.join(" ")), at(0), at(1)];
    row.extend(measured);
    row.extend([
        Value::of(report.filed, Value::Whole),
        Value::Whole(report.as_of.position),
        Value::Time(report.as_of.time),
        Value::text(scope),
        Value::of(days, |days| Value::text(days.from().to_string())),
        Value::of(days, |days| Value::text(days.to().to_string())),
        Value::Truth(report.under_way),
        Value::text(view),
        Value::Whole(report.definition.into()),
    ]);
    row
}

/// A rate, in the columns from `kind` to `rule_set`.
fn rate(figure: &Figure) -> [Value; 17] {
    let told = figure.value.shown();
    let excluded = told.and_then(|counted| counted.excluded.as_ref()).map(|excluded| {
        let told = excluded.iter().map(|(why, count)| format!("{}={count}", word(why)));
        told.collect::<Vec<_>>().join(" ")
    });
    let rules = figure.rule_set.iter().map(word).collect::<Vec<_>>().join(" ");
    [
        Value::text("rate"),
        Value::text(figure.code.name()),
        Value::Truth(is_suppressed(&figure.value)),
        Value::of(told, |it| Value::Whole(it.k)),
        Value::of(told, |it| Value::Whole(it.n)),
        Value::of(told.and_then(|it| it.rate), Value::Real),
        Value::of(told.and_then(|it| it.low), Value::Real),
        Value::of(told.and_then(|it| it.high), Value::Real),
        Value::text(figure.method),
        Value::of(told, |it| Value::Truth(it.small)),
        Value::of(excluded, Value::text),
        Value::Absent,
        Value::Absent,
        Value::Absent,
        Value::Absent,
        Value::Absent,
        Value::text(rules),
    ]
}

/// A time, in the same columns.
fn time(duration: &Duration) -> [Value; 17] {
    let told = duration.value.shown();
    [
        Value::text("time"),
        Value::text(duration.code.name()),
        Value::Truth(is_suppressed(&duration.value)),
        Value::Absent,
        Value::of(told.and_then(|it| it.n), Value::Whole),
        Value::Absent,
        Value::Absent,
        Value::Absent,
        Value::text("Kaplan-Meier"),
        Value::Absent,
        Value::Absent,
        Value::of(told.and_then(|it| it.observed), Value::Whole),
        Value::of(told.and_then(|it| it.pending), Value::Whole),
        Value::of(told.and_then(|it| it.p50), Value::Whole),
        Value::of(told.and_then(|it| it.p90), Value::Whole),
        Value::of(told.and_then(|it| it.max), Value::Whole),
        Value::Absent,
    ]
}

fn is_suppressed<T>(value: &Told<T>) -> bool {
    value.shown().is_none()
}

#[cfg(test)]
mod tests {
    use entente_projections::figures::Code;

    use super::*;
    use crate::report::samples;

    type Tested = Result<(), Box<dyn std::error::Error>>;

    fn read(report: &Report) -> Result<(csv::StringRecord, Vec<csv::StringRecord>), Box<dyn std::error::Error>> {
        let written = write(report, Format::Csv, Vec::new())?;
        let mut reader = csv::Reader::from_reader(written.as_slice());
        let heads = reader.headers()?.clone();
        Ok((heads, reader.records().collect::<Result<_, _>>()?))
    }

    fn field<'a>((heads, row): (&csv::StringRecord, &'a csv::StringRecord), name: &str) -> &'a str {
        heads.iter().position(|head| head == name).and_then(|at| row.get(at)).unwrap_or("no such column")
    }

    #[test]
    fn a_rate_is_read_back_to_its_last_digit() -> Tested {
        let report = samples::large(View::Centre);
        let (heads, rows) = read(&report)?;
        let first = (&heads, rows.first().ok_or("no rows")?);
        assert_eq!((field(first, "by"), field(first, "kind"), field(first, "code")), ("", "rate", "SR1"));
        let counted = report.total(Code::SR1).ok_or("no SR1")?;
        assert_eq!(field(first, "low").parse::<f64>().ok(), counted.low);
        assert_eq!(field(first, "rate").parse::<f64>().ok(), counted.rate);
        assert_eq!(field(first, "excluded"), "still_open=42 no_mediator=49");
        assert_eq!(field(first, "rule_set"), "2026-1 2026-2");
        assert_eq!(field(first, "as_of_time"), "2026-06-30T10:00:00Z");
        let cells = report.tables.iter().flat_map(|table| &table.cells);
        assert_eq!(rows.len(), cells.map(|cell| cell.figures.len() + cell.durations.len()).sum::<usize>());
        let time = rows.iter().map(|row| (&heads, row)).find(|row| field(*row, "kind") == "time").ok_or("no times")?;
        assert_eq!((field(time, "code"), field(time, "k"), field(time, "max_minutes").is_empty()), ("E2", "", false));
        Ok(())
    }

    #[test]
    fn two_dimensions_stand_in_the_table_s_order() -> Tested {
        let (heads, rows) = read(&samples::large(View::Centre))?;
        let last = (&heads, rows.last().ok_or("no rows")?);
        assert_eq!((field(last, "by"), field(last, "at_1"), field(last, "at_2")), ("year channel", "2026", "offline"));
        Ok(())
    }

    #[test]
    fn what_is_suppressed_says_nothing_else() -> Tested {
        let (heads, rows) = read(&samples::under_way(View::Released))?;
        let suppressed: Vec<_> =
            rows.iter().map(|row| (&heads, row)).filter(|row| field(*row, "suppressed") == "true").collect();
        assert!(!suppressed.is_empty());
        for row in suppressed {
            for name in ["k", "n", "rate", "low", "high", "small", "excluded", "rule_set", "p50_minutes", "observed"] {
                assert_eq!(field(row, name), "", "{name}");
            }
            assert_eq!((field(row, "scope"), field(row, "from")), ("period", "2026-01-01"));
        }
        Ok(())
    }

    #[test]
    fn the_same_report_is_the_same_bytes() -> Tested {
        let report = samples::large(View::Released);
        for format in [Format::Csv, Format::Lines, Format::Parquet] {
            let written = || write(&report, format, Vec::new()).ok();
            assert_eq!(written(), written());
        }
        Ok(())
    }
}
