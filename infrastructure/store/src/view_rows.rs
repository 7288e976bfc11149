//! How the rows of read models are spelled: ids as they are, times in microseconds, words as in JSON.

use entente_application::ports::StoreError;
use entente_domain::{CaseId, ItemId, PersonId};
use entente_projections::{caseload, inbox};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use uuid::Uuid;

use crate::errors::damaged;

/// person, at, item, case, opened
pub(crate) type InboxColumns = (Uuid, i64, Uuid, Uuid, bool);
/// person, since, case, seat
pub(crate) type SeatedColumns = (Uuid, i64, Uuid, String);
/// case, registered, phase, due kind, due, appointment missed, channel, outcome, closed
pub(crate) type CaseloadColumns =
    (Uuid, i64, String, Option<String>, Option<i64>, bool, String, Option<String>, Option<i64>);

pub(crate) fn inbox_row((person, at, item, case, opened): InboxColumns) -> Result<inbox::Row, StoreError> {
    Ok(inbox::Row { person: PersonId(person), at: instant(at)?, item: ItemId(item), case: CaseId(case), opened })
}

pub(crate) fn seated_row((person, since, case, seat): SeatedColumns) -> Result<inbox::Seated, StoreError> {
    Ok(inbox::Seated { person: PersonId(person), since: instant(since)?, case: CaseId(case), seat: parse(&seat)? })
}

pub(crate) fn caseload_row(columns: CaseloadColumns) -> Result<caseload::Row, StoreError> {
    let (case, registered, phase, due_kind, due, appointment_missed, channel, outcome, closed) = columns;
    Ok(caseload::Row {
        case: CaseId(case),
        registered: instant(registered)?,
        phase: parse(&phase)?,
        due_kind: due_kind.as_deref().map(parse).transpose()?,
        due: due.map(instant).transpose()?,
        appointment_missed,
        channel: parse(&channel)?,
        outcome: outcome.as_deref().map(parse).transpose()?,
        closed: closed.map(instant).transpose()?,
    })
}

/// A case's row with its words spelled, ready to be bound.
pub(crate) struct CaseloadLine {
    pub(crate) case: Uuid,
    pub(crate) registered: i64,
    pub(crate) phase: String,
    pub(crate) due_kind: Option<String>,
    pub(crate) due: Option<i64>,
    pub(crate) appointment_missed: bool,
    pub(crate) channel: String,
    pub(crate) outcome: Option<String>,
    pub(crate) closed: Option<i64>,
}

impl CaseloadLine {
    pub(crate) fn of(row: &caseload::Row) -> Result<Self, StoreError> {
        Ok(Self {
            case: row.case.0,
            registered: row.registered.as_microsecond(),
            phase: word(&row.phase)?,
            due_kind: row.due_kind.as_ref().map(word).transpose()?,
            due: row.due.map(Timestamp::as_microsecond),
            appointment_missed: row.appointment_missed,
            channel: word(&row.channel)?,
            outcome: row.outcome.as_ref().map(word).transpose()?,
            closed: row.closed.map(Timestamp::as_microsecond),
        })
    }
}

/// A value that JSON spells as one word, without the quotes.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Misconfigured("a value of a read model is not spelled as one word".to_owned())),
    }
}

/// A value from its word.
pub(crate) fn parse<T: DeserializeOwned>(word: &str) -> Result<T, StoreError> {
    let word: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
    T::deserialize(word).map_err(|error| damaged(format!("a read model has an unknown word: {error}")))
}

/// A time from its microseconds.
pub(crate) fn instant(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds).map_err(|_| damaged("a read model has a time beyond all calendars"))
}

#[cfg(test)]
mod tests {
    use entente_domain::{Phase, Seat};

    use super::*;

    #[test]
    fn words_are_read_as_they_are_spelled() {
        assert!(word(&Seat::Mediator).is_ok_and(|word| word == "mediator"));
        assert!(parse::<Phase>("open").is_ok_and(|phase| phase == Phase::Open));
        assert!(parse::<Phase>("ajar").is_err());
    }
}
