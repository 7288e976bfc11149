//! The roster of mediators, and who of them comes into question for a case: a ranking that gives its reasons.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::company::{Language, Sector};
use crate::{CompanyId, Name, PersonId};

/// For how long a mediator is accredited, and by whom. Both days count, in Paris.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Accreditation {
    /// Who gave it.
    pub by: Name,
    /// The first day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: Date,
    /// The last day; none if it has no end.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub to: Option<Date>,
}

impl Accreditation {
    /// Whether it counts on a day.
    pub fn counts_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A mediator as the centre's roster has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mediator {
    /// The mediator's name.
    pub name: Name,
    /// The accreditations, past ones too.
    pub accreditations: Vec<Accreditation>,
    /// Languages in which the mediator works.
    pub languages: BTreeSet<Language>,
    /// Trades that the mediator knows.
    pub sectors: BTreeSet<Sector>,
    /// Whether the mediator takes new cases now.
    pub available: bool,
    /// How many cases the mediator takes at a time.
    pub at_a_time: u32,
    /// Companies with which the mediator has declared ties.
    #[serde(default)]
    pub conflicts: BTreeSet<CompanyId>,
}

/// Why an entry of the roster is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MediatorError {
    /// No language at all.
    #[error("name at least one language in which the mediator works")]
    NoLanguage,
    /// An accreditation that ends before it begins.
    #[error("an accreditation ends before it begins; give its first day and its last")]
    Backwards,
    /// No case at a time.
    #[error("say how many cases the mediator takes at a time: at least one; or that the mediator is not available")]
    NoCase,
}

impl Mediator {
    /// Checks what the types alone cannot.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), MediatorError> {
        if self.languages.is_empty() {
            return Err(MediatorError::NoLanguage);
        }
        if self.accreditations.iter().any(|accreditation| accreditation.to.is_some_and(|to| to < accreditation.from)) {
            return Err(MediatorError::Backwards);
        }
        if self.at_a_time == 0 { Err(MediatorError::NoCase) } else { Ok(()) }
    }

    /// The last day of what counts on a day: the day itself at least; none without end. Nothing if nothing counts.
    fn accredited_until(&self, day: Date) -> Option<Option<Date>> {
        let counting = || self.accreditations.iter().filter(|accreditation| accreditation.counts_on(day));
        if counting().any(|accreditation| accreditation.to.is_none()) {
            return Some(None);
        }
        counting().filter_map(|accreditation| accreditation.to).max().map(Some)
    }
}

/// What a case asks of its mediator: no word of what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The two companies.
    pub companies: BTreeSet<CompanyId>,
    /// The trade.
    pub sector: Sector,
    /// Languages in which the claimant can mediate.
    pub languages: Vec<Language>,
    /// The day, in Paris.
    pub day: Date,
}

/// A mediator of the roster, and what only the cases know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prospect {
    /// The mediator.
    pub person: PersonId,
    /// The entry of the roster.
    pub entry: Mediator,
    /// In how many cases the mediator sits now.
    pub load: u32,
    /// Whether the mediator sits or has sat at this case, or acted in it for the centre.
    pub at_the_case: bool,
    /// Whether the mediator sits or has sat for one of the two companies, in whichever case.
    pub for_a_party: bool,
    /// Whether the mediator was proposed here and is not any more.
    pub turned_down: bool,
}

/// Why a mediator does not come into question. All that apply are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Exclusion {
    /// No accreditation counts today.
    NotAccredited,
    /// Takes no new cases.
    NotAvailable,
    /// Has as many cases as wanted.
    Full,
    /// Works in none of the claimant's languages.
    NoCommonLanguage,
    /// Has declared ties with one of the companies.
    DeclaredConflict,
    /// Sits or has sat at this case, or acted in it for the centre.
    AtTheCase,
    /// Sits or has sat for one of the companies.
    SatForAParty,
    /// Has refused, or was proposed and did not declare in time.
    TurnedDown,
}

/// What speaks for a mediator, in the order in which it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reasons {
    /// The languages in common, the claimant's first choice first.
    pub languages: Vec<Language>,
    /// Whether the mediator knows the trade.
    pub knows_the_sector: bool,
    /// In how many cases the mediator sits now.
    pub load: u32,
    /// The last day of the accreditation; none without end.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub accredited_until: Option<Date>,
}

/// Where a mediator stands for a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Comes into question, at this rank from 1.
    Ranked(u32, Reasons),
    /// Does not, for these reasons.
    Excluded(BTreeSet<Exclusion>),
}

/// Ranks the roster for a case: those in question first, the best first; then the others. By language (how early the first
/// common one is in the claimant's order, then how many), sector, load, and how long the accreditation lasts; what is
/// equal in all is in the order of ids, so that the same roster always gives the same list.
pub fn shortlist(wanted: &Wanted, roster: Vec<Prospect>) -> Vec<(Prospect, Standing)> {
    let (mut ranked, mut excluded) = (Vec::new(), Vec::new());
    for prospect in roster {
        let exclusions = exclusions(wanted, &prospect);
        if exclusions.is_empty() {
            ranked.push((key(wanted, &prospect), prospect));
        } else {
            excluded.push((prospect, Standing::Excluded(exclusions)));
        }
    }
    ranked.sort_by_key(|(key, _)| *key);
    excluded.sort_by_key(|(prospect, _)| prospect.person);
    let ranked = (1..).zip(ranked).map(|(rank, (_, prospect))| {
        let reasons = Reasons {
            languages: common(wanted, &prospect),
            knows_the_sector: prospect.entry.sectors.contains(&wanted.sector),
            load: prospect.load,
            accredited_until: prospect.entry.accredited_until(wanted.day).flatten(),
        };
        (prospect, Standing::Ranked(rank, reasons))
    });
    ranked.chain(excluded).collect()
}

fn exclusions(wanted: &Wanted, prospect: &Prospect) -> BTreeSet<Exclusion> {
    let entry = &prospect.entry;
    let all = [
        (entry.accredited_until(wanted.day).is_none(), Exclusion::NotAccredited),
        (!entry.available, Exclusion::NotAvailable),
        (prospect.load >= entry.at_a_time, Exclusion::Full),
        (common(wanted, prospect).is_empty(), Exclusion::NoCommonLanguage),
        (!entry.conflicts.is_disjoint(&wanted.companies), Exclusion::DeclaredConflict),
        (prospect.at_the_case, Exclusion::AtTheCase),
        (prospect.for_a_party, Exclusion::SatForAParty),
        (prospect.turned_down, Exclusion::TurnedDown),
    ];
    all.into_iter().filter(|(applies, _)| *applies).map(|(_, exclusion)| exclusion).collect()
}

fn common(wanted: &Wanted, prospect: &Prospect) -> Vec<Language> {
    wanted.languages.iter().copied().filter(|language| prospect.entry.languages.contains(language)).collect()
}

/// Less is better.
type Key = (usize, std::cmp::Reverse<usize>, bool, u32, std::cmp::Reverse<Date>, PersonId);

fn key(wanted: &Wanted, prospect: &Prospect) -> Key {
    let first = wanted.languages.iter().position(|language| prospect.entry.languages.contains(language));
    let until = prospect.entry.accredited_until(wanted.day).flatten().unwrap_or(Date::MAX);
    (
        first.unwrap_or(usize::MAX),
        std::cmp::Reverse(common(wanted, prospect).len()),
        !prospect.entry.sectors.contains(&wanted.sector),
        prospect.load,
        std::cmp::Reverse(until),
        prospect.person,
    )
}

#[cfg(test)]
#[path = "roster_tests.rs"]
mod tests;
