//! `entente facts`: the facts that figures count, as a file for other programs: one row a case, no content, no names.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use entente_application::Centre;
use entente_projections::figures::Question;

use crate::data_file;
use crate::fact_file::FactFile;
use crate::failure::Failure;
use crate::output::{self, Sink};
use crate::report::Which;
use crate::settings::Settings;
use crate::{replay, world};

/// Which facts, and in which form.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  entente facts --output facts.csv\n  entente facts --as-of 14000 --format sqlite --output facts.db\n  \
                        entente facts --cohort 2025 --format parquet --output facts-2025.parquet\n\n\
                        The file is of single cases: it is for the centre's own analysts and auditors, and is not published. \
                        What its columns mean, and how to compute every figure from it: docs/figures.md. On PostgreSQL the role \
                        entente_analyst reads them as they are now in the view entente_facts.facts."
)]
pub struct Args {
    /// Of which cases.
    #[command(flatten)]
    which: Which,
    /// The form
    #[arg(long, value_enum, default_value_t = Format::Csv, conflicts_with = "json")]
    format: Format,
    /// Print JSON, one line a case
    #[arg(long)]
    json: bool,
    /// Write to a new file instead of standard output
    #[arg(long, value_name = "FILE", required_if_eq("format", "sqlite"))]
    output: Option<PathBuf>,
}

/// The form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values.
    Csv,
    /// One line of JSON a case.
    Json,
    /// Columns, as Apache Parquet stores them.
    Parquet,
    /// A SQLite database with one table, `facts`.
    Sqlite,
}

/// Writes the file.
///
/// # Errors
/// What has not come yet, an output that cannot be written, a damaged log, or a store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    args.output.as_deref().map_or(Ok(()), output::must_be_new)?;
    let form = match (args.json, args.format) {
        (true, _) | (false, Format::Json) => Some(data_file::Format::Lines),
        (false, Format::Csv) => Some(data_file::Format::Csv),
        (false, Format::Parquet) => Some(data_file::Format::Parquet),
        (false, Format::Sqlite) => None,
    };
    world::with_centre(settings, async |centre: &Centre| {
        let working = replay::working(settings);
        let question = args.which.question(centre, settings).await?;
        let written = match (form, &args.output) {
            (None, Some(path)) => centre.facts.facts_table(path, question).await?,
            (form, path) => {
                let form = form.unwrap_or(data_file::Format::Csv);
                write(centre, question, form, Sink::to(path.as_deref())?).await?
            }
        };
        drop(working);
        let cases = settings.language.count(written);
        output::talk(&settings.language.pick(format!("{cases} cases"), format!("{cases} affaires")));
        Ok(())
    })
    .await
    .map(|()| ExitCode::SUCCESS)
}

async fn write(centre: &Centre, question: Question, form: data_file::Format, sink: Sink) -> Result<u64, Failure> {
    let mut file = FactFile::new(form, question.as_of, sink.writer())?;
    let (mut written, mut failed) = (0, None);
    let facts = centre.facts_of(question, |fact| {
        if failed.is_none() {
            failed = file.push(&fact).err();
            written += 1;
        }
    });
    facts.await?;
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(file.finish().map(|_| written)?),
    }
}
