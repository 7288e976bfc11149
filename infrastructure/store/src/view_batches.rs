//! Batches of the read models: rows written set by set, in the transaction that moves their checkpoint.

use entente_application::ports::{Build, Change, Position, StoreError};
use uuid::Uuid;

use crate::database::{Database, writing};
use crate::errors::fault;
use crate::exposure_batches::Lines;
use crate::fact_rows::{self, FactLine};
use crate::view_builds::{no_build, number};
use crate::view_changes::Net;
use crate::view_rows::{CaseloadLine, word};

/// Rows per statement: far below the number of parameters that either engine takes.
pub(crate) const CHUNK: usize = 500;

const ADVANCE: &str = "UPDATE view_build SET pos = $4 \
    WHERE projection = $1 AND build = $2 AND pos = $3 AND NOT dropped";

/// Writes changes and moves the checkpoint; false, and nothing done, if it was not at `from`.
pub(crate) async fn advance(
    database: &Database,
    build: &Build,
    from: Position,
    to: Position,
    changes: &[Change],
) -> Result<bool, StoreError> {
    let net = Net::of(changes);
    let number = number(build)?;
    let (from, to) = (place(from)?, place(to)?);
    let opened: Vec<_> = net.opened.iter().map(|(person, item)| (person.0, item.0)).collect();
    let replaced: Vec<Uuid> = net.replaced.iter().map(|case| case.0).collect();
    let put: Vec<_> = net.put.values().collect();
    let seated: Vec<_> = net
        .seated
        .values()
        .flatten()
        .map(|seated| Ok((seated, word(&seated.seat)?)))
        .collect::<Result<_, StoreError>>()?;
    let cases: Vec<_> = net.cases.values().map(CaseloadLine::of).collect::<Result<_, _>>()?;
    let exposure = Lines::of(&net.exposure)?;
    let facts: Vec<_> = net.facts.values().map(FactLine::of).collect::<Result<_, _>>()?;
    let moved = writing!(database, |transaction, Engine| {
        let query = sqlx::query(ADVANCE).bind(build.projection).bind(number).bind(from).bind(to);
        if query.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0 {
            return Ok(false);
        }
        for some in opened.chunks(CHUNK) {
            // Both engines call the columns of VALUES so; `IN (VALUES …)` would walk the whole build on SQLite.
            let mut query = sqlx::QueryBuilder::<Engine>::new("UPDATE inbox_row SET opened = true FROM (");
            query.push_values(some, |mut row, (person, item)| {
                row.push_bind(*person).push_bind(*item);
            });
            query.push(") AS seen WHERE inbox_row.person = seen.column1 AND inbox_row.item = seen.column2");
            query.push(" AND inbox_row.build = ").push_bind(number);
            query.build().execute(&mut *transaction).await.map_err(fault)?;
        }
        for some in replaced.chunks(CHUNK) {
            for table in ["DELETE FROM inbox_row WHERE build = ", "DELETE FROM seated_row WHERE build = "] {
                let mut query = sqlx::QueryBuilder::<Engine>::new(table);
                query.push_bind(number).push(" AND case_id IN (");
                let mut list = query.separated(", ");
                for case in some {
                    list.push_bind(*case);
                }
                query.push(")").build().execute(&mut *transaction).await.map_err(fault)?;
            }
        }
        for some in put.chunks(CHUNK) {
            let mut query =
                sqlx::QueryBuilder::<Engine>::new("INSERT INTO inbox_row (build, person, item, at, case_id, opened) ");
            query.push_values(some, |mut columns, row| {
                columns.push_bind(number).push_bind(row.person.0).push_bind(row.item.0);
                columns.push_bind(row.at.as_microsecond()).push_bind(row.case.0).push_bind(row.opened);
            });
            query.push(
                " ON CONFLICT (build, person, item) DO UPDATE SET at = excluded.at, \
                 case_id = excluded.case_id, opened = excluded.opened",
            );
            query.build().execute(&mut *transaction).await.map_err(fault)?;
        }
        for some in seated.chunks(CHUNK) {
            let mut query =
                sqlx::QueryBuilder::<Engine>::new("INSERT INTO seated_row (build, person, case_id, seat, since) ");
            query.push_values(some, |mut columns, (row, seat)| {
                columns.push_bind(number).push_bind(row.person.0).push_bind(row.case.0);
                columns.push_bind(seat.as_str()).push_bind(row.since.as_microsecond());
            });
            query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(&mut *transaction).await.map_err(fault)?;
        }
        for some in cases.chunks(CHUNK) {
            let mut query = sqlx::QueryBuilder::<Engine>::new(
                "INSERT INTO caseload_row (build, case_id, registered, phase, due_kind, due, appointment_missed, \
                 channel, outcome, closed) ",
            );
            query.push_values(some, |mut columns, row| {
                columns.push_bind(number).push_bind(row.case).push_bind(row.registered);
                columns.push_bind(row.phase.as_str()).push_bind(row.due_kind.as_deref()).push_bind(row.due);
                columns.push_bind(row.appointment_missed).push_bind(row.channel.as_str());
                columns.push_bind(row.outcome.as_deref()).push_bind(row.closed);
            });
            query.push(
                " ON CONFLICT (build, case_id) DO UPDATE SET registered = excluded.registered, \
                 phase = excluded.phase, due_kind = excluded.due_kind, due = excluded.due, \
                 appointment_missed = excluded.appointment_missed, channel = excluded.channel, \
                 outcome = excluded.outcome, closed = excluded.closed",
            );
            query.build().execute(&mut *transaction).await.map_err(fault)?;
        }
        for mut statement in exposure.statements::<Engine>(number).chain(fact_rows::statements(&facts, number)) {
            statement.build().execute(&mut *transaction).await.map_err(fault)?;
        }
        true
    });
    Ok(moved)
}

fn place(position: Position) -> Result<i64, StoreError> {
    i64::try_from(position.0).map_err(|_| no_build("a position is too large"))
}
