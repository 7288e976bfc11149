//! Laws of reading: what is missing or damaged stops the reader, loudly and with its position; nothing ends early.

use entente_application::ports::{CaseLog, Position, StoreError, Views};
use entente_domain::CaseId;
use entente_store::Store;
use entente_tests::engines::{Engine, Home};
use entente_tests::raw::CUT_OTHERS;
use entente_tests::{entries, laws};

/// Two cases of four entries each, in the order of the log; their ids.
async fn two_cases(home: &Home) -> (CaseId, CaseId) {
    let store = home.store().await;
    let cases = (entries::case_id(), entries::case_id());
    for case in [cases.0, cases.1] {
        let group = vec![entries::registered(), entries::message("a"), entries::message("b"), entries::message("c")];
        entries::must_append(&store, entries::append(case, 0, group)).await;
    }
    cases
}

async fn pages_follow_each_other_to_the_head_and_then_are_empty(home: Home) {
    two_cases(&home).await;
    let store = home.store().await;
    let (mut at, mut seen) = (Position(0), Vec::new());
    for expected in [3, 3, 2, 0] {
        let page = store.page(at, 3).await.unwrap();
        assert_eq!(page.len(), expected);
        at = page.last().map_or(at, |last| last.position);
        seen.extend(page.iter().map(|recorded| recorded.position.0));
    }
    assert_eq!(seen, (1..=8).collect::<Vec<_>>());
    assert!(store.page(Position(100), 3).await.unwrap_or_default().is_empty(), "nothing is beyond the head");
}

async fn a_missing_position_is_a_gap(home: Home) {
    two_cases(&home).await;
    home.raw().await.tamper("DELETE FROM events WHERE pos = 6").await;
    let store = home.store().await;
    assert_eq!(store.page(Position(0), 5).await.unwrap().len(), 5, "what is before it is whole");
    for after in [0, 4, 5] {
        let read = store.page(Position(after), 8).await;
        assert!(matches!(read, Err(StoreError::Gap(6))), "after {after}: {read:?}");
    }
    assert_eq!(store.page(Position(6), 5).await.unwrap().len(), 2);
}

async fn a_log_that_lost_its_end_is_no_shorter_log(home: Home) {
    two_cases(&home).await;
    let store = home.store().await;
    home.raw().await.tamper("DELETE FROM events WHERE pos >= 7").await;
    for after in [0, 6] {
        let read = store.page(Position(after), 50).await;
        assert!(matches!(read, Err(StoreError::Gap(7))), "after {after}: {read:?}");
    }
    let opened = Store::open(&home.settings()).await.map(drop);
    assert!(matches!(opened, Err(StoreError::Gap(7))), "it would be written over: {opened:?}");
}

async fn a_head_that_was_moved_back_does_not_open(home: Home) {
    two_cases(&home).await;
    let store = home.store().await;
    let build = store.begin("inbox", 1).await.unwrap();
    assert!(store.advance(&build, Position(0), Position(8), &[]).await.unwrap());
    store.close().await;
    home.raw().await.tamper("DELETE FROM events WHERE pos >= 7").await;
    let raw = home.raw().await;
    match home.engine() {
        Engine::Sqlite => raw.execute("DROP TRIGGER log_head_grows").await,
        Engine::Postgres => raw.execute("ALTER TABLE log_head DISABLE TRIGGER USER").await,
    };
    raw.execute("UPDATE log_head SET pos = 6").await;
    let opened = Store::open(&home.settings()).await.map(drop);
    assert!(matches!(opened, Err(StoreError::Corrupt { position: 6, .. })), "a read model knows better: {opened:?}");
}

async fn a_stream_that_lost_an_entry_does_not_fold(home: Home) {
    let (case, whole) = two_cases(&home).await;
    home.raw().await.tamper("DELETE FROM events WHERE pos = 3").await;
    let store = home.store().await;
    assert!(matches!(store.stream(case).await, Err(StoreError::Corrupt { .. } | StoreError::Gap(_))));
    assert!(matches!(store.fold(case).await, Err(StoreError::Corrupt { .. } | StoreError::Gap(_))));
    assert_eq!(store.fold(whole).await.unwrap().version, 4, "the other case is whole");
}

/// Damages position 7, which is #3 of the second case; everything that reads it must say so.
async fn is_reported(home: &Home, damage: &str) {
    let (whole, damaged) = two_cases(home).await;
    home.raw().await.tamper(damage).await;
    let store = home.store().await;

    let of_page = store.page(Position(4), 10).await.map(drop);
    let of_stream = store.stream(damaged).await.map(drop);
    let of_fold = store.fold(damaged).await.map(drop);
    for read in [of_page, of_stream, of_fold] {
        match read {
            Err(StoreError::Corrupt { position: 7, sequence: 3, case, reason }) => {
                assert_eq!(case, damaged.to_string());
                assert!(!reason.is_empty());
            }
            other => panic!("{damage}: {other:?}"),
        }
    }
    assert_eq!(store.page(Position(0), 6).await.unwrap().len(), 6, "what is before it is whole");
    assert_eq!(store.stream(whole).await.unwrap().len(), 4, "the other case is whole");
}

async fn an_event_that_nobody_knows_stops_the_reader(home: Home) {
    is_reported(
        &home,
        match home.engine() {
            Engine::Postgres => {
                r#"UPDATE events SET event_type = 'MessageUnheard',
               payload = replace(payload::text, '"MessagePosted"', '"MessageUnheard"')::json WHERE pos = 7"#
            }
            Engine::Sqlite => {
                r#"UPDATE events SET event_type = 'MessageUnheard',
               payload = replace(payload, '"MessagePosted"', '"MessageUnheard"') WHERE pos = 7"#
            }
        },
    )
    .await;
}

async fn a_payload_that_is_no_entry_stops_the_reader(home: Home) {
    is_reported(&home, "UPDATE events SET payload = '{\"at\": \"yesterday\"}' WHERE pos = 7").await;
}

async fn a_payload_with_a_field_too_many_stops_the_reader(home: Home) {
    is_reported(
        &home,
        match home.engine() {
            Engine::Postgres => {
                r#"UPDATE events SET payload = ('{"x": 1, ' || substr(payload::text, 2))::json WHERE pos = 7"#
            }
            Engine::Sqlite => r#"UPDATE events SET payload = '{"x": 1, ' || substr(payload, 2) WHERE pos = 7"#,
        },
    )
    .await;
}

async fn an_event_of_a_version_to_come_stops_the_reader(home: Home) {
    is_reported(&home, "UPDATE events SET event_version = '99' WHERE pos = 7").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite_a_payload_cut_short_stops_the_reader() {
    is_reported(&Home::new(Engine::Sqlite), "UPDATE events SET payload = substr(payload, 1, 40) WHERE pos = 7").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_cut_connection_is_an_error_or_a_whole_page_and_never_a_short_one() {
    let home = Home::new(Engine::Postgres);
    let store = home.store().await;
    let head = entries::fill(&store, 30, 20).await;
    let knife = home.raw().await;
    for _ in 0..30 {
        let (read, _) = tokio::join!(store.page(Position(0), 10_000), knife.execute(CUT_OTHERS));
        match read {
            Ok(page) => assert_eq!(page.len() as u64, head),
            Err(StoreError::Unavailable(_)) => {}
            Err(other) => panic!("a cut connection is no {other}"),
        }
    }
    let mut again = store.page(Position(0), 10_000).await;
    for _ in 0..20 {
        if again.is_ok() {
            break;
        }
        again = store.page(Position(0), 10_000).await;
    }
    assert_eq!(again.unwrap().len() as u64, head, "then it works again");
}

laws!(
    pages_follow_each_other_to_the_head_and_then_are_empty,
    a_missing_position_is_a_gap,
    a_log_that_lost_its_end_is_no_shorter_log,
    a_head_that_was_moved_back_does_not_open,
    a_stream_that_lost_an_entry_does_not_fold,
    an_event_that_nobody_knows_stops_the_reader,
    a_payload_that_is_no_entry_stops_the_reader,
    a_payload_with_a_field_too_many_stops_the_reader,
    an_event_of_a_version_to_come_stops_the_reader,
);
