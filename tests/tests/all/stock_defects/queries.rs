//! The crate updates its read models after the commit, in the call that the client may leave at any moment.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::persist::{GenericQuery, PersistenceError, ViewContext, ViewRepository};
use cqrs_es::{EventEnvelope, Query};
use entente_application::ports::{CaseLog, Position, Views};
use entente_projections::inbox;
use entente_tests::engines::{Home, Opened};
use entente_tests::{entries, laws};
use postgres_es::PostgresViewRepository;
use sqlite_es::SqliteViewRepository;
use tokio::sync::{Barrier, Notify};

use super::toy::{self, Purse, PurseEvent, PutIn, TotalView};

/// Stands where a slow network stands: between the commit and the update of the view.
struct Hesitation(Arc<Notify>);

#[async_trait]
impl Query<Purse> for Hesitation {
    async fn dispatch(&self, _: &str, _: &[EventEnvelope<Purse>]) {
        self.0.notify_one();
        std::future::pending::<()>().await;
    }
}

/// The crate's own query, which keeps the total in a view.
fn kept_in<R: ViewRepository<TotalView, Purse> + 'static>(views: &Arc<R>) -> Box<dyn Query<Purse>> {
    Box::new(GenericQuery::<R, TotalView, Purse>::new(Arc::clone(views)))
}

/// Runs a command and leaves as soon as it is committed, as a client does that hangs up.
async fn leave_after_commit(execution: impl Future<Output = ()>, committed: &Notify) {
    tokio::select! {
        () = execution => panic!("the hesitation never ends"),
        () = committed.notified() => {}
    }
}

#[tokio::test]
async fn on_sqlite_a_client_that_hangs_up_costs_the_stock_view_an_event() {
    let folder = entente_tests::sqlite::folder();
    let pool = toy::on_sqlite(folder.path()).await;
    let views = Arc::new(SqliteViewRepository::<TotalView, Purse>::new("totals", pool.clone()));
    let committed = Arc::new(Notify::new());

    let queries: Vec<Box<dyn Query<Purse>>> = vec![Box::new(Hesitation(committed.clone())), kept_in(&views)];
    let hasty = sqlite_es::sqlite_cqrs(pool.clone(), queries, ());
    leave_after_commit(async { hasty.execute("purse", PutIn(5)).await.unwrap() }, &committed).await;
    let patient = sqlite_es::sqlite_cqrs(pool.clone(), vec![kept_in(&views)], ());
    patient.execute("purse", PutIn(1)).await.unwrap();

    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&pool).await.unwrap();
    assert_eq!(events, 2, "both commands are in the log");
    assert_eq!(views.load("purse").await.unwrap(), Some(TotalView { total: 1 }), "the view never learns of the first");
}

#[tokio::test]
async fn on_postgres_a_client_that_hangs_up_costs_the_stock_view_an_event() {
    let pool = toy::on_postgres().await;
    let views = Arc::new(PostgresViewRepository::<TotalView, Purse>::new("totals", pool.clone()));
    let committed = Arc::new(Notify::new());

    let queries: Vec<Box<dyn Query<Purse>>> = vec![Box::new(Hesitation(committed.clone())), kept_in(&views)];
    let hasty = postgres_es::postgres_cqrs(pool.clone(), queries, ());
    leave_after_commit(async { hasty.execute("purse", PutIn(5)).await.unwrap() }, &committed).await;
    let patient = postgres_es::postgres_cqrs(pool.clone(), vec![kept_in(&views)], ());
    patient.execute("purse", PutIn(1)).await.unwrap();

    let events: i64 = sqlx::query_scalar("SELECT count(*) FROM events").fetch_one(&pool).await.unwrap();
    assert_eq!(events, 2, "both commands are in the log");
    assert_eq!(views.load("purse").await.unwrap(), Some(TotalView { total: 1 }), "the view never learns of the first");
}

/// The stock repository, in which two updates have both read before either writes.
struct Together<R> {
    stock: R,
    both_have_read: Barrier,
}

impl<R: ViewRepository<TotalView, Purse>> ViewRepository<TotalView, Purse> for Together<R> {
    async fn load(&self, id: &str) -> Result<Option<TotalView>, PersistenceError> {
        self.stock.load(id).await
    }

    async fn load_with_context(&self, id: &str) -> Result<Option<(TotalView, ViewContext)>, PersistenceError> {
        let loaded = self.stock.load_with_context(id).await;
        self.both_have_read.wait().await;
        loaded
    }

    async fn update_view(&self, view: TotalView, context: ViewContext) -> Result<(), PersistenceError> {
        self.stock.update_view(view, context).await
    }
}

async fn total_after_two_updates_at_once<R: ViewRepository<TotalView, Purse>>(stock: R) -> u64 {
    let views = Arc::new(Together { stock, both_have_read: Barrier::new(2) });
    let query = GenericQuery::<_, TotalView, Purse>::new(views.clone());
    let put_in = |sequence, coins| EventEnvelope::<Purse> {
        aggregate_id: "purse".to_owned(),
        sequence,
        payload: PurseEvent::PutIn { coins },
        metadata: HashMap::new(),
    };
    let (first, second) = ([put_in(1, 5)], [put_in(2, 5)]);
    tokio::join!(query.dispatch("purse", &first), query.dispatch("purse", &second));
    views.load("purse").await.unwrap().unwrap().total
}

#[tokio::test]
async fn two_updates_at_once_of_a_stock_view_are_one() {
    let folder = entente_tests::sqlite::folder();
    let sqlite = SqliteViewRepository::<TotalView, Purse>::new("totals", toy::on_sqlite(folder.path()).await);
    assert_eq!(total_after_two_updates_at_once(sqlite).await, 5);
    let postgres = PostgresViewRepository::<TotalView, Purse>::new("totals", toy::on_postgres().await);
    assert_eq!(total_after_two_updates_at_once(postgres).await, 5);
}

/// Ours: whoever hangs up, a follower of the log meets every command that was appended, once, and no other.
async fn a_follower_misses_nothing_when_clients_hang_up(home: Home) {
    let store = home.store().await;
    let mut asked = Vec::new();
    for patience in (0..40).chain([100_000]) {
        let append = entries::append(entries::case_id(), 0, vec![entries::registered()]);
        asked.push(append.command);
        let _ = tokio::time::timeout(Duration::from_micros(patience * 50), store.append(append)).await;
    }
    until_nothing_is_under_way(&store).await;

    let log = entries::whole_log(&store).await;
    assert!(!log.is_empty(), "the last of them had patience");
    for command in asked {
        let in_log = log.iter().filter(|recorded| recorded.command == command).count();
        let done = store.done(command, None).await.unwrap();
        assert_eq!(in_log, usize::from(done.is_some()));
    }
}

/// What was left to itself may still be on its way: three equal looks, a tenth of a second apart, and it is not.
async fn until_nothing_is_under_way(store: &Opened) {
    let mut looks = Vec::new();
    while looks.len() < 3 || looks[looks.len() - 3..].iter().any(|head| *head != looks[looks.len() - 1]) {
        looks.push(store.head().await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Ours: of two followers that write at once one is told that it came too late, and nothing of it is kept.
async fn two_followers_at_once_lose_nothing_and_repeat_nothing(home: Home) {
    let (one, other) = (home.store().await, home.store().await);
    let build = one.begin(inbox::NAME, inbox::VERSION).await.unwrap();
    let (first, second) = (entries::inbox_row(), entries::inbox_row());
    let (won, lost) = tokio::join!(
        one.advance(&build, Position(0), Position(1), std::slice::from_ref(&first)),
        other.advance(&build, Position(0), Position(1), std::slice::from_ref(&second)),
    );
    assert_ne!(won.unwrap(), lost.unwrap(), "exactly one of them advanced");
    assert_eq!(one.dump(&build).await.unwrap().len(), 1);
    assert_eq!(one.checkpoint(&build).await.unwrap(), Position(1));
}

laws!(a_follower_misses_nothing_when_clients_hang_up, two_followers_at_once_lose_nothing_and_repeat_nothing,);
