//! Laws of the table of events: the database itself refuses to change or to forget one.

use entente_application::ports::CaseLog;
use entente_tests::engines::{Engine, Home};
use entente_tests::{entries, laws};

async fn the_database_refuses_to_change_or_to_delete_an_event(home: Home) {
    let store = home.store().await;
    entries::fill(&store, 2, 2).await;
    let before = entries::whole_log(&store).await;
    let raw = home.raw().await;

    let mut forbidden = vec![
        "UPDATE events SET payload = payload",
        "UPDATE events SET sequence = 9 WHERE sequence = 1",
        "UPDATE events SET metadata = metadata WHERE sequence = 2",
        "DELETE FROM events",
        "DELETE FROM events WHERE sequence = 1",
    ];
    forbidden.push(match home.engine() {
        Engine::Postgres => "TRUNCATE events CASCADE",
        // The statement by which SQLite would replace a row without a DELETE of the caller's.
        Engine::Sqlite => "INSERT OR REPLACE INTO events SELECT * FROM events",
    });
    for sql in forbidden {
        assert!(raw.attempt(sql).await.is_err(), "the database allowed: {sql}");
    }
    assert_eq!(entries::whole_log(&store).await, before);
    assert_eq!(store.head().await.unwrap().0, 6);
}

laws!(the_database_refuses_to_change_or_to_delete_an_event);
