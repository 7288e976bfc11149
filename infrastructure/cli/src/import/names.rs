//! The names of a centre's past, and the ids that follow from them: the same file always means the same things.

use entente_application::ports::Names;
use entente_domain::{Case, CommandId, ItemId, PersonId};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::line::Refused;

/// The space of line ids.
const LINES: &str = "line of an import";
/// The space of people's names.
const PEOPLE: &str = "person of an import";
/// Marks a person's name where an id is expected.
const PERSON: &str = "person:";

/// The command that a line carries.
pub(super) fn command(names: &dyn Names, line: &str) -> CommandId {
    CommandId(names.name(LINES, &[line.as_bytes()]))
}

/// A person by id, or by a name that is unique in the centre's past. The id outlives the content of the cases, so it
/// follows from the name by the centre's secret: nobody can tell from it whose it was.
pub(super) fn person(names: &dyn Names, name: &str) -> PersonId {
    let name = name.strip_prefix(PERSON).unwrap_or(name);
    PersonId(Uuid::try_parse(name).unwrap_or_else(|_| names.name(PEOPLE, &[name.as_bytes()])))
}

/// Puts ids where a command refers to a person by name, or to what another line created.
///
/// Only the fields that hold ids are looked at, so that a message may say whatever it likes. `case` is the state that
/// the command meets; a signature takes the digest of the draft from it.
pub(super) fn resolve(names: &dyn Names, command: &mut Value, case: &Case) -> Result<(), Refused> {
    match command {
        Value::Object(fields) => resolve_fields(names, fields, case),
        Value::Array(values) => values.iter_mut().try_for_each(|value| resolve(names, value, case)),
        _ => Ok(()),
    }
}

fn resolve_fields(names: &dyn Names, fields: &mut Map<String, Value>, case: &Case) -> Result<(), Refused> {
    for (field, value) in fields {
        if let ("items", Value::Array(items)) = (field.as_str(), &mut *value) {
            for item in items {
                let reference = item.as_str().and_then(|text| text.strip_prefix('@')).map(str::to_owned);
                if let Some(reference) = reference {
                    *item = created_by(names, &reference, case)?.into();
                }
            }
            continue;
        }
        let Value::String(text) = value else {
            resolve(names, value, case)?;
            continue;
        };
        let holds_an_id = matches!(field.as_str(), "item" | "document" | "discussion" | "person" | "id" | "digest");
        if !holds_an_id {
            continue;
        }
        if let Some(reference) = text.strip_prefix('@') {
            *text = created_by(names, reference, case)?;
        } else if field == "person" && text.starts_with(PERSON) {
            *text = person(names, text).to_string();
        }
    }
    Ok(())
}

/// What a line created. The words after `#` are those of docs/import.md, those on the right the domain's.
fn created_by(names: &dyn Names, reference: &str, case: &Case) -> Result<String, Refused> {
    let (line, what) = reference.split_once('#').unwrap_or((reference, "item"));
    let command = command(names, line);
    let derived = match what {
        "item" | "joint" | "discussion" | "respondent" | "mediator" | "representative" => what,
        "claimant_caucus" => "claimant caucus",
        "respondent_caucus" => "respondent caucus",
        "claimant_company" => "claimant company",
        "respondent_company" => "respondent company",
        "digest" => {
            let draft = case.settlements.get(&ItemId(command.derive("item")));
            return draft.map(|draft| draft.digest.0.clone()).ok_or_else(|| {
                Refused::new("unknown-reference", format!("line {line:?} has proposed no settlement in this case"))
            });
        }
        _ => return Err(Refused::new("unknown-reference", format!("a line creates nothing called {what:?}"))),
    };
    Ok(command.derive(derived).to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    /// Names without a secret: good enough to tell them apart.
    struct Plain;

    impl Names for Plain {
        fn name(&self, space: &str, words: &[&[u8]]) -> Uuid {
            Uuid::new_v5(&Uuid::NAMESPACE_OID, &[space.as_bytes(), &words.concat()].concat())
        }
    }

    #[test]
    fn a_name_is_always_the_same_person_and_an_id_is_itself() {
        assert_eq!(person(&Plain, "Ms Roche"), person(&Plain, "person:Ms Roche"));
        assert_ne!(person(&Plain, "Ms Roche"), person(&Plain, "Ms Rocher"));
        let id = Uuid::from_u128(7);
        assert_eq!(person(&Plain, &id.to_string()), PersonId(id));
    }

    #[test]
    fn references_become_ids_and_words_stay_words() {
        let mut ask = json!({"post_message": {"discussion": "@a/5#joint", "body": "@a/5#joint is not a name"}});
        resolve(&Plain, &mut ask, &Case::default()).unwrap();
        let joint = command(&Plain, "a/5").derive("joint").to_string();
        assert_eq!(ask, json!({"post_message": {"discussion": joint, "body": "@a/5#joint is not a name"}}));
    }

    #[test]
    fn a_list_of_items_holds_references_too() {
        let mut ask = json!({"record_alert": {"person": "person:Ms Roche", "items": ["@a/5"]}});
        resolve(&Plain, &mut ask, &Case::default()).unwrap();
        assert_eq!(ask["record_alert"]["items"], json!([command(&Plain, "a/5").derive("item")]));
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        for (digest, item) in [("@a/9#digest", "@a/9"), ("ab", "@a/9#key")] {
            let mut ask = json!({"sign_settlement": {"item": item, "digest": digest}});
            assert_eq!(resolve(&Plain, &mut ask, &Case::default()).unwrap_err().code, "unknown-reference");
        }
    }
}
