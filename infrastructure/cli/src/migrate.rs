//! `entente migrate`: creates the database's schema or brings it up to date.

use std::process::ExitCode;

use entente_application::ports::StoreError;
use entente_store::Store;
use serde_json::json;

use crate::failure::Failure;
use crate::language::Language;
use crate::masking::masked;
use crate::output;
use crate::settings::Settings;
use crate::world;

/// How to say what was done.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  entente migrate\n  entente migrate --database postgres://entente@localhost/entente"
)]
pub struct Args {
    /// Say it in JSON
    #[arg(long)]
    json: bool,
}

/// Migrates, and opens the database once to see that it can be served from.
///
/// # Errors
/// A database that does not answer, or that this program must not migrate.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    let options = world::store_settings(settings);
    world::private_folder(&settings.data_dir)?;
    let changed = match Store::open(&options).await {
        Ok(store) => {
            store.close().await;
            false
        }
        // What is not there or not up to date looks misconfigured; what remains so after migrating is.
        Err(StoreError::Misconfigured(_)) => {
            Store::open_and_migrate(&options).await?.close().await;
            true
        }
        Err(error) => return Err(error.into()),
    };
    let database = masked(&settings.database);
    if args.json {
        output::json(&json!({ "database": database, "migrated": changed }))?;
    } else {
        output::data(&match (settings.language, changed) {
            (Language::English, true) => format!("The schema of {database} has been created or brought up to date."),
            (Language::English, false) => format!("The schema of {database} was up to date already."),
            (Language::French, true) => format!("Le schéma de {database} a été créé ou mis à jour."),
            (Language::French, false) => format!("Le schéma de {database} était déjà à jour."),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}
