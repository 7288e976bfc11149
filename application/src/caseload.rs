//! The centre's list of its cases: an index of rows, each shown as the asking member of staff may see its case.

use entente_domain::visibility::Viewer;
use entente_domain::{CaseId, PersonId, Phase};
use entente_projections::caseload::Row;
use jiff::Timestamp;

use crate::centre::Centre;
use crate::error::CentreError;
use crate::queries::Listed;

impl Centre {
    /// The centre's cases, newest first.
    ///
    /// # Errors
    /// A store that cannot.
    pub async fn caseload(
        &self,
        staff: PersonId,
        phase: Option<Phase>,
        after: Option<(Timestamp, CaseId)>,
        limit: u32,
    ) -> Result<Vec<Listed<Row>>, CentreError> {
        let (mut listed, mut place) = (Vec::new(), after);
        while listed.len() < limit as usize {
            let rows = self.views.caseload(phase, place, limit).await?;
            let Some(last) = rows.last() else { break };
            place = Some((last.registered, last.case));
            let exhausted = rows.len() < limit as usize;
            for row in rows {
                listed.extend(self.listed_for(staff, row).await?);
            }
            if exhausted {
                break;
            }
        }
        listed.truncate(limit as usize);
        Ok(listed)
    }

    /// A case of the centre's list. The row is also the clock's, who knows of every period: what is due for the centre is what its
    /// own cut says, which knows of no draft.
    async fn listed_for(&self, staff: PersonId, row: Row) -> Result<Option<Listed<Row>>, CentreError> {
        let seen = match self.seen(row.case, Viewer::Staff(staff), self.now()).await {
            Ok(seen) => seen,
            Err(CentreError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        };
        let due = seen.folded().due();
        let row = Row { due_kind: due.map(|(kind, _)| kind), due: due.map(|(_, at)| at), ..row };
        Ok(seen.page(row.case).map(|page| Listed { row, page }))
    }
}
