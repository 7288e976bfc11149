//! `entente token`: gives a person a token, of which only a digest is kept, or ends all that a person has.

use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use entente_application::Centre;
use entente_application::ports::{Holder, Role};
use entente_domain::PersonId;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::failure::Failure;
use crate::language::Language;
use crate::output::{self, Side};
use crate::settings::Settings;
use crate::world;

/// What every token begins with, so that one that was left lying about is recognised.
const PREFIX: &str = "ent_";

const ROLES: [(&str, Role); 6] = [
    ("party", Role::Party),
    ("mediator", Role::Mediator),
    ("centre", Role::Centre),
    ("auditor", Role::Auditor),
    ("analyst", Role::Analyst),
    ("administrator", Role::Administrator),
];

/// Whose token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    New,
    Known(PersonId),
}

/// Whose token, and what it is good for.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente token --person new --role party --label \"claimant, file 2026-17\"\n  \
                        entente token --person new --role centre,administrator --json\n  \
                        entente token --revoke --person 3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11")]
pub struct Args {
    /// The person's id, or `new` for somebody who has none yet
    #[arg(long, value_name = "ID|new", value_parser = who)]
    person: Who,
    /// What the token is good for; several with commas between
    #[arg(
        long = "role",
        value_name = "ROLE",
        value_delimiter = ',',
        required_unless_present = "revoke",
        conflicts_with = "revoke",
        value_parser = PossibleValuesParser::new(ROLES.map(|(name, _)| name)).try_map(|name| role(&name)),
    )]
    roles: Vec<Role>,
    /// What the token is remembered by; not confidential
    #[arg(long, value_name = "TEXT", conflicts_with = "revoke")]
    label: Option<String>,
    /// End all tokens of the person instead
    #[arg(long)]
    revoke: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Issues or revokes.
///
/// # Errors
/// A person to revoke who is new, or a store that cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::with_centre(settings, async |centre: &Centre| {
        if args.revoke {
            revoke(&args, settings.language, centre).await
        } else {
            issue(&args, settings.language, centre).await
        }
    })
    .await
}

async fn issue(args: &Args, language: Language, centre: &Centre) -> Result<ExitCode, Failure> {
    let person = match args.person {
        Who::New => PersonId(centre.dice.uuid()),
        Who::Known(person) => person,
    };
    let mut roles = args.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(centre.dice.secret()));
    let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    let label = args.label.as_deref().unwrap_or_default();
    let holder = Holder { person, roles };
    centre.tokens.issue(digest, &holder, label, centre.now()).await?;
    if args.json {
        output::json(&json!({ "person": person, "roles": holder.roles, "label": label, "token": token }))?;
    } else {
        let rows = [
            vec![language.pick("person", "personne").to_owned(), person.to_string()],
            vec![language.pick("token", "jeton").to_owned(), token],
        ];
        output::data(&output::columns(&[Side::Left, Side::Left], &rows).join("\n"))?;
    }
    output::talk(language.pick(
        "Keep the token: it is shown this once, and only its SHA-256 is stored.",
        "Conservez ce jeton : il n’est montré qu’une fois, et seul son SHA-256 est gardé.",
    ));
    Ok(ExitCode::SUCCESS)
}

async fn revoke(args: &Args, language: Language, centre: &Centre) -> Result<ExitCode, Failure> {
    let Who::Known(person) = args.person else {
        return Err(Failure::usage("whose tokens are to end? Give --person the id that `entente token` printed"));
    };
    let ended = centre.tokens.revoke(person, centre.now()).await?;
    if args.json {
        output::json(&json!({ "person": person, "revoked": ended }))?;
    } else {
        let count = language.count(ended);
        output::data(&match language {
            Language::English => format!("{count} token(s) of {person} ended."),
            Language::French => format!("{count} jeton(s) de {person} révoqué(s)."),
        })?;
    }
    Ok(ExitCode::SUCCESS)
}

fn who(text: &str) -> Result<Who, String> {
    match text {
        "new" => Ok(Who::New),
        id => id.parse().map(Who::Known).map_err(|error| format!("{error}; give a UUID, or `new`")),
    }
}

fn role(name: &str) -> Result<Role, String> {
    ROLES
        .into_iter()
        .find_map(|(known, role)| (known == name).then_some(role))
        .ok_or_else(|| format!("there is no role {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_called_here_as_it_is_in_json() {
        for (name, role) in ROLES {
            assert_eq!(serde_json::to_value(role).ok(), Some(json!(name)));
        }
    }

    #[test]
    fn somebody_is_new_or_has_an_id() {
        assert_eq!(who("new"), Ok(Who::New));
        assert!(matches!(who("3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11"), Ok(Who::Known(_))));
        assert!(who("Marie").is_err());
    }
}
