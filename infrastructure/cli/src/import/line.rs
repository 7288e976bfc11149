//! One line of the file: who asked what, of which case, and when (docs/import.md).

use entente_application::centre::to_the_microsecond;
use entente_application::ports::Names;
use entente_domain::{Actor, CaseError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::names;

/// The longest line that is taken, with its end: far more than the longest command needs.
pub(super) const LONGEST: u64 = 1024 * 1024;
/// The longest id or case name, in characters.
const LONGEST_NAME: usize = 200;

/// A line as it is written. Its own serialization is the canonical form whose digest tells a changed line from the
/// same one, so that spaces and the order of keys do not matter; hence the order of the fields is part of the format.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    /// Its name, unique in the centre's past.
    pub id: String,
    /// The case, by the centre's own name for it.
    pub case: String,
    /// When it was asked.
    pub at: Timestamp,
    /// Who asked.
    pub by: Hand,
    /// What was asked: an object with the command's name as its only key.
    pub command: Value,
}

/// Who asked, by name or by id.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hand {
    /// Somebody at the table.
    Person(String),
    /// A member of the centre's staff.
    Staff(String),
    /// The clock.
    Clock,
}

impl Hand {
    /// The hand, as the domain knows it.
    pub(super) fn actor(&self, names: &dyn Names) -> Actor {
        match self {
            Self::Person(name) => Actor::Person(names::person(names, name)),
            Self::Staff(name) => Actor::Staff(names::person(names, name)),
            Self::Clock => Actor::Clock,
        }
    }
}

/// Why a line was not taken: a stable code and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Refused {
    /// For programs.
    pub code: &'static str,
    /// For people.
    pub reason: String,
}

impl Refused {
    pub(super) fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// The line is not of the documented form.
    pub(super) fn malformed(error: &serde_json::Error) -> Self {
        // A syntax error quotes nothing, but a value of the wrong type is quoted whole: enough of it to find it.
        let reason: String = error.to_string().chars().take(240).collect();
        Self::new("malformed", reason)
    }

    /// The id is taken by a line with another content.
    pub(super) fn changed() -> Self {
        Self::new("line-changed", "a line with this id was imported before with other content; give this one a new id")
    }

    /// The case is not there to be asked.
    pub(super) fn unregistered() -> Self {
        Self::new("case-not-registered", "the first line of a case must register it, and be taken")
    }
}

impl From<CaseError> for Refused {
    fn from(refusal: CaseError) -> Self {
        Self::new(refusal.code(), refusal.sentence().en)
    }
}

impl Line {
    /// Reads a line, without its command's content.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, (Option<String>, Refused)> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let reason = format!("the line is not UTF-8 from byte {} on", error.valid_up_to() + 1);
            (None, Refused::new("not-utf-8", reason))
        })?;
        // serde would also take an array for a struct: the fields in order, without their names.
        if text.trim_start().starts_with('[') {
            return Err((None, Refused::new("malformed", "the line is an array; an object is expected")));
        }
        let mut line: Self = serde_json::from_str(text).map_err(|error| (id_of(text), Refused::malformed(&error)))?;
        for (what, name) in [("id", &line.id), ("case", &line.case)] {
            if let Err(reason) = check_name(what, name) {
                return Err((id_of(text), Refused::new("bad-name", reason)));
            }
        }
        // As the log keeps it, so that it compares with what is there.
        line.at = to_the_microsecond(line.at);
        if line.command_name().is_none() {
            let reason =
                "\"command\" must be an object whose only key is the command's name, with an object of its fields";
            return Err((Some(line.id), Refused::new("malformed", reason)));
        }
        Ok(line)
    }

    /// The command's name as it is written.
    pub(super) fn command_name(&self) -> Option<&str> {
        let command = self.command.as_object().filter(|command| command.len() == 1)?;
        command.iter().find(|(_, fields)| fields.is_object()).map(|(name, _)| name.as_str())
    }

    /// SHA-256 of the canonical form.
    pub(super) fn digest(&self) -> Result<[u8; 32], serde_json::Error> {
        Ok(Sha256::digest(serde_json::to_vec(self)?).into())
    }
}

/// The id of a line that could not be read as a whole, to help find it.
fn id_of(text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    value.get("id")?.as_str().map(|id| id.chars().take(LONGEST_NAME).collect())
}

fn check_name(what: &str, name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.chars().nth(LONGEST_NAME).is_some() {
        return Err(format!("\"{what}\" must have 1 to {LONGEST_NAME} characters"));
    }
    if name.chars().any(|c| c.is_control() || c == '#') {
        return Err(format!("\"{what}\" must not contain # or a control character"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn code(text: &[u8]) -> &'static str {
        Line::parse(text).map(|_| "taken").unwrap_or_else(|(_, refused)| refused.code)
    }

    const LINE: &str = r#"{"id":"1","case":"a","at":"2025-01-06T09:00:00Z","by":"clock","command":{"expire_term":{}}}"#;

    #[test]
    fn a_line_is_taken_and_every_damage_has_its_code() {
        assert_eq!(code(LINE.as_bytes()), "taken");
        assert_eq!(code(b"{\"id\":\"1\""), "malformed");
        assert_eq!(code(LINE.replace("\"by\"", "\"extra\":1,\"by\"").as_bytes()), "malformed");
        assert_eq!(code(LINE.replace("2025-01-06T09", "yesterday").as_bytes()), "malformed");
        for command in ["{}", "[]", "{\"expire_term\":[]}", "{\"expire_term\":{},\"resume\":{}}"] {
            assert_eq!(code(LINE.replace("{\"expire_term\":{}}", command).as_bytes()), "malformed");
        }
        assert_eq!(code(b"[\"1\",\"a\",\"2025-01-06T09:00:00Z\",\"clock\",{}]"), "malformed");
        assert_eq!(code(LINE.replace("\"id\":\"1\"", "\"id\":\"1#item\"").as_bytes()), "bad-name");
        assert_eq!(code(b"{\"id\":\"\xff\"}"), "not-utf-8");
    }

    #[test]
    fn a_damaged_line_is_still_named_if_its_id_can_be_read() {
        let (id, _) = Line::parse(LINE.replace("\"by\"", "\"extra\":1,\"by\"").as_bytes()).unwrap_err();
        assert_eq!(id.as_deref(), Some("1"));
    }

    #[test]
    fn spaces_and_the_order_of_keys_do_not_change_a_line_and_a_word_does() {
        let digest = |text: &str| Line::parse(text.as_bytes()).unwrap().digest().unwrap();
        let shuffled = r#"{ "command": {"expire_term": {}}, "by": "clock", "at": "2025-01-06T10:00:00+01:00",
                            "case": "a", "id": "1" }"#;
        assert_eq!(digest(LINE), digest(&shuffled.replace('\n', " ")));
        assert_ne!(digest(LINE), digest(&LINE.replace("09:00", "09:01")));
    }
}
