//! The clock's work: each deadline that is due issues its command, with an id that derives from the deadline.

use entente_domain::state::{Deadline, Due};
use entente_domain::{Actor, CaseId};
use entente_projections::caseload::Row;
use jiff::Timestamp;

use crate::centre::Centre;
use crate::commands::Request;
use crate::error::CentreError;
use crate::processes::{command_id, command_of};

const PAGE: u32 = 500;

/// What one tick did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// The cases in which something happened, and what was due there.
    pub done: Vec<(CaseId, Due)>,
    /// How many were due, but had been settled otherwise meanwhile.
    pub moot: u64,
}

impl Centre {
    /// Works off everything that is due at an instant. Twice is harmless: the aggregate decides whether a deadline
    /// still applies.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn tick(&self, at: Timestamp) -> Result<Ticked, CentreError> {
        crate::follow::catch_up(self).await?;
        let mut ticked = Ticked::default();
        let mut place = None;
        loop {
            let rows = self.views.due(at, place, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(ticked) };
            place = last.due.map(|due| (due, last.case));
            for row in rows {
                self.work_off(&row, at, &mut ticked).await?;
            }
        }
    }

    /// More than one period can be over in a case, at the same instant even: drafts of one day lapse at one midnight.
    async fn work_off(&self, row: &Row, at: Timestamp, ticked: &mut Ticked) -> Result<(), CentreError> {
        let mut before = None;
        loop {
            let duty = self.log.fold_now(row.case).await?.state.duty();
            // What is still there after its command was refused, or changed nothing, is not asked again in this tick.
            let duty = duty.filter(|duty| duty.is_over(at) && before != Some(*duty));
            let Some(duty) = duty else {
                ticked.moot += u64::from(before.is_none());
                return Ok(());
            };
            before = Some(duty);
            self.carry_out(row.case, duty, at, ticked).await?;
        }
    }

    async fn carry_out(
        &self,
        case: CaseId,
        Deadline { kind, due, about, .. }: Deadline,
        at: Timestamp,
        ticked: &mut Ticked,
    ) -> Result<(), CentreError> {
        let Some(ask) = command_of(kind, about) else { return Ok(()) };
        let command = command_id(case, &ask, about, due);
        let request = Request { case, command, by: Actor::Clock, at: Some(at), request: None, seen_at: None, ask };
        match self.execute(request).await {
            Ok(answer) if answer.happened.is_empty() || answer.repeated => ticked.moot += 1,
            Ok(_) => ticked.done.push((case, kind)),
            Err(CentreError::Refused(_)) => ticked.moot += 1,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
