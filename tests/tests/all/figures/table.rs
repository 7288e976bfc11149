//! The facts as a table: rows survive the database and erasure, hold no content and no names, and analysts read them and nothing else.

use entente_application::ports::{Change, Facts as _, Position, Views as _};
use entente_application::{check, follow};
use entente_projections::facts::{self, Fact};
use entente_projections::figures::{Code, Scope, Standing};
use entente_tests::engines::{Engine, Home};
use entente_tests::invented::Invented;
use entente_tests::laws;
use entente_tests::story::Table;
use entente_tests::world::World;
use serde_json::json;
use sqlx::{Connection as _, PgConnection, Row as _};

use super::question;

async fn rows_come_back_as_they_were_written_page_by_page(home: Home) {
    let store = home.store().await;
    let mut facts: Vec<Fact> = Invented { cases: 1_300, ..Invented::default() }.facts().collect();
    facts.sort_by_key(|fact| fact.pseudonym);
    let build = store.begin(facts::NAME, 1).await.unwrap();
    // First as they were early on, then as they are.
    let early = facts.iter().filter_map(|fact| fact.clone().as_of(40_000_000));
    for (from, batch) in [(0, early.collect::<Vec<_>>()), (1, facts.clone())] {
        let changes: Vec<Change> = batch.into_iter().map(Box::new).map(Change::Fact).collect();
        assert!(store.advance(&build, Position(from), Position(from + 1), &changes).await.unwrap());
    }
    assert!(store.facts(None, 10).await.unwrap().is_empty(), "a build that is not live is not read");
    store.switch(&build).await.unwrap();
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = store.facts(after, 400).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.pseudonym);
        read.extend(page);
    }
    assert_eq!(read, facts);
    assert_eq!(store.dump(&build).await.unwrap().len(), facts.len());
}

laws!(rows_come_back_as_they_were_written_page_by_page);

/// A case that has come to everything that facts tell.
async fn busy_table() -> Table {
    let table = Table::open(World::new().await).await;
    table.say(&table.claimant, "joint", "our words").await;
    table.say(&table.respondent, "respondent_caucus", "their words").await;
    table.ask(&table.mediator, "channel", json!({"channel": "telephone"})).await.ok();
    table.ask(&table.claimant, "withdrawal", json!({})).await.ok();
    table.world.settle().await;
    table
}

async fn the_one_fact(table: &Table) -> Fact {
    let mut found = table.world.centre.facts.facts(None, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test]
async fn a_case_is_a_row_of_dates_under_an_id_that_nobody_at_the_table_knows() {
    let table = busy_table().await;
    let fact = the_one_fact(&table).await;
    let case = table.path.rsplit('/').next().unwrap();
    let told = serde_json::to_string(&fact).unwrap();
    assert!(!told.contains(case) && !told.contains("words") && !told.contains("Hanbit"), "{told}");
    for hand in [&table.claimant, &table.respondent, &table.mediator, &table.staff] {
        assert!(!told.contains(&hand.person.to_string()), "a person is named");
        assert!(!table.page(hand).await.to_string().contains(&fact.pseudonym.to_string()));
    }
    let milestones = [fact.qualified, fact.invited, fact.consented, fact.appointed, fact.closed];
    assert!(milestones.iter().all(Option::is_some), "{fact:?}");
    assert!(fact.claimant_item.is_some() && fact.respondent_item.is_some() && fact.left_online().is_some());
    let asked = question(Scope::All, 1_000_000_000);
    assert!(matches!(asked.standing(Code::W1, &fact), Standing::Counted { hit: true, .. }));
    assert!(matches!(asked.standing(Code::H1, &fact), Standing::Counted { hit: false, .. }));
}

#[tokio::test]
async fn erasure_changes_no_fact() {
    let table = busy_table().await;
    let before = the_one_fact(&table).await;
    let second = table.world.hand("second desk", &[entente_application::ports::Role::Centre]).await;
    let proposed = json!({"what": "case", "ground": "court_order"});
    table.ask(&table.staff, "erasures", proposed).await.ok();
    table.ask(&second, "erasures/approval", json!({"what": "case"})).await.ok();
    table.world.settle().await;
    assert_eq!(the_one_fact(&table).await, before);
    let compared = check::compare(&table.world.centre, follow::Projection::Facts).await.unwrap();
    assert!(compared.agrees() && compared.rows == 1, "a rebuild from the log as it is now: {compared:?}");
}

#[tokio::test]
async fn an_analyst_of_the_database_reads_the_view_and_nothing_else() {
    let home = Home::new(Engine::Postgres);
    let store = home.store().await;
    let build = store.begin(facts::NAME, facts::VERSION).await.unwrap();
    let facts = Invented { cases: 40, ..Invented::default() }.facts();
    let changes: Vec<Change> = facts.map(Box::new).map(Change::Fact).collect();
    assert!(store.advance(&build, Position(0), Position(1), &changes).await.unwrap());
    store.switch(&build).await.unwrap();
    let mut analyst = PgConnection::connect(home.settings().url.as_str()).await.unwrap();
    sqlx::query("SET ROLE entente_analyst").execute(&mut analyst).await.unwrap();
    let row = sqlx::query("SELECT count(*), count(closed), min(registered)::text FROM entente_facts.facts");
    let row = row.fetch_one(&mut analyst).await.unwrap();
    assert_eq!(row.get::<i64, _>(0), 40);
    assert!(row.get::<i64, _>(1) > 20 && row.get::<String, _>(2).starts_with("2021"));
    for forbidden in [
        "SELECT count(*) FROM events",
        "SELECT count(*) FROM fact_row",
        "SELECT count(*) FROM seated_row",
        "SELECT count(*) FROM release_row",
        "DELETE FROM entente_facts.facts",
        "UPDATE entente_facts.facts SET sector = 'other'",
        "SELECT count(*) FROM entente_keys.case_key",
    ] {
        let refused = sqlx::query(forbidden).fetch_all(&mut analyst).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("permission denied")), "{forbidden}");
    }
    let columns = sqlx::query("SELECT column_name FROM information_schema.columns WHERE table_name = 'facts'");
    let names: Vec<String> = columns.fetch_all(&mut analyst).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(
        names.len() == 31 && !names.iter().any(|name| name.contains("mediator") || name.contains("person")),
        "{names:?}"
    );
}
