//! The figures, folded from the log itself up to a stated position.

use std::collections::BTreeMap;

use entente_domain::event::Outcome;
use entente_projections::figures::{Figure, Figures};

use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::Position;

/// Entries read at a time.
const PAGE: u32 = 2_000;

/// The headline, with the counts that it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// SR1.
    pub settlement_rate: Figure,
    /// Closed cases by outcome.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Cases filed.
    pub filed: u64,
}

impl Centre {
    /// The report as of a position, or of the head; the same position gives the same figures at any later time.
    ///
    /// # Errors
    /// [`CentreError::ABSENT`] for a position beyond the head, or a store that cannot.
    pub async fn report(&self, as_of: Option<Position>) -> Result<Report, CentreError> {
        let head = self.log.head().await?;
        let end = as_of.unwrap_or(head);
        if end > head {
            return Err(CentreError::ABSENT);
        }
        let mut figures = Figures::default();
        let mut place = Position::default();
        while place < end {
            let page = self.log.page(place, PAGE).await?;
            let Some(last) = page.last() else { break };
            place = last.position;
            for line in page.iter().take_while(|line| line.position <= end) {
                figures.fold(line.case, &line.entry);
            }
        }
        Ok(Report {
            settlement_rate: figures.settlement_rate(end.0),
            outcomes: figures.outcomes(),
            filed: figures.filed(),
        })
    }
}
