//! One item, or one person: erased by itself, and nothing with it.

use entente_domain::CaseId;
use entente_tests::entries;
use entente_tests::raw::Raw;
use serde_json::{Value, json};

use super::{erase, opened_anew, table};

fn names(page: &Value) -> Vec<(u64, bool)> {
    let people = page["people"].as_array().unwrap();
    people.iter().map(|held| (held["number"].as_u64().unwrap(), held["name"].is_string())).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_is_erased_and_the_others_are_read_also_by_a_store_that_is_opened_anew() {
    let (table, second) = table().await;
    let erased = table.say(&table.claimant, "joint", "a word too many").await;
    let kept = table.say(&table.respondent, "joint", "a word that stays").await;
    let before = opened_anew(&table).await;
    erase(&table, &second, json!({"item": erased})).await;
    for hand in [&table.claimant, &table.respondent, &table.mediator] {
        let page = table.page(hand).await;
        let items = page["items"].as_array().unwrap();
        let (gone, stays) = (&items[0], &items[1]);
        assert_eq!((&gone["item"], &gone["content"]["body"]), (&json!(erased), &Value::Null));
        assert!(gone["erased"].is_string());
        assert_eq!((&stays["item"], &stays["content"]["body"]), (&json!(kept), &json!("a word that stays")));
    }
    let after = opened_anew(&table).await;
    let closed: Vec<_> = before.iter().filter(|(line, clear)| after[line] != **clear).collect();
    assert_eq!(closed.len(), 1, "one entry more is shut: {closed:?}");
    // What is said afterwards is sealed and read as ever.
    let later = table.say(&table.claimant, "joint", "said later").await;
    let page = table.page(&table.respondent).await;
    assert!(
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["item"] == later && item["content"]["body"] == "said later")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_that_one_cannot_see_is_erased_without_a_trace() {
    let (table, second) = table().await;
    let confided = table.say(&table.claimant, "claimant_caucus", "in confidence").await;
    let before = table.world.read(&table.respondent, &table.path).await;
    erase(&table, &second, json!({"item": confided})).await;
    let after = table.world.read(&table.respondent, &table.path).await;
    assert_eq!((before.text(), before.headers.get("etag")), (after.text(), after.headers.get("etag")));
    assert!(table.page(&table.mediator).await["items"][0]["erased"].is_string());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_becomes_a_number_and_the_others_keep_their_names() {
    let (table, second) = table().await;
    let colleague = table.world.hand("c2", &[entente_application::ports::Role::Party]).await;
    let contact = json!({"person": colleague.person, "name": "Solène Aubry", "email": "solene@tissages.example"});
    table.ask(&table.claimant, "representatives", json!({"contact": contact, "capacity": "counsel"})).await.ok();
    table.take_back(&table.claimant, &format!("representatives/{}", colleague.person)).await.ok();
    assert!(table.world.read(&table.respondent, &table.path).await.text().contains("Solène Aubry"));
    erase(&table, &second, json!({"person": colleague.person})).await;
    for hand in [&table.claimant, &table.respondent, &table.mediator, &table.staff] {
        let read = table.world.read(hand, &table.path).await;
        assert!(!read.text().contains("Aubry") && !read.text().contains("solene@"));
        let people = names(&read.json());
        assert_eq!(people.iter().filter(|(_, named)| !named).collect::<Vec<_>>(), [&(2, false)]);
    }
    let counts = opened_anew(&table).await;
    assert_eq!(counts.values().filter(|clear| **clear > 0).count() + 1, sealed_lines(&counts), "{counts:?}");
}

/// Entries of the story that seal something.
fn sealed_lines(counts: &std::collections::BTreeMap<u64, u32>) -> usize {
    // Registration, answers, invitation, appointment, and the colleague who is gone.
    assert!(counts.len() > 8);
    5
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_goes_with_its_item_unless_a_copy_was_passed_on() {
    let (table, second) = table().await;
    let caucus = table.discussion(&table.claimant, "claimant_caucus").await;
    let words = b"%PDF-1.7\n% what the claimant has\n".to_vec();
    let paper = table.bring(&table.claimant, &caucus, "contract.pdf", &words).await.ok();
    let paper = paper["item"].as_str().unwrap().to_owned();
    let page = table.page(&table.mediator).await;
    let facts = page["items"][0]["content"]["facts"].clone();
    table
        .ask(&table.claimant, &format!("items/{paper}/disclosure-authorisation"), json!({"form": "verbatim"}))
        .await
        .ok();
    let copy =
        table.ask(&table.mediator, &format!("items/{paper}/disclosure"), json!({"content": {"document": facts}})).await;
    let copy = copy.ok()["item"].as_str().unwrap().to_owned();
    let content = |item: &str| format!("{}/items/{item}/content", table.path);
    assert_eq!(table.world.read(&table.respondent, &content(&copy)).await.body, words);
    erase(&table, &second, json!({"item": paper})).await;
    assert_eq!(table.world.read(&table.claimant, &content(&paper)).await.status.as_u16(), 404);
    assert_eq!(table.world.read(&table.respondent, &content(&copy)).await.body, words);
    let centre = &table.world.centre;
    let case = CaseId(table.path.rsplit('/').next().unwrap().parse().unwrap());
    let stored: Vec<_> = centre.vault.objects().await.unwrap().into_iter().map(|(object, _)| object).collect();
    let [object] = stored[..] else { panic!("{stored:?}") };
    let entente_store::Database::Sqlite(sqlite) = table.world.store().database() else { unreachable!() };
    let wrapped = || async {
        let wrapped = "SELECT wrapped FROM document_key WHERE wrapped IS NOT NULL";
        sqlx::query_scalar::<_, Vec<u8>>(wrapped).fetch_all(&sqlite.keys).await.unwrap().len()
    };
    assert!(centre.uploads.key(case, object).await.unwrap().is_some());
    assert_eq!(wrapped().await, 1);
    erase(&table, &second, json!({"item": copy})).await;
    assert_eq!(table.world.read(&table.respondent, &content(&copy)).await.status.as_u16(), 404);
    assert!(centre.vault.objects().await.unwrap().is_empty());
    // A copy of what was stored would open with it.
    assert!(centre.uploads.key(case, object).await.unwrap().is_none());
    assert_eq!(wrapped().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_centre_erases_and_a_hold_stands_in_the_way() {
    let (table, second) = table().await;
    let item = table.say(&table.claimant, "joint", "held").await;
    let what = json!({"what": {"item": item}, "ground": "unlawful"});
    for hand in [&table.claimant, &table.mediator, &table.stranger, &table.auditor] {
        for below in ["erasures", "erasures/approval", "erasures/withdrawal", "holds"] {
            assert_eq!(table.ask(hand, below, what.clone()).await.status.as_u16(), 403, "{below}");
        }
    }
    table.ask(&table.staff, "holds", json!({"ground": "legal_claim"})).await.ok();
    assert_eq!(table.ask(&table.staff, "erasures", what.clone()).await.problem(), (409, "on-hold".to_owned()));
    table.take_back(&table.staff, "holds/legal_claim").await.ok();
    table
        .world
        .ask(&table.staff, axum::http::Method::POST, &format!("{}/erasures", table.path), Some(&what), Some("again"))
        .await
        .ok();
    let approval = json!({"what": {"item": item}});
    let own = table.ask(&table.staff, "erasures/approval", approval.clone()).await;
    assert_eq!(own.problem(), (409, "another-approver".to_owned()));
    let approved = table.ask(&second, "erasures/approval", approval.clone()).await;
    assert_eq!(table.ask(&second, "erasures/approval", approval).await.body, approved.body, "the first answer again");
    for (what, status) in [
        (json!({"what": {"item": "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111"}, "ground": "unlawful"}), 404),
        (json!({"what": {"person": "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111"}, "ground": "unlawful"}), 404),
        (json!({"what": "everything", "ground": "unlawful"}), 422),
        (json!({"what": "case", "ground": "because"}), 422),
        (json!({"what": "case", "ground": "unlawful"}), 409),
        (json!({"what": "case"}), 400),
    ] {
        assert_eq!(table.ask(&table.staff, "erasures", what.clone()).await.status.as_u16(), status, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sealed_with_its_case_by_an_earlier_version_is_not_said_to_be_erased() {
    let (table, second) = table().await;
    let old = table.say(&table.claimant, "joint", "of another time").await;
    let new = table.say(&table.claimant, "joint", "of this time").await;
    // One connection: another would not see at once that the triggers are off.
    let one = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = one.connect(&table.world.settings().url).await.unwrap();
    let (raw, its) = (Raw::Sqlite(pool), format!("WHERE event_type = 'MessagePosted' AND payload LIKE '%{old}%'"));
    let payload = raw.texts(&format!("SELECT payload FROM events {its}")).await.concat();
    let changed = entries::of_the_first_version(&payload);
    raw.tamper(&format!("UPDATE events SET payload = '{changed}' {its}")).await;
    let what = json!({"what": {"item": old}, "ground": "unlawful"});
    let refused = table.ask(&table.staff, "erasures", what.clone()).await;
    assert_eq!(refused.problem(), (409, "sealed-with-its-case".to_owned()));
    let approved = table.ask(&second, "erasures/approval", json!({"what": {"item": old}})).await;
    assert_eq!(approved.problem(), (409, "nothing-proposed".to_owned()));
    erase(&table, &second, json!({"item": new})).await;
}
