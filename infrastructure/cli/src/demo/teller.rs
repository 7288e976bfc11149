//! How the story is told: as text to read, or as JSON Lines for a program.

use serde_json::json;

use crate::failure::Failure;
use crate::language::Language;
use crate::output;

/// Tells, chapter by chapter.
pub(super) struct Teller {
    json: bool,
    chapter: u32,
    /// French sets a space before it.
    colon: &'static str,
}

impl Teller {
    pub(super) fn new(json: bool, language: Language) -> Self {
        Self { json, chapter: 0, colon: language.pick(":", " :") }
    }

    /// Begins a chapter.
    pub(super) fn chapter(&mut self, title: &str) -> Result<(), Failure> {
        self.chapter += 1;
        let chapter = self.chapter;
        if self.json {
            output::data(&json!({ "chapter": chapter, "title": title }).to_string())
        } else {
            output::data(&format!("\n{chapter}. {title}"))
        }
    }

    /// Tells what happens.
    pub(super) fn tell(&self, text: &str) -> Result<(), Failure> {
        if self.json {
            output::data(&json!({ "chapter": self.chapter, "told": text }).to_string())
        } else {
            output::data(text)
        }
    }

    /// Shows something about somebody or something, line by line.
    pub(super) fn show(&self, what: &str, lines: &[String]) -> Result<(), Failure> {
        if self.json {
            return output::data(&json!({ "chapter": self.chapter, "of": what, "shown": lines }).to_string());
        }
        if !what.is_empty() {
            output::data(&format!("  {what}{}", self.colon))?;
        }
        lines.iter().try_for_each(|line| output::data(&format!("    {line}")))
    }

    /// Tells what has been checked and has held.
    pub(super) fn held(&self, label: &str, what: &str) -> Result<(), Failure> {
        if self.json {
            output::data(&json!({ "chapter": self.chapter, "held": what }).to_string())
        } else {
            output::data(&format!("  ✓ {label}{} {what}.", self.colon))
        }
    }
}
