//! The log as the application asks for it: sealed on the way in, checked on the way out.

use std::collections::BTreeSet;

use async_trait::async_trait;
use entente_application::ports::{Append, Appended, CaseLog, Done, Folded, Position, Recorded, StoreError};
use entente_domain::{CaseId, CommandId, Entry};
use jiff::Timestamp;
use tokio::sync::watch;

use crate::case_key::CaseKey;
use crate::errors::damaged;
use crate::writer::{Line, Prepared, Verdict};
use crate::{Store, migrations, reader, sealing};

#[async_trait]
impl CaseLog for Store {
    async fn fold(&self, case: CaseId) -> Result<Folded, StoreError> {
        if let Some(folded) = self.cache.find(case) {
            return Ok(folded);
        }
        let stream = reader::stream(&self.database, case, &self.upcasters).await?;
        let folded = fold(stream);
        // A case that nobody has registered is not remembered: whoever guesses ids must not push out real ones.
        if folded.version > 0 {
            self.cache.keep(case, &folded);
        }
        Ok(folded)
    }

    async fn fold_now(&self, case: CaseId) -> Result<Folded, StoreError> {
        let version = reader::version(&self.database, case).await?;
        if let Some(folded) = self.cache.find(case).filter(|folded| folded.version >= version) {
            return Ok(folded);
        }
        self.cache.forget(case);
        self.fold(case).await
    }

    async fn append(&self, append: Append) -> Result<Appended, StoreError> {
        let Append { case, expected, command, request, recorded, mut entries } = append;
        if entries.is_empty() {
            return Err(StoreError::Misconfigured("an append needs at least one entry".to_owned()));
        }
        let confidential = entries.iter_mut().any(|entry| sealing::parts(entry) != sealing::Parts::default());
        let key = if confidential || request.is_some() { self.key(case, expected).await? } else { None };
        if confidential && key.is_none() {
            return Err(StoreError::Misconfigured(format!(
                "the key of case {case} was destroyed: nothing confidential can be added"
            )));
        }
        let mac = request.zip(key.as_ref()).map(|(request, key)| key.request_mac(&request));
        let mut lines = Vec::with_capacity(entries.len());
        for (sequence, entry) in (expected + 1..).zip(&mut entries) {
            if let Some(key) = &key {
                sealing::shut(entry, key, case, sequence)?;
            }
            lines.push(line(entry)?);
        }
        let last_line = lines.len() as u64 - 1;
        let prepared = Prepared {
            stream: case.to_string(),
            expected: i64::try_from(expected).map_err(|_| damaged("a version is beyond all numbers"))?,
            command: command.0,
            metadata: metadata(command, mac.as_deref(), recorded),
            lines,
        };
        match self.writer.append(prepared).await {
            Ok(Verdict::At(first)) => {
                self.cache.advance(case, expected, entries);
                let first = u64::try_from(first).map_err(|_| damaged("a position is negative"))?;
                Ok(Appended::At { first: Position(first), last: Position(first + last_line) })
            }
            Ok(Verdict::Conflict) => {
                self.cache.forget(case);
                Ok(Appended::Conflict)
            }
            Ok(Verdict::Repeated) => Ok(Appended::Repeated),
            Err(error) => {
                self.cache.forget(case);
                Err(error)
            }
        }
    }

    async fn stream(&self, case: CaseId) -> Result<Vec<Recorded>, StoreError> {
        reader::stream(&self.database, case, &self.upcasters).await
    }

    async fn unseal(&self, mut entries: Vec<Recorded>) -> Result<Vec<Recorded>, StoreError> {
        let mut cases = BTreeSet::new();
        for recorded in &mut entries {
            if !cases.contains(&recorded.case) && sealing::parts(&mut recorded.entry).shut > 0 {
                cases.insert(recorded.case);
            }
        }
        let keys = self.keys.find(&cases).await?;
        for recorded in &mut entries {
            if let Some(key) = keys.get(&recorded.case) {
                sealing::open(recorded, key)?;
            }
        }
        Ok(entries)
    }

    async fn page(&self, after: Position, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        reader::page(&self.database, after, limit, &self.upcasters).await
    }

    async fn head(&self) -> Result<Position, StoreError> {
        reader::head(&self.database).await
    }

    async fn done(&self, command: CommandId, request: Option<[u8; 32]>) -> Result<Option<Done>, StoreError> {
        let Some((entries, mac)) = reader::done(&self.database, command, &self.upcasters).await? else {
            return Ok(None);
        };
        let case = entries.first().ok_or_else(|| damaged("a command without events"))?.case;
        let same_request = match (request, mac) {
            (Some(request), Some(mac)) => {
                let key = self.keys.of(case).await?;
                key.is_none_or(|key| key.request_mac(&request) == mac)
            }
            _ => true,
        };
        Ok(Some(Done { case, same_request, entries }))
    }

    fn appended(&self) -> watch::Receiver<Position> {
        self.writer.moved()
    }

    async fn ready(&self) -> Result<(), StoreError> {
        if !self.writer.is_alive() {
            return Err(StoreError::Unavailable("the log's writer has ended: start the program again".to_owned()));
        }
        if !self.recorder.is_alive() {
            return Err(StoreError::Unavailable(
                "the access log's recorder has ended: start the program again".to_owned(),
            ));
        }
        migrations::check(&self.database).await?;
        reader::head(&self.database).await.map(drop)
    }
}

impl Store {
    /// A case gets its key with its first event; a later event never makes one, since that could open nothing older.
    async fn key(&self, case: CaseId, expected: u64) -> Result<Option<std::sync::Arc<CaseKey>>, StoreError> {
        if expected == 0 { self.keys.make(case).await } else { self.keys.of(case).await }
    }
}

/// A stream's entries, in order, as the case that they make.
fn fold(stream: Vec<Recorded>) -> Folded {
    use cqrs_es::Aggregate as _;
    let version = stream.len() as u64;
    let mut case = entente_domain::Case::default();
    for recorded in stream {
        case.apply(recorded.entry);
    }
    Folded { state: std::sync::Arc::new(case), version }
}

fn line(entry: &Entry) -> Result<Line, StoreError> {
    let kind = entry.event.kind();
    let payload = serde_json::to_string(entry)
        .map_err(|_| StoreError::Misconfigured(format!("{} has no JSON form", kind.name())))?;
    Ok(Line { kind: kind.name(), version: kind.version(), payload })
}

/// All values are strings, as the stock event envelope wants them.
fn metadata(command: CommandId, mac: Option<&str>, recorded: Option<Timestamp>) -> String {
    let mut metadata = format!(r#"{{"command":"{command}""#);
    if let Some(mac) = mac {
        metadata.push_str(&format!(r#","request":"{mac}""#));
    }
    if let Some(recorded) = recorded {
        metadata.push_str(&format!(r#","recorded":"{recorded:.6}""#));
    }
    metadata.push('}');
    metadata
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn metadata_is_an_object_of_strings_and_says_no_more_than_was_asked() {
        let command = CommandId(Uuid::nil());
        let recorded = Timestamp::UNIX_EPOCH + std::time::Duration::from_micros(1_500);
        let nil = "00000000-0000-0000-0000-000000000000";
        assert_eq!(metadata(command, None, None), format!(r#"{{"command":"{nil}"}}"#));
        assert_eq!(metadata(command, Some("m"), None), format!(r#"{{"command":"{nil}","request":"m"}}"#));
        assert_eq!(
            metadata(command, Some("m"), Some(recorded)),
            format!(r#"{{"command":"{nil}","request":"m","recorded":"1970-01-01T00:00:00.001500Z"}}"#)
        );
        assert_eq!(
            metadata(command, None, Some(recorded)),
            format!(r#"{{"command":"{nil}","recorded":"1970-01-01T00:00:00.001500Z"}}"#)
        );
    }
}
