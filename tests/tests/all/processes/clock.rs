//! The clock: months pass in milliseconds, and what is due happens once.

use entente_application::ports::Periods;
use entente_domain::CaseId;
use entente_domain::state::Due;
use entente_tests::raw::Raw;
use jiff::SignedDuration;
use serde_json::json;

use super::*;

fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

/// The names of a case's events.
async fn happened(table: &Table) -> Vec<String> {
    let stream = table.world.centre.log.stream(case(table)).await.unwrap();
    stream.iter().map(|line| line.entry.event.kind().name().to_owned()).collect()
}

fn case(table: &Table) -> CaseId {
    CaseId(table.path.rsplit('/').next().unwrap().parse().unwrap())
}

async fn count(table: &Table, kind: &str) -> usize {
    happened(table).await.iter().filter(|happened| *happened == kind).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overdue_appointment_is_missed_once_and_never_closes_the_case() {
    let (world, pillar) = world().await;
    let table = Table::registered(world).await;
    table.pass().await;
    table.invite().await;
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    let mut office = Office::of(table, pillar).await;
    office.after(SignedDuration::from_secs(48 * 3_600 - 1)).await;
    assert_eq!(count(&office.table, "AppointmentDeadlineMissed").await, 0, "a second before");
    for _ in 0..3 {
        office.after(SignedDuration::from_secs(1)).await;
        assert_eq!(count(&office.table, "AppointmentDeadlineMissed").await, 1);
    }
    office.after(hours(24 * 40)).await;
    assert_eq!(count(&office.table, "CaseClosed").await, 0);
    let list = office.table.world.read(&office.table.staff, "/api/deadlines?state=missed").await.ok();
    let entry = &list["items"][0];
    assert_eq!((&entry["kind"], &entry["ended"]), (&json!("appointment"), &json!(null)));
    assert!(entry["late_seconds"].as_i64().unwrap() >= 40 * 24 * 3_600, "{entry}");
    office.table.appoint(&office.table.mediator, "Marguerite Ollier").await.ok();
    office.program.work().await;
    let list = office.table.world.read(&office.table.staff, "/api/deadlines?state=missed").await.ok();
    assert!(list["items"][0]["ended"].is_string(), "it stays on the list, with its end: {list}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_life_passes_by_the_clock_alone() {
    let mut office = Office::open().await;
    office.program.work().await;
    office.after(hours(24 * 75)).await;
    assert_eq!(count(&office.table, "TermExpired").await, 1);
    assert_eq!(count(&office.table, "CaseClosed").await, 1);
    office.after(hours(24 * 366 * 5 + 24 * 10)).await;
    assert_eq!(count(&office.table, "ErasureProposed").await, 1, "the clock proposes, and erases nothing");
    assert_eq!(count(&office.table, "CaseErased").await, 0);
    office.after(hours(24)).await;
    assert_eq!(count(&office.table, "ErasureProposed").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_lapses_at_the_midnight_of_paris_and_not_before() {
    let (world, pillar) = world().await;
    let table = Table::registered(world).await;
    table.pass().await;
    table.invite().await;
    let mut office = Office::of(table, pillar).await;
    office.program.work().await;
    let due = office.table.world.read(&office.table.staff, "/api/deadlines?until=2099-01-01T00:00:00Z").await.ok();
    let entry = due["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "consent").unwrap().clone();
    let at: jiff::Timestamp = entry["due"].as_str().unwrap().parse().unwrap();
    office.table.world.clock.set(at - SignedDuration::from_micros(1));
    office.program.work().await;
    assert_eq!(count(&office.table, "InvitationLapsed").await, 0);
    office.table.world.clock.set(at);
    office.program.work().await;
    assert_eq!(count(&office.table, "InvitationLapsed").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_put_back_an_hour_does_nothing_twice_and_stops_nobody() {
    let mut office = Office::open().await;
    office.program.work().await;
    office.table.say(&office.table.claimant, "joint", "before the change").await;
    office.table.world.clock.advance(-hours(1));
    // Another program, on a database whose clock was put back with it: the lease of the first ends impossibly late.
    let raw = Raw::of_file(&office.table.world.settings().url).await;
    raw.execute(&format!("UPDATE process SET until = until + {}", hours(1).as_micros())).await;
    let mut other = Program::new(&office.table.world.centre, 2);
    let turn = other.alerts.catch_up().await.unwrap();
    assert!(turn.read > 0, "nobody waits an hour for a lease: {turn:?}");
    office.after(hours(24 * 80)).await;
    other.work().await;
    assert_eq!(count(&office.table, "TermExpired").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_of_periods_is_what_the_cases_say() {
    let mut office = Office::open().await;
    office.program.work().await;
    let centre = &office.table.world.centre;
    let far = "2100-01-01T00:00:00Z".parse().unwrap();
    let listed = centre.processes.periods(Periods::Due { until: far, now: centre.now() }, None, 100).await.unwrap();
    let folded = centre.log.fold_now(case(&office.table)).await.unwrap();
    let mut said: Vec<_> = folded.state.deadlines().iter().map(|running| (running.due, running.kind)).collect();
    said.retain(|(_, kind)| *kind != Due::Signature);
    said.sort();
    let mut kept: Vec<_> = listed.iter().map(|period| (period.running.due, period.running.kind)).collect();
    kept.sort();
    assert_eq!(kept, said);
    assert!(kept.iter().any(|(_, kind)| *kind == Due::Term));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_to_nothing_once_is_done_when_it_can_be() {
    let mut office = Office::open().await;
    office.program.work().await;
    office.after(hours(24 * 75)).await;
    let what = json!({"what": "case", "ground": "persons_request"});
    office.table.ask(&office.table.staff, "erasures", what.clone()).await.ok();
    office.after(hours(24 * 366 * 5 + 24 * 10)).await;
    assert_eq!(count(&office.table, "ErasureProposed").await, 1, "it is proposed already");
    office.table.ask(&office.table.staff, "erasures/withdrawal", json!({"what": "case"})).await.ok();
    office.after(hours(1)).await;
    assert_eq!(count(&office.table, "ErasureProposed").await, 2, "and now by the clock");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_done_in_time_is_not_said_to_be_late_however_late_the_log_is_read() {
    let (world, pillar) = world().await;
    let table = Table::registered(world).await;
    table.pass().await;
    table.invite().await;
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    table.world.clock.advance(hours(1));
    table.appoint(&table.mediator, "Marguerite Ollier").await.ok();
    table.world.clock.advance(hours(72));
    table.say(&table.claimant, "joint", "long after").await;
    let mut office = Office::of(table, pillar).await;
    office.program.work().await;
    let list = office.table.world.read(&office.table.staff, "/api/deadlines?state=missed").await.ok();
    assert_eq!(list["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_time_in_a_zone_that_is_none_is_no_time() {
    let office = Office::open().await;
    for until in
        ["2026-05-04T00:00:00[Mars/Olympus]", "2026-05-04T00:00:00", "2026-05-04", "tomorrow", "2026-02-30T00:00:00Z"]
    {
        let until = until.replace('[', "%5B").replace(']', "%5D");
        let asked = office.table.world.read(&office.table.staff, &format!("/api/deadlines?until={until}")).await;
        assert_eq!(asked.problem(), (400, "bad-query".to_owned()), "{until}");
    }
}
