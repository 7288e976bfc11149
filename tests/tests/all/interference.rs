//! No pair of histories that differ in what a viewer may not see is told apart by anything that the viewer can ask.

use entente_tests::interference::runs::play;
use entente_tests::interference::stage::Side;
use entente_tests::interference::words;

/// Pairs in each run of the tests; `ENTENTE_PAIRS` asks for more.
const PAIRS: u64 = 500;

#[test]
#[expect(clippy::print_stdout, reason = "figures to watch, shown by `cargo test -- --nocapture`")]
fn nothing_tells_of_what_is_hidden() {
    let wanted = std::env::var("ENTENTE_PAIRS").ok().map_or(PAIRS, |pairs| pairs.parse().unwrap());
    let first = std::env::var("ENTENTE_FIRST_PAIR").ok().map_or(0, |first| first.parse().unwrap());
    let run = play(first, wanted, 2, || {});
    println!(
        "{} pairs alike, {} questions in each world, in {} pairs the viewer was written to; {:?} were drawn and are none",
        run.alike, run.asked, run.written_to, run.no_pairs
    );
    if let Some(difference) = run.differences.first() {
        panic!(
            "pair {} is told apart by {:?}, {}:\n{}\n---\n{}",
            difference.pair, difference.probe, difference.aspect, difference.without, difference.with
        );
    }
    assert!(run.written_to * 2 > run.compared(), "most of the viewers are to have letters: {}", run.written_to);
    let none: u64 = run.no_pairs.values().sum();
    assert!(none * 2 < run.compared(), "most of what is drawn is to be a pair: {:?}", run.no_pairs);
}

#[tokio::test]
async fn nothing_tells_an_auditor_what_was_said() {
    let (mut one, mut other) = (Side::new().await, Side::new().await);
    let mut now = "2026-03-02T09:00:00Z".parse().unwrap();
    let mut asked = 0;
    for pair in 0..15 {
        match words::play(&mut one, &mut other, pair, &mut now).await {
            Ok(more) => asked += more,
            Err([path, without, with]) => panic!("pair {pair}, {path}:\n{without}\n---\n{with}"),
        }
    }
    assert!(asked > 200, "{asked}");
}
