//! The way of a command through the facade, in the one order of checks that tells nobody what is not theirs to know:
//! visibility, first answer again, precondition, parsing, the case's own rules.

use axum::http::HeaderMap;
use entente_application::documents::Submission;
use entente_application::{Answer, Centre, CentreError, Request};
use entente_domain::command::{ApproveErasure, Register};
use entente_domain::{Actor, Ask, CaseId, CommandId, ItemId};
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::answer::{Answered, bytes};
use crate::body::parse;
use crate::call::Call;
use crate::problem::{Fault, Problem};
use crate::{etag, written};

/// The header that names a request, so that it can be repeated without a second effect.
pub const KEY: &str = "idempotency-key";

/// How often a precondition is looked at because the case had moved on.
const LOOKS: u32 = 6;

/// Characters in a key at most.
const LONGEST_KEY: usize = 200;

impl Call {
    /// Registers a case; its id follows from the command's.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn register(self) -> Answered {
        let command = self.command()?;
        // Whoever registers does so for a company, even if the same token is also good for the centre.
        let by = Actor::Person(self.person);
        let ask = async { Ok(self.words::<Register>()?.into()) };
        written::answer(&self.carry_out(Centre::case_for(command), command, by, ask).await?)
    }

    /// Carries out a command whose words are all in the body.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn ask<A: DeserializeOwned + Into<Ask>>(self) -> Answered {
        let (case, command, by) = (self.visible_case().await?, self.command()?, self.actor());
        let ask = async { Ok(self.words::<A>()?.into()) };
        written::answer(&self.carry_out(case, command, by, ask).await?)
    }

    /// Carries out a command of somebody who is asked to mediate and has no seat yet.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn ask_as_candidate<A: DeserializeOwned + Into<Ask>>(self) -> Answered {
        let case = self.case()?;
        if let Err(absent) = self.centre.must_be_asked(case, self.person).await {
            // Who has refused is asked no more; the same request sent again gets its first answer all the same.
            let Ok(command) = self.command() else { return Err(absent.into()) };
            if self.centre.log.done(command, None).await?.is_none() {
                return Err(absent.into());
            }
        }
        // Whoever answers does so in person, even if the same token is also good for the centre.
        let (command, by) = (self.command()?, Actor::Person(self.person));
        let ask = async { Ok(self.words::<A>()?.into()) };
        written::answer(&self.carry_out(case, command, by, ask).await?)
    }

    /// Carries out a command on an item of the path.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn ask_of_item<B, A>(self, ask: impl FnOnce(ItemId, B) -> A + Send) -> Answered
    where
        B: DeserializeOwned,
        A: Into<Ask>,
    {
        #[cfg(feature = "leaks")]
        if crate::leaks::reads_first(&self).await {
            self.words::<B>()?;
        }
        let ((case, item), command, by) = (self.visible_item().await?, self.command()?, self.actor());
        let ask = async { Ok(ask(item, self.words()?).into()) };
        written::answer(&self.carry_out(case, command, by, ask).await?)
    }

    /// Carries out a command about something that the path names and that is no secret from whoever sees the case: a
    /// person who sits there, a ground out of a list.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn ask_about<N, B, A>(
        self,
        named: impl FnOnce(&Self) -> Result<N, Problem> + Send,
        ask: impl FnOnce(N, B) -> A + Send,
    ) -> Answered
    where
        N: Send,
        B: DeserializeOwned,
        A: Into<Ask>,
    {
        let case = self.visible_case().await?;
        let (named, command, by) = (named(&self)?, self.command()?, self.actor());
        let ask = async { Ok(ask(named, self.words()?).into()) };
        written::answer(&self.carry_out(case, command, by, ask).await?)
    }

    /// Submits what was uploaded.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub async fn submit(self) -> Answered {
        let (case, command, by) = (self.visible_case().await?, self.command()?, self.actor());
        let ask = async {
            let wanted: Submission = self.words()?;
            Ok(self.centre.submission(case, by, &wanted).await?)
        };
        written::answer(&self.carry_out(case, command, by, ask).await?)
    }

    /// Approves an erasure; with the second approval, the keys are gone once this answers, the first time and again.
    ///
    /// # Errors
    /// Whatever stands in the way. What is decided is erased even if this cannot: the follower of the log does it.
    pub async fn approve_erasure(self) -> Answered {
        let (case, command, by) = (self.visible_case().await?, self.command()?, self.actor());
        let ask = async { Ok(self.words::<ApproveErasure>()?.into()) };
        let answer = self.carry_out(case, command, by, ask).await?;
        let erased = self.centre.erase_now(case, &answer.happened).await;
        erased.map_err(|error| Problem::from(error).but(Fault::NotErasedYet))?;
        written::answer(&answer)
    }

    /// Does what a command asks, or gives its first answer again. `ask` is not polled before the precondition holds:
    /// until then nothing of what is asked is looked at.
    async fn carry_out(
        &self,
        case: CaseId,
        command: CommandId,
        by: Actor,
        ask: impl Future<Output = Result<Ask, Problem>> + Send,
    ) -> Result<Answer, Problem> {
        #[cfg(feature = "leaks")]
        crate::leaks::log_words(&self.body);
        let digest = self.digest();
        if self.headers.contains_key(KEY)
            && let Some(first) = self.centre.first_answer(command, Some(digest)).await?
        {
            return Ok(first);
        }
        let mut seen_at = self.precondition(case).await?;
        let ask = ask.await?;
        for _ in 0..LOOKS {
            let request = Request { case, command, by, at: None, request: Some(digest), seen_at, ask: ask.clone() };
            let centre = self.centre.clone();
            // Detached: a client that hangs up cancels nothing half-way.
            let carried_out = tokio::spawn(async move { centre.execute(request).await }.in_current_span()).await;
            match carried_out {
                Ok(Ok(answer)) => return Ok(answer),
                // Between the look and the decision something happened, perhaps nothing that the caller can see.
                Ok(Err(CentreError::MovedOn)) => seen_at = self.precondition(case).await?,
                Ok(Err(error)) => return Err(error.into()),
                Err(_) => {
                    tracing::error!("a command did not come to an end");
                    return Err(Fault::Internal.into());
                }
            }
        }
        Err(Fault::Busy.into())
    }

    /// The body's words.
    ///
    /// # Errors
    /// As [`parse`].
    pub fn words<B: DeserializeOwned>(&self) -> Result<B, Problem> {
        parse(&self.headers, &self.body)
    }

    /// The command's id: the one that the caller's key names, or a new one.
    ///
    /// # Errors
    /// A key that is none.
    pub fn command(&self) -> Result<CommandId, Problem> {
        let key = key(&self.headers)?;
        Ok(key.map_or_else(|| CommandId(self.centre.dice.uuid()), |key| self.centre.command_for(self.person, key)))
    }

    /// What the caller acts on must still be what the caller has read, if the caller says so; the version at which
    /// that was so.
    async fn precondition(&self, case: CaseId) -> Result<Option<u64>, Problem> {
        if !etag::is_asked(&self.headers) {
            return Ok(None);
        }
        match self.centre.case_page_at(case, self.viewer()).await {
            #[cfg(feature = "leaks")]
            Ok((page, version)) if crate::leaks::has_moved_on(self, etag::of(&bytes(&page)?), version) => {
                Err(Fault::Precondition.into())
            }
            Ok((page, version)) if etag::is_met(&self.headers, &etag::of(&bytes(&page)?)) => Ok(Some(version)),
            // A case that is yet to be registered has no page that anybody could have read.
            Ok(_) | Err(CentreError::Refused(_)) => Err(Fault::Precondition.into()),
            Err(error) => Err(error.into()),
        }
    }
}

fn key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut values = headers.get_all(KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value
        .to_str()
        .ok()
        .filter(|key| (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()));
    match (key, values.next()) {
        (Some(key), None) => Ok(Some(key)),
        _ => Err(Problem::from(Fault::BadHeader).because("Idempotency-Key: 1 to 200 visible ASCII characters, once")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::http::HeaderValue;

    use super::*;

    fn taken(keys: &[&str]) -> bool {
        let mut headers = HeaderMap::new();
        for key in keys {
            headers.append(KEY, HeaderValue::from_bytes(key.as_bytes()).unwrap());
        }
        key(&headers).is_ok()
    }

    #[test]
    fn a_key_is_up_to_two_hundred_visible_characters_once() {
        assert!(taken(&[]));
        assert!(taken(&["a"]));
        assert!(taken(&[&"k".repeat(200)]));
        assert!(!taken(&[&"k".repeat(201)]));
        assert!(!taken(&[""]));
        assert!(!taken(&["two words"]));
        assert!(!taken(&["clé"]));
        assert!(!taken(&["a", "b"]));
    }
}
