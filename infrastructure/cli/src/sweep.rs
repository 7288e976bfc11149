//! `entente sweep`: takes away uploads that nobody has gone on with; a service does the same every hour.

use std::process::ExitCode;
use std::time::Duration;

use entente_application::Centre;
use entente_application::documents::Swept;

use crate::failure::Failure;
use crate::language::Language;
use crate::output::{self, Side};
use crate::settings::Settings;
use crate::world;

/// When a service sweeps for the first time: not while it is still starting.
const FIRST: Duration = Duration::from_secs(60);
/// How long it rests then.
const REST: Duration = Duration::from_secs(60 * 60);

/// How to say what was done.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente sweep\n  entente sweep --json\n\n\
                        What an item names is never taken away, nor what was touched within the grace period (setting \
                        documents.grace). Twice is harmless. `entente serve` does the same every hour.")]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Sweeps once, and says what that did.
///
/// # Errors
/// A store or a vault that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    let swept = world::with_centre(settings, async |centre: &Centre| Ok(centre.sweep().await?)).await?;
    if args.json {
        output::json(&swept)?;
    } else {
        output::data(&text(swept, settings.language))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Sweeps for as long as the program runs. Only numbers are told to the log.
pub async fn hourly(centre: Centre) {
    tokio::time::sleep(FIRST).await;
    loop {
        match centre.sweep().await {
            Ok(Swept { uploads: 0, orphans: 0, kept: 0 }) => tracing::debug!("nothing to sweep"),
            Ok(Swept { uploads, orphans, kept }) => tracing::info!(uploads, orphans, kept, "swept"),
            Err(error) => tracing::warn!(%error, "sweeping waits"),
        }
        tokio::time::sleep(REST).await;
    }
}

fn text(swept: Swept, language: Language) -> String {
    let Swept { uploads, orphans, kept } = swept;
    let rows = [
        (uploads, "uploads taken away that nobody had gone on with", "dépôts abandonnés, retirés"),
        (orphans, "objects taken away that nothing knew of", "objets inconnus de tous, retirés"),
        (kept, "uploads kept that an item turned out to name", "dépôts conservés, car une pièce les nomme"),
    ];
    let rows =
        rows.map(|(count, english, french)| vec![language.count(count), language.pick(english, french).to_owned()]);
    output::columns(&[Side::Right, Side::Left], &rows).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_count_is_said_in_words() {
        let swept = Swept { uploads: 1_200, orphans: 0, kept: 3 };
        let said = text(swept, Language::English);
        assert!(said.starts_with("1,200  uploads taken away") && said.contains("\n    3  uploads kept"), "{said}");
        assert!(text(swept, Language::French).contains("0  objets inconnus"));
    }
}
