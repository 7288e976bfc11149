//! Laws of opening: a store that could lose or mix up something does not open, and says what to do.

use entente_application::ports::{CaseLog, StoreError};
use entente_store::{Settings, Store};
use entente_tests::engines::{Engine, Home, open};
use entente_tests::postgres::Cluster;
use entente_tests::{entries, laws};

/// The sentence of the refusal, which must be one of configuration: nothing that asking again would heal.
async fn refusal(settings: &Settings) -> String {
    match Store::open(settings).await {
        Err(StoreError::Misconfigured(sentence)) => sentence,
        Err(other) => panic!("refused, but for another reason: {other}"),
        Ok(_) => panic!("it opened"),
    }
}

async fn what_was_written_is_there_when_it_is_opened_again(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let said = vec![entries::registered(), entries::message("stay")];
    entries::must_append(&store, entries::append(case, 0, said.clone())).await;
    drop(store);
    let again = open(&home.settings()).await.unwrap();
    again.ready().await.unwrap();
    let opened = again.unseal(again.stream(case).await.unwrap()).await.unwrap();
    assert_eq!(opened.into_iter().map(|recorded| recorded.entry).collect::<Vec<_>>(), said);
}

async fn migrating_twice_changes_nothing(home: Home) {
    entries::fill(&*home.store().await, 1, 1).await;
    let before = home.raw().await.tables().await;
    let store = home.store().await;
    assert_eq!(home.raw().await.tables().await, before);
    assert_eq!(entries::whole_log(&store).await.len(), 2);
}

async fn a_database_with_a_pending_migration_is_not_opened(home: Home) {
    drop(home.store().await);
    let last = "(SELECT max(version) FROM _sqlx_migrations)";
    home.raw().await.execute(&format!("DELETE FROM _sqlx_migrations WHERE version = {last}")).await;
    let sentence = refusal(&home.settings()).await;
    assert!(sentence.contains("migrat"), "{sentence}");
}

async fn a_database_that_was_never_migrated_is_not_opened(home: Home) {
    let sentence = refusal(&home.settings()).await;
    assert!(!sentence.is_empty());
}

async fn a_database_of_a_later_program_is_not_opened(home: Home) {
    drop(home.store().await);
    let later = "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
        SELECT version + 1000, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations
        WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    home.raw().await.execute(later).await;
    let sentence = refusal(&home.settings()).await;
    assert!(sentence.contains("migration 10"), "{sentence}");
}

async fn another_master_key_is_refused_before_it_does_harm(home: Home) {
    entries::fill(&*home.store().await, 1, 1).await;
    let stranger = Home::new(home.engine());
    drop(stranger.store().await);
    std::fs::copy(stranger.master_key(), home.master_key()).unwrap();
    let sentence = refusal(&home.settings()).await;
    assert!(sentence.contains("key"), "{sentence}");
}

async fn a_missing_master_key_is_not_quietly_replaced(home: Home) {
    entries::fill(&*home.store().await, 1, 1).await;
    std::fs::remove_file(home.master_key()).unwrap();
    let sentence = refusal(&home.settings()).await;
    assert!(sentence.contains("key"), "{sentence}");
    assert!(!home.master_key().exists(), "a new key would open nothing that is there");
    // Migrating must not make one either.
    assert!(open(&home.settings()).await.is_err());
    assert!(!home.master_key().exists());
}

async fn the_master_key_is_its_owners_alone(home: Home) {
    use std::os::unix::fs::PermissionsExt;
    drop(home.store().await);
    let mode = std::fs::metadata(home.master_key()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_does_not_flush_is_refused() {
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let cluster = Cluster::start_with(&[&format!("{setting}=off")]);
        let home = Home::at(Engine::Postgres, cluster.database());
        match open(&home.settings()).await.map(drop) {
            Err(StoreError::Misconfigured(sentence)) => assert!(sentence.contains(setting), "{sentence}"),
            other => panic!("{setting}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_address_of_no_known_database_is_refused() {
    let folder = entente_tests::sqlite::folder();
    for url in ["mysql://localhost/entente", "entente.db", "", "http://localhost/", "SQLITE:x"] {
        let sentence = refusal(&Settings::new(url, folder.path())).await;
        assert!(sentence.contains("sqlite:") && sentence.contains("postgres:"), "{sentence}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a refusal leaves nothing behind");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_unavailable_and_its_password_is_not_told() {
    let folder = entente_tests::sqlite::folder();
    let settings = Settings::new("postgres://entente:hush-hush@127.0.0.1:1/entente", folder.path());
    match open(&settings).await.map(drop) {
        Err(error @ StoreError::Unavailable(_)) => assert!(!error.to_string().contains("hush-hush")),
        other => panic!("{other:?}"),
    }
}

async fn programs_that_are_first_at_the_same_moment_all_open(home: Home) {
    let openings: Vec<_> = (0..6)
        .map(|_| {
            let settings = home.settings();
            tokio::spawn(async move { Store::open_and_migrate(&settings).await.map(drop) })
        })
        .collect();
    for opening in openings {
        opening.await.unwrap().unwrap();
    }
}

laws!(
    programs_that_are_first_at_the_same_moment_all_open,
    what_was_written_is_there_when_it_is_opened_again,
    migrating_twice_changes_nothing,
    a_database_with_a_pending_migration_is_not_opened,
    a_database_that_was_never_migrated_is_not_opened,
    a_database_of_a_later_program_is_not_opened,
    another_master_key_is_refused_before_it_does_harm,
    a_missing_master_key_is_not_quietly_replaced,
    the_master_key_is_its_owners_alone,
);
