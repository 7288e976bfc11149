//! A large document through the executable, over HTTP, beside `cp` and `sha256sum` of the same file: in one run, in turn.
//!
//! `cargo bench -p entente-tests --bench documents` prints MB/s up and down, the ratios to copying and hashing the file
//! on the same disk, and the peak memory of the service. `ENTENTE_BENCH_MB=100` changes the size, `-- --rounds 5` how
//! often all of it is done.
#![allow(clippy::disallowed_methods, reason = "a benchmark runs in real time, with real dice")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod paper;
#[path = "../../tests/all/documents/process.rs"]
mod process;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use entente_tests::measuring::number;
use entente_tests::{binary, sqlite};

use crate::paper::Paper;
use crate::process::Service;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let megabytes = std::env::var("ENTENTE_BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(1_000_u64);
    let rounds = number("--rounds").unwrap_or(3).max(1);
    let program = program();
    let folder = sqlite::folder();
    let (path, url) = (folder.path().to_owned(), sqlite::url(folder.path()));
    let paper = Paper::prepare(folder, &url, megabytes * 1_000_000).await;
    let size = format!("{megabytes}MB");
    let quota = format!("{}MB", megabytes * rounds);
    let limits = [("ENTENTE_DOCUMENTS_LARGEST", size.as_str()), ("ENTENTE_DOCUMENTS_QUOTA", quota.as_str())];
    let service = Service::start(&program, &path, &url, &limits);
    // The client is a blocking one: it reads the file as it sends it, and has no runtime to share.
    tokio::task::spawn_blocking(move || measure(&paper, &service, rounds)).await.unwrap();
}

fn measure(paper: &Paper, service: &Service, rounds: u64) {
    let idle = service.peak();
    let (mut copies, mut flushed, mut ups, mut downs) = (vec![], vec![], vec![], vec![]);
    let (mut after_up, mut after_down) = (0, 0);
    for round in 0..rounds {
        copies.push(timed(|| copy(paper, false)));
        flushed.push(timed(|| copy(paper, true)));
        let (seconds, item) = paper.up(service, round);
        ups.push(seconds);
        after_up = after_up.max(service.peak());
        downs.push(paper.down(service, &item));
        after_down = after_down.max(service.peak());
    }
    let megabytes = paper.size as f64 / 1e6;
    println!("a document of {megabytes} MB, in a folder, its rows in SQLite; median of {rounds} rounds, taken in turn");
    println!("up: sent, hashed, encrypted, flushed, inspected; down: read, decrypted, sent, written to a file\n");
    println!(
        "{:<24} | {:>7} {:>13} {:>15} | {:>8} {:>9}",
        "", "MB/s", "of cp+sha256", "of cp+sync+sha", "peak MiB", "over idle"
    );
    let line = |name: &str, times: &[f64], peak: Option<u64>| {
        // A ratio of each round, then the median: a slow second slows both sides of it.
        let ratio =
            |yardstick: &[f64]| median(yardstick.iter().zip(times).map(|(theirs, ours)| theirs / ours).collect());
        let rate = megabytes / median(times.to_vec());
        let mebibytes = |kibibytes: u64| format!("{:.1}", kibibytes as f64 / 1024.0);
        let peaks = peak.map_or(["-".to_owned(), "-".to_owned()], |peak| [mebibytes(peak), mebibytes(peak - idle)]);
        let [peak, over] = peaks;
        println!("{name:<24} | {rate:>7.0} {:>13.2} {:>15.2} | {peak:>8} {over:>9}", ratio(&copies), ratio(&flushed));
    };
    line("cp, sha256sum", &copies, None);
    line("cp, sync, sha256sum", &flushed, None);
    line("up", &ups, Some(after_up));
    line("down", &downs, Some(after_down));
}

/// Copies the file and hashes the copy, as one would without a centre.
fn copy(paper: &Paper, flush: bool) {
    let copy = paper.file.with_extension("copy");
    run(Command::new("cp").arg(&paper.file).arg(&copy));
    if flush {
        run(Command::new("sync").arg(&copy));
    }
    run(Command::new("sha256sum").arg(&copy));
    std::fs::remove_file(&copy).unwrap();
}

/// The executable as it is released.
fn program() -> PathBuf {
    binary::build(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), &["--release"])
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn timed(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
