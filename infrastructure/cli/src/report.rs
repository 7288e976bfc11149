//! `entente report`: the figures as they may be published, or as they are for the centre's own staff, with everything that they
//! stand on.

mod bar;
mod charts;
mod columns;
mod drawing;
mod funnel;
mod html;
mod notes;
mod page;
mod rows;
mod said;
#[cfg(test)]
pub mod samples;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use entente_application::queries::AsOf;
use entente_application::{Centre, CentreError, follow};
use entente_projections::figures::{By, Code, Days, Dimension, Question, Report, Scope, Standing};
use serde::Serialize;
use uuid::Uuid;

use crate::failure::Failure;
use crate::output::{self, Side, Sink};
use crate::settings::Settings;
use crate::{data_file, explanation, replay, world};

/// Which figures, as of when, for whom and how.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente report --staff\n  entente report --period 2026 --by year,sector\n  \
                  entente report --as-of 14000 --json\n  entente report --cohort 2025 --format html --output figures.html\n  \
                  entente report --explain SR1 --as-of 14000\n\n\
                  Without --staff a report is a publication: cells that would tell of too few cases are left out, it is on \
                  record, and one that would uncover something beside an earlier one is refused. The same position gives the \
                  same figures at any later time. What each means: docs/figures.md. Whether a published percentage can be \
                  right: entente percentage.")]
pub struct Args {
    /// Of which cases.
    #[command(flatten)]
    which: Which,
    /// Show these tables beside the total; year,channel if not said, and all of them in a file for programs
    #[arg(long, value_name = "BREAKDOWN", value_delimiter = ',', value_parser = dimension)]
    by: Vec<Dimension>,
    /// The centre's own view: nothing is left out, nothing is put on record
    #[arg(long)]
    staff: bool,
    /// List the cases behind a figure, such as SR1, by the ids under which they are counted
    #[arg(long, value_name = "CODE", value_parser = code, conflicts_with = "by")]
    explain: Option<Code>,
    /// The form
    #[arg(long, value_enum, default_value_t = Format::Text, conflicts_with = "json")]
    format: Format,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Write to a new file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Of which cases, as of when.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Of the cases that closed on these days in Paris: 2026, 2026-03, 2026-01..2026-06, 2026-01-15..2026-02-14
    #[arg(long, value_name = "DAYS", value_parser = days, conflicts_with = "cohort")]
    period: Option<Days>,
    /// Of the cases that were registered on these days
    #[arg(long, value_name = "DAYS", value_parser = days)]
    cohort: Option<Days>,
    /// Only up to and with a position of the log, or a time with its distance from UTC
    #[arg(long, value_name = "POSITION|TIME", value_parser = replay::as_of)]
    as_of: Option<AsOf>,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For programs, all of it.
    Json,
    /// One line a figure.
    Csv,
    /// A page with charts.
    Html,
    /// One row a figure, in columns.
    Parquet,
}

impl Which {
    /// The question, once the facts have come as far as the log.
    ///
    /// # Errors
    /// What has not come yet, a damaged log, or a store that cannot.
    pub async fn question(&self, centre: &Centre, settings: &Settings) -> Result<Question, Failure> {
        let scope = match (self.period, self.cohort) {
            (Some(days), _) => Scope::Period(days),
            (None, Some(days)) => Scope::Cohort(days),
            (None, None) => Scope::All,
        };
        let question = centre.question(scope, self.as_of).await;
        let question = match (question, self.as_of) {
            (Err(CentreError::NotComeYet), Some(AsOf::Position(position))) if position > centre.log.head().await? => {
                return Err(replay::beyond(position, centre.log.head().await?, settings));
            }
            (Err(CentreError::NotComeYet), _) => return Err(to_come(settings)),
            (question, _) => question?,
        };
        let mut follower = follow::Follower::live(centre, follow::Projection::Facts).await?;
        follower.catch_up(None).await?;
        Ok(question)
    }
}

fn to_come(settings: &Settings) -> Failure {
    Failure::usage(settings.language.pick(
        "this date has not come yet, or the period has not begun; ask about one that has",
        "cette date n’est pas encore venue, ou la période n’a pas commencé ; demandez-en une qui l’est",
    ))
}

/// Reports.
///
/// # Errors
/// As [`Which::question`]; figures that would uncover something beside published ones; an output that cannot be written.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    // What cannot be written is said before anything is published; made it is once there is something to write.
    args.output.as_deref().map_or(Ok(()), output::must_be_new)?;
    world::with_centre(settings, async |centre: &Centre| {
        let working = replay::working(settings);
        let question = args.which.question(centre, settings).await?;
        if let Some(code) = args.explain {
            return explained(centre, question, code, &args, settings).await;
        }
        let mut report = match args.staff {
            true => centre.report(question).await?,
            false => published(centre, question, &args, settings).await?,
        };
        drop(working);
        if !args.by.is_empty() {
            report.keep(&args.by);
        }
        write(&report, &args, settings)
    })
    .await
    .map(|()| ExitCode::SUCCESS)
}

/// The newest report that may be published, if no position is named.
async fn published(centre: &Centre, question: Question, args: &Args, settings: &Settings) -> Result<Report, Failure> {
    let report = match args.which.as_of {
        Some(_) => centre.publish(question, None).await,
        None => centre.publish_newest(question.scope, None).await,
    };
    report.map_err(|error| match error {
        CentreError::WouldUncover { .. } => Failure::usage(settings.language.pick(
            format!(
                "{error}; ask for that one, or again when the two differ by more, or see the centre's own view with --staff"
            ),
            format!(
                "rapprochés d’un rapport déjà publié, ces chiffres révéleraient trop peu d’affaires ({error}) ; demandez \
                 celui-là, revenez quand ils différeront davantage, ou voyez ceux du centre avec --staff"
            ),
        )),
        error => error.into(),
    })
}

fn write(report: &Report, args: &Args, settings: &Settings) -> Result<(), Failure> {
    let sink = Sink::to(args.output.as_deref())?;
    let format = if args.json { Format::Json } else { args.format };
    match format {
        Format::Text => {
            let all = By::ALL.into_iter().filter(|by| *by != By::Nothing);
            let tables: Vec<By> = match args.by.as_slice() {
                [] => vec![By::One(Dimension::Year), By::One(Dimension::Channel)],
                by => all.filter(|table| table.dimensions().iter().all(|dimension| by.contains(dimension))).collect(),
            };
            sink.text(&text::report(report, &tables, settings.language))
        }
        Format::Json => sink.json(report),
        Format::Csv => in_rows(report, data_file::Format::Csv, sink),
        Format::Html => {
            let page = html::report(report, settings.language);
            sink.text(page.map_err(|error| Failure::unable(error.to_string()))?.trim_end())
        }
        Format::Parquet => in_rows(report, data_file::Format::Parquet, sink),
    }
}

fn in_rows(report: &Report, format: data_file::Format, sink: Sink) -> Result<(), Failure> {
    rows::write(report, format, sink.writer()).map(drop).map_err(Failure::from)
}

/// A case behind a figure, as a program reads it.
#[derive(Serialize)]
struct Line {
    /// The case, by the id under which it is counted.
    case: Uuid,
    /// `k` (counted, and in the numerator), `n` (counted), or why it is left out.
    place: String,
}

async fn explained(
    centre: &Centre,
    question: Question,
    code: Code,
    args: &Args,
    settings: &Settings,
) -> Result<(), Failure> {
    let mut lines = Vec::new();
    centre
        .explain(question, code, |placed| {
            let place = match placed.standing {
                Standing::Counted { hit: true, .. } => "k".to_owned(),
                Standing::Counted { hit: false, .. } => "n".to_owned(),
                Standing::Excluded(why) => explanation::reason(why),
            };
            lines.push(Line { case: placed.pseudonym, place });
        })
        .await?;
    let sink = Sink::to(args.output.as_deref())?;
    if args.json || args.format == Format::Json {
        return sink.json(&lines);
    }
    let mut text = vec![explanation::head(code, question, settings.language)];
    let rows: Vec<_> = lines.iter().map(|line| vec![line.case.to_string(), line.place.clone()]).collect();
    text.extend(output::columns(&[Side::Left, Side::Left], &rows));
    text.push(explanation::sums(lines.iter().map(|line| line.place.as_str()), settings.language));
    sink.text(&text.join("\n"))
}

fn days(text: &str) -> Result<Days, String> {
    Days::parse(text).map_err(|error| error.to_string())
}

fn dimension(name: &str) -> Result<Dimension, String> {
    let known = || format!("figures are split by {}", Dimension::ALL.map(Dimension::name).join(", "));
    Dimension::parse(name).ok_or_else(known)
}

fn code(name: &str) -> Result<Code, String> {
    let known = || {
        let names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        format!("the figures are {}", names.join(", "))
    };
    Code::parse(name).ok_or_else(known)
}
