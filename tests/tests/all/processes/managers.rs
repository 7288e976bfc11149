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
