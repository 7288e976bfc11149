//! Side by side in one run: raw prepared INSERTs, our append, our whole command, and replay beside a raw SELECT.
//!
//! `cargo bench -p entente-tests` prints ratios for both engines; `-- --seconds 2 --rounds 5` changes how long,
//! `--engine sqlite`, `--clients 32` and `--way 1` (0 raw, 1 append, 2 command) what, for a profiler.
#![allow(clippy::disallowed_methods, reason = "a benchmark runs in real time, with real dice")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod load;
mod processor;
mod raw;

use entente_tests::engines::{Engine, Home};
use entente_tests::measuring::{argument, median, number};

use crate::load::Bench;
use crate::processor::Processor;

const CONNECTIONS: [usize; 3] = [1, 8, 32];

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let seconds = number("--seconds").unwrap_or(2.0);
    let rounds = number("--rounds").map_or(5, |rounds: f64| rounds as usize);
    let only = number("--way").map(|way: f64| way as usize);
    let connections = number("--clients").map_or(CONNECTIONS.to_vec(), |clients: f64| vec![clients as usize]);
    let named = argument("--engine").unwrap_or_default();
    println!("each cell: median of {rounds} rounds of {seconds} s, the three taken in turn within a round\n");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !format!("{engine:?}").to_lowercase().contains(&named) {
            continue;
        }
        let home = Home::new(engine);
        let bench = Bench::new(&home).await;
        println!("{engine:?}: {} bytes of payload an event, fsync on", bench.payload_bytes());
        println!("clients |  raw/s  append/s command/s | append/raw command/raw | CPU µs a commit: raw append command");
        for &clients in &connections {
            let mut rates = [vec![], vec![], vec![]];
            let mut costs = [vec![], vec![], vec![]];
            for _ in 0..rounds {
                for way in (0..3).filter(|way| only.is_none_or(|only| only == *way)) {
                    let before = Processor::now(engine);
                    let (commits, elapsed) = match way {
                        0 => bench.raw(clients, seconds).await,
                        1 => bench.append(clients, seconds).await,
                        _ => bench.command(clients, seconds).await,
                    };
                    let spent = before.spent_until(Processor::now(engine));
                    rates[way].push(commits as f64 / elapsed);
                    costs[way].push(spent * 1e6 / commits as f64);
                }
            }
            // A ratio of each round, then the median: a slow second slows both sides of it.
            let ratio = |way: usize| median(rates[way].iter().zip(&rates[0]).map(|(ours, raw)| ours / raw).collect());
            let (append, command) = (ratio(1), ratio(2));
            let [raw, appended, commanded] = rates.map(median);
            let [raw_cost, append_cost, command_cost] = costs.map(median);
            println!(
                "{clients:7} | {raw:7.0} {appended:8.0} {commanded:9.0} | {append:10.2} {command:11.2} | \
                 {raw_cost:19.0} {append_cost:6.0} {command_cost:7.0}"
            );
        }
        let mut reads = [vec![], vec![]];
        for _ in 0..rounds {
            let (raw, ours, events) = bench.replay().await;
            reads[0].push(events as f64 / raw);
            reads[1].push(events as f64 / ours);
        }
        let ratio = median(reads[1].iter().zip(&reads[0]).map(|(ours, raw)| ours / raw).collect());
        let [raw, ours] = reads.map(median);
        println!(
            "replay  | raw SELECT {raw:.0} rows/s, with decoding, checks and decryption {ours:.0} events/s, ratio {ratio:.2}\n"
        );
    }
}
