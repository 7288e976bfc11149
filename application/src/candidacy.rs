//! The candidate's view of a case, and the appointment of who has declared, if the centre's policy is to appoint by itself.

use entente_domain::command::{AppointMediator, ContactAsk, ProposeMediator};
use entente_domain::roster::{Prospect, Standing};
use entente_domain::visibility::{candidate_sight, is_asked};
use entente_domain::{Actor, Case, CaseEvent, CaseId, CommandId, Entry, PersonId};
use entente_projections::candidacy::{self, Candidacy};
use uuid::Uuid;

use crate::centre::Centre;
use crate::commands::{Answer, Request};
use crate::error::CentreError;
use crate::ports::Recorded;

impl Centre {
    /// Whether a person is asked to mediate now.
    ///
    /// # Errors
    /// [`CentreError::ABSENT`] alike for no such case and for one in which this person is not asked.
    pub async fn must_be_asked(&self, case: CaseId, person: PersonId) -> Result<(), CentreError> {
        let folded = self.log.fold_now(case).await?;
        let now = folded.state.last_at.map_or(self.now(), |last| last.max(self.now()));
        if is_asked(&folded.state, person, now) { Ok(()) } else { Err(CentreError::ABSENT) }
    }

    /// What a person who is asked to mediate reads of a case, for as long as the proposal stands.
    ///
    /// # Errors
    /// As [`Centre::must_be_asked`].
    pub async fn candidacy(&self, case: CaseId, person: PersonId) -> Result<Candidacy, CentreError> {
        let (state, stream) = self.whole(case).await?;
        candidacy::fold(case, &self.cut_for_candidate(&state, stream, person).await?).ok_or(CentreError::ABSENT)
    }

    /// Appoints, in the clock's name, the candidate who has declared; nothing is done if there is none.
    ///
    /// # Errors
    /// As [`Centre::execute`].
    pub async fn appoint_who_has_declared(&self, case: CaseId) -> Result<Option<Answer>, CentreError> {
        let (state, stream) = self.whole(case).await?;
        let Some(candidate) = state.candidate().copied() else { return Ok(None) };
        let Some(declared) = candidate.declared else { return Ok(None) };
        let seen = self.cut_for_candidate(&state, stream, candidate.person).await?;
        let contact = seen.into_iter().find_map(|entry| match entry.event {
            CaseEvent::MediatorProposed(event) => Some(event.candidate),
            _ => None,
        });
        // Who is erased is named to nobody, and so is not appointed.
        let named = contact.and_then(|contact| Some((contact.name.clear()?.clone(), contact.email)));
        let Some((name, email)) = named else { return Ok(None) };
        let email = email.clear().cloned().flatten();
        let mediator = ContactAsk { person: Some(candidate.person), name, email };
        let command = CommandId(Uuid::new_v5(&case.0, format!("AppointMediator {declared}").as_bytes()));
        let ask = AppointMediator { mediator, declaration: None }.into();
        let request = Request { case, command, by: Actor::Clock, at: None, request: None, seen_at: None, ask };
        Ok(Some(self.execute(request).await?))
    }

    /// Asks, in the clock's name, the first of the shortlist, once somebody else who was asked has not wished to; nothing is
    /// done if nobody comes into question.
    ///
    /// # Errors
    /// As [`Centre::execute`].
    pub async fn propose_the_next(&self, case: CaseId, command: CommandId) -> Result<Option<Answer>, CentreError> {
        let shortlist = self.shortlist(case).await?;
        let next = shortlist.into_iter().find(|(_, standing)| matches!(standing, Standing::Ranked(..)));
        let Some((Prospect { person, entry, .. }, _)) = next else { return Ok(None) };
        let mediator = ContactAsk { person: Some(person), name: entry.name, email: None };
        let ask = ProposeMediator { mediator }.into();
        let request = Request { case, command, by: Actor::Clock, at: None, request: None, seen_at: None, ask };
        Ok(Some(self.execute(request).await?))
    }

    async fn whole(&self, case: CaseId) -> Result<(Case, Vec<Recorded>), CentreError> {
        let stream = self.log.stream(case).await?;
        let mut state = Case::default();
        stream.iter().for_each(|line| state.fold(&line.entry));
        Ok((state, stream))
    }

    async fn cut_for_candidate(
        &self,
        state: &Case,
        stream: Vec<Recorded>,
        person: PersonId,
    ) -> Result<Vec<Entry>, CentreError> {
        let at = state.last_at.map_or(self.now(), |last| last.max(self.now()));
        let visible = stream.into_iter().filter_map(|line| {
            let entry = candidate_sight(state, person, &line.entry, at)?;
            Some(Recorded { entry, ..line })
        });
        // Only now is anything decrypted: what was cut out or withheld never is.
        let opened = self.log.unseal(visible.collect()).await?;
        Ok(opened.into_iter().map(|line| line.entry).collect())
    }
}
