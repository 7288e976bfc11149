//! A scanner between arrival and release: what it has not passed, nobody gets, and what it finds is gone.

use std::sync::Arc;

use axum::http::Method;
use entente_tests::clamd::EICAR;
use entente_vault::Clamd;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::*;

/// Speaks the protocol of clamd as far as a document needs it, finds EICAR, and tells how much it was sent.
async fn daemon(listener: TcpListener, scanned: mpsc::UnboundedSender<usize>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(scan(stream, scanned.clone()));
    }
}

async fn scan(mut stream: TcpStream, scanned: mpsc::UnboundedSender<usize>) {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = vec![];
    loop {
        let Ok(length) = stream.read_u32().await else { return };
        if length == 0 {
            break;
        }
        let mut chunk = vec![0; length as usize];
        if stream.read_exact(&mut chunk).await.is_err() {
            return;
        }
        content.extend(chunk);
    }
    let _ = scanned.send(content.len());
    let found = String::from_utf8_lossy(&content).contains(&EICAR.concat());
    let answer: &[u8] = if found { b"stream: Eicar-Test-Signature FOUND\0" } else { b"stream: OK\0" };
    let _ = stream.write_all(answer).await;
}

/// A desk with a scanner of this address.
pub(super) async fn scanned_by(address: &str) -> Desk {
    let scanner = Clamd::parse(address).unwrap();
    Desk::open().await.with(|centre| centre.scanner = Some(Arc::new(scanner)))
}

/// A scanner that takes all it is sent and says nothing: whoever asks it is between the last byte and the release.
pub(super) async fn silent_scanner(expected: usize) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let sent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut bytes, mut seen) = (vec![0; 1 << 16], 0);
        while seen < expected {
            seen += stream.read(&mut bytes).await.unwrap();
        }
        // Kept open until the other end is gone.
        tokio::spawn(async move { while stream.read(&mut bytes).await.is_ok_and(|read| read > 0) {} });
    });
    (address, sent)
}

async fn listening() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[tokio::test]
async fn what_the_scanner_passes_is_released_and_it_was_sent_all_of_it() {
    let (listener, address) = listening().await;
    let (tell, mut told) = mpsc::unbounded_channel();
    tokio::spawn(daemon(listener, tell));
    let desk = scanned_by(&address).await;
    for size in [1, SEGMENT, SEGMENT + 700_000] {
        let bytes = text(size);
        let item = desk.lay(&desk.table.claimant, "joint", &format!("{size}.txt"), &bytes).await;
        assert!(desk.content(&desk.table.respondent, &item, &[]).await.body == bytes);
        assert_eq!(told.recv().await, Some(size), "the scanner saw another document");
    }
}

#[tokio::test]
async fn malware_is_discarded_and_nothing_is_left_of_it() {
    let (listener, address) = listening().await;
    let (tell, _told) = mpsc::unbounded_channel();
    tokio::spawn(daemon(listener, tell));
    let desk = scanned_by(&address).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let before = desk.traces().await;
    let eicar = EICAR.concat();
    // Alone, and deep in a document that comes in two parts.
    for (name, bytes) in [
        ("eicar.txt", eicar.clone().into_bytes()),
        ("deep.txt", [text(SEGMENT + 9), eicar.clone().into_bytes()].concat()),
    ] {
        let upload = desk.begin(hand, &joint, name, bytes.len()).await;
        let from = if bytes.len() > SEGMENT { SEGMENT } else { 0 };
        if from > 0 {
            desk.put(hand, &upload, 0, bytes[..from].to_vec()).await.ok();
        }
        let found = desk.put(hand, &upload, from, bytes[from..].to_vec()).await;
        assert_eq!(found.problem(), (422, "malware".to_owned()), "{}", found.text());
        assert!(!found.text().contains("Eicar"), "what was found is the operator's to know: {}", found.text());
        assert_eq!(desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.problem().0, 404);
        assert_eq!(desk.submit(hand, &upload).await.problem().0, 404);
        assert_eq!(desk.traces().await, before);
    }
}

#[tokio::test]
async fn while_the_scanner_is_away_nothing_is_released_and_afterwards_it_is() {
    let (listener, address) = listening().await;
    drop(listener);
    let desk = scanned_by(&address).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(SEGMENT + 800);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    let head = desk.traces().await.head;
    let waits = desk.put(hand, &upload, 0, bytes.clone()).await;
    assert_eq!(waits.problem(), (503, "not-scanned".to_owned()));
    assert!(waits.headers.contains_key("retry-after"));
    let status = desk.ask(hand, Method::GET, &upload, &[], Body::empty()).await.ok();
    assert_eq!((&status["received"], &status["complete"]), (&json!(bytes.len()), &json!(false)));
    // It is all there, and nobody gets it: not even whoever sent it can lay it on the table.
    assert_eq!(desk.submit(hand, &upload).await.problem(), (409, "upload-incomplete".to_owned()));
    for other in [&desk.table.respondent, &desk.table.mediator] {
        assert_eq!(desk.ask(other, Method::GET, &upload, &[], Body::empty()).await.problem().0, 404);
    }
    assert_eq!(desk.put(hand, &upload, bytes.len(), vec![]).await.problem().1, "not-scanned");
    assert_eq!(desk.traces().await.head, head);
    let listener = TcpListener::bind(&address).await.unwrap();
    let (tell, mut told) = mpsc::unbounded_channel();
    tokio::spawn(daemon(listener, tell));
    let released = desk.put(hand, &upload, bytes.len(), vec![]).await.ok();
    assert_eq!((&released["complete"], &released["digest"]), (&json!(true), &json!(digest(&bytes))));
    assert_eq!(told.recv().await, Some(bytes.len()));
    let item = desk.submit(hand, &upload).await.ok();
    assert!(desk.content(&desk.table.respondent, item["item"].as_str().unwrap(), &[]).await.body == bytes);
}

#[tokio::test]
async fn a_scanner_that_talks_nonsense_has_passed_nothing() {
    for answer in ["", "stream: OK, mostly\0", "stream: INSTREAM size limit exceeded. ERROR\0", "UNKNOWN COMMAND\0"] {
        let (listener, address) = listening().await;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = [0; 4_096];
                // Until the end of the stream is announced, or it hangs up.
                while let Ok(read) = stream.read(&mut bytes).await
                    && read > 0
                    && !bytes[..read].ends_with(&[0; 4])
                {}
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        let desk = scanned_by(&address).await;
        let hand = &desk.table.claimant;
        let joint = desk.table.discussion(hand, "joint").await;
        let refused = desk.bring(hand, &joint, "annex.txt", &text(900)).await;
        assert_eq!(refused.problem(), (503, "not-scanned".to_owned()), "{answer}");
    }
}
