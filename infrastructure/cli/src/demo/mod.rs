//! `entente demo`: a whole mediation on a real service over HTTP, with what each of those at the table sees.

mod api;
mod cast;
mod child;
mod letterbox;
mod story;
mod teller;
mod views;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use self::api::Api;
use self::cast::Cast;
use self::child::Service;
use self::letterbox::Letterbox;
use self::words::Words;
use crate::failure::Failure;
use crate::output;
use crate::settings::Settings;

const EXAMPLE: &str = "\
Examples:
  entente demo
  entente demo --language fr
  entente demo --keep ./demo-data

Starts a service of its own on a free port of this machine, with an embedded database in a temporary folder, and stops
and removes both at the end. Nothing of yours is touched. Ends with an error if anything is not as it must be.";

/// Watch a whole mediation, from registration to settlement
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Args {
    /// Tell the story as JSON Lines
    #[arg(long)]
    json: bool,
    /// Keep the data in this folder, which must be new or empty
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

/// Tells the story.
///
/// # Errors
/// A service that does not start, or a step that does not hold.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    let words = Words::of(settings.language);
    let folder = Folder::make(args.keep.as_deref())?;
    let told = tokio::select! {
        told = tell(folder.path(), &words, args.json) => told,
        _ = tokio::signal::ctrl_c() => Err(Failure::unable("interrupted")),
    };
    let ended = folder.end();
    let case = told?;
    ended?;
    let last = match &args.keep {
        Some(kept) => format!("{} entente --data-dir {} replay {case}", words.kept, kept.display()),
        None => words.gone.to_owned(),
    };
    say(args.json, &format!("\n{last}"))?;
    Ok(ExitCode::SUCCESS)
}

/// What frames the story: part of the text, and no line of its JSON.
fn say(json: bool, text: &str) -> Result<(), Failure> {
    if json {
        output::talk(text);
        return Ok(());
    }
    output::data(text)
}

/// Prepares the folder, starts the service, plays, and stops the service; gives the case.
async fn tell(folder: &Path, words: &Words, json: bool) -> Result<String, Failure> {
    child::ask(folder, &["migrate", "--json"])?;
    let cast = Cast::gather(folder, words)?;
    let service = Service::start(folder)?;
    say(json, &format!("{} {}\n{}", words.title, service.address, words.intro))?;
    let api = Api::new(&service.address, words.language)?;
    let played = story::play(folder, &api, &cast, words, Letterbox::of(folder), json).await;
    let stopped = service.stop();
    let case = played?;
    stopped?;
    Ok(case)
}

/// Where the data lies: a folder that goes away, or one that stays.
enum Folder {
    Passing(tempfile::TempDir),
    Kept(PathBuf),
}

impl Folder {
    fn make(keep: Option<&Path>) -> Result<Self, Failure> {
        let Some(keep) = keep else {
            let made = tempfile::Builder::new().prefix("entente-demo-").tempdir();
            return made
                .map(Self::Passing)
                .map_err(|error| Failure::unable(format!("a temporary folder cannot be made: {error}")));
        };
        let kept = std::path::absolute(keep)
            .map_err(|error| Failure::usage(format!("{} is no path: {error}", keep.display())))?;
        crate::world::private_folder(&kept)?;
        let mut inside = kept
            .read_dir()
            .map_err(|error| Failure::usage(format!("{} cannot be looked into: {error}", kept.display())))?;
        if inside.next().is_some() {
            return Err(Failure::usage(format!("{} is not empty; name a new folder with --keep", kept.display())));
        }
        Ok(Self::Kept(kept))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Passing(folder) => folder.path(),
            Self::Kept(folder) => folder,
        }
    }

    fn end(self) -> Result<(), Failure> {
        match self {
            Self::Passing(folder) => {
                folder.close().map_err(|error| Failure::unable(format!("the temporary folder stays behind: {error}")))
            }
            Self::Kept(_) => Ok(()),
        }
    }
}
