//! Letters: who wants them how, waiting for those that are due, and what all of them say.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use entente_application::centre::Clock as _;
use entente_mail::Opened;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Hand, Stage};
use crate::demo::letterbox::{Due, News};
use crate::demo::views::Readers;
use crate::demo::words::{LetterWords, RosterWords};
use crate::failure::Failure;
use crate::language::Language;
use crate::output::{self, Side, Working};
use crate::world::RealClock;

/// How long the letters of one step may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the folder is looked into.
const BEAT: Duration = Duration::from_millis(20);
/// The headers that are each letter's own; whatever else it has is that of its language.
const OWN: [&str; 3] = ["To", "Date", "Message-ID"];

pub(super) async fn telling(stage: &mut Stage<'_>) -> Result<(), Failure> {
    let words = LetterWords::of(stage.words.language);
    stage.teller.chapter(words.telling)?;
    stage.teller.tell(words.telling_told)?;
    let mut rows = Vec::new();
    for hand in stage.cast.readers() {
        stage.at_once(hand).await?;
        let mailbox = hand.mailbox()?;
        rows.push([hand.name, mailbox.address, mailbox.language.code(), words.at_once].map(str::to_owned).to_vec());
    }
    stage.teller.show("", &output::columns(&[Side::Left; 4], &rows))
}

impl Stage<'_> {
    /// Somebody wants to be told at once.
    pub(super) async fn at_once(&self, hand: &Hand) -> Result<(), Failure> {
        self.prefer(hand, "at_once").await
    }

    /// Somebody wants to be told at another time than now.
    pub(super) async fn hold_back(&self, hand: &Hand) -> Result<(), Failure> {
        // Daily letters have their hours in the first quarter after eight in Paris. So that none strikes while the story
        // counts on silence, there are none at all in that time.
        let paris = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        let now = RealClock::started().now().to_zoned(paris);
        let morning = (7 * 60 + 55..8 * 60 + 20).contains(&(i32::from(now.hour()) * 60 + i32::from(now.minute())));
        self.prefer(hand, if morning { "never" } else { "daily" }).await
    }

    async fn prefer(&self, hand: &Hand, rhythm: &str) -> Result<(), Failure> {
        let mailbox = hand.mailbox()?;
        let wanted = json!({ "address": mailbox.address, "language": mailbox.language.code(), "rhythm": rhythm });
        self.api.put::<Value>(hand, "/api/me/letters", wanted).await.map(drop)
    }

    /// Waits until these have got the letter that something new asks for, and nobody another; then the story goes on, so that
    /// each letter is about one thing and they can be counted.
    pub(super) async fn told(&mut self, readers: &[&Hand], news: News<'_>) -> Result<(), Failure> {
        for reader in readers {
            self.letters.expect(reader, news)?;
        }
        let words = LetterWords::of(self.words.language);
        let (working, until) = (Working::on(words.waiting), Instant::now() + PATIENCE);
        loop {
            self.letters.look()?;
            let (come, due) = self.letters.state()?;
            working.now(format!("{} ({come} / {due})", words.waiting));
            if come == due && self.are_on_record(readers, news).await? {
                return Ok(());
            }
            if Instant::now() >= until {
                return Err(Failure::found(format!("{come} letters came in time, and {due} were due")));
            }
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Whether the case has recorded that these were alerted: it does so once a letter has gone, and shows it to each alone.
    async fn are_on_record(&self, readers: &[&Hand], news: News<'_>) -> Result<bool, Failure> {
        let News::Item(item) = news else { return Ok(true) };
        for reader in readers {
            let trail: Value = self.api.read(reader, &self.path(&format!("trails/{}", reader.person))).await?;
            let lines = trail["lines"].as_array().ok_or_else(|| Failure::found("a trail has no lines"))?;
            if !lines.iter().any(|line| line["relation"] == "alerted" && line["item"] == item) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Shows the letters; `hidden` is the item that the respondent must not have been told of.
pub(super) async fn letters(stage: &mut Stage<'_>, hidden: &str) -> Result<(), Failure> {
    let words = LetterWords::of(stage.words.language);
    stage.teller.chapter(words.letters)?;
    stage.teller.tell(words.letters_told)?;
    stage.letters.look()?;
    let (come, due) = stage.letters.state()?;
    let (mut alike, mut silent) = (true, true);
    let forbidden = never_to_be_told(stage);
    let ids = stage.cast.everyone().map(|hand| hand.person.as_str()).into_iter().chain([stage.case.as_str(), hidden]);
    let ids: Vec<_> = ids.collect();
    let (french, english) = ((Language::French, words.french), (Language::English, words.english));
    for (language, title) in words.language.pick([english, french], [french, english]) {
        let of = |letter: &&Opened| letter.header("Content-Language") == language.code();
        let letters: Vec<_> = stage.letters.letters.iter().filter(of).collect();
        // It was written before anybody had said a word at the table.
        let first = letters.first().ok_or_else(|| Failure::found("a language has no letter"))?;
        show_letter(stage, title, first)?;
        alike &= letters.len() > 1 && letters.iter().all(|letter| letter.body == first.body);
        let usual = words_of(&common(first));
        silent &= letters
            .iter()
            .all(|letter| words_of(&common(letter)).difference(&usual).all(|word| !forbidden.contains(word)));
        let own = |letter: &Opened| OWN.map(|name| letter.header(name).to_owned()).join("\n");
        silent &= letters.iter().all(|letter| {
            let all = format!("{}\n{}", own(letter), common(letter));
            ids.iter().all(|id| !all.contains(id)) && stage.cast.everyone().iter().all(|hand| !all.contains(hand.name))
        });
    }
    stage.must(alike, words.letters_alike)?;
    stage.must(silent, words.letters_silent)?;

    let path = format!("/api/cases/{}/audit/items/{hidden}/readers", stage.case);
    let readers: Readers = stage.api.read(&stage.cast.auditor, &path).await?;
    let alerted = |hand: &Hand| readers.persons.iter().any(|it| it.person == hand.person && it.alerted.is_some());
    let head = ["", "", words.number, words.steps, words.items, words.hidden].map(str::to_owned).to_vec();
    let mut rows = vec![head];
    let mut exact = come == due;
    for hand in stage.cast.readers() {
        let address = hand.mailbox()?.address;
        let (got, Due { steps, items }) = (stage.letters.got(address), stage.letters.due(address));
        let told = usize::from(alerted(hand));
        exact &= got == steps + items && (told == 1) == (hand.person == stage.cast.mediator.person);
        let numbers = [got, steps, items - told.min(items), told].map(|number| number.to_string());
        rows.push([hand.name.to_owned(), address.to_owned()].into_iter().chain(numbers).collect());
    }
    let sides = [Side::Left, Side::Left, Side::Right, Side::Right, Side::Right, Side::Right];
    stage.teller.show(words.counted, &output::columns(&sides, &rows))?;
    stage.must(exact, words.letters_counted)
}

/// Shows a letter as a mail program would, with all of its headers.
fn show_letter(stage: &Stage<'_>, title: &str, letter: &Opened) -> Result<(), Failure> {
    let headers = letter.headers.iter().map(|(name, value)| format!("{name}: {value}"));
    let lines: Vec<_> = headers.chain([String::new()]).chain(letter.text.lines().map(str::to_owned)).collect();
    stage.teller.show(title, &lines)
}

/// A letter without the headers that are its own.
fn common(letter: &Opened) -> String {
    let others = letter.headers.iter().filter(|(name, _)| !OWN.iter().any(|own| own.eq_ignore_ascii_case(name)));
    let lines: Vec<_> = others.map(|(name, value)| format!("{name}: {value}")).collect();
    format!("{}\n{}", lines.join("\n"), letter.text)
}

/// The words of every name and of all that was said.
fn never_to_be_told(stage: &Stage<'_>) -> BTreeSet<String> {
    let (words, of_roster) = (stage.words, RosterWords::of(stage.words.language));
    let names = stage.cast.everyone().map(|hand| hand.name);
    let said = [
        words.claimant_company,
        words.respondent_company,
        words.nature,
        of_roster.declaration,
        of_roster.ground,
        words.welcome,
        words.claim,
        words.reply,
        words.test_log_name,
        words.test_log,
        words.claimant_secret,
        words.respondent_secret,
        words.cost_sheet,
        words.thread,
        words.thread_question,
        words.thread_answer,
        words.draft,
    ];
    names.into_iter().chain(said).flat_map(words_of).collect()
}

/// The words and numbers of a text, but for short words, which are everywhere.
pub(super) fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_lowercase);
    let tells = |word: &String| {
        let is_number = word.chars().all(|digit| digit.is_ascii_digit());
        word.chars().count() >= if is_number { 2 } else { 4 }
    };
    words.filter(tells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_tell_are_long_or_numbers() {
        let words = words_of("Between us: we take 84,300 – l’écart est à 9.");
        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["300", "84", "between", "take", "écart"]);
    }
}
