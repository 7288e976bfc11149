//! The fact file: a row for each case, from which every figure can be computed again (docs/figures.md).

use std::io::Write;

use entente_projections::facts::{Fact, Milestone};
use entente_projections::figures::{AsOf, Dimension};

use crate::data_file::{Column, DataFile, DataFileError, Format, Kind, Value, word};

/// Its columns; docs/figures.md says what each means.
pub const COLUMNS: &[Column] = &[
    ("as_of_position", Kind::Whole),
    ("as_of_time", Kind::Time),
    ("pseudonym", Kind::Text),
    ("rule_set", Kind::Text),
    ("sector", Kind::Text),
    ("amount", Kind::Text),
    ("cross_border", Kind::Truth),
    ("claimant_company", Kind::Text),
    ("respondent_company", Kind::Text),
    ("registered", Kind::Time),
    ("registered_position", Kind::Whole),
    ("qualified", Kind::Time),
    ("qualified_position", Kind::Whole),
    ("invited", Kind::Time),
    ("invited_position", Kind::Whole),
    ("invitation_due", Kind::Time),
    ("consented", Kind::Time),
    ("consented_position", Kind::Whole),
    ("appointment_due", Kind::Time),
    ("appointed", Kind::Time),
    ("appointed_position", Kind::Whole),
    ("claimant_item", Kind::Time),
    ("claimant_item_position", Kind::Whole),
    ("respondent_item", Kind::Time),
    ("respondent_item_position", Kind::Whole),
    ("left_online", Kind::Time),
    ("left_online_position", Kind::Whole),
    ("offline_exchange", Kind::Time),
    ("offline_exchange_position", Kind::Whole),
    ("closed", Kind::Time),
    ("closed_position", Kind::Whole),
    ("outcome", Kind::Text),
    ("settled_later", Kind::Time),
    ("settled_later_position", Kind::Whole),
    ("channels", Kind::Text),
];

/// A fact file being written; give it the facts as of its position, in the order of their pseudonyms.
pub struct FactFile<W: Write + Send> {
    as_of: AsOf,
    file: DataFile<W>,
}

impl<W: Write + Send> FactFile<W> {
    /// Begins it.
    ///
    /// # Errors
    /// An output that cannot be written to, or a format that is not built in.
    pub fn new(format: Format, as_of: AsOf, out: W) -> Result<Self, DataFileError> {
        Ok(Self { as_of, file: DataFile::new(format, COLUMNS, out)? })
    }

    /// Writes a case.
    ///
    /// # Errors
    /// As [`FactFile::new`].
    pub fn push(&mut self, fact: &Fact) -> Result<(), DataFileError> {
        self.file.push(&row(self.as_of, fact))
    }

    /// Writes what is left, and gives the output back.
    ///
    /// # Errors
    /// As [`FactFile::new`].
    pub fn finish(self) -> Result<W, DataFileError> {
        self.file.finish()
    }
}

fn row(as_of: AsOf, fact: &Fact) -> Vec<Value> {
    let filing = &fact.filing;
    // The year plays no part in these.
    let named = |by: Dimension| Value::Text(by.value(fact, 0).name());
    let mut row = vec![
        Value::Whole(as_of.position),
        Value::Time(as_of.time),
        Value::Text(fact.pseudonym.to_string()),
        named(Dimension::RuleSet),
        named(Dimension::Sector),
        named(Dimension::Amount),
        Value::Truth(filing.cross_border),
        Value::Text(filing.claimant.to_string()),
        Value::Text(filing.respondent.to_string()),
    ];
    row.extend(reached(Some(filing.registered)));
    row.extend(reached(fact.qualified));
    row.extend(reached(fact.invited));
    row.push(Value::of(fact.invitation_due, Value::Time));
    row.extend(reached(fact.consented));
    row.push(Value::of(fact.appointment_due, Value::Time));
    row.extend(reached(fact.appointed));
    row.extend(reached(fact.claimant_item));
    row.extend(reached(fact.respondent_item));
    row.extend(reached(fact.left_online()));
    row.extend(reached(fact.offline_exchange));
    row.extend(reached(fact.closed));
    row.push(Value::of(fact.outcome, |outcome| Value::text(word(&outcome))));
    row.extend(reached(fact.settled_later));
    row.push(Value::text(channels(fact)));
    row
}

/// When, and which position says so.
fn reached(milestone: Option<Milestone>) -> [Value; 2] {
    [Value::of(milestone, |it| Value::Time(it.at)), Value::of(milestone, |it| Value::Whole(it.position))]
}

/// The switches in order: `telephone@2026-01-02T03:04:05Z#1234`.
fn channels(fact: &Fact) -> String {
    let switches = fact.channels.iter().map(|switch| {
        let Milestone { at, position } = switch.since;
        format!("{}@{}#{position}", word(&switch.channel), Value::Time(at).written())
    });
    switches.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn written(format: Format) -> Result<Vec<u8>, DataFileError> {
        let as_of = samples::question().as_of;
        let mut file = FactFile::new(format, as_of, Vec::new())?;
        (0..60).filter_map(|number| samples::fact(number).as_of(as_of.position)).try_for_each(|it| file.push(&it))?;
        file.finish()
    }

    #[test]
    fn every_row_has_a_value_for_each_column() {
        let row = row(samples::question().as_of, &samples::fact(0));
        assert_eq!(row.len(), COLUMNS.len());
        for ((name, kind), value) in COLUMNS.iter().zip(&row) {
            let fits = match value {
                Value::Absent => true,
                Value::Text(_) => *kind == Kind::Text,
                Value::Whole(_) => *kind == Kind::Whole,
                Value::Real(_) => *kind == Kind::Real,
                Value::Truth(_) => *kind == Kind::Truth,
                Value::Time(_) => *kind == Kind::Time,
            };
            assert!(fits, "{name}: {value:?}");
        }
    }

    #[test]
    fn a_switch_is_told_with_its_time_and_position() -> Result<(), Box<dyn std::error::Error>> {
        let written = written(Format::Csv)?;
        let mut reader = csv::Reader::from_reader(written.as_slice());
        let heads = reader.headers()?.clone();
        let at = |name: &str| heads.iter().position(|head| head == name).ok_or("no such column");
        let (channels, left) = (at("channels")?, at("left_online")?);
        let rows = reader.records().collect::<Result<Vec<_>, _>>()?;
        assert_eq!(rows.len(), 60);
        let switched = rows.iter().find(|row| !row[left].is_empty()).ok_or("nobody ever switched")?;
        let position = &switched[at("left_online_position")?];
        assert_eq!(&switched[channels], format!("telephone@{}#{position}", &switched[left]));
        Ok(())
    }

    #[test]
    fn the_same_facts_are_the_same_bytes() -> Result<(), DataFileError> {
        for format in [Format::Csv, Format::Lines, Format::Parquet] {
            assert_eq!(written(format).ok(), written(format).ok());
        }
        Ok(())
    }
}
