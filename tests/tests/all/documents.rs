//! Documents: what comes up comes down, in pieces, after a kill, from a folder or a bucket, and nothing else does.

mod arrivals;
mod away;
mod clamd;
mod cut;
mod downloads;
mod gated;
mod headers;
mod kills;
mod kinds;
mod looks;
mod memory;
mod overtaking;
mod places;
pub mod process;
mod processes;
mod readers;
mod records;
mod refusals;
mod room;
mod scanning;
mod strangers;
mod sweeping;
mod temporary;
mod together;
mod unpacked;
mod unrecorded;
mod zips;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use entente_application::Centre;
use entente_application::ports::{CaseLog, Position};
use entente_domain::{CaseId, ObjectId};
use entente_tests::sqlite;
use entente_tests::story::Table;
use entente_tests::world::{Hand, Reply, World};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tower::ServiceExt as _;

/// Bytes that are kept of an upload that is cut off: a whole number of these.
const SEGMENT: usize = 4 << 20;
/// An id of nothing.
const NOWHERE: &str = "5a0e3f8c-8d5b-4f55-9f0c-6a1f3ed7a111";

/// A table, and a way to ask with any headers and any bytes; what lies behind the router may be changed.
struct Desk {
    table: Table,
    router: Router,
    folder: PathBuf,
}

/// All that a refused document must leave as it was.
#[derive(Debug, PartialEq, Eq)]
struct Traces {
    head: Position,
    rows: BTreeSet<ObjectId>,
    stored: BTreeSet<ObjectId>,
}

impl Desk {
    /// An open table.
    async fn open() -> Self {
        let folder = sqlite::folder();
        let url = sqlite::url(folder.path());
        Self::on(folder, &url).await
    }

    /// The same on a database.
    async fn on(folder: TempDir, url: &str) -> Self {
        let path = folder.path().to_owned();
        let table = Table::open(World::on(folder, url).await).await;
        Self { router: table.world.router(), table, folder: path }
    }

    /// The same with something else behind the router.
    fn with(mut self, change: impl FnOnce(&mut Centre)) -> Self {
        let mut centre = self.table.world.centre.clone();
        change(&mut centre);
        self.router = entente_web::router(centre);
        self
    }

    /// Asks below the case.
    async fn ask(
        &self,
        hand: &Hand,
        method: Method,
        below: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Reply {
        let request = Request::builder().method(method).uri(format!("{}/{below}", self.table.path));
        let request = request.header("authorization", format!("Bearer {}", hand.token)).header("accept-language", "en");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let response = self.router.clone().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Announces an upload under a key; the same key is the same upload.
    async fn announce(&self, hand: &Hand, key: &str, announced: Value) -> Reply {
        let key = digest(key.as_bytes());
        let headers = [("content-type", "application/json"), ("idempotency-key", &key)];
        self.ask(hand, Method::POST, "uploads", &headers, announced.to_string()).await
    }

    /// Announces a file; the path of the upload below the case.
    async fn begin(&self, hand: &Hand, discussion: &str, name: &str, size: usize) -> String {
        let announced = json!({"discussion": discussion, "name": name, "size": size});
        let begun = self.announce(hand, &format!("{name} of {size}"), announced).await.ok();
        assert_eq!((&begun["received"], &begun["complete"]), (&json!(0), &json!(false)), "{begun}");
        format!("uploads/{}", begun["upload"].as_str().unwrap())
    }

    /// Sends bytes from an offset on.
    async fn put(&self, hand: &Hand, upload: &str, offset: usize, bytes: impl Into<Body>) -> Reply {
        self.ask(hand, Method::PUT, upload, &[("upload-offset", &offset.to_string())], bytes).await
    }

    /// Lays an upload on the table.
    async fn submit(&self, hand: &Hand, upload: &str) -> Reply {
        let upload = upload.rsplit('/').next().unwrap();
        let headers = [("content-type", "application/json"), ("idempotency-key", upload)];
        let body = json!({"upload": upload, "class": "drawn_up"}).to_string();
        self.ask(hand, Method::POST, "documents", &headers, body).await
    }

    /// Announces, sends and submits in one go: the first answer that is a refusal, or the submission's.
    async fn bring(&self, hand: &Hand, discussion: &str, name: &str, bytes: &[u8]) -> Reply {
        let announced = json!({"discussion": discussion, "name": name, "size": bytes.len()});
        let begun = self.announce(hand, &format!("{name} of {}", digest(bytes)), announced).await;
        if !begun.status.is_success() {
            return begun;
        }
        let upload = format!("uploads/{}", begun.json()["upload"].as_str().unwrap());
        let brought = self.put(hand, &upload, 0, bytes.to_vec()).await;
        if brought.status.is_success() { self.submit(hand, &upload).await } else { brought }
    }

    /// The same, of what must be taken in; the item.
    async fn lay(&self, hand: &Hand, audience: &str, name: &str, bytes: &[u8]) -> String {
        let discussion = self.table.discussion(hand, audience).await;
        self.bring(hand, &discussion, name, bytes).await.ok()["item"].as_str().unwrap().to_owned()
    }

    /// Asks for the content of an item.
    async fn content(&self, hand: &Hand, item: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask(hand, Method::GET, &format!("items/{item}/content"), headers, Body::empty()).await
    }

    /// What there is of uploads, objects and events.
    async fn traces(&self) -> Traces {
        let centre = &self.table.world.centre;
        Traces {
            head: self.table.world.store().head().await.unwrap(),
            rows: centre.uploads.objects_of(self.case()).await.unwrap().into_iter().collect(),
            stored: self.stored().await,
        }
    }

    /// The objects of the vault in the data folder.
    async fn stored(&self) -> BTreeSet<ObjectId> {
        let objects = self.table.world.centre.vault.objects().await.unwrap();
        objects.into_iter().map(|(object, _)| object).collect()
    }

    fn case(&self) -> CaseId {
        CaseId(self.table.path.rsplit('/').next().unwrap().parse().unwrap())
    }
}

/// A text of this many bytes, of which no two lines are alike.
fn text(size: usize) -> Vec<u8> {
    let mut text = String::with_capacity(size + 100);
    for line in 1_u32.. {
        if text.len() >= size {
            break;
        }
        text.push_str(&format!("Line {line} of the annex to our contract of March.\n"));
    }
    text.truncate(size);
    text.into_bytes()
}

/// SHA-256 in small hexadecimal digits.
fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The upload at the end of a path.
fn named(upload: &str) -> ObjectId {
    ObjectId(upload.rsplit('/').next().unwrap().parse().unwrap())
}

/// Without what differs from answer to answer.
fn bare(mut reply: Reply) -> Reply {
    reply.headers.remove("date");
    reply
}

/// The files below a folder that hold one of these texts. A search of our own would take longer than all the rest.
fn found_in(folder: &Path, texts: &[&str]) -> Vec<String> {
    let texts = texts.iter().flat_map(|text| ["-e", text]);
    let found = Command::new("grep").args(["-r", "-l", "-a", "-F"]).args(texts).arg(folder).output().unwrap();
    assert!(found.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&found.stderr));
    String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
}
