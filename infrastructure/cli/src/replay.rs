//! `entente replay`: a case's whole history for an auditor, the whole log for a program, or a check of the read models.

use std::process::ExitCode;

use entente_application::ports::Position;
use entente_application::queries::AsOf;
use entente_application::{Centre, CentreError};
use entente_domain::visibility::Viewer;
use entente_domain::{CaseError, CaseId};
use entente_projections::history::{self, Line};
use serde::Serialize;

use crate::failure::Failure;
use crate::output::{self, Working};
use crate::settings::Settings;
use crate::{replay_check, replay_text, tick, world};

/// Entries read at a time.
const PAGE: u32 = 2_000;

/// What to replay.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente replay 3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11\n  \
                        entente replay 3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11 --as-of 2026-03-02T10:00:00+01:00 --json\n  \
                        entente replay --check\n  entente replay --all --json > log.jsonl\n\n\
                        Content is never shown. Who could see what, and who did: entente audit.")]
pub struct Args {
    /// One of these.
    #[command(flatten)]
    what: What,
    /// Only up to and with a position of the log, or a time with its distance from UTC
    #[arg(long, value_name = "POSITION|TIME", value_parser = as_of, conflicts_with = "check")]
    as_of: Option<AsOf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A case, the check, or everything.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// The case
    #[arg(value_name = "CASE")]
    case: Option<CaseId>,
    /// Rebuild every read model beside the live one and compare
    #[arg(long)]
    check: bool,
    /// The whole log, one line of JSON for each entry
    #[arg(long, requires = "json")]
    all: bool,
}

/// Replays.
///
/// # Errors
/// A case that is not there, a position beyond the log, a damaged log, or a store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    world::with_centre(settings, async |centre: &Centre| {
        if args.what.check {
            return replay_check::run(centre, settings.language, args.json).await;
        }
        within_the_log(centre, args.as_of, settings).await?;
        match args.what.case {
            Some(case) => one(centre, case, &args, settings).await?,
            None => all(centre, args.as_of).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
    .await
}

async fn one(centre: &Centre, case: CaseId, args: &Args, settings: &Settings) -> Result<(), Failure> {
    let lines = centre.history(case, Viewer::Operator, args.as_of).await.map_err(|error| match error {
        CentreError::Refused(CaseError::NotFound) => Failure::usage(match args.as_of {
            None => format!("there is no case {case} in this database; see `entente config` for which one it is"),
            Some(_) => format!("there was no case {case} yet, as of then"),
        }),
        error => error.into(),
    })?;
    if args.json {
        return output::json(&lines);
    }
    output::data(&replay_text::history(case, &lines, settings.language))
}

/// An entry with the case that it belongs to.
#[derive(Serialize)]
struct OfCase {
    case: CaseId,
    #[serde(flatten)]
    line: Line,
}

async fn all(centre: &Centre, as_of: Option<AsOf>) -> Result<(), Failure> {
    // A head that moves on meanwhile is not chased.
    let head = centre.log.head().await?;
    let end = match as_of {
        Some(AsOf::Position(position)) => position,
        _ => head,
    };
    let until = match as_of {
        Some(AsOf::Time(at)) => Some(at),
        _ => None,
    };
    let mut place = Position::default();
    while place < end {
        let page = centre.log.page(place, PAGE).await?;
        let Some(last) = page.last() else { break };
        place = last.position;
        let mut written = Vec::with_capacity(page.len());
        for recorded in page.iter().take_while(|recorded| recorded.position <= end) {
            if until.is_some_and(|until| recorded.entry.at > until) {
                continue;
            }
            let line = history::line(recorded.position.0, recorded.sequence, &recorded.entry);
            written.push(output::json_line(&OfCase { case: recorded.case, line })?);
        }
        if !written.is_empty() {
            output::data(&written.join("\n"))?;
        }
    }
    Ok(())
}

/// Refuses a position that the log has not reached: an answer as of then could change.
async fn within_the_log(centre: &Centre, as_of: Option<AsOf>, settings: &Settings) -> Result<(), Failure> {
    let Some(AsOf::Position(position)) = as_of else { return Ok(()) };
    let head = centre.log.head().await?;
    if position > head { Err(beyond(position, head, settings)) } else { Ok(()) }
}

/// The log is not as long as that.
pub fn beyond(position: Position, head: Position, settings: &Settings) -> Failure {
    let language = settings.language;
    let (position, head) = (language.count(position.0), language.count(head.0));
    Failure::usage(language.pick(
        format!("the log ends at position {head}; there is no position {position} yet"),
        format!("le journal s’arrête à la position {head} ; la position {position} n’existe pas encore"),
    ))
}

/// A position of the log, or an instant as RFC 3339 writes it.
pub fn as_of(text: &str) -> Result<AsOf, String> {
    match text.parse() {
        Ok(position) => Ok(AsOf::Position(Position(position))),
        Err(_) => tick::at(text).map(AsOf::Time).map_err(|error| format!("give a position of the log, or {error}")),
    }
}

/// Says that something long goes on.
pub fn working(settings: &Settings) -> Working {
    Working::on(settings.language.pick("reading the log", "lecture du journal"))
}
