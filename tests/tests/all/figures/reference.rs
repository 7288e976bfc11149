//! The intervals and the percentiles beside another implementation's: SciPy's.

use entente_projections::figures::{Survival, newcombe, wilson};
use entente_tests::invented::Chance;
use serde_json::json;

use super::{must, python, scipy};

#[test]
fn ten_thousand_intervals_are_those_of_another_implementation() {
    let mut chance = Chance(2026);
    let mut lines = Vec::new();
    for round in 0..10_000_u64 {
        // Small and large denominators alike, and both ends.
        let n = 1 + chance.below([40, 400, 1_000_000][usize::try_from(round % 3).unwrap()]);
        let k = match round % 10 {
            0 => 0,
            1 => n,
            _ => chance.below(n + 1),
        };
        let (low, high) = wilson(k, n).unwrap();
        lines.push(json!({"wilson": [k, n, low, high]}).to_string());
        if round % 10 == 5 {
            let m = 1 + chance.below(300);
            let j = chance.below(m + 1);
            let (_, low, high) = newcombe((k, n), (j, m)).unwrap();
            lines.push(json!({"newcombe": [k, n, j, m, low, high]}).to_string());
        }
    }
    for _ in 0..200 {
        let mut survival = Survival::default();
        let (mut events, mut pending) = (Vec::new(), Vec::new());
        for _ in 0..1 + chance.below(60) {
            let minutes = 1 + chance.below(40);
            let ended = chance.below(3) > 0;
            survival.add(minutes, ended);
            if ended { events.push(minutes) } else { pending.push(minutes) }
        }
        if events.is_empty() {
            continue;
        }
        let (p50, p90) = (survival.percentile(0.5), survival.percentile(0.9));
        lines.push(json!({"survival": {"events": events, "pending": pending, "p50": p50, "p90": p90}}).to_string());
    }
    let count = lines.len();
    let said = must(&python(&scipy(), "tests/python/reference_figures.py", &[], &lines.join("\n")));
    assert_eq!(said.trim(), format!("{count} agree"));
    // The other one looks: a digit that is off is found.
    let wrong = json!({"wilson": [60, 70, 0.756_615_9, 0.920_510_582_829_334]}).to_string();
    assert!(!python(&scipy(), "tests/python/reference_figures.py", &[], &wrong).status.success());
}
