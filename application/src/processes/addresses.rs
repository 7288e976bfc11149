//! Where a letter goes if its recipient has not said: to the address that is on record in the case.

use std::collections::BTreeSet;
use std::convert::Infallible;

use entente_domain::sealed::{Path, Subject};
use entente_domain::{CaseId, EmailAddress, PersonId, Seal, Seals as _};
use jiff::Timestamp;

use crate::centre::Centre;
use crate::error::CentreError;

impl Centre {
    /// The address that is on record for a person in one of these cases: the one that was given last, in whichever; none
    /// from a case that is to forget the person. Nothing else of them is opened.
    pub(super) async fn address_on_record(
        &self,
        person: PersonId,
        cases: BTreeSet<CaseId>,
    ) -> Result<Option<EmailAddress>, CentreError> {
        let mut last: Option<(Timestamp, EmailAddress)> = None;
        for case in cases {
            if self.log.fold_now(case).await?.state.erased_persons.contains(&person) {
                continue;
            }
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
                let Some(address) = address.and_then(|address| EmailAddress::parse(address.as_str()).ok()) else {
                    continue;
                };
                if last.as_ref().is_none_or(|(at, _)| *at <= line.entry.at) {
                    last = Some((line.entry.at, address));
                }
            }
        }
        Ok(last.map(|(_, address)| address))
    }
}
