//! Who of the roster comes into question for a case.

use std::collections::{BTreeSet, HashMap};

use entente_domain::event::{CaseEvent, Registered};
use entente_domain::roster::{self, Exclusion, Prospect, Standing, Wanted};
use entente_domain::{Ask, Case, CaseError, CaseId, CompanyId, Issued, PersonId, Phase, Seat, calendar};

use crate::centre::Centre;
use crate::error::CentreError;
use crate::ports::Entered;

impl Centre {
    /// The roster, ranked for a case: those in question first, with what speaks for each; then the others, with every reason.
    /// Of the case only its skeleton is read.
    ///
    /// # Errors
    /// No such case, or a store that cannot.
    pub async fn shortlist(&self, case: CaseId) -> Result<Vec<(Prospect, Standing)>, CentreError> {
        let stream = self.log.stream(case).await?;
        let registered = stream.iter().find_map(|line| registration(&line.entry.event)).ok_or(CentreError::ABSENT)?;
        let companies = BTreeSet::from([registered.claimant.id, registered.respondent.id]);
        let wanted = Wanted {
            companies: companies.clone(),
            sector: registered.sector,
            languages: registered.languages.clone(),
            day: calendar::paris_date(self.now()),
        };
        let mut state = Case::default();
        stream.iter().for_each(|line| state.fold(&line.entry));
        let mut prospects = Vec::new();
        let mut parties = HashMap::new();
        for Entered { person, mediator, .. } in self.roster.mediators().await? {
            let (load, for_a_party) = self.elsewhere(person, &companies, &mut parties).await?;
            let asked = state.candidates.iter().filter(|candidate| candidate.person == person);
            prospects.push(Prospect {
                person,
                entry: mediator,
                load,
                at_the_case: state.seating.iter().any(|held| held.person == person)
                    || state.centre_hands.contains(&person)
                    || state.respondent_contact == Some(person),
                for_a_party,
                turned_down: asked.filter_map(|candidate| candidate.ended).any(|(end, _)| end.was_the_candidates_own()),
            });
        }
        Ok(roster::shortlist(&wanted, prospects))
    }

    /// Whether who is to be asked or appointed may mediate in the case, by the roster (2-domain §2): accredited today, without
    /// declared ties with either company, and never seated for one. Of whom the roster says nothing, the staff know more.
    pub(crate) async fn must_be_eligible(&self, issued: &Issued) -> Result<(), CentreError> {
        let person = match &issued.ask {
            Ask::ProposeMediator(ask) => ask.mediator.person,
            Ask::AppointMediator(ask) => ask.mediator.person,
            _ => None,
        };
        let Some(person) = person else { return Ok(()) };
        if self.roster.versions(person).await?.is_empty() {
            return Ok(());
        }
        let shortlist = self.shortlist(issued.case).await?;
        let found = shortlist.into_iter().find(|(prospect, _)| prospect.person == person);
        let Some((_, Standing::Excluded(reasons))) = found else { return Ok(()) };
        if reasons.contains(&Exclusion::NotAccredited) {
            return Err(CentreError::NotAccredited);
        }
        let ties = [Exclusion::DeclaredConflict, Exclusion::SatForAParty];
        if ties.iter().any(|tie| reasons.contains(tie)) { Err(CaseError::Conflict.into()) } else { Ok(()) }
    }

    /// In how many cases a person mediates now, and whether the person has ever sat for one of these companies. `parties` has
    /// the companies of the cases that were read already.
    async fn elsewhere(
        &self,
        person: PersonId,
        companies: &BTreeSet<CompanyId>,
        parties: &mut HashMap<CaseId, Option<[CompanyId; 2]>>,
    ) -> Result<(u32, bool), CentreError> {
        let (mut load, mut for_a_party) = (0, false);
        for case in self.roster.ever_sat(person).await? {
            let folded = self.log.fold_now(case).await?;
            let open = !matches!(folded.state.phase, Phase::Closed | Phase::Erased);
            let sits = |seat| folded.state.seating.iter().any(|held| held.person == person && held.seat == seat);
            load += u32::from(open && folded.state.mediator().is_some_and(|held| held.person == person));
            if for_a_party || !(sits(Seat::Claimant) || sits(Seat::Respondent)) {
                continue;
            }
            let both = match parties.get(&case) {
                Some(both) => *both,
                None => {
                    let stream = self.log.stream(case).await?;
                    let found = stream.iter().find_map(|line| registration(&line.entry.event));
                    let both = found.map(|event| [event.claimant.id, event.respondent.id]);
                    parties.insert(case, both);
                    both
                }
            };
            let Some([claimant, respondent]) = both else { continue };
            for_a_party = sits(Seat::Claimant) && companies.contains(&claimant)
                || sits(Seat::Respondent) && companies.contains(&respondent);
        }
        Ok((load, for_a_party))
    }
}

fn registration(event: &CaseEvent) -> Option<&Registered> {
    match event {
        CaseEvent::Registered(event) => Some(event),
        _ => None,
    }
}
