//! A vault that is away: who asks is told so and finds everything as it was, and afterwards it goes on from there.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use axum::body::Bytes;
use axum::http::Method;
use entente_application::ports::{Content, DocumentKey, Scanner, Vault, VaultError, Verdict};
use entente_tests::objects::Bucket;
use entente_vault::{Objects, Settings};
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::*;

/// A vault that can be away, for what is read and for what is written.
struct Absent {
    reads: AtomicBool,
    writes: AtomicBool,
    within: Arc<dyn Vault>,
}

impl Absent {
    fn is(&self, away: &AtomicBool) -> Result<(), VaultError> {
        if away.load(Ordering::SeqCst) { Err(VaultError::Unavailable("it is away".to_owned())) } else { Ok(()) }
    }

    fn go(&self, reads: bool, writes: bool) {
        self.reads.store(reads, Ordering::SeqCst);
        self.writes.store(writes, Ordering::SeqCst);
    }
}

#[async_trait]
impl Vault for Absent {
    async fn put(&self, object: ObjectId, key: &DocumentKey, segment: u32, clear: Bytes) -> Result<(), VaultError> {
        self.is(&self.writes)?;
        self.within.put(object, key, segment, clear).await
    }

    async fn read(
        &self,
        object: ObjectId,
        key: &DocumentKey,
        size: u64,
        range: Range<u64>,
    ) -> Result<Content, VaultError> {
        self.is(&self.reads)?;
        self.within.read(object, key, size, range).await
    }

    async fn delete(&self, object: ObjectId) -> Result<(), VaultError> {
        self.is(&self.writes)?;
        self.within.delete(object).await
    }

    async fn objects(&self) -> Result<Vec<(ObjectId, Timestamp)>, VaultError> {
        self.is(&self.reads)?;
        self.within.objects().await
    }
}

async fn desk() -> (Desk, Arc<Absent>) {
    let desk = Desk::open().await;
    let within = desk.table.world.centre.vault.clone();
    let absent = Arc::new(Absent { reads: AtomicBool::new(false), writes: AtomicBool::new(false), within });
    (desk.with(|centre| centre.vault = absent.clone()), absent)
}

/// That this is the vault's own refusal, which says to come again.
fn is_away(reply: &Reply) {
    assert_eq!(reply.problem(), (503, "vault-unavailable".to_owned()), "{}", reply.text());
    assert!(reply.headers.contains_key("retry-after"));
    assert!(!reply.headers.contains_key("etag") && !reply.headers.contains_key("content-disposition"));
    assert!(!reply.text().contains("it is away"), "why is the operator's to know: {}", reply.text());
}

#[tokio::test]
async fn an_upload_stops_where_the_vault_went_away_and_goes_on_from_there() {
    let (desk, vault) = desk().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(2 * SEGMENT + 500);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    let told = || async { desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.ok() };
    // Before the first segment, between two, and once all is there and is to be read again.
    for (reads, writes, from, to) in
        [(false, true, 0, SEGMENT), (true, true, SEGMENT, bytes.len()), (true, false, 2 * SEGMENT, bytes.len())]
    {
        let (before, status) = (desk.traces().await, told().await);
        assert_eq!(status["received"], json!(from));
        vault.go(reads, writes);
        let refused = desk.put(hand, &upload, from, bytes[from..to].to_vec()).await;
        is_away(&refused);
        let expected = if writes { from } else { to };
        let status = told().await;
        assert_eq!((&status["received"], &status["complete"]), (&json!(expected), &json!(false)));
        assert_eq!(desk.submit(hand, &upload).await.problem(), (409, "upload-incomplete".to_owned()));
        assert_eq!(desk.traces().await, before, "something is left of what was refused");
        if expected == to {
            is_away(&desk.put(hand, &upload, to, vec![]).await);
            vault.go(false, false);
            let done = desk.put(hand, &upload, to, vec![]).await.ok();
            assert_eq!((&done["complete"], &done["digest"]), (&json!(true), &json!(digest(&bytes))));
        } else {
            vault.go(false, false);
            desk.put(hand, &upload, from, bytes[from..from + SEGMENT].to_vec()).await.ok();
        }
    }
    let item = desk.submit(hand, &upload).await.ok()["item"].as_str().unwrap().to_owned();
    assert!(desk.content(&desk.table.respondent, &item, &[]).await.body == bytes);
}

#[tokio::test]
async fn a_download_and_a_record_are_refused_while_the_vault_is_away() {
    let (desk, vault) = desk().await;
    let hand = &desk.table.respondent;
    let bytes = text(SEGMENT + 77);
    let item = desk.lay(&desk.table.claimant, "joint", "annex.txt", &bytes).await;
    let get = |path: &str| {
        let request = Request::get(format!("{}/{path}", desk.table.path));
        request.header("authorization", format!("Bearer {}", hand.token)).body(Body::empty()).unwrap()
    };
    let record = desk.router.clone().oneshot(get("record")).await.unwrap();
    let whole = axum::body::to_bytes(record.into_body(), 64 << 20).await.unwrap();
    let before = desk.traces().await;
    vault.go(true, true);
    for range in [None, Some("bytes=0-9"), Some("bytes=-5")] {
        let headers: Vec<_> = range.iter().map(|range| ("range", *range)).collect();
        is_away(&desk.content(hand, &item, &headers).await);
    }
    // Nothing of the content is needed for these, and the item itself stays in view.
    let path = format!("items/{item}/content");
    assert_eq!(desk.ask(hand, Method::HEAD, &path, &[], Body::empty()).await.status.as_u16(), 200);
    assert!(desk.table.sees(hand, "annex.txt").await);
    // So for a record: once it is on its way, all that would be left to say is that it breaks off.
    is_away(&desk.ask(hand, Method::GET, "record", &[], Body::empty()).await);
    assert_eq!(desk.ask(hand, Method::HEAD, "record", &[], Body::empty()).await.status.as_u16(), 200);
    vault.go(false, false);
    assert_eq!(desk.traces().await, before);
    assert!(desk.content(hand, &item, &[]).await.body == bytes);
    let record = desk.router.clone().oneshot(get("record")).await.unwrap();
    assert!(axum::body::to_bytes(record.into_body(), 64 << 20).await.unwrap() == whole);
}

#[tokio::test]
async fn what_is_given_up_while_the_vault_is_away_is_gone_for_everyone_and_its_bytes_are_swept() {
    let (desk, vault) = desk().await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let before = desk.traces().await;
    let upload = desk.begin(hand, &joint, "annex.txt", SEGMENT + 5).await;
    desk.put(hand, &upload, 0, text(SEGMENT)).await.ok();
    vault.go(true, true);
    // The key is gone, and whoever asked need not know that the bytes wait for the sweep.
    assert_eq!(desk.ask(hand, Method::DELETE, &upload, &[], Body::empty()).await.status.as_u16(), 204);
    vault.go(false, false);
    // The key goes first: whatever is left in the vault, nobody reads it, and it takes up none of the side's room.
    assert_eq!(desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.problem().0, 404);
    let left = desk.traces().await;
    assert_eq!((&left.rows, left.head), (&before.rows, before.head));
    assert_eq!(left.stored, BTreeSet::from([named(&upload)]));
    // The vault has the machine's clock, by which it was written just now.
    desk.table.world.clock.set(Timestamp::now() + SignedDuration::from_hours(48));
    assert_eq!(desk.table.world.centre.sweep().await.unwrap().orphans, 1);
    assert_eq!(desk.traces().await, before);
}

/// Finds malware in everything.
struct Finding;

#[async_trait]
impl Scanner for Finding {
    async fn scan(&self, _: Content) -> Result<Verdict, VaultError> {
        Ok(Verdict::Infected)
    }
}

#[tokio::test]
async fn what_does_harm_is_called_so_although_its_bytes_cannot_be_deleted_now() {
    let (desk, vault) = desk().await;
    let absent = vault.clone();
    let desk = desk.with(|centre| {
        centre.vault = absent;
        centre.scanner = Some(Arc::new(Finding));
    });
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let before = desk.traces().await;
    let upload = desk.begin(hand, &joint, "annex.txt", 500).await;
    // All there, and to be read once it can be.
    vault.go(true, false);
    is_away(&desk.put(hand, &upload, 0, text(500)).await);
    vault.go(false, true);
    assert_eq!(desk.put(hand, &upload, 500, vec![]).await.problem(), (422, "malware".to_owned()));
    vault.go(false, false);
    assert_eq!(desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.problem().0, 404);
    let left = desk.traces().await;
    assert_eq!((&left.rows, left.head, left.stored), (&before.rows, before.head, BTreeSet::from([named(&upload)])));
    desk.table.world.clock.set(Timestamp::now() + SignedDuration::from_hours(48));
    assert_eq!(desk.table.world.centre.sweep().await.unwrap().orphans, 1);
    assert_eq!(desk.traces().await, before);
}

/// A way to a bucket that can be shut.
struct Gate {
    address: String,
    beyond: String,
    open: Option<AbortHandle>,
}

impl Gate {
    async fn before(settings: &mut Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let beyond = settings.endpoint.replace(format!("http://{address}")).unwrap();
        let mut gate = Self { address, beyond: beyond.strip_prefix("http://").unwrap().to_owned(), open: None };
        gate.serve(listener);
        gate
    }

    fn serve(&mut self, listener: TcpListener) {
        let beyond = self.beyond.clone();
        let passing = async move {
            // With the task, all that passes ends.
            let mut passing = JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let beyond = beyond.clone();
                passing.spawn(async move {
                    let mut far = TcpStream::connect(beyond).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        };
        self.open = Some(tokio::spawn(passing).abort_handle());
    }

    fn shut(&mut self) {
        self.open.take().unwrap().abort();
    }

    async fn open(&mut self) {
        let listener = TcpListener::bind(&self.address).await.unwrap();
        self.serve(listener);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_is_not_reached_is_a_vault_that_is_away() {
    let bucket = Bucket::new().await;
    let mut settings = bucket.settings();
    let mut gate = Gate::before(&mut settings).await;
    let vault = Arc::new(Objects::open(&settings).unwrap());
    let desk = Desk::open().await.with(|centre| centre.vault = vault);
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(4 * SEGMENT);
    let item = desk.lay(hand, "joint", "laid.txt", &bytes).await;
    let upload = desk.begin(hand, &joint, "new.txt", SEGMENT).await;
    // In the middle of a download.
    let request = Request::get(format!("{}/items/{item}/content", desk.table.path));
    let request = request.header("authorization", format!("Bearer {}", hand.token)).body(Body::empty()).unwrap();
    let answer = desk.router.clone().oneshot(request).await.unwrap();
    let mut pieces = answer.into_body().into_data_stream();
    assert!(pieces.next().await.unwrap().is_ok());
    gate.shut();
    let mut last = None;
    while let Some(piece) = pieces.next().await {
        last = Some(piece.is_ok());
    }
    assert_eq!(last, Some(false), "what broke off looks whole");
    let (stored, content) =
        tokio::join!(desk.put(hand, &upload, 0, text(SEGMENT)), desk.content(hand, &item, &[("range", "bytes=0-9")]));
    is_away(&stored);
    is_away(&content);
    assert_eq!(desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.ok()["received"], 0);
    gate.open().await;
    assert_eq!(desk.put(hand, &upload, 0, text(SEGMENT)).await.ok()["complete"], true);
    assert!(desk.content(hand, &item, &[]).await.body == bytes);
}
