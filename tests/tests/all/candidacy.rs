//! Stories of candidates and periods over HTTP: who is asked to mediate reads who is in dispute, and the clock ends what is over.

use entente_application::ports::Role;
use entente_domain::CaseId;
use entente_domain::state::Due;
use entente_tests::story::Table;
use entente_tests::world::{Hand, World};
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Both have consented, and the mediator is asked.
async fn asked() -> Table {
    let table = Table::registered(World::new().await).await;
    table.pass().await;
    table.invite().await;
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    let asked = table.ask(&table.staff, "proposals", whom(&table.mediator)).await.ok();
    assert_eq!(asked["person"], table.mediator.person.to_string());
    table
}

fn whom(hand: &Hand) -> Value {
    json!({"mediator": {"person": hand.person, "name": "Marguerite Ollier", "email": "ollier@cabinet.example"}})
}

fn case(table: &Table) -> CaseId {
    table.path.rsplit('/').next().unwrap().parse().unwrap()
}

async fn candidacy(table: &Table, hand: &Hand) -> (u16, String) {
    let reply = table.world.read(hand, &format!("{}/candidacy", table.path)).await;
    (reply.status.as_u16(), reply.text())
}

#[tokio::test]
async fn a_candidate_checks_for_conflicts_declares_and_is_appointed_by_policy() {
    let table = asked().await;
    let (status, read) = candidacy(&table, &table.mediator).await;
    assert_eq!(status, 200);
    for shown in ["Tissages du Rhône", "Hanbit Precision", "Odile Marchand", "Min-jun Seo", "FR", "KR", "manufacturing"]
    {
        assert!(read.contains(shown), "{shown} in {read}");
    }
    for hidden in ["Forty looms", "odile@", "seo@", "under1m", "ollier@"] {
        assert!(!read.contains(hidden), "{hidden} in {read}");
    }
    // The case itself is no more there than for a stranger.
    let page = table.world.read(&table.mediator, &table.path).await;
    assert_eq!(page.problem(), (404, "not-found".to_owned()));
    assert_eq!(table.world.centre.appoint_who_has_declared(case(&table)).await.unwrap().map(|_| ()), None);
    table.ask(&table.mediator, "declaration", json!({"declaration": "I once taught Ms Marchand."})).await.ok();
    assert!(candidacy(&table, &table.mediator).await.1.contains("I once taught"));
    assert!(table.sees(&table.staff, "I once taught").await);
    for hand in [&table.claimant, &table.respondent] {
        assert!(!table.sees(hand, "I once taught").await);
        assert!(!table.sees(hand, "Ollier").await);
    }
    let appointed = table.world.centre.appoint_who_has_declared(case(&table)).await.unwrap().unwrap();
    assert!(!appointed.happened.is_empty());
    for hand in [&table.claimant, &table.respondent, &table.mediator] {
        assert!(table.sees(hand, "I once taught").await);
        assert!(table.sees(hand, "Marguerite Ollier").await);
    }
    assert_eq!(candidacy(&table, &table.mediator).await.0, 404);
}

#[tokio::test]
async fn nobody_but_the_candidate_knows_of_the_candidacy_and_a_refusal_ends_it() {
    let table = asked().await;
    let nobody = candidacy(&table, &table.stranger).await;
    assert_eq!(nobody.0, 404);
    for hand in [&table.claimant, &table.respondent, &table.staff] {
        assert_eq!(candidacy(&table, hand).await, nobody);
        let declared = table.ask(hand, "declaration", json!({"declaration": "Not mine."})).await;
        assert_eq!(declared.problem(), (404, "not-found".to_owned()));
    }
    let proposed = table.ask(&table.claimant, "proposals", whom(&table.stranger)).await;
    assert_eq!(proposed.status.as_u16(), 403);
    table.ask(&table.mediator, "appointment-refusal", json!({})).await.ok();
    assert_eq!(candidacy(&table, &table.mediator).await, nobody);
    table.ask(&table.staff, "proposals", whom(&table.stranger)).await.ok();
    table.ask(&table.staff, "proposals/withdrawal", json!({})).await.ok();
    assert_eq!(candidacy(&table, &table.stranger).await, nobody);
}

#[tokio::test]
async fn a_challenge_is_told_and_its_ground_is_not_and_the_centre_decides() {
    let table = Table::open(World::new().await).await;
    table.ask(&table.respondent, "challenges", json!({"ground": "They shared an office."})).await.ok();
    for (hand, reads) in
        [(&table.respondent, true), (&table.staff, true), (&table.claimant, false), (&table.mediator, false)]
    {
        assert_eq!(table.page(hand).await["challenges"].as_array().unwrap().len(), 1);
        assert_eq!(table.sees(hand, "shared an office").await, reads);
    }
    table.ask(&table.staff, "challenges/decision", json!({"upheld": true})).await.ok();
    assert_eq!(table.world.read(&table.mediator, &table.path).await.status.as_u16(), 404);
    let successor = table.world.hand("m2", &[Role::Mediator]).await;
    table.ask(&table.staff, "proposals", whom(&successor)).await.ok();
    table.ask(&successor, "declaration", json!({"declaration": "None."})).await.ok();
    let mediator = json!({"mediator": {"person": successor.person, "name": "Inès Roux"}});
    table.ask(&table.staff, "appointment", mediator).await.ok();
    assert_eq!(table.page(&successor).await["seat"], "mediator");
}

#[tokio::test]
async fn one_tick_ends_all_that_is_over_and_the_centre_hears_of_no_draft() {
    let table = Table::open(World::new().await).await;
    let mut drafts = vec![];
    for text in ["Six looms.", "Five looms."] {
        let draft = table.ask(&table.mediator, "settlements", json!({"text": text, "scope": "part"})).await.ok();
        drafts.push(draft["item"].clone());
    }
    table.world.settle().await;
    let caseload = table.world.read(&table.staff, "/api/caseload").await.ok();
    assert_eq!(caseload["items"][0]["due_kind"], "term");
    table.world.clock.advance(SignedDuration::from_hours(24 * 20));
    let ticked = table.world.centre.tick(table.world.centre.now()).await.unwrap();
    assert_eq!(ticked.done, vec![(case(&table), Due::Signature); 2]);
    let page = table.page(&table.claimant).await;
    assert!(page["settlements"].as_array().unwrap().iter().all(|draft| draft["lapsed"] == true));
    assert_eq!(table.world.centre.tick(table.world.centre.now()).await.unwrap().done, vec![]);
    for draft in &drafts {
        assert!(!table.sees(&table.staff, draft.as_str().unwrap()).await);
    }
}
