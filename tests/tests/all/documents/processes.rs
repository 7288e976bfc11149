//! Two processes on one store, and one upload whose bytes come through both at the same instant: what is released is what
//! its digest says, and nobody is told that bytes are there which are not.

use std::sync::Arc;

use entente_tests::engines::Home;
use entente_tests::laws;
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

use super::kills::{Centre, answer};
use super::process::Service;
use super::*;

/// How often each race is run: on each store, with equal and with other bytes.
const ROUNDS: usize = 6;

/// A client that sends one upload through one of the processes.
struct Client<'a> {
    centre: &'a Centre,
    service: &'a Service,
    upload: &'a str,
    bytes: Arc<Vec<u8>>,
}

impl Client<'_> {
    /// Sends bytes from an offset on, all but the last of them at first, which comes when the other is as far.
    async fn send(&self, from: usize, to: usize, together: &Barrier) -> (u16, Value) {
        let address = self.service.address.strip_prefix("http://").unwrap();
        let (path, token) = (&self.centre.table.path, &self.centre.table.claimant.token);
        let head = format!(
            "PUT {path}/{} HTTP/1.1\r\nHost: entente\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\
             Upload-Offset: {from}\r\nContent-Length: {}\r\n\r\n",
            self.upload,
            to - from
        );
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut answered, mut sending) = stream.into_split();
        let part = [head.as_bytes(), &self.bytes[from..to]].concat();
        let (all_but_the_last, last) = part.split_at(part.len() - 1);
        // Whoever is refused early may find the connection shut: the answer says why.
        let _ = sending.write_all(all_but_the_last).await;
        together.wait().await;
        let _ = sending.write_all(last).await;
        let mut answer = vec![];
        let _ = answered.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer:?}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}")))
    }

    async fn status(&self) -> Value {
        let request = self.centre.asking(self.service, &self.centre.table.claimant, Method::GET, self.upload);
        let (status, told) = answer(request).await;
        assert_eq!(status, 200, "{told}");
        told
    }

    /// Goes on alone where the service says, until all is there or this client is told that it cannot.
    async fn finish(&self) -> Value {
        for _ in 0..20 {
            let told = self.status().await;
            let received = usize::try_from(told["received"].as_u64().unwrap()).unwrap();
            if told["complete"] == json!(true) {
                return told;
            }
            let client = self.centre.asking(self.service, &self.centre.table.claimant, Method::PUT, self.upload);
            let rest = self.bytes[received..].to_vec();
            plausible(&answer(client.header("upload-offset", received).body(rest)).await);
        }
        self.status().await
    }
}

/// Acknowledged, or refused for a reason that a client can go on from.
fn plausible((status, told): &(u16, Value)) -> bool {
    assert!([200, 404, 409, 422, 503].contains(status), "{status} {told}");
    *status == 200
}

/// A centre, two processes on its store, and an upload announced through the first.
struct Two {
    centre: Centre,
    services: [Service; 2],
}

impl Two {
    async fn open(home: Home) -> Self {
        let centre = Centre::open(home).await;
        let services = [centre.serve(&[]), centre.serve(&[])];
        Self { centre, services }
    }

    fn clients<'a>(&'a self, upload: &'a str, files: [&Arc<Vec<u8>>; 2]) -> [Client<'a>; 2] {
        [0, 1].map(|n| Client { centre: &self.centre, service: &self.services[n], upload, bytes: Arc::clone(files[n]) })
    }

    /// Submits through both at once; the bytes as each of the processes gives them to the other side.
    async fn submitted(&self, upload: &str) -> Vec<u8> {
        let [one, other] = &self.services;
        let laid = json!({"upload": upload.rsplit('/').next().unwrap(), "class": "drawn_up"});
        let submitting = |service| {
            let request = self.centre.asking(service, &self.centre.table.claimant, Method::POST, "documents");
            answer(request.header("idempotency-key", digest(upload.as_bytes())).json(&laid))
        };
        let (first, second) = tokio::join!(submitting(one), submitting(other));
        assert_eq!((first.0, second.0), (201, 201), "{first:?} {second:?}");
        assert_eq!(first.1["item"], second.1["item"], "one submission, one item");
        let item = first.1["item"].as_str().unwrap();
        let (first, second) = (self.centre.content(one, item).await, self.centre.content(other, item).await);
        assert!(first == second);
        first
    }
}

/// The same bytes, line for line, under another letter.
fn other(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| if *byte == b'L' { b'X' } else { *byte }).collect()
}

async fn the_whole_through_both_at_once_is_released_as_what_one_of_them_sent(home: Home) {
    let two = Two::open(home).await;
    for round in 0..2 * ROUNDS {
        let size = (round % 3) * SEGMENT + 70_000;
        let good = Arc::new(text(size));
        let bad = if round % 2 == 0 { Arc::clone(&good) } else { Arc::new(other(&good)) };
        let upload = two.centre.begin(&two.services[0], &format!("{round}.txt"), size).await;
        let clients = two.clients(&upload, [&good, &bad]);
        let together = Barrier::new(2);
        let (first, second) = tokio::join!(clients[0].send(0, size, &together), clients[1].send(0, size, &together));
        let told = format!("round {round}: {first:?} {second:?}");
        let acknowledged: Vec<_> = [(&first, &good), (&second, &bad)]
            .into_iter()
            .filter(|(answer, _)| plausible(answer))
            .map(|((_, told), sent)| (told, sent))
            .collect();
        for (answer, sent) in &acknowledged {
            assert_eq!((&answer["complete"], &answer["digest"]), (&json!(true), &json!(digest(sent))), "{told}");
        }
        if good != bad {
            assert_eq!(acknowledged.len(), 1, "one of the two is acknowledged: {told}");
        }
        let released = clients[0].finish().await;
        assert_eq!(released["complete"], json!(true), "{told}, then {released}");
        let content = two.submitted(&upload).await;
        assert_eq!(released["digest"], json!(digest(&content)), "what is given out is not what was released: {told}");
        for (_, sent) in acknowledged {
            assert!(content == **sent, "what was acknowledged is not what is there: {told}");
        }
    }
}

async fn each_segment_through_both_at_once_is_that_of_whoever_is_told_so(home: Home) {
    let two = Two::open(home).await;
    for round in 0..ROUNDS {
        let size = 2 * SEGMENT + 70_000;
        let good = Arc::new(text(size));
        let bad = if round % 3 == 0 { Arc::clone(&good) } else { Arc::new(other(&good)) };
        let upload = two.centre.begin(&two.services[0], &format!("{round}.txt"), size).await;
        let clients = two.clients(&upload, [&good, &bad]);
        let mut acknowledged: Vec<(usize, usize, Arc<Vec<u8>>)> = vec![];
        let mut told = vec![];
        for (from, to) in [(0, SEGMENT), (SEGMENT, 2 * SEGMENT), (2 * SEGMENT, size)] {
            let together = Barrier::new(2);
            let (first, second) =
                tokio::join!(clients[0].send(from, to, &together), clients[1].send(from, to, &together));
            let before = acknowledged.len();
            for (answer, client) in [(&first, &clients[0]), (&second, &clients[1])] {
                if plausible(answer) {
                    acknowledged.push((from, to, Arc::clone(&client.bytes)));
                }
            }
            told.push(format!("{from}: {first:?} {second:?}"));
            if good != bad {
                assert_eq!(acknowledged.len(), before + 1, "one of the two is acknowledged, round {round}: {told:?}");
            }
        }
        let released = clients[1].finish().await;
        assert_eq!(released["complete"], json!(true), "round {round}: {told:?}, then {released}");
        let content = two.submitted(&upload).await;
        assert_eq!(released["digest"], json!(digest(&content)), "round {round}: {told:?}");
        for (from, to, sent) in acknowledged {
            assert!(content[from..to] == sent[from..to], "round {round}, {from}: {told:?}");
        }
    }
}

laws!(
    the_whole_through_both_at_once_is_released_as_what_one_of_them_sent,
    each_segment_through_both_at_once_is_that_of_whoever_is_told_so,
);
