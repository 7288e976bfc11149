//! Reads the log and proves that nothing is missing from what it read.

use std::sync::Arc;

use cqrs_es::persist::EventUpcaster;
use entente_application::ports::{Position, Recorded, StoreError};
use entente_domain::{CaseId, CommandId};
use sqlx::Row as _;

use crate::database::{Database, reading};
use crate::errors::{damaged, fault};
use crate::rows::{Stored, event_columns};

const HEAD: &str = "SELECT pos FROM log_head";

const STREAM: &str = concat!(
    "SELECT ",
    event_columns!(),
    " FROM events WHERE aggregate_type = 'case' AND aggregate_id = $1 ORDER BY sequence"
);

const END: &str = "SELECT (SELECT pos FROM log_head), (SELECT coalesce(max(pos), 0) FROM events), \
    (SELECT coalesce(max(pos), 0) FROM view_build WHERE NOT dropped)";

const VERSION: &str =
    "SELECT coalesce(max(sequence), 0) FROM events WHERE aggregate_type = 'case' AND aggregate_id = $1";

/// One statement is one snapshot: the head in each row is the head that the rows must reach.
const PAGE: &str = concat!(
    "SELECT ",
    event_columns!(),
    ", (SELECT pos FROM log_head) AS head FROM events WHERE pos > $1 ORDER BY pos LIMIT $2"
);

/// What an empty page must be told from: a log whose end was lost.
const TAIL: &str = "SELECT (SELECT pos FROM log_head), (SELECT min(pos) FROM events WHERE pos > $1)";

/// A command's events lie together, and the next command begins with the next event that carries an id.
const DONE: &str = concat!(
    "SELECT ",
    event_columns!(),
    " FROM events WHERE pos >= (SELECT pos FROM events WHERE command = $1) AND pos < coalesce(",
    "(SELECT min(later.pos) FROM events later WHERE later.command IS NOT NULL ",
    "AND later.pos > (SELECT pos FROM events WHERE command = $1)), 9223372036854775807) ORDER BY pos"
);

/// The last position.
pub(crate) async fn head(database: &Database) -> Result<Position, StoreError> {
    let head: i64 = reading!(database, |pool| sqlx::query_scalar(HEAD).fetch_one(pool).await.map_err(fault)?);
    position(head)
}

/// That the log ends where its head says, and that no read model has seen further: a log that lost its end must not be
/// written over.
pub(crate) async fn check_end(database: &Database) -> Result<(), StoreError> {
    let (head, last, seen): (i64, i64, i64) =
        reading!(database, |pool| sqlx::query_as(END).fetch_one(pool).await.map_err(fault)?);
    let (head, last, seen) = (position(head)?.0, position(last)?.0, position(seen)?.0);
    if last < head {
        return Err(StoreError::Gap(last + 1));
    }
    if last > head || seen > head {
        return Err(StoreError::Corrupt {
            position: head,
            case: String::new(),
            sequence: 0,
            reason: format!("the log's head is there, but {} was there already", last.max(seen)),
        });
    }
    Ok(())
}

/// The number of a stream's last event; 0 if it has none.
pub(crate) async fn version(database: &Database, case: CaseId) -> Result<u64, StoreError> {
    let last: i64 = reading!(database, |pool| {
        sqlx::query_scalar(VERSION).bind(case.to_string()).fetch_one(pool).await.map_err(fault)?
    });
    position(last).map(|last| last.0)
}

/// A whole stream, dense from 1.
pub(crate) async fn stream(
    database: &Database,
    case: CaseId,
    upcasters: &[Arc<dyn EventUpcaster>],
) -> Result<Vec<Recorded>, StoreError> {
    reading!(database, |pool| {
        let rows = sqlx::query(STREAM).bind(case.to_string()).fetch_all(pool).await.map_err(fault)?;
        let mut stream = Vec::with_capacity(rows.len());
        for (sequence, row) in (1..).zip(&rows) {
            let stored = Stored::of(row).map_err(fault)?;
            stored.must_be(sequence)?;
            stream.push(stored.recorded(upcasters)?);
        }
        Ok(stream)
    })
}

/// The next entries after a position: dense, and up to the head if there are fewer than `limit`.
pub(crate) async fn page(
    database: &Database,
    after: Position,
    limit: u32,
    upcasters: &[Arc<dyn EventUpcaster>],
) -> Result<Vec<Recorded>, StoreError> {
    let from = i64::try_from(after.0).map_err(|_| StoreError::Gap(after.0))?;
    if limit == 0 {
        return Ok(Vec::new());
    }
    loop {
        let page = reading!(database, |pool| {
            let rows = sqlx::query(PAGE).bind(from).bind(i64::from(limit)).fetch_all(pool).await.map_err(fault)?;
            let mut page = Vec::with_capacity(rows.len());
            let mut head = from;
            for (expected, row) in (from + 1..).zip(&rows) {
                let stored = Stored::of(row).map_err(fault)?;
                if stored.position != expected {
                    return Err(StoreError::Gap(position(expected)?.0));
                }
                page.push(stored.recorded(upcasters)?);
                head = row.try_get_unchecked(7).map_err(fault)?;
            }
            if rows.len() < limit as usize {
                reaches(page.last().map_or(after, |last: &Recorded| last.position), position(head)?)?;
            }
            page
        });
        if !page.is_empty() || ends_at(database, from).await? {
            return Ok(page);
        }
    }
}

/// Whether the log ends there; if not, then because of events that were appended just now.
async fn ends_at(database: &Database, from: i64) -> Result<bool, StoreError> {
    let (head, next): (i64, Option<i64>) =
        reading!(database, |pool| sqlx::query_as(TAIL).bind(from).fetch_one(pool).await.map_err(fault)?);
    if next == Some(from + 1) {
        return Ok(false);
    }
    if next.is_none() && head == from {
        return Ok(true);
    }
    // Behind whoever asks, the log has lost its end; ahead, its middle.
    Err(StoreError::Gap(position(head.min(from))?.0 + 1))
}

fn reaches(last: Position, head: Position) -> Result<(), StoreError> {
    match last.cmp(&head) {
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Less => Err(StoreError::Gap(last.0 + 1)),
        std::cmp::Ordering::Greater => Err(StoreError::Corrupt {
            position: last.0,
            case: String::new(),
            sequence: 0,
            reason: format!("the log goes on after its head {}", head.0),
        }),
    }
}

/// What a command appended, and the MAC of the request that carried it.
pub(crate) async fn done(
    database: &Database,
    command: CommandId,
    upcasters: &[Arc<dyn EventUpcaster>],
) -> Result<Option<(Vec<Recorded>, Option<String>)>, StoreError> {
    reading!(database, |pool| {
        let rows = sqlx::query(DONE).bind(command.0).fetch_all(pool).await.map_err(fault)?;
        let mut entries = Vec::with_capacity(rows.len());
        let mut request = None;
        for row in &rows {
            let stored = Stored::of(row).map_err(fault)?;
            let recorded = stored.recorded(upcasters)?;
            if recorded.command != command {
                return Err(stored.damaged("the event names another command than its neighbours"));
            }
            if entries.is_empty() {
                request = stored.request()?;
            }
            entries.push(recorded);
        }
        Ok(if entries.is_empty() { None } else { Some((entries, request)) })
    })
}

fn position(stored: i64) -> Result<Position, StoreError> {
    u64::try_from(stored).map(Position).map_err(|_| damaged("a position is negative"))
}
