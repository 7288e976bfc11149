//! Importing a centre's past: everything once, a second time nothing, and every refused line by name.

use std::path::{Path, PathBuf};
use std::process::Command;

use entente_tests::binary::{must, run};
use entente_tests::engines::Home;
use entente_tests::laws;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn sample() -> PathBuf {
    root().join("tests/data/sample-import.jsonl")
}

/// SR1 as the centre's own staff see it.
fn settlement_rate(home: &Home) -> Value {
    let report = json(&must(home, ["report", "--staff", "--json"]));
    let rate = report["tables"][0]["cells"][0]["figures"][0].clone();
    assert_eq!(rate["code"], "SR1", "{report}");
    rate
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

async fn a_sample_is_taken_once_and_a_second_run_changes_nothing(home: Home) {
    must(&home, ["migrate"]);
    let file = sample();
    let first = json(&must(&home, ["import", file.to_str().unwrap(), "--json"]));
    assert_eq!((&first["refused"], &first["already"]), (&0.into(), &0.into()), "{first}");
    let events = home.raw().await.texts("SELECT count(*) || '' FROM events").await;
    let second = json(&must(&home, ["import", file.to_str().unwrap(), "--json"]));
    assert_eq!((&second["taken"], &second["already"]), (&0.into(), &first["taken"]), "{second}");
    assert_eq!(home.raw().await.texts("SELECT count(*) || '' FROM events").await, events);
    must(&home, ["replay", "--check"]);
    let rate = settlement_rate(&home);
    assert_eq!((&rate["k"], &rate["n"]), (&1.into(), &4.into()), "{rate}");
}

async fn damaged_lines_are_refused_by_number_and_the_rest_is_taken(home: Home) {
    must(&home, ["migrate"]);
    let good = std::fs::read_to_string(sample()).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let mut damaged: Vec<Vec<u8>> = lines.iter().map(|line| line.as_bytes().to_vec()).collect();
    damaged.insert(1, b"{\"id\": \"cut".to_vec());
    damaged.insert(3, b"{\"id\":\"\xff\xfe\"}".to_vec());
    damaged.insert(5, lines[0].replacen("\"id\"", "\"surprise\": 1, \"id\"", 1).into_bytes());
    damaged
        .push(lines[0].replace("\"id\": \"", "\"id\": \"other-").replace("\"id\":\"", "\"id\":\"other-").into_bytes());
    damaged.push(vec![b'x'; 2 << 20]);
    damaged.push(b"{\"id\":\"lost/1\",\"case\":\"lost\",\"at\":\"2025-01-06T09:00:00Z\",\"by\":\"clock\",\"command\":{\"expire_term\":{}}}".to_vec());
    let file = home.folder().join("damaged.jsonl");
    std::fs::write(&file, damaged.join(&b'\n')).unwrap();
    let refused = home.folder().join("refused.jsonl");
    let arguments = ["import", file.to_str().unwrap(), "--json", "--refused", refused.to_str().unwrap()];
    let output = run(&home, arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let summary = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(summary["taken"], lines.len() as u64, "{summary}");
    assert_eq!(summary["refused"], 6, "{summary}");
    let refused = std::fs::read_to_string(refused).unwrap();
    let numbers: Vec<u64> = refused.lines().map(|line| json(line)["line"].as_u64().unwrap()).collect();
    let last = damaged.len() as u64;
    for number in [2, 4, 6, last - 2, last - 1, last] {
        assert!(numbers.contains(&number), "line {number} is lost: {refused}");
    }
    for line in refused.lines() {
        assert!(json(line)["code"].is_string() && json(line)["reason"].is_string(), "{line}");
    }
}

/// The 1,030 real negotiations, where they are at hand beside the checkout; the sample stands in for them elsewhere.
async fn real_negotiations_come_out_as_they_went(home: Home) {
    let real = root().parent().map(|beside| beside.join("shared/data/casino.jsonl")).filter(|file| file.exists());
    let Some(real) = real else { return a_sample_is_taken_once_and_a_second_run_changes_nothing(home).await };
    let converter = root().join("docs/examples/casino_to_import.py");
    let converted = Command::new("python3").arg(converter).arg(real).output().unwrap();
    assert!(converted.status.success(), "{}", String::from_utf8_lossy(&converted.stderr));
    let file = home.folder().join("casino-import.jsonl");
    std::fs::write(&file, converted.stdout).unwrap();
    must(&home, ["migrate"]);
    let summary = json(&must(&home, ["import", file.to_str().unwrap(), "--json"]));
    assert_eq!((&summary["cases"], &summary["refused"]), (&1_030.into(), &0.into()), "{summary}");
    let counted = home.raw().await.texts("SELECT event_type || ' ' || count(*) FROM events GROUP BY event_type").await;
    for expected in [
        "MessagePosted 11919",
        "SettlementProposed 1181",
        "SettlementDeclined 167",
        "SettlementReached 1005",
        "PartyWithdrew 25",
        "CaseClosed 1030",
    ] {
        assert!(counted.contains(&expected.to_owned()), "{expected}: {counted:?}");
    }
    let again = json(&must(&home, ["import", file.to_str().unwrap(), "--json"]));
    assert_eq!((&again["taken"], &again["already"]), (&0.into(), &summary["taken"]), "{again}");
    must(&home, ["replay", "--check"]);
    let rate = settlement_rate(&home);
    assert_eq!((&rate["k"], &rate["n"]), (&1_005.into(), &1_030.into()), "{rate}");
    assert!((rate["low"].as_f64().unwrap() - 0.964_414_655_757_88).abs() < 1e-12, "{rate}");
    assert!((rate["high"].as_f64().unwrap() - 0.983_506_315_720_56).abs() < 1e-12, "{rate}");
}

laws!(
    a_sample_is_taken_once_and_a_second_run_changes_nothing,
    damaged_lines_are_refused_by_number_and_the_rest_is_taken,
    real_negotiations_come_out_as_they_went,
);
