//! The figures: asked as of a position, counted in one pass over the facts, and published only so that no two reports uncover
//! what neither tells.

use entente_domain::PersonId;
use entente_projections::facts::{self, Fact};
use entente_projections::figures::{self, Code, Question, Release, Report, Scope, Standing, Tables, Uncovering, View};
use jiff::Timestamp;
use uuid::Uuid;

use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::{Position, Released};
use crate::queries::AsOf;

/// Facts read at a time.
const PAGE: u32 = 5_000;
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
    /// What is asked, with the position that is meant: the head if none is said; for a time, the last that was recorded by then.
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
            Some(AsOf::Time(time)) if time > now => return Err(CentreError::NotComeYet),
            Some(AsOf::Time(time)) => figures::AsOf { position: self.recorded_by(time, head).await?.0, time },
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

    /// The last position that was recorded by a time: positions are given in the order of recording.
    async fn recorded_by(&self, time: Timestamp, head: Position) -> Result<Position, CentreError> {
        let (mut known, mut beyond) = (0, head.0 + 1);
        while known + 1 < beyond {
            let middle = known + (beyond - known) / 2;
            if self.recorded_at(Position(middle)).await? <= time { known = middle } else { beyond = middle }
        }
        Ok(Position(known))
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
    /// [`CentreError::WouldUncover`] if this report beside one that was published would tell what neither does alone; as
    /// [`Centre::each_fact`].
    pub async fn publish(&self, question: Question, by: Option<PersonId>) -> Result<Report, CentreError> {
        for _ in 0..TRIES {
            let [tables] = self.tables([question]).await?;
            let report = Report::of(&tables, View::Released);
            let past = self.releases.releases().await?;
            if past.iter().any(|past| is_of(past, question)) {
                return Ok(report);
            }
            if let Some(beside) = self.uncovered_beside(&past, &tables).await? {
                return Err(CentreError::WouldUncover { released: Position(beside.as_of.position) });
            }
            let number = past.last().map_or(1, |last| last.number + 1);
            let Question { scope, as_of } = question;
            if self.releases.record_release(&Released { number, scope, as_of, at: self.now(), by }).await? {
                return Ok(report);
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

    /// The first release beside which new tables would uncover something.
    async fn uncovered_beside(&self, past: &[Released], new: &Tables) -> Result<Option<Released>, CentreError> {
        if past.is_empty() {
            return Ok(None);
        }
        let question = |past: &Released| Question { scope: past.scope, as_of: past.as_of };
        let mut tables: Vec<Tables> = past.iter().map(question).map(Tables::new).collect();
        self.count(&mut tables).await?;
        let new = Release::of(new);
        let beside = |tables: &Tables| Uncovering::between(Release::of(tables), new.clone());
        let mut pairs: Vec<Uncovering> = tables.iter().map(beside).collect();
        let last = tables.iter().map(|tables| tables.question.as_of.position).chain([new.question().as_of.position]);
        self.each_fact(last.max().unwrap_or_default(), |fact| pairs.iter_mut().for_each(|pair| pair.add(&fact)))
            .await?;
        Ok(past.iter().zip(&pairs).find(|(_, pair)| pair.uncovers()).map(|(past, _)| *past))
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
