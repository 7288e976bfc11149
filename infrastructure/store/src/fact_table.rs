//! The facts as a file of their own that every program which knows SQLite reads as a table: for analysts, who need no way to the
//! centre's database then.

use std::path::Path;
use std::time::Duration;

use entente_application::ports::{Facts as _, StoreError};
use entente_projections::facts::Fact;
use entente_projections::figures::{AsOf, Question};
use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions as _, Connection as _, QueryBuilder, Sqlite, SqliteConnection};

use crate::Store;
use crate::errors::fault;
use crate::fact_rows::channels;
use crate::view_rows::word;

/// The columns, named and ordered as in the other forms of the fact file (docs/figures.md). Times are text as RFC 3339 writes it.
const COLUMNS: &str = "as_of_position INTEGER NOT NULL, as_of_time TEXT NOT NULL, pseudonym TEXT PRIMARY KEY, rule_set TEXT NOT NULL, \
    sector TEXT NOT NULL, amount TEXT NOT NULL, cross_border INTEGER NOT NULL, claimant_company TEXT NOT NULL, \
    respondent_company TEXT NOT NULL, registered TEXT NOT NULL, registered_position INTEGER NOT NULL, qualified TEXT, \
    qualified_position INTEGER, invited TEXT, invited_position INTEGER, invitation_due TEXT, consented TEXT, \
    consented_position INTEGER, appointment_due TEXT, appointed TEXT, appointed_position INTEGER, claimant_item TEXT, \
    claimant_item_position INTEGER, respondent_item TEXT, respondent_item_position INTEGER, left_online TEXT, \
    left_online_position INTEGER, offline_exchange TEXT, offline_exchange_position INTEGER, closed TEXT, \
    closed_position INTEGER, outcome TEXT, settled_later TEXT, settled_later_position INTEGER, channels TEXT NOT NULL";

/// Rows read and written at a time: 35 values each.
const PAGE: u32 = 500;

/// Writes the file anew; says how many cases it holds. It must not be there: nothing is written over.
pub(crate) async fn write(store: &Store, file: &Path, question: Question) -> Result<u64, StoreError> {
    if file.exists() {
        return Err(StoreError::Misconfigured(format!("{} is there already; name a new file", file.display())));
    }
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Delete)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging();
    let mut connection = options.connect().await.map_err(fault)?;
    let written = fill(store, &mut connection, question).await;
    connection.close().await.map_err(fault)?;
    written
}

async fn fill(store: &Store, connection: &mut SqliteConnection, question: Question) -> Result<u64, StoreError> {
    let mut transaction = connection.begin().await.map_err(fault)?;
    let table = format!("CREATE TABLE facts ({COLUMNS}) STRICT");
    sqlx::query(&table).execute(&mut *transaction).await.map_err(fault)?;
    let (mut after, mut written) = (None, 0);
    loop {
        let page = store.facts(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.pseudonym);
        let known = page.into_iter().filter_map(|fact| fact.as_of(question.as_of.position));
        let facts: Vec<Fact> = known.filter(|fact| question.is_about(fact)).collect();
        if !facts.is_empty() {
            written += facts.len() as u64;
            insertion(&facts, question.as_of)?.build().execute(&mut *transaction).await.map_err(fault)?;
        }
    }
    transaction.commit().await.map_err(fault)?;
    Ok(written)
}

fn insertion(facts: &[Fact], as_of: AsOf) -> Result<QueryBuilder<'static, Sqlite>, StoreError> {
    let spelled: Vec<_> = facts
        .iter()
        .map(|fact| {
            let filing = &fact.filing;
            let words = [word(&filing.rule_set)?, word(&filing.sector)?, word(&filing.amount)?];
            Ok((fact, words, fact.outcome.as_ref().map(word).transpose()?, channels(&fact.channels)?))
        })
        .collect::<Result<_, StoreError>>()?;
    let mut query = QueryBuilder::new("INSERT INTO facts ");
    query.push_values(spelled, |mut row, (fact, words, outcome, channels)| {
        let filing = &fact.filing;
        row.push_bind(number(as_of.position)).push_bind(as_of.time.to_string()).push_bind(fact.pseudonym.to_string());
        for word in words {
            row.push_bind(word);
        }
        row.push_bind(filing.cross_border);
        row.push_bind(filing.claimant.to_string()).push_bind(filing.respondent.to_string());
        // Two of the times are followed by until when the next was to be.
        for (milestone, due) in [
            (Some(filing.registered), None),
            (fact.qualified, None),
            (fact.invited, Some(fact.invitation_due)),
            (fact.consented, Some(fact.appointment_due)),
            (fact.appointed, None),
            (fact.claimant_item, None),
            (fact.respondent_item, None),
            (fact.left_online(), None),
            (fact.offline_exchange, None),
            (fact.closed, None),
        ] {
            row.push_bind(text(milestone.map(|reached| reached.at)));
            row.push_bind(milestone.map(|reached| number(reached.position)));
            if let Some(due) = due {
                row.push_bind(text(due));
            }
        }
        row.push_bind(outcome);
        row.push_bind(text(fact.settled_later.map(|reached| reached.at)));
        row.push_bind(fact.settled_later.map(|reached| number(reached.position)));
        row.push_bind(channels);
    });
    Ok(query)
}

fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

/// A position as SQLite keeps it; it came from there and fits.
fn number(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
