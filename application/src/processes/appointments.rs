//! Appointments by policy: the centre may let the first candidate who has declared be appointed, and the next be asked when
//! one refuses, without a further word.

use entente_domain::{Case, CaseEvent, CommandId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Turn;
use crate::centre::Centre;
use crate::commands::Answer;
use crate::error::CentreError;
use crate::ports::{Ending, Errand, Lease, Outgoing, Recorded, StoreError};

/// Errands that are taken together.
const PAGE: u32 = 100;

/// The centre's policy on appointments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AppointmentPolicy {
    /// Somebody of the centre asks each candidate, and appoints.
    #[default]
    ByHand,
    /// Who has declared independence is appointed; when a candidate refuses or is silent, the next of the shortlist is
    /// asked. The first of all is asked by somebody of the centre.
    FirstDeclared,
}

/// What is to be done in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Work {
    /// Who has declared is appointed.
    Appoint,
    /// The next of the shortlist is asked.
    Propose,
}

pub(super) fn react(line: &Recorded, after: &Case) -> Vec<Outgoing> {
    let (case, at) = (line.case, line.entry.at);
    let (work, candidate) = match (&line.entry.event, after.candidate()) {
        (CaseEvent::IndependenceDeclared(_), Some(candidate)) => (Work::Appoint, candidate.person),
        (CaseEvent::AppointmentRefused(event), None) => (Work::Propose, event.candidate),
        (CaseEvent::ProposalLapsed(event), None) => (Work::Propose, event.candidate),
        _ => return vec![],
    };
    let words = match work {
        Work::Appoint => format!("appoint {candidate} {at}"),
        Work::Propose => format!("propose after {candidate} {at}"),
    };
    let id = CommandId(Uuid::new_v5(&case.0, words.as_bytes()));
    // A closed enum of words has a JSON form.
    let errand = serde_json::to_string(&work).ok().map(|what| Errand { id, case, what, at });
    vec![Outgoing::Plan { case, at, errands: errand.into_iter().collect() }]
}

impl Centre {
    /// Does what the policy wants; the case decides whether it still applies.
    pub(super) async fn work_off_appointments(&self, lease: &Lease, turn: &mut Turn) -> Result<(), CentreError> {
        let waiting = self.processes.waiting(lease.process, self.now(), PAGE).await?;
        let all = waiting.len();
        let (mut ended, mut failed) = (Vec::new(), None);
        for errand in waiting {
            let ending = match self.appointments {
                AppointmentPolicy::ByHand => Ending::Moot,
                AppointmentPolicy::FirstDeclared => match self.find_mediator(&errand).await {
                    Ok(Some(answer)) if !answer.happened.is_empty() => Ending::Done,
                    Ok(_) | Err(CentreError::Refused(_)) => Ending::Moot,
                    Err(error) if error.is_ones_own() => {
                        tracing::error!(%error, "no mediator is found by policy");
                        continue;
                    }
                    // It is tried again; the others are done all the same.
                    Err(error) => {
                        failed = Some(error);
                        continue;
                    }
                },
            };
            ended.push((errand.id, ending));
        }
        turn.more = all == PAGE as usize && !ended.is_empty();
        if !ended.is_empty() && self.processes.end(lease, &ended, &[], self.now()).await? {
            turn.done += ended.iter().filter(|(_, ending)| *ending == Ending::Done).count() as u64;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn find_mediator(&self, errand: &Errand) -> Result<Option<Answer>, CentreError> {
        let work = serde_json::from_str(&errand.what)
            .map_err(|_| StoreError::Misconfigured("an errand is none that this program knows".to_owned()))?;
        match work {
            Work::Appoint => self.appoint_who_has_declared(errand.case).await,
            Work::Propose => self.propose_the_next(errand.case, errand.id).await,
        }
    }
}
