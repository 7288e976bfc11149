//! The readable part of a record: one page of HTML that stands for itself, in the reader's language.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use askama::Template;
use entente_domain::event::DocumentFacts;
use entente_domain::{ItemId, PersonId, Seat};
use entente_projections::page::{CasePage, ItemContent, ItemView, Participant, Party, SettlementView};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::words::Words;
use crate::file_name;
use crate::language::Language;

/// What the template shows. It escapes every text; its own words stand in it, side by side in both languages.
#[derive(Template)]
#[template(path = "record.html", whitespace = "minimize")]
pub struct Sheet<'a> {
    /// The page.
    pub page: &'a CasePage,
    /// Where the documents lie beside it.
    pub documents: &'a BTreeMap<ItemId, String>,
    /// In which language.
    pub language: Language,
}

impl Sheet<'_> {
    fn say(&self, fr: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::French => fr,
            Language::English => en,
        }
    }

    fn word(&self, named: impl Words) -> &'static str {
        self.language.of(named.words())
    }

    /// In UTC, so that the same record is the same everywhere.
    fn time(&self, at: impl Borrow<Timestamp>) -> String {
        let at = TimeZone::UTC.to_datetime(*at.borrow());
        let (date, hour, minute) = (at.date(), at.hour(), at.minute());
        format!("{date} {hour:02}:{minute:02} UTC")
    }

    /// A party's name, or what is left of it.
    fn party(&self, party: &Party) -> String {
        party.name.clone().unwrap_or_else(|| self.word(party.camp).to_owned())
    }

    /// A person's name, or what is left of it.
    fn person(&self, held: &Participant) -> String {
        held.name.clone().unwrap_or_else(|| self.nameless(held))
    }

    fn nameless(&self, held: &Participant) -> String {
        let (seat, number) = (self.word(held.seat), held.number);
        format!("{seat}, {} {number}", self.say("personne", "person"))
    }

    /// Who did something, by name and from which seat.
    fn who(&self, seat: impl Borrow<Option<Seat>>, person: impl Borrow<Option<PersonId>>) -> String {
        let Some(seat) = *seat.borrow() else { return self.say("le calendrier", "the clock").to_owned() };
        let held = self.page.people.iter().find(|held| Some(held.person) == *person.borrow());
        match held {
            Some(Participant { name: Some(name), .. }) => format!("{name} ({})", self.word(seat)),
            Some(held) => self.nameless(held),
            None => self.word(seat).to_owned(),
        }
    }

    /// Who an item is by.
    fn author(&self, item: &ItemView) -> String {
        self.who(Some(item.seat), Some(item.author))
    }

    /// Names of persons, one after the other.
    fn names(&self, persons: &[PersonId]) -> String {
        let name = |person: &PersonId| {
            let held = self.page.people.iter().find(|held| held.person == *person);
            held.map_or_else(|| person.to_string(), |held| self.person(held))
        };
        persons.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// What an item is.
    fn kind(&self, item: &ItemView) -> &'static str {
        match item.content {
            ItemContent::Message { .. } => self.say("message", "message"),
            ItemContent::Document { .. } => self.say("document", "document"),
            ItemContent::Settlement { .. } => self.say("projet d’accord", "draft settlement"),
            ItemContent::Disclosure { .. } => self.say("confidence transmise", "confidence passed on"),
        }
    }

    /// What an item says.
    fn words(&self, item: &ItemView) -> Option<String> {
        match &item.content {
            ItemContent::Message { body } | ItemContent::Disclosure { body, .. } => body.clone(),
            ItemContent::Settlement { text } => text.clone(),
            ItemContent::Document { .. } => None,
        }
    }

    /// The document that an item is, or holds.
    fn facts(&self, item: &ItemView) -> Option<DocumentFacts> {
        match &item.content {
            ItemContent::Document { facts, .. } | ItemContent::Disclosure { facts, .. } => facts.clone(),
            ItemContent::Message { .. } | ItemContent::Settlement { .. } => None,
        }
    }

    /// The link to an item's document, if it lies beside the page.
    fn link(&self, item: &ItemView) -> Option<String> {
        let path = self.documents.get(&item.item)?;
        Some(path.split('/').map(file_name::encoded).collect::<Vec<_>>().join("/"))
    }

    /// Where an item is read: its thread, if that has a name, and who takes part.
    fn place(&self, item: &ItemView) -> String {
        let threads = &self.page.discussions;
        let thread = threads.iter().find(|thread| Some(thread.discussion) == item.discussion);
        let audience = self.word(item.audience);
        match thread.and_then(|thread| thread.name.as_deref()) {
            Some(name) => format!("{name} ({audience})"),
            None => audience.to_owned(),
        }
    }

    /// The number of the item that an item was copied from, for whoever sees both.
    fn source(&self, item: &ItemView) -> Option<u32> {
        let source = item.source?;
        self.page.items.iter().find(|found| found.item == source).map(|found| found.no)
    }

    /// What has become of an item that is a draft.
    fn draft(&self, item: &ItemView) -> Option<SettlementView> {
        self.page.settlements.iter().find(|draft| draft.item == item.item).cloned()
    }
}
