//! ClamAV's daemon as a scanner: a document is streamed to it, and what it does not call clean is not clean.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use clamav_client::tokio::{Socket, Tcp, TransportProtocol, scan_stream};
use entente_application::ports::{Content, Scanner, VaultError, Verdict};
use futures::StreamExt as _;
use tokio::sync::Notify;
use tokio::time::timeout;

/// How long to wait for the connection.
const CONNECT: Duration = Duration::from_secs(10);

/// How long it may take nothing and answer nothing: it scans when it has all, and gives up after 120 s by itself.
const PATIENCE: Duration = Duration::from_secs(300);

/// Bytes per chunk of the protocol.
const CHUNK: usize = 256 * 1024;

/// A clamd. Its `StreamMaxLength` must be no less than the size of the largest document.
#[derive(Clone, Debug)]
pub struct Clamd {
    address: Address,
    patience: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Address {
    Tcp(String),
    Unix(String),
}

impl Clamd {
    /// The clamd at `host:port`, `tcp://host:port` or `unix:/path`; nothing is sent yet.
    pub fn parse(address: &str) -> Result<Self, VaultError> {
        let wrong = || VaultError::Misconfigured("the scanner's address must be host:port or unix:/path".to_owned());
        let address = match address.strip_prefix("unix:") {
            Some(path) => Address::Unix(path.strip_prefix("//").unwrap_or(path).to_owned()),
            None => Address::Tcp(address.strip_prefix("tcp://").unwrap_or(address).to_owned()),
        };
        let usable = match &address {
            Address::Unix(path) => path.starts_with('/'),
            Address::Tcp(address) => address
                .rsplit_once(':')
                .is_some_and(|(host, port)| !host.is_empty() && !host.contains('/') && port.parse::<u16>().is_ok()),
        };
        if usable { Ok(Self { address, patience: PATIENCE }) } else { Err(wrong()) }
    }

    /// The same with another patience: how long it may stand still.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    async fn ask<T: TransportProtocol>(&self, transport: T, content: Content) -> Result<Vec<u8>, VaultError> {
        let progress = Arc::new(Notify::new());
        let broken = Arc::new(Mutex::new(None));
        let (seen, kept) = (Arc::clone(&progress), Arc::clone(&broken));
        let content = content.map(move |piece| {
            seen.notify_one();
            piece.map_err(|error| {
                // The client passes on nothing but errors of the system: ours waits here for its return.
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                io::Error::other("the document could not be read")
            })
        });
        let stalled = async { while timeout(self.patience, progress.notified()).await.is_ok() {} };
        let answer = tokio::select! {
            answer = scan_stream(content, Patient(transport), Some(CHUNK)) => answer,
            () = stalled => Err(io::ErrorKind::TimedOut.into()),
        };
        answer.map_err(|error| {
            let ours = broken.lock().unwrap_or_else(PoisonError::into_inner).take();
            ours.unwrap_or_else(|| unanswered(&error))
        })
    }
}

#[async_trait]
impl Scanner for Clamd {
    async fn scan(&self, content: Content) -> Result<Verdict, VaultError> {
        let answer = match &self.address {
            Address::Tcp(address) => self.ask(Tcp { host_address: address.as_str() }, content).await?,
            Address::Unix(path) => self.ask(Socket { socket_path: path.as_str() }, content).await?,
        };
        verdict(&answer)
    }
}

/// A connection that is not waited for longer than is sensible.
struct Patient<T>(T);

impl<T: TransportProtocol> TransportProtocol for Patient<T> {
    type Stream = T::Stream;

    async fn connect(&self) -> io::Result<Self::Stream> {
        timeout(CONNECT, self.0.connect()).await?
    }
}

/// Word for word: an answer that merely holds `OK` somewhere does not count, and what is unclear is no verdict.
fn verdict(answer: &[u8]) -> Result<Verdict, VaultError> {
    let answer = answer.strip_suffix(b"\0").unwrap_or(answer).trim_ascii_end();
    match answer.strip_prefix(b"stream: ") {
        Some(b"OK") => Ok(Verdict::Clean),
        Some(found) if found.ends_with(b" FOUND") => Ok(Verdict::Infected),
        // The answer is not repeated, for it may name what was found.
        _ if answer.ends_with(b"size limit exceeded. ERROR") => Err(VaultError::Misconfigured(
            "the scanner takes no document as large as this: raise StreamMaxLength of clamd".to_owned(),
        )),
        _ => Err(VaultError::Unavailable("the scanner gave no clear answer".to_owned())),
    }
}

fn unanswered(error: &io::Error) -> VaultError {
    let hint = match error.kind() {
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => {
            ": it may be that StreamMaxLength of clamd is too small"
        }
        _ => "",
    };
    VaultError::Unavailable(format!("the scanner did not answer ({}){hint}", error.kind()))
}

#[cfg(test)]
#[path = "clamd_tests.rs"]
mod tests;
