//! What happens before the table opens: request, questionnaire, invitation, consent, appointment.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::company::{AmountBand, Company, Contact, Language, Sector};
use crate::questionnaire::{Answers, QuestionnaireVersion, Topic};
use crate::rule_set::RuleSet;
use crate::sealed::{Sealed, skeleton, with_seals};
use crate::{DiscussionId, Name, Statement};

/// Why the centre does not take a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum InadmissibleGround {
    /// Not a dispute between companies (B1).
    NotBetweenCompanies,
    /// Something that the law does not let parties settle among themselves.
    NotNegotiable,
    /// What was asked for was not supplied.
    Incomplete,
}

skeleton!(InadmissibleGround);

with_seals! {
    /// A company brought its dispute to the centre (B7).
    pub struct Registered {
        /// The rules that bind the case from now on.
        pub rule_set: RuleSet,
        /// The company that registers.
        pub claimant: Company,
        /// Who binds it, and acts for it.
        pub head: Contact,
        /// The company that it has a dispute with.
        pub respondent: Company,
        /// What the dispute is about.
        pub nature: Sealed<Statement>,
        /// The trade.
        pub sector: Sector,
        /// How much is in dispute.
        pub amount: AmountBand,
        /// Languages in which the claimant can mediate.
        pub languages: Vec<Language>,
        /// Whom to invite at the respondent's, if the claimant knows. Last, so that leaving it out moves no other part.
        pub respondent_contact: Option<Contact>,
    }

    /// The claimant answered the questionnaire.
    pub struct QuestionnaireAnswered {
        /// Which questionnaire.
        pub version: QuestionnaireVersion,
        /// What it answered.
        pub answers: Sealed<Answers>,
    }

    /// The answers show that the company understands mediation.
    pub struct QuestionnairePassed {
        /// Which questionnaire.
        pub version: QuestionnaireVersion,
    }

    /// The answers show that it does not yet; it may read the guidance and answer again.
    pub struct QuestionnaireFailed {
        /// Which questionnaire.
        pub version: QuestionnaireVersion,
        /// What to read again: the wrong answers, which are the claimant's and the centre's to know.
        pub guidance: Sealed<Vec<Topic>>,
    }

    /// The centre cannot take the request.
    pub struct RequestRejected {
        /// Why.
        pub ground: InadmissibleGround,
    }

    /// The other company was asked to mediate; from now on it knows of the case.
    pub struct RespondentInvited {
        /// Who is asked, and acts for the respondent from now on.
        pub person: crate::PersonId,
        /// Name and address; none if they are those that the claimant gave at registration.
        pub contact: Option<Contact>,
        /// When the invitation lapses.
        pub due: Timestamp,
    }

    /// The respondent agreed to mediate (B4).
    pub struct ConsentGiven {
        /// When a mediator must have been appointed (B8).
        pub appointment_due: Timestamp,
    }

    /// The respondent does not wish to mediate.
    pub struct ConsentDeclined {}

    /// The respondent did not answer in time.
    pub struct InvitationLapsed {
        /// When it would have had to.
        pub due: Timestamp,
    }

    /// A mediator took the seat (B8).
    pub struct MediatorAppointed {
        /// Who.
        pub mediator: Contact,
        /// Which holding of the seat this is, from 1.
        pub tenure: u32,
        /// What the mediator declared about independence, as the centre has it; none if the mediator, as a candidate, has
        /// declared to the case.
        pub declaration: Option<Sealed<Statement>>,
    }

    /// The case's own secure table was created (B9); its joint session and a caucus for each camp open with it.
    pub struct TableOpened {
        /// When the mediation's term is over.
        pub term_due: Timestamp,
    }

    /// 48 hours went by without a mediator; recorded once.
    pub struct AppointmentDeadlineMissed {
        /// When one should have been appointed.
        pub due: Timestamp,
    }

    /// The centre found no mediator for the case.
    pub struct MediatorUnavailabilityDeclared {}

    /// Somebody joined a camp.
    pub struct RepresentativeSeated {
        /// The camp.
        pub camp: crate::Camp,
        /// Who.
        pub contact: Contact,
        /// As what.
        pub capacity: crate::Capacity,
    }

    /// Somebody left a camp, and sees nothing more from this instant.
    pub struct RepresentativeUnseated {
        /// The camp.
        pub camp: crate::Camp,
        /// Who.
        pub person: crate::PersonId,
        /// Since when the person has not acted for the camp: what was so, even if the centre was told later.
        pub left: Timestamp,
    }

    /// A new thread at the table.
    pub struct DiscussionOpened {
        /// The discussion.
        pub discussion: DiscussionId,
        /// Who takes part.
        pub audience: crate::Audience,
        /// What it is called; the joint session and the first caucus of each camp have no name.
        pub name: Option<Sealed<Name>>,
    }
}
