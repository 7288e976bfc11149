//! From the roster to the mediator's seat: entered, ranked, proposed, declared, appointed; refused, and the next.

use entente_application::ports::Role;
use entente_domain::CaseId;
use entente_tests::story::registration;
use entente_tests::world::Hand;
use serde_json::{Value, json};

use super::*;

/// A table that waits for its mediator.
async fn waiting() -> (Table, Arc<Pillar>) {
    let (world, pillar) = world().await;
    let table = Table::registered(world).await;
    table.pass().await;
    table.invite().await;
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    (table, pillar)
}

/// The same, accredited for as long as anybody asks.
fn lasting(name: &str) -> Value {
    let mut entry = entry(name);
    entry["accreditations"] = json!([{"by": "CMAP", "from": "2026-01-01"}]);
    entry
}

fn entry(name: &str) -> Value {
    json!({
        "name": name,
        "accreditations": [{"by": "CMAP", "from": "2024-01-01", "to": "2026-03-02"}],
        "languages": ["fr", "en"], "sectors": ["manufacturing"], "available": true, "at_a_time": 2, "conflicts": [],
    })
}

async fn enter(table: &Table, hand: &Hand, entry: Value) -> Value {
    table.world.write(&table.staff, &format!("/api/mediators/{}", hand.person), entry).await.ok()
}

async fn shortlist(table: &Table) -> Value {
    table.world.read(&table.staff, &format!("{}/shortlist", table.path)).await.ok()
}

fn persons(list: &Value) -> Vec<Value> {
    list.as_array().unwrap().iter().map(|line| line["person"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roster_is_ranked_with_reasons_and_keeps_its_history() {
    let (table, _) = waiting().await;
    let second = table.world.hand("m2", &[Role::Mediator]).await;
    enter(&table, &table.mediator, entry("Marguerite Ollier")).await;
    let mut other = entry("Jonas Berg");
    other["sectors"] = json!([]);
    enter(&table, &second, other.clone()).await;
    enter(&table, &table.respondent, entry("Min-jun Seo")).await;
    table.world.settle().await;
    let list = shortlist(&table).await;
    assert_eq!(persons(&list["ranked"]), [json!(table.mediator.person), json!(second.person)], "the last day counts");
    assert_eq!(list["ranked"][0]["reasons"]["knows_the_sector"], true);
    assert_eq!(list["excluded"][0]["reasons"], json!(["at_the_case", "sat_for_a_party"]));
    table.world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(persons(&shortlist(&table).await["ranked"]), [] as [Value; 0], "and the next does not");
    other["accreditations"] = json!([{"by": "CMAP", "from": "2024-01-01"}]);
    other["at_a_time"] = json!(1);
    assert_eq!(enter(&table, &second, other.clone()).await["version"], 2);
    assert_eq!(enter(&table, &second, other).await["version"], 2, "the same again is the same");
    let versions = table.world.read(&table.staff, &format!("/api/mediators/{}/versions", second.person)).await.ok();
    assert_eq!(versions["items"].as_array().unwrap().len(), 2);
    assert_eq!(versions["items"][0]["mediator"]["sectors"], json!([]));
    table.appoint(&second, "Jonas Berg").await.ok();
    table.world.settle().await;
    let excluded = shortlist(&table).await["excluded"].clone();
    let his = excluded.as_array().unwrap().iter().find(|line| line["person"] == json!(second.person)).unwrap();
    assert_eq!(his["reasons"], json!(["full", "at_the_case"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_refuses_is_followed_by_the_next_and_policy_may_appoint_who_declares() {
    let (mut table, pillar) = waiting().await;
    let second = table.world.hand("m2", &[Role::Mediator]).await;
    table.world.set_appointments(entente_application::processes::AppointmentPolicy::FirstDeclared);
    enter(&table, &table.mediator, entry("Marguerite Ollier")).await;
    enter(&table, &second, entry("Jonas Berg")).await;
    let propose = |hand: &Hand, name: &str| {
        let contact = json!({"person": hand.person, "name": name, "email": format!("{}@people.example", hand.person)});
        json!({ "mediator": contact })
    };
    table.ask(&table.staff, "proposals", propose(&table.mediator, "Marguerite Ollier")).await.ok();
    let seen = table.world.read(&table.mediator, &format!("{}/candidacy", table.path)).await.ok().to_string();
    assert!(seen.contains("Tissages") && !seen.contains("looms"), "names, and not what it is about: {seen}");
    assert_eq!(table.world.read(&table.mediator, &table.path).await.status.as_u16(), 404);
    let refusal = format!("{}/appointment-refusal", table.path);
    let refuse = async |key: &str| {
        table.world.ask(&table.mediator, axum::http::Method::POST, &refusal, Some(&json!({})), Some(key)).await
    };
    let refused = refuse("no").await;
    assert!(refused.status.is_success());
    assert_eq!(refuse("no").await.body, refused.body, "sent again, it gets its first answer");
    assert_eq!(refuse("again").await.status.as_u16(), 404, "who has refused is asked no more");
    assert_eq!(persons(&shortlist(&table).await["ranked"]), [json!(second.person)]);
    table.ask(&table.staff, "proposals", propose(&second, "Jonas Berg")).await.ok();
    let mut office = Office::of(table, pillar).await;
    office.after(SignedDuration::from_mins(16)).await;
    let told = office.told();
    assert!(told.contains(&format!("{}@people.example", second.person)), "the candidate is told: {told:?}");
    office.table.ask(&second, "declaration", json!({"declaration": "No ties to either side."})).await.ok();
    let mut appointments = Manager::new(&office.table.world.centre, Process::Appointments, Uuid::from_u128(1));
    assert_eq!(appointments.catch_up().await.unwrap().done, 1);
    assert_eq!(appointments.catch_up().await.unwrap().done, 0);
    let page = office.table.page(&second).await;
    assert_eq!(page["phase"], "open");
    let read = office.table.world.read(&office.table.respondent, &office.table.path).await.text();
    assert!(read.contains("No ties to either side."), "both sides read what was declared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_policy_a_refusal_or_silence_moves_to_the_next_of_the_shortlist_and_by_hand_it_does_not() {
    for by_policy in [true, false] {
        let (mut table, _) = waiting().await;
        if by_policy {
            table.world.set_appointments(entente_application::processes::AppointmentPolicy::FirstDeclared);
        }
        let mut others = Vec::new();
        for name in ["Jonas Berg", "Ines Prado"] {
            let other = table.world.hand(name, &[Role::Mediator]).await;
            enter(&table, &other, lasting(name)).await;
            others.push(other);
        }
        enter(&table, &table.mediator, entry("Marguerite Ollier")).await;
        let mut clock = Manager::new(&table.world.centre, Process::Clock, Uuid::from_u128(1));
        let mut appointments = Manager::new(&table.world.centre, Process::Appointments, Uuid::from_u128(1));
        assert_eq!(appointments.catch_up().await.unwrap().done, 0, "the first is asked by somebody");
        let first = json!({"mediator": {"person": table.mediator.person, "name": "Marguerite Ollier"}});
        table.ask(&table.staff, "proposals", first).await.ok();
        table.ask(&table.mediator, "appointment-refusal", json!({})).await.ok();
        let asked =
            async |hand: &Hand| table.world.read(hand, &format!("{}/candidacy", table.path)).await.status.is_success();
        let next = persons(&shortlist(&table).await["ranked"]);
        assert_eq!(next.len(), 2);
        let is_next = |hand: &&Hand| json!(hand.person) == next[0];
        let (second, third) =
            (others.iter().find(is_next).unwrap(), others.iter().find(|hand| !is_next(hand)).unwrap());
        assert_eq!(appointments.catch_up().await.unwrap().done, u64::from(by_policy));
        assert_eq!((asked(second).await, asked(third).await), (by_policy, false));
        assert_eq!(appointments.catch_up().await.unwrap().done, 0, "once");
        // The second says nothing for a day.
        table.world.clock.advance(SignedDuration::from_hours(25));
        clock.catch_up().await.unwrap();
        assert_eq!(appointments.catch_up().await.unwrap().done, u64::from(by_policy));
        assert_eq!((asked(second).await, asked(third).await), (false, by_policy));
        // Nobody is left.
        if by_policy {
            table.ask(third, "appointment-refusal", json!({})).await.ok();
            assert_eq!(appointments.catch_up().await.unwrap().done, 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_roster_is_the_centres_alone_and_takes_no_nonsense() {
    let (table, _) = waiting().await;
    let path = format!("/api/mediators/{}", table.mediator.person);
    for hand in [&table.claimant, &table.mediator, &table.auditor, &table.analyst, &table.stranger] {
        for path in ["/api/mediators".to_owned(), format!("{path}/versions"), format!("{}/shortlist", table.path)] {
            assert_eq!(table.world.read(hand, &path).await.status.as_u16(), 403, "{path}");
        }
        assert_eq!(table.world.write(hand, &path, entry("Anybody")).await.status.as_u16(), 403);
    }
    // A member of the staff who sits at a case has no list of the centre's on it.
    let both = table.world.hand_again("r1", "ent_r1_staff", &[Role::Centre]).await;
    assert_eq!(table.world.read(&both, &format!("{}/shortlist", table.path)).await.status.as_u16(), 404);
    let mut program = Program::new(&table.world.centre, 1);
    program.work().await;
    let of_others = table.world.read(&both, "/api/deadlines?until=2099-01-01T00:00:00Z").await.ok();
    assert_eq!(of_others["items"], json!([]));
    let of_the_centre = table.world.read(&table.staff, "/api/deadlines?until=2099-01-01T00:00:00Z").await.ok();
    assert_ne!(of_the_centre["items"], json!([]));
    let broken = [
        ("languages", json!([])),
        ("at_a_time", json!(0)),
        ("sectors", json!(["looms"])),
        ("accreditations", json!([{"by": "CMAP", "from": "2026-02-30"}])),
        ("accreditations", json!([{"by": "CMAP", "from": "2026-03-02", "to": "2026-03-01"}])),
        ("name", json!("")),
    ];
    for (field, value) in broken {
        let mut entry = entry("Marguerite Ollier");
        entry[field] = value;
        let refused = table.world.write(&table.staff, &path, entry).await.problem();
        assert!([400, 422].contains(&refused.0), "{field}: {refused:?}");
    }
    assert_eq!(table.world.read(&table.staff, &format!("{path}/versions")).await.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_roster_excludes_by_rule_is_neither_asked_nor_appointed() {
    let (table, _) = waiting().await;
    let day = entente_domain::calendar::paris_date(table.world.centre.now());
    let case = CaseId(table.path.rsplit('/').next().unwrap().parse().unwrap());
    let stream = table.world.centre.log.stream(case).await.unwrap();
    let company = stream.iter().find_map(|line| match &line.entry.event {
        entente_domain::CaseEvent::Registered(event) => Some(event.respondent.id),
        _ => None,
    });
    let accredited = |from: jiff::civil::Date, to: jiff::civil::Date| {
        let mut entry = entry("Marguerite Ollier");
        entry["accreditations"] = json!([{"by": "CMAP", "from": from, "to": to}]);
        entry
    };
    let mut tied = accredited(day, day);
    tied["conflicts"] = json!([company.unwrap()]);
    let (yesterday, tomorrow) = (day.yesterday().unwrap(), day.tomorrow().unwrap());
    let contact = json!({"person": table.mediator.person, "name": "Marguerite Ollier"});
    let proposal = json!({ "mediator": contact });
    let appointment = json!({"mediator": contact, "declaration": "No ties."});
    for (entry, code) in [
        (accredited(yesterday, yesterday), "not-accredited"),
        (accredited(tomorrow, tomorrow), "not-accredited"),
        (tied, "conflict"),
    ] {
        enter(&table, &table.mediator, entry).await;
        for (below, body) in [("proposals", &proposal), ("appointment", &appointment)] {
            let refused = table.ask(&table.staff, below, body.clone()).await.problem();
            assert_eq!(refused, (409, code.to_owned()), "{below}");
        }
    }
    // The last day counts.
    enter(&table, &table.mediator, accredited(yesterday, day)).await;
    table.ask(&table.staff, "proposals", proposal).await.ok();
    table.ask(&table.mediator, "declaration", json!({"declaration": "No ties to either side."})).await.ok();
    // What ended between the declaration and the appointment counts too.
    table.world.clock.advance(SignedDuration::from_hours(24));
    let appoint = json!({ "mediator": contact });
    let refused = table.ask(&table.staff, "appointment", appointment).await.problem();
    assert_eq!(refused, (409, "not-accredited".to_owned()));
    enter(&table, &table.mediator, accredited(day, tomorrow)).await;
    table.ask(&table.staff, "appointment", appoint).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sat_for_a_party_elsewhere_does_not_mediate_for_it() {
    let (mut table, _) = waiting().await;
    let counsel = table.world.hand("c9", &[Role::Party, Role::Mediator]).await;
    enter(&table, &counsel, lasting("Claire Vasseur")).await;
    let contact = json!({"person": counsel.person, "name": "Claire Vasseur"});
    let mut again = registration();
    again["claimant"]["id"] = json!(Uuid::from_u128(77));
    for round in 0..2 {
        let (post, key) = (axum::http::Method::POST, format!("round-{round}"));
        let registered = table.world.ask(&table.claimant, post, "/api/cases", Some(&again), Some(&key)).await.ok();
        table.path = format!("/api/cases/{}", registered["case"].as_str().unwrap());
        table.pass().await;
        table.invite().await;
        table.ask(&table.respondent, "consent", json!({})).await.ok();
        table.world.settle().await;
        let asked = table.ask(&table.staff, "proposals", json!({ "mediator": contact })).await;
        if round == 1 {
            assert_eq!(asked.problem(), (409, "conflict".to_owned()));
            let excluded = shortlist(&table).await["excluded"].clone();
            assert!(excluded.to_string().contains("sat_for_a_party"), "{excluded}");
            break;
        }
        asked.ok();
        table.ask(&table.staff, "proposals/withdrawal", json!({})).await.ok();
        let seat = json!({"contact": contact, "capacity": "counsel"});
        table.ask(&table.claimant, "representatives", seat).await.ok();
    }
}
