//! Throw-away buckets: an S3-compatible server (moto) of the tests' own, on a free loopback port, gone when they are.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use entente_vault::Settings;

use crate::python::interpreter;

/// Where it is installed.
const ENVIRONMENT: &str = "moto-5.2.5";

/// What is installed: the server with the one part of it that is used. With a version, so that all test the same.
const PACKAGES: [&str; 3] = ["moto[s3]==5.2.5", "flask", "flask-cors"];

/// Serves for as long as its standard input is open: it ends with the tests, also after a `kill -9`.
const SERVER: &str = "
import logging, sys
from moto.server import ThreadedMotoServer
logging.disable(logging.INFO)
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
";

/// The server asks that somebody signs, and looks at no signature.
const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=tests/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00";

/// A running server.
struct Server {
    port: u16,
    /// Its standard input is all that it waits for.
    _child: Child,
}

/// A bucket of its own, empty at first, and how to look into it behind a vault's back.
pub struct Bucket {
    name: String,
    port: u16,
    client: reqwest::Client,
}

impl Bucket {
    /// A new one, in the server that all tests of this process share.
    ///
    /// # Panics
    /// If there is no server to be had; the message says what to do.
    pub async fn new() -> Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        let port = tokio::task::spawn_blocking(|| SHARED.get_or_init(Server::start).port).await.unwrap();
        entente_vault::provide_tls();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let bucket = Self { name: format!("b{}", uuid::Uuid::new_v4().simple()), port, client };
        bucket.ask(reqwest::Method::PUT, "", vec![]).await;
        bucket
    }

    /// The vault in it, below a prefix.
    pub fn settings(&self) -> Settings {
        Settings {
            url: format!("s3://{}/entente", self.name),
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: Some("us-east-1".to_owned()),
            access_key: Some("tests".to_owned()),
            secret_key: Some("tests".to_owned()),
        }
    }

    /// The names of all objects in it.
    ///
    /// # Panics
    /// If there are more than one answer can hold.
    pub async fn names(&self) -> Vec<String> {
        let listed = String::from_utf8(self.ask(reqwest::Method::GET, "?list-type=2", vec![]).await).unwrap();
        assert!(listed.contains("<IsTruncated>false<"), "{listed}");
        let keys = listed.split("<Key>").skip(1);
        keys.map(|rest| rest.split("</Key>").next().unwrap_or_default().to_owned()).collect()
    }

    /// What an object of it holds.
    pub async fn bytes(&self, name: &str) -> Vec<u8> {
        self.ask(reqwest::Method::GET, &format!("/{name}"), vec![]).await
    }

    /// Replaces an object.
    pub async fn write(&self, name: &str, bytes: Vec<u8>) {
        self.ask(reqwest::Method::PUT, &format!("/{name}"), bytes).await;
    }

    /// Takes an object away.
    pub async fn remove(&self, name: &str) {
        self.ask(reqwest::Method::DELETE, &format!("/{name}"), vec![]).await;
    }

    async fn ask(&self, method: reqwest::Method, below: &str, body: Vec<u8>) -> Vec<u8> {
        let url = format!("http://127.0.0.1:{}/{}{below}", self.port, self.name);
        let request = self.client.request(method, &url).header("authorization", SIGNED);
        let request = request.header("content-type", "application/octet-stream").body(body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{url}: {}", answer.status());
        answer.bytes().await.unwrap().to_vec()
    }
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(interpreter(ENVIRONMENT, &PACKAGES))
            .args(["-c", SERVER])
            // Whatever account the caller has with a cloud is not meant.
            .env("AWS_CONFIG_FILE", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the interpreter was found or installed");
        let mut line = String::new();
        let output = child.stdout.take().expect("standard output was asked for");
        BufReader::new(output).read_line(&mut line).expect("a pipe can be read");
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the S3 server did not begin: {line:?}"));
        Self { port, _child: child }
    }
}
