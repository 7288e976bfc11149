//! What a process manager makes of a piece of the log: state, errands and news, in the transaction of its checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use entente_application::ports::{Errand, Lease, News, Outgoing, Position, Running, StoreError};
use entente_domain::{CaseId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::database::{Database, writing};
use crate::errors::fault;
use crate::processes::number;
use crate::view_batches::CHUNK;
use crate::view_rows::word;

/// Whether the lease still counts; from here on nobody takes it until the transaction ends.
pub(crate) const HELD: &str = "UPDATE process SET until = until WHERE name = $1 AND fence = $2";
const ADVANCE: &str = "UPDATE process SET pos = $4 WHERE name = $1 AND fence = $2 AND pos = $3";
const CALL_OFF: &str = "UPDATE errand SET state = 'called_off', ended = $3 \
    WHERE case_id = $1 AND process = $2 AND state = 'waiting'";
/// What was called off and is wanted again waits again; so does the end of a period that came to nothing, such as an erasure
/// that a hold was in the way of. A reminder is not given twice.
const WAIT: &str = " ON CONFLICT (id) DO UPDATE SET state = 'waiting', ended = NULL, at = excluded.at \
    WHERE errand.state = 'called_off' OR (errand.state = 'moot' AND errand.what LIKE '{\"over%')";
const STOP: &str = "UPDATE period SET ended = $2 WHERE case_id = $1 AND ended IS NULL";
const RUN: &str = " ON CONFLICT (id) DO UPDATE SET ended = NULL";
pub(crate) const SINCE: &str = " ON CONFLICT (person) DO UPDATE SET \
    since = CASE WHEN awaiting.since < excluded.since THEN awaiting.since ELSE excluded.since END";
const FORGET: &[&str] = &["DELETE FROM news WHERE case_id = $1", "DELETE FROM letter_news WHERE case_id = $1"];
const FORGET_PERSON: &str = "DELETE FROM preference WHERE person = $1";

/// Notes news, each once, and since when somebody waits.
macro_rules! tell {
    ($transaction:ident, $Engine:ident, $news:expr) => {
        let news: &[&::entente_application::ports::News] = $news;
        for some in news.chunks($crate::view_batches::CHUNK) {
            let mut query =
                ::sqlx::QueryBuilder::<$Engine>::new("INSERT INTO news (person, case_id, source, item, at) ");
            query.push_values(some, |mut columns, news| {
                columns.push_bind(news.person.0).push_bind(news.case.0).push_bind(news.source.0);
                columns.push_bind(news.item.map(|item| item.0)).push_bind(news.at.as_microsecond());
            });
            let query = query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(&mut *$transaction).await.map_err($crate::errors::fault)?;
        }
        for some in $crate::process_batches::since(news).chunks($crate::view_batches::CHUNK) {
            let mut query = ::sqlx::QueryBuilder::<$Engine>::new("INSERT INTO awaiting (person, since, ready) ");
            query.push_values(some, |mut columns, (person, since)| {
                columns.push_bind(*person).push_bind(*since).push_bind(0_i64);
            });
            let query = query.push($crate::process_batches::SINCE);
            query.build().execute(&mut *$transaction).await.map_err($crate::errors::fault)?;
        }
    };
}
pub(crate) use tell;

/// Since when each person has something to be told of.
pub(crate) fn since(news: &[&News]) -> Vec<(Uuid, i64)> {
    let mut since: BTreeMap<Uuid, i64> = BTreeMap::new();
    for news in news {
        let at = news.at.as_microsecond();
        since.entry(news.person.0).and_modify(|since| *since = at.min(*since)).or_insert(at);
    }
    since.into_iter().collect()
}

/// What a batch comes to: of each case its last plan.
#[derive(Default)]
struct Net<'a> {
    /// In order, each time that they changed.
    periods: BTreeMap<CaseId, Vec<(Timestamp, &'a [Running])>>,
    plans: BTreeMap<CaseId, (Timestamp, &'a [Errand])>,
    news: BTreeSet<&'a News>,
    forgotten: BTreeSet<CaseId>,
    forgotten_persons: BTreeSet<PersonId>,
}

impl<'a> Net<'a> {
    fn of(outgoing: &'a [Outgoing]) -> Self {
        let mut net = Self::default();
        for part in outgoing {
            match part {
                Outgoing::Periods { case, at, running } => {
                    let before = net.periods.entry(*case).or_default();
                    if before.last().is_none_or(|(_, last)| last != running) {
                        before.push((*at, running));
                    }
                }
                Outgoing::Plan { case, at, errands } => {
                    net.plans.insert(*case, (*at, errands));
                }
                Outgoing::News(news) => {
                    net.news.insert(news);
                }
                Outgoing::Forget(case) => {
                    net.news.retain(|news| news.case != *case);
                    net.forgotten.insert(*case);
                }
                Outgoing::ForgetPerson(person) => {
                    net.forgotten_persons.insert(*person);
                }
            }
        }
        net
    }
}

/// Writes it all; false, and nothing done, if the lease is somebody else's, or has moved on.
pub(crate) async fn advance(
    database: &Database,
    lease: &Lease,
    to: Position,
    outgoing: &[Outgoing],
) -> Result<bool, StoreError> {
    let net = Net::of(outgoing);
    let (fence, from, to) = (number(lease.fence)?, number(lease.position.0)?, number(to.0)?);
    let mut steps = Vec::new();
    for (case, (at, running)) in net.periods.iter().flat_map(|(case, steps)| steps.iter().map(move |step| (case, step)))
    {
        let mut periods = Vec::new();
        for period in *running {
            let about = serde_json::to_string(&period.about)
                .map_err(|_| StoreError::Misconfigured("what a period is about has no JSON form".to_owned()))?;
            let kind = word(&period.kind)?;
            let which = format!("{kind} {about} {} {}", period.since, period.due);
            periods.push((Uuid::new_v5(&case.0, which.as_bytes()), kind, about, period));
        }
        steps.push((case.0, at.as_microsecond(), periods));
    }
    let errands: Vec<&Errand> = net.plans.values().flat_map(|(_, errands)| errands.iter()).collect();
    let news: Vec<&News> = net.news.iter().copied().collect();
    writing!(database, |transaction, Engine| {
        let query = sqlx::query(ADVANCE).bind(lease.process).bind(fence).bind(from).bind(to);
        if query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0 {
            return Ok(false);
        }
        for case in &net.forgotten {
            for table in FORGET {
                sqlx::query(table).bind(case.0).execute(&mut *transaction).await.map_err(fault)?;
            }
        }
        for person in &net.forgotten_persons {
            sqlx::query(FORGET_PERSON).bind(person.0).execute(&mut *transaction).await.map_err(fault)?;
        }
        for (case, (at, _)) in &net.plans {
            let off = sqlx::query(CALL_OFF).bind(case.0).bind(lease.process).bind(at.as_microsecond());
            off.execute(&mut *transaction).await.map_err(fault)?;
        }
        for (case, at, periods) in &steps {
            sqlx::query(STOP).bind(*case).bind(*at).execute(&mut *transaction).await.map_err(fault)?;
            for some in periods.chunks(CHUNK) {
                let mut query =
                    sqlx::QueryBuilder::<Engine>::new("INSERT INTO period (id, case_id, kind, about, since, due) ");
                query.push_values(some, |mut columns, (id, kind, about, period)| {
                    columns.push_bind(*id).push_bind(*case).push_bind(kind.as_str()).push_bind(about.as_str());
                    columns.push_bind(period.since.as_microsecond()).push_bind(period.due.as_microsecond());
                });
                query.push(RUN).build().execute(&mut *transaction).await.map_err(fault)?;
            }
        }
        for some in errands.chunks(CHUNK) {
            let mut query =
                sqlx::QueryBuilder::<Engine>::new("INSERT INTO errand (id, process, case_id, what, at, state) ");
            query.push_values(some, |mut columns, errand| {
                columns.push_bind(errand.id.0).push_bind(lease.process).push_bind(errand.case.0);
                columns.push_bind(errand.what.as_str()).push_bind(errand.at.as_microsecond()).push_bind("waiting");
            });
            query.push(WAIT).build().execute(&mut *transaction).await.map_err(fault)?;
        }
        tell!(transaction, Engine, &news);
    });
    Ok(true)
}
