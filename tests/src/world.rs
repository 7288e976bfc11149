//! A whole centre for stories: the real router over a real store, a clock that the test sets, dice that repeat.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use entente_application::Centre;
use entente_application::centre::{Clock, Dice};
use entente_application::documents::Limits;
use entente_application::ports::{Holder, Post, Role, Tokens};
use entente_application::processes::AppointmentPolicy;
use entente_domain::PersonId;
use entente_store::{Settings, Store};
use entente_vault::Objects;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

use crate::pillar::Pillar;
pub use crate::reply::Reply;

/// A clock that only the test moves, so that what is written in two worlds carries the same times.
pub struct SetClock(AtomicI64);

impl SetClock {
    /// One that shows this.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(at.as_microsecond()))
    }

    /// Sets it.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves it forward.
    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Dice that fall the same way in every world, so that two worlds can be compared byte for byte.
#[derive(Default)]
pub struct SeededDice(AtomicU64);

impl SeededDice {
    /// Lets them fall as they fall after this number.
    pub fn set(&self, number: u64) {
        self.0.store(number, Ordering::SeqCst);
    }
}

impl Dice for SeededDice {
    fn uuid(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes())
    }

    fn secret(&self) -> [u8; 32] {
        Sha256::digest(self.uuid().as_bytes()).into()
    }
}

/// The centre, its router, and the folder that it lives in.
pub struct World {
    /// The centre.
    pub centre: Centre,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// Its dice.
    pub dice: Arc<SeededDice>,
    router: Router,
    store: Arc<Store>,
    settings: Settings,
    folder: TempDir,
}

/// A person with a token.
#[derive(Clone)]
pub struct Hand {
    /// The person.
    pub person: PersonId,
    /// The token.
    pub token: String,
}

/// A centre over a store, with its documents in a folder.
///
/// # Panics
/// If the folder cannot be made.
pub fn centre(store: &Arc<Store>, folder: &Path, clock: Arc<dyn Clock>, dice: Arc<dyn Dice>) -> Centre {
    let url = folder.join("documents").display().to_string();
    let vault = Objects::open(&entente_vault::Settings { url, ..Default::default() }).unwrap();
    Centre {
        log: store.clone(),
        views: store.clone(),
        exposures: store.clone(),
        facts: store.clone(),
        releases: store.clone(),
        looks: store.clone(),
        tokens: store.clone(),
        names: store.clone(),
        vault: Arc::new(vault),
        uploads: store.clone(),
        shredder: store.clone(),
        processes: store.clone(),
        outbox: store.clone(),
        directory: store.clone(),
        roster: store.clone(),
        post: Arc::new(Pillar::default()),
        appointments: Default::default(),
        letters: Default::default(),
        scanner: None,
        documents: Limits::default(),
        clock,
        dice,
        turns: Default::default(),
    }
}

impl World {
    /// A new centre on SQLite.
    pub async fn new() -> Self {
        let folder = crate::sqlite::folder();
        let url = crate::sqlite::url(folder.path());
        Self::on(folder, &url).await
    }

    /// A new centre on a database.
    pub async fn on(folder: TempDir, url: &str) -> Self {
        Self::with(folder, Settings::new(url, "")).await
    }

    /// A new centre with these settings, but for the folder.
    pub async fn with(folder: TempDir, settings: Settings) -> Self {
        // The same secret in every world: ids that follow from words are the same, and worlds can be compared.
        std::fs::write(folder.path().join("master.key"), "5a".repeat(32)).unwrap();
        let settings = Settings { data_dir: folder.path().to_owned(), ..settings };
        let store = Arc::new(Store::open_and_migrate(&settings).await.unwrap());
        let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let clock = Arc::new(SetClock::at(start));
        let dice = Arc::new(SeededDice::default());
        let documents = Limits { quota: 250_000_000, ..Limits::default() };
        // Small enough for a test to come to its end.
        let centre = Centre { documents, ..centre(&store, folder.path(), clock.clone(), dice.clone()) };
        let router = entente_web::router(centre.clone());
        Self { centre, clock, dice, router, store, settings, folder }
    }

    /// The same with another post.
    #[must_use]
    pub fn with_post(mut self, post: Arc<dyn Post>) -> Self {
        self.centre.post = post;
        self.router = entente_web::router(self.centre.clone());
        self
    }

    /// Lets another policy hold from now on.
    pub fn set_appointments(&mut self, policy: AppointmentPolicy) {
        self.centre.appointments = policy;
        self.router = entente_web::router(self.centre.clone());
    }

    /// The store, for tests that look behind the curtain.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The folder that it lives in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The store's settings, to open it once more.
    pub fn settings(&self) -> Settings {
        self.settings.clone()
    }

    /// Somebody with these roles; the same name is always the same person.
    pub async fn hand(&self, name: &str, roles: &[Role]) -> Hand {
        self.hand_again(name, &format!("ent_{name}"), roles).await
    }

    /// Somebody known already, with another token.
    pub async fn hand_again(&self, name: &str, token: &str, roles: &[Role]) -> Hand {
        self.hold(PersonId(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())), token, roles).await
    }

    /// This person with a token and roles.
    pub async fn hold(&self, person: PersonId, token: &str, roles: &[Role]) -> Hand {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        self.store.issue(digest, &Holder { person, roles: roles.to_vec() }, "", Timestamp::UNIX_EPOCH).await.unwrap();
        Hand { person, token: token.to_owned() }
    }

    /// The router, for what is no single answer.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends a request as it is.
    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Asks with a body and an idempotency key.
    pub async fn ask(&self, hand: &Hand, method: Method, path: &str, body: Option<&Value>, key: Option<&str>) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", hand.token))
            .header("accept-language", "en");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// Posts; the body itself is the key, so that the same story makes the same ids in every world.
    pub async fn post(&self, hand: &Hand, path: &str, body: Value) -> Reply {
        let digest = Sha256::digest(format!("{path} {body}"));
        let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self.ask(hand, Method::POST, path, Some(&body), Some(&key)).await
    }

    /// Writes what is the asker's own; the same again is the same, and needs no key.
    pub async fn write(&self, hand: &Hand, path: &str, body: Value) -> Reply {
        self.ask(hand, Method::PUT, path, Some(&body), None).await
    }

    /// Puts bytes where an upload goes on.
    pub async fn put(&self, hand: &Hand, path: &str, offset: u64, bytes: Vec<u8>) -> Reply {
        let request = Request::builder().method(Method::PUT).uri(path).header("upload-offset", offset.to_string());
        let request = request.header("authorization", format!("Bearer {}", hand.token)).header("accept-language", "en");
        self.send(request.body(Body::from(bytes)).unwrap()).await
    }

    /// Reads.
    pub async fn read(&self, hand: &Hand, path: &str) -> Reply {
        self.ask(hand, Method::GET, path, None, None).await
    }

    /// Brings the lists up to date.
    pub async fn settle(&self) {
        entente_application::follow::catch_up(&self.centre).await.unwrap();
    }
}
