//! What each of them sees of the case, read from the same pages that anybody gets.

use entente_domain::event::{Channel, Outcome};
use entente_domain::visibility::{Denial, Grant};
use entente_domain::{Audience, Camp, EventKind, PersonId, Phase, Seat};
use entente_projections::audit::Ground;
use serde::Deserialize;
use serde_json::Value;

use super::api::{Api, Reply};
use super::cast::{Cast, Hand};
use super::words::Words;
use crate::failure::Failure;
use crate::output::{self, Side};
use crate::words as named;

/// Characters of a text that a line of the story has room for.
const ROOM: usize = 72;

/// A case page, as far as the story tells of it.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    pub phase: Phase,
    pub nature: Option<String>,
    pub parties: Vec<Party>,
    pub people: Vec<Participant>,
    pub deadlines: Deadlines,
    pub channel: Channel,
    pub exchanges: Vec<Exchange>,
    pub discussions: Vec<Thread>,
    pub items: Vec<Item>,
    pub settlements: Vec<Settlement>,
    pub challenges: Vec<Challenge>,
    pub closing: Option<Closing>,
    pub timeline: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Party {
    pub name: Option<String>,
    pub country: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Participant {
    pub person: String,
    pub name: Option<String>,
    pub seat: Seat,
    pub number: u32,
    pub declaration: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Challenge {
    pub ground: Option<String>,
    pub upheld: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Deadlines {
    pub consent: Option<jiff::Timestamp>,
    pub appointment: Option<jiff::Timestamp>,
    pub term: Option<jiff::Timestamp>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Exchange {
    pub channel: Channel,
    pub minutes: u16,
}

#[derive(Debug, Deserialize)]
pub(super) struct Thread {
    pub discussion: String,
    pub audience: Audience,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Item {
    pub item: String,
    pub no: u32,
    pub author: String,
    pub audience: Audience,
    pub content: Value,
    pub erased: Option<jiff::Timestamp>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Settlement {
    pub item: String,
    pub digest: String,
    pub signed: Vec<Camp>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Closing {
    pub outcome: Outcome,
}

/// A line of the history, as far as the story tells of it.
#[derive(Debug, Deserialize)]
pub(super) struct HistoryLine {
    pub position: u64,
    pub sequence: u64,
    pub seat: Option<Seat>,
    pub person: Option<PersonId>,
    pub event: EventKind,
    pub facts: Vec<Fact>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Fact {
    pub name: String,
    pub value: String,
}

/// What the audit says of everyone who has sat at the case.
#[derive(Debug, Deserialize)]
pub(super) struct Readers {
    pub persons: Vec<Reader>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reader {
    pub person: String,
    pub could_see: bool,
    pub alerted: Option<Value>,
    ground: Value,
}

/// What the audit says of an item's restrictions.
#[derive(Debug, Deserialize)]
pub(super) struct Exposure {
    pub restrictions: Vec<Restriction>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Restriction {
    pub could: u32,
    pub alerted: u32,
    pub did: u32,
    pub seconds: u64,
    pub persons: Vec<Loser>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Loser {
    pub person: String,
    pub looked: Option<jiff::Timestamp>,
}

impl Reader {
    /// Why this person could see the item, or could not.
    pub(super) fn ground(&self) -> Result<Ground, Failure> {
        let parsed = if self.could_see {
            Grant::deserialize(&self.ground).map(Ground::Granted)
        } else {
            Denial::deserialize(&self.ground).map(Ground::Denied)
        };
        parsed.map_err(|_| Failure::found(format!("the audit gives a reason that is none: {}", self.ground)))
    }
}

impl Page {
    /// The thread of an audience that has no name: it came with the table.
    pub(super) fn standing(&self, audience: Audience) -> Result<&str, Failure> {
        let thread = self.discussions.iter().find(|thread| thread.audience == audience && thread.name.is_none());
        thread
            .map(|thread| thread.discussion.as_str())
            .ok_or_else(|| Failure::found("a discussion of the table is missing"))
    }

    /// Somebody's name, or what is left of one that is erased.
    fn name_of(&self, person: &str, words: &Words) -> String {
        let Some(known) = self.people.iter().find(|participant| participant.person == person) else {
            return person.to_owned();
        };
        known.name.clone().unwrap_or_else(|| named::person(known.seat, known.number, words.language))
    }
}

impl Item {
    /// Its words, or its file's name.
    fn words<'a>(&'a self, words: &Words) -> &'a str {
        if self.erased.is_some() {
            return words.erased;
        }
        let content = &self.content;
        let said = content.get("body").or_else(|| content.get("text")).or_else(|| content.pointer("/facts/name"));
        said.and_then(Value::as_str).unwrap_or_default()
    }
}

/// What somebody got to see.
pub(super) struct Look<'a> {
    /// Who.
    pub hand: &'a Hand,
    /// The answer.
    pub reply: Reply,
    /// The page, if there is one for this person.
    pub page: Option<Page>,
}

impl<'a> Look<'a> {
    /// One look of one person.
    pub(super) async fn take(api: &Api, hand: &'a Hand, case: &str) -> Result<Self, Failure> {
        let reply = api.get(hand, &format!("/api/cases/{case}"), None).await?;
        let page = if reply.status == 404 { None } else { Some(reply.read()?) };
        Ok(Self { hand, reply, page })
    }

    /// The page, which must be there.
    pub(super) fn page(&self) -> Result<&Page, Failure> {
        self.page.as_ref().ok_or_else(|| Failure::found(format!("{} should see the case and does not", self.hand.name)))
    }

    /// The items, one a line, in this person's own numbering.
    pub(super) fn items(&self, words: &Words) -> Vec<String> {
        let Some(page) = &self.page else { return vec![] };
        let line = |item: &Item| {
            let whole = item.words(words);
            let said: String = whole.chars().take(ROOM).collect();
            let more = if said.len() < whole.len() { "…" } else { "" };
            let author = page.name_of(&item.author, words);
            format!("{}. {author} [{}] {said}{more}", item.no, words.audience(item.audience))
        };
        page.items.iter().map(line).collect()
    }
}

/// What everybody got to see at one moment.
pub(super) struct Around<'a> {
    pub claimant: Look<'a>,
    pub respondent: Look<'a>,
    pub mediator: Look<'a>,
    pub centre: Look<'a>,
    pub stranger: Look<'a>,
}

impl<'a> Around<'a> {
    /// One look of each.
    pub(super) async fn take(api: &Api, cast: &'a Cast, case: &str) -> Result<Self, Failure> {
        Ok(Self {
            claimant: Look::take(api, &cast.claimant, case).await?,
            respondent: Look::take(api, &cast.respondent, case).await?,
            mediator: Look::take(api, &cast.mediator, case).await?,
            centre: Look::take(api, &cast.centre, case).await?,
            stranger: Look::take(api, &cast.stranger, case).await?,
        })
    }

    /// All of them, in the order in which the story shows them.
    pub(super) fn all(&self) -> [&Look<'a>; 5] {
        [&self.claimant, &self.respondent, &self.mediator, &self.centre, &self.stranger]
    }

    /// How many items each has, in the same order; none where there is no page.
    pub(super) fn items(&self) -> [usize; 5] {
        self.all().map(|look| look.page.as_ref().map_or(0, |page| page.items.len()))
    }
}

/// What everybody sees, in counts: one row for each person.
pub(super) fn counts(around: &Around<'_>, words: &Words) -> Vec<String> {
    let head = ["", "", words.phase_column, words.discussions, words.items, words.events].map(str::to_owned).to_vec();
    let rows = around.all().into_iter().map(|look| {
        let mut row = vec![look.hand.name.to_owned(), look.hand.part.to_owned()];
        match &look.page {
            None => row.extend([format!("{} {}", look.reply.status, words.nothing_here)]),
            Some(page) => row.extend([
                words.phase(page.phase).to_owned(),
                page.discussions.len().to_string(),
                page.items.len().to_string(),
                page.timeline.len().to_string(),
            ]),
        }
        row
    });
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    output::columns(&[Side::Left, Side::Left, Side::Left, Side::Right, Side::Right, Side::Right], &rows)
}
