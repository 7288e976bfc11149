//! The clock's work: each deadline that is due issues its command, with an id that derives from the deadline.

use entente_domain::event::{Erasable, ErasureGround};
use entente_domain::state::Due;
use entente_domain::{Actor, Ask, CaseId, CommandId, command};
use entente_projections::caseload::Row;
use jiff::Timestamp;
use uuid::Uuid;

use crate::centre::Centre;
use crate::commands::Request;
use crate::error::CentreError;

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

    async fn work_off(&self, row: &Row, at: Timestamp, ticked: &mut Ticked) -> Result<(), CentreError> {
        let (Some(kind), Some(due)) = (row.due_kind, row.due) else { return Ok(()) };
        let ask: Ask = match kind {
            Due::Consent => command::LapseInvitation {}.into(),
            Due::Appointment => command::RecordMissedAppointment {}.into(),
            Due::Term => command::ExpireTerm {}.into(),
            Due::Retention => {
                command::ProposeErasure { what: Erasable::Case, ground: ErasureGround::RetentionOver }.into()
            }
        };
        let command = CommandId(Uuid::new_v5(&row.case.0, format!("{} {due}", ask.name()).as_bytes()));
        let request =
            Request { case: row.case, command, by: Actor::Clock, at: Some(at), request: None, seen_at: None, ask };
        match self.execute(request).await {
            Ok(answer) if answer.happened.is_empty() || answer.repeated => ticked.moot += 1,
            Ok(_) => ticked.done.push((row.case, kind)),
            Err(CentreError::Refused(_)) => ticked.moot += 1,
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
