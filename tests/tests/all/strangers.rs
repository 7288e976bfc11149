//! A stranger on every route: the same bytes as for a case that was never opened.

use axum::http::Method;
use entente_tests::story::{Table, registration, right_answers};
use entente_tests::world::{Reply, World};
use serde_json::{Value, json};

/// Every path and method of the API's own description.
fn routes() -> Vec<(Method, String)> {
    let description: Value = serde_json::from_str(&entente_web::openapi().to_json().unwrap()).unwrap();
    let mut routes = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            if let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes())
                && [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH].contains(&method)
            {
                routes.push((method, path.clone()));
            }
        }
    }
    routes
}

fn bodies() -> Vec<Option<Value>> {
    vec![
        None,
        Some(json!({})),
        Some(json!({"nonsense": true})),
        Some(json!({"audience": "joint"})),
        Some(json!({"discussion": "00000000-0000-4000-8000-000000000000", "body": "hello"})),
        Some(right_answers()),
        Some(registration()),
    ]
}

fn without_date(mut reply: Reply) -> Reply {
    reply.headers.remove("date");
    reply
}

#[tokio::test]
async fn a_stranger_gets_the_same_bytes_on_every_route_as_for_no_case_at_all() {
    let table = Table::open(World::new().await).await;
    let item = table.say(&table.claimant, "joint", "hello").await;
    let case = table.path.rsplit('/').next().unwrap().to_owned();
    let nowhere = "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111";
    let mut tried = 0;
    for (method, template) in routes().into_iter().filter(|(_, path)| path.contains("{case}")) {
        for body in bodies() {
            let fill = |case: &str| {
                let person = table.respondent.person.to_string();
                template.replace("{case}", case).replace("{item}", &item).replace("{person}", &person)
            };
            let hand = &table.stranger;
            let real = table.world.ask(hand, method.clone(), &fill(&case), body.as_ref(), Some("k")).await;
            let none = table.world.ask(hand, method.clone(), &fill(nowhere), body.as_ref(), Some("k")).await;
            assert!([403, 404].contains(&real.status.as_u16()), "{method} {template}: {}", real.text());
            assert_eq!(without_date(real), without_date(none), "{method} {template} {body:?}");
            tried += 1;
        }
    }
    assert!(tried > 200, "only {tried} requests: the description has lost its routes");
}

#[tokio::test]
async fn an_item_that_is_hidden_and_one_that_never_was_are_answered_alike() {
    let table = Table::open(World::new().await).await;
    let hidden = table.say(&table.respondent, "respondent_caucus", "4,000").await;
    let never = "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111";
    let mut tried = 0;
    for (method, template) in routes().into_iter().filter(|(_, path)| path.contains("{item}")) {
        for body in bodies() {
            let path =
                |item: &str| template.replace("{case}", table.path.rsplit('/').next().unwrap()).replace("{item}", item);
            let real = table.world.ask(&table.claimant, method.clone(), &path(&hidden), body.as_ref(), None).await;
            let none = table.world.ask(&table.claimant, method.clone(), &path(never), body.as_ref(), None).await;
            assert_eq!(without_date(real), without_date(none), "{method} {template} {body:?}");
            tried += 1;
        }
    }
    assert!(tried > 30);
}

#[tokio::test]
async fn a_discussion_that_is_hidden_and_one_that_never_was_are_answered_alike() {
    let table = Table::open(World::new().await).await;
    let hidden = table.discussion(&table.respondent, "respondent_caucus").await;
    let post = |discussion: String| json!({"discussion": discussion, "body": "hello"});
    let real = table.ask(&table.claimant, "messages", post(hidden)).await;
    let none = table.ask(&table.claimant, "messages", post("5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111".into())).await;
    assert_eq!(real.problem(), (404, "not-found".to_owned()));
    assert_eq!(without_date(real), without_date(none));
}

/// Plays the same story in two worlds that differ in one hidden act, and compares all that the other side can read.
#[tokio::test]
async fn one_hidden_act_more_changes_no_byte_on_the_other_side() {
    let mut seen = Vec::new();
    for with_secret in [false, true] {
        let table = Table::open(World::new().await).await;
        let item = table.say(&table.claimant, "joint", "before").await;
        if with_secret {
            let secret = table.say(&table.claimant, "claimant_caucus", "our floor is 3,000").await;
            table.ask(&table.mediator, &format!("items/{secret}/opening"), json!({})).await.ok();
            let drafts = json!({"audience": "claimant_workspace", "name": "drafts"});
            table.ask(&table.claimant, "discussions", drafts).await.ok();
            table.say(&table.claimant, "claimant_workspace", "do not say 3,000").await;
        }
        // What comes after the secret must not show that it was there either.
        table.say(&table.claimant, "joint", "after").await;
        table.world.settle().await;
        let mut replies = Vec::new();
        for hand in [&table.respondent, &table.staff, &table.stranger] {
            // A stream of changes does not end by itself; it is listened to elsewhere.
            let ends = |path: &str| !path.ends_with("/changes");
            for (_, template) in routes().into_iter().filter(|(method, path)| *method == Method::GET && ends(path)) {
                let path = template.replace("{case}", table.path.rsplit('/').next().unwrap()).replace("{item}", &item);
                replies.push((template, without_date(table.world.read(hand, &path).await)));
            }
        }
        seen.push(replies);
    }
    let (without, with) = (&seen[0], &seen[1]);
    assert!(without.len() > 24);
    for (one, other) in without.iter().zip(with) {
        assert_eq!(one, other, "{}", one.0);
    }
}

#[tokio::test]
async fn no_id_on_a_page_can_be_matched_against_guesses_of_a_key() {
    let table = Table::open(World::new().await).await;
    let joint = table.discussion(&table.claimant, "joint").await;
    let path = format!("{}/messages", table.path);
    for key in ["1", "2", "3"] {
        let body = json!({"discussion": joint, "body": format!("number {key}")});
        table.world.ask(&table.claimant, Method::POST, &path, Some(&body), Some(key)).await.ok();
    }
    let page = table.page(&table.respondent).await.to_string();
    for key in ["1", "2", "3"] {
        // What anybody can compute who knows the author's id and guesses the key.
        let guessed = uuid::Uuid::new_v5(&table.claimant.person.0, key.as_bytes());
        let item = uuid::Uuid::new_v5(&guessed, b"item");
        assert!(!page.contains(&item.to_string()));
    }
}

#[tokio::test]
async fn nobody_audits_a_case_of_their_own() {
    let table = Table::open(World::new().await).await;
    let both = [entente_application::ports::Role::Party, entente_application::ports::Role::Auditor];
    let respondent = table.world.hand_again("r1", "second token", &both).await;
    let path = format!("{}/history", table.path);
    assert_eq!(table.world.read(&respondent, &path).await.problem(), (404, "not-found".to_owned()));
    assert!(table.world.read(&table.auditor, &path).await.status.is_success());
}

/// A refusal that only comes when the other camp is busy would tell that it is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_caucus_is_not_felt_in_the_joint_session() {
    let table = std::sync::Arc::new(Table::open(World::new().await).await);
    let caucus = table.discussion(&table.claimant, "claimant_caucus").await;
    let whispers: Vec<_> = (0..24)
        .map(|writer| {
            let (table, caucus) = (table.clone(), caucus.clone());
            tokio::spawn(async move {
                for number in 0..10 {
                    let body = json!({"discussion": caucus, "body": format!("{writer}: {number}")});
                    table.ask(&table.claimant, "messages", body).await.ok();
                }
            })
        })
        .collect();
    for number in 0..20 {
        table.say(&table.respondent, "joint", &format!("offer {number}")).await;
    }
    for whisper in whispers {
        whisper.await.unwrap();
    }
}
