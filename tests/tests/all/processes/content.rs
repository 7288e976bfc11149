//! No byte of a case in any letter: over the real negotiations, where they are at hand beside the checkout, else the sample.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use entente_application::ports::{Directory, LetterLanguage, Position, Preferences, Rhythm};
use entente_application::processes::LetterPolicy;
use entente_domain::{Case, CaseId, EmailAddress, PersonId};
use entente_tests::binary::must;
use entente_tests::engines::{Engine, Home};
use entente_tests::world::{SetClock, centre};
use jiff::Timestamp;
use serde_json::Value;

use super::*;

/// The lines to import, each case moved in time so that it has just ended: what is long past is told to nobody.
fn lines() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let real = root.parent().map(|beside| beside.join("shared/data/casino.jsonl")).filter(|file| file.exists());
    let text = match real {
        Some(real) => {
            let converter = root.join("docs/examples/casino_to_import.py");
            let converted = Command::new("python3").arg(converter).arg(real).output().unwrap();
            String::from_utf8(converted.stdout).unwrap()
        }
        None => std::fs::read_to_string(root.join("tests/data/sample-import.jsonl")).unwrap(),
    };
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut last: BTreeMap<String, Timestamp> = BTreeMap::new();
    for line in &lines {
        let at: Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        let latest = last.entry(line["case"].as_str().unwrap().to_owned()).or_insert(at);
        *latest = at.max(*latest);
    }
    let end = Timestamp::now() - SignedDuration::from_hours(1);
    for line in &mut lines {
        let at: Timestamp = line["at"].as_str().unwrap().parse().unwrap();
        let latest = last[line["case"].as_str().unwrap()];
        line["at"] = (end - latest.duration_since(at)).to_string().into();
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The words of more than six letters.
fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    words.filter(|word| word.chars().count() > 6).map(str::to_lowercase).collect()
}

/// Everything that was said, offered or named.
fn said(lines: &str) -> BTreeSet<String> {
    fn texts(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::String(text) => found.extend(words(text)),
            Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
            Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let mut found = BTreeSet::new();
    lines.lines().for_each(|line| texts(&serde_json::from_str::<Value>(line).unwrap()["command"], &mut found));
    found
}

/// Everyone who sits at a case.
async fn people(centre: &Centre) -> BTreeSet<PersonId> {
    let (mut cases, mut at): (BTreeMap<CaseId, Case>, _) = (BTreeMap::new(), Position::default());
    loop {
        let page = centre.log.page(at, 1_000).await.unwrap();
        let Some(last) = page.last() else { break };
        at = last.position;
        page.iter().for_each(|line| cases.entry(line.case).or_default().fold(&line.entry));
    }
    cases.values().flat_map(|case| case.seating.iter().map(|held| held.person)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_letter_holds_a_word_of_any_case() {
    let home = Home::new(Engine::Sqlite);
    let lines = lines();
    let file = home.folder().join("lines.jsonl");
    std::fs::write(&file, &lines).unwrap();
    must(&home, ["migrate"]);
    must(&home, ["import", file.to_str().unwrap(), "--json"]);
    let store = Arc::new(entente_store::Store::open(&home.settings()).await.unwrap());
    let folder = home.folder().join("letters");
    let settings = entente_mail::Settings {
        site: Some("https://entente.example/".to_owned()),
        folder: folder.clone(),
        ..Default::default()
    };
    let clock = Arc::new(SetClock::at(Timestamp::now()));
    let dice = Arc::new(entente_tests::world::SeededDice::default());
    let letters = LetterPolicy { history: SignedDuration::MAX, ..LetterPolicy::default() };
    let post = entente_mail::open(&settings).unwrap();
    let centre = Centre { post, letters, ..centre(&store, home.folder(), clock.clone(), dice) };
    let people = people(&centre).await;
    for (number, person) in people.iter().enumerate() {
        let language = LetterLanguage::ALL[number % LetterLanguage::ALL.len()];
        let address = Some(EmailAddress::parse(format!("{person}@people.example")).unwrap());
        let wanted = Preferences { address, language, rhythm: Rhythm::Quarterly };
        store.prefer(*person, &wanted, Timestamp::now()).await.unwrap();
    }
    let mut manager = Manager::new(&centre, Process::Alerts, Uuid::from_u128(1));
    manager.turn().await.unwrap();
    clock.advance(SignedDuration::from_mins(20));
    let turn = manager.catch_up().await.unwrap();
    let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    let letters: Vec<_> = files.iter().filter(|file| file.extension().is_some_and(|end| end == "eml")).collect();
    assert!(letters.len() as u64 >= turn.done && letters.len() * 2 > people.len(), "{} {turn:?}", letters.len());
    let said = said(&lines);
    assert!(said.len() > 20);
    // The template is what all letters of a language have in common, to the byte; three lines are each letter's own.
    let mut bodies: BTreeSet<String> = BTreeSet::new();
    for letter in &letters {
        let raw = String::from_utf8(std::fs::read(letter).unwrap()).unwrap();
        let is_own =
            |line: &&str| ["message-id:", "date:", "to:"].iter().any(|name| line.to_lowercase().starts_with(name));
        let (headers, body) = raw.split_once("\r\n\r\n").unwrap();
        let (own, common): (Vec<_>, Vec<_>) = headers.split("\r\n").partition(is_own);
        assert_eq!(own.len(), 3, "{headers}");
        bodies.insert(format!("{}\r\n\r\n{body}", common.join("\r\n")));
        let told: Vec<_> = words(&own.join("\n")).intersection(&said).cloned().collect();
        assert!(told.iter().all(|word| ["message", "example"].contains(&word.as_str())), "{told:?} in {own:?}");
    }
    assert_eq!(bodies.len(), 5, "one text a language, whoever it goes to and whatever it is about: {bodies:?}");
}
