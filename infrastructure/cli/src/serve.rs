//! `entente serve`: the HTTP interface, and beside it the followers that keep the read models up to date, the clock and
//! the letters, the eraser and the sweeper.

use std::process::ExitCode;

use entente_application::Centre;
use entente_application::erasing;
use entente_application::follow::{self, Projection};
use entente_application::processes::{self, Process};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;
use crate::output;
use crate::settings::{Key, Settings};
use crate::{sweep, world};

/// How long letters that are being handed over are waited for at the end.
const FAREWELL: std::time::Duration = std::time::Duration::from_secs(10);

/// How to serve.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente serve\n  entente serve --listen 127.0.0.1:0 --data-dir ./data\n  \
                        entente serve --migrate --database postgres://entente@localhost/entente\n\n\
                        Ends when it gets SIGTERM or SIGINT, after what is under way has been answered.")]
pub struct Args {
    /// Bring the database's schema up to date first
    #[arg(long)]
    migrate: bool,
}

/// Serves until a signal comes.
///
/// # Errors
/// A database that is not ready, settings of letters that are wrong, or an address that is taken.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    let stop = CancellationToken::new();
    // Asked for before anything is open: a signal that comes early is not lost.
    stop_on_signal(&stop)?;
    // Before a database is opened or migrated for nothing.
    world::private_folder(&settings.data_dir)?;
    let post = settings.mail.post()?;
    let (centre, store) = world::centre(settings, args.migrate).await?;
    let centre = Centre { post, ..centre };
    let served = async {
        let listener = listen(settings).await?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::unable(format!("the address of the socket is not known: {error}")))?;
        let mut followers = JoinSet::new();
        for projection in Projection::ALL {
            followers.spawn(follow::run(centre.clone(), projection));
        }
        let holder = centre.dice.uuid();
        let mut managers = JoinSet::new();
        for process in Process::ALL {
            managers.spawn(processes::run(centre.clone(), process, holder, stop.clone().cancelled_owned()));
        }
        followers.spawn(erasing::run(centre.clone()));
        followers.spawn(sweep::hourly(centre.clone()));
        if output::data(&format!("entente is listening on http://{address}")).is_err() {
            // Nobody reads; that is no reason not to serve.
            tracing::info!(%address, "listening");
        }
        if !address.ip().is_loopback() {
            tracing::warn!(%address, "tokens travel in clear: put a proxy that speaks TLS in front");
        }
        let router = entente_web::router(centre.clone());
        let served = entente_web::serve(listener, router, stop.clone(), entente_web::Limits::default()).await;
        tracing::info!("no more requests; closing");
        // A batch that is cut off is rolled back, and done again at the next start; so is an erasure or a sweep.
        followers.shutdown().await;
        // A letter that is being handed over is worth a moment: cut off now, it might be sent twice.
        stop.cancel();
        let finished = async { while managers.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, finished).await.is_err() {
            tracing::warn!("a slow server is not waited for: others take up its letters once the lease has ended");
            managers.shutdown().await;
        }
        served.map_err(|error| Failure::unable(format!("the service stopped: {error}")))
    }
    .await;
    store.close().await;
    served.map(|()| ExitCode::SUCCESS)
}

async fn listen(settings: &Settings) -> Result<TcpListener, Failure> {
    TcpListener::bind(settings.listen).await.map_err(|error| {
        Failure::unable(format!(
            "{} of {} cannot be listened on ({error}); choose another with --listen",
            settings.listen,
            settings.origin(Key::Listen)
        ))
    })
}

/// The first signal asks for an orderly end, the second for an immediate one.
#[cfg(unix)]
fn stop_on_signal(stop: &CancellationToken) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};

    let listened = |kind| signal(kind).map_err(|error| Failure::unable(format!("signals cannot be heard: {error}")));
    let mut terminate = listened(SignalKind::terminate())?;
    let mut interrupt = listened(SignalKind::interrupt())?;
    let stop = stop.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if stop.is_cancelled() {
                tracing::warn!("told to stop twice: what is under way is cut off");
                // What was acknowledged is durable; what was not is rolled back.
                std::process::exit(130);
            }
            tracing::info!("told to stop: what is under way is answered first");
            stop.cancel();
        }
    });
    Ok(())
}

/// The same where there are no signals but Ctrl-C.
#[cfg(not(unix))]
fn stop_on_signal(stop: &CancellationToken) -> Result<(), Failure> {
    let stop = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
    });
    Ok(())
}
