//! News and letters: ids and times in plain tables, changed by whoever holds the lease of those who send.

use async_trait::async_trait;
use entente_application::ports::{
    Lease, LetterRow, LetterState, NewLetter, News, Outbox, StoreError, Trouble, TroubledLetter,
};
use entente_domain::{CaseId, CommandId, ItemId, PersonId};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
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
/// The day and what is wrong, if anything is; a day has so many microseconds, and both engines divide whole numbers down.
const TROUBLED: &str = "SELECT id, person, slot / 86400000000 AS day, state, attempts, code FROM letter \
    WHERE (state IN ('refused', 'bounced', 'given_up', 'no_address') \
        OR (attempts > 1 AND state IN ('waiting', 'going', 'unsure'))) \
    AND (slot / 86400000000, id) < ($1, $2) AND slot / 86400000000 >= $5 \
    AND ($4 = '' OR state = $4 OR ($4 = 'put_off' AND state IN ('waiting', 'going', 'unsure'))) \
    ORDER BY slot / 86400000000 DESC, id DESC LIMIT $3";
const OLD: &str = "SELECT id FROM letter WHERE slot < $1 AND again IS NULL ORDER BY slot LIMIT 500";
const PRUNE: [&str; 2] = ["DELETE FROM letter_news WHERE letter = $1", "DELETE FROM letter WHERE id = $1"];
const TOLD_ALREADY: &str = "DELETE FROM news WHERE person = $1 AND case_id = $2 AND source = $3";

type NewsColumns = (Uuid, Uuid, Uuid, Option<Uuid>, i64);
/// letter, person, day, state, attempts, code
type TroubledColumns = (Uuid, Uuid, i64, String, i64, Option<i64>);
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
        let mut told: Vec<&News> = letter.iter().flat_map(|letter| &letter.news).collect();
        let mut clear = Some(before.as_microsecond());
        writing!(&self.database, |transaction, Engine| {
            held!(lease, fence, transaction);
            if let Some(letter) = letter {
                let query = sqlx::query(INSERT).bind(letter.letter).bind(person.0).bind(letter.slot.as_microsecond());
                let query = query.bind(state.as_str()).bind(fence);
                let made = query.execute(&mut *transaction).await.map_err(fault)?.rows_affected();
                if let (0, Some(first)) = (made, told.first()) {
                    let query = sqlx::query(TOLD_ALREADY).bind(person.0).bind(first.case.0).bind(first.source.0);
                    query.execute(&mut *transaction).await.map_err(fault)?;
                    told.clear();
                    clear = None;
                }
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
            if let Some(before) = clear {
                let query = sqlx::query(CLEAR).bind(person.0).bind(before);
                query.execute(&mut *transaction).await.map_err(fault)?;
            }
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

    async fn troubled(
        &self,
        trouble: Option<Trouble>,
        since: Date,
        after: Option<(Date, Uuid)>,
        limit: u32,
    ) -> Result<Vec<TroubledLetter>, StoreError> {
        let epoch = Date::constant(1970, 1, 1);
        let days = |date: Date| date.duration_since(epoch).as_hours() / 24;
        let (day, id) = after.map_or((i64::MAX, Uuid::max()), |(day, id)| (days(day), id));
        let trouble = trouble.as_ref().map(word).transpose()?.unwrap_or_default();
        let rows: Vec<TroubledColumns> = reading!(&self.database, |pool| {
            let query = sqlx::query_as(TROUBLED).bind(day).bind(id).bind(i64::from(limit)).bind(trouble.as_str());
            query.bind(days(since)).fetch_all(pool).await.map_err(fault)?
        });
        let wrong = |_| damaged("a letter has an impossible number");
        let letter = |(letter, person, day, state, attempts, code): TroubledColumns| {
            let trouble = match parse(&state)? {
                LetterState::Refused => Trouble::Refused,
                LetterState::Bounced => Trouble::Bounced,
                LetterState::GivenUp => Trouble::GivenUp,
                LetterState::NoAddress => Trouble::NoAddress,
                LetterState::Waiting | LetterState::Going | LetterState::Unsure => Trouble::PutOff,
                LetterState::Sent | LetterState::Recorded | LetterState::Moot => {
                    return Err(damaged("a letter that went well is in no trouble"));
                }
            };
            let day = epoch.checked_add(SignedDuration::from_hours(day.saturating_mul(24)));
            Ok(TroubledLetter {
                letter,
                person: PersonId(person),
                day: day.map_err(|_| damaged("a letter has an impossible day"))?,
                trouble,
                attempts: u32::try_from(attempts).map_err(wrong)?,
                code: code.map(u16::try_from).transpose().map_err(wrong)?,
            })
        };
        rows.into_iter().map(letter).collect()
    }

    async fn prune(&self, lease: &Lease, before: Timestamp) -> Result<(), StoreError> {
        let old: Vec<Uuid> = reading!(&self.database, |pool| {
            sqlx::query_scalar(OLD).bind(before.as_microsecond()).fetch_all(pool).await.map_err(fault)?
        });
        if old.is_empty() {
            return Ok(());
        }
        writing!(&self.database, |transaction, Engine| {
            let held = sqlx::query(HELD).bind(lease.process).bind(number(lease.fence)?);
            if held.execute(&mut *transaction).await.map_err(fault)?.rows_affected() == 0 {
                return Ok(());
            }
            for (letter, sql) in old.iter().flat_map(|letter| PRUNE.map(|sql| (letter, sql))) {
                sqlx::query(sql).bind(*letter).execute(&mut *transaction).await.map_err(fault)?;
            }
        });
        Ok(())
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
