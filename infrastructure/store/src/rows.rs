//! From a stored row to an entry, and loudly to an error if the row is not what was written.

use std::sync::Arc;

use cqrs_es::persist::{EventUpcaster, SemanticVersion, SerializedEvent};
use entente_application::ports::{Position, Recorded, StoreError};
use entente_domain::{CaseId, CommandId, Entry, EventKind};
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::{ColumnIndex, Decode, Row};

/// The columns of [`Stored`], in its order.
macro_rules! event_columns {
    () => {
        "pos, aggregate_id, sequence, event_type, event_version, payload, metadata"
    };
}
pub(crate) use event_columns;

/// A row of the log, as it lies there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stored<'r> {
    pub(crate) position: i64,
    stream: &'r str,
    sequence: i64,
    kind: &'r str,
    version: &'r str,
    payload: &'r str,
    metadata: &'r str,
}

impl<'r> Stored<'r> {
    /// Unchecked by type, since PostgreSQL would not give `json` as text otherwise; its bytes are text.
    pub(crate) fn of<R>(row: &'r R) -> Result<Self, sqlx::Error>
    where
        R: Row,
        usize: ColumnIndex<R>,
        i64: Decode<'r, R::Database>,
        &'r str: Decode<'r, R::Database>,
    {
        Ok(Self {
            position: row.try_get_unchecked(0)?,
            stream: row.try_get_unchecked(1)?,
            sequence: row.try_get_unchecked(2)?,
            kind: row.try_get_unchecked(3)?,
            version: row.try_get_unchecked(4)?,
            payload: row.try_get_unchecked(5)?,
            metadata: row.try_get_unchecked(6)?,
        })
    }

    /// The entry as today's program understands it.
    pub(crate) fn recorded(self, upcasters: &[Arc<dyn EventUpcaster>]) -> Result<Recorded, StoreError> {
        let case: CaseId = self.stream.parse().map_err(|_| self.damaged("the stream is not named after a case"))?;
        let metadata = self.metadata()?;
        let entry = self.entry(upcasters)?;
        Ok(Recorded {
            case,
            sequence: u64::try_from(self.sequence).map_err(|_| self.damaged("the sequence is negative"))?,
            position: Position(u64::try_from(self.position).map_err(|_| self.damaged("the position is negative"))?),
            command: metadata.command,
            recorded: metadata.recorded.unwrap_or(entry.at),
            entry,
        })
    }

    /// The MAC of the request that carried the command.
    pub(crate) fn request(&self) -> Result<Option<String>, StoreError> {
        Ok(self.metadata()?.request.map(str::to_owned))
    }

    fn metadata(&self) -> Result<Metadata<'r>, StoreError> {
        serde_json::from_str(self.metadata)
            .map_err(|_| self.damaged("the metadata names no command, or a time that is none"))
    }

    fn entry(&self, upcasters: &[Arc<dyn EventUpcaster>]) -> Result<Entry, StoreError> {
        // Nearly every row has today's shape: it is parsed once, without a detour.
        let parsed = match serde_json::from_str::<Entry>(self.payload) {
            Ok(entry) if is(&entry, self.kind, self.version) => return Ok(entry),
            other => other,
        };
        if upcasters.iter().any(|upcaster| upcaster.can_upcast(self.kind, self.version)) {
            return self.upcast(upcasters);
        }
        Err(match parsed {
            _ if EventKind::ALL.iter().all(|kind| kind.name() != self.kind) => {
                self.damaged(&format!("no event is called {:?}", self.kind))
            }
            Ok(entry) if entry.event.kind().name() != self.kind => {
                self.damaged(&format!("the row says {}, the payload {}", self.kind, entry.event.kind().name()))
            }
            Ok(_) => self.damaged(&format!("{} has no version {:?}", self.kind, self.version)),
            Err(error) => self.damaged(&format!("the payload is not a {}: {}", self.kind, wrong(&error))),
        })
    }

    /// As the stock event store does it, but an event that still has no known shape is an error.
    fn upcast(&self, upcasters: &[Arc<dyn EventUpcaster>]) -> Result<Entry, StoreError> {
        let parse = |text: &str| -> Result<serde_json::Value, StoreError> {
            serde_json::from_str(text).map_err(|error| self.damaged(&wrong(&error)))
        };
        let stored = SerializedEvent::new(
            self.stream.to_owned(),
            usize::try_from(self.sequence).unwrap_or(0),
            "case".to_owned(),
            self.kind.to_owned(),
            self.version.to_owned(),
            parse(self.payload)?,
            parse(self.metadata)?,
        );
        let event = upcasters.iter().fold(stored, |event, upcaster| {
            if upcaster.can_upcast(&event.event_type, &event.event_version) { upcaster.upcast(event) } else { event }
        });
        let entry: Entry = serde_json::from_value(event.payload)
            .map_err(|error| self.damaged(&format!("upcast to version {}: {}", event.event_version, wrong(&error))))?;
        if is(&entry, &event.event_type, &event.event_version) {
            Ok(entry)
        } else {
            Err(self.damaged(&format!(
                "upcast to version {} of {}, which is not today's",
                event.event_version, event.event_type
            )))
        }
    }

    /// This row, named; never its content.
    pub(crate) fn damaged(&self, reason: &str) -> StoreError {
        StoreError::Corrupt {
            position: u64::try_from(self.position).unwrap_or(0),
            case: self.stream.to_owned(),
            sequence: u64::try_from(self.sequence).unwrap_or(0),
            reason: reason.to_owned(),
        }
    }

    /// Whether this is the `sequence`th row of its stream.
    pub(crate) fn must_be(&self, sequence: u64) -> Result<(), StoreError> {
        if u64::try_from(self.sequence) == Ok(sequence) {
            Ok(())
        } else {
            Err(self.damaged(&format!("number {sequence} of the stream is missing")))
        }
    }
}

/// What each event says about the command that it answers.
#[derive(Deserialize)]
struct Metadata<'a> {
    command: CommandId,
    #[serde(borrow, default)]
    request: Option<&'a str>,
    /// When the centre was told, if that is not when it happened.
    #[serde(default)]
    recorded: Option<Timestamp>,
}

fn is(entry: &Entry, kind: &str, version: &str) -> bool {
    let today = entry.event.kind();
    today.name() == kind && (today.version() == version || semantic(today.version()) == semantic(version))
}

/// Upcasters of the stock crate write `2` as `2.0.0`.
fn semantic(version: &str) -> Option<SemanticVersion> {
    version.parse().ok()
}

/// The kind and place of a JSON error; its message may quote content.
fn wrong(error: &serde_json::Error) -> String {
    format!("{:?} error at column {}", error.classify(), error.column())
}
