//! The access log as the application asks for it: who looked at which page and which items, granted or refused.

use async_trait::async_trait;
use entente_application::ports::{Look, Looked, Looks, Position, StoreError};
use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, ItemId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::database::reading;
use crate::errors::{damaged, fault};
use crate::view_rows::instant;

const AT_ITEM: &str = "SELECT at, viewer, person, granted FROM look WHERE case_id = $1 AND item = $2 \
    ORDER BY at, id LIMIT $3";
/// Those who look as persons, and staff: who sits at the case sees items on its page, whatever else the token is good for.
const AT_PAGE: &str = "SELECT min(at), position FROM look WHERE case_id = $1 AND person = $2 \
    AND viewer IN ('person', 'staff') AND position IS NOT NULL AND granted GROUP BY position ORDER BY min(at), position";
const FIRST_AT_ITEMS: &str = "SELECT item, min(at) FROM look WHERE case_id = $1 AND person = $2 AND granted \
    AND item BETWEEN $3 AND $4 GROUP BY item ORDER BY item";

/// A row of the access log, ready to be bound: an item or a position of the log, never both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LookLine {
    pub(crate) at: i64,
    pub(crate) viewer: &'static str,
    pub(crate) person: Option<Uuid>,
    pub(crate) case: Uuid,
    pub(crate) item: Option<Uuid>,
    pub(crate) position: Option<i64>,
    pub(crate) granted: bool,
}

impl LookLine {
    fn of(look: &Look) -> Result<Vec<Self>, StoreError> {
        let (viewer, person) = spelled(look.viewer);
        let (at, case, granted) = (look.at.as_microsecond(), look.case.0, look.granted);
        let page = Self { at, viewer, person, case, item: None, position: None, granted };
        match &look.what {
            Looked::Page(position) => {
                let position = i64::try_from(position.0)
                    .map_err(|_| StoreError::Misconfigured("a look names a position beyond all logs".to_owned()))?;
                Ok(vec![Self { position: Some(position), ..page }])
            }
            Looked::Items(items) => Ok(items.iter().map(|item| Self { item: Some(item.0), ..page.clone() }).collect()),
        }
    }
}

#[async_trait]
impl Looks for Store {
    async fn record(&self, look: Look) -> Result<(), StoreError> {
        let lines = LookLine::of(&look)?;
        if lines.is_empty() {
            return Ok(());
        }
        self.recorder.record(lines).await
    }

    async fn at_item(&self, case: CaseId, item: ItemId, limit: u32) -> Result<Vec<Look>, StoreError> {
        let rows: Vec<(i64, String, Option<Uuid>, bool)> = reading!(&self.database, look_readers, |pool| {
            let query = sqlx::query_as(AT_ITEM).bind(case.0).bind(item.0).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        let look = |(at, word, person, granted): (i64, String, Option<Uuid>, bool)| {
            let viewer = viewer(&word, person)?;
            Ok(Look { at: instant(at)?, viewer, case, what: Looked::Items(vec![item]), granted })
        };
        rows.into_iter().map(look).collect()
    }

    async fn at_page(&self, case: CaseId, person: PersonId) -> Result<Vec<(Timestamp, Position)>, StoreError> {
        let rows: Vec<(i64, i64)> = reading!(&self.database, look_readers, |pool| {
            sqlx::query_as(AT_PAGE).bind(case.0).bind(person.0).fetch_all(pool).await.map_err(fault)?
        });
        let look = |(at, position): (i64, i64)| {
            let position = u64::try_from(position).map_err(|_| damaged("a look has a negative position"))?;
            Ok((instant(at)?, Position(position)))
        };
        rows.into_iter().map(look).collect()
    }

    async fn first_at_items(
        &self,
        case: CaseId,
        person: PersonId,
        first: ItemId,
        last: ItemId,
    ) -> Result<Vec<(ItemId, Timestamp)>, StoreError> {
        let rows: Vec<(Uuid, i64)> = reading!(&self.database, look_readers, |pool| {
            let query = sqlx::query_as(FIRST_AT_ITEMS).bind(case.0).bind(person.0).bind(first.0).bind(last.0);
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(|(item, at)| Ok((ItemId(item), instant(at)?))).collect()
    }
}

fn spelled(viewer: Viewer) -> (&'static str, Option<Uuid>) {
    match viewer {
        Viewer::Person(person) => ("person", Some(person.0)),
        Viewer::Staff(person) => ("staff", Some(person.0)),
        Viewer::Auditor(person) => ("auditor", Some(person.0)),
        Viewer::Operator => ("operator", None),
    }
}

fn viewer(word: &str, person: Option<Uuid>) -> Result<Viewer, StoreError> {
    match (word, person.map(PersonId)) {
        ("person", Some(person)) => Ok(Viewer::Person(person)),
        ("staff", Some(person)) => Ok(Viewer::Staff(person)),
        ("auditor", Some(person)) => Ok(Viewer::Auditor(person)),
        ("operator", None) => Ok(Viewer::Operator),
        _ => Err(damaged("a look is by nobody who can look")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_are_read_as_they_are_spelled() {
        let person = PersonId(Uuid::from_u128(7));
        for looks in [Viewer::Person(person), Viewer::Staff(person), Viewer::Auditor(person), Viewer::Operator] {
            let (word, person) = spelled(looks);
            assert!(viewer(word, person).is_ok_and(|read| read == looks));
        }
        assert!(viewer("operator", Some(person.0)).is_err());
        assert!(viewer("person", None).is_err());
    }
}
