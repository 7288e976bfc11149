//! The read models as the application asks for them: which build is live, and its rows page by page.

use async_trait::async_trait;
use entente_application::ports::{Build, Change, Position, StoreError, Views};
use entente_domain::{CaseId, ItemId, PersonId, Phase};
use entente_projections::{caseload, exposure, facts as fact_projection, inbox};
use jiff::Timestamp;
use uuid::Uuid;

use crate::database::{reading, writing};
use crate::errors::{damaged, fault};
use crate::view_builds::{self, no_build, number, tables};
use crate::view_rows::{CaseloadColumns, InboxColumns, SeatedColumns, caseload_row, inbox_row, seated_row, word};
use crate::{Store, exposures, facts, view_batches};

const LIVE: &str = "SELECT build, version FROM view_build WHERE projection = $1 AND live";
const BEGIN: &str = "INSERT INTO view_build (projection, build, version) \
    SELECT $1, coalesce(max(build), 0) + 1, $2 FROM view_build WHERE projection = $1 \
    ON CONFLICT DO NOTHING RETURNING build";
const CHECKPOINT: &str = "SELECT pos FROM view_build WHERE projection = $1 AND build = $2 AND NOT dropped";

const DUMP_INBOX: &str = "SELECT person, at, item, case_id, opened FROM inbox_row WHERE build = $1 \
    ORDER BY person, at, item";
const DUMP_SEATED: &str = "SELECT person, since, case_id, seat FROM seated_row WHERE build = $1 \
    ORDER BY person, since, case_id, seat";
const DUMP_CASELOAD: &str = "SELECT case_id, registered, phase, due_kind, due, appointment_missed, channel, outcome, \
    closed FROM caseload_row WHERE build = $1 ORDER BY case_id";

const INBOX: &str = "SELECT person, at, item, case_id, opened FROM inbox_row \
    WHERE build = (SELECT build FROM view_build WHERE projection = 'inbox' AND live) \
    AND person = $1 AND (at, item) < ($2, $3) ORDER BY at DESC, item DESC LIMIT $4";
const CASES_OF: &str = "SELECT person, since, case_id, seat FROM seated_row \
    WHERE build = (SELECT build FROM view_build WHERE projection = 'inbox' AND live) \
    AND person = $1 AND (since, case_id) < ($2, $3) ORDER BY since DESC, case_id DESC LIMIT $4";

macro_rules! from_caseload {
    ($rest:literal) => {
        concat!(
            "SELECT case_id, registered, phase, due_kind, due, appointment_missed, channel, outcome, closed ",
            "FROM caseload_row WHERE build = (SELECT build FROM view_build WHERE projection = 'caseload' AND live) ",
            $rest
        )
    };
}
const CASELOAD: &str =
    from_caseload!("AND (registered, case_id) < ($1, $2) ORDER BY registered DESC, case_id DESC LIMIT $3");
const CASELOAD_IN_PHASE: &str = from_caseload!(
    "AND (registered, case_id) < ($1, $2) AND phase = $4 ORDER BY registered DESC, case_id DESC LIMIT $3"
);
const DUE: &str =
    from_caseload!("AND due IS NOT NULL AND due <= $1 AND (due, case_id) > ($2, $3) ORDER BY due, case_id LIMIT $4");

/// Before every place of a list that is read newest first.
const NEWEST: (i64, Uuid) = (i64::MAX, Uuid::max());

#[async_trait]
impl Views for Store {
    async fn live(&self, projection: &'static str) -> Result<Option<Build>, StoreError> {
        let live: Option<(i64, i32)> = reading!(&self.database, |pool| {
            sqlx::query_as(LIVE).bind(projection).fetch_optional(pool).await.map_err(fault)?
        });
        live.map(|(build, version)| build_of(projection, build, version)).transpose()
    }

    async fn begin(&self, projection: &'static str, version: u32) -> Result<Build, StoreError> {
        let stored = i32::try_from(version).map_err(|_| no_build("the version is too large"))?;
        let build: Option<i64> = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query_scalar(BEGIN).bind(projection).bind(stored);
            query.fetch_optional(&mut *transaction).await.map_err(fault)?
        });
        let taken = || StoreError::Unavailable("another process began a build at the same moment".to_owned());
        build_of(projection, build.ok_or_else(taken)?, stored)
    }

    async fn checkpoint(&self, build: &Build) -> Result<Position, StoreError> {
        let number = number(build)?;
        let stored: Option<i64> = reading!(&self.database, |pool| {
            let query = sqlx::query_scalar(CHECKPOINT).bind(build.projection).bind(number);
            query.fetch_optional(pool).await.map_err(fault)?
        });
        let stored = stored.ok_or_else(|| no_build("it was dropped"))?;
        u64::try_from(stored).map(Position).map_err(|_| damaged("a checkpoint is negative"))
    }

    async fn advance(
        &self,
        build: &Build,
        from: Position,
        to: Position,
        changes: &[Change],
    ) -> Result<bool, StoreError> {
        view_batches::advance(&self.database, build, from, to, changes).await
    }

    async fn switch(&self, build: &Build) -> Result<(), StoreError> {
        view_builds::switch(&self.database, build).await
    }

    async fn discard(&self, build: &Build) -> Result<(), StoreError> {
        view_builds::discard(&self.database, build).await
    }

    async fn dump(&self, build: &Build) -> Result<Vec<String>, StoreError> {
        let number = number(build)?;
        if build.projection == caseload::NAME {
            let rows: Vec<CaseloadColumns> = reading!(&self.database, |pool| {
                sqlx::query_as(DUMP_CASELOAD).bind(number).fetch_all(pool).await.map_err(fault)?
            });
            return Ok(rows.iter().map(|row| format!("caseload {row:?}")).collect());
        }
        if build.projection == exposure::NAME {
            return exposures::dump(&self.database, number).await;
        }
        if build.projection == fact_projection::NAME {
            return facts::dump(&self.database, number).await;
        }
        tables(build.projection)?;
        let rows: Vec<InboxColumns> = reading!(&self.database, |pool| {
            sqlx::query_as(DUMP_INBOX).bind(number).fetch_all(pool).await.map_err(fault)?
        });
        let seated: Vec<SeatedColumns> = reading!(&self.database, |pool| {
            sqlx::query_as(DUMP_SEATED).bind(number).fetch_all(pool).await.map_err(fault)?
        });
        let rows = rows.iter().map(|row| format!("inbox {row:?}"));
        Ok(rows.chain(seated.iter().map(|row| format!("seated {row:?}"))).collect())
    }

    async fn inbox(
        &self,
        person: PersonId,
        after: Option<(Timestamp, ItemId)>,
        limit: u32,
    ) -> Result<Vec<inbox::Row>, StoreError> {
        let (at, item) = after.map_or(NEWEST, |(at, item)| (at.as_microsecond(), item.0));
        let rows: Vec<InboxColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(INBOX).bind(person.0).bind(at).bind(item).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(inbox_row).collect()
    }

    async fn cases_of(
        &self,
        person: PersonId,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<inbox::Seated>, StoreError> {
        let (since, case) = after.map_or(NEWEST, |(since, case)| (since.as_microsecond(), case.0));
        let rows: Vec<SeatedColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(CASES_OF).bind(person.0).bind(since).bind(case).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(seated_row).collect()
    }

    async fn caseload(
        &self,
        phase: Option<Phase>,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<caseload::Row>, StoreError> {
        let (registered, case) = after.map_or(NEWEST, |(registered, case)| (registered.as_microsecond(), case.0));
        let phase = phase.as_ref().map(word).transpose()?;
        let rows: Vec<CaseloadColumns> = reading!(&self.database, |pool| {
            let sql = if phase.is_some() { CASELOAD_IN_PHASE } else { CASELOAD };
            let mut query = sqlx::query_as(sql).bind(registered).bind(case).bind(i64::from(limit));
            if let Some(phase) = &phase {
                query = query.bind(phase.as_str());
            }
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(caseload_row).collect()
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<caseload::Row>, StoreError> {
        let (due, case) = after.map_or((i64::MIN, Uuid::nil()), |(due, case)| (due.as_microsecond(), case.0));
        let rows: Vec<CaseloadColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(DUE).bind(until.as_microsecond()).bind(due).bind(case).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(caseload_row).collect()
    }
}

fn build_of(projection: &'static str, build: i64, version: i32) -> Result<Build, StoreError> {
    let negative = |_| damaged("a build has a negative number");
    Ok(Build {
        projection,
        build: u64::try_from(build).map_err(negative)?,
        version: u32::try_from(version).map_err(negative)?,
    })
}
