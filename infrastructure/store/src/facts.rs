//! The facts as the application asks for them, and what was published of them.

use std::path::Path;

use async_trait::async_trait;
use entente_application::ports::{Facts, Released, Releases, StoreError};
use entente_domain::PersonId;
use entente_projections::facts::Fact;
use entente_projections::figures::{AsOf, By, Days, Question, Scope};
use uuid::Uuid;

use crate::Store;
use crate::database::{Database, reading, writing};
use crate::errors::{damaged, fault};
use crate::fact_rows::{fact, fact_columns};
use crate::fact_table;
use crate::view_rows::instant;

const FACTS: &str = concat!(
    "SELECT ",
    fact_columns!(),
    " FROM fact_row WHERE build = (SELECT build FROM view_build WHERE projection = 'facts' AND live) \
     AND pseudonym > $1 ORDER BY pseudonym LIMIT $2"
);
const DUMP: &str = concat!("SELECT ", fact_columns!(), " FROM fact_row WHERE build = $1 ORDER BY pseudonym");
const RELEASES: &str = "SELECT number, scope, first_day, last_day, position, time, at, by_person, left_out FROM release_row ORDER BY number";
const RECORD: &str = "INSERT INTO release_row (number, scope, first_day, last_day, position, time, at, by_person, left_out) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (number) DO NOTHING";

/// number, scope, first day, last day, position, time, at, by, left out
type ReleaseColumns = (i64, String, Option<String>, Option<String>, i64, i64, i64, Option<Uuid>, String);

#[async_trait]
impl Facts for Store {
    async fn facts(&self, after: Option<Uuid>, limit: u32) -> Result<Vec<Fact>, StoreError> {
        let after = after.unwrap_or_else(Uuid::nil);
        reading!(&self.database, |pool| {
            let query = sqlx::query(FACTS).bind(after).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?.iter().map(fact).collect()
        })
    }

    async fn facts_table(&self, file: &Path, question: Question) -> Result<u64, StoreError> {
        fact_table::write(self, file, question).await
    }
}

/// All rows of a build, for comparison.
pub(crate) async fn dump(database: &Database, build: i64) -> Result<Vec<String>, StoreError> {
    let facts: Vec<Fact> = reading!(database, |pool| {
        let rows = sqlx::query(DUMP).bind(build).fetch_all(pool).await.map_err(fault)?;
        rows.iter().map(fact).collect::<Result<_, _>>()?
    });
    Ok(facts.iter().map(|fact| format!("fact {fact:?}")).collect())
}

#[async_trait]
impl Releases for Store {
    async fn releases(&self) -> Result<Vec<Released>, StoreError> {
        let rows: Vec<ReleaseColumns> =
            reading!(&self.database, |pool| sqlx::query_as(RELEASES).fetch_all(pool).await.map_err(fault)?);
        rows.into_iter().map(released).collect()
    }

    async fn record_release(&self, released: &Released) -> Result<bool, StoreError> {
        let number = |number: u64| i64::try_from(number).map_err(|_| damaged("a number is too large"));
        let (no, position) = (number(released.number)?, number(released.as_of.position)?);
        let scope = match released.scope {
            Scope::All => "all",
            Scope::Period(_) => "period",
            Scope::Cohort(_) => "cohort",
        };
        let days = released.scope.days().map(|days| (days.from().to_string(), days.to().to_string()));
        let (first, last) = days.unzip();
        let left_out = released.left_out.iter().map(|by| by.name()).collect::<Vec<_>>().join(",");
        let recorded = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(RECORD).bind(no).bind(scope).bind(first.as_deref()).bind(last.as_deref());
            let query = query.bind(position).bind(released.as_of.time.as_microsecond());
            let query = query.bind(released.at.as_microsecond()).bind(released.by.map(|person| person.0));
            let query = query.bind(left_out.as_str());
            query.execute(&mut *transaction).await.map_err(fault)?.rows_affected()
        });
        Ok(recorded == 1)
    }
}

fn released(columns: ReleaseColumns) -> Result<Released, StoreError> {
    let (number, scope, first, last, position, time, at, by, left_out) = columns;
    let broken = || damaged("a release is of no known scope");
    let days = || -> Result<Days, StoreError> {
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok()).ok_or_else(broken);
        Days::new(day(&first)?, day(&last)?).map_err(|_| broken())
    };
    let scope = match scope.as_str() {
        "all" => Scope::All,
        "period" => Scope::Period(days()?),
        "cohort" => Scope::Cohort(days()?),
        _ => return Err(broken()),
    };
    let whole = |number: i64| u64::try_from(number).map_err(|_| damaged("a release has a negative number"));
    let as_of = AsOf { position: whole(position)?, time: instant(time)? };
    let table = |name: &str| By::parse(name).ok_or_else(|| damaged("a release leaves out a table that there is not"));
    let left_out = left_out.split(',').filter(|name| !name.is_empty()).map(table).collect::<Result<_, _>>()?;
    Ok(Released { number: whole(number)?, scope, as_of, at: instant(at)?, by: by.map(PersonId), left_out })
}
