//! From the request to the answer of the other company.

use crate::case::decide::{Decision, events};
use crate::command::{AnswerQuestionnaire, CompanyAsk, ContactAsk, DeclareInadmissible, InviteRespondent, Register};
use crate::company::{Company, Contact, Country};
use crate::event::{
    ConsentDeclined, ConsentGiven, InvitationLapsed, Outcome, QuestionnaireAnswered, QuestionnaireFailed,
    QuestionnairePassed, Registered, RequestRejected, RespondentInvited,
};
use crate::questionnaire;
use crate::rule_set::RuleSet;
use crate::{Actor, By, Camp, Case, CaseError, CompanyId, Issued, PersonId, Phase, Sealed, Seat};

impl Case {
    pub(crate) fn register(&self, ask: &Register, issued: &Issued) -> Decision {
        if self.phase != Phase::Absent {
            return Err(CaseError::Duplicate);
        }
        // B3: one French company is enough.
        if ask.claimant.country != Country::FRANCE && ask.respondent.country != Country::FRANCE {
            return Err(CaseError::NoFrenchParty);
        }
        if same_company(&ask.claimant, &ask.respondent) {
            return Err(CaseError::SameCompany);
        }
        if ask.languages.is_empty() {
            return Err(CaseError::NoLanguage);
        }
        let Actor::Person(person) = issued.by else {
            return Err(CaseError::NotYourPart);
        };
        let respondent_contact = ask.respondent_contact.as_ref().map(|contact| named(contact, issued, "respondent"));
        if respondent_contact.as_ref().is_some_and(|contact| contact.person == person) {
            return Err(CaseError::Conflict);
        }
        let head = Contact { person, name: ask.head.clone().into(), email: ask.head_email.clone().into() };
        Ok(events![Registered {
            rule_set: RuleSet::CURRENT,
            claimant: company(&ask.claimant, issued, "claimant company"),
            head,
            respondent: company(&ask.respondent, issued, "respondent company"),
            nature: ask.nature.clone().into(),
            sector: ask.sector,
            amount: ask.amount,
            languages: ask.languages.clone(),
            respondent_contact,
        }])
    }

    pub(crate) fn answer_questionnaire(&self, ask: &AnswerQuestionnaire, issued: &Issued, by: By) -> Decision {
        by.must_be(Seat::Claimant)?;
        self.not_closed()?;
        if self.phase != Phase::Registered {
            return Ok(events![]);
        }
        if ask.version != questionnaire::CURRENT {
            return Err(CaseError::VersionMismatch);
        }
        let mut happened =
            events![QuestionnaireAnswered { version: ask.version, answers: Sealed::Clear(ask.answers.clone()) }];
        let guidance = questionnaire::misunderstood(&ask.answers);
        if guidance.is_empty() {
            happened.push(QuestionnairePassed { version: ask.version }.into());
            // Policy, not a person, invites here: the claimant had said whom to ask.
            let named = self.respondent_contact.filter(|person| self.may_sit(*person, Seat::Respondent).is_ok());
            if let (true, Some(person)) = (self.rule_set.rules().invites_on_passing, named) {
                let due = self.rule_set.rules().consent_due(issued.at);
                happened.push(RespondentInvited { person, contact: None, due }.into());
            }
        } else {
            happened.push(QuestionnaireFailed { version: ask.version, guidance: guidance.into() }.into());
        }
        Ok(happened)
    }

    pub(crate) fn declare_inadmissible(&self, ask: &DeclareInadmissible, issued: &Issued, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        self.not_closed()?;
        if self.has_table() {
            return Err(CaseError::AlreadyOpen);
        }
        Ok(events![RequestRejected { ground: ask.ground }, self.closed(Outcome::Inadmissible, issued)])
    }

    pub(crate) fn invite_respondent(&self, ask: &InviteRespondent, issued: &Issued, by: By) -> Decision {
        by.must_be(Seat::Centre)?;
        self.not_closed()?;
        match self.phase {
            Phase::Registered => return Err(CaseError::NotQualified),
            Phase::Qualified => {}
            _ => return Err(CaseError::AlreadyInvited),
        }
        let contact = named(&ask.contact, issued, "respondent");
        if by.person() == Some(contact.person) {
            return Err(CaseError::Conflict);
        }
        self.may_sit(contact.person, Seat::Respondent)?;
        let due = self.rule_set.rules().consent_due(issued.at);
        Ok(events![RespondentInvited { person: contact.person, contact: Some(contact), due }])
    }

    pub(crate) fn give_consent(&self, issued: &Issued, by: By) -> Decision {
        if by.camp()? != Camp::Respondent {
            return Err(CaseError::NotYourPart);
        }
        self.not_closed()?;
        // It binds the company: counsel may advise it, and no more.
        self.mandate(by)?;
        match (self.phase, self.consent_due) {
            (Phase::Invited, Some(due)) if issued.at >= due => Err(CaseError::TooLate),
            (Phase::Invited, _) => {
                // B8: the clock starts at the later of questionnaire and consent.
                let ready = self.qualified.map_or(issued.at, |qualified| qualified.max(issued.at));
                Ok(events![ConsentGiven { appointment_due: self.rule_set.rules().appointment_due(ready) }])
            }
            _ => Ok(events![]),
        }
    }

    pub(crate) fn decline(&self, issued: &Issued, by: By) -> Decision {
        if by.camp()? != Camp::Respondent {
            return Err(CaseError::NotYourPart);
        }
        self.not_closed()?;
        // It binds the company: counsel may advise it, and no more.
        self.mandate(by)?;
        match (self.phase, self.consent_due) {
            (Phase::Invited, Some(due)) if issued.at >= due => Err(CaseError::TooLate),
            (Phase::Invited, _) => Ok(events![ConsentDeclined {}, self.closed(Outcome::Declined, issued)]),
            // Whoever has consented may still stop at any time, by withdrawing (B6).
            _ => Err(CaseError::NotInvited),
        }
    }

    pub(crate) fn lapse_invitation(&self, issued: &Issued, by: By) -> Decision {
        by.must_be_clock()?;
        match (self.phase, self.consent_due) {
            (Phase::Invited, Some(due)) if issued.at >= due => {
                Ok(events![InvitationLapsed { due }, self.closed(Outcome::Lapsed, issued)])
            }
            (Phase::Invited, _) => Err(CaseError::NotDue),
            _ => Ok(events![]),
        }
    }
}

fn same_company(one: &CompanyAsk, other: &CompanyAsk) -> bool {
    let same_id = one.id.is_some() && one.id == other.id;
    let name = |company: &CompanyAsk| company.name.as_str().trim().to_lowercase();
    same_id || (one.country == other.country && name(one) == name(other))
}

fn company(ask: &CompanyAsk, issued: &Issued, what: &str) -> Company {
    let id = ask.id.unwrap_or_else(|| CompanyId(issued.id.derive(what)));
    Company { id, country: ask.country, name: ask.name.clone().into() }
}

/// A contact with the person's id, or with a new one that follows from the command.
pub(super) fn named(ask: &ContactAsk, issued: &Issued, what: &str) -> Contact {
    let person = ask.person.unwrap_or_else(|| PersonId(issued.id.derive(what)));
    Contact { person, name: ask.name.clone().into(), email: ask.email.clone().into() }
}
