//! Bad input: a problem with a stable type and a sentence, nothing half-done.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use entente_application::ports::{CaseLog, Position};
use entente_tests::story::{Table, registration, right_answers};
use entente_tests::world::{Hand, Reply, World};
use serde_json::{Value, json};

async fn raw(table: &Table, hand: &Hand, below: &str, content_type: Option<&str>, body: impl Into<Body>) -> Reply {
    let mut request =
        Request::post(format!("{}/{below}", table.path)).header("authorization", format!("Bearer {}", hand.token));
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    table.world.send(request.body(body.into()).unwrap()).await
}

async fn head(table: &Table) -> Position {
    table.world.store().head().await.unwrap()
}

#[tokio::test]
async fn what_does_not_parse_is_a_problem_and_changes_nothing() {
    let table = Table::open(World::new().await).await;
    let before = head(&table).await;
    let json = Some("application/json");
    let joint = table.discussion(&table.claimant, "joint").await;
    let tries: Vec<(u16, Reply)> = vec![
        (400, raw(&table, &table.claimant, "messages", json, "{\"discussion\": ").await),
        (400, raw(&table, &table.claimant, "messages", json, "").await),
        (400, raw(&table, &table.claimant, "messages", json, "[]").await),
        (400, raw(&table, &table.claimant, "messages", json, vec![0xff, 0xfe, b'{']).await),
        (400, raw(&table, &table.claimant, "messages", json, "[".repeat(40_000)).await),
        (
            400,
            raw(&table, &table.claimant, "messages", json, format!("{{\"discussion\":\"{joint}\",\"body\":7}}")).await,
        ),
        (
            400,
            raw(
                &table,
                &table.claimant,
                "messages",
                json,
                format!("{{\"discussion\":\"{joint}\",\"body\":\"x\",\"to\":1}}"),
            )
            .await,
        ),
        (400, raw(&table, &table.claimant, "messages", json, format!("{{\"discussion\":\"{joint}\"}}")).await),
        (
            415,
            raw(
                &table,
                &table.claimant,
                "messages",
                Some("text/plain"),
                format!("{{\"discussion\":\"{joint}\",\"body\":\"x\"}}"),
            )
            .await,
        ),
        (
            413,
            raw(&table, &table.claimant, "messages", json, format!("{{\"body\":\"{}\"}}", "x".repeat(1 << 20))).await,
        ),
    ];
    for (index, (status, reply)) in tries.iter().enumerate() {
        assert_eq!(reply.problem().0, *status, "try {index}: {}", reply.text());
    }
    assert_eq!(head(&table).await, before);
}

#[tokio::test]
async fn texts_are_bounded_in_characters_and_must_say_something() {
    let table = Table::open(World::new().await).await;
    let joint = table.discussion(&table.claimant, "joint").await;
    let say = |body: String| json!({"discussion": joint, "body": body});
    for bad in [String::new(), " \n ".into(), "x".repeat(16_001), "a\u{0}b".into()] {
        let (status, _) = table.ask(&table.claimant, "messages", say(bad)).await.problem();
        assert!([422].contains(&status));
    }
    table.ask(&table.claimant, "messages", say("é".repeat(16_000))).await.ok();
}

#[tokio::test]
async fn a_registration_that_the_centre_cannot_take_says_why() {
    let world = World::new().await;
    let hand = world.hand("c1", &[entente_application::ports::Role::Party]).await;
    let with = |pointer: &str, value: Value| {
        let mut body = registration();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let tries = [
        (with("/claimant/country", json!("DE")), 422, "no-french-party"),
        (with("/respondent", json!({"country": "FR", "name": "TISSAGES DU RHÔNE"})), 422, "same-company"),
        (with("/languages", json!([])), 422, "no-language"),
    ];
    for (body, status, code) in tries {
        assert_eq!(world.post(&hand, "/api/cases", body).await.problem(), (status, code.to_owned()));
    }
    for bad in
        [with("/claimant/country", json!("fr")), with("/sector", json!("piracy")), with("/languages", json!("fr"))]
    {
        assert!([400, 422].contains(&world.post(&hand, "/api/cases", bad).await.problem().0));
    }
    assert_eq!(world.store().head().await.unwrap(), Position(0));
}

#[tokio::test]
async fn steps_out_of_order_are_refused_by_name() {
    let table = Table::registered(World::new().await).await;
    let nowhere = json!({"discussion": "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111", "body": "early"});
    assert_eq!(table.ask(&table.claimant, "messages", nowhere).await.problem().1, "not-open");
    let contact = json!({"contact": {"name": "Min-jun Seo"}});
    assert_eq!(table.ask(&table.staff, "invitation", contact).await.problem(), (409, "not-qualified".to_owned()));
    assert_eq!(table.appoint(&table.mediator, "M").await.problem(), (409, "no-consent".to_owned()));
    let old = json!({"version": 0, "answers": {}});
    assert_eq!(table.ask(&table.claimant, "questionnaire-answers", old).await.problem().1, "version-mismatch");
    table.pass().await;
    let itself = json!({"contact": {"person": table.claimant.person, "name": "Odile"}});
    assert_eq!(table.ask(&table.staff, "invitation", itself).await.problem().1, "conflict");
    table.invite().await;
    table.ask(&table.respondent, "consent", json!({})).await.ok();
    let both_sides = json!({"mediator": {"person": table.respondent.person, "name": "Seo"}, "declaration": "None."});
    assert_eq!(table.ask(&table.staff, "appointment", both_sides).await.problem().1, "conflict");
    let undeclared = json!({"mediator": {"person": table.mediator.person, "name": "M"}});
    assert_eq!(table.ask(&table.staff, "appointment", undeclared).await.problem(), (422, "no-declaration".to_owned()));
}

#[tokio::test]
async fn the_same_key_has_one_effect_and_the_same_answer() {
    let table = Table::open(World::new().await).await;
    let joint = table.discussion(&table.claimant, "joint").await;
    let body = json!({"discussion": joint, "body": "once"});
    let path = format!("{}/messages", table.path);
    let post = |body: Value, key: &'static str| {
        let (world, hand, path) = (&table.world, &table.claimant, &path);
        async move { world.ask(hand, Method::POST, path, Some(&body), Some(key)).await }
    };
    let first = post(body.clone(), "k1").await;
    let before = head(&table).await;
    let again = post(body.clone(), "k1").await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(head(&table).await, before);
    let other = post(json!({"discussion": joint, "body": "twice"}), "k1").await;
    assert_eq!(other.problem(), (422, "idempotency-key-reused".to_owned()));
    // Another person's key of the same letters is another key.
    let (world, hand) = (&table.world, &table.respondent);
    let theirs = world.ask(hand, Method::POST, &path, Some(&body), Some("k1")).await.ok();
    assert_ne!(theirs["item"], first.json()["item"]);
    let endless = "k".repeat(300);
    let refused = table.world.ask(&table.claimant, Method::POST, &path, Some(&body), Some(&endless)).await;
    assert_eq!(refused.problem().0, 400);
}

#[tokio::test]
async fn a_repeat_is_answered_even_when_the_case_has_moved_on() {
    let table = Table::open(World::new().await).await;
    let item = table.say(&table.claimant, "joint", "hello").await;
    table.ask(&table.claimant, "withdrawal", json!({})).await.ok();
    assert_eq!(table.say(&table.claimant, "joint", "hello").await, item);
}

#[tokio::test]
async fn two_camps_that_sign_at_the_same_instant_settle_once() {
    for _ in 0..10 {
        let table = Arc::new(Table::open(World::new().await).await);
        let draft =
            table.ask(&table.mediator, "settlements", json!({"text": "Half and half.", "scope": "part"})).await.ok();
        let below = format!("settlements/{}/signature", draft["item"].as_str().unwrap());
        let sign = |claimant: bool| {
            let (table, below, digest) = (table.clone(), below.clone(), draft["digest"].clone());
            tokio::spawn(async move {
                let hand = if claimant { table.claimant.clone() } else { table.respondent.clone() };
                table.ask(&hand, &below, json!({"digest": digest})).await
            })
        };
        let (one, other) = (sign(true), sign(false));
        one.await.unwrap().ok();
        other.await.unwrap().ok();
        let history = table.world.read(&table.auditor, &format!("{}/history", table.path)).await.ok().to_string();
        assert_eq!(history.matches("\"SettlementReached\"").count(), 1);
        assert_eq!(history.matches("\"CaseClosed\"").count(), 1);
        assert_eq!(history.matches("\"SettlementSigned\"").count(), 2);
    }
}

#[tokio::test]
async fn checks_come_in_their_order() {
    let table = Table::open(World::new().await).await;
    let path = format!("{}/messages", table.path);
    let big = "x".repeat(1 << 20);
    let send = |token: Option<&str>, body: String, path: &str| {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        table.world.send(request.body(Body::from(body)).unwrap())
    };
    assert_eq!(send(None, big, &path).await.problem().0, 413);
    assert_eq!(send(None, "{".into(), &path).await.problem().0, 401);
    assert_eq!(send(Some("ent_forged"), "{".into(), &path).await.problem().0, 401);
    assert_eq!(send(Some(&table.analyst.token), "{".into(), &path).await.problem().0, 403);
    assert_eq!(send(Some(&table.stranger.token), "{".into(), &path).await.problem().0, 404);
    assert_eq!(send(Some(&table.claimant.token), "{".into(), &path).await.problem().0, 400);
    let unauthorised = send(None, "{}".into(), &path).await;
    assert_eq!(unauthorised.headers["www-authenticate"], "Bearer");
    assert_eq!(unauthorised.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn unknown_paths_methods_cursors_and_ids_are_problems_too() {
    let table = Table::open(World::new().await).await;
    let hand = &table.claimant;
    assert_eq!(table.world.read(hand, "/api/nowhere").await.problem().0, 404);
    assert_eq!(table.world.read(hand, "/api/cases/not-an-id").await.problem(), (404, "not-found".to_owned()));
    assert_eq!(table.world.read(hand, "/api/cases?after=nonsense").await.problem().0, 400);
    assert_eq!(table.world.read(hand, "/api/cases?limit=0").await.problem().0, 400);
    assert_eq!(table.world.read(hand, "/api/cases?limit=many").await.problem().0, 400);
    assert_eq!(table.world.read(&table.staff, "/api/caseload?phase=lost").await.problem().0, 400);
    let wrong = table.world.ask(hand, Method::PUT, "/api/cases", Some(&json!({})), None).await;
    assert_eq!(wrong.problem().0, 405);
    assert!(wrong.headers.contains_key("allow"));
    for (query, status, code) in [
        ("?as_of=999999", 422, "not-come-yet"),
        ("?as_of=2999-01-01T00:00:00Z", 422, "not-come-yet"),
        ("?period=2999", 422, "not-come-yet"),
        ("?period=2026-03..2026-01", 422, "period-reversed"),
        ("?cohort=2026-13", 400, "bad-query"),
        ("?period=2026&cohort=2026", 400, "bad-query"),
        ("?as_of=yesterday", 400, "bad-query"),
        ("?by=mediator", 422, "unknown-breakdown"),
        ("?per=mediator", 400, "bad-query"),
        ("/percentage?percentage=85&of=0", 422, "percentage-of-nothing"),
        ("/percentage?percentage=85&of=70&count=71", 422, "count-above-total"),
        ("/percentage?percentage=850&of=70", 422, "not-a-percentage"),
        ("/percentage?percentage=85&of=70..40", 400, "bad-query"),
        ("/percentage?percentage=85&of=70&count=-1", 400, "bad-query"),
        ("/percentage?percentage=85", 400, "bad-query"),
    ] {
        let problem = table.world.read(&table.analyst, &format!("/api/figures{query}")).await.problem();
        assert_eq!(problem, (status, code.to_owned()), "{query}");
    }
    let guessed = table.ask(hand, "questionnaire-answers", right_answers()).await;
    assert!(guessed.status.is_success(), "answering again changes nothing: {}", guessed.text());
}

#[tokio::test]
async fn a_precondition_is_held_against_what_the_viewer_sees() {
    let table = Table::open(World::new().await).await;
    let etag = table.world.read(&table.claimant, &table.path).await.headers["etag"].clone();
    table.say(&table.respondent, "respondent_caucus", "hidden").await;
    let unchanged = Request::get(&table.path)
        .header("authorization", format!("Bearer {}", table.claimant.token))
        .header("if-none-match", &etag);
    assert_eq!(table.world.send(unchanged.body(Body::empty()).unwrap()).await.status, 304);
    let withdraw = || {
        Request::post(format!("{}/suspension", table.path))
            .header("authorization", format!("Bearer {}", table.claimant.token))
            .header("content-type", "application/json")
            .header("if-match", &etag)
            .body(Body::from("{}"))
            .unwrap()
    };
    assert!(table.world.send(withdraw()).await.status.is_success(), "what is hidden is no conflict");
    assert_eq!(table.world.send(withdraw()).await.problem().0, 412);
}
