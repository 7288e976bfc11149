//! The three loads: raw, append, whole command, each from as many clients at the same time, each client its own case.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use entente_application::centre::{Clock, Dice};
use entente_application::ports::{Append, Appended, CaseLog, Position};
use entente_application::{Centre, Request};
use entente_domain::command::{self, CompanyAsk, ContactAsk};
use entente_domain::company::{AmountBand, Country, Language, Sector};
use entente_domain::questionnaire::{self, Choice, Topic};
use entente_domain::{Actor, Ask, Body, CaseId, CommandId, DiscussionId, Name, PersonId, Statement};
use entente_store::Store;
use entente_tests::engines::{Engine, Home};
use entente_tests::entries;
use jiff::Timestamp;
use uuid::Uuid;

use crate::raw::Raw;

/// The words of every message: what a businesslike message is long.
const WORDS: &str = "We have read your last proposal with care. The delay cost us the spring season with our largest \
    customer, so a discount on the next order alone does not help us; a credit on the open invoice would.";

struct Real;

impl Clock for Real {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Dice for Real {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn secret(&self) -> [u8; 32] {
        [7; 32]
    }
}

/// A store with open tables, and the yardstick beside it.
pub struct Bench {
    store: Arc<Store>,
    centre: Centre,
    raw: Raw,
    payload: String,
    tables: Vec<(CaseId, PersonId, DiscussionId)>,
}

impl Bench {
    pub async fn new(home: &Home) -> Self {
        let store = home.store().await;
        let real = Arc::new(Real);
        // No document comes here.
        let folder = std::env::temp_dir().join("entente-bench");
        let centre = entente_tests::world::centre(&store, &folder, real.clone(), real);
        let mut tables = Vec::new();
        for _ in 0..32 {
            tables.push(open_table(&centre).await);
        }
        say(&centre, tables[0]).await;
        let cast = match home.engine() {
            Engine::Postgres => "payload::text",
            Engine::Sqlite => "payload",
        };
        let select = format!("SELECT {cast} FROM events WHERE event_type = 'MessagePosted'");
        let payload = home.raw().await.texts(&select).await.remove(0);
        let raw = Raw::new(home, &payload).await;
        Self { store, centre, raw, payload, tables }
    }

    pub fn payload_bytes(&self) -> usize {
        self.payload.len()
    }

    pub async fn raw(&self, clients: usize, seconds: f64) -> (u64, f64) {
        self.raw.run(clients, seconds).await
    }

    /// Appends of one message each, sealing included, nothing decided.
    pub async fn append(&self, clients: usize, seconds: f64) -> (u64, f64) {
        let commits = Arc::new(AtomicU64::new(0));
        let mut cases = Vec::new();
        for _ in 0..clients {
            let case = entries::case_id();
            entries::must_append(&self.store, entries::append(case, 0, vec![entries::registered()])).await;
            cases.push(case);
        }
        let start = Instant::now();
        let tasks: Vec<_> = cases
            .into_iter()
            .map(|case| {
                let (store, commits) = (self.store.clone(), commits.clone());
                tokio::spawn(async move {
                    let mut expected = 1;
                    while start.elapsed().as_secs_f64() < seconds {
                        let entries = vec![entries::message(WORDS)];
                        let command = CommandId(Uuid::new_v4());
                        let append = Append { case, expected, command, request: None, recorded: None, entries };
                        assert!(matches!(store.append(append).await.unwrap(), Appended::At { .. }));
                        expected += 1;
                        commits.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        (commits.load(Ordering::Relaxed), start.elapsed().as_secs_f64())
    }

    /// Whole commands: fold, decide, seal, append.
    pub async fn command(&self, clients: usize, seconds: f64) -> (u64, f64) {
        let commits = Arc::new(AtomicU64::new(0));
        let start = Instant::now();
        let tasks: Vec<_> = self.tables[..clients]
            .iter()
            .map(|table| {
                let (centre, commits, table) = (self.centre.clone(), commits.clone(), *table);
                tokio::spawn(async move {
                    while start.elapsed().as_secs_f64() < seconds {
                        say(&centre, table).await;
                        commits.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        (commits.load(Ordering::Relaxed), start.elapsed().as_secs_f64())
    }

    /// Seconds of a raw SELECT of the whole log, seconds of our checked, decrypted reading of it, and its events.
    pub async fn replay(&self) -> (f64, f64, u64) {
        let (rows, raw) = self.raw.read_all().await;
        let start = Instant::now();
        let (mut place, mut events) = (Position(0), 0);
        loop {
            let page = self.store.page(place, 2_000).await.unwrap();
            let Some(last) = page.last() else { break };
            place = last.position;
            events += self.store.unseal(page).await.unwrap().len() as u64;
        }
        let ours = start.elapsed().as_secs_f64();
        assert_eq!(rows, events);
        (raw, ours, events)
    }
}

async fn say(centre: &Centre, (case, person, discussion): (CaseId, PersonId, DiscussionId)) {
    let body = Body::parse(WORDS).unwrap();
    ask(centre, case, Actor::Person(person), command::PostMessage { discussion, body }).await;
}

async fn ask(centre: &Centre, case: CaseId, by: Actor, ask: impl Into<Ask>) {
    let command = CommandId(Uuid::new_v4());
    let request = Request { case, command, by, at: None, request: None, seen_at: None, ask: ask.into() };
    assert!(!centre.execute(request).await.unwrap().happened.is_empty());
}

async fn open_table(centre: &Centre) -> (CaseId, PersonId, DiscussionId) {
    let name = |name: &str| Name::parse(name).unwrap();
    let people: [PersonId; 4] = std::array::from_fn(|_| PersonId(Uuid::new_v4()));
    let [claimant, respondent, mediator, staff] = people;
    let contact = |person, called: &str| ContactAsk { person: Some(person), name: name(called), email: None };
    let company = |country: &str, called: &str| CompanyAsk {
        id: None,
        country: Country::parse(country).unwrap(),
        name: name(called),
    };
    let registration = CommandId(Uuid::new_v4());
    let case = Centre::case_for(registration);
    let register = command::Register {
        claimant: company("FR", "Tissages du Rhône"),
        head: name("Odile Marchand"),
        head_email: None,
        respondent: company("KR", "Hanbit Precision"),
        respondent_contact: Some(contact(respondent, "Min-jun Seo")),
        nature: Statement::parse("Forty looms came six weeks late.").unwrap(),
        sector: Sector::Manufacturing,
        amount: AmountBand::Under1m,
        languages: vec![Language::parse("fr").unwrap()],
    };
    let by = Actor::Person(claimant);
    let request =
        Request { case, command: registration, by, at: None, request: None, seen_at: None, ask: register.into() };
    centre.execute(request).await.unwrap();
    let answers = [
        (Topic::Voluntary, Choice::B),
        (Topic::Confidential, Choice::A),
        (Topic::NoJudge, Choice::C),
        (Topic::StopAtAnyTime, Choice::A),
        (Topic::MediatorDoesNotDecide, Choice::B),
    ];
    let answers = command::AnswerQuestionnaire { version: questionnaire::CURRENT, answers: answers.into() };
    ask(centre, case, Actor::Person(claimant), answers).await;
    ask(centre, case, Actor::Person(respondent), command::GiveConsent {}).await;
    let appointment = CommandId(Uuid::new_v4());
    let declaration = Some(Statement::parse("No ties.").unwrap());
    let appoint = command::AppointMediator { mediator: contact(mediator, "Marguerite Ollier"), declaration };
    let by = Actor::Staff(staff);
    let request =
        Request { case, command: appointment, by, at: None, request: None, seen_at: None, ask: appoint.into() };
    centre.execute(request).await.unwrap();
    (case, claimant, DiscussionId(appointment.derive("joint")))
}
