//! The story itself, and what each step must leave behind; a step that does not hold ends it.

mod before;
mod candidates;
mod documents;
mod ending;
mod letters;
mod table;

use std::path::Path;

use serde_json::Value;

use super::api::{Api, Done};
use super::cast::{Cast, Hand};
use super::letterbox::Letterbox;
use super::teller::Teller;
use super::views::{Around, Look, counts};
use super::words::Words;
use crate::failure::Failure;

/// Where the story is.
pub(super) struct Stage<'a> {
    /// Where the service's data lies, for the program's other commands.
    folder: &'a Path,
    api: &'a Api,
    cast: &'a Cast,
    words: &'a Words,
    teller: Teller,
    case: String,
    /// The last thing that was written, for lists to wait for.
    written: String,
    letters: Letterbox,
    /// The companies' ids in the centre's directory, claimant first.
    companies: [String; 2],
}

/// Plays it from beginning to end; gives the case.
pub(super) async fn play(
    folder: &Path,
    api: &Api,
    cast: &Cast,
    words: &Words,
    letters: Letterbox,
    json: bool,
) -> Result<String, Failure> {
    let mut stage = Stage {
        folder,
        api,
        cast,
        words,
        teller: Teller::new(json, words.language),
        case: String::new(),
        written: String::new(),
        letters,
        companies: [api.unused_id(), api.unused_id()],
    };
    letters::telling(&mut stage).await?;
    before::registration(&mut stage).await?;
    before::questionnaire(&mut stage).await?;
    before::invitation(&mut stage).await?;
    before::consent(&mut stage).await?;
    candidates::roster(&mut stage).await?;
    candidates::proposals(&mut stage).await?;
    candidates::appointment(&mut stage).await?;
    candidates::challenge(&mut stage).await?;
    table::joint_session(&mut stage).await?;
    let document = documents::document(&mut stage).await?;
    table::caucuses(&mut stage).await?;
    let hidden = table::hidden_item(&mut stage).await?;
    table::trace(&mut stage, &hidden).await?;
    ending::group_discussion(&mut stage).await?;
    ending::telephone(&mut stage).await?;
    ending::settlement(&mut stage).await?;
    documents::record(&mut stage).await?;
    ending::audit_trail(&mut stage).await?;
    ending::figures(&mut stage).await?;
    documents::erasure(&mut stage, &document).await?;
    letters::letters(&mut stage, &hidden).await?;
    Ok(stage.case)
}

impl<'a> Stage<'a> {
    /// Sends a command to the case.
    async fn post(&mut self, hand: &Hand, path: &str, body: Value) -> Result<Done, Failure> {
        let done: Done = self.api.post(hand, &self.path(path), body).await?;
        self.written.clone_from(&done.written);
        Ok(done)
    }

    /// The path of something of the case.
    fn path(&self, below: &str) -> String {
        format!("/api/cases/{}/{below}", self.case)
    }

    /// Somebody says something.
    async fn say(&mut self, hand: &Hand, discussion: &str, body: &str) -> Result<Done, Failure> {
        self.post(hand, "messages", serde_json::json!({ "discussion": discussion, "body": body })).await
    }

    /// What one person sees now.
    async fn look(&self, hand: &'a Hand) -> Result<Look<'a>, Failure> {
        Look::take(self.api, hand, &self.case).await
    }

    /// What everybody sees now, shown in counts.
    async fn look_around(&self) -> Result<Around<'a>, Failure> {
        let around = Around::take(self.api, self.cast, &self.case).await?;
        self.teller.show("", &counts(&around, self.words))?;
        Ok(around)
    }

    /// Shows the words that somebody sees.
    fn show_items(&self, look: &Look<'_>) -> Result<(), Failure> {
        let items = look.items(self.words);
        let lines = if items.is_empty() { vec![self.words.nothing.to_owned()] } else { items };
        self.teller.show(&format!("{} ({}) {}", look.hand.name, look.hand.part, self.words.sees), &lines)
    }

    /// Says that something holds, if it does; otherwise ends the story.
    fn must(&self, holds: bool, what: &str) -> Result<(), Failure> {
        if holds {
            self.teller.held(self.words.held, what)
        } else {
            Err(Failure::found(format!("this does not hold: {what}")))
        }
    }
}
