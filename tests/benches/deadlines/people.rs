//! People who read a case's page and say something in turn, and how long each of that takes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use entente_tests::story::Table;
use serde_json::json;
use tokio::task::JoinSet;

/// Whether people are to stop.
pub type Stop = Arc<AtomicBool>;

/// How long people waited.
pub struct Waits {
    /// For a case's page.
    pub pages: Series,
    /// For a message to be taken.
    pub messages: Series,
}

/// Times of one kind of request.
pub struct Series {
    milliseconds: Vec<f64>,
    seconds: f64,
}

impl Series {
    fn of(mut milliseconds: Vec<f64>, seconds: f64) -> Self {
        milliseconds.sort_by(f64::total_cmp);
        Self { milliseconds, seconds }
    }

    /// Requests a second.
    pub fn rate(&self) -> f64 {
        self.milliseconds.len() as f64 / self.seconds
    }

    /// The median, in milliseconds.
    pub fn median(&self) -> f64 {
        self.at(50)
    }

    fn at(&self, percent: usize) -> f64 {
        let last = self.milliseconds.len().saturating_sub(1);
        self.milliseconds.get(last * percent / 100).copied().unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>7.0} {:>7.2} {:>7.2} {:>7.2}", self.rate(), self.at(50), self.at(99), self.at(100))
    }
}

/// So many people read one page, which stays as it is, and write at the tables in turn, until told to stop.
pub async fn use_it(table: &Arc<Table>, others: &Arc<Vec<(String, String)>>, clients: usize, stop: &Stop) -> Waits {
    let start = Instant::now();
    let next = Arc::new(AtomicUsize::new(0));
    let mut each = JoinSet::new();
    for client in 0..clients {
        let (table, others, next, stop) = (table.clone(), others.clone(), next.clone(), stop.clone());
        each.spawn(async move {
            let (mut pages, mut messages) = (vec![], vec![]);
            while !stop.load(Ordering::Relaxed) {
                pages.push(timed(async { assert!(table.page(&table.respondent).await.is_object()) }).await);
                let number = next.fetch_add(1, Ordering::Relaxed);
                let (path, thread) = &others[number % others.len()];
                let said = json!({"discussion": thread, "body": format!("{client} says {number}")});
                let path = format!("{path}/messages");
                messages.push(timed(async { _ = table.world.post(&table.claimant, &path, said).await.ok() }).await);
            }
            (pages, messages)
        });
    }
    let each = each.join_all().await;
    let seconds = start.elapsed().as_secs_f64();
    let (pages, messages): (Vec<_>, Vec<_>) = each.into_iter().unzip();
    Waits { pages: Series::of(pages.concat(), seconds), messages: Series::of(messages.concat(), seconds) }
}

async fn timed(work: impl Future<Output = ()>) -> f64 {
    let start = Instant::now();
    work.await;
    start.elapsed().as_secs_f64() * 1e3
}
