//! Who could see what, as the application asks for it: the rows of the live build, case by case.

use async_trait::async_trait;
use entente_application::ports::{Exposures, StoreError};
use entente_domain::{CaseId, ItemId, PersonId, Seat};
use entente_projections::exposure::{Mark, Showing, Sitting};
use uuid::Uuid;

use crate::Store;
use crate::database::{Database, reading};
use crate::errors::fault;
use crate::exposure_rows::{
    MarkColumns, ShowingColumns, SittingColumns, mark, mark_columns, showing, showing_columns, sitting, sitting_columns,
};
use crate::view_rows::word;

const DUMP_SITTINGS: &str =
    concat!("SELECT ", sitting_columns!(), " FROM sitting_row WHERE build = $1 ORDER BY case_id, person, opened");
const DUMP_SHOWINGS: &str = concat!(
    "SELECT ",
    showing_columns!(),
    " FROM showing_row WHERE build = $1 ORDER BY case_id, item, seat, tenure, opened, since"
);
const DUMP_MARKS: &str = concat!(
    "SELECT ",
    mark_columns!(),
    " FROM mark_row WHERE build = $1 ORDER BY case_id, item, person, tie, position"
);

macro_rules! live {
    ($columns:expr, $table:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM ",
            $table,
            " WHERE build = (SELECT build FROM view_build WHERE projection = 'exposure' AND live) AND case_id = $1 ",
            $rest
        )
    };
}
const SITTINGS: &str = live!(sitting_columns!(), "sitting_row", "ORDER BY opened, person");
const SHOWINGS: &str = live!(showing_columns!(), "showing_row", "AND item = $2 ORDER BY opened, seat, tenure, since");
const SHOWN_TO: &str = live!(
    showing_columns!(),
    "showing_row",
    "AND seat = $2 AND item > $3 ORDER BY item, tenure, opened, since LIMIT $4"
);
const SHOWN_TO_OF_ITEM: &str =
    live!(showing_columns!(), "showing_row", "AND seat = $2 AND item = $3 ORDER BY tenure, opened, since");
const MARKS: &str = live!(mark_columns!(), "mark_row", "AND item = $2 ORDER BY position, person, tie");
const MARKS_OF: &str =
    live!(mark_columns!(), "mark_row", "AND person = $2 AND item BETWEEN $3 AND $4 ORDER BY item, position, tie");

#[async_trait]
impl Exposures for Store {
    async fn sittings(&self, case: CaseId) -> Result<Vec<Sitting>, StoreError> {
        let rows: Vec<SittingColumns> = reading!(&self.database, |pool| {
            sqlx::query_as(SITTINGS).bind(case.0).fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(sitting).collect()
    }

    async fn showings(&self, case: CaseId, item: ItemId) -> Result<Vec<Showing>, StoreError> {
        let rows: Vec<ShowingColumns> = reading!(&self.database, |pool| {
            sqlx::query_as(SHOWINGS).bind(case.0).bind(item.0).fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(showing).collect()
    }

    async fn marks(&self, case: CaseId, item: ItemId) -> Result<Vec<Mark>, StoreError> {
        let rows: Vec<MarkColumns> = reading!(&self.database, |pool| {
            sqlx::query_as(MARKS).bind(case.0).bind(item.0).fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(mark).collect()
    }

    async fn shown_to(
        &self,
        case: CaseId,
        seat: Seat,
        after: Option<ItemId>,
        limit: u32,
    ) -> Result<Vec<Showing>, StoreError> {
        let (seat, after) = (word(&seat)?, after.map_or(Uuid::nil(), |after| after.0));
        // One row more than asked for shows whether the last item is whole.
        let limit = limit.max(1);
        let mut rows: Vec<ShowingColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(SHOWN_TO).bind(case.0).bind(seat.as_str()).bind(after);
            query.bind(i64::from(limit) + 1).fetch_all(pool).await.map_err(fault)?
        });
        let more = rows.get(limit as usize).map(|(_, item, ..)| *item);
        if let Some(cut) = more {
            rows.retain(|(_, item, ..)| *item != cut);
            if rows.is_empty() {
                rows = reading!(&self.database, |pool| {
                    let query = sqlx::query_as(SHOWN_TO_OF_ITEM).bind(case.0).bind(seat.as_str()).bind(cut);
                    query.fetch_all(pool).await.map_err(fault)?
                });
            }
        }
        rows.into_iter().map(showing).collect()
    }

    async fn marks_of(
        &self,
        case: CaseId,
        person: PersonId,
        first: ItemId,
        last: ItemId,
    ) -> Result<Vec<Mark>, StoreError> {
        let rows: Vec<MarkColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(MARKS_OF).bind(case.0).bind(person.0).bind(first.0).bind(last.0);
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(mark).collect()
    }
}

/// All rows of a build, spelled, in a fixed order.
pub(crate) async fn dump(database: &Database, build: i64) -> Result<Vec<String>, StoreError> {
    let sittings: Vec<SittingColumns> =
        reading!(database, |pool| sqlx::query_as(DUMP_SITTINGS).bind(build).fetch_all(pool).await.map_err(fault)?);
    let showings: Vec<ShowingColumns> =
        reading!(database, |pool| sqlx::query_as(DUMP_SHOWINGS).bind(build).fetch_all(pool).await.map_err(fault)?);
    let marks: Vec<MarkColumns> =
        reading!(database, |pool| sqlx::query_as(DUMP_MARKS).bind(build).fetch_all(pool).await.map_err(fault)?);
    let sittings = sittings.iter().map(|row| format!("sitting {row:?}"));
    let showings = showings.iter().map(|row| format!("showing {row:?}"));
    Ok(sittings.chain(showings).chain(marks.iter().map(|row| format!("mark {row:?}"))).collect())
}
