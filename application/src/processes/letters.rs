//! The letters: made of what waits at each person's hour, handed over, and recorded once the server has taken them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use entente_domain::{Actor, CaseId, CommandId, ItemId, PersonId, command};
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::rhythm::{Hours, hours};
use super::{Turn, alerts, later};
use crate::centre::Centre;
use crate::commands::Request;
use crate::error::CentreError;
use crate::ports::{
    Lease, Letter, LetterLanguage, LetterRow, LetterState, NewLetter, News, PostError, Preferences, Rhythm,
};

/// Persons and letters that are taken together.
const PAGE: u32 = 200;
/// Letters that are being handed over at a time: a slow server holds up these and no more.
const AT_A_TIME: usize = 4;
/// After how long no more of a page are begun: what came meanwhile is not to wait for a slow server.
const LONG: Duration = Duration::from_secs(5);
/// For how long after its hour a letter is kept, for bounces and the centre's list.
pub(super) const KEPT: SignedDuration = SignedDuration::from_hours(24 * 90);

/// How letters are sent.
#[derive(Clone, Debug)]
pub struct LetterPolicy {
    /// The language of those who have chosen none.
    pub language: LetterLanguage,
    /// How often those who have chosen nothing are told.
    pub rhythm: Rhythm,
    /// For how long a letter is tried.
    pub give_up: SignedDuration,
    /// What was told so long after it happened is history, such as cases that are brought in from elsewhere: nobody is
    /// alerted to that.
    pub history: SignedDuration,
}

impl Default for LetterPolicy {
    /// French, each quarter of an hour, tried for five days; of what is no older than a day.
    fn default() -> Self {
        Self {
            language: LetterLanguage::French,
            rhythm: Rhythm::Quarterly,
            give_up: SignedDuration::from_hours(5 * 24),
            history: SignedDuration::from_hours(24),
        }
    }
}

impl Centre {
    /// Makes letters of what waits, and hands over those whose time has come.
    pub(super) async fn work_off_letters(&self, lease: &Lease, turn: &mut Turn) -> Result<(), CentreError> {
        let awaiting = self.outbox.awaiting(self.now(), PAGE).await?;
        turn.more = awaiting.len() == PAGE as usize;
        let mut failed = None;
        for (person, since) in awaiting {
            match self.write_letter(lease, person, since).await {
                Ok(true) => {}
                Ok(false) => return Ok(()),
                // One person's trouble holds nobody else's letters up.
                Err(error) => {
                    let pause = SignedDuration::from_mins(if error.is_ones_own() { 60 } else { 1 });
                    let soon = self.now().saturating_add(pause).unwrap_or(Timestamp::MAX);
                    self.outbox.defer(lease, person, Some(soon)).await?;
                    failed = failed.or(unless_ones_own(error));
                }
            }
        }
        let letters = self.outbox.on_their_way(lease, self.now(), PAGE).await?;
        if letters.is_empty() && !turn.more {
            let past = self.now().saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
            self.outbox.prune(lease, past).await?;
        }
        turn.more |= letters.len() == PAGE as usize;
        let (began, begun, all) = (Instant::now(), AtomicUsize::new(0), letters.len());
        let mut sent = futures::stream::iter(letters)
            .take_while(|_| futures::future::ready(began.elapsed() < LONG))
            .map(|letter| {
                begun.fetch_add(1, Ordering::Relaxed);
                self.hand_over_or_put_off(lease, letter)
            })
            .buffer_unordered(AT_A_TIME);
        while let Some(outcome) = sent.next().await {
            match outcome {
                Ok(true) => turn.done += 1,
                Ok(false) => turn.moot += 1,
                Err(error) => failed = failed.or(unless_ones_own(error)),
            }
        }
        drop(sent);
        turn.more |= begun.into_inner() < all;
        failed.map_or(Ok(()), Err)
    }

    /// Hands a letter over; whose preferences or case cannot be read is tried again in an hour, and the others meanwhile.
    async fn hand_over_or_put_off(&self, lease: &Lease, letter: LetterRow) -> Result<bool, CentreError> {
        let outcome = self.hand_over(lease, letter.clone()).await;
        if outcome.as_ref().is_err_and(CentreError::is_ones_own) {
            let again = self.now().saturating_add(SignedDuration::from_mins(60)).unwrap_or(Timestamp::MAX);
            self.outbox.note(lease, &LetterRow { again: Some(again), ..letter }).await?;
        }
        outcome
    }

    /// How somebody is told: as chosen, or as is usual.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn preferred(&self, person: PersonId) -> Result<Preferences, CentreError> {
        let LetterPolicy { language, rhythm, .. } = self.letters;
        let chosen = self.directory.preferences(person).await?;
        Ok(chosen.unwrap_or(Preferences { address: None, language, rhythm }))
    }

    /// Makes a person's letter if it is the hour; false if the lease is somebody else's.
    async fn write_letter(&self, lease: &Lease, person: PersonId, since: Timestamp) -> Result<bool, CentreError> {
        let rhythm = self.preferred(person).await?.rhythm;
        let Some(Hours { last, .. }) = hours(rhythm, person, self.now()) else {
            // Nothing is kept for whoever wants nothing: a later choice tells of what comes later.
            return Ok(self.outbox.write(lease, person, Timestamp::MAX, None).await?);
        };
        if last <= since {
            let until = hours(rhythm, person, since).map(|hours| hours.next);
            return Ok(self.outbox.defer(lease, person, until).await?);
        }
        let mut news = Vec::new();
        // A program that begins on an old log, or was away for long, does not tell of what is long past.
        let past = self.now().saturating_sub(self.letters.give_up).unwrap_or(Timestamp::MIN);
        for waiting in self.outbox.news(person, last).await? {
            if waiting.at > past && self.is_still_new(person, waiting.case, waiting.item).await? {
                news.push(waiting);
            }
        }
        let id = news.first().map(|first: &News| {
            let words = [first.case.0.as_bytes().as_slice(), first.source.0.as_bytes(), person.0.as_bytes()];
            self.names.name("letter", &words)
        });
        #[cfg(feature = "leaks")]
        let id = crate::leaks::letter_in_order(self, id, &news).await;
        let letter = id.map(|letter| NewLetter { letter, person, slot: last.min(self.now()), news });
        Ok(self.outbox.write(lease, person, last, letter.as_ref()).await?)
    }

    async fn is_still_new(&self, person: PersonId, case: CaseId, item: Option<ItemId>) -> Result<bool, CentreError> {
        let folded = self.log.fold_now(case).await?;
        let now = later(self.now(), folded.state.last_at);
        Ok(alerts::is_still_new(&folded.state, person, item, now))
    }

    /// Brings a letter on its way by one step; whether it was handed over.
    async fn hand_over(&self, lease: &Lease, letter: LetterRow) -> Result<bool, CentreError> {
        let told = self.outbox.told(letter.letter).await?;
        if letter.state == LetterState::Sent {
            return self.record(lease, letter, &told).await;
        }
        let mut new = false;
        for (case, item) in &told {
            new = new || self.is_still_new(letter.person, *case, *item).await?;
        }
        let now = self.now();
        let over = |state| LetterRow { state, again: None, ended: Some(now), ..letter.clone() };
        if !new {
            // Hidden, opened or erased meanwhile: there is nothing left to tell.
            self.outbox.note(lease, &over(LetterState::Moot)).await?;
            return Ok(false);
        }
        let Preferences { address, language, rhythm } = self.preferred(letter.person).await?;
        if rhythm == Rhythm::Never {
            self.outbox.note(lease, &over(LetterState::Moot)).await?;
            return Ok(false);
        }
        let address = match address {
            Some(address) => Some(address),
            None => self.address_on_record(letter.person, told.iter().map(|(case, _)| *case).collect()).await?,
        };
        let Some(to) = address else {
            self.outbox.note(lease, &over(LetterState::NoAddress)).await?;
            return Ok(false);
        };
        // Who finds it so later knows that it may have arrived.
        let attempts = letter.attempts.saturating_add(1);
        let unsure_before = letter.state == LetterState::Unsure;
        let going = LetterRow { state: LetterState::Going, attempts, again: Some(now), ..letter };
        if !self.outbox.note(lease, &going).await? {
            return Ok(false);
        }
        #[cfg(feature = "leaks")]
        let going = LetterRow { slot: crate::leaks::hour_of_the_first(self, &going, &told).await, ..going };
        let sent = self.post.send(&Letter { id: going.letter, to, language, at: going.slot }).await;
        let now = self.now();
        let again = |going: LetterRow, after| {
            let again = now.saturating_add(after).unwrap_or(Timestamp::MAX);
            let late = now.duration_since(going.slot) > self.letters.give_up;
            if late {
                LetterRow { state: LetterState::GivenUp, again: None, ended: Some(now), ..going }
            } else {
                LetterRow { state: LetterState::Waiting, again: Some(again), ..going }
            }
        };
        let noted = match sent {
            // Twice all of it was sent and nothing was heard: it has arrived as far as anybody can know.
            Ok(()) | Err(PostError::Unsure) if sent.is_ok() || unsure_before => {
                let sent = LetterRow { state: LetterState::Sent, again: Some(now), ended: Some(now), ..going };
                self.outbox.note(lease, &sent).await?;
                return self.record(lease, sent, &told).await;
            }
            Err(PostError::Refused(code)) => {
                LetterRow { state: LetterState::Refused, again: None, ended: Some(now), code: Some(code), ..going }
            }
            Err(PostError::Later(reason)) => {
                tracing::info!(reason, "a letter waits");
                again(going, pause(attempts))
            }
            Ok(()) | Err(PostError::Unsure) => match again(going, pause(attempts)) {
                row if row.state == LetterState::Waiting => LetterRow { state: LetterState::Unsure, ..row },
                row => row,
            },
            Err(PostError::Misconfigured(reason)) => {
                tracing::error!(reason, "letters cannot be sent: a setting is wrong");
                again(going, pause(u32::MAX))
            }
        };
        self.outbox.note(lease, &noted).await?;
        Ok(false)
    }

    /// Records in each case that its person was alerted: once, whoever does it and however often.
    async fn record(
        &self,
        lease: &Lease,
        letter: LetterRow,
        told: &[(CaseId, Option<ItemId>)],
    ) -> Result<bool, CentreError> {
        let mut cases: BTreeMap<CaseId, Vec<ItemId>> = BTreeMap::new();
        for (case, item) in told {
            cases.entry(*case).or_default().extend(*item);
        }
        for (case, items) in cases.into_iter().filter(|(_, items)| !items.is_empty()) {
            let command = self.names.name("alerted", &[letter.letter.as_bytes(), case.0.as_bytes()]);
            let request = Request {
                case,
                command: CommandId(command),
                by: Actor::Clock,
                at: None,
                request: None,
                seen_at: None,
                ask: command::RecordAlert { person: letter.person, items }.into(),
            };
            match self.execute(request).await {
                // Erased meanwhile, or hidden: then the letter has told of nothing.
                Ok(_) | Err(CentreError::Refused(_)) => {}
                // The letter has gone out, and is not sent again for that.
                Err(error) if error.is_ones_own() => tracing::error!(%error, "a case does not know of a letter"),
                Err(error) => return Err(error),
            }
        }
        #[cfg(feature = "leaks")]
        crate::leaks::went_well(self.world(), &letter);
        let done = LetterRow { state: LetterState::Recorded, again: None, ..letter };
        Ok(self.outbox.note(lease, &done).await?)
    }
}

/// Such an error is told to whoever runs the service, and stops nobody.
fn unless_ones_own(error: CentreError) -> Option<CentreError> {
    if error.is_ones_own() {
        tracing::error!(%error, "somebody is not written to");
        return None;
    }
    Some(error)
}

/// How long to wait before a letter is tried again: a minute at first, as those ask who put a stranger off, an hour at last.
fn pause(attempts: u32) -> SignedDuration {
    let minutes = 1_i64.checked_shl(attempts.saturating_sub(1)).filter(|minutes| *minutes > 0).unwrap_or(60).min(60);
    SignedDuration::from_mins(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_an_hour() {
        let minutes = [1, 2, 3, 6, 7, 8, 64, 65, u32::MAX].map(|attempts| pause(attempts).as_mins());
        assert_eq!(minutes, [1, 2, 4, 32, 60, 60, 60, 60, 60]);
    }
}
