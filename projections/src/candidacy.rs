//! What somebody who is asked to mediate reads of a case: who is in dispute, to check for conflicts of interest, and no more.

use entente_domain::company::{Contact, Language, Sector};
use entente_domain::{Camp, CaseEvent, CaseId, Entry, Sealed};
use jiff::Timestamp;
use serde::Serialize;

use crate::page::Party;

/// A case as a candidate sees it.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Candidacy {
    /// The case.
    pub case: CaseId,
    /// When the candidate was asked.
    pub proposed: Timestamp,
    /// Until when the candidate may declare independence, if the rules say.
    pub due: Option<Timestamp>,
    /// When the candidate declared.
    pub declared: Option<Timestamp>,
    /// What the candidate declared.
    pub declaration: Option<String>,
    /// The parties, claimant first.
    pub parties: Vec<Party>,
    /// Those who act, or have acted, for them.
    pub people: Vec<Acting>,
    /// The trade.
    pub sector: Sector,
    /// Languages in which the claimant can mediate.
    pub languages: Vec<Language>,
}

/// Somebody who acts for a party.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Acting {
    /// For which.
    pub camp: Camp,
    /// The name; none once erased.
    pub name: Option<String>,
}

impl std::fmt::Debug for Candidacy {
    /// Only what it is: one that reaches a log by accident tells nothing.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Candidacy")
    }
}

/// What a candidate reads, from the entries that the candidate sees, in order; none without a registration or a proposal.
pub fn fold(case: CaseId, seen: &[Entry]) -> Option<Candidacy> {
    let (mut found, mut named): (Option<Candidacy>, Option<Acting>) = (None, None);
    for entry in seen {
        match (&entry.event, &mut found) {
            (CaseEvent::Registered(event), _) => {
                let party = |camp, company: &entente_domain::company::Company| Party {
                    camp,
                    name: text(&company.name),
                    country: company.country,
                };
                named = event.respondent_contact.as_ref().map(|contact| acting(Camp::Respondent, contact));
                found = Some(Candidacy {
                    case,
                    proposed: entry.at,
                    due: None,
                    declared: None,
                    declaration: None,
                    parties: vec![party(Camp::Claimant, &event.claimant), party(Camp::Respondent, &event.respondent)],
                    people: vec![acting(Camp::Claimant, &event.head)],
                    sector: event.sector,
                    languages: event.languages.clone(),
                });
            }
            (CaseEvent::RespondentInvited(event), Some(found)) => {
                let contact = event.contact.as_ref().map(|contact| acting(Camp::Respondent, contact));
                found.people.extend(contact.or(named.take()));
            }
            (CaseEvent::RepresentativeSeated(event), Some(found)) => {
                found.people.push(acting(event.camp, &event.contact));
            }
            (CaseEvent::MediatorProposed(event), Some(found)) => {
                (found.proposed, found.due) = (entry.at, event.due);
            }
            (CaseEvent::IndependenceDeclared(event), Some(found)) => {
                (found.declared, found.declaration) = (Some(entry.at), text(&event.declaration));
            }
            _ => {}
        }
    }
    found
}

fn acting(camp: Camp, contact: &Contact) -> Acting {
    Acting { camp, name: text(&contact.name) }
}

fn text<T: ToString>(sealed: &Sealed<T>) -> Option<String> {
    sealed.clear().map(ToString::to_string)
}
