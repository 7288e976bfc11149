//! Stories: what people do at the table, through HTTP, as the business tells them.

use axum::http::StatusCode;
use entente_application::ports::Role;
use entente_projections::figures::{Code, Scope};
use entente_tests::story::Table;
use entente_tests::world::World;
use jiff::SignedDuration;
use serde_json::json;

#[tokio::test]
async fn from_registration_to_a_settlement_signed_by_both() {
    let table = Table::registered(World::new().await).await;
    let wrong = json!({"version": 1, "answers": {"voluntary": "a"}});
    let failed = table.ask(&table.claimant, "questionnaire-answers", wrong).await.ok();
    assert_eq!(failed["passed"], false);
    assert_eq!(failed["guidance"].as_array().unwrap().len(), 5);
    table.pass().await;
    table.invite().await;
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    table.appoint(&table.mediator, "Marguerite Ollier").await.ok();
    table.say(&table.claimant, "joint", "We need a price that reflects the delay.").await;
    table.say(&table.respondent, "joint", "We can talk about the next order.").await;
    let draft = json!({"text": "Hanbit credits 40,000 euros against the next order.", "scope": "whole"});
    let draft = table.ask(&table.mediator, "settlements", draft).await.ok();
    let below = format!("settlements/{}/signature", draft["item"].as_str().unwrap());
    let signature = json!({"digest": draft["digest"]});
    table.ask(&table.claimant, &below, signature.clone()).await.ok();
    assert_eq!(table.page(&table.respondent).await["phase"], "open");
    table.ask(&table.respondent, &below, signature).await.ok();
    for hand in [&table.claimant, &table.respondent, &table.mediator, &table.staff] {
        let page = table.page(hand).await;
        assert_eq!((&page["phase"], &page["closing"]["outcome"]), (&json!("closed"), &json!("settled")));
    }
    table.world.settle().await;
    let told = table.world.read(&table.analyst, "/api/figures").await.ok();
    assert_eq!(
        told["tables"][0]["cells"][0]["figures"][0]["suppressed"],
        json!(true),
        "one case is told to no analyst"
    );
    let question = table.world.centre.question(Scope::All, None).await.unwrap();
    let report = table.world.centre.report(question).await.unwrap();
    assert_eq!(report.total(Code::SR1).map(|counted| (counted.k, counted.n)), Some((1, 1)));
}

#[tokio::test]
async fn what_the_respondent_tells_the_mediator_the_claimant_sees_nothing_of() {
    let table = Table::open(World::new().await).await;
    table.say(&table.respondent, "respondent_caucus", "we could take 4,000").await;
    assert!(table.sees(&table.mediator, "4,000").await);
    assert!(!table.sees(&table.claimant, "4,000").await);
    assert!(!table.sees(&table.staff, "4,000").await);
}

#[tokio::test]
async fn a_hidden_item_vanishes_for_the_other_side_and_numbers_close_up() {
    let table = Table::open(World::new().await).await;
    table.say(&table.claimant, "joint", "first").await;
    let hidden = table.say(&table.claimant, "joint", "our cost sheet").await;
    table.say(&table.claimant, "joint", "third").await;
    assert!(table.sees(&table.respondent, "our cost sheet").await);
    let below = format!("items/{hidden}/restriction");
    table.ask(&table.claimant, &below, json!({"audience": "claimant_caucus"})).await.ok();
    let page = table.page(&table.respondent).await;
    let numbers: Vec<_> = page["items"].as_array().unwrap().iter().map(|item| item["no"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(page["discussions"][0]["items"], 2);
    assert!(page["withdrawn_from_view"].as_array().unwrap().is_empty());
    assert!(!page.to_string().contains(&hidden));
    assert!(table.sees(&table.mediator, "our cost sheet").await);
}

#[tokio::test]
async fn who_had_opened_it_keeps_only_the_own_receipt() {
    let table = Table::open(World::new().await).await;
    let item = table.say(&table.claimant, "joint", "our cost sheet").await;
    table.ask(&table.respondent, &format!("items/{item}/opening"), json!({})).await.ok();
    let below = format!("items/{item}/restriction");
    table.ask(&table.claimant, &below, json!({"audience": "claimant_caucus"})).await.ok();
    let page = table.page(&table.respondent).await;
    assert_eq!(page["withdrawn_from_view"][0]["item"], json!(item));
    assert!(!page.to_string().contains("our cost sheet"));
    let author = table.page(&table.claimant).await;
    assert_eq!(author["items"][0]["seen_before"], json!([table.respondent.person]));
    let mediator = table.page(&table.mediator).await;
    assert_eq!(mediator["items"][0]["seen_before"], json!([]));
}

#[tokio::test]
async fn a_confidence_passes_on_only_as_its_confider_allows() {
    let table = Table::open(World::new().await).await;
    let item = table.say(&table.claimant, "claimant_caucus", "we could wait until June").await;
    let disclosure = format!("items/{item}/disclosure");
    let words = json!({"content": {"words": "we could wait until June"}});
    let refused = table.ask(&table.mediator, &disclosure, words.clone()).await.problem();
    assert_eq!(refused, (409, "no-authorisation".to_owned()));
    let allow = format!("items/{item}/disclosure-authorisation");
    table.ask(&table.claimant, &allow, json!({"form": "verbatim"})).await.ok();
    table.take_back(&table.claimant, &allow).await.ok();
    assert_eq!(table.ask(&table.mediator, &disclosure, words.clone()).await.problem().1, "no-authorisation");
    let again = json!({"form": "verbatim"});
    table
        .world
        .ask(&table.claimant, axum::http::Method::POST, &format!("{}/{allow}", table.path), Some(&again), Some("2"))
        .await
        .ok();
    let other = json!({"content": {"words": "we could wait until July"}});
    assert_eq!(table.ask(&table.mediator, &disclosure, other).await.problem().1, "not-as-authorised");
    table.ask(&table.mediator, &disclosure, words).await.ok();
    let page = table.page(&table.respondent).await;
    assert_eq!(page["items"][0]["content"]["body"], "we could wait until June");
    assert_eq!(page["items"][0]["source"], json!(null));
    assert!(!page.to_string().contains(&item));
    assert_eq!(table.page(&table.claimant).await["items"][1]["source"], json!(item));
}

#[tokio::test]
async fn a_successor_reads_a_caucus_only_after_its_camp_has_released_it() {
    let table = Table::open(World::new().await).await;
    table.say(&table.claimant, "claimant_caucus", "our lowest price").await;
    table.say(&table.respondent, "respondent_caucus", "our highest price").await;
    table.ask(&table.mediator, "resignation", json!({})).await.ok();
    assert_eq!(table.world.read(&table.mediator, &table.path).await.problem(), (404, "not-found".to_owned()));
    let successor = table.world.hand("m2", &[Role::Mediator]).await;
    table.appoint(&successor, "Paul Girard").await.ok();
    assert!(!table.sees(&successor, "our lowest price").await);
    table.ask(&table.claimant, "caucus-release", json!({})).await.ok();
    assert!(table.sees(&successor, "our lowest price").await);
    assert!(!table.sees(&successor, "our highest price").await);
    assert!(!table.sees(&table.respondent, "CaucusReleased").await);
}

#[tokio::test]
async fn either_side_withdraws_with_a_reason_for_the_mediator_alone() {
    let table = Table::open(World::new().await).await;
    let reason = json!({"reason": {"readers": "mediator", "text": "We have lost confidence."}});
    table.ask(&table.respondent, "withdrawal", reason).await.ok();
    assert!(table.sees(&table.mediator, "lost confidence").await);
    assert!(!table.sees(&table.claimant, "lost confidence").await);
    assert_eq!(table.page(&table.claimant).await["closing"]["withdrawn_by"], "respondent");
    let late = table.ask(&table.claimant, "suspension", json!({})).await.problem();
    assert_eq!(late, (409, "already-closed".to_owned()));
}

#[tokio::test]
async fn thirty_days_after_closing_each_camp_has_its_own_record_left() {
    let table = Table::open(World::new().await).await;
    table.say(&table.claimant, "joint", "ours").await;
    table.say(&table.respondent, "joint", "theirs").await;
    table.ask(&table.claimant, "withdrawal", json!({})).await.ok();
    assert!(table.sees(&table.claimant, "theirs").await);
    table.world.clock.advance(SignedDuration::from_hours(24 * 40));
    assert!(table.sees(&table.claimant, "ours").await);
    assert!(!table.sees(&table.claimant, "theirs").await);
    assert_eq!(table.world.read(&table.mediator, &table.path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_inbox_shows_what_awaits_a_person_and_forgets_what_was_hidden() {
    let table = Table::open(World::new().await).await;
    let hidden = table.say(&table.claimant, "joint", "one").await;
    let kept = table.say(&table.claimant, "joint", "two").await;
    table.say(&table.claimant, "claimant_caucus", "three").await;
    table
        .ask(&table.claimant, &format!("items/{hidden}/restriction"), json!({"audience": "claimant_workspace"}))
        .await
        .ok();
    // The list is not up to date yet; the live view alone keeps what is hidden out of it.
    table.world.settle().await;
    let inbox = table.world.read(&table.respondent, "/api/inbox").await.ok();
    let items: Vec<_> = inbox["items"].as_array().unwrap().iter().map(|row| row["item"].clone()).collect();
    assert_eq!(items, [json!(kept)]);
    let caseload = table.world.read(&table.staff, "/api/caseload?phase=open").await.ok();
    assert_eq!(caseload["items"].as_array().unwrap().len(), 1);
    let cases = table.world.read(&table.respondent, "/api/cases").await.ok();
    assert_eq!(cases["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_auditor_replays_the_whole_history_and_reads_no_word() {
    let table = Table::open(World::new().await).await;
    table.say(&table.claimant, "claimant_caucus", "a secret number").await;
    let history = table.world.read(&table.auditor, &format!("{}/history", table.path)).await;
    let text = history.ok().to_string();
    assert!(text.contains("MessagePosted") && text.contains("claimant_caucus"));
    assert!(!text.contains("secret") && !text.contains("Tissages") && !text.contains("Odile"));
}

#[tokio::test]
async fn a_mediation_may_leave_the_table_for_the_telephone() {
    let table = Table::open(World::new().await).await;
    table.ask(&table.mediator, "channel", json!({"channel": "telephone"})).await.ok();
    let call = json!({"channel": "telephone", "audience": "respondent_caucus", "began": "2026-03-02T08:00:00Z", "minutes": 20});
    table.ask(&table.mediator, "offline-exchanges", call).await.ok();
    assert_eq!(table.page(&table.claimant).await["channel"], "telephone");
    assert_eq!(table.page(&table.claimant).await["exchanges"], json!([]));
    assert_eq!(table.page(&table.respondent).await["exchanges"][0]["minutes"], 20);
}

/// A list that follows the log is behind for a moment: what was hidden meanwhile is in no row, no gap and no cursor.
#[tokio::test]
async fn an_inbox_whose_index_is_behind_tells_nothing_of_what_was_hidden() {
    let table = Table::open(World::new().await).await;
    let older = table.say(&table.claimant, "joint", "older").await;
    let hidden = table.say(&table.claimant, "joint", "hidden").await;
    table.world.settle().await;
    let below = format!("items/{hidden}/restriction");
    table.ask(&table.claimant, &below, json!({"audience": "claimant_caucus"})).await.ok();
    let inbox = table.world.read(&table.respondent, "/api/inbox?limit=1").await.ok();
    assert_eq!(inbox["items"].as_array().unwrap().len(), 1, "{inbox}");
    assert_eq!((&inbox["items"][0]["item"], &inbox["next"]), (&json!(older), &json!(null)));
}

/// "Three could, one did, for two hours": also when the item was restricted twice, and when the camp says afterwards that
/// the reader had left.
#[tokio::test]
async fn what_a_restriction_came_too_late_for_is_counted_whole() {
    let table = Table::open(World::new().await).await;
    let counsel = table.world.hand("rl", &[Role::Party]).await;
    let seat = json!({"contact": {"person": counsel.person, "name": "Counsel"}, "capacity": "counsel"});
    table.ask(&table.respondent, "representatives", seat).await.ok();
    table.world.clock.advance(SignedDuration::from_hours(1));
    let left = table.world.centre.now();
    table.world.clock.advance(SignedDuration::from_hours(1));
    let item = table.say(&table.claimant, "joint", "our cost sheet").await;
    table.world.clock.advance(SignedDuration::from_hours(1));
    assert!(table.sees(&counsel, "our cost sheet").await);
    table.world.clock.advance(SignedDuration::from_hours(1));
    let restrict = |audience: &str| {
        let (table, below, body) = (&table, format!("items/{item}/restriction"), json!({"audience": audience}));
        async move { table.ask(&table.claimant, &below, body).await.ok() }
    };
    restrict("claimant_caucus").await;
    table.world.clock.advance(SignedDuration::from_hours(1));
    restrict("claimant_workspace").await;
    let gone = format!("{}/representatives/{}", table.path, counsel.person);
    let told = json!({"left": left});
    table.world.ask(&table.respondent, axum::http::Method::DELETE, &gone, Some(&told), Some("late")).await.ok();
    table.world.settle().await;
    let path = format!("{}/audit/items/{item}/exposure", table.path);
    let exposure = table.world.read(&table.auditor, &path).await.ok();
    let restrictions = exposure["restrictions"].as_array().unwrap();
    let counts = |n: usize| ["could", "did", "seconds"].map(|field| restrictions[n][field].as_u64().unwrap());
    // r1 and rl could, rl did, for two hours; then the mediator, who had had it in view for three.
    assert_eq!((counts(0), counts(1)), ([2, 1, 7_200], [1, 0, 10_800]), "{exposure}");
    let audiences = [&restrictions[0]["audience"], &restrictions[1]["audience"]];
    assert_eq!(audiences, [&json!("claimant_caucus"), &json!("claimant_workspace")]);
}
