//! A manager and its lease: it is kept while the work takes long, given back when the work fails, and not asked for when
//! there is nothing to do.

use std::time::Duration;

use serde_json::json;

use super::*;

/// Long enough for any of these on any machine; what hangs, hangs for ever.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_renewed_beside_the_work_and_not_instead_of_it() {
    let mut office = Office::open().await;
    let at_once = json!({"address": "r1@people.example", "language": "en", "rhythm": "at_once"});
    office.table.world.write(&office.table.respondent, "/api/me/letters", at_once).await.ok();
    for round in 0..40 {
        office.table.say(&office.table.claimant, "joint", &format!("and another thing, {round}")).await;
    }
    // So short that it is renewed all the time, also while the work holds the one turn to write.
    let centre = &office.table.world.centre;
    let term = SignedDuration::from_millis(3);
    let manager = |process| Manager::new(centre, process, Uuid::from_u128(1)).with_term(term);
    office.program = Program { clock: manager(Process::Clock), alerts: manager(Process::Alerts) };
    for _ in 0..20 {
        let worked = tokio::time::timeout(PATIENCE, office.after(SignedDuration::from_mins(16))).await;
        assert!(worked.is_ok(), "it waits for what it holds itself");
    }
    assert!(office.told().contains(&"r1@people.example".to_owned()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_fails_lets_others_take_over_at_once() {
    let mut office = Office::open().await;
    office.program.work().await;
    office.table.say(&office.table.claimant, "joint", "hello").await;
    // Its rows are there, and the table that it writes to next is not.
    let raw = Raw::of_file(&office.table.world.settings().url).await;
    raw.execute("ALTER TABLE letter RENAME TO elsewhere").await;
    office.table.world.clock.advance(SignedDuration::from_mins(16));
    office.program.alerts.catch_up().await.unwrap_err();
    raw.execute("ALTER TABLE elsewhere RENAME TO letter").await;
    let mut other = Program::new(&office.table.world.centre, 2);
    let before = office.told().len();
    office.table.world.clock.advance(SignedDuration::from_mins(16));
    other.work().await;
    assert!(office.told().len() > before, "and what was cut off is done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_manager_does_not_write_and_one_that_resigns_is_followed_at_once() {
    let mut office = Office::open().await;
    office.after(SignedDuration::from_mins(16)).await;
    office.after(SignedDuration::from_mins(16)).await;
    let raw = Raw::of_file(&office.table.world.settings().url).await;
    let until = async || raw.texts("SELECT CAST(until AS TEXT) FROM process ORDER BY name").await;
    let before = until().await;
    for _ in 0..20 {
        office.program.work().await;
    }
    assert_eq!(until().await, before, "twenty turns within half a term ask for no lease");
    let mut other = Program::new(&office.table.world.centre, 2);
    office.table.say(&office.table.claimant, "joint", "hello").await;
    assert_eq!(other.alerts.turn().await.unwrap().read, 0, "the first has it");
    office.program.alerts.resign().await.unwrap();
    assert!(other.alerts.turn().await.unwrap().read > 0);
    assert_eq!(office.program.alerts.turn().await.unwrap().read, 0, "and now it is the other's");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whose_lease_was_taken_meanwhile_sends_nothing_and_reads_on_from_where_the_other_came_to() {
    let mut office = Office::open().await;
    office.after(SignedDuration::from_mins(16)).await;
    office.after(SignedDuration::from_mins(16)).await;
    let before = office.told().len();
    office.table.say(&office.table.claimant, "joint", "hello").await;
    // The first still believes that it holds the lease; the second has taken it, and everything with it.
    let raw = Raw::of_file(&office.table.world.settings().url).await;
    raw.execute("UPDATE process SET until = 1").await;
    let mut other = Program::new(&office.table.world.centre, 2);
    office.table.world.clock.advance(SignedDuration::from_mins(16));
    other.work().await;
    let told = office.told().len();
    assert!(told > before);
    let turn = office.program.alerts.turn().await.unwrap();
    assert_eq!((turn.read, turn.done), (0, 0));
    office.table.say(&office.table.respondent, "joint", "and hello to you").await;
    office.program.alerts.turn().await.unwrap();
    office.table.world.clock.advance(SignedDuration::from_mins(16));
    office.program.alerts.turn().await.unwrap();
    assert_eq!(office.told().len(), told, "fenced off");
    other.work().await;
    assert!(office.told().len() > told);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_cannot_even_give_the_lease_back_waits_for_its_end_like_all_others() {
    let mut office = quiet().await;
    office.table.say(&office.table.claimant, "joint", "hello").await;
    office.program.work().await;
    let (raw, before) = (Raw::of_file(&office.table.world.settings().url).await, office.told().len());
    // The letter is on its way when the database goes away: what became of it is noted nowhere.
    let fence = "SELECT CAST(fence AS TEXT) FROM process WHERE name = 'alerts'";
    let first = raw.texts(fence).await;
    raw.execute("ALTER TABLE process RENAME TO elsewhere").await;
    office.table.world.clock.advance(QUARTER);
    office.program.alerts.catch_up().await.unwrap_err();
    raw.execute("ALTER TABLE elsewhere RENAME TO process").await;
    let turn = office.program.alerts.turn().await.unwrap();
    assert_eq!((turn.read, turn.done, office.told().len()), (0, 0, before));
    raw.execute("UPDATE process SET until = 1").await;
    office.after(QUARTER).await;
    assert!(office.told().len() > before);
    assert_ne!(raw.texts(fence).await, first, "by its number the next holder knows what to take up");
}
