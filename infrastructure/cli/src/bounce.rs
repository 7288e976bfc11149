//! `entente bounce`: notes letters that came back, from the notices that a mail server sends (RFC 3464).

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use entente_application::Centre;
use entente_mail::{Bounce, Bounces, LONGEST};
use serde_json::json;

use crate::failure::Failure;
use crate::language::Language;
use crate::output;
use crate::settings::Settings;
use crate::world;

/// Which notices.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente bounce notice.eml\n  entente bounce --json < notice.eml\n\n\
                        Give it to the mail server as the program that takes mail for the address of `mail.bounces`. \
                        Nothing of a notice is kept but which letter it is about and its status. Of each notice the first \
                        1 MiB is read; the rest is ignored.")]
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
    let told = told(&bounces, &args.files)?;
    let (mut noted, mut delayed, mut other) = (0_u64, 0_u64, 0_u64);
    world::with_centre(settings, async |centre: &Centre| {
        for bounce in told {
            match bounce {
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

/// What each notice says; no more than one is in memory at a time.
fn told(bounces: &Bounces, files: &[PathBuf]) -> Result<Vec<Option<Bounce>>, Failure> {
    let unreadable = |name: &dyn Display, error| Failure::usage(format!("{name} cannot be read: {error}"));
    if files.is_empty() {
        let mut input = io::stdin().lock();
        let notice = beginning(&mut input).map_err(|error| unreadable(&"standard input", error))?;
        // Its writer is heard out: a mail server takes a pipe that breaks for a failure.
        io::copy(&mut input, &mut io::sink()).map_err(|error| unreadable(&"standard input", error))?;
        return Ok(vec![bounces.read(&notice)]);
    }
    let told = |file: &PathBuf| {
        let notice = File::open(file).and_then(beginning).map_err(|error| unreadable(&file.display(), error))?;
        Ok(bounces.read(&notice))
    };
    files.iter().map(told).collect()
}

/// What is read of a notice.
fn beginning(notice: impl Read) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    notice.take(LONGEST as u64).read_to_end(&mut read)?;
    Ok(read)
}

/// The three numbers of a status as one: 511 for 5.1.1.
fn code(status: &str) -> u16 {
    status.chars().filter(char::is_ascii_digit).take(4).collect::<String>().parse().unwrap_or(500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_number() {
        let codes = ["5.1.1", "5.7.26", "", "five"].map(code);
        assert_eq!(codes, [511, 5726, 500, 500]);
    }

    #[test]
    fn of_a_notice_of_any_length_the_beginning_is_read_and_no_more() -> io::Result<()> {
        let mut endless = io::repeat(b'x').take(8 * LONGEST as u64);
        assert_eq!(beginning(&mut endless)?.len(), LONGEST);
        assert_eq!(endless.limit(), 7 * LONGEST as u64, "and none of the rest was looked at");
        assert_eq!(beginning(b"short".as_slice())?, b"short");
        Ok(())
    }

    #[test]
    fn a_notice_in_a_long_file_is_understood() -> Result<(), Box<dyn std::error::Error>> {
        let from = Some("centre@entente.example".to_owned());
        let bounces = Bounces::open(&entente_mail::Settings { from, ..entente_mail::Settings::default() })?;
        let letter = uuid::Uuid::from_u128(7);
        let notice = format!(
            "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Action: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             Message-ID: <{letter}@entente.example>\r\n\r\n\r\n--b--\r\n"
        );
        let folder = tempfile::tempdir()?;
        let (long, other) = (folder.path().join("long.eml"), folder.path().join("other.eml"));
        std::fs::write(&long, notice)?;
        // Nothing but its length is on the disk.
        File::options().write(true).open(&long)?.set_len(64 * LONGEST as u64)?;
        std::fs::write(&other, "Subject: hello\r\n\r\nhello")?;
        let bounce = Bounce { letter, status: "5.1.1".to_owned(), permanent: true };
        assert_eq!(told(&bounces, &[long, other])?, [Some(bounce), None]);
        assert!(told(&bounces, &[folder.path().join("missing.eml")]).is_err());
        Ok(())
    }
}
