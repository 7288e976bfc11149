//! `entente report`: the settlement rate, with everything that it stands on.

use std::process::ExitCode;

use entente_application::ports::Position;
use entente_application::{Centre, CentreError};
use entente_domain::CaseError;
use serde_json::json;

use crate::failure::Failure;
use crate::output;
use crate::settings::Settings;
use crate::{replay, report_text, world};

/// As of when.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  entente report\n  entente report --as-of 14000 --json\n  entente report --language fr\n\n\
                        The same position gives the same figures at any later time."
)]
pub struct Args {
    /// Only up to and with this position of the log
    #[arg(long, value_name = "POSITION")]
    as_of: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Reports.
///
/// # Errors
/// A position beyond the log, a damaged log, or a store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    world::with_centre(settings, async |centre: &Centre| {
        let as_of = args.as_of.map(Position);
        let working = replay::working(settings);
        let asked = centre.report(as_of).await;
        drop(working);
        let report = match (asked, as_of) {
            (Err(CentreError::Refused(CaseError::NotFound)), Some(position)) => {
                return Err(replay::beyond(position, centre.log.head().await?, settings));
            }
            (asked, _) => asked?,
        };
        if args.json {
            output::json(&json!({
                "settlement_rate": report.settlement_rate,
                "outcomes": report.outcomes,
                "filed": report.filed,
                "as_of": report.settlement_rate.as_of,
            }))
        } else {
            output::data(&report_text::report(&report, settings.language))
        }
    })
    .await
    .map(|()| ExitCode::SUCCESS)
}
