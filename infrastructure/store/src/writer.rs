//! The one task that appends to the log: what waits together is flushed together, and nobody waits for a timer.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use entente_application::ports::{Position, StoreError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::sleep;
use uuid::Uuid;

use crate::errors::Failure;

/// One event, sealed and spelled.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) kind: &'static str,
    pub(crate) version: &'static str,
    pub(crate) payload: String,
}

/// One command's events, ready to be stored: whoever asked has done all the work that can be done alone.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) stream: String,
    pub(crate) expected: i64,
    pub(crate) command: Uuid,
    pub(crate) metadata: String,
    /// At least one.
    pub(crate) lines: Vec<Line>,
}

/// What became of one command of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Position of its first event.
    At(i64),
    Conflict,
    Repeated,
}

/// An engine's way to append a batch: one transaction, one flush.
pub(crate) trait Engine: Send + 'static {
    /// The verdicts in the order of the batch. No two commands of a batch have a stream or an id in common.
    fn append(&mut self, batch: &[Prepared]) -> impl Future<Output = Result<Vec<Verdict>, Failure>> + Send;

    /// Says good-bye to the server.
    fn close(self) -> impl Future<Output = ()> + Send;
}

type Answer = Result<Verdict, StoreError>;

struct Waiting {
    prepared: Prepared,
    answer: oneshot::Sender<Answer>,
}

enum Ask {
    Append(Waiting),
    Close(oneshot::Sender<()>),
}

/// How others reach the writer.
#[derive(Clone)]
pub(crate) struct Writer {
    asks: mpsc::Sender<Ask>,
    moved: watch::Sender<Position>,
}

impl Writer {
    /// Starts the task.
    pub(crate) fn start(engine: impl Engine, head: Position, most: usize) -> Self {
        let (asks, asked) = mpsc::channel(1024);
        let moved = watch::Sender::new(head);
        tokio::spawn(run(engine, asked, moved.clone(), most.max(1)));
        Self { asks, moved }
    }

    /// Answers once the command is durable, or was not appended.
    pub(crate) async fn append(&self, prepared: Prepared) -> Answer {
        let (answer, answered) = oneshot::channel();
        let sent = self.asks.send(Ask::Append(Waiting { prepared, answer })).await;
        sent.map_err(|_| StoreError::Unavailable("the store is closed".to_owned()))?;
        // A writer that is gone may have gone while committing.
        answered.await.map_err(|_| StoreError::UnknownOutcome)?
    }

    /// Whether the task still takes commands.
    pub(crate) fn is_alive(&self) -> bool {
        !self.asks.is_closed()
    }

    pub(crate) fn moved(&self) -> watch::Receiver<Position> {
        self.moved.subscribe()
    }

    /// Appends what waits, then ends the task; later appends are refused.
    pub(crate) async fn close(&self) {
        let (done, ended) = oneshot::channel();
        if self.asks.send(Ask::Close(done)).await.is_ok() {
            // An error means that the task has ended already.
            drop(ended.await);
        }
    }
}

async fn run<E: Engine>(mut engine: E, mut asked: mpsc::Receiver<Ask>, moved: watch::Sender<Position>, most: usize) {
    let mut waiting = VecDeque::new();
    let mut closing = Vec::new();
    loop {
        let mut next = if waiting.is_empty() {
            let Some(ask) = asked.recv().await else { break };
            Some(ask)
        } else {
            asked.try_recv().ok()
        };
        while let Some(ask) = next {
            match ask {
                Ask::Append(one) => waiting.push_back(one),
                Ask::Close(done) => {
                    closing.push(done);
                    asked.close();
                }
            }
            next = if waiting.len() < 4 * most { asked.try_recv().ok() } else { None };
        }
        if waiting.is_empty() {
            continue;
        }
        let (batch, answers) = take(&mut waiting, most);
        let verdicts = settle(&mut engine, &batch).await;
        if let Some(last) = batch.iter().zip(&verdicts).filter_map(last).max() {
            moved.send_if_modified(|head| {
                let further = last > *head;
                *head = last.max(*head);
                further
            });
        }
        let shared = answers.len() > 1;
        for (answer, verdict) in answers.into_iter().zip(verdicts) {
            // Whoever asked may have gone away; the log is the same.
            drop(answer.send(verdict));
        }
        if shared {
            // Lets those just answered ask again before the next flush begins; costs a lone client nothing.
            tokio::task::yield_now().await;
        }
    }
    engine.close().await;
    for done in closing {
        // Whoever closes may have gone away.
        let _gone = done.send(());
    }
}

/// The position of a command's last event, if it was appended.
fn last((prepared, verdict): (&Prepared, &Answer)) -> Option<Position> {
    match verdict {
        Ok(Verdict::At(first)) => {
            let first = u64::try_from(*first).ok()?;
            Some(Position(first + prepared.lines.len() as u64 - 1))
        }
        _ => None,
    }
}

/// The longest waiting commands that have no stream and no id in common; the others keep their order.
fn take(waiting: &mut VecDeque<Waiting>, most: usize) -> (Vec<Prepared>, Vec<oneshot::Sender<Answer>>) {
    let mut streams = HashSet::new();
    let mut commands = HashSet::new();
    let mut batch = Vec::with_capacity(waiting.len().min(most));
    let mut answers = Vec::with_capacity(waiting.len().min(most));
    let mut later = VecDeque::new();
    for one in waiting.drain(..) {
        let free = streams.insert(one.prepared.stream.clone()) && commands.insert(one.prepared.command);
        if free && batch.len() < most {
            batch.push(one.prepared);
            answers.push(one.answer);
        } else {
            later.push_back(one);
        }
    }
    *waiting = later;
    (batch, answers)
}

/// Appends a batch; if it fails as a whole, each command by itself, so that a poisonous one harms no other.
async fn settle<E: Engine>(engine: &mut E, batch: &[Prepared]) -> Vec<Answer> {
    match patiently(engine, batch).await {
        Ok(verdicts) => verdicts.into_iter().map(Ok).collect(),
        Err(Failure::Refused(error)) if batch.len() > 1 => {
            tracing::warn!(%error, commands = batch.len(), "a batch was refused: its commands are appended one by one");
            let mut answers = Vec::with_capacity(batch.len());
            for one in batch.chunks(1) {
                let alone = patiently(engine, one).await;
                answers.push(alone.map_err(StoreError::from).and_then(|verdicts| {
                    verdicts.first().copied().ok_or_else(|| crate::errors::damaged("the database gave no answer"))
                }));
            }
            answers
        }
        Err(Failure::Refused(error)) => vec![Err(error)],
        Err(Failure::Again(reason)) => batch.iter().map(|_| Err(StoreError::Unavailable(reason.clone()))).collect(),
        Err(Failure::Unknown(reason)) => {
            tracing::warn!(%reason, commands = batch.len(), "the outcome of a commit is unknown");
            batch.iter().map(|_| Err(StoreError::UnknownOutcome)).collect()
        }
    }
}

/// Asks again, a little later each time, as long as nothing was done.
async fn patiently<E: Engine>(engine: &mut E, batch: &[Prepared]) -> Result<Vec<Verdict>, Failure> {
    for pause in [5, 20, 80, 320] {
        match engine.append(batch).await {
            Err(Failure::Again(reason)) => {
                tracing::debug!(%reason, "a batch is tried again");
                sleep(Duration::from_millis(pause)).await;
            }
            settled => return settled,
        }
    }
    engine.append(batch).await
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
