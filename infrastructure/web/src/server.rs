//! The accept loop: a cap on connections, a limit on slow headers, and an end that lets running requests finish.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::call::Stop;
use crate::lingering::Lingering;

/// How long to wait when the machine has no more to give, such as file descriptors.
const EXHAUSTED: Duration = Duration::from_millis(200);
/// The most that is read ahead of a connection: no request's head is larger.
const BUFFER: usize = 64 * 1024;

/// What one process bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time; more wait to be accepted.
    pub connections: usize,
    /// How long a request's head may take, and how long a connection may stay idle between two requests.
    pub head: Duration,
    /// How long running requests may take to finish once the service is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 1_024, head: Duration::from_secs(15), drain: Duration::from_secs(20) }
    }
}

/// Serves until `stop` fires, then lets what is running finish.
///
/// # Errors
/// None at present; a connection that fails is its own matter.
pub async fn serve(listener: TcpListener, router: Router, stop: CancellationToken, limits: Limits) -> io::Result<()> {
    let router = router.layer(Extension(Stop(stop.clone())));
    let (places, running, abort) =
        (Arc::new(Semaphore::new(limits.connections)), TaskTracker::new(), CancellationToken::new());
    while let Some((stream, place)) = next(&listener, &stop, &places).await {
        let (router, stop, abort) = (router.clone(), stop.clone(), abort.clone());
        running.spawn(async move {
            connection(stream, router, limits.head, &stop, &abort).await;
            drop(place);
        });
    }
    drop(listener);
    running.close();
    if tokio::time::timeout(limits.drain, running.wait()).await.is_err() {
        tracing::warn!(connections = running.len(), "not everything finished in time");
        abort.cancel();
        running.wait().await;
    }
    Ok(())
}

type Accepted = (TcpStream, tokio::sync::OwnedSemaphorePermit);

/// The next connection, once there is a place for it; none when it is time to stop.
async fn next(listener: &TcpListener, stop: &CancellationToken, places: &Arc<Semaphore>) -> Option<Accepted> {
    let accepted = async {
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => return Some((stream, place)),
                Err(error) if is_theirs(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "cannot accept connections");
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
    };
    tokio::select! {
        biased;
        () = stop.cancelled() => None,
        accepted = accepted => accepted,
    }
}

/// Whether a connection broke before it was accepted, which is nothing to us.
fn is_theirs(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}

async fn connection(
    stream: TcpStream,
    router: Router,
    head: Duration,
    stop: &CancellationToken,
    abort: &CancellationToken,
) {
    // Answers are small and whole: waiting to fill a packet would only delay them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head).max_buf_size(BUFFER);
    let served = http.serve_connection(TokioIo::new(Lingering::new(stream)), TowerToHyperService::new(router));
    let mut served = std::pin::pin!(served);
    tokio::select! {
        ended = served.as_mut() => return tell(ended),
        () = stop.cancelled() => served.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        ended = served => tell(ended),
        () = abort.cancelled() => {}
    }
}

fn tell(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}
