//! Laws of rotation: another key of keys, and nothing that is read or written notices.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use entente_application::ports::{Names, Shred, Shredder, StoreError};
use entente_store::{KeyEncryption, Settings, Store};
use entente_tests::engines::{Home, open};
use entente_tests::laws;

use super::{case_with, raw, read, shut_items, table};

fn next(home: &Home) -> PathBuf {
    home.folder().join("master.key.next")
}

fn key(home: &Home) -> String {
    std::fs::read_to_string(home.master_key()).unwrap()
}

fn mode(file: PathBuf) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(file).unwrap().permissions().mode() & 0o777
}

async fn rotate(home: &Home) -> u64 {
    Store::rotate_master(&home.settings()).await.unwrap().keys
}

async fn refusal(settings: &Settings) -> String {
    match Store::open(settings).await.map(drop) {
        Err(StoreError::Misconfigured(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

async fn a_new_key_opens_what_the_old_one_did_and_the_old_one_nothing(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 3).await;
    let (gone, _) = case_with(&store, 1).await;
    store.shred(case, &[Shred::Item(items[0])]).await.unwrap();
    store.shred(gone, &[Shred::Case]).await.unwrap();
    let (said, old) = (read(&store, case).await, key(&home));

    assert_eq!(rotate(&home).await, 1, "a destroyed key is not wrapped");
    assert_ne!(key(&home), old);
    assert_eq!(mode(home.master_key()), 0o600);
    assert!(!next(&home).exists());
    for store in [store, home.store().await] {
        assert_eq!(read(&store, case).await, said);
        assert_eq!(shut_items(&store, case).await, items[..1]);
        let (new, _) = case_with(&store, 1).await;
        assert!(shut_items(&store, new).await.is_empty());
    }
    std::fs::write(home.master_key(), old).unwrap();
    assert!(refusal(&home.settings()).await.contains("not the master key"));
}

async fn ids_that_follow_from_words_stay_the_same(home: Home) {
    let name = |store: &Store| store.name("command", &[b"a", b"b"]);
    // As it was before the secret was kept: it followed from the master key.
    std::fs::write(home.master_key(), "07".repeat(32)).unwrap();
    let store = home.store().await;
    let before = name(&store);
    for _ in 0..2 {
        rotate(&home).await;
        assert_eq!(name(&*home.store().await), before);
    }
    assert_ne!(name(&store), store.name("command", &[b"ab"]));
}

async fn a_store_that_is_open_works_on_through_rotations(home: Home) {
    let (store, reader) = (home.store().await, home.store().await);
    let (old, items) = case_with(&store, 2).await;
    let done = Arc::new(AtomicBool::new(false));
    let writing = {
        let (store, done) = (store.clone(), done.clone());
        tokio::spawn(async move {
            let mut cases = Vec::new();
            while !done.load(Ordering::Relaxed) {
                let (case, items) = case_with(&store, 1).await;
                if cases.len() % 3 == 0 {
                    store.shred(case, &[Shred::Item(items[0])]).await.unwrap();
                }
                cases.push(case);
            }
            cases
        })
    };
    // Whoever opens finds a new key that is not in its place yet, and must not take it for a leftover.
    let opening = {
        let (settings, done) = (home.settings(), done.clone());
        tokio::spawn(async move {
            while !done.load(Ordering::Relaxed) {
                Store::open(&settings).await.unwrap().close().await;
            }
        })
    };
    for _ in 0..6 {
        rotate(&home).await;
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    done.store(true, Ordering::Relaxed);
    let (cases, opened) = (writing.await.unwrap(), opening.await);
    opened.unwrap();
    assert!(cases.len() > 6, "{} cases were begun meanwhile", cases.len());
    for store in [home.store().await, reader, store] {
        for (nth, case) in cases.iter().enumerate() {
            assert_eq!(shut_items(&store, *case).await.len(), usize::from(nth % 3 == 0));
        }
        assert!(shut_items(&store, old).await.is_empty() && items.len() == 2);
    }
}

async fn rotations_at_the_same_time_take_turns(home: Home) {
    let store = home.store().await;
    let (case, _) = case_with(&store, 1).await;
    let rotations: Vec<_> = (0..4)
        .map(|_| {
            let settings = home.settings();
            tokio::spawn(async move { Store::rotate_master(&settings).await })
        })
        .collect();
    for rotation in rotations {
        assert_eq!(rotation.await.unwrap().unwrap().keys, 1);
    }
    assert!(shut_items(&*home.store().await, case).await.is_empty());
    assert!(shut_items(&store, case).await.is_empty());
}

async fn a_rotation_that_was_cut_off_before_its_commit_has_not_been(home: Home) {
    let (case, _) = case_with(&*home.store().await, 1).await;
    let before = key(&home);
    for leftover in ["a1".repeat(32), "a1b2".to_owned(), String::new()] {
        std::fs::write(next(&home), leftover).unwrap();
        let store = Store::open(&home.settings()).await.unwrap();
        assert!(shut_items(&store, case).await.is_empty());
        assert_eq!((key(&home), next(&home).exists()), (before.clone(), false));
    }
    std::fs::write(next(&home), "a1".repeat(32)).unwrap();
    rotate(&home).await;
    assert!(shut_items(&*home.store().await, case).await.is_empty());
}

async fn a_rotation_that_was_cut_off_after_its_commit_is_finished(home: Home) {
    let running = home.store().await;
    let (case, _) = case_with(&running, 1).await;
    for is_there in [true, false] {
        let old = key(&home);
        rotate(&home).await;
        let new = key(&home);
        std::fs::rename(home.master_key(), next(&home)).unwrap();
        if is_there {
            std::fs::write(home.master_key(), old).unwrap();
        }
        // A store that is open has to find its way too.
        let (begun, _) = case_with(&running, 1).await;
        let store = Store::open(&home.settings()).await.unwrap();
        assert!(shut_items(&store, case).await.is_empty() && shut_items(&store, begun).await.is_empty());
        assert_eq!((key(&home), next(&home).exists()), (new, false));
    }
}

async fn where_neither_key_is_the_right_one_both_are_left_alone(home: Home) {
    case_with(&*home.store().await, 1).await;
    std::fs::write(home.master_key(), "b2".repeat(32)).unwrap();
    std::fs::write(next(&home), "a1".repeat(32)).unwrap();
    let sentence = refusal(&home.settings()).await;
    assert!(sentence.contains("not the master key"), "{sentence}");
    assert_eq!(key(&home), "b2".repeat(32));
    std::fs::remove_file(home.master_key()).unwrap();
    let sentence = refusal(&home.settings()).await;
    assert!(sentence.contains("missing"), "{sentence}");
    assert_eq!(std::fs::read_to_string(next(&home)).unwrap(), "a1".repeat(32));
}

async fn a_key_that_cannot_be_unwrapped_is_told_and_stops_a_rotation(home: Home) {
    let store = home.store().await;
    let (case, items) = case_with(&store, 2).await;
    let (broken, _) = case_with(&store, 1).await;
    let (gone, _) = case_with(&store, 1).await;
    store.shred(case, &[Shred::Item(items[0])]).await.unwrap();
    store.shred(gone, &[Shred::Case]).await.unwrap();
    let count = store.check_keys().await.unwrap();
    assert_eq!((count.whole, count.punctured, count.destroyed, count.documents), (1, 1, 1, 0));
    assert!(count.broken.is_empty() && count.broken_documents.is_empty());

    let (table, before) = (table(&home, "case_key"), key(&home));
    let id = match home.engine() {
        entente_tests::engines::Engine::Postgres => format!("'{broken}'"),
        entente_tests::engines::Engine::Sqlite => format!("x'{}'", broken.0.simple()),
    };
    let other = format!("(SELECT wrapped FROM {table} WHERE wrapped IS NOT NULL AND case_id <> {id} LIMIT 1)");
    let damage = format!("UPDATE {table} SET wrapped = {other} WHERE case_id = {id}");
    assert_eq!(raw(&home).await.execute(&damage).await, 1);
    let count = home.store().await.check_keys().await.unwrap();
    assert_eq!((count.whole, count.punctured, count.broken), (0, 1, vec![broken]));
    let stopped = Store::rotate_master(&home.settings()).await;
    assert!(matches!(stopped, Err(StoreError::Corrupt { .. })), "{stopped:?}");
    assert_eq!((key(&home), next(&home).exists()), (before, false));
    assert_eq!(shut_items(&*home.store().await, case).await, items[..1], "nothing was changed");
}

async fn the_master_key_is_copied_to_a_new_file_alone(home: Home) {
    drop(home.store().await);
    let to = home.folder().join("copy.key");
    Store::back_up_master(&home.settings(), &to).await.unwrap();
    assert_eq!((std::fs::read_to_string(&to).unwrap(), mode(to.clone())), (key(&home), 0o600));
    rotate(&home).await;
    let again = Store::back_up_master(&home.settings(), &to).await;
    assert!(matches!(again, Err(StoreError::Misconfigured(_))), "{again:?}");
    assert_ne!(std::fs::read_to_string(&to).unwrap(), key(&home), "the old copy is as it was");
    std::fs::copy(&to, home.master_key()).unwrap();
    let wrong = Store::back_up_master(&home.settings(), &home.folder().join("other.key")).await;
    assert!(wrong.is_err() && !home.folder().join("other.key").exists());
}

/// A service that keeps what it is given and hands out numbers.
#[derive(Default)]
struct Elsewhere(std::sync::Mutex<HashMap<Vec<u8>, Kept>>);

/// A context and a secret.
type Kept = (Vec<u8>, Vec<u8>);

#[async_trait]
impl KeyEncryption for Elsewhere {
    async fn wrap(&self, context: &[u8], secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        let number = uuid::Uuid::new_v4().as_bytes().repeat(2);
        self.0.lock().unwrap().insert(number.clone(), (context.to_vec(), secret.to_vec()));
        Ok(number)
    }

    async fn unwrap(&self, context: &[u8], wrapped: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let kept = self.0.lock().unwrap().get(wrapped).cloned();
        Ok(kept.filter(|(of, _)| of == context).map(|(_, secret)| secret))
    }

    fn name(&self) -> &str {
        "the service elsewhere"
    }
}

async fn a_service_elsewhere_may_wrap_the_keys_and_then_there_is_no_file(home: Home) {
    let kms: Arc<dyn KeyEncryption> = Arc::new(Elsewhere::default());
    let settings = || Settings { kms: Some(kms.clone()), ..home.settings() };
    let store = open(&settings()).await.unwrap();
    let (case, items) = case_with(&store, 2).await;
    store.shred(case, &[Shred::Item(items[0])]).await.unwrap();
    let name = store.name("person", &[b"a"]);
    assert_eq!(Store::rotate_master(&settings()).await.unwrap().keys, 1);
    let again = open(&settings()).await.unwrap();
    for store in [&store, &again] {
        let (new, _) = case_with(store, 1).await;
        assert!(shut_items(store, new).await.is_empty());
        assert_eq!(shut_items(store, case).await, items[..1]);
        assert_eq!(store.name("person", &[b"a"]), name);
    }
    assert!(!home.master_key().exists() && !next(&home).exists());
    let stranger = Settings { kms: Some(Arc::new(Elsewhere::default())), ..home.settings() };
    assert!(refusal(&stranger).await.contains("the service elsewhere"));
    assert!(refusal(&home.settings()).await.contains("missing"));
}

laws!(
    a_new_key_opens_what_the_old_one_did_and_the_old_one_nothing,
    ids_that_follow_from_words_stay_the_same,
    a_store_that_is_open_works_on_through_rotations,
    rotations_at_the_same_time_take_turns,
    a_rotation_that_was_cut_off_before_its_commit_has_not_been,
    a_rotation_that_was_cut_off_after_its_commit_is_finished,
    where_neither_key_is_the_right_one_both_are_left_alone,
    a_key_that_cannot_be_unwrapped_is_told_and_stops_a_rotation,
    the_master_key_is_copied_to_a_new_file_alone,
    a_service_elsewhere_may_wrap_the_keys_and_then_there_is_no_file,
);
