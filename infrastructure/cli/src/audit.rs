//! `entente audit`: who could see an item, what a person could see, an item's life, what a restriction came too late for.

use std::process::ExitCode;

use entente_application::audit::{About, Sights, When};
use entente_application::queries::AsOf;
use entente_application::{Centre, CentreError, follow};
use entente_domain::visibility::Viewer;
use entente_domain::{CaseError, CaseId, ItemId, PersonId, Seat};
use entente_projections::audit::Sight;
use jiff::Timestamp;
use serde::Serialize;

use crate::failure::Failure;
use crate::language::Language;
use crate::output;
use crate::settings::Settings;
use crate::{audit_text, exposure_text, life_text, replay, tick, world};

/// Whoever is at the console asks as whoever runs the service.
const VIEWER: Viewer = Viewer::Operator;

/// What to ask.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  entente audit readers CASE ITEM --at 2026-03-02T10:00:00+01:00\n  \
                        entente audit sights CASE PERSON --json\n  entente audit life CASE ITEM\n  \
                        entente audit exposure CASE ITEM --as-known-on 1250\n\n\
                        The ids are those of entente replay CASE. Could see, was alerted, opened and knew are four \
                        things, and are never merged.")]
pub struct Args {
    #[command(subcommand)]
    question: Question,
}

/// The questions.
#[derive(Debug, clap::Subcommand)]
enum Question {
    /// Who could see an item at an instant, who was alerted, who opened it, and who knew it
    #[command(after_help = "Examples:\n  entente audit readers CASE ITEM\n  \
                            entente audit readers CASE ITEM --at 2026-03-02T10:00:00+01:00 \
                            --as-known-on 2026-03-09T00:00:00+01:00 --json")]
    Readers(OfItemAt),
    /// What a person could see at an instant
    #[command(after_help = "Examples:\n  entente audit sights CASE PERSON\n  \
                            entente audit sights CASE PERSON --at 2026-03-02T10:00:00+01:00 --json")]
    Sights(OfPersonAt),
    /// The life of an item, from its making to the last look; that you look is put on record first
    #[command(after_help = "Examples:\n  entente audit life CASE ITEM\n  \
                            entente audit life CASE ITEM --as-known-on 1250 --json")]
    Life(OfItem),
    /// What the restrictions of an item came too late for
    #[command(after_help = "Examples:\n  entente audit exposure CASE ITEM\n  \
                            entente audit exposure CASE ITEM --language fr")]
    Exposure(OfItem),
}

/// An item.
#[derive(Debug, clap::Args)]
struct OfItem {
    /// The case
    #[arg(value_name = "CASE")]
    case: CaseId,
    /// The item
    #[arg(value_name = "ITEM")]
    item: ItemId,
    #[command(flatten)]
    how: How,
}

/// An item at an instant.
#[derive(Debug, clap::Args)]
struct OfItemAt {
    #[command(flatten)]
    of: OfItem,
    /// The instant, with its distance from UTC; now if not said
    #[arg(long, value_name = "TIME", value_parser = tick::at)]
    at: Option<Timestamp>,
}

/// A person at an instant.
#[derive(Debug, clap::Args)]
struct OfPersonAt {
    /// The case
    #[arg(value_name = "CASE")]
    case: CaseId,
    /// The person
    #[arg(value_name = "PERSON")]
    person: PersonId,
    #[command(flatten)]
    how: How,
    /// The instant, with its distance from UTC; now if not said
    #[arg(long, value_name = "TIME", value_parser = tick::at)]
    at: Option<Timestamp>,
}

/// As of which knowledge, and in which form.
#[derive(Debug, clap::Args)]
struct How {
    /// As the centre knew it at a position of the log or at a time; all that it knows now if not said
    #[arg(long, value_name = "POSITION|TIME", value_parser = replay::as_of)]
    as_known_on: Option<AsOf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Asks, and shows the answer.
///
/// # Errors
/// A case, an item or a person that is not there, an instant that has not come or was before the case, or a store that
/// cannot.
pub async fn run(args: Args, settings: &Settings) -> Result<ExitCode, Failure> {
    world::must_exist(settings)?;
    world::with_centre(settings, async |centre: &Centre| ask(centre, &args.question, settings).await)
        .await
        .map(|()| ExitCode::SUCCESS)
}

async fn ask(centre: &Centre, question: &Question, settings: &Settings) -> Result<(), Failure> {
    let language = settings.language;
    match question {
        Question::Readers(OfItemAt { of: OfItem { case, item, how }, at }) => {
            prepare(centre, *case, Some(*item), None, settings).await?;
            let when = When { at: *at, known: how.as_known_on };
            let readers = told(centre.readers(VIEWER, *case, *item, when).await, language)?;
            if how.json { output::json(&readers) } else { output::data(&audit_text::readers(&readers, language)) }
        }
        Question::Sights(OfPersonAt { case, person, how, at }) => {
            prepare(centre, *case, None, Some(*person), settings).await?;
            let when = When { at: *at, known: how.as_known_on };
            let sights = told(centre.sights(VIEWER, *case, *person, when).await, language)?;
            show(sights, how.json, language).await
        }
        Question::Life(OfItem { case, item, how }) => {
            prepare(centre, *case, Some(*item), None, settings).await?;
            let (life, recording) = told(centre.life(VIEWER, *case, *item, how.as_known_on).await, language)?;
            // Nothing of it reaches the screen before the look is durable.
            recording.recorded().await?;
            if how.json { output::json(&life) } else { output::data(&life_text::life(&life, language)) }
        }
        Question::Exposure(OfItem { case, item, how }) => {
            prepare(centre, *case, Some(*item), None, settings).await?;
            let exposure = told(centre.exposure(VIEWER, *case, *item, how.as_known_on).await, language)?;
            if how.json { output::json(&exposure) } else { output::data(&exposure_text::exposure(&exposure, language)) }
        }
    }
}

/// Refuses what is not there, and brings the projections up to the log: no server need be running.
async fn prepare(
    centre: &Centre,
    case: CaseId,
    item: Option<ItemId>,
    person: Option<PersonId>,
    settings: &Settings,
) -> Result<(), Failure> {
    let language = settings.language;
    let absent = |error: CentreError, what: String| match error {
        CentreError::Refused(CaseError::NotFound) => Failure::usage(what),
        error => error.into(),
    };
    centre.may_audit(VIEWER, case, None, None).await.map_err(|error| {
        let what = language.pick(
            format!("there is no case {case} in this database; see `entente config` for which one it is"),
            format!("il n’y a pas d’affaire {case} dans cette base ; voir `entente config` pour savoir laquelle c’est"),
        );
        absent(error, what)
    })?;
    centre.may_audit(VIEWER, case, item, person).await.map_err(|error| {
        let what = match (item, person) {
            (Some(item), _) => language.pick(
                format!("the case has no item {item}; `entente replay {case}` shows which it has"),
                format!("l’affaire n’a pas de pièce {item} ; `entente replay {case}` montre celles qu’elle a"),
            ),
            (None, Some(person)) => language.pick(
                format!("{person} has never sat at the case; `entente replay {case}` shows who has"),
                format!("{person} n’a jamais siégé à l’affaire ; `entente replay {case}` montre qui l’a fait"),
            ),
            (None, None) => String::new(),
        };
        absent(error, what)
    })?;
    let _working = replay::working(settings);
    Ok(follow::catch_up(centre).await?)
}

/// The answer, or what to ask instead.
fn told<T>(asked: Result<T, CentreError>, language: Language) -> Result<T, Failure> {
    asked.map_err(|error| match error {
        CentreError::NotComeYet => Failure::usage(language.pick(
            "what --at or --as-known-on names has not come yet; name a time that has, or a position that the log has",
            "ce que nomme --at ou --as-known-on n’est pas encore advenu ; nommez un instant ou une position qui l’est",
        )),
        CentreError::BeforeTheCase => Failure::usage(language.pick(
            "the case, or the item, was not there yet, or not known to the centre yet; name a later --at or --as-known-on",
            "l’affaire, ou la pièce, n’existait pas encore, ou le centre l’ignorait ; donnez un --at ou un --as-known-on \
             ultérieur",
        )),
        error => error.into(),
    })
}

/// Shows what a person could see, part by part: it may be long, and is never held as a whole.
async fn show(mut sights: Sights, as_json: bool, language: Language) -> Result<(), Failure> {
    let (about, person, seat) = (sights.about, sights.person, sights.seat);
    output::data(&if as_json {
        opening(about, person, seat)?
    } else {
        audit_text::sights(&about, person, seat, language)
    })?;
    let mut shown = 0_u64;
    while let Some(part) = sights.next().await? {
        if part.is_empty() {
            continue;
        }
        output::data(&if as_json { items(&part, shown > 0)? } else { audit_text::items(&part, shown == 0, language) })?;
        shown += part.len() as u64;
    }
    output::data(&if as_json { CLOSING.to_owned() } else { audit_text::shown(shown, language) })
}

/// What comes before the items.
#[derive(Serialize)]
struct Head {
    #[serde(flatten)]
    about: About,
    person: PersonId,
    seat: Option<Seat>,
    items: Vec<Sight>,
}

/// How a document ends that ends with a list.
const CLOSING: &str = "]}";

/// The document as it would be without items, but for its end.
fn opening(about: About, person: PersonId, seat: Option<Seat>) -> Result<String, Failure> {
    let whole = output::json_line(&Head { about, person, seat, items: vec![] })?;
    Ok(whole.strip_suffix(CLOSING).unwrap_or(&whole).to_owned())
}

/// The next items, a line each.
fn items(part: &[Sight], begun: bool) -> Result<String, Failure> {
    let lines: Vec<String> = part.iter().map(output::json_line).collect::<Result<_, _>>()?;
    Ok(format!("{}{}", if begun { "," } else { "" }, lines.join(",\n")))
}

#[cfg(test)]
mod tests {
    use entente_domain::rule_set::RuleSet;
    use entente_domain::visibility::Grant;
    use entente_projections::audit::{Ground, Known};
    use serde_json::Value;

    use super::*;

    type Tried = Result<(), Box<dyn std::error::Error>>;

    fn sight(item: &str) -> Result<Sight, Box<dyn std::error::Error>> {
        Ok(Sight {
            item: item.parse()?,
            ground: Ground::Granted(Grant::JointSession),
            rule: Grant::JointSession.rule(),
            since: "2026-03-02T09:00:00Z".parse()?,
            opened_position: 12,
            until: None,
            closed_position: None,
            alerted: None,
            opened: None,
            knew: None,
        })
    }

    #[test]
    fn the_parts_are_one_document() -> Tried {
        let (case, person) =
            ("8f7b4f8e-5d0e-4f2f-8f62-0d2b3c4d5e6f".parse()?, "3b0f1f52-6c0e-4c86-9f0e-3c1f6f3f9b11".parse()?);
        let known = Known { position: 40, on: None, looks_until: Timestamp::MAX };
        let about = About { case, at: "2026-03-02T10:00:00Z".parse()?, as_known_on: known, rule_set: RuleSet::V2026_1 };
        let (one, two) =
            (sight("11111111-1111-4111-8111-111111111111")?, sight("22222222-2222-4222-8222-222222222222")?);
        let opening = opening(about, person, Some(Seat::Claimant))?;
        let parts = [items(&[one.clone(), two], false)?, items(&[one], true)?];
        let document: Value = serde_json::from_str(&format!("{opening}\n{}\n{CLOSING}", parts.join("\n")))?;
        assert_eq!(document["items"].as_array().map(Vec::len), Some(3));
        assert_eq!(document["items"][1]["ground"], "joint_session");
        assert_eq!(document["as_known_on"]["position"], 40);
        let empty: Value = serde_json::from_str(&format!("{opening}\n{CLOSING}"))?;
        assert_eq!(empty["items"].as_array().map(Vec::len), Some(0));
        Ok(())
    }
}
