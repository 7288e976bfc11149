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
    forbidden.extend(["UPDATE log_head SET pos = pos - 1", "DELETE FROM log_head"]);
    forbidden.extend(match home.engine() {
        // Neither a whole table at once nor a session that calls itself a replica.
        Engine::Postgres => ["TRUNCATE events CASCADE", "SET session_replication_role = replica; DELETE FROM events"],
        // Replacing deletes a row without a DELETE, and without the triggers on it.
        Engine::Sqlite => ["INSERT OR REPLACE INTO events SELECT * FROM events", "REPLACE INTO log_head VALUES (1, 0)"],
    });
    for sql in forbidden {
        assert!(raw.attempt(sql).await.is_err(), "the database allowed: {sql}");
    }
    assert_eq!(entries::whole_log(&store).await, before);
    assert_eq!(store.head().await.unwrap().0, 6);
}

laws!(the_database_refuses_to_change_or_to_delete_an_event);
