//! Who plays: ten people, each with a token that `entente token` has made.

use std::path::Path;

use serde::Deserialize;

use super::child;
use super::words::Words;
use crate::failure::Failure;
use crate::language::Language;

/// A person with a token.
pub(super) struct Hand {
    /// The name.
    pub name: &'static str,
    /// What the person is in this story.
    pub part: &'static str,
    /// The person's id.
    pub person: String,
    /// The token.
    pub token: String,
    /// Where letters go, for those who get some.
    mailbox: Option<Mailbox>,
}

/// Where somebody's letters go.
#[derive(Clone, Copy)]
pub(super) struct Mailbox {
    /// The address; it does not say whose.
    pub address: &'static str,
    /// The language of the letters.
    pub language: Language,
}

impl Hand {
    /// Where this person's letters go.
    pub(super) fn mailbox(&self) -> Result<Mailbox, Failure> {
        self.mailbox.ok_or_else(|| Failure::found(format!("{} gets no letters in this story", self.name)))
    }

    fn reads(self, language: Language, address: &'static str) -> Self {
        Self { mailbox: Some(Mailbox { address, language }), ..self }
    }
}

/// Everyone.
pub(super) struct Cast {
    /// Of the manufacturer in Lyon.
    pub claimant: Hand,
    /// Of the supplier in Korea.
    pub respondent: Hand,
    /// Who helps them.
    pub mediator: Hand,
    /// Who was asked to before.
    pub candidate: Hand,
    /// Of the roster too, with ties to one side.
    pub tied: Hand,
    /// Of the centre's staff.
    pub centre: Hand,
    /// Another of the centre's staff: two have to agree before anything is erased.
    pub deputy: Hand,
    /// Who checks the history.
    pub auditor: Hand,
    /// Who reports the figures.
    pub analyst: Hand,
    /// Of a company that has nothing to do with it.
    pub stranger: Hand,
}

impl Cast {
    /// Those who get letters.
    pub(super) fn readers(&self) -> [&Hand; 5] {
        [&self.claimant, &self.respondent, &self.candidate, &self.mediator, &self.centre]
    }

    /// Everyone.
    pub(super) fn everyone(&self) -> [&Hand; 10] {
        let Self { claimant, respondent, mediator, candidate, tied, centre, deputy, auditor, analyst, stranger } = self;
        [claimant, respondent, mediator, candidate, tied, centre, deputy, auditor, analyst, stranger]
    }

    /// Who at the table has this id.
    pub(super) fn at_the_table(&self, person: &str) -> Result<&Hand, Failure> {
        let table = [&self.claimant, &self.respondent, &self.mediator];
        let found = table.into_iter().find(|hand| hand.person == person);
        found.ok_or_else(|| Failure::found("an answer names somebody who never sat at the table"))
    }
}

#[derive(Deserialize)]
struct Issued {
    person: String,
    token: String,
}

impl Cast {
    /// Gives everyone a token.
    pub(super) fn gather(folder: &Path, words: &Words) -> Result<Self, Failure> {
        let hand = |name, part, role| -> Result<Hand, Failure> {
            let printed = child::ask(folder, &["token", "--json", "--person", "new", "--role", role, "--label", name])?;
            let Issued { person, token } = serde_json::from_value(printed)
                .map_err(|error| Failure::unable(format!("`entente token` printed something else: {error}")))?;
            Ok(Hand { name, part, person, token, mailbox: None })
        };
        let (french, english) = (Language::French, Language::English);
        Ok(Self {
            claimant: hand("Hélène Vasseur", words.claimant, "party")?.reads(french, "one@lyon.example"),
            respondent: hand("Park Min-ji", words.respondent, "party")?.reads(english, "two@seoul.example"),
            mediator: hand("Claire Fontanel", words.mediator, "mediator")?.reads(french, "three@paris.example"),
            candidate: hand("Jonas Berg", words.candidate, "mediator")?.reads(english, "four@geneva.example"),
            tied: hand("Seo Yun-hee", words.tied, "mediator")?,
            centre: hand("Antoine Bailly", words.centre, "centre")?.reads(french, "five@centre.example"),
            deputy: hand("Lucie Morand", words.deputy, "centre")?,
            auditor: hand("Ruth Amsel", words.auditor, "auditor")?,
            analyst: hand("Marc Duval", words.analyst, "analyst")?,
            stranger: hand("Otto Kern", words.stranger, "party")?,
        })
    }
}
