//! `entente import`: a centre brings its past cases, line by line, through the same door as everybody (docs/import.md).

mod document;
mod line;
mod names;
mod reader;
mod report;
mod source;
mod worker;

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use entente_application::erasing::Eraser;
use entente_application::follow::{Follower, Projection};
use entente_application::{Centre, CentreError};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use self::reader::Reader;
use self::report::{Collector, Summary};
use self::worker::Worker;
use crate::failure::{DIFFERS, Failure};
use crate::output;
use crate::settings::Settings;
use crate::world;

/// Lines that wait for one worker: enough to reach the cases of all others in a file that is sorted by case.
const LANE: usize = 256;
/// Bytes read from the file at a time.
const CHUNK: usize = 256 * 1024;

const EXAMPLE: &str = "\
Example:
  python3 docs/examples/casino_to_import.py casino.jsonl > past.jsonl
  entente import past.jsonl --refused refused.jsonl

Run it again after a kill or a correction: what is in the log already is not taken twice.
Exit code: 0 if every line is in the log, 1 if some were refused, 3 if it had to stop.
The format is described in docs/import.md.";

/// Bring past cases: JSON Lines of commands
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Args {
    /// The file; - for standard input
    file: PathBuf,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
    /// Write each refused line's number, id, code and reason here, as JSON Lines
    #[arg(long, value_name = "FILE")]
    refused: Option<PathBuf>,
    /// Write each line's case here once it is durable, as JSON Lines
    #[arg(long, value_name = "FILE")]
    receipts: Option<PathBuf>,
    /// How many cases are worked on at the same time
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..=256))]
    workers: u16,
}

/// Imports a file.
///
/// # Errors
/// A file that cannot be read, or a centre that cannot go on. Everything before is kept.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    let (input, length) = open(&args.file)?;
    let (centre, store) = world::centre(settings, false).await?;
    let imported = import(&args, &centre, input, length).await;
    store.close().await;
    let summary = imported?;
    Ok(if summary.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
}

type Input = Box<dyn BufRead + Send>;

fn open(path: &Path) -> Result<(Input, Option<u64>), Failure> {
    if path.as_os_str() == "-" {
        return Ok((Box::new(BufReader::with_capacity(CHUNK, io::stdin())), None));
    }
    let unreadable = |error: io::Error| Failure::usage(format!("{} cannot be read: {error}", path.display()));
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    if about.is_dir() {
        return Err(Failure::usage(format!("{} is a folder; name a file of JSON Lines", path.display())));
    }
    Ok((Box::new(BufReader::with_capacity(CHUNK, file)), about.is_file().then_some(about.len())))
}

/// The folder that the documents of the file's lines lie in; standard input has none.
fn folder(file: &Path) -> Result<Option<Arc<Path>>, Failure> {
    if file.as_os_str() == "-" {
        return Ok(None);
    }
    let folder = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let found = folder
        .canonicalize()
        .map_err(|error| Failure::usage(format!("the folder {} cannot be entered: {error}", folder.display())))?;
    Ok(Some(found.into()))
}

async fn import(args: &Args, centre: &Centre, input: Input, length: Option<u64>) -> Result<Summary, Failure> {
    let bar = bar(length, "import", "{bytes}/{total_bytes}");
    let mut collector = Collector::new(bar.clone(), args.refused.as_deref(), args.receipts.as_deref())
        .map_err(|error| Failure::usage(format!("a report file cannot be made: {error}")))?;
    let (reports, mut reported) = mpsc::channel(1_024);
    let folder = folder(&args.file)?;
    let mut workers = JoinSet::new();
    let mut lanes = Vec::new();
    for _ in 0..args.workers {
        let (lane, jobs) = mpsc::channel(LANE);
        lanes.push(lane);
        workers.spawn(Worker::new(centre.clone(), folder.clone()).run(jobs, reports.clone()));
    }
    let reader = Reader::new(input, lanes, reports, centre.names.clone());
    let (ended, end) = oneshot::channel();
    let runtime = Handle::current();
    // A thread of its own: standard input may keep it waiting for ever, and the program must be able to stop.
    std::thread::spawn(move || ended.send(reader.run(&runtime)));
    while let Some(report) = reported.recv().await {
        collector.take(&report).map_err(|error| {
            Failure::unable(format!("line {}: its report cannot be written: {error}", report.number))
        })?;
    }
    bar.finish_and_clear();
    let stopped = first_trouble(workers).await;
    let read = end.await.unwrap_or_else(|_| Err(io::Error::other("the reader stopped")));
    if let Ok(cases) = read {
        collector.summary.cases = cases;
    }
    if stopped.is_none() {
        follow(centre).await?;
        erase(centre).await;
    }
    if args.json {
        output::json(&collector.summary)?;
    } else {
        output::data(&collector.summary.text())?;
    }
    if let Some(trouble) = stopped {
        return Err(Failure::unable(format!("{trouble}; what came before is kept: run the same command again")));
    }
    read.map_err(|error| Failure::unable(format!("the file cannot be read to its end: {error}")))?;
    Ok(collector.summary)
}

/// Why the import stopped, if it did: the earliest line at which a worker could not go on.
async fn first_trouble(mut workers: JoinSet<Result<(), (u64, CentreError)>>) -> Option<String> {
    let mut first: Option<(u64, String)> = None;
    while let Some(ended) = workers.join_next().await {
        let trouble = match ended {
            Ok(Ok(())) => continue,
            Ok(Err((line, error))) => (line, format!("line {line}: {error}")),
            Err(error) => (u64::MAX, format!("a worker failed: {error}")),
        };
        if first.as_ref().is_none_or(|(line, _)| trouble.0 < *line) {
            first = Some(trouble);
        }
    }
    first.map(|(_, trouble)| trouble)
}

/// Brings the read models up to the head, so that lists and figures of a server that starts now are complete.
async fn follow(centre: &Centre) -> Result<(), CentreError> {
    let head = centre.log.head().await?;
    for projection in Projection::ALL {
        let bar = bar(Some(head.0), projection.name(), "{pos}/{len}");
        let mut follower = Follower::live(centre, projection).await?;
        while let Some(position) = follower.step(None).await? {
            bar.set_position(position.0);
        }
        bar.finish_and_clear();
    }
    Ok(())
}

/// Destroys what lines have erased. What cannot be reached now is destroyed by the next service.
async fn erase(centre: &Centre) {
    let erased = match Eraser::new(centre).await {
        Ok(mut eraser) => eraser.catch_up().await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = erased {
        tracing::warn!(%error, "erasing waits for a service to run");
    }
}

/// A progress bar on standard error; it shows on a terminal only.
fn bar(length: Option<u64>, what: &'static str, amount: &str) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), format!("{{msg:>9}} {{bar:40}} {amount} {{eta}}")),
        None => (ProgressBar::no_length(), "{msg:>9} {spinner} {bytes}".to_owned()),
    };
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style).with_message(what)
}
