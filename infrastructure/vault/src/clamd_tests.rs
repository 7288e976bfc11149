//! A clamd that says what a test tells it to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use bytes::Bytes;
use entente_domain::ObjectId;
use futures::stream;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixListener};

use super::*;

/// Speaks zINSTREAM once, and gives back what it was sent.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, answer: &str) -> Vec<u8> {
    let mut command = [0; 10];
    stream.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let Ok(length) = stream.read_u32().await else { return content };
        if length == 0 {
            stream.write_all(answer.as_bytes()).await.unwrap();
            return content;
        }
        let mut chunk = vec![0; length as usize];
        stream.read_exact(&mut chunk).await.unwrap();
        content.extend(chunk);
    }
}

async fn listening() -> (TcpListener, Clamd) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let clamd = Clamd::parse(&listener.local_addr().unwrap().to_string()).unwrap();
    (listener, clamd)
}

async fn asked(answer: &'static str) -> (Result<Verdict, VaultError>, Vec<u8>) {
    let (listener, clamd) = listening().await;
    let daemon = tokio::spawn(async move { serve(listener.accept().await.unwrap().0, answer).await });
    let verdict = clamd.scan(pieces(3)).await;
    (verdict, daemon.await.unwrap())
}

/// Pieces that are larger than a chunk of the protocol.
fn pieces(count: u8) -> Content {
    stream::iter((0..count).map(|piece| Ok(Bytes::from(vec![piece; CHUNK + 1])))).boxed()
}

#[tokio::test]
async fn a_document_is_streamed_as_a_whole_and_found_clean() {
    let (verdict, seen) = asked("stream: OK\0").await;
    assert_eq!(verdict.unwrap(), Verdict::Clean);
    assert_eq!(seen, [vec![0; CHUNK + 1], vec![1; CHUNK + 1], vec![2; CHUNK + 1]].concat());
}

#[tokio::test]
async fn what_is_found_is_infected() {
    let (verdict, _) = asked("stream: Win.Test.EICAR_HDB-1 FOUND\0").await;
    assert_eq!(verdict.unwrap(), Verdict::Infected);
}

#[tokio::test]
async fn anything_unclear_is_no_verdict_and_is_not_repeated() {
    for answer in [
        "",
        "stream: Secret: not OK ERROR\0",
        "stream: OK?\0",
        "OK\0",
        "stream: \0",
        "UNKNOWN COMMAND\0",
        "stream: OK\0more",
    ] {
        let (verdict, _) = asked(answer).await;
        let VaultError::Unavailable(words) = verdict.unwrap_err() else { panic!("{answer}") };
        assert!(!words.contains("Secret"), "{words}");
    }
}

#[tokio::test]
async fn a_document_that_is_too_large_for_it_is_a_matter_of_settings() {
    let (verdict, _) = asked("INSTREAM size limit exceeded. ERROR\0").await;
    assert!(matches!(verdict, Err(VaultError::Misconfigured(_))), "{verdict:?}");
}

#[tokio::test]
async fn a_daemon_that_hangs_up_gives_no_verdict() {
    let (listener, clamd) = listening().await;
    tokio::spawn(async move { drop(listener.accept().await) });
    let verdict = clamd.scan(pieces(100)).await;
    assert!(matches!(verdict, Err(VaultError::Unavailable(_))), "{verdict:?}");
}

#[tokio::test]
async fn a_daemon_that_is_not_there_gives_no_verdict() {
    let (listener, clamd) = listening().await;
    drop(listener);
    let verdict = clamd.scan(pieces(1)).await;
    assert!(matches!(verdict, Err(VaultError::Unavailable(_))), "{verdict:?}");
}

#[tokio::test]
async fn a_daemon_that_says_nothing_is_not_waited_for_for_ever() {
    let (listener, clamd) = listening().await;
    let verdict = clamd.with_patience(Duration::from_millis(50)).scan(pieces(1)).await;
    assert!(matches!(verdict, Err(VaultError::Unavailable(_))), "{verdict:?}");
    drop(listener);
}

#[tokio::test]
async fn a_document_that_cannot_be_read_is_never_clean() {
    let (listener, clamd) = listening().await;
    let daemon = tokio::spawn(async move { serve(listener.accept().await.unwrap().0, "stream: OK\0").await });
    let object = ObjectId(uuid::Uuid::nil());
    let broken = pieces(1).chain(stream::iter([Err(VaultError::Missing(object))])).boxed();
    let verdict = clamd.scan(broken).await;
    assert!(matches!(verdict, Err(VaultError::Missing(_))), "{verdict:?}");
    daemon.await.unwrap();
}

#[tokio::test]
async fn a_socket_of_this_machine_is_spoken_to_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clamd.sock");
    let listener = UnixListener::bind(&path).unwrap();
    let daemon = tokio::spawn(async move { serve(listener.accept().await.unwrap().0, "stream: OK\0").await });
    let clamd = Clamd::parse(&format!("unix:{}", path.display())).unwrap();
    assert_eq!(clamd.scan(pieces(1)).await.unwrap(), Verdict::Clean);
    assert_eq!(daemon.await.unwrap().len(), CHUNK + 1);
}

#[test]
fn addresses_are_checked_before_anything_is_sent() {
    for (address, expected) in [
        ("localhost:3310", Address::Tcp("localhost:3310".to_owned())),
        ("tcp://[::1]:3310", Address::Tcp("[::1]:3310".to_owned())),
        ("unix:/run/clamd.sock", Address::Unix("/run/clamd.sock".to_owned())),
        ("unix:///run/clamd.sock", Address::Unix("/run/clamd.sock".to_owned())),
    ] {
        assert_eq!(Clamd::parse(address).unwrap().address, expected);
    }
    for address in
        ["", "localhost", ":3310", "localhost:clamd", "http://localhost:3310", "unix:clamd.sock", "/run/clamd"]
    {
        assert!(matches!(Clamd::parse(address), Err(VaultError::Misconfigured(_))), "{address}");
    }
}
