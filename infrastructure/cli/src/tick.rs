//! `entente tick`: works off every deadline that is due, as the service's timers will.

use std::process::ExitCode;

use entente_application::Centre;
use entente_domain::state::Due;
use jiff::Timestamp;
use serde_json::json;

use crate::failure::Failure;
use crate::language::Language;
use crate::output;
use crate::settings::Settings;
use crate::{words, world};

/// As of when.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente tick\n  entente tick --at 2026-05-04T00:00:00+02:00 --json\n\n\
                        Twice is harmless: a deadline that has been worked off is so once. Where a case has been kept \
                        long enough its erasure is proposed; nothing is erased before two members of staff approve.")]
pub struct Args {
    /// What time it is, with its distance from UTC; the clock's if not said
    #[arg(long, value_name = "TIME", value_parser = at)]
    at: Option<Timestamp>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Works off what is due, and says what that was.
///
/// # Errors
/// A store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    world::with_centre(settings, async |centre: &Centre| {
        let now = centre.now();
        let at = args.at.unwrap_or(now);
        // What has not come yet would be on record as if it had.
        if at > now {
            return Err(Failure::usage("this time has not come yet: give one that has, or none for now"));
        }
        let ticked = centre.tick(at).await?;
        let language = settings.language;
        if args.json {
            let done: Vec<_> = ticked.done.iter().map(|(case, due)| json!({ "case": case, "due": due })).collect();
            return output::json(&json!({ "at": at, "done": done, "moot": ticked.moot }));
        }
        for (case, due) in &ticked.done {
            output::data(&format!("{case}  {}", words::due(*due, language)))?;
        }
        let (done, moot) = (language.count(ticked.done.len() as u64), language.count(ticked.moot));
        output::talk(&match language {
            Language::English => format!("{done} deadline(s) worked off, {moot} moot by now."),
            Language::French => format!("{done} échéance(s) traitée(s), {moot} devenue(s) sans objet."),
        });
        let proposed = ticked.done.iter().filter(|(_, due)| *due == Due::Retention).count();
        if proposed > 0 {
            output::talk(language.pick(
                "Erasures were proposed; nothing is erased before two members of the centre's staff approve.",
                "Des effacements sont proposés ; rien n’est effacé avant que deux membres du centre n’approuvent.",
            ));
        }
        Ok(())
    })
    .await
    .map(|()| ExitCode::SUCCESS)
}

/// An instant as RFC 3339 writes it.
pub fn at(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "give a time with its distance from UTC, such as 2026-03-02T10:00:00+01:00".to_owned())
}
