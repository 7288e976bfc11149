//! What became of each line, and the sums: nothing is lost silently.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use entente_domain::CaseId;
use entente_domain::event::Outcome;
use indicatif::ProgressBar;
use serde::Serialize;

use super::line::Refused;
use crate::output;

/// What became of a line.
pub(super) struct Report {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its id, if that could be read.
    pub id: Option<String>,
    /// Its length, and that of blank lines before it.
    pub bytes: u64,
    /// Taken or not.
    pub result: Result<Taken, Refused>,
}

/// A line that is true in the log, since now or before.
pub(super) struct Taken {
    /// Its case.
    pub case: CaseId,
    /// Its command.
    pub command: String,
    /// How many events it has added; none if an earlier run did, or if it was so already.
    pub events: u64,
    /// How it closed the case, if it did.
    pub outcome: Option<Outcome>,
}

/// The sums of a run. `lines` is always `taken + already + refused`.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    /// Lines that were not blank.
    pub lines: u64,
    /// Lines that this run has added to the log.
    pub taken: u64,
    /// Lines that were there, or were so, already.
    pub already: u64,
    /// Lines that are not in the log, each reported with number and reason.
    pub refused: u64,
    /// Cases that the file registers.
    pub cases: u64,
    /// Events that this run has added.
    pub events: u64,
    /// Lines taken or there already, by command.
    pub commands: BTreeMap<String, u64>,
    /// Cases that those lines closed, by outcome.
    pub outcomes: BTreeMap<Outcome, u64>,
}

impl Summary {
    fn count(&mut self, result: &Result<Taken, Refused>) {
        self.lines += 1;
        let Ok(taken) = result else {
            self.refused += 1;
            return;
        };
        if taken.events > 0 {
            self.taken += 1;
        } else {
            self.already += 1;
        }
        self.events += taken.events;
        *self.commands.entry(taken.command.clone()).or_default() += 1;
        if let Some(outcome) = taken.outcome {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let Self { lines, taken, already, refused, cases, events, .. } = self;
        let mut rows = vec![
            format!("{lines} lines of {cases} cases: {taken} taken, {already} already there, {refused} refused"),
            format!("{events} events added"),
        ];
        let mut section = |title: &str, counts: Vec<(String, u64)>| {
            if !counts.is_empty() {
                rows.extend([String::new(), title.to_owned()]);
                rows.extend(counts.iter().map(|(name, count)| format!("  {count:>9}  {name}")));
            }
        };
        let commands = self.commands.iter().map(|(name, count)| (name.replace('_', " "), *count)).collect();
        section("in the log, by command", commands);
        let outcomes = self.outcomes.iter().map(|(outcome, count)| (word(outcome), *count)).collect();
        section("closed, by outcome", outcomes);
        rows.join("\n")
    }
}

fn word(outcome: &Outcome) -> String {
    serde_json::to_value(outcome).ok().and_then(|value| Some(value.as_str()?.replace('_', " "))).unwrap_or_default()
}

/// A refused line, as `--refused` writes it.
#[derive(Serialize)]
struct RefusedLine<'a> {
    line: u64,
    id: Option<&'a str>,
    #[serde(flatten)]
    refused: &'a Refused,
}

/// A line that is in the log, as `--receipts` writes it.
#[derive(Serialize)]
struct Receipt<'a> {
    line: u64,
    id: Option<&'a str>,
    case: CaseId,
    events: u64,
}

/// Where reports end up.
pub(super) struct Collector {
    /// The sums so far.
    pub summary: Summary,
    bar: ProgressBar,
    refused: Option<File>,
    receipts: Option<File>,
}

impl Collector {
    /// A collector that writes to these files, both made anew.
    pub(super) fn new(bar: ProgressBar, refused: Option<&Path>, receipts: Option<&Path>) -> io::Result<Self> {
        let made = |path: Option<&Path>| path.map(File::create).transpose();
        Ok(Self { summary: Summary::default(), bar, refused: made(refused)?, receipts: made(receipts)? })
    }

    /// Takes note of a line.
    pub(super) fn take(&mut self, report: &Report) -> io::Result<()> {
        self.bar.inc(report.bytes);
        self.summary.count(&report.result);
        let (line, id) = (report.number, report.id.as_deref());
        match &report.result {
            Ok(Taken { case, events, .. }) => {
                write_line(&mut self.receipts, &Receipt { line, id, case: *case, events: *events })
            }
            Err(refused) => {
                let name = id.map(|id| format!(" ({id})")).unwrap_or_default();
                self.bar.suspend(|| output::talk(&format!("line {line}{name}: {}: {}", refused.code, refused.reason)));
                write_line(&mut self.refused, &RefusedLine { line, id, refused })
            }
        }
    }
}

/// Writes one line in one go, so that a kill leaves whole lines.
fn write_line(file: &mut Option<File>, line: &impl Serialize) -> io::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    file.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    use entente_domain::CommandId;

    use super::*;

    #[test]
    fn every_line_is_counted_once() {
        let case = CaseId(CommandId(uuid::Uuid::nil()).derive("case"));
        let taken = |events, outcome| Ok(Taken { case, command: "withdraw".into(), events, outcome });
        let mut summary = Summary::default();
        summary.count(&taken(2, Some(Outcome::Withdrawn)));
        summary.count(&taken(0, Some(Outcome::Withdrawn)));
        summary.count(&Err(Refused::unregistered()));
        assert_eq!((summary.lines, summary.taken, summary.already, summary.refused), (3, 1, 1, 1));
        let text = summary.text();
        assert!(text.contains("3 lines") && text.contains("2  withdrawn"), "{text}");
    }
}
