//! An upload that is cut off on a real connection: whole segments stay, nothing of the rest, and it goes on from there.

use std::time::Duration;

use axum::http::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// Something that must not be found anywhere.
const CANARY: &str = "a canary in the part that was cut off";

/// The desk's router on a port.
pub(super) async fn served(desk: &Desk) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let stop = Default::default();
    tokio::spawn(entente_web::serve(listener, desk.router.clone(), stop, entente_web::Limits::default()));
    address
}

/// The head of a request that sends bytes to an upload.
fn head(desk: &Desk, upload: &str, offset: usize, framing: &str) -> String {
    let (path, token) = (&desk.table.path, &desk.table.claimant.token);
    format!(
        "PUT {path}/{upload} HTTP/1.1\r\nHost: entente\r\nAuthorization: Bearer {token}\r\n\
         Upload-Offset: {offset}\r\n{framing}\r\n\r\n"
    )
}

/// The status of an upload once it has come so far, or as it is after a while.
async fn status(desk: &Desk, upload: &str, received: usize) -> Value {
    let mut status = Value::Null;
    for _ in 0..200 {
        status = desk.ask(&desk.table.claimant, Method::GET, upload, &[], Body::empty()).await.ok();
        if status["received"] == json!(received) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    status
}

/// Sends all that is left.
async fn go_on(desk: &Desk, upload: &str, from: usize, bytes: &[u8]) -> Value {
    desk.put(&desk.table.claimant, upload, from, bytes[from..].to_vec()).await.ok()
}

/// A document whose canary begins behind the first segment, and again near its end.
fn with_canaries(size: usize) -> Vec<u8> {
    let mut bytes = text(size);
    for at in [SEGMENT + 70_000, size - 70_000] {
        bytes[at..at + CANARY.len()].copy_from_slice(CANARY.as_bytes());
    }
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_an_upload_that_is_cut_off_whole_segments_stay_and_nothing_else() {
    for chunked in [false, true] {
        let desk = Desk::open().await;
        let address = served(&desk).await;
        let hand = &desk.table.claimant;
        let joint = desk.table.discussion(hand, "joint").await;
        let bytes = with_canaries(2 * SEGMENT + 300_000);
        let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
        let before = desk.table.world.store().head().await.unwrap();
        let sent = &bytes[..SEGMENT + SEGMENT / 2];
        let mut stream = TcpStream::connect(&address).await.unwrap();
        if chunked {
            // The chunk that is announced last is longer than what comes of it.
            stream.write_all(head(&desk, &upload, 0, "Transfer-Encoding: chunked").as_bytes()).await.unwrap();
            stream.write_all(format!("{SEGMENT:x}\r\n").as_bytes()).await.unwrap();
            stream.write_all(&sent[..SEGMENT]).await.unwrap();
            stream.write_all(format!("\r\n{SEGMENT:x}\r\n").as_bytes()).await.unwrap();
            stream.write_all(&sent[SEGMENT..]).await.unwrap();
        } else {
            let length = format!("Content-Length: {}", bytes.len());
            stream.write_all(head(&desk, &upload, 0, &length).as_bytes()).await.unwrap();
            stream.write_all(sent).await.unwrap();
        }
        drop(stream);
        let told = status(&desk, &upload, SEGMENT).await;
        assert_eq!((&told["received"], &told["complete"]), (&json!(SEGMENT), &json!(false)), "{told}");
        assert_eq!(told["segment"], json!(SEGMENT));
        // One file of one segment; no event; nothing to be read by anybody, and no word of it on the disk.
        let folder = desk.folder.join("documents").join(named(&upload).to_string());
        let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["00000000"]);
        assert_eq!(desk.table.world.store().head().await.unwrap(), before);
        assert!(!desk.table.sees(&desk.table.respondent, "annex.txt").await);
        assert_eq!(desk.submit(hand, &upload).await.problem(), (409, "upload-incomplete".to_owned()));
        assert_eq!(found_in(&desk.folder, &[CANARY, &CANARY[..18], &CANARY[18..]]), Vec::<String>::new());
        let done = go_on(&desk, &upload, SEGMENT, &bytes).await;
        assert_eq!((&done["complete"], &done["digest"]), (&json!(true), &json!(digest(&bytes))));
        let item = desk.submit(hand, &upload).await.ok();
        assert!(desk.content(&desk.table.respondent, item["item"].as_str().unwrap(), &[]).await.body == bytes);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_an_upload_that_is_cut_off_before_a_segment_is_full_nothing_stays() {
    let desk = Desk::open().await;
    let address = served(&desk).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(SEGMENT - 1);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let length = format!("Content-Length: {}", bytes.len());
    stream.write_all(head(&desk, &upload, 0, &length).as_bytes()).await.unwrap();
    stream.write_all(&bytes[..bytes.len() - 1]).await.unwrap();
    // Half closed: it can still hear what the service has to say, if it says anything.
    stream.shutdown().await.unwrap();
    let mut said = vec![];
    let _ = stream.read_to_end(&mut said).await;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.is_empty() || said.contains("cut-off"), "{said}");
    let told = status(&desk, &upload, 0).await;
    assert_eq!((&told["received"], &told["complete"]), (&json!(0), &json!(false)), "{told}");
    assert!(desk.stored().await.is_empty());
    let done = go_on(&desk, &upload, 0, &bytes).await;
    assert_eq!(done["complete"], true);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_is_cut_off_again_and_again_and_comes_to_its_end() {
    let desk = Desk::open().await;
    let address = served(&desk).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let bytes = text(3 * SEGMENT + 5);
    let upload = desk.begin(hand, &joint, "annex.txt", bytes.len()).await;
    for segments in 1..=3 {
        let from = (segments - 1) * SEGMENT;
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let length = format!("Content-Length: {}", bytes.len() - from);
        stream.write_all(head(&desk, &upload, from, &length).as_bytes()).await.unwrap();
        stream.write_all(&bytes[from..from + SEGMENT + 3]).await.unwrap();
        drop(stream);
        assert_eq!(status(&desk, &upload, segments * SEGMENT).await["received"], json!(segments * SEGMENT));
    }
    // From the wrong place it does not go on, and nothing is lost by trying.
    assert_eq!(desk.put(hand, &upload, SEGMENT, bytes[SEGMENT..].to_vec()).await.problem().1, "wrong-offset");
    let done = go_on(&desk, &upload, 3 * SEGMENT, &bytes).await;
    assert_eq!((&done["complete"], &done["digest"]), (&json!(true), &json!(digest(&bytes))));
    // The answer may have been lost on its way: asking again, from the end and with nothing, is harmless.
    assert_eq!(desk.put(hand, &upload, bytes.len(), vec![]).await.ok(), done);
    let anew = desk.announce(hand, "a new key", json!({"discussion": joint, "name": "annex.txt", "size": bytes.len()}));
    assert_eq!(anew.await.ok()["received"], 0, "a new key begins from scratch");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_heard_however_much_is_still_being_sent() {
    let desk = Desk::open().await;
    let address = served(&desk).await;
    let hand = &desk.table.claimant;
    let joint = desk.table.discussion(hand, "joint").await;
    let upload = desk.begin(hand, &joint, "annex.txt", 4 * SEGMENT).await;
    entente_vault::provide_tls();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (path, offset, status) in
        [(upload.clone(), "0", 422), (upload, "7", 409), (format!("uploads/{NOWHERE}"), "0", 404)]
    {
        let url = format!("http://{address}{}/{path}", desk.table.path);
        let request = client.put(url).bearer_auth(&hand.token).header("upload-offset", offset);
        let answer = request.body(text(5 * SEGMENT)).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{}", answer.text().await.unwrap());
    }
}
