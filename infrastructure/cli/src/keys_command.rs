//! `entente keys`: whether every key opens, another master key, and a copy of the one there is.

use std::path::PathBuf;
use std::process::ExitCode;

use entente_store::{KeyCount, Rotated, Store};
use serde_json::json;

use crate::failure::{DIFFERS, Failure};
use crate::language::Language;
use crate::output::{self, Side, Working};
use crate::settings::Settings;
use crate::world;

/// What to do with the keys.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente keys check\n  entente keys backup --to /media/safe/master.key\n  \
                        entente keys rotate\n\n\
                        The master key wraps a key for each case. Lost, nothing confidential can be read again.")]
pub struct Args {
    #[command(subcommand)]
    deed: Deed,
}

/// The deeds.
#[derive(Debug, clap::Subcommand)]
enum Deed {
    /// See whether the master key opens every key there is
    #[command(after_help = "Examples:\n  entente keys check\n  entente keys check --json\n\n\
                            Ends with 1 if a key does not open.")]
    Check(How),
    /// Make a new master key, and wrap every key by it; services that run may go on running
    #[command(
        after_help = "Examples:\n  entente keys backup --to /media/safe/master-2026.key && entente keys rotate\n\n\
                            Data folders on other machines need the new master.key before their services next need a \
                            key."
    )]
    Rotate(How),
    /// Copy the master key to a new file that only its owner can read
    #[command(after_help = "Examples:\n  entente keys backup --to /media/safe/master.key\n\n\
                            Keep the copy apart from those of the database: together they open everything.")]
    Backup(Backup),
}

/// In which form to say it.
#[derive(Clone, Copy, Debug, clap::Args)]
struct How {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Where to.
#[derive(Debug, clap::Args)]
struct Backup {
    /// The new file; one that exists is not overwritten
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    how: How,
}

/// Checks, rotates or copies.
///
/// # Errors
/// A master key that is missing or wrong, a file that exists, or a store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    match args.deed {
        Deed::Check(how) => check(how, settings).await,
        Deed::Rotate(how) => rotate(how, settings).await,
        Deed::Backup(backup) => copy(&backup, settings).await,
    }
}

async fn check(how: How, settings: &Settings) -> Result<ExitCode, Failure> {
    let language = settings.language;
    let store = Store::open(&world::store_settings(settings)).await?;
    let working = Working::on(language.pick("opening every key", "ouverture de chaque clé"));
    let counted = store.check_keys().await;
    drop(working);
    store.close().await;
    let count = counted?;
    let is_sound = count.broken.is_empty() && count.broken_documents.is_empty();
    if how.json {
        output::json(&json!({
            "cases": count.whole + count.punctured,
            "punctured": count.punctured,
            "destroyed": count.destroyed,
            "documents": count.documents,
            "broken": count.broken,
            "broken_documents": count.broken_documents,
        }))?;
    } else {
        output::data(&table(&count, language))?;
    }
    output::talk(match (language, is_sound) {
        (Language::English, true) => "Every key opens.",
        (Language::English, false) => {
            "Keys do not open: what they sealed cannot be read. Restore them from a copy of the keys' database."
        }
        (Language::French, true) => "Chaque clé s’ouvre.",
        (Language::French, false) => {
            "Des clés ne s’ouvrent pas : ce qu’elles ont scellé est illisible. Restaurez-les d’une copie de la base des \
             clés."
        }
    });
    Ok(if is_sound { ExitCode::SUCCESS } else { ExitCode::from(DIFFERS) })
}

fn table(count: &KeyCount, language: Language) -> String {
    let row =
        |words: (&str, &str), number: u64| vec![language.pick(words.0, words.1).to_owned(), language.count(number)];
    let mut rows = vec![
        row(("keys of cases", "clés d’affaires"), count.whole + count.punctured),
        row(("of these, with something erased", "dont certaines avec un effacement"), count.punctured),
        row(("keys of cases destroyed", "clés d’affaires détruites"), count.destroyed),
        row(("keys of documents", "clés de documents"), count.documents),
    ];
    let broken = language.pick("does not open", "ne s’ouvre pas");
    rows.extend(count.broken.iter().map(|case| vec![case.to_string(), broken.to_owned()]));
    rows.extend(count.broken_documents.iter().map(|object| vec![object.to_string(), broken.to_owned()]));
    output::columns(&[Side::Left, Side::Right], &rows).join("\n")
}

async fn rotate(how: How, settings: &Settings) -> Result<ExitCode, Failure> {
    let language = settings.language;
    let working = Working::on(language.pick("wrapping every key anew", "nouvel emballage de chaque clé"));
    let rotated = Store::rotate_master(&world::store_settings(settings)).await;
    drop(working);
    let Rotated { keys } = rotated?;
    if how.json {
        output::json(&json!({ "keys": keys }))?;
    } else {
        let count = language.count(keys);
        output::data(&match language {
            Language::English => format!("A new master key wraps {count} key(s) of cases."),
            Language::French => format!("Une nouvelle clé maîtresse protège {count} clé(s) d’affaires."),
        })?;
    }
    output::talk(language.pick(
        "Copy the new master key to a safe place now. Copies of the database from before open with the old one alone: \
         keep that for as long as you keep them, then destroy both, since what has been erased can still be read there.",
        "Copiez dès maintenant la nouvelle clé maîtresse en lieu sûr. Les copies plus anciennes de la base ne s’ouvrent \
         qu’avec l’ancienne : gardez-la aussi longtemps qu’elles, puis détruisez-les ensemble, car ce qui a été effacé y \
         reste lisible.",
    ));
    Ok(ExitCode::SUCCESS)
}

async fn copy(backup: &Backup, settings: &Settings) -> Result<ExitCode, Failure> {
    let language = settings.language;
    if backup.to.exists() {
        return Err(Failure::usage(match language {
            Language::English => format!("{} exists: give a file that does not", backup.to.display()),
            Language::French => format!("{} existe déjà : indiquez un fichier nouveau", backup.to.display()),
        }));
    }
    Store::back_up_master(&world::store_settings(settings), &backup.to).await?;
    if backup.how.json {
        return output::json(&json!({ "file": backup.to })).map(|()| ExitCode::SUCCESS);
    }
    output::data(&match language {
        Language::English => format!("The master key has been copied to {}.", backup.to.display()),
        Language::French => format!("La clé maîtresse a été copiée dans {}.", backup.to.display()),
    })?;
    Ok(ExitCode::SUCCESS)
}
