//! The test of the test: each seeded leak is found, and by which question.
//!
//! Only in a build with the feature `leaks`: cargo test -p entente-tests --features leaks --test leaks
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(clippy::disallowed_methods, reason = "tests are the world that ids, time and settings come from")]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use entente_domain::leaks::{Leak, seed};
use entente_tests::interference::runs::play;

/// Within so many pairs each leak has to be found.
const PAIRS: u64 = 500;

/// What a leak has to be sought in, as the issue that asked for this names it.
const CATEGORIES: [&str; 24] = [
    "version/ETag",
    "409/412",
    "positions and cursors",
    "time-ordered ids",
    "counts and totals",
    "403 versus 404",
    "order of checks",
    "uniqueness errors",
    "wake-ups",
    "alerts: audience",
    "alerts: time",
    "alerts: size",
    "unread badges",
    "last activity",
    "sort order",
    "participants list",
    "receipts",
    "case state",
    "deduplication of equal content",
    "search",
    "quotas",
    "idempotency keys",
    "rate limits",
    "caches",
];

#[test]
fn there_are_leaks_of_every_kind() {
    assert!(Leak::ALL.len() >= 65, "{}", Leak::ALL.len());
    let kinds: BTreeSet<_> = Leak::ALL.iter().map(|leak| leak.category()).collect();
    let others = ["audit export", "logs and metrics", "letters", "the centre's lists", "candidates"];
    for wanted in CATEGORIES.iter().chain(&others) {
        assert!(kinds.contains(wanted), "{wanted}");
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "which question finds which leak, shown by `cargo test -- --nocapture`")]
fn every_seeded_leak_is_found() {
    let only = std::env::var("ENTENTE_LEAK").ok();
    let leaks: Vec<_> =
        Leak::ALL.iter().filter(|leak| only.as_ref().is_none_or(|only| format!("{leak:?}") == *only)).collect();
    let (next, missed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(leak) = leaks.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let run = play(0, PAIRS, 1, || seed(Some(**leak)));
                    match run.differences.first() {
                        Some(found) if only.is_some() => println!("{leak:?}: {found:#?}"),
                        Some(found) => println!(
                            "{:<24} {leak:?}: pair {} by {:?}, {}",
                            leak.category(),
                            found.pair,
                            found.probe,
                            found.aspect
                        ),
                        None => {
                            println!("{:<24} {leak:?}: NOT FOUND in {} pairs", leak.category(), run.compared());
                            missed.lock().unwrap().push(**leak);
                        }
                    }
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(missed.is_empty(), "{} of {} leaks were not found: {missed:?}", missed.len(), leaks.len());
}

#[test]
fn without_a_leak_this_build_tells_nothing_either() {
    let run = play(0, 20, 1, || seed(None));
    assert!(run.differences.is_empty(), "{:?}", run.differences);
}
