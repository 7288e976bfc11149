//! Throw-away mail servers (aiosmtpd), each of one test, on a free loopback port, behaving as they are told.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::python::interpreter;

/// Where it is installed.
const ENVIRONMENT: &str = "aiosmtpd-1.4.6";

/// What is installed: the server, and an authority for its certificates.
const PACKAGES: [&str; 2] = ["aiosmtpd==1.4.6", "trustme==1.2.1"];

/// Ends with its standard input, also after a `kill -9` of the tests.
const SERVER: &str = include_str!("post_office/server.py");

/// What a server asks of whoever speaks with it, for as long as it lives.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// User and password that it wants.
    pub login: Option<(&'static str, &'static str)>,
    /// What it offers against listeners.
    pub tls: Tls,
    /// Whether it takes addresses in other scripts (SMTPUTF8).
    pub utf8: bool,
}

/// What a server offers against listeners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Nothing.
    #[default]
    None,
    /// STARTTLS.
    Starttls,
    /// TLS from the first byte.
    AtOnce,
}

/// A message that a server took.
#[derive(Clone, Debug)]
pub struct Received {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// Headers and text.
    pub bytes: Vec<u8>,
    /// When, in seconds since 1970.
    pub at: f64,
}

/// A running server.
pub struct PostOffice {
    port: u16,
    tls: Tls,
    place: tempfile::TempDir,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    process: Child,
}

impl PostOffice {
    /// A new one, which is up.
    ///
    /// # Panics
    /// If there is no server to be had; the message says what to do.
    pub fn open(behaviour: Behaviour) -> Self {
        let place = tempfile::tempdir().unwrap();
        let tls = match behaviour.tls {
            Tls::None => "none",
            Tls::Starttls => "starttls",
            Tls::AtOnce => "tls",
        };
        let login = behaviour.login.map(|(user, password)| [user, password]);
        let settings = json!({ "login": login, "tls": tls, "utf8": behaviour.utf8, "ca": place.path().join("ca.pem") });
        let mut process = Command::new(interpreter(ENVIRONMENT, &PACKAGES))
            .args(["-c", SERVER, &settings.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("the interpreter was found or installed");
        let orders = process.stdin.take().expect("standard input was asked for");
        let mut answers = BufReader::new(process.stdout.take().expect("standard output was asked for"));
        let mut line = String::new();
        answers.read_line(&mut line).expect("a pipe can be read");
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the mail server did not begin: {line:?}"));
        Self { port, tls: behaviour.tls, place, pipes: Mutex::new((orders, answers)), process }
    }

    /// Where letters are given up.
    pub fn url(&self) -> String {
        match self.tls {
            Tls::None => format!("smtp://127.0.0.1:{}", self.port),
            Tls::Starttls => format!("smtp://127.0.0.1:{}?starttls", self.port),
            Tls::AtOnce => format!("smtps://127.0.0.1:{}", self.port),
        }
    }

    /// Its port.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The certificate of its own authority.
    pub fn ca_file(&self) -> PathBuf {
        self.place.path().join("ca.pem")
    }

    /// All that it took.
    pub fn received(&self) -> Vec<Received> {
        let answer = self.tell("look", &Value::Null);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let received = answer["received"].as_array().unwrap().iter().map(|message| Received {
            from: text(&message["from"]),
            to: message["to"].as_array().unwrap().iter().map(text).collect(),
            bytes: STANDARD.decode(text(&message["bytes"])).unwrap(),
            at: message["at"].as_f64().unwrap(),
        });
        received.collect()
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> u64 {
        self.tell("look", &Value::Null)["connections"].as_u64().unwrap()
    }

    /// The verbs that it was told, in order.
    pub fn commands(&self) -> Vec<String> {
        let answer = self.tell("look", &Value::Null);
        answer["commands"].as_array().unwrap().iter().map(|verb| verb.as_str().unwrap().to_owned()).collect()
    }

    /// Stops listening and breaks every connection; its port stays its own.
    pub fn down(&self) {
        self.tell("down", &Value::Null);
    }

    /// Listens again, on the same port.
    pub fn up(&self) {
        self.tell("up", &Value::Null);
    }

    /// Breaks every connection, and takes new ones.
    pub fn hang_up(&self) {
        self.tell("hang_up", &Value::Null);
    }

    /// Puts off the first attempts for each recipient (450).
    pub fn greylist(&self, attempts: u32) {
        self.tell("greylisted", &attempts.into());
    }

    /// Takes nothing for a recipient (550).
    pub fn refuse(&self, recipient: &str) {
        self.tell("refuse", &recipient.into());
    }

    /// Waits before each answer.
    pub fn slow(&self, milliseconds: u64) {
        self.tell("slow", &milliseconds.into());
    }

    /// Waits before its last word on each message, which it has taken by then.
    pub fn think(&self, milliseconds: u64) {
        self.tell("think", &milliseconds.into());
    }

    /// Lets the next messages begin (354), and breaks the connection instead of reading them.
    pub fn drop_in_data(&self, messages: u32) {
        self.tell("drop_in_data", &messages.into());
    }

    /// Keeps the next messages, and breaks the connection instead of saying so.
    pub fn drop_after_data(&self, messages: u32) {
        self.tell("drop_after_data", &messages.into());
    }

    /// Answers the next command with this verb so, instead of doing it; `hang up` breaks the connection. `END` is the end
    /// of a message, which is then not taken.
    pub fn answer(&self, verb: &str, line: &str) {
        self.tell("answer", &json!([verb, line]));
    }

    fn tell(&self, order: &str, value: &Value) -> Value {
        let (orders, answers) = &mut *self.pipes.lock().unwrap();
        writeln!(orders, "{}", json!({ "do": order, "value": value })).expect("the server listens");
        let mut line = String::new();
        answers.read_line(&mut line).expect("a pipe can be read");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("the mail server does not answer: {line:?}"))
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        // It holds nothing that it could lose.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
