//! Commands: fold, decide, append; once per command id, whatever happens in between.

use entente_domain::event::{CaseEvent, Disclosed, DisclosureForm, Erasable};
use entente_domain::visibility::Viewer;
use entente_domain::{Actor, Ask, CaseError, CaseId, CommandId, Entry, Issued, command};
use std::time::Duration;

use jiff::Timestamp;

use crate::centre::{Centre, to_the_microsecond};
use crate::error::CentreError;
use crate::ports::{Append, Appended, Shred, StoreError};

/// How often a decision is made anew because the case had moved on.
const ATTEMPTS: u32 = 12;

/// The first pause before another attempt; later ones are longer, a second in all.
const PAUSE: Duration = Duration::from_millis(15);

/// What somebody asks of a case.
#[derive(Clone, Debug)]
pub struct Request {
    /// The case; for a registration, the id that it is to have (see [`Centre::case_for`]).
    pub case: CaseId,
    /// The command's id. From a key of the client's (see [`Centre::command_for`]), or random.
    pub command: CommandId,
    /// Who asks.
    pub by: Actor,
    /// When; now if not said. Said by imports and tests alone.
    pub at: Option<Timestamp>,
    /// SHA-256 of the whole request, if a repeat is to be told from another request with the same key.
    pub request: Option<[u8; 32]>,
    /// The version of the case at which the asker's precondition was found to hold, if there is one. If the case has
    /// moved on since, nothing is done and the answer is [`CentreError::MovedOn`]: the precondition is to be looked at
    /// again.
    pub seen_at: Option<u64>,
    /// What.
    pub ask: Ask,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The case.
    pub case: CaseId,
    /// The command: the token by which a later list can be made to wait for this write.
    pub command: CommandId,
    /// What happened: the command's own events and no other. None if it was so already.
    pub happened: Vec<CaseEvent>,
    /// Whether this is the first answer again.
    pub repeated: bool,
}

impl Centre {
    /// The command that a person's key names: the same key of the same person always the same command, and never
    /// another person's, so that no key tells of somebody else's.
    pub fn command_for(&self, person: entente_domain::PersonId, key: &str) -> CommandId {
        #[cfg(feature = "leaks")]
        let person = crate::leaks::whose_key(person);
        CommandId(self.names.name("idempotency key", &[person.0.as_bytes(), key.as_bytes()]))
    }

    /// The case that a registration with this command opens.
    pub fn case_for(command: CommandId) -> CaseId {
        CaseId(command.derive("case"))
    }

    /// Carries out a command, or gives its first answer again.
    ///
    /// # Errors
    /// The case's refusal, a reused key, or a store that cannot. Nothing is done then, save on
    /// [`StoreError::UnknownOutcome`]: send the same command again.
    pub async fn execute(&self, request: Request) -> Result<Answer, CentreError> {
        let Request { case, command: id, by, .. } = request;
        let _turn = self.turns.take(case).await;
        let at = request.at.map_or_else(|| self.now(), to_the_microsecond);
        #[cfg(feature = "leaks")]
        let id = crate::leaks::stored_once(self.world(), case, id, &request.ask);
        let mut issued = Issued { case, id, by, at, entropy: self.dice.uuid(), ask: request.ask };
        let live = request.at.is_none();
        // Whether an append may have been carried out without anybody having heard of it.
        let mut unknown = false;
        let unsure = |unknown: bool, error: CentreError| {
            if unknown { CentreError::Store(StoreError::UnknownOutcome) } else { error }
        };
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(PAUSE * attempt).await;
            }
            let mut folded = self.log.fold(issued.case).await.map_err(|error| unsure(unknown, error.into()))?;
            if request.seen_at.is_some_and(|seen_at| seen_at != folded.version) {
                return Err(unsure(unknown, CentreError::MovedOn));
            }
            #[cfg(feature = "leaks")]
            if crate::leaks::is_stale(self.world(), case, by, folded.version) {
                return Err(CaseError::OutOfOrder.into());
            }
            if live {
                // What the fold holds happened before this.
                issued.at = self.now();
            }
            let mut decided = folded.state.decide(&issued);
            if decided.as_ref().map_or(true, Vec::is_empty) {
                // An append would find out that this process is behind another; a refusal must not be given unchecked.
                folded = self.log.fold_now(issued.case).await.map_err(|error| unsure(unknown, error.into()))?;
                if live {
                    issued.at = self.now();
                }
                decided = folded.state.decide(&issued);
            }
            if live && decided == Err(CaseError::OutOfOrder) {
                // Another process's clock is a little ahead of ours: wait for ours rather than lend it a time, which
                // could be that of something hidden.
                continue;
            }
            let decided = match decided {
                Ok(entries) => entries,
                // A repeat may look impossible by now: its first effect is in the way.
                Err(refusal) => {
                    let first = self.first_answer(id, request.request).await.map_err(|error| unsure(unknown, error))?;
                    return first.ok_or_else(|| unsure(unknown, refusal.into()));
                }
            };
            let Some(decided) = self.with_the_confided_words(&issued, decided).await? else {
                return Err(CaseError::NotAsAuthorised.into());
            };
            if !decided.is_empty() {
                self.must_stand_alone(&issued).await?;
                // What is brought in from another time was under another day's roster.
                if live && let Err(refusal) = self.must_be_eligible(&issued).await {
                    let first = self.first_answer(id, request.request).await?;
                    return first.ok_or_else(|| unsure(unknown, refusal));
                }
            }
            if decided.is_empty() {
                let first = self.first_answer(id, request.request).await?;
                return Ok(first.unwrap_or(Answer { case, command: id, happened: vec![], repeated: false }));
            }
            let happened = decided.iter().map(|entry| entry.event.clone()).collect();
            let append = Append {
                case,
                expected: folded.version,
                command: id,
                request: request.request,
                // What is brought in from another time was told now.
                recorded: (!live).then(|| self.now()),
                entries: decided,
            };
            // Our own reference would force the store's cache to copy the case before it can move on.
            drop(folded);
            match self.log.append(append).await {
                Ok(Appended::At { .. }) => {
                    let answer = Answer { case, command: id, happened, repeated: false };
                    self.note_submitted(&answer).await;
                    return Ok(answer);
                }
                Ok(Appended::Conflict) => {}
                Ok(Appended::Repeated) => {
                    return self.first_answer(id, request.request).await?.ok_or(CentreError::Busy);
                }
                // Done or not? The command's id tells; if it was not done, it is tried again.
                Err(StoreError::UnknownOutcome) => {
                    unknown = true;
                    let first = self.first_answer(id, request.request).await.map_err(|error| unsure(true, error))?;
                    if let Some(answer) = first {
                        return Ok(answer);
                    }
                    // Not done yet; the broken connection's server may still be at it. The same id makes it happen once.
                }
                Err(error) => return Err(unsure(unknown, error.into())),
            }
        }
        Err(unsure(unknown, CentreError::Busy))
    }

    /// The first answer of a command, if it was carried out.
    ///
    /// # Errors
    /// [`CentreError::KeyReused`] if it was another request.
    pub async fn first_answer(&self, id: CommandId, request: Option<[u8; 32]>) -> Result<Option<Answer>, CentreError> {
        let Some(done) = self.log.done(id, request).await? else { return Ok(None) };
        if !done.same_request {
            return Err(CentreError::KeyReused);
        }
        // The command's own events, for whoever gave the command.
        let entries = self.log.unseal(done.entries).await?;
        let happened = entries.into_iter().map(|recorded| recorded.entry.event).collect();
        Ok(Some(Answer { case: done.case, command: id, happened, repeated: true }))
    }

    /// What is to be erased alone must have a key of its own: an erasure that leaves a part readable is none.
    async fn must_stand_alone(&self, issued: &Issued) -> Result<(), CentreError> {
        let Ask::ProposeErasure(command::ProposeErasure { what, .. }) = &issued.ask else { return Ok(()) };
        let what = match what {
            Erasable::Case => return Ok(()),
            Erasable::Item(item) => Shred::Item(*item),
            Erasable::Person(person) => Shred::Person(*person),
        };
        if self.shredder.stands_alone(issued.case, what).await? { Ok(()) } else { Err(CentreError::SealedWithItsCase) }
    }

    /// A verbatim disclosure repeats the confided item itself: the mediator's copy must be that, word for word.
    async fn with_the_confided_words(
        &self,
        issued: &Issued,
        decided: Vec<Entry>,
    ) -> Result<Option<Vec<Entry>>, CentreError> {
        let Ask::Disclose(command::Disclose { item, content }) = &issued.ask else { return Ok(Some(decided)) };
        let verbatim = decided.iter().any(
            |entry| matches!(&entry.event, CaseEvent::ItemDisclosed(event) if event.form == DisclosureForm::Verbatim),
        );
        if !verbatim {
            return Ok(Some(decided));
        }
        let Actor::Person(person) = issued.by else { return Ok(None) };
        let seen = self.seen(issued.case, Viewer::Person(person), issued.at).await?;
        let same = seen.entries.iter().any(|entry| match (&entry.event, content) {
            (CaseEvent::MessagePosted(event), Disclosed::Words(words)) => {
                event.item == *item && event.body.clear() == Some(words)
            }
            (CaseEvent::DocumentSubmitted(event), Disclosed::Document(facts)) => {
                event.item == *item && event.facts.clear() == Some(facts)
            }
            _ => false,
        });
        Ok(same.then_some(decided))
    }
}
