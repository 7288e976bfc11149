//! What was published stays, and nothing is published beside it that would uncover what neither tells.

use std::sync::Arc;

use entente_application::ports::{Change, Position, Releases as _, Views as _};
use entente_application::{Centre, CentreError};
use entente_projections::facts::{self, Fact};
use entente_projections::figures::{Code, Days, Dimension, Question, Scope};
use entente_tests::engines::{Engine, Home, Opened};
use entente_tests::invented::{Invented, time_of};
use entente_tests::laws;
use entente_tests::world::{SeededDice, SetClock, centre};

use super::question;

const CENTRE: Invented =
    Invented { seed: 3, cases: 400, years: 4, companies: 150, sectors: 4, settling: 800, leaving: 400 };

/// A centre with these facts in its store, as if its log had come so far.
async fn with_facts(home: &Home, facts: &[Fact], position: u64) -> (Opened, Centre) {
    let store = home.store().await;
    let build = store.begin(facts::NAME, facts::VERSION).await.unwrap();
    let changes: Vec<Change> = facts.iter().cloned().map(Box::new).map(Change::Fact).collect();
    assert!(store.advance(&build, Position(0), Position(position), &changes).await.unwrap());
    store.switch(&build).await.unwrap();
    let clock = Arc::new(SetClock::at(time_of(position)));
    let centre = centre(&store, home.folder(), clock, Arc::new(SeededDice::default()));
    (store, centre)
}

fn invented() -> Vec<Fact> {
    CENTRE.facts().collect()
}

/// A position at which so many cases had closed with a mediator.
fn when_closed(facts: &[Fact], number: usize) -> u64 {
    let mut closed: Vec<u64> = facts
        .iter()
        .filter(|fact| fact.appointed.is_some())
        .filter_map(|fact| fact.closed)
        .map(|at| at.position)
        .collect();
    closed.sort_unstable();
    closed[number - 1]
}

async fn as_of(centre: &Centre, scope: Scope, position: u64) -> Result<u64, CentreError> {
    let report = centre.publish(question(scope, position), None).await?;
    Ok(report.total(Code::SR1).map_or(0, |counted| counted.n))
}

#[tokio::test]
async fn a_report_a_few_cases_later_is_refused_and_the_first_one_stays() {
    let home = Home::new(Engine::Sqlite);
    let facts = invented();
    let (store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    let first = when_closed(&facts, 200);
    assert_eq!(as_of(&centre, Scope::All, first).await.unwrap(), 200);
    for few in 1..=3 {
        let refused = as_of(&centre, Scope::All, when_closed(&facts, 200 + few)).await;
        assert!(
            matches!(refused, Err(CentreError::WouldUncover { as_of: Position(at), .. }) if at == first),
            "{few} more"
        );
        // The difference counts in either direction.
        let refused = as_of(&centre, Scope::All, when_closed(&facts, 200 - few)).await;
        assert!(matches!(refused, Err(CentreError::WouldUncover { .. })), "{few} less: {refused:?}");
    }
    assert_eq!(as_of(&centre, Scope::All, first).await.unwrap(), 200, "what was published is given again");
    let recorded = store.releases().await.unwrap();
    assert_eq!(
        recorded.iter().map(|released| (released.number, released.as_of.position)).collect::<Vec<_>>(),
        [(1, first)]
    );
}

#[tokio::test]
async fn a_report_of_enough_cases_more_is_published_too() {
    let home = Home::new(Engine::Sqlite);
    let facts = invented();
    let (store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    as_of(&centre, Scope::All, when_closed(&facts, 100)).await.unwrap();
    // Some later position has a difference that is safe in every table; none of few cases has.
    let mut published = 0;
    for number in (120..=330).step_by(15) {
        published += u64::from(as_of(&centre, Scope::All, when_closed(&facts, number)).await.is_ok());
    }
    assert!(published > 0, "nothing more could ever be published");
    assert_eq!(store.releases().await.unwrap().len() as u64, published + 1);
}

#[tokio::test]
async fn a_period_that_is_another_but_for_few_cases_is_refused() {
    let home = Home::new(Engine::Sqlite);
    let facts = invented();
    let (_store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    let period = |text: &str| Scope::Period(Days::parse(text).unwrap());
    as_of(&centre, period("2022"), CENTRE.end()).await.unwrap();
    let short = as_of(&centre, period("2022-01-01..2022-12-29"), CENTRE.end()).await;
    let same = facts.iter().filter(|fact| {
        let closed = fact.closed.map(|closed| entente_domain::calendar::paris_date(closed.at).to_string());
        fact.appointed.is_some() && closed.is_some_and(|day| ("2022-12-30".."2023").contains(&day.as_str()))
    });
    assert!((1..5).contains(&same.count()), "the last days hold some cases and not enough");
    assert!(matches!(short, Err(CentreError::WouldUncover { .. })), "{short:?}");
}

#[tokio::test]
async fn a_year_that_is_suppressed_is_not_uncovered_by_the_one_it_hides_among() {
    let home = Home::new(Engine::Sqlite);
    let facts = invented();
    let (_store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    let all = centre.publish(question(Scope::All, CENTRE.end()), None).await.unwrap();
    let hidden: Vec<&str> = all
        .cells(&[Dimension::Year])
        .iter()
        .filter(|cell| cell.counted(Code::SR1).is_none())
        .map(|cell| cell.at["year"].as_str())
        .collect();
    assert_eq!(hidden, ["2022", "2025"], "2025 is too small, and 2022 hides it");
    let period = |text: &str| Scope::Period(Days::parse(text).unwrap());
    // What both come to together is in the total less the others: one of them alone would give the other away.
    let refused = as_of(&centre, period("2022"), CENTRE.end()).await;
    assert!(matches!(refused, Err(CentreError::WouldUncover { .. })), "{refused:?}");
    assert!(
        as_of(&centre, period("2023"), CENTRE.end()).await.unwrap() > 0,
        "a year that is shown may be told by itself"
    );
}

/// Whatever they are called and whichever was first: what is held against each other are the cases.
#[tokio::test]
async fn a_cohort_and_a_period_that_differ_by_a_case_are_not_both_told() {
    let home = Home::new(Engine::Sqlite);
    let facts = invented();
    let (_store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    let days = |text: &str| Days::parse(text).unwrap();
    let closed = |fact: &&Fact| fact.appointed.is_some() && fact.closed.is_some();
    let mut ends: Vec<_> = facts.iter().filter(closed).filter_map(|fact| fact.closed).map(|at| at.at).collect();
    ends.sort_unstable();
    // From after the first closing on: all but that one.
    let second = entente_domain::calendar::paris_date(ends[0]).tomorrow().unwrap();
    as_of(&centre, Scope::Cohort(days("2020..2030")), CENTRE.end()).await.unwrap();
    let rest = Days::new(second, days("2030").to()).unwrap();
    let refused = as_of(&centre, Scope::Period(rest), CENTRE.end()).await;
    assert!(matches!(refused, Err(CentreError::WouldUncover { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_shorter_period_later_is_held_against_a_longer_one_before() {
    let home = Home::new(Engine::Sqlite);
    let facts = invented();
    let (_store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    as_of(&centre, Scope::All, CENTRE.end() - 1).await.unwrap();
    let last =
        facts.iter().filter(|fact| fact.appointed.is_some()).filter_map(|fact| fact.closed).map(|at| at.at).max();
    let before = entente_domain::calendar::paris_date(last.unwrap()).yesterday().unwrap();
    let shorter = Days::new(Days::parse("2020").unwrap().from(), before).unwrap();
    let refused = as_of(&centre, Scope::Period(shorter), CENTRE.end()).await;
    assert!(matches!(refused, Err(CentreError::WouldUncover { .. })), "{refused:?}");
}

async fn of_many_who_publish_at_once_none_uncovers_another(home: Home) {
    let facts = invented();
    let (store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    let positions = (0..8).map(|number| when_closed(&facts, 200 + number));
    let tasks: Vec<_> = positions
        .map(|position| {
            let centre = centre.clone();
            tokio::spawn(async move { as_of(&centre, Scope::All, position).await.is_ok() })
        })
        .collect();
    let mut published = 0;
    for task in tasks {
        published += u64::from(task.await.unwrap());
    }
    assert!((1..=2).contains(&published), "{published} of eight neighbours");
    assert_eq!(store.releases().await.unwrap().len() as u64, published);
}

async fn what_was_published_cannot_be_taken_back(home: Home) {
    let facts = invented();
    let (store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    as_of(&centre, Scope::All, CENTRE.end()).await.unwrap();
    let raw = home.raw().await;
    assert!(raw.attempt("UPDATE release_row SET position = 1").await.is_err());
    assert!(raw.attempt("DELETE FROM release_row").await.is_err());
    let before = store.releases().await.unwrap();
    assert!(!store.record_release(&before[0]).await.unwrap(), "its number is taken");
    assert_eq!(store.releases().await.unwrap(), before);
}

async fn a_report_is_the_same_bytes_whatever_has_happened_since(home: Home) {
    let facts = invented();
    let (store, centre) = with_facts(&home, &facts, CENTRE.end()).await;
    let asked: Question = question(Scope::All, when_closed(&facts, 150));
    let bytes = async |centre: &Centre| {
        let own = serde_json::to_string(&centre.report(asked).await.unwrap()).unwrap();
        own + &serde_json::to_string(&centre.publish(asked, None).await.unwrap()).unwrap()
    };
    let first = bytes(&centre).await;
    // Everything after that position as if it had not happened yet.
    let early: Vec<Fact> = facts.iter().filter_map(|fact| fact.clone().as_of(asked.as_of.position)).collect();
    let build = store.begin(facts::NAME, facts::VERSION).await.unwrap();
    let changes: Vec<Change> = early.into_iter().map(Box::new).map(Change::Fact).collect();
    assert!(store.advance(&build, Position(0), Position(asked.as_of.position), &changes).await.unwrap());
    store.switch(&build).await.unwrap();
    assert_eq!(bytes(&centre).await, first);
}

laws!(
    of_many_who_publish_at_once_none_uncovers_another,
    what_was_published_cannot_be_taken_back,
    a_report_is_the_same_bytes_whatever_has_happened_since,
);
