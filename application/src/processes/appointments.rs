//! Appointments by policy: the centre may let the first candidate who has declared be appointed without a further word.

use entente_domain::{Case, CaseEvent, CommandId};
use uuid::Uuid;

use super::Turn;
use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::{Ending, Errand, Lease, Outgoing, Recorded};

/// Errands that are taken together.
const PAGE: u32 = 100;

/// The centre's policy on appointments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AppointmentPolicy {
    /// Somebody of the centre appoints.
    #[default]
    ByHand,
    /// Who has declared independence is appointed.
    FirstDeclared,
}

pub(super) fn react(line: &Recorded, after: &Case) -> Vec<Outgoing> {
    let (case, at) = (line.case, line.entry.at);
    match (&line.entry.event, after.candidate()) {
        (CaseEvent::IndependenceDeclared(_), Some(candidate)) => {
            let id = CommandId(Uuid::new_v5(&case.0, format!("appoint {} {at}", candidate.person).as_bytes()));
            let errand = Errand { id, case, what: "appoint".to_owned(), at };
            vec![Outgoing::Plan { case, at, errands: vec![errand] }]
        }
        _ => vec![],
    }
}

impl Centre {
    /// Appoints those who have declared, if that is the policy; the case decides whether they still stand.
    pub(super) async fn work_off_appointments(&self, lease: &Lease, turn: &mut Turn) -> Result<(), CentreError> {
        let waiting = self.processes.waiting(lease.process, self.now(), PAGE).await?;
        let (mut ended, mut failed) = (Vec::new(), None);
        for errand in waiting {
            let ending = match self.appointments {
                AppointmentPolicy::ByHand => Ending::Moot,
                AppointmentPolicy::FirstDeclared => match self.appoint_who_has_declared(errand.case).await {
                    Ok(Some(answer)) if !answer.happened.is_empty() => Ending::Done,
                    Ok(_) | Err(CentreError::Refused(_)) => Ending::Moot,
                    // It is tried again; the others are done all the same.
                    Err(error) => {
                        failed = Some(error);
                        continue;
                    }
                },
            };
            ended.push((errand.id, ending));
        }
        if !ended.is_empty() && self.processes.end(lease, &ended, self.now()).await? {
            turn.done += ended.iter().filter(|(_, ending)| *ending == Ending::Done).count() as u64;
        }
        failed.map_or(Ok(()), Err)
    }
}
