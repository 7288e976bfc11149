//! Several programs on one store: one works, another takes over, and who was paused does no harm.

use entente_application::ports::{Ending, Errand, Lease, Outgoing, Position, Processes};
use entente_domain::CommandId;
use entente_tests::engines::Home;
use entente_tests::{entries, laws};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

const TERM: SignedDuration = SignedDuration::from_secs(15);

fn holder(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn errand(at: Timestamp) -> Errand {
    Errand { id: CommandId(Uuid::new_v4()), case: entries::case_id(), what: "\"some\"".to_owned(), at }
}

fn plan(errand: &Errand) -> Outgoing {
    Outgoing::Plan { case: errand.case, at: errand.at, errands: vec![errand.clone()] }
}

/// Lets so much of the database's time pass for all leases.
async fn pass(home: &Home, time: SignedDuration) {
    home.raw().await.execute(&format!("UPDATE process SET until = until - {}", time.as_micros())).await;
}

async fn one_holds_a_lease_until_it_ends_or_is_given_back(home: Home) {
    let (store, other) = (home.store().await, home.store().await);
    let first = store.lease("clock", holder(1), TERM).await.unwrap().unwrap();
    assert_eq!(other.lease("clock", holder(2), TERM).await.unwrap(), None);
    assert!(other.lease("alerts", holder(2), TERM).await.unwrap().is_some(), "another's work is another lease");
    pass(&home, TERM / 2).await;
    let renewed = store.lease("clock", holder(1), TERM).await.unwrap().unwrap();
    assert_eq!(renewed, first, "who goes on keeps its number");
    pass(&home, TERM / 2).await;
    assert_eq!(other.lease("clock", holder(2), TERM).await.unwrap(), None, "it was renewed");
    pass(&home, TERM / 2).await;
    let taken = other.lease("clock", holder(2), TERM).await.unwrap().unwrap();
    assert!(taken.fence > first.fence);
    assert_eq!(store.lease("clock", holder(1), TERM).await.unwrap(), None, "a term of its own has begun");
    other.release(&taken).await.unwrap();
    let again = store.lease("clock", holder(1), TERM).await.unwrap().unwrap();
    assert!(again.fence > taken.fence);
    // The database's clock is put back: nobody waits an hour for what ends in a quarter of a minute.
    pass(&home, -SignedDuration::from_hours(1)).await;
    assert!(other.lease("clock", holder(2), TERM).await.unwrap().is_some());
}

async fn whoever_was_paused_writes_nothing_once_another_has_taken_over(home: Home) {
    let (store, other, now) = (home.store().await, home.store().await, entries::instant());
    entries::must_append(&store, entries::append(entries::case_id(), 0, vec![entries::registered()])).await;
    let paused = store.lease("clock", holder(1), TERM).await.unwrap().unwrap();
    let one = errand(now);
    assert!(store.advance(&paused, Position(1), &[plan(&one)]).await.unwrap());
    pass(&home, SignedDuration::from_secs(60)).await;
    let taken = other.lease("clock", holder(2), TERM).await.unwrap().unwrap();
    assert_eq!(taken.position, Position(1), "it goes on where the first had come to");
    let late = Lease { position: Position(1), ..paused };
    let two = errand(now);
    assert!(!store.advance(&late, Position(1), &[plan(&two)]).await.unwrap());
    assert!(!store.end(&late, &[(one.id, Ending::Done)], &[], now).await.unwrap());
    store.release(&late).await.unwrap();
    assert_eq!(store.lease("clock", holder(3), TERM).await.unwrap(), None, "what is not one's own is not given back");
    let waiting = other.waiting("clock", now, 10).await.unwrap();
    assert_eq!(waiting, std::slice::from_ref(&one), "what the paused one wrote late is nowhere, and nothing is lost");
    assert!(other.end(&taken, &[(one.id, Ending::Done)], &[], now).await.unwrap());
    assert!(other.waiting("clock", now, 10).await.unwrap().is_empty());
}

async fn a_plan_replaces_the_one_before_and_what_is_done_stays_done(home: Home) {
    let (store, now) = (home.store().await, entries::instant());
    let lease = store.lease("clock", holder(1), TERM).await.unwrap().unwrap();
    let one = errand(now + SignedDuration::from_secs(5));
    let two = Errand { id: CommandId(Uuid::new_v4()), ..one.clone() };
    assert!(store.advance(&lease, Position(1), &[plan(&one)]).await.unwrap());
    let mut lease = Lease { position: Position(1), ..lease };
    assert!(store.waiting("clock", now, 10).await.unwrap().is_empty(), "its time has not come");
    let soon = now + SignedDuration::from_secs(5);
    assert_eq!(store.waiting("clock", soon, 10).await.unwrap(), std::slice::from_ref(&one));
    assert!(store.advance(&lease, Position(2), &[plan(&two)]).await.unwrap());
    lease.position = Position(2);
    assert_eq!(store.waiting("clock", soon, 10).await.unwrap(), std::slice::from_ref(&two), "the first is called off");
    assert!(store.advance(&lease, Position(3), &[plan(&one)]).await.unwrap());
    lease.position = Position(3);
    assert_eq!(store.waiting("clock", soon, 10).await.unwrap(), std::slice::from_ref(&one), "and is wanted again");
    assert!(store.end(&lease, &[(one.id, Ending::Done)], &[], soon).await.unwrap());
    assert!(store.advance(&lease, Position(4), &[plan(&one)]).await.unwrap());
    assert!(store.waiting("clock", soon, 10).await.unwrap().is_empty(), "once");
    assert!(!store.advance(&lease, Position(5), &[]).await.unwrap(), "from a place where it is not any more");
}

laws!(
    one_holds_a_lease_until_it_ends_or_is_given_back,
    whoever_was_paused_writes_nothing_once_another_has_taken_over,
    a_plan_replaces_the_one_before_and_what_is_done_stays_done,
);
