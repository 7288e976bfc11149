//! Laws of old shapes: an event of an earlier version is read as today's, and never without its upcaster.

use cqrs_es::persist::{EventUpcaster, SerializedEvent};
use entente_application::ports::{CaseLog, Position, StoreError};
use entente_domain::Entry;
use entente_domain::event::CaseEvent;
use entente_tests::engines::{Engine, Home, open};
use entente_tests::{entries, laws};

/// What two events looked like before they said all that they say today: these bytes stay for ever.
const RESTRICTED: &str = include_str!("../../../golden/events/VisibilityRestricted.v1.full.json");
const UNSEATED: &str = include_str!("../../../golden/events/RepresentativeUnseated.v1.full.json");

const APPOINTED: &str = include_str!("../../../golden/events/MediatorAppointed.v1.full.json");

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

/// Puts an event of version 1 into the log, and reads it.
async fn read_again(home: &Home, kind: &str, payload: &str) -> Entry {
    let store = home.store().await;
    let case = entries::case_id();
    let group = vec![entries::registered(), entries::message("to be written over")];
    entries::must_append(&store, entries::append(case, 0, group)).await;
    let sql = format!(
        "UPDATE events SET event_type = '{kind}', event_version = '1', payload = '{}' WHERE pos = 2",
        payload.trim_end()
    );
    home.raw().await.tamper(&sql).await;

    let store = home.store().await;
    let stream = store.stream(case).await.unwrap();
    assert_eq!(store.page(Position(0), 10).await.unwrap(), stream);
    let read = stream[1].entry.clone();
    assert_eq!((read.event.kind().name(), read.event.kind().version()), (kind, "2"));
    read
}

async fn a_restriction_from_before_there_were_alerts_is_read_as_one_after_which_nobody_was_alerted(home: Home) {
    let read = read_again(&home, "VisibilityRestricted", RESTRICTED).await;
    let CaseEvent::VisibilityRestricted(restricted) = &read.event else { panic!("{read:?}") };
    assert!(restricted.alerted_before.is_empty());
    assert_eq!(restricted.seen_before.len(), 2, "what was said is said");
}

async fn who_was_unseated_before_that_had_a_time_of_its_own_left_when_it_was_recorded(home: Home) {
    let read = read_again(&home, "RepresentativeUnseated", UNSEATED).await;
    let CaseEvent::RepresentativeUnseated(unseated) = &read.event else { panic!("{read:?}") };
    assert_eq!(unseated.left, read.at);
}

async fn an_appointment_from_before_candidates_declared_has_its_declaration(home: Home) {
    let read = read_again(&home, "MediatorAppointed", APPOINTED).await;
    let CaseEvent::MediatorAppointed(appointed) = &read.event else { panic!("{read:?}") };
    let declared = appointed.declaration.as_ref().and_then(|declared| declared.clear());
    assert_eq!(declared.map(ToString::to_string).as_deref(), Some("I know neither company."));
}

laws!(
    an_event_of_an_earlier_version_is_read_as_todays,
    a_restriction_from_before_there_were_alerts_is_read_as_one_after_which_nobody_was_alerted,
    an_appointment_from_before_candidates_declared_has_its_declaration,
    who_was_unseated_before_that_had_a_time_of_its_own_left_when_it_was_recorded,
);
