//! Laws of sealing: what was said comes back as it was said, is nowhere on disk in clear, and belongs to its place.

use std::path::Path;

use entente_application::ports::{CaseLog, Recorded, StoreError};
use entente_domain::{CaseId, Entry, Seal, Seals};
use entente_tests::engines::{Engine, Home};
use entente_tests::postgres::Cluster;
use entente_tests::{entries, laws};

async fn entries_come_back_as_they_were_said(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let said = vec![
        entries::registered(),
        entries::message("« Nous pourrions descendre à 4 000 € »\n\t— 좋습니다 🤝 \u{202e}\"\\'"),
        entries::message(&"é".repeat(16_000)),
    ];
    entries::must_append(&store, entries::append(case, 0, said.clone())).await;
    for store in [store, home.store().await] {
        let opened = store.unseal(store.stream(case).await.unwrap()).await.unwrap();
        assert_eq!(opened.into_iter().map(|recorded| recorded.entry).collect::<Vec<_>>(), said);
    }
}

async fn a_stream_is_sealed_until_it_is_opened(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    entries::must_append(&store, entries::append(case, 0, vec![entries::registered(), entries::message("hush")])).await;
    let sealed = store.stream(case).await.unwrap();
    for recorded in &sealed {
        assert!(all_shut(recorded.entry.clone()));
    }
    let opened = store.unseal(sealed.clone()).await.unwrap();
    assert_eq!(store.unseal(opened.clone()).await.unwrap(), opened, "opening what is open changes nothing");
    assert!(store.unseal(Vec::new()).await.unwrap().is_empty());
}

fn all_shut(mut entry: Entry) -> bool {
    entry.seals(&mut |part: &mut dyn Seal| if part.token().is_some() { Ok(()) } else { Err(()) }).is_ok()
}

async fn equal_texts_are_stored_as_different_ones(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let group = vec![entries::message("yes"), entries::message("yes"), entries::message("no!")];
    entries::must_append(&store, entries::append(case, 0, group)).await;
    let tokens: Vec<_> = store.stream(case).await.unwrap().into_iter().map(|recorded| token(recorded.entry)).collect();
    assert_ne!(tokens[0], tokens[1], "who sees the table must not see who repeats what");
}

fn token(mut entry: Entry) -> String {
    let mut tokens = Vec::new();
    let visited: Result<(), ()> = entry.seals(&mut |part: &mut dyn Seal| {
        tokens.extend(part.token().map(str::to_owned));
        Ok(())
    });
    visited.unwrap();
    tokens.concat()
}

/// A text of its own letters, so that neither chance nor another test can write it.
fn canary() -> String {
    format!("canary-{}", uuid::Uuid::new_v4())
}

async fn write_canaries(home: &Home) -> String {
    let canary = canary();
    let store = home.store().await;
    let case = entries::case_id();
    let group = vec![entries::registered_by(&canary), entries::message(&canary)];
    entries::must_append(&store, entries::append(case, 0, group)).await;
    // Read too: a spilled sort or a cached case would show as well.
    let opened = store.unseal(store.stream(case).await.unwrap()).await.unwrap();
    assert!(matches!(&opened[..], [_, _]));
    store.fold(case).await.unwrap();
    canary
}

async fn no_table_holds_a_word_of_it(home: Home) {
    let canary = write_canaries(&home).await;
    let raw = home.raw().await;
    let hexadecimal: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    let tables = raw.tables().await;
    assert!(tables.iter().any(|table| table.ends_with("events")), "{tables:?}");
    for table in tables {
        for line in raw.lines(&table).await {
            assert!(!line.contains(&canary), "{table}");
            assert!(!line.to_ascii_lowercase().contains(&hexadecimal), "{table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_sqlite_holds_a_word_of_it() {
    let home = Home::new(Engine::Sqlite);
    // Keeps the write-ahead log from being folded into the file, and removed, while the files are searched.
    let _open = home.store().await;
    let canary = write_canaries(&home).await;
    assert!(!files_with(home.folder(), "MessagePosted").is_empty(), "the search finds what is there");
    assert_eq!(files_with(home.folder(), &canary), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_postgres_holds_a_word_of_it() {
    let cluster = Cluster::start();
    let home = Home::at(Engine::Postgres, cluster.database());
    let canary = write_canaries(&home).await;
    let raw = home.raw().await;
    raw.execute("CHECKPOINT").await;
    let data = raw.texts("SELECT current_setting('data_directory')").await.remove(0);
    assert!(!files_with(Path::new(&data), "MessagePosted").is_empty(), "the search finds what is there");
    assert_eq!(files_with(Path::new(&data), &canary), Vec::<String>::new());
    assert_eq!(files_with(home.folder(), &canary), Vec::<String>::new());
}

/// The names of the files below a folder in which this text stands.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if let Ok(content) = std::fs::read(&path) {
            // Sockets and files that have just gone are no place to keep a word.
            if String::from_utf8_lossy(&content).contains(text) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// Two cases, each with a registration and two messages; what the tampering makes of the first.
async fn opening_after(
    home: &Home,
    damage: impl FnOnce(CaseId, CaseId) -> String,
) -> Result<Vec<Recorded>, StoreError> {
    let store = home.store().await;
    let (one, other) = (entries::case_id(), entries::case_id());
    for case in [one, other] {
        let group = vec![entries::registered(), entries::message("first"), entries::message("other")];
        entries::must_append(&store, entries::append(case, 0, group)).await;
    }
    home.raw().await.tamper(&damage(one, other)).await;
    let store = home.store().await;
    let whole = store.unseal(store.stream(other).await.unwrap()).await.unwrap();
    assert_eq!(whole.len(), 3, "the other case still opens");
    store.unseal(store.stream(one).await.unwrap()).await
}

fn is_corrupt(outcome: Result<Vec<Recorded>, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Corrupt { sequence: 2, .. })), "{outcome:?}");
}

async fn a_sealed_part_does_not_open_at_another_number_of_its_stream(home: Home) {
    is_corrupt(
        opening_after(&home, |one, _| {
            format!(
                "UPDATE events SET payload = (SELECT payload FROM events WHERE aggregate_id = '{one}' AND sequence = 3)
                 WHERE aggregate_id = '{one}' AND sequence = 2"
            )
        })
        .await,
    );
}

async fn a_sealed_part_does_not_open_in_another_stream(home: Home) {
    is_corrupt(
        opening_after(&home, |one, other| {
            format!(
                "UPDATE events SET payload = (SELECT payload FROM events WHERE aggregate_id = '{other}' AND sequence = 2)
                 WHERE aggregate_id = '{one}' AND sequence = 2"
            )
        })
        .await,
    );
}

async fn a_sealed_part_does_not_open_when_one_letter_of_it_was_changed(home: Home) {
    let (text, json) = match home.engine() {
        Engine::Postgres => ("payload::text", "::json"),
        Engine::Sqlite => ("payload", ""),
    };
    // The last but twentieth letter lies within the ciphertext of the body, which stands at the payload's end.
    let letter = format!("substr({text}, length({text}) - 20, 1)");
    is_corrupt(
        opening_after(&home, |one, _| {
            format!(
                "UPDATE events SET payload = (substr({text}, 1, length({text}) - 21)
                    || CASE {letter} WHEN 'A' THEN 'B' ELSE 'A' END || substr({text}, length({text}) - 19)){json}
                 WHERE aggregate_id = '{one}' AND sequence = 2"
            )
        })
        .await,
    );
}

laws!(
    entries_come_back_as_they_were_said,
    a_stream_is_sealed_until_it_is_opened,
    equal_texts_are_stored_as_different_ones,
    no_table_holds_a_word_of_it,
    a_sealed_part_does_not_open_at_another_number_of_its_stream,
    a_sealed_part_does_not_open_in_another_stream,
    a_sealed_part_does_not_open_when_one_letter_of_it_was_changed,
);
