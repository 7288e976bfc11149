//! kill -9 in the middle of imports: what was acknowledged is there once, and the rest resumes.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use entente_application::ports::CaseLog;
use entente_tests::binary::{command, must};
use entente_tests::engines::Home;
use entente_tests::entries::whole_log;
use entente_tests::laws;
use serde_json::Value;

/// Kills on each store; together a hundred. `ENTENTE_KILLS` asks for more.
fn kills() -> u64 {
    std::env::var("ENTENTE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(50)
}

/// The sample, its cases several times over under other names, so that there is something to interrupt.
fn many_cases(folder: &Path, copies: usize) -> std::path::PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample-import.jsonl");
    let sample = std::fs::read_to_string(sample).unwrap();
    let ids: HashSet<String> = sample.lines().map(|line| id(&serde_json::from_str(line).unwrap())).collect();
    let mut lines = String::new();
    for copy in 0..copies {
        for line in sample.lines() {
            let mut line: Value = serde_json::from_str(line).unwrap();
            rename(&mut line, &ids, copy);
            lines.push_str(&line.to_string());
            lines.push('\n');
        }
    }
    let file = folder.join("many.jsonl");
    std::fs::write(&file, lines).unwrap();
    file
}

fn id(line: &Value) -> String {
    line["id"].as_str().unwrap().to_owned()
}

/// Gives a line's ids, references and case another name.
fn rename(value: &mut Value, ids: &HashSet<String>, copy: usize) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "id" || name == "case" => *text = format!("{copy}:{text}"),
                    other => rename(other, ids, copy),
                }
            }
        }
        Value::String(text) => {
            let reference = text.strip_prefix('@').map(|text| text.split('#').next().unwrap_or(text).to_owned());
            if reference.is_some_and(|reference| ids.contains(&reference)) {
                *text = format!("@{copy}:{}", &text[1..]);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, ids, copy)),
        _ => {}
    }
}

/// The lines that the importer said were durable, with the number of events of each.
fn acknowledged(receipts: &Path) -> HashMap<String, u64> {
    let text = std::fs::read_to_string(receipts).unwrap_or_default();
    // The last line may have been cut by the kill.
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let receipts = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    receipts.map(|receipt| (id(&receipt), receipt["events"].as_u64().unwrap())).collect()
}

async fn every_acknowledged_line_is_there_once_after_each_kill(home: Home) {
    must(&home, ["migrate"]);
    let rounds = kills();
    let file = many_cases(home.folder(), 40);
    let file = file.to_str().unwrap();
    let (mut seen, mut interrupted) = (HashMap::new(), 0);
    // A small generator of our own: the moments differ from run to run only through the machine's speed.
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..rounds {
        let receipts = home.folder().join(format!("receipts-{round}.jsonl"));
        let arguments = ["import", file, "--json", "--receipts", receipts.to_str().unwrap()];
        let mut child = command(&home, arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let pause = 15 + (random >> 33) % (40 + 6 * round);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        interrupted += u64::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        // Lines that were there already are acknowledged again, with no events of their own.
        for (line, events) in acknowledged(&receipts).into_iter().filter(|(_, events)| *events > 0) {
            let before = seen.insert(line.clone(), events);
            assert!(before.is_none(), "{line} was acknowledged as new in two runs");
        }
        let store = home.store().await;
        assert!(store.head().await.unwrap().0 >= seen.values().sum::<u64>(), "an acknowledged event is lost");
        // The whole log reads: dense, and to its head.
        whole_log(&store).await;
        store.close().await;
    }
    assert!(interrupted * 2 > rounds, "only {interrupted} of {rounds} imports were interrupted");
    assert!(!seen.is_empty(), "no line was acknowledged before a kill");
    let rest: Value = serde_json::from_str(&must(&home, ["import", file, "--json"])).unwrap();
    assert_eq!(rest["refused"], 0, "{rest}");
    assert!(rest["already"].as_u64().unwrap() >= seen.len() as u64, "{rest}");
    let store = home.store().await;
    let log = whole_log(&store).await;
    let clean = Home::new(home.engine());
    must(&clean, ["migrate"]);
    must(&clean, ["import", file, "--json"]);
    let expected = whole_log(&*clean.store().await).await;
    assert_eq!(kinds(&log), kinds(&expected), "an interrupted import and a whole one differ");
    must(&home, ["replay", "--check"]);
}

/// How many events of each kind a log holds.
fn kinds(log: &[entente_application::ports::Recorded]) -> std::collections::BTreeMap<&'static str, usize> {
    let mut kinds = std::collections::BTreeMap::new();
    for line in log {
        *kinds.entry(line.entry.event.kind().name()).or_default() += 1;
    }
    kinds
}

laws!(every_acknowledged_line_is_there_once_after_each_kill);
