//! Our database is the stock crates' database too: they read the same events from it, and their framework runs on it.

use std::collections::HashMap;

use cqrs_es::persist::{PersistedEventRepository, PersistedEventStore};
use cqrs_es::{AggregateError, CqrsFramework, EventStore};
use entente_application::ports::CaseLog;
use entente_domain::command::{CompanyAsk, Register};
use entente_domain::company::{AmountBand, Country, Language, Sector};
use entente_domain::{Actor, Case, CaseError, CaseId, CommandId, EventKind, Issued, Name, PersonId, Statement};
use entente_store::Store;
use entente_tests::engines::{Engine, Home, Opened};
use entente_tests::{entries, laws};
use postgres_es::PostgresEventRepository;
use sqlite_es::SqliteEventRepository;
use uuid::Uuid;

/// Two cases, one of three entries and one of one; the first's id.
async fn some_history(store: &Opened) -> CaseId {
    let case = entries::case_id();
    let group = vec![entries::registered(), entries::message("first")];
    entries::must_append(store, entries::append(case, 0, group)).await;
    entries::must_append(store, entries::append(entries::case_id(), 0, vec![entries::registered()])).await;
    entries::must_append(store, entries::append(case, 2, vec![entries::message("second")])).await;
    case
}

/// What the stock crates read is what ours reads: sequence, type, version, payload, and the state that it folds to.
async fn reads_alike<R: PersistedEventRepository>(store: &Opened, case: CaseId, repository: impl Fn() -> R) {
    let ours = store.stream(case).await.unwrap();
    let stock = repository().get_events::<Case>(&case.to_string()).await.unwrap();
    assert_eq!((ours.len(), stock.len()), (3, 3));
    for (ours, stock) in ours.iter().zip(&stock) {
        assert_eq!(stock.aggregate_id, ours.case.to_string());
        assert_eq!(stock.sequence as u64, ours.sequence);
        assert_eq!(stock.event_type, ours.entry.event.kind().name());
        assert_eq!(stock.event_version, ours.entry.event.kind().version());
        assert_eq!(stock.payload, serde_json::to_value(&ours.entry).unwrap());
    }

    let events = PersistedEventStore::<_, Case>::new_event_store(repository());
    let envelopes = events.load_events(&case.to_string()).await.unwrap();
    let payloads: Vec<_> = envelopes.into_iter().map(|envelope| envelope.payload).collect();
    assert_eq!(payloads, ours.iter().map(|recorded| recorded.entry.clone()).collect::<Vec<_>>());
    let context = events.load_aggregate(&case.to_string()).await.unwrap();
    let folded = store.fold(case).await.unwrap();
    assert_eq!((context.current_sequence as u64, &context.aggregate), (folded.version, &*folded.state));

    let mut stream = repository().stream_all_events::<Case>().await.unwrap();
    let mut all = 0;
    while let Some(event) = stream.next::<Case>(&[]).await {
        event.unwrap();
        all += 1;
    }
    assert_eq!(all, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stock_sqlite_es_reads_our_database() {
    let home = Home::new(Engine::Sqlite);
    let store = home.store().await;
    let case = some_history(&store).await;
    let pool = home.sqlite_pool().await;
    reads_alike(&store, case, || SqliteEventRepository::new(pool.clone())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stock_postgres_es_reads_our_database() {
    let home = Home::new(Engine::Postgres);
    let store = home.store().await;
    let case = some_history(&store).await;
    let pool = home.postgres_pool().await;
    reads_alike(&store, case, || PostgresEventRepository::new(pool.clone())).await;
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// A registration as a party asks for it.
fn register(case: CaseId) -> Issued {
    let company = |country, name| CompanyAsk { id: None, country: Country::parse(country).unwrap(), name };
    let ask = Register {
        claimant: company("FR", name("Soieries de la Croix-Rousse")),
        head: name("Odile Marchand"),
        head_email: None,
        respondent: company("KR", name("Hanbit Precision")),
        respondent_contact: None,
        nature: Statement::parse("Forty looms came six weeks late.").unwrap(),
        sector: Sector::Manufacturing,
        amount: AmountBand::Under100k,
        languages: vec![Language::parse("fr").unwrap()],
    };
    let by = Actor::Person(PersonId(Uuid::new_v4()));
    Issued { case, id: entries::command_id(), by, at: entries::instant(), entropy: Uuid::new_v4(), ask: ask.into() }
}

async fn the_stock_framework_carries_out_a_command_on_our_event_store(home: Home) {
    let store = home.store().await;
    let framework = CqrsFramework::<Case, Store>::new((*store).clone(), vec![], ());
    let case = entries::case_id();
    let asked = register(case);
    let decided = Case::default().decide(&asked).unwrap();
    let metadata = HashMap::from([("command".to_owned(), asked.id.to_string())]);
    framework.execute_with_metadata(&case.to_string(), asked.clone(), metadata).await.unwrap();

    let stream = store.stream(case).await.unwrap();
    assert!(stream.iter().all(|recorded| recorded.command == asked.id));
    assert_eq!(*store.fold(case).await.unwrap().state, entries::folded(&stream), "nothing is applied twice");
    let opened = store.unseal(stream).await.unwrap();
    assert_eq!(opened.into_iter().map(|recorded| recorded.entry).collect::<Vec<_>>(), decided);

    let again = framework.execute(&case.to_string(), register(case)).await;
    assert!(matches!(again, Err(AggregateError::UserError(CaseError::Duplicate))), "{again:?}");
}

async fn the_stock_framework_meets_a_conflict_and_a_repeat_as_what_they_are(home: Home) {
    let store = home.store().await;
    let case = entries::case_id();
    let id = case.to_string();
    let command = |id: CommandId| HashMap::from([("command".to_owned(), id.to_string())]);
    let (fast, slow) = (store.load_aggregate(&id).await.unwrap(), store.load_aggregate(&id).await.unwrap());
    let (first, second) = (entries::command_id(), entries::command_id());
    store.commit(vec![entries::registered()], fast, command(first)).await.unwrap();

    let late = store.commit(vec![entries::registered()], slow, command(second)).await;
    assert!(matches!(late, Err(AggregateError::AggregateConflict)), "{late:?}");
    let fresh = store.load_aggregate(&id).await.unwrap();
    let repeat = store.commit(vec![entries::message("again")], fresh, command(first)).await.unwrap();
    let kinds: Vec<_> = repeat.iter().map(|envelope| (envelope.sequence, envelope.payload.event.kind())).collect();
    assert_eq!(kinds, [(1, EventKind::Registered)], "the first answer");
    assert_eq!(store.stream(case).await.unwrap().len(), 1);
}

laws!(
    the_stock_framework_carries_out_a_command_on_our_event_store,
    the_stock_framework_meets_a_conflict_and_a_repeat_as_what_they_are,
);
