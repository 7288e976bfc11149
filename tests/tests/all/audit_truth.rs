//! The audit tells the truth: over histories made by chance, its answer at every instant is what the API really returned then,
//! and what a naive fold of the raw events says.

use std::collections::{BTreeMap, BTreeSet};

use entente_application::CentreError;
use entente_application::audit::When;
use entente_application::ports::Position;
use entente_application::queries::AsOf;
use entente_domain::event::CaseEvent;
use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, Entry, ItemId, PersonId};
use entente_tests::interference::pairs::plan;
use entente_tests::interference::stage::{CAST, Side, person_of, recast};
use entente_tests::oracle::Model;
use jiff::{SignedDuration, Timestamp};

/// Histories in each run of the tests; `ENTENTE_HISTORIES` asks for more.
const HISTORIES: u64 = 30;

/// What the API returned at an instant: which items each person's page had.
struct Returned {
    at: Timestamp,
    position: Position,
    seen: BTreeMap<PersonId, BTreeSet<ItemId>>,
}

/// Plays the visible half of a pair, and reads everybody's page after each deed.
async fn play(side: &mut Side, number: u64, now: &mut Timestamp) -> Vec<Returned> {
    let plan = plan(number);
    side.begin(number, plan.viewer).await;
    let mut returned = Vec::new();
    for n in 0..plan.deeds() {
        // No two deeds share an instant: what an answer says of one could not be told from what it says of the other.
        *now += SignedDuration::from_mins(plan.minutes(n).max(1));
        side.set(*now, number * 100_000 + u64::try_from(n).unwrap() * 100);
        let (by, ask) = plan.deed(n, &side.state().await, *now);
        side.act(&recast(number, by, &ask), &format!("h{number}s{n}")).await;
        let Some(case) = side.case else { continue };
        let mut seen = BTreeMap::new();
        for person in persons(number) {
            seen.insert(person, page(side, case, person).await);
        }
        let position = side.world.centre.log.head().await.unwrap();
        returned.push(Returned { at: *now, position, seen });
    }
    returned
}

fn persons(number: u64) -> impl Iterator<Item = PersonId> {
    CAST.into_iter().map(move |cast| person_of(number, cast))
}

async fn page(side: &Side, case: CaseId, person: PersonId) -> BTreeSet<ItemId> {
    let reply = side.send(Side::request(&side.hands[&person], "GET", &format!("/api/cases/{case}")), None).await;
    if !reply.status.is_success() {
        return BTreeSet::new();
    }
    let page = reply.json();
    page["items"].as_array().unwrap().iter().map(|item| item["item"].as_str().unwrap().parse().unwrap()).collect()
}

/// What a person could see, as the audit says; none for somebody who never sat at the case.
async fn audited(side: &Side, case: CaseId, person: PersonId, when: When) -> Option<BTreeMap<ItemId, Told>> {
    let mut sights = match side.world.centre.sights(Viewer::Operator, case, person, when).await {
        Ok(sights) => sights,
        // Somebody who never sat at the case.
        Err(CentreError::Refused(_)) => return None,
        Err(error) => panic!("{error}"),
    };
    let mut told = BTreeMap::new();
    while let Some(part) = sights.next().await.unwrap() {
        for sight in part {
            let opened = sight.opened.map(|opened| opened.at);
            let alerted = sight.alerted.map(|alerted| alerted.at);
            told.insert(sight.item, Told { opened, alerted, knew: sight.knew.map(|knew| knew.at) });
        }
    }
    Some(told)
}

/// What the audit says besides that somebody could see an item.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    opened: Option<Timestamp>,
    alerted: Option<Timestamp>,
    knew: Option<Timestamp>,
}

/// The same from the raw events and from what was returned.
fn naive(entries: &[Entry], returned: &[Returned], person: PersonId, item: ItemId, at: Timestamp) -> Told {
    let until = || entries.iter().filter(move |entry| entry.at <= at);
    let opened = until().find(|entry| {
        matches!(&entry.event, CaseEvent::ItemOpened(event) if event.item == item) && entry.by.person() == Some(person)
    });
    let alerted = until().find(
        |entry| matches!(&entry.event, CaseEvent::PersonAlerted(e) if e.person == person && e.items.contains(&item)),
    );
    let made = until().find(|entry| entry.by.person() == Some(person) && makes(&entry.event, item));
    let looked = returned.iter().find(|then| then.at <= at && then.seen[&person].contains(&item)).map(|then| then.at);
    let opened = opened.map(|entry| entry.at);
    let knew = [opened, made.map(|entry| entry.at), looked].into_iter().flatten().min();
    Told { opened, alerted: alerted.map(|entry| entry.at), knew }
}

fn makes(event: &CaseEvent, item: ItemId) -> bool {
    match event {
        CaseEvent::MessagePosted(event) => event.item == item,
        CaseEvent::DocumentSubmitted(event) => event.item == item,
        CaseEvent::SettlementProposed(event) => event.item == item,
        CaseEvent::ItemDisclosed(event) => event.item == item,
        _ => false,
    }
}

/// How many answers were held against the truth.
async fn hold(side: &mut Side, number: u64, now: &mut Timestamp) -> u64 {
    let returned = play(side, number, now).await;
    let Some(case) = side.case else { return 0 };
    side.world.settle().await;
    let entries = side.entries().await;
    let whole = Model::of(&entries);
    let mut held = 0;
    for (n, then) in returned.iter().enumerate() {
        for person in persons(number) {
            let known = Some(AsOf::Position(then.position));
            let as_then = audited(side, case, person, When { at: Some(then.at), known }).await;
            let as_now = audited(side, case, person, When { at: Some(then.at), known: None }).await;
            let seen: BTreeSet<_> = as_then.iter().flat_map(BTreeMap::keys).copied().collect();
            assert_eq!(seen, then.seen[&person], "history {number}, {person:?} at {}, as known then", then.at);
            // The other way to say what was known: by the day.
            let by_time = When { at: Some(then.at), known: Some(AsOf::Time(then.at)) };
            let by_time = audited(side, case, person, by_time).await;
            assert_eq!(by_time, as_then, "history {number}, {person:?} at {}, as known by then", then.at);
            // Between two deeds nothing but time passes, and a window may end.
            let between = then.at + SignedDuration::from_secs(30);
            if n + 1 < returned.len() {
                let as_then = audited(side, case, person, When { at: Some(between), known }).await;
                let seen: BTreeSet<_> = as_then.iter().flat_map(BTreeMap::keys).copied().collect();
                let told: Vec<_> = entries.iter().filter(|entry| entry.at <= then.at).cloned().collect();
                let model = Model::of(&told);
                let could: BTreeSet<_> = model.items().filter(|item| model.could_see(person, *item, between)).collect();
                assert_eq!(seen, could, "history {number}, {person:?} at {between}, as known then");
            }
            let could = whole.items().filter(|item| whole.could_see(person, *item, then.at)).collect::<BTreeSet<_>>();
            let seen: BTreeSet<_> = as_now.iter().flat_map(BTreeMap::keys).copied().collect();
            assert_eq!(seen, could, "history {number}, {person:?} at {}, as known now", then.at);
            for (item, told) in as_now.into_iter().flatten() {
                let truth = naive(&entries, &returned[..=n], person, item, then.at);
                assert_eq!(told, truth, "history {number}, {person:?} and {item:?} at {}", then.at);
            }
            held += 4;
        }
    }
    held + agree(side, case, number, &returned).await
}

/// Who could see an item, and what a person could see: two questions, one answer, at the last instant.
async fn agree(side: &Side, case: CaseId, number: u64, returned: &[Returned]) -> u64 {
    let Some(last) = returned.last() else { return 0 };
    let when = When { at: Some(last.at), known: None };
    let mut by_person = BTreeMap::new();
    for person in persons(number) {
        let Ok(mut sights) = side.world.centre.sights(Viewer::Operator, case, person, when).await else { continue };
        while let Some(part) = sights.next().await.unwrap() {
            let told = part
                .into_iter()
                .map(|sight| ((person, sight.item), (sight.ground, sight.since, sight.opened_position)));
            by_person.extend(told);
        }
    }
    let mut by_item = BTreeMap::new();
    for item in side.state().await.items.into_keys() {
        let readers = side.world.centre.readers(Viewer::Operator, case, item, when).await.unwrap();
        for reader in readers.persons.into_iter().filter(|reader| reader.could_see) {
            let told = (reader.ground, reader.since.unwrap(), reader.opened_position.unwrap());
            by_item.insert((reader.person, item), told);
        }
    }
    assert_eq!(by_item, by_person, "history {number}");
    by_item.len() as u64
}

#[test]
#[expect(clippy::print_stdout, reason = "figures to watch, shown by `cargo test -- --nocapture`")]
fn the_audits_answer_is_what_was_returned_and_what_the_events_say() {
    let wanted = std::env::var("ENTENTE_HISTORIES").ok().map_or(HISTORIES, |histories| histories.parse().unwrap());
    let next = std::sync::atomic::AtomicU64::new(0);
    let held = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let mut now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
                    let mut side = Side::new().await;
                    loop {
                        let number = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        if number >= wanted {
                            return;
                        }
                        if number.is_multiple_of(50) {
                            side = Side::new().await;
                        }
                        let answers = hold(&mut side, number, &mut now).await;
                        held.fetch_add(answers, std::sync::atomic::Ordering::Relaxed);
                    }
                });
            });
        }
    });
    let held = held.into_inner();
    println!("{wanted} histories, {held} answers held against the API's and the events'");
    assert!(held > wanted * 100, "{held}");
}
