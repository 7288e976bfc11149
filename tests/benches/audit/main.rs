//! The auditor's questions beside the case page, on one case of 5,000 items: in one run, taken in turn.
//!
//! `cargo bench -p entente-tests --bench audit` prints milliseconds, bytes of the answer, the ratio to the case page
//! and the peak memory of each, for both engines; `-- --rounds 15` changes how often each is asked, `--engine sqlite`
//! where, `--items 1000` how large the case is.
#![allow(clippy::disallowed_methods, reason = "a benchmark runs in real time, with real dice")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod case;
mod desk;
mod memory;

use std::time::Instant;

use entente_store::Settings;
use entente_tests::engines::{Engine, Home};
use entente_tests::measuring::{argument, median, number};

use crate::case::Prepared;
use crate::desk::Desk;

/// Fewer rounds have no median worth the name.
const FEWEST: usize = 7;

/// A question, and whose token asks it.
pub struct Question {
    name: &'static str,
    token: &'static str,
    path: String,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    if let Some(folder) = argument(memory::ALONE) {
        return memory::alone(&folder).await;
    }
    let rounds = number("--rounds").unwrap_or(9).max(FEWEST);
    let items = number("--items").unwrap_or(5_000);
    let named = argument("--engine").unwrap_or_default();
    println!(
        "ms: median of {rounds} rounds, each question right after the case page; of page: median of the ratios\n\
         peak MiB: VmHWM of a process that opens the store and asks this once, median of {}\n",
        memory::PROCESSES
    );
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !format!("{engine:?}").to_lowercase().contains(&named) {
            continue;
        }
        let home = Home::new(engine);
        let prepared = case::prepare(&home, items).await;
        measure(engine, &home.settings(), &prepared, rounds).await;
    }
}

async fn measure(engine: Engine, settings: &Settings, prepared: &Prepared, rounds: usize) {
    let questions = prepared.questions();
    let (page, others) = questions.split_first().expect("the case page comes first");
    let desk = Desk::open(settings).await;
    let seen = prepared.hold(&desk).await;
    println!(
        "{engine:?}: a case of {} items and {} entries, {seen} items on c1's page",
        prepared.items, prepared.entries
    );
    let mut bytes = Vec::new();
    for question in &questions {
        // The first answer is not timed.
        bytes.push(desk.ask(question).await);
    }
    let (mut pages, mut times, mut ratios) = (vec![], vec![vec![]; others.len()], vec![vec![]; others.len()]);
    for _ in 0..rounds {
        for (nth, question) in others.iter().enumerate() {
            let beside = timed(&desk, page).await;
            let time = timed(&desk, question).await;
            pages.push(beside);
            times[nth].push(time);
            // A ratio of each round, then the median: a slow second slows both sides of it.
            ratios[nth].push(time / beside);
        }
    }
    desk.store.close().await;

    println!(
        "{:<34} | {:>8} {:>8} {:>10} | {:>8} {:>9}",
        "question", "ms", "of page", "bytes", "peak MiB", "over idle"
    );
    let idle = memory::peak(settings, &[]);
    let folded = memory::peak(settings, &[memory::FOLD, &prepared.case.to_string()]);
    for (name, peak) in [("none: the store is open", idle), ("none: the case is folded once", folded)] {
        println!("{name:<34} | {:>8} {:>8} {:>10} | {peak:>8.1} {:>9.1}", "-", "-", "-", peak - idle);
    }
    let times = std::iter::once(median(pages)).chain(times.into_iter().map(median));
    let ratios = std::iter::once(1.0).chain(ratios.into_iter().map(median));
    for (((question, bytes), time), ratio) in questions.iter().zip(bytes).zip(times).zip(ratios) {
        let peak = memory::peak(settings, &[memory::TOKEN, question.token, memory::PATH, &question.path]);
        println!("{:<34} | {time:>8.2} {ratio:>8.3} {bytes:>10} | {peak:>8.1} {:>9.1}", question.name, peak - idle);
    }
    println!();
}

/// Milliseconds from the question to the last byte of its answer.
async fn timed(desk: &Desk, question: &Question) -> f64 {
    let start = Instant::now();
    desk.ask(question).await;
    start.elapsed().as_secs_f64() * 1e3
}
