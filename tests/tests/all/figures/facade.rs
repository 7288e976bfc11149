//! The figures over HTTP: published once, the same for ever, and kept by whoever asks as of a position.

use axum::body::Body;
use axum::http::Request;
use entente_application::CentreError;
use entente_application::ports::{Releases as _, Role};
use entente_application::queries::AsOf;
use entente_projections::figures::Scope;
use entente_tests::story::Table;
use entente_tests::world::{Hand, Reply, World};
use jiff::SignedDuration;
use serde_json::json;

async fn with_tag(table: &Table, hand: &Hand, path: &str, tag: &str) -> Reply {
    let request =
        Request::get(path).header("authorization", format!("Bearer {}", hand.token)).header("if-none-match", tag);
    table.world.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn what_is_asked_as_of_a_position_is_kept_for_ever_and_the_newest_is_asked_for_again() {
    let table = Table::open(World::new().await).await;
    table.world.settle().await;
    let newest = table.world.read(&table.analyst, "/api/figures").await;
    assert_eq!(newest.headers["cache-control"], "private, no-cache");
    assert_eq!(newest.headers["vary"], "authorization");
    let place = newest.headers["content-location"].to_str().unwrap().to_owned();
    let position = newest.ok()["as_of"]["position"].as_u64().unwrap();
    assert_eq!(place, format!("/api/figures?as_of={position}"));
    table.say(&table.claimant, "joint", "the log goes on").await;
    table.world.settle().await;
    let kept = table.world.read(&table.analyst, &place).await;
    assert_eq!(kept.headers["cache-control"], "private, max-age=31536000, immutable");
    assert_eq!((&kept.body, &kept.headers["etag"]), (&newest.body, &newest.headers["etag"]));
    let tag = kept.headers["etag"].to_str().unwrap();
    let known = with_tag(&table, &table.analyst, &place, tag).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
    assert_eq!(with_tag(&table, &table.analyst, &place, "\"another\"").await.status.as_u16(), 200);
    // A problem is kept by nobody.
    let problem = table.world.read(&table.analyst, "/api/figures?as_of=999999").await;
    assert_eq!(problem.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn asking_is_publishing_under_the_asker_s_name() {
    let table = Table::open(World::new().await).await;
    table.world.settle().await;
    table.world.read(&table.analyst, "/api/figures?cohort=2026").await.ok();
    table.world.read(&table.analyst, "/api/figures?cohort=2026").await.ok();
    let released = table.world.store().releases().await.unwrap();
    assert_eq!(released.iter().map(|released| released.by).collect::<Vec<_>>(), [Some(table.analyst.person)]);
}

#[tokio::test]
async fn a_time_means_the_same_position_whatever_is_recorded_later() {
    let table = Table::open(World::new().await).await;
    let centre = &table.world.centre;
    let (time, last) = (centre.now(), centre.log.head().await.unwrap());
    let at = async |time| centre.question(Scope::All, Some(AsOf::Time(time))).await;
    assert!(matches!(at(time).await, Err(CentreError::NotComeYet)), "what is being written now may be of then");
    let mut found = Vec::new();
    for words in ["one", "two", "three"] {
        table.world.clock.advance(SignedDuration::from_mins(5));
        table.say(&table.claimant, "joint", words).await;
        found.push(at(time).await.unwrap());
        found.push(at(time + SignedDuration::from_nanos(300)).await.unwrap());
    }
    assert!(found.iter().all(|asked| *asked == found[0] && asked.as_of.position == last.0), "{found:?}");
}

#[tokio::test]
async fn tables_are_chosen_and_only_analysts_ask() {
    let table = Table::open(World::new().await).await;
    table.world.settle().await;
    let all = table.world.read(&table.analyst, "/api/figures").await.ok();
    let position = all["as_of"]["position"].as_u64().unwrap();
    let total = table.world.read(&table.analyst, &format!("/api/figures?as_of={position}&by=sector")).await.ok();
    assert_eq!(total["tables"][0], all["tables"][0], "the total is always there");
    for hand in [&table.claimant, &table.mediator, &table.staff, &table.auditor] {
        assert_eq!(table.world.read(hand, "/api/figures").await.problem().0, 403);
        let check = "/api/figures/percentage?percentage=85&of=70";
        assert_eq!(table.world.read(hand, check).await.problem().0, 403);
    }
    let both = table.world.hand("desk and desk", &[Role::Centre, Role::Analyst]).await;
    let told = table.world.read(&both, &format!("/api/figures?as_of={position}")).await.ok();
    assert_eq!(told["view"], "released", "no other role sees more here");
}

#[tokio::test]
async fn a_published_percentage_is_checked() {
    let table = Table::open(World::new().await).await;
    let check = async |query: &str| {
        let path = format!("/api/figures/percentage?percentage=85&{query}");
        table.world.read(&table.analyst, &path).await.ok()
    };
    let impossible = check("of=70").await;
    assert_eq!(impossible["given_by"], json!([]));
    assert_eq!(impossible["otherwise"][0], json!({"rounding": "down", "n": 70, "from": 60, "to": 60}));
    assert_eq!(check("of=60").await["given_by"], json!([{"n": 60, "from": 51, "to": 51}]));
    assert_eq!(check("of=60&count=50").await["given_by"], json!([]));
    assert_eq!(check("of=70&rounding=down").await["given_by"], json!([{"n": 70, "from": 60, "to": 60}]));
}
