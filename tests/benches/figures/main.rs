//! All figures of a million invented cases in one pass, beside plain SQL over the same table and beside `sqlite3` or `psql` doing
//! one count: in one run, taken in turn.
//!
//! `cargo bench -p entente-tests --bench figures` prints milliseconds, the ratio to each and the peak memory, for both engines;
//! `-- --cases 100000` changes how many cases, `--rounds 9` how often, `--engine sqlite` where.
#![allow(clippy::disallowed_methods, reason = "a benchmark runs in real time, with real dice")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod beside;

use std::sync::Arc;
use std::time::Instant;

use entente_application::Centre;
use entente_application::ports::{Change, Position, Views as _};
use entente_projections::facts;
use entente_projections::figures::{AsOf, Code, Question, Scope};
use entente_tests::engines::{Engine, Home, Opened};
use entente_tests::invented::{Invented, time_of};
use entente_tests::measuring::{argument, high_water, median, number};
use entente_tests::world::{SeededDice, SetClock, centre};

use crate::beside::Beside;

/// Fewer rounds have no median worth the name.
const FEWEST: usize = 5;
/// Rows written at a time.
const BATCH: usize = 20_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let cases = number("--cases").unwrap_or(1_000_000_u64);
    let rounds = number("--rounds").unwrap_or(7_usize).max(FEWEST);
    let named = argument("--engine").unwrap_or_default();
    println!("ms: median of {rounds} rounds, each in turn with the report; ratios: median of the rounds' own\n");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !format!("{engine:?}").to_lowercase().contains(&named) {
            continue;
        }
        let mut peaks = Vec::new();
        for part in [cases / 10, cases] {
            let home = Home::new(engine);
            let store = home.store().await;
            fill(&store, part).await;
            let centre = of(&store, home.folder(), part);
            peaks.push(peak(&centre, part).await);
            if part == cases {
                measure(engine, &home, &centre, cases, rounds).await;
            }
            store.close().await;
        }
        println!(
            "one report adds to the memory: {:.1} MiB for {} cases, {:.1} MiB for {cases}\n",
            peaks[0],
            cases / 10,
            peaks[1]
        );
    }
}

fn invented(cases: u64) -> Invented {
    Invented { cases, years: 5, companies: 20_000, ..Invented::default() }
}

fn question(cases: u64) -> Question {
    let position = invented(cases).end();
    Question { scope: Scope::All, as_of: AsOf { position, time: time_of(position) } }
}

fn of(store: &Opened, folder: &std::path::Path, cases: u64) -> Centre {
    let clock = Arc::new(SetClock::at(time_of(invented(cases).end())));
    centre(store, folder, clock, Arc::new(SeededDice::default()))
}

/// Fills the table of facts, as the projection would.
async fn fill(store: &Opened, cases: u64) {
    let build = store.begin(facts::NAME, facts::VERSION).await.unwrap();
    let mut all = invented(cases).facts();
    let mut position = 0;
    loop {
        let some: Vec<Change> = all.by_ref().take(BATCH).map(Box::new).map(Change::Fact).collect();
        let is_last = some.len() < BATCH;
        let to = if is_last { invented(cases).end() } else { position + 1 };
        assert!(store.advance(&build, Position(position), Position(to), &some).await.unwrap());
        position = to;
        if is_last {
            break;
        }
    }
    store.switch(&build).await.unwrap();
}

async fn measure(engine: Engine, home: &Home, centre: &Centre, cases: u64, rounds: usize) {
    let beside = Beside::of(home).await;
    beside.settle().await;
    // The first of each is not timed; both say the same.
    let report = centre.report(question(cases)).await.unwrap();
    let counted = report.total(Code::SR1).unwrap();
    assert_eq!(beside.headline().await, (counted.k, counted.n), "plain SQL comes to the same");
    beside.every_table().await;
    beside.program();
    let mut times = vec![vec![]; 4];
    let mut ratios = vec![vec![]; 4];
    for _ in 0..rounds {
        let own = timed(async || drop(centre.report(question(cases)).await.unwrap())).await;
        let others = [
            timed(async || assert!(beside.headline().await.1 > 0)).await,
            timed(async || beside.every_table().await).await,
            timed(async || beside.program()).await,
        ];
        times[0].push(own);
        ratios[0].push(1.0);
        for (place, other) in others.into_iter().enumerate() {
            times[place + 1].push(other);
            ratios[place + 1].push(own / other);
        }
    }
    let cells: usize = report.tables.iter().map(|table| table.cells.len()).sum();
    let figures: usize = report.tables.iter().flat_map(|table| &table.cells).map(|cell| cell.figures.len()).sum();
    println!("{engine:?}: {cases} cases; {figures} figures in {cells} cells of {} tables", report.tables.len());
    println!("{:<58} | {:>9} | report ÷ it", "", "ms");
    let names = [
        "the report: every figure of every table, in one pass".to_owned(),
        "SQL: SR1 of all cases, one aggregate".to_owned(),
        "SQL: SR1 of every table, eight aggregates".to_owned(),
        format!("{}: one count, as a process", beside.name()),
    ];
    for ((name, times), ratios) in names.into_iter().zip(times).zip(ratios) {
        println!("{name:<58} | {:>9.1} | {:>9.2}", median(times), median(ratios));
    }
    println!();
}

/// The most memory that one report adds to what the process holds, in MiB; none where the peak cannot be reset.
async fn peak(centre: &Centre, cases: u64) -> f64 {
    // Resets VmHWM to what is resident now (proc(5)).
    if std::fs::write("/proc/self/clear_refs", "5").is_err() {
        return f64::NAN;
    }
    let before = high_water();
    drop(centre.report(question(cases)).await.unwrap());
    (high_water() - before) / 1024.0
}

async fn timed(what: impl AsyncFn()) -> f64 {
    let start = Instant::now();
    what().await;
    start.elapsed().as_secs_f64() * 1e3
}
