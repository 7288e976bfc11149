//! No pair of histories that differ in what a viewer may not see is told apart by anything that the viewer can ask.

use entente_tests::interference::runs::play;

/// Pairs in each run of the tests; `ENTENTE_PAIRS` asks for more.
const PAIRS: u64 = 500;

#[test]
#[expect(clippy::print_stdout, reason = "figures to watch, shown by `cargo test -- --nocapture`")]
fn nothing_tells_of_what_is_hidden() {
    let wanted = std::env::var("ENTENTE_PAIRS").ok().map_or(PAIRS, |pairs| pairs.parse().unwrap());
    let first = std::env::var("ENTENTE_FIRST_PAIR").ok().map_or(0, |first| first.parse().unwrap());
    let run = play(first, wanted, 2, || {});
    println!("{} pairs alike, {} questions in each world; {} drawn were no pairs", run.alike, run.asked, run.no_pairs);
    if let Some(difference) = run.differences.first() {
        panic!(
            "pair {} is told apart by {:?}, {}:\n{}\n---\n{}",
            difference.pair, difference.probe, difference.aspect, difference.without, difference.with
        );
    }
    assert!(run.no_pairs < run.compared(), "most of what is drawn is to be a pair");
}
