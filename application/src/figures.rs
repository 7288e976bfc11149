//! The figures: asked as of a position, counted in one pass over the facts, and published only so that no two reports uncover
//! what neither tells.

use std::collections::BTreeSet;

use entente_domain::PersonId;
use entente_projections::facts::{self, Fact};
use entente_projections::figures::{
    self, By, Code, Question, Release, Report, Scope, Standing, Tables, Uncovering, View,
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::centre::{Centre, to_the_microsecond};
use crate::error::CentreError;
use crate::ports::{Position, Released};
use crate::queries::AsOf;

/// Facts read at a time.
const PAGE: u32 = 5_000;
/// How long ago a time must be to be asked about.
const SETTLED: SignedDuration = SignedDuration::from_secs(60);
/// How often a release is tried again because another one was recorded meanwhile.
const TRIES: u32 = 16;

/// Where a figure puts a case, for an auditor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The case, by the id under which it is counted.
    pub pseudonym: Uuid,
    /// Counted or left out.
    pub standing: Standing,
}

impl Centre {
    /// What is asked, with the position that is meant: the head if none is said; for a time, the last one before anything that was
    /// recorded later.
    ///
    /// # Errors
    /// [`CentreError::NotComeYet`] for a position beyond the log, a time to come or a scope that begins in the future; a store that
    /// cannot.
    pub async fn question(&self, scope: Scope, as_of: Option<AsOf>) -> Result<Question, CentreError> {
        let (head, now) = (self.log.head().await?, self.now());
        let as_of = match as_of {
            None => self.at_position(head).await?,
            Some(AsOf::Position(position)) if position > head => return Err(CentreError::NotComeYet),
            Some(AsOf::Position(position)) => self.at_position(position).await?,
            // What is being written now may be recorded as before now.
            Some(AsOf::Time(time)) if time > now - SETTLED => return Err(CentreError::NotComeYet),
            Some(AsOf::Time(time)) => {
                let time = to_the_microsecond(time);
                figures::AsOf { position: self.recorded_by(time).await?.0, time }
            }
        };
        if scope.is_to_come(now) { Err(CentreError::NotComeYet) } else { Ok(Question { scope, as_of }) }
    }

    async fn at_position(&self, position: Position) -> Result<figures::AsOf, CentreError> {
        Ok(figures::AsOf { position: position.0, time: self.recorded_at(position).await? })
    }

    /// When the centre was told what stands at a position.
    async fn recorded_at(&self, position: Position) -> Result<Timestamp, CentreError> {
        let Some(before) = position.0.checked_sub(1) else { return Ok(Timestamp::UNIX_EPOCH) };
        let there = self.log.page(Position(before), 1).await?;
        Ok(there.first().map_or(Timestamp::UNIX_EPOCH, |line| line.recorded))
    }

    /// The position before the first that was recorded after a time. Those of one moment are not in the order of their clocks, so
    /// that all are looked at: what is found then is found at any later time.
    async fn recorded_by(&self, time: Timestamp) -> Result<Position, CentreError> {
        let mut place = Position::default();
        loop {
            let page = self.log.page(place, PAGE).await?;
            if let Some(later) = page.iter().find(|line| line.recorded > time) {
                return Ok(Position(later.position.0.saturating_sub(1)));
            }
            let Some(last) = page.last() else { return Ok(place) };
            place = last.position;
        }
    }

    /// Hands out the facts of every case in the order of their pseudonyms, page by page, once they have come as far as is asked.
    ///
    /// # Errors
    /// Facts that are behind, or a store that cannot.
    pub async fn each_fact(&self, position: u64, mut take: impl FnMut(Fact) + Send) -> Result<(), CentreError> {
        self.await_view(facts::NAME, Position(position)).await?;
        let mut after = None;
        loop {
            let page = self.facts.facts(after, PAGE).await?;
            after = page.last().map(|fact| fact.pseudonym);
            let is_last = page.len() < PAGE as usize;
            page.into_iter().for_each(&mut take);
            if is_last {
                return Ok(());
            }
        }
    }

    async fn tables<const N: usize>(&self, questions: [Question; N]) -> Result<[Tables; N], CentreError> {
        let mut tables = questions.map(Tables::new);
        self.count(&mut tables).await?;
        Ok(tables)
    }

    async fn count(&self, tables: &mut [Tables]) -> Result<(), CentreError> {
        let last = tables.iter().map(|tables| tables.question.as_of.position).max().unwrap_or_default();
        self.each_fact(last, |fact| tables.iter_mut().for_each(|tables| tables.add(fact.clone()))).await
    }

    /// All figures as they are, for the centre's own staff.
    ///
    /// # Errors
    /// As [`Centre::each_fact`].
    pub async fn report(&self, question: Question) -> Result<Report, CentreError> {
        let [tables] = self.tables([question]).await?;
        Ok(Report::of(&tables, View::Centre))
    }

    /// The figures as they may be published; from now on they are, and are on record. What was published is given again whenever
    /// it is asked for.
    ///
    /// # Errors
    /// [`CentreError::WouldUncover`] if the total beside one that was published would tell what neither does alone; other tables that
    /// would are left out; as
    /// [`Centre::each_fact`].
    pub async fn publish(&self, question: Question, by: Option<PersonId>) -> Result<Report, CentreError> {
        for _ in 0..TRIES {
            let [tables] = self.tables([question]).await?;
            let past = self.releases.releases().await?;
            if let Some(past) = past.iter().find(|past| is_of(past, question)) {
                return Ok(Report::released(&tables, &past.left_out));
            }
            let left_out = self.uncovering(&past, &tables).await?;
            let number = past.last().map_or(1, |last| last.number + 1);
            let Question { scope, as_of } = question;
            let released = Released { number, scope, as_of, at: self.now(), by, left_out };
            if self.releases.record_release(&released).await? {
                return Ok(Report::released(&tables, &released.left_out));
            }
        }
        Err(CentreError::Busy)
    }

    /// What was published last of a scope, if the newest figures may not be.
    ///
    /// # Errors
    /// As [`Centre::publish`].
    pub async fn publish_newest(&self, scope: Scope, by: Option<PersonId>) -> Result<Report, CentreError> {
        let newest = self.question(scope, None).await?;
        let refused = match self.publish(newest, by).await {
            Err(refused @ CentreError::WouldUncover { .. }) => refused,
            answer => return answer,
        };
        let past = self.releases.releases().await?;
        let same = past.iter().filter(|past| past.scope == scope).max_by_key(|past| past.as_of.position);
        match same {
            Some(past) => self.publish(Question { scope, as_of: past.as_of }, by).await,
            None => Err(refused),
        }
    }

    /// The tables that have to be left out beside what was published; refused if the total itself would uncover something.
    async fn uncovering(&self, past: &[Released], new: &Tables) -> Result<BTreeSet<By>, CentreError> {
        let mut left_out = BTreeSet::new();
        if past.is_empty() {
            return Ok(left_out);
        }
        let question = |past: &Released| Question { scope: past.scope, as_of: past.as_of };
        let mut tables: Vec<Tables> = past.iter().map(question).map(Tables::new).collect();
        self.count(&mut tables).await?;
        let releases: Vec<Release> =
            tables.iter().zip(past).map(|(tables, past)| Release::of(tables, &past.left_out)).collect();
        let last = tables.iter().chain([new]).map(|tables| tables.question.as_of.position).max().unwrap_or_default();
        // Each round leaves out one table at least, so there are no more than tables.
        loop {
            let release = Release::of(new, &left_out);
            let beside = |past: &Release| Uncovering::between(past.clone(), release.clone());
            let mut pairs: Vec<Uncovering> = releases.iter().map(beside).collect();
            self.each_fact(last, |fact| pairs.iter_mut().for_each(|pair| pair.add(&fact))).await?;
            let found: Vec<BTreeSet<By>> = pairs.iter().map(Uncovering::uncovered).collect();
            if let Some((past, _)) = past.iter().zip(&found).find(|(_, found)| found.contains(&By::Nothing)) {
                return Err(CentreError::WouldUncover { scope: past.scope, as_of: Position(past.as_of.position) });
            }
            let before = left_out.len();
            left_out.extend(found.into_iter().flatten());
            if left_out.len() == before {
                return Ok(left_out);
            }
        }
    }

    /// The cases behind a figure: where it puts each, in the order of their pseudonyms.
    ///
    /// # Errors
    /// As [`Centre::each_fact`].
    pub async fn explain(
        &self,
        question: Question,
        code: Code,
        mut take: impl FnMut(Placed) + Send,
    ) -> Result<(), CentreError> {
        self.facts_of(question, |fact| {
            take(Placed { pseudonym: fact.pseudonym, standing: question.standing(code, &fact) });
        })
        .await
    }

    /// The facts that a question is about, as the log had them at its position.
    ///
    /// # Errors
    /// As [`Centre::each_fact`].
    pub async fn facts_of(&self, question: Question, mut take: impl FnMut(Fact) + Send) -> Result<(), CentreError> {
        let position = question.as_of.position;
        self.each_fact(position, |fact| {
            if let Some(fact) = fact.as_of(position).filter(|fact| question.is_about(fact)) {
                take(fact);
            }
        })
        .await
    }
}

fn is_of(past: &Released, question: Question) -> bool {
    past.scope == question.scope && past.as_of == question.as_of
}
