//! The one task that writes the access log: looks that wait together are flushed together, and none waits for a timer.

use std::time::Duration;

use entente_application::ports::StoreError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::database::Database;
use crate::looks::LookLine;
use crate::{postgres, sqlite};

/// How many looks share a flush at most.
const BATCH: usize = 256;
/// How long a batch may take; a network that swallows everything must not hold up all that is to be read.
const RECORDING: Duration = Duration::from_secs(30);

type Answer = Result<(), StoreError>;

enum Ask {
    /// The rows of one look, and whom to tell.
    Record(Vec<LookLine>, oneshot::Sender<Answer>),
    Close(oneshot::Sender<()>),
}

/// How others reach the recorder.
#[derive(Clone)]
pub(crate) struct Recorder(mpsc::Sender<Ask>);

impl Recorder {
    /// Starts the task.
    pub(crate) fn start(database: &Database) -> Self {
        let (asks, asked) = mpsc::channel(1024);
        tokio::spawn(run(database.clone(), asked));
        Self(asks)
    }

    /// Answers once the look is durable. One that is answered with an error may have been recorded all the same;
    /// recorded again, it says twice that somebody looked.
    pub(crate) async fn record(&self, lines: Vec<LookLine>) -> Answer {
        let closed = || StoreError::Unavailable("the store is closed".to_owned());
        let (answer, answered) = oneshot::channel();
        self.0.send(Ask::Record(lines, answer)).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// Whether the task still takes looks.
    pub(crate) fn is_alive(&self) -> bool {
        !self.0.is_closed()
    }

    /// Records what waits, then ends the task; later looks are refused.
    pub(crate) async fn close(&self) {
        let (done, ended) = oneshot::channel();
        if self.0.send(Ask::Close(done)).await.is_ok() {
            // An error means that the task has ended already.
            drop(ended.await);
        }
    }
}

async fn run(database: Database, mut asked: mpsc::Receiver<Ask>) {
    let mut asks = Vec::with_capacity(BATCH);
    let mut closing = Vec::new();
    while asked.recv_many(&mut asks, BATCH).await > 0 {
        let mut lines = Vec::with_capacity(asks.len());
        let mut answers = Vec::with_capacity(asks.len());
        for ask in asks.drain(..) {
            match ask {
                Ask::Record(some, answer) => {
                    lines.extend(some);
                    answers.push(answer);
                }
                Ask::Close(done) => {
                    closing.push(done);
                    asked.close();
                }
            }
        }
        if answers.is_empty() {
            continue;
        }
        let recorded = insert(&database, &lines).await;
        if let Err(error) = &recorded {
            tracing::warn!(%error, looks = answers.len(), "looks could not be recorded");
        }
        let shared = answers.len() > 1;
        for answer in answers {
            let recorded = recorded.as_ref().map_err(unavailable);
            // Whoever looked may have gone away; the look is on record.
            drop(answer.send(recorded.copied()));
        }
        if shared {
            // Lets those just answered look again before the next flush begins; costs a lone reader nothing.
            tokio::task::yield_now().await;
        }
    }
    for done in closing {
        // Whoever closes may have gone away.
        let _gone = done.send(());
    }
}

/// Whatever has failed: what was not recorded is not shown, and whoever looked may look again.
fn unavailable(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(reason) => StoreError::Unavailable(reason.clone()),
        other => StoreError::Unavailable(other.to_string()),
    }
}

/// One statement is one transaction and one flush.
async fn insert(database: &Database, lines: &[LookLine]) -> Answer {
    let inserted = timeout(RECORDING, async {
        match database {
            Database::Postgres(postgres) => postgres::insert_looks(&postgres.pool, lines).await,
            Database::Sqlite(sqlite) => sqlite::insert_looks(sqlite, lines).await,
        }
    });
    let late = |_| StoreError::Unavailable("the database takes too long".to_owned());
    inserted.await.map_err(late)?
}
