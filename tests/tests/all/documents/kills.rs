//! kill -9 between any two steps of a document: what was acknowledged is there, and the rest is swept, and only that.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use entente_tests::engines::{Engine, Home};
use entente_tests::{binary, laws};
use reqwest::Method;
use serde_json::json;

use super::process::{Service, command};
use super::scanning::silent_scanner;
use super::*;

/// A day and an hour: beyond the grace of an upload.
const LONG: Duration = Duration::from_secs(25 * 60 * 60);

/// An open table whose centre is run by the executable.
pub(super) struct Centre {
    home: Home,
    pub(super) table: Table,
    pub(super) folder: PathBuf,
    client: reqwest::Client,
}

impl Centre {
    pub(super) async fn open(home: Home) -> Self {
        let folder = entente_tests::sqlite::folder();
        let path = folder.path().to_owned();
        let world = World::on(folder, &home.settings().url).await;
        // The executable has the real clock.
        world.clock.set(jiff::Timestamp::now());
        let table = Table::open(world).await;
        table.world.store().close().await;
        entente_vault::provide_tls();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { home, table, folder: path, client }
    }

    pub(super) fn serve(&self, variables: &[(&str, &str)]) -> Service {
        Service::start(binary::path(), &self.folder, &self.home.settings().url, variables)
    }

    /// Runs a command of the executable to a good end.
    fn run(&self, arguments: &[&str]) -> String {
        let mut command = command(binary::path(), &self.folder, &self.home.settings().url, &[]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(super) fn asking(
        &self,
        service: &Service,
        hand: &Hand,
        method: Method,
        below: &str,
    ) -> reqwest::RequestBuilder {
        let request = self.client.request(method, format!("{}{}/{below}", service.address, self.table.path));
        request.bearer_auth(&hand.token)
    }

    /// The claimant's announcement of a file; the path of the upload.
    pub(super) async fn begin(&self, service: &Service, name: &str, size: usize) -> String {
        let page = self.client.get(format!("{}{}", service.address, self.table.path)).bearer_auth("ent_c1");
        let page: Value = page.send().await.unwrap().json().await.unwrap();
        let joint =
            page["discussions"].as_array().unwrap().iter().find(|thread| thread["audience"] == "joint").unwrap();
        let request =
            self.asking(service, &self.table.claimant, Method::POST, "uploads").header("idempotency-key", name);
        let announced = json!({"discussion": joint["discussion"], "name": name, "size": size});
        let (status, begun) = answer(request.json(&announced)).await;
        assert_eq!(status, 201, "{begun}");
        format!("uploads/{}", begun["upload"].as_str().unwrap())
    }

    pub(super) fn putting(
        &self,
        service: &Service,
        upload: &str,
        offset: usize,
        bytes: &[u8],
    ) -> reqwest::RequestBuilder {
        let request = self.asking(service, &self.table.claimant, Method::PUT, upload);
        request.header("upload-offset", offset).body(bytes.to_vec())
    }

    /// How far an upload has come; none if it is gone.
    pub(super) async fn status(&self, service: &Service, upload: &str) -> Option<(usize, bool)> {
        let (status, told) = answer(self.asking(service, &self.table.claimant, Method::GET, upload)).await;
        let received = || usize::try_from(told["received"].as_u64().unwrap()).unwrap();
        (status == 200).then(|| (received(), told["complete"] == json!(true)))
    }

    pub(super) fn submitting(&self, service: &Service, upload: &str) -> reqwest::RequestBuilder {
        let request =
            self.asking(service, &self.table.claimant, Method::POST, "documents").header("idempotency-key", "s");
        request.json(&json!({"upload": upload.rsplit('/').next().unwrap(), "class": "drawn_up"}))
    }

    /// What the respondent gets of an item.
    pub(super) async fn content(&self, service: &Service, item: &str) -> Vec<u8> {
        let request = self.asking(service, &self.table.respondent, Method::GET, &format!("items/{item}/content"));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    /// Makes everything in the table of uploads and in the vault a day older.
    async fn age(&self) {
        let raw = self.home.raw().await;
        raw.execute(&format!("UPDATE upload SET touched = touched - {}", LONG.as_micros())).await;
        older(&self.folder.join("documents"));
    }

    fn sweep(&self) -> Value {
        serde_json::from_str(&self.run(&["sweep", "--json"])).unwrap()
    }
}

pub(super) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, answer.json().await.unwrap_or_default())
}

/// The folder of the one centre whose documents lie in this data folder.
fn own_place(folder: &Path) -> PathBuf {
    let mut places = fs::read_dir(folder.join("documents")).unwrap().map(|place| place.unwrap().path());
    let place = places.next().unwrap();
    assert!(places.next().is_none());
    place
}

fn older(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            older(&path);
        }
        File::open(&path).unwrap().set_modified(SystemTime::now() - LONG).unwrap();
    }
}

async fn a_document_survives_a_kill_after_each_of_its_steps(home: Home) {
    let centre = Centre::open(home).await;
    let bytes = text(2 * SEGMENT + 500_000);
    let service = centre.serve(&[]);
    let upload = centre.begin(&service, "annex.txt", bytes.len()).await;
    drop(service);

    let service = centre.serve(&[]);
    assert_eq!(centre.status(&service, &upload).await, Some((0, false)), "the announcement was acknowledged");
    let (status, _) = answer(centre.putting(&service, &upload, 0, &bytes[..SEGMENT])).await;
    assert_eq!(status, 200);
    drop(service);

    let (scanner, all_sent) = silent_scanner(bytes.len()).await;
    let service = centre.serve(&[("ENTENTE_DOCUMENTS_CLAMD", &scanner)]);
    assert_eq!(centre.status(&service, &upload).await, Some((SEGMENT, false)), "a segment was acknowledged");
    let rest = tokio::spawn(centre.putting(&service, &upload, SEGMENT, &bytes[SEGMENT..]).send());
    all_sent.await.unwrap();
    drop(service);
    assert!(rest.await.unwrap().is_err(), "nobody has answered");

    let service = centre.serve(&[]);
    assert_eq!(centre.status(&service, &upload).await, Some((bytes.len(), false)), "all there, and not released");
    let (status, refused) = answer(centre.submitting(&service, &upload)).await;
    assert_eq!((status, &refused["code"]), (409, &json!("upload-incomplete")));
    let (status, released) = answer(centre.putting(&service, &upload, bytes.len(), &[])).await;
    assert_eq!((status, &released["digest"]), (200, &json!(digest(&bytes))), "{released}");
    drop(service);

    let service = centre.serve(&[]);
    assert_eq!(centre.status(&service, &upload).await, Some((bytes.len(), true)), "the release was acknowledged");
    let (status, submitted) = answer(centre.submitting(&service, &upload)).await;
    assert_eq!(status, 201, "{submitted}");
    drop(service);

    let service = centre.serve(&[]);
    let item = submitted["item"].as_str().unwrap().to_owned();
    assert!(centre.content(&service, &item).await == bytes, "the submission was acknowledged");
    let (status, again) = answer(centre.submitting(&service, &upload)).await;
    assert_eq!((status, &again), (201, &submitted), "the same key has the same answer after a kill");
    drop(service);
    centre.run(&["replay", "--check"]);
}

async fn the_sweeper_takes_what_nothing_names_and_nothing_else(home: Home) {
    let centre = Centre::open(home).await;
    let service = centre.serve(&[]);
    let bytes = text(SEGMENT + 77);
    let laid = centre.begin(&service, "laid.txt", bytes.len()).await;
    assert_eq!(answer(centre.putting(&service, &laid, 0, &bytes)).await.0, 200);
    let (_, submitted) = answer(centre.submitting(&service, &laid)).await;
    let item = submitted["item"].as_str().unwrap().to_owned();
    let announced = centre.begin(&service, "announced.txt", 10).await;
    let half = centre.begin(&service, "half.txt", bytes.len()).await;
    assert_eq!(answer(centre.putting(&service, &half, 0, &bytes[..SEGMENT])).await.0, 200);
    let whole = centre.begin(&service, "whole.txt", 10).await;
    assert_eq!(answer(centre.putting(&service, &whole, 0, &bytes[..10])).await.0, 200);
    drop(service);
    // What a kill may leave of an object whose row is gone, and what is nobody's business here.
    let documents = own_place(&centre.folder);
    let orphan = documents.join(NOWHERE);
    fs::create_dir(&orphan).unwrap();
    fs::write(orphan.join("00000000#1"), "half a segment").unwrap();
    fs::create_dir(documents.join("lost+found")).unwrap();

    assert_eq!(centre.sweep(), json!({"uploads": 0, "orphans": 0, "kept": 0}), "all of it is young");
    centre.age().await;
    let young = documents.join("5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a222");
    fs::create_dir(&young).unwrap();
    // Somebody has just gone on with this one.
    let service = centre.serve(&[]);
    let going_on = centre.begin(&service, "going-on.txt", bytes.len()).await;
    assert_eq!(answer(centre.putting(&service, &going_on, 0, &bytes[..SEGMENT])).await.0, 200);
    // Beside a service that runs.
    assert_eq!(centre.sweep(), json!({"uploads": 3, "orphans": 1, "kept": 0}));
    for gone in [&announced, &half, &whole] {
        assert_eq!(centre.status(&service, gone).await, None, "{gone}");
        assert!(!documents.join(gone.rsplit('/').next().unwrap()).exists());
    }
    assert!(!orphan.exists() && young.exists() && documents.join("lost+found").exists());
    assert_eq!(centre.status(&service, &going_on).await, Some((SEGMENT, false)));
    assert!(centre.content(&service, &item).await == bytes);
    drop(service);

    // A kill between the event and the note that it has happened: the log is asked, and knows.
    centre.home.raw().await.execute("UPDATE upload SET item = NULL").await;
    centre.age().await;
    let _ = fs::remove_dir(&young);
    assert_eq!(centre.sweep(), json!({"uploads": 1, "orphans": 0, "kept": 1}), "the one that was going on has stopped");
    assert_eq!(centre.sweep(), json!({"uploads": 0, "orphans": 0, "kept": 0}));
    let service = centre.serve(&[]);
    assert!(centre.content(&service, &item).await == bytes);
}

/// Kills on each store; `ENTENTE_KILLS` asks for more.
fn kills() -> u64 {
    std::env::var("ENTENTE_KILLS").ok().and_then(|kills| kills.parse().ok()).map_or(6, |kills: u64| kills.div_ceil(8))
}

async fn an_upload_that_is_killed_at_any_moment_ends_whole(home: Home) {
    let centre = Centre::open(home).await;
    let bytes = text(5 * SEGMENT + 1_234);
    let service = centre.serve(&[]);
    let upload = centre.begin(&service, "annex.txt", bytes.len()).await;
    drop(service);
    let (mut acknowledged, mut random) = (0, 0x9e37_79b9_7f4a_7c15_u64);
    for round in 0..kills() {
        let service = centre.serve(&[]);
        let (received, _) = centre.status(&service, &upload).await.unwrap();
        assert!(received >= acknowledged, "{acknowledged} bytes were acknowledged, {received} are there");
        let sent = tokio::spawn(centre.putting(&service, &upload, received, &bytes[received..]).send());
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis(1 + (random >> 33) % (30 + 20 * round))).await;
        acknowledged = centre.status(&service, &upload).await.unwrap().0;
        drop(service);
        let _ = sent.await.unwrap();
    }
    let service = centre.serve(&[]);
    loop {
        let (received, complete) = centre.status(&service, &upload).await.unwrap();
        assert!(received >= acknowledged);
        if complete {
            break;
        }
        assert_eq!(answer(centre.putting(&service, &upload, received, &bytes[received..])).await.0, 200);
    }
    let (status, submitted) = answer(centre.submitting(&service, &upload)).await;
    assert_eq!(status, 201, "{submitted}");
    assert!(centre.content(&service, submitted["item"].as_str().unwrap()).await == bytes);
    if centre.home.engine() == Engine::Sqlite {
        let files = fs::read_dir(own_place(&centre.folder)).unwrap().count();
        assert_eq!(files, 1, "one object, whatever was killed");
    }
}

laws!(
    a_document_survives_a_kill_after_each_of_its_steps,
    the_sweeper_takes_what_nothing_names_and_nothing_else,
    an_upload_that_is_killed_at_any_moment_ends_whole,
);
