//! News and letters: ids and times in plain tables, changed by whoever holds the lease of those who send.

use async_trait::async_trait;
use entente_application::ports::{Lease, LetterRow, LetterState, NewLetter, News, Outbox, StoreError};
use entente_domain::{CaseId, CommandId, ItemId, PersonId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Store;
use crate::database::{reading, writing};
use crate::errors::{damaged, fault};
use crate::process_batches::HELD;
use crate::processes::number;
use crate::view_batches::CHUNK;
use crate::view_rows::{instant, parse, word};

const AWAITING: &str = "SELECT person, since FROM awaiting WHERE ready <= $1 ORDER BY ready, person LIMIT $2";
const DEFER: &str = "UPDATE awaiting SET ready = $2 WHERE person = $1";
const NEWS: &str = "SELECT person, case_id, source, item, at FROM news WHERE person = $1 AND at < $2 \
    ORDER BY at, case_id, source";
const TOLD: &str = "SELECT case_id, item FROM letter_news WHERE letter = $1 ORDER BY case_id, source";
const INSERT: &str = "INSERT INTO letter (id, person, slot, state, attempts, again, fence) \
    VALUES ($1, $2, $3, $4, 0, $3, $5) ON CONFLICT DO NOTHING";
const CLEAR: &str = "DELETE FROM news WHERE person = $1 AND at < $2";
const SATISFY: &str = "DELETE FROM awaiting WHERE person = $1";
const REMAIN: &str = "INSERT INTO awaiting (person, since, ready) \
    SELECT person, min(at), 0 FROM news WHERE person = $1 GROUP BY person ON CONFLICT DO NOTHING";
/// Those that somebody was about to hand over who does not hold the lease any more, too.
const ON_THEIR_WAY: &str = "SELECT * FROM (SELECT id, person, slot, state, attempts, again, ended, code FROM letter \
    WHERE again <= $1 AND (state <> 'going' OR fence < $2) ORDER BY again, id LIMIT $3) AS due ORDER BY id";
const NOTE: &str = "UPDATE letter SET state = $2, attempts = $3, again = $4, ended = $5, code = $6, fence = $7 \
    WHERE id = $1 AND state <> 'bounced'";
const BOUNCED: &str = "UPDATE letter SET state = 'bounced', again = NULL, code = $2, ended = $3 WHERE id = $1 \
    AND state <> 'bounced'";
const KNOWN: &str = "SELECT count(*) FROM letter WHERE id = $1";
const LETTERS: &str = "SELECT id, person, slot, state, attempts, again, ended, code FROM letter \
    WHERE (slot, id) < ($1, $2) ORDER BY slot DESC, id DESC LIMIT $3";
const LETTERS_IN_STATE: &str = "SELECT id, person, slot, state, attempts, again, ended, code FROM letter \
    WHERE (slot, id) < ($1, $2) AND state = $4 ORDER BY slot DESC, id DESC LIMIT $3";

type NewsColumns = (Uuid, Uuid, Uuid, Option<Uuid>, i64);
type LetterColumns = (Uuid, Uuid, i64, String, i64, Option<i64>, Option<i64>, Option<i64>);

/// Ends the transaction with nothing done unless the lease still counts.
macro_rules! held {
    ($lease:expr, $fence:ident, $transaction:ident) => {
        let $fence = number($lease.fence)?;
        let held = sqlx::query(HELD).bind($lease.process).bind($fence);
        if held.execute(&mut *$transaction).await.map_err(fault)?.rows_affected() == 0 {
            return Ok(false);
        }
    };
}

#[async_trait]
impl Outbox for Store {
    async fn awaiting(&self, now: Timestamp, limit: u32) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
        let rows: Vec<(Uuid, i64)> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(AWAITING).bind(now.as_microsecond()).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(|(person, since)| Ok((PersonId(person), instant(since)?))).collect()
    }

    async fn defer(&self, lease: &Lease, person: PersonId, until: Option<Timestamp>) -> Result<bool, StoreError> {
        let until = until.map(Timestamp::as_microsecond);
        writing!(&self.database, |transaction, Engine| {
            held!(lease, fence, transaction);
            sqlx::query(DEFER).bind(person.0).bind(until).execute(&mut *transaction).await.map_err(fault)?;
        });
        Ok(true)
    }

    async fn news(&self, person: PersonId, before: Timestamp) -> Result<Vec<News>, StoreError> {
        let rows: Vec<NewsColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(NEWS).bind(person.0).bind(before.as_microsecond());
            query.fetch_all(pool).await.map_err(fault)?
        });
        let news = |(person, case, source, item, at): NewsColumns| {
            Ok(News {
                person: PersonId(person),
                case: CaseId(case),
                source: CommandId(source),
                item: item.map(ItemId),
                at: instant(at)?,
            })
        };
        rows.into_iter().map(news).collect()
    }

    async fn write(
        &self,
        lease: &Lease,
        person: PersonId,
        before: Timestamp,
        letter: Option<&NewLetter>,
    ) -> Result<bool, StoreError> {
        let state = word(&LetterState::Waiting)?;
        let told: Vec<&News> = letter.iter().flat_map(|letter| &letter.news).collect();
        writing!(&self.database, |transaction, Engine| {
            held!(lease, fence, transaction);
            if let Some(letter) = letter {
                let query = sqlx::query(INSERT).bind(letter.letter).bind(person.0).bind(letter.slot.as_microsecond());
                let query = query.bind(state.as_str()).bind(fence);
                query.execute(&mut *transaction).await.map_err(fault)?;
                for some in told.chunks(CHUNK) {
                    let mut query =
                        sqlx::QueryBuilder::<Engine>::new("INSERT INTO letter_news (letter, case_id, source, item) ");
                    query.push_values(some, |mut columns, news| {
                        columns.push_bind(letter.letter).push_bind(news.case.0).push_bind(news.source.0);
                        columns.push_bind(news.item.map(|item| item.0));
                    });
                    let query = query.push(" ON CONFLICT DO NOTHING");
                    query.build().execute(&mut *transaction).await.map_err(fault)?;
                }
            }
            let clear = sqlx::query(CLEAR).bind(person.0).bind(before.as_microsecond());
            clear.execute(&mut *transaction).await.map_err(fault)?;
            for sql in [SATISFY, REMAIN] {
                sqlx::query(sql).bind(person.0).execute(&mut *transaction).await.map_err(fault)?;
            }
        });
        Ok(true)
    }

    async fn on_their_way(&self, lease: &Lease, now: Timestamp, limit: u32) -> Result<Vec<LetterRow>, StoreError> {
        let fence = number(lease.fence)?;
        let rows: Vec<LetterColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(ON_THEIR_WAY).bind(now.as_microsecond()).bind(fence).bind(i64::from(limit));
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(row).collect()
    }

    async fn note(&self, lease: &Lease, letter: &LetterRow) -> Result<bool, StoreError> {
        let state = word(&letter.state)?;
        let (again, ended) = (letter.again.map(Timestamp::as_microsecond), letter.ended.map(Timestamp::as_microsecond));
        writing!(&self.database, |transaction, Engine| {
            held!(lease, fence, transaction);
            let query = sqlx::query(NOTE).bind(letter.letter).bind(state.as_str()).bind(i64::from(letter.attempts));
            let query = query.bind(again).bind(ended).bind(letter.code.map(i64::from)).bind(fence);
            query.execute(&mut *transaction).await.map_err(fault)?;
        });
        Ok(true)
    }

    async fn told(&self, letter: Uuid) -> Result<Vec<(CaseId, Option<ItemId>)>, StoreError> {
        let rows: Vec<(Uuid, Option<Uuid>)> = reading!(&self.database, |pool| {
            sqlx::query_as(TOLD).bind(letter).fetch_all(pool).await.map_err(fault)?
        });
        Ok(rows.into_iter().map(|(case, item)| (CaseId(case), item.map(ItemId))).collect())
    }

    async fn bounced(&self, letter: Uuid, code: u16, at: Timestamp) -> Result<bool, StoreError> {
        let known: i64 = writing!(&self.database, |transaction, Engine| {
            let query = sqlx::query(BOUNCED).bind(letter).bind(i64::from(code)).bind(at.as_microsecond());
            query.execute(&mut *transaction).await.map_err(fault)?;
            sqlx::query_scalar(KNOWN).bind(letter).fetch_one(&mut *transaction).await.map_err(fault)?
        });
        Ok(known > 0)
    }

    async fn letters(
        &self,
        state: Option<LetterState>,
        after: Option<(Timestamp, Uuid)>,
        limit: u32,
    ) -> Result<Vec<LetterRow>, StoreError> {
        let (slot, id) = after.map_or((i64::MAX, Uuid::max()), |(slot, id)| (slot.as_microsecond(), id));
        let state = state.as_ref().map(word).transpose()?;
        let rows: Vec<LetterColumns> = reading!(&self.database, |pool| {
            let sql = if state.is_some() { LETTERS_IN_STATE } else { LETTERS };
            let mut query = sqlx::query_as(sql).bind(slot).bind(id).bind(i64::from(limit));
            if let Some(state) = &state {
                query = query.bind(state.as_str());
            }
            query.fetch_all(pool).await.map_err(fault)?
        });
        rows.into_iter().map(row).collect()
    }
}

fn row((letter, person, slot, state, attempts, again, ended, code): LetterColumns) -> Result<LetterRow, StoreError> {
    let wrong = |_| damaged("a letter has an impossible number");
    Ok(LetterRow {
        letter,
        person: PersonId(person),
        slot: instant(slot)?,
        state: parse(&state)?,
        attempts: u32::try_from(attempts).map_err(wrong)?,
        again: again.map(instant).transpose()?,
        ended: ended.map(instant).transpose()?,
        code: code.map(u16::try_from).transpose().map_err(wrong)?,
    })
}
