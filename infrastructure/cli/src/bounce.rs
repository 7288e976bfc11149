//! `entente bounce`: notes letters that came back, from the notices that a mail server sends (RFC 3464).

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use entente_application::Centre;
use entente_mail::{Bounce, Bounces};
use serde_json::json;

use crate::failure::Failure;
use crate::language::Language;
use crate::output;
use crate::settings::Settings;
use crate::world;

/// Bytes of a notice at most: ours are short, and what comes back with one is one of ours.
const LONGEST: u64 = 1024 * 1024;

/// Which notices.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente bounce notice.eml\n  entente bounce --json < notice.eml\n\n\
                        Give it to the mail server as the program that takes mail for the address of `mail.bounces`. \
                        Nothing of a notice is kept but which letter it is about and its status.")]
pub struct Args {
    /// Files with one notice each; standard input if none is named
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Reads the notices and notes what they say.
///
/// # Errors
/// A file that cannot be read, or a store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    let bounces = Bounces::open(&settings.mail.letters()).map_err(|error| Failure::usage(error.to_string()))?;
    let notices = notices(&args.files)?;
    let (mut noted, mut delayed, mut other) = (0_u64, 0_u64, 0_u64);
    world::with_centre(settings, async |centre: &Centre| {
        for notice in &notices {
            match bounces.read(notice) {
                Some(Bounce { letter, status, permanent: true }) => {
                    let known = centre.outbox.bounced(letter, code(&status), centre.now()).await?;
                    if known { noted += 1 } else { other += 1 }
                }
                Some(Bounce { permanent: false, .. }) => delayed += 1,
                None => other += 1,
            }
        }
        Ok(())
    })
    .await?;
    if args.json {
        output::json(&json!({ "bounced": noted, "delayed": delayed, "not_ours": other }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let language = settings.language;
    let [noted, delayed, other] = [noted, delayed, other].map(|number| language.count(number));
    output::data(&match language {
        Language::English => {
            format!("{noted} letter(s) came back, {delayed} late, {other} notice(s) of nothing of ours.")
        }
        Language::French => format!("{noted} lettre(s) revenue(s), {delayed} en retard, {other} avis étranger(s)."),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn notices(files: &[PathBuf]) -> Result<Vec<Vec<u8>>, Failure> {
    if files.is_empty() {
        let mut notice = Vec::new();
        let read = std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut notice);
        read.map_err(|error| Failure::usage(format!("standard input cannot be read: {error}")))?;
        return Ok(vec![notice]);
    }
    files
        .iter()
        .map(|file| {
            std::fs::read(file).map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))
        })
        .collect()
}

/// The three numbers of a status as one: 511 for 5.1.1.
fn code(status: &str) -> u16 {
    status.chars().filter(char::is_ascii_digit).take(4).collect::<String>().parse().unwrap_or(500)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_status_is_one_number() {
        let codes = ["5.1.1", "5.7.26", "", "five"].map(super::code);
        assert_eq!(codes, [511, 5726, 500, 500]);
    }
}
