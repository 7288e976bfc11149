//! Laws of old shapes: an event of an earlier version is read as today's, and never without its upcaster.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use entente_application::ports::{CaseLog, Position, StoreError};
use entente_tests::engines::{Engine, Home, open};
use entente_tests::{entries, laws};

/// Version 0 of `MessagePosted`, which never was, called the body `words`.
struct WordsBecomeBody;

impl EventUpcaster for WordsBecomeBody {
    fn can_upcast(&self, event_type: &str, event_version: &str) -> bool {
        (event_type, event_version) == ("MessagePosted", "0")
    }

    fn upcast(&self, mut event: SerializedEvent) -> SerializedEvent {
        let message = event.payload["event"]["MessagePosted"].as_object_mut().unwrap();
        let words = message.remove("words").unwrap();
        message.insert("body".to_owned(), words);
        event.event_version = "1".to_owned();
        event
    }
}

async fn an_event_of_an_earlier_version_is_read_as_todays(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let said = vec![entries::registered(), entries::message("in the old days"), entries::message("today")];
    entries::must_append(&store, entries::append(case, 0, said.clone())).await;
    let folded = store.fold(case).await.unwrap();
    let payload = match home.engine() {
        Engine::Postgres => r#"replace(payload::text, '"body"', '"words"')::json"#,
        Engine::Sqlite => r#"replace(payload, '"body"', '"words"')"#,
    };
    home.raw().await.tamper(&format!("UPDATE events SET event_version = '0', payload = {payload} WHERE pos = 2")).await;

    let without = home.store().await;
    assert!(matches!(without.stream(case).await, Err(StoreError::Corrupt { position: 2, .. })));

    let with = open(&home.settings().with_upcasters(vec![Box::new(WordsBecomeBody)])).await.unwrap();
    let stream = with.stream(case).await.unwrap();
    assert_eq!(with.page(Position(0), 10).await.unwrap(), stream);
    let opened = with.unseal(stream).await.unwrap();
    assert_eq!(opened.into_iter().map(|recorded| recorded.entry).collect::<Vec<_>>(), said);
    let again = with.fold(case).await.unwrap();
    assert_eq!((again.version, again.state), (folded.version, folded.state));
}

laws!(an_event_of_an_earlier_version_is_read_as_todays);
