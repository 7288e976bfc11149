//! The store as an event store of the stock framework: what it asks for, on top of what the log does.

use std::collections::HashMap;

use cqrs_es::{AggregateContext, AggregateError, EventEnvelope, EventStore};
use entente_application::ports::{Append, Appended, CaseLog as _, Recorded, StoreError};
use entente_domain::{Case, CaseError, CaseId, CommandId, Entry};

use crate::Store;

/// The metadata's name for the command's id.
const COMMAND: &str = "command";

/// A case as the framework holds it between loading and committing.
#[derive(Debug)]
pub struct CaseContext {
    case: CaseId,
    version: u64,
    state: Case,
}

impl AggregateContext<Case> for CaseContext {
    fn aggregate(&mut self) -> &mut Case {
        &mut self.state
    }
}

impl EventStore<Case> for Store {
    type AC = CaseContext;

    /// Sealed, as they are stored.
    async fn load_events(&self, aggregate_id: &str) -> Result<Vec<EventEnvelope<Case>>, AggregateError<CaseError>> {
        let stream = self.stream(parse(aggregate_id)?).await.map_err(failed)?;
        Ok(stream.into_iter().map(envelope).collect())
    }

    async fn load_aggregate(&self, aggregate_id: &str) -> Result<CaseContext, AggregateError<CaseError>> {
        let case = parse(aggregate_id)?;
        let folded = self.fold(case).await.map_err(failed)?;
        Ok(CaseContext { case, version: folded.version, state: (*folded.state).clone() })
    }

    /// The metadata may bring the command's id as `command`; a repeated one answers as it did the first time.
    async fn commit(
        &self,
        events: Vec<Entry>,
        context: CaseContext,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<Case>>, AggregateError<CaseError>> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let command = match metadata.get(COMMAND) {
            Some(id) => id.parse::<CommandId>().map_err(|error| AggregateError::UnexpectedError(Box::new(error)))?,
            None => CommandId(uuid::Builder::from_random_bytes(crate::crypto::random().map_err(failed)?).into_uuid()),
        };
        let CaseContext { case, version, state } = context;
        // The cache copies a state that somebody else still holds.
        drop(state);
        let append =
            Append { case, expected: version, command, request: None, recorded: None, entries: events.clone() };
        match self.append(append).await.map_err(failed)? {
            Appended::At { .. } => Ok((version as usize + 1..)
                .zip(events)
                .map(|(sequence, payload)| EventEnvelope {
                    aggregate_id: case.to_string(),
                    sequence,
                    payload,
                    metadata: HashMap::from([(COMMAND.to_owned(), command.to_string())]),
                })
                .collect()),
            Appended::Conflict => Err(AggregateError::AggregateConflict),
            Appended::Repeated => {
                let done = self.done(command, None).await.map_err(failed)?;
                Ok(done.into_iter().flat_map(|done| done.entries).map(envelope).collect())
            }
        }
    }
}

fn parse(aggregate_id: &str) -> Result<CaseId, AggregateError<CaseError>> {
    aggregate_id.parse().map_err(|error: uuid::Error| AggregateError::UnexpectedError(Box::new(error)))
}

fn failed(error: StoreError) -> AggregateError<CaseError> {
    match error {
        StoreError::Unavailable(_) | StoreError::UnknownOutcome => {
            AggregateError::DatabaseConnectionError(Box::new(error))
        }
        StoreError::Corrupt { .. } | StoreError::Gap(_) => AggregateError::DeserializationError(Box::new(error)),
        StoreError::Destroyed(_) | StoreError::Misconfigured(_) => AggregateError::UnexpectedError(Box::new(error)),
    }
}

fn envelope(recorded: Recorded) -> EventEnvelope<Case> {
    EventEnvelope {
        aggregate_id: recorded.case.to_string(),
        sequence: recorded.sequence as usize,
        payload: recorded.entry,
        metadata: HashMap::from([(COMMAND.to_owned(), recorded.command.to_string())]),
    }
}
