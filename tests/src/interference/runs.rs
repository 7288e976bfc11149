//! Many pairs, on as many threads as asked for; each thread has worlds of its own.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Difference, NoPair, Outcome, Theatre};

/// Pairs that share two worlds, one after the other.
const SHARED: u64 = 25;

/// What came of many pairs.
#[derive(Debug, Default)]
pub struct Run {
    /// Pairs that nothing told apart.
    pub alike: u64,
    /// What was drawn and was no pair, by reason.
    pub no_pairs: BTreeMap<NoPair, u64>,
    /// Questions asked, in each of the worlds.
    pub asked: u64,
    /// Pairs whose viewer got a letter.
    pub written_to: u64,
    /// Pairs that something told apart.
    pub differences: Vec<Difference>,
}

impl Run {
    /// Pairs that were compared.
    pub fn compared(&self) -> u64 {
        self.alike + self.differences.len() as u64
    }
}

/// Plays pairs from a number on, until so many have been compared or one was told apart. `begin` runs first on each thread.
///
/// # Panics
/// If a world breaks.
pub fn play(first: u64, wanted: u64, threads: usize, begin: impl Fn() + Sync) -> Run {
    let (next, run) = (AtomicU64::new(first), Mutex::new(Run::default()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                begin();
                // One thread and nothing beside it: what is done in one world comes in one order.
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(pairs(&next, &run, wanted));
            });
        }
    });
    run.into_inner().unwrap()
}

async fn pairs(next: &AtomicU64, run: &Mutex<Run>, wanted: u64) {
    let done = || {
        let run = run.lock().unwrap();
        run.compared() >= wanted || !run.differences.is_empty()
    };
    while !done() {
        let mut theatre = Theatre::new().await;
        for _ in 0..SHARED {
            if done() {
                return;
            }
            let outcome = theatre.play(next.fetch_add(1, Ordering::Relaxed)).await;
            let mut run = run.lock().unwrap();
            match outcome {
                Outcome::Alike { asked, letters } => {
                    run.alike += 1;
                    run.asked += asked;
                    run.written_to += u64::from(letters > 0);
                    if theatre.is_spent() {
                        break;
                    }
                }
                // Their worlds have gone different ways: they are of no more use.
                Outcome::NoPair(reason) => {
                    *run.no_pairs.entry(reason).or_default() += 1;
                    break;
                }
                Outcome::Different(difference) => {
                    run.differences.push(*difference);
                    return;
                }
            }
        }
    }
}
