//! Laws of what can be erased alone: not what was sealed before items and persons had keys of their own.

use entente_application::ports::{Shred, Shredder};
use entente_domain::event::CaseEvent;
use entente_domain::{Entry, ItemId, PersonId};
use entente_tests::engines::{Engine, Home};
use entente_tests::{entries, laws};
use uuid::Uuid;

fn item(entry: &Entry) -> ItemId {
    match &entry.event {
        CaseEvent::MessagePosted(event) => event.item,
        other => panic!("{other:?} is no message"),
    }
}

async fn what_was_sealed_with_its_case_does_not_stand_alone(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let group = vec![entries::registered(), entries::message("old"), entries::message("new")];
    let (old, new) = (item(&group[1]), item(&group[2]));
    entries::must_append(&store, entries::append(case, 0, group)).await;
    for item in [old, new] {
        assert!(store.stands_alone(case, Shred::Item(item)).await.unwrap());
    }
    let (column, cast) = if home.engine() == Engine::Postgres { ("payload::text", "::json") } else { ("payload", "") };
    let raw = home.raw().await;
    let payload = raw.texts(&format!("SELECT {column} FROM events WHERE pos = 2")).await.concat();
    let changed = entries::of_the_first_version(&payload);
    raw.tamper(&format!("UPDATE events SET payload = '{changed}'{cast} WHERE pos = 2")).await;
    let anew = home.store().await;
    assert!(!anew.stands_alone(case, Shred::Item(old)).await.unwrap());
    assert!(anew.stands_alone(case, Shred::Item(new)).await.unwrap());
    // What is not there, and the whole case, lose nothing by it.
    for what in [Shred::Item(ItemId(Uuid::new_v4())), Shred::Person(PersonId(Uuid::new_v4())), Shred::Case] {
        assert!(anew.stands_alone(case, what).await.unwrap(), "{what:?}");
    }
    assert!(anew.stands_alone(entries::case_id(), Shred::Item(old)).await.unwrap());
}

laws!(what_was_sealed_with_its_case_does_not_stand_alone);
