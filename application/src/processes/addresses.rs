//! Where a letter goes if its recipient has not said: to the address that is on record in the case.

use std::collections::BTreeSet;
use std::convert::Infallible;

use entente_domain::sealed::{Path, Subject};
use entente_domain::{CaseId, EmailAddress, PersonId, Seal, Seals as _};

use crate::centre::Centre;
use crate::error::CentreError;

impl Centre {
    /// The address that is on record for a person in one of these cases: the last that was given. Nothing else of them is
    /// opened.
    pub(super) async fn address_on_record(
        &self,
        person: PersonId,
        cases: BTreeSet<CaseId>,
    ) -> Result<Option<EmailAddress>, CentreError> {
        let mut last = None;
        for case in cases {
            let mut named = self.log.stream(case).await?;
            named.retain(|line| line.entry.event.contact_of(person).is_some());
            for line in &mut named {
                let Ok(()) =
                    line.entry.seals_at::<Infallible>(&Path::ROOT, &mut |path: &Path<'_>, part: &mut dyn Seal| {
                        if path.subject() != Subject::Person(person) || !path.to_string().ends_with("email") {
                            part.withhold();
                        }
                        Ok(())
                    });
            }
            for line in self.log.unseal(named).await? {
                let contact = line.entry.event.contact_of(person);
                let address = contact.and_then(|contact| contact.email.clear()?.as_ref());
                last = address.and_then(|address| EmailAddress::parse(address.as_str()).ok()).or(last);
            }
        }
        Ok(last)
    }
}
