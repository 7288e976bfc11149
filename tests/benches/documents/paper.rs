//! The document that is sent: a file of random bytes, a case to lay it on the table of, and the way there and back.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use entente_tests::story::Table;
use entente_tests::world::World;
use reqwest::Method;
use reqwest::blocking::{Body, Client, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::Service;

/// A file, and a table that is open.
pub struct Paper {
    pub file: PathBuf,
    pub size: u64,
    digest: String,
    joint: String,
    table: Table,
}

impl Paper {
    /// Makes both, in a folder that is gone with them.
    pub async fn prepare(folder: TempDir, url: &str, size: u64) -> Self {
        let file = folder.path().join("paper.bin");
        // A text, by its first bytes and by all others: what is inspected is read to its end.
        let mut source = File::open("/dev/urandom").unwrap().take(size);
        io::copy(&mut source, &mut File::create(&file).unwrap()).unwrap();
        let world = World::on(folder, url).await;
        world.clock.set(jiff::Timestamp::now());
        let table = Table::open(world).await;
        let joint = table.discussion(&table.claimant, "joint").await;
        table.world.store().close().await;
        entente_vault::provide_tls();
        Self { digest: sha256(&file), file, size, joint, table }
    }

    /// Sends it and lays it on the table: the seconds that the sending took, and the item.
    pub fn up(&self, service: &Service, round: u64) -> (f64, String) {
        let name = format!("paper {round}.bin");
        let announced = json!({"discussion": self.joint, "name": name, "size": self.size});
        let begun =
            answer(self.ask(service, Method::POST, "uploads").header("idempotency-key", round).json(&announced));
        let upload = begun["upload"].as_str().unwrap();
        let body = Body::sized(File::open(&self.file).unwrap(), self.size);
        let start = Instant::now();
        let done = answer(self.ask(service, Method::PUT, &format!("uploads/{upload}")).body(body));
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(done["digest"], json!(self.digest), "{done}");
        let laid = answer(
            self.ask(service, Method::POST, "documents").json(&json!({"upload": upload, "class": "pre_existing"})),
        );
        (seconds, laid["item"].as_str().unwrap().to_owned())
    }

    /// Fetches it into a file: the seconds that took.
    pub fn down(&self, service: &Service, item: &str) -> f64 {
        let copy = self.file.with_extension("down");
        let start = Instant::now();
        let mut content = self.ask(service, Method::GET, &format!("items/{item}/content")).send().unwrap();
        let mut file = File::create(&copy).unwrap();
        assert_eq!(io::copy(&mut content, &mut file).unwrap(), self.size);
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(sha256(&copy), self.digest);
        std::fs::remove_file(&copy).unwrap();
        seconds
    }

    fn ask(&self, service: &Service, method: Method, below: &str) -> RequestBuilder {
        let client = Client::builder().no_proxy().timeout(None).build().unwrap();
        let url = format!("{}{}/{below}", service.address, self.table.path);
        client.request(method, url).bearer_auth(&self.table.claimant.token)
    }
}

fn answer(request: RequestBuilder) -> Value {
    let answer = request.send().unwrap();
    let (status, text) = (answer.status(), answer.text().unwrap());
    assert!(status.is_success(), "{status} {text}");
    serde_json::from_str(&text).unwrap()
}

fn sha256(file: &PathBuf) -> String {
    let output = Command::new("sha256sum").arg(file).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split_whitespace().next().unwrap().to_owned()
}
