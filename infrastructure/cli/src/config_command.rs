//! `entente config`: shows the effective settings, and where each comes from.

use std::process::ExitCode;

use entente_application::ports::LetterLanguage;
use entente_application::processes::AppointmentPolicy;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::masking::{MASK, masked};
use crate::output::{self, Side};
use crate::settings::{Key, LogFormat, Settings};

/// How to show them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente config\n  ENTENTE_LANGUAGE=fr entente config --json\n\n\
                        A flag wins over the environment, that over the file, that over the default. The file is \
                        $XDG_CONFIG_HOME/entente/config.toml (else ~/.config/entente/config.toml) or the one of \
                        --config, with lines such as\n  database = \"postgres://entente@localhost/entente\"\n  \
                        language = \"fr\"\n  [documents]\n  \
                        url = \"s3://bucket/prefix\"")]
pub struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Shows the settings, and then what keeps letters from being sent: `serve` is stopped by that, and nothing else.
///
/// # Errors
/// An output that cannot be written to, or settings of letters that are wrong.
pub fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    if args.json {
        let entry = |key: Key| {
            let shown = json!({ "value": value(settings, key), "from": settings.origin(key).to_string() });
            (key.name().to_owned(), shown)
        };
        output::json(&Key::ALL.into_iter().map(entry).collect::<Map<String, Value>>())?;
    } else {
        let row = |key: Key| {
            let shown = match value(settings, key) {
                Value::String(text) => text,
                Value::Null => settings.language.pick("(none)", "(aucun)").to_owned(),
                other => other.to_string(),
            };
            vec![key.name().to_owned(), shown, settings.origin(key).to_string()]
        };
        let heads = settings.language.pick(["setting", "value", "from"], ["réglage", "valeur", "provenance"]);
        let rows: Vec<_> =
            std::iter::once(heads.map(str::to_owned).to_vec()).chain(Key::ALL.into_iter().map(row)).collect();
        output::data(&output::columns(&[Side::Left; 3], &rows).join("\n"))?;
    }
    match settings.mail.wrong() {
        Some(wrong) => Err(Failure::usage(format!("no letters can be sent: {wrong}"))),
        None => Ok(ExitCode::SUCCESS),
    }
}

/// What is in force, as it may be shown; null if nothing is.
fn value(settings: &Settings, key: Key) -> Value {
    let (documents, mail) = (&settings.documents, &settings.mail);
    match key {
        Key::Database => masked(&settings.database).into(),
        Key::DataDir => settings.data_dir.display().to_string().into(),
        Key::Listen => settings.listen.to_string().into(),
        Key::Log => settings.log.clone().into(),
        Key::LogFormat => match settings.log_format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        }
        .into(),
        Key::Language => settings.language.code().into(),
        Key::MaxConnections => settings.max_connections.into(),
        Key::DocumentsUrl => masked(&documents.url).into(),
        Key::DocumentsEndpoint => documents.endpoint.as_deref().map(masked).into(),
        Key::DocumentsRegion => documents.region.clone().into(),
        Key::DocumentsAccess => documents.access_key.clone().into(),
        Key::DocumentsSecret => documents.secret_key.as_ref().map(|_| MASK).into(),
        Key::DocumentsLargest => documents.largest.into(),
        Key::DocumentsQuota => documents.quota.into(),
        Key::DocumentsGrace => documents.grace.into(),
        Key::DocumentsClamd => documents.clamd.clone().into(),
        Key::Appointments => match settings.appointments {
            AppointmentPolicy::ByHand => "by_hand",
            AppointmentPolicy::FirstDeclared => "first_declared",
        }
        .into(),
        Key::MailUrl => mail.url.as_deref().map(masked).into(),
        Key::MailUser => mail.user.as_ref().map(|_| MASK).into(),
        Key::MailPassword => mail.password.as_ref().map(|_| MASK).into(),
        Key::MailCaFile => mail.ca_file.as_ref().map(|file| file.display().to_string()).into(),
        Key::MailFrom => mail.from.clone().into(),
        Key::MailBounces => mail.bounces.clone().into(),
        Key::MailSite => mail.site.clone().into(),
        Key::MailFolder => mail.folder.display().to_string().into(),
        Key::MailTimeout => mail.timeout.into(),
        Key::MailLanguage => mail.language.map(LetterLanguage::code).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Flags;

    #[test]
    fn no_secret_is_shown() -> Result<(), Failure> {
        let flags = Flags { documents_url: Some("s3://bucket".to_owned()), ..Flags::default() };
        let secrets = [
            ("HOME", "/home/somebody"),
            ("ENTENTE_DATABASE", "postgres://entente:hush@localhost/entente"),
            ("ENTENTE_DOCUMENTS_SECRET_KEY", "hush"),
            ("ENTENTE_DOCUMENTS_ENDPOINT", "https://key:hush@s3.example"),
        ];
        let settings = Settings::load(&flags, &|name| {
            secrets.iter().find_map(|(known, value)| (*known == name).then(|| (*value).into()))
        })?;
        let shown: Vec<_> = Key::ALL.into_iter().map(|key| value(&settings, key).to_string()).collect();
        assert!(shown.iter().all(|value| !value.contains("hush")), "{shown:?}");
        assert_eq!(value(&settings, Key::DocumentsSecret), MASK);
        assert_eq!(value(&settings, Key::DocumentsClamd), Value::Null);
        Ok(())
    }
}
