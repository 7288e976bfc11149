//! What the log's names are called in words, in both languages.

use entente_domain::event::Outcome;
use entente_domain::state::Due;
use entente_domain::{EventKind, Seat};
use entente_projections::figures::Exclusion;

use crate::language::Language;

/// What happened.
pub fn event(kind: EventKind, language: Language) -> &'static str {
    use EventKind as E;
    let (english, french) = match kind {
        E::Registered => ("case registered", "affaire enregistrée"),
        E::QuestionnaireAnswered => ("questionnaire answered", "questionnaire rempli"),
        E::QuestionnairePassed => ("questionnaire passed", "questionnaire réussi"),
        E::QuestionnaireFailed => ("questionnaire failed", "questionnaire à reprendre"),
        E::RequestRejected => ("request rejected", "demande rejetée"),
        E::RespondentInvited => ("respondent invited", "défendeur invité"),
        E::ConsentGiven => ("consent given", "consentement donné"),
        E::ConsentDeclined => ("consent declined", "consentement refusé"),
        E::InvitationLapsed => ("invitation lapsed", "invitation caduque"),
        E::AppointmentDeadlineMissed => ("48 hours over without a mediator", "48 heures écoulées sans médiateur"),
        E::MediatorAppointed => ("mediator appointed", "médiateur nommé"),
        E::TableOpened => ("table opened", "table ouverte"),
        E::MediatorUnavailabilityDeclared => ("no mediator to be had", "aucun médiateur disponible"),
        E::TenureEnded => ("mediator left", "départ du médiateur"),
        E::CaucusReleased => ("caucus released to the new mediator", "aparté ouvert au nouveau médiateur"),
        E::RepresentativeSeated => ("representative seated", "représentant admis"),
        E::RepresentativeUnseated => ("representative unseated", "représentant retiré"),
        E::DiscussionOpened => ("discussion opened", "discussion ouverte"),
        E::MessagePosted => ("message posted", "message envoyé"),
        E::DocumentSubmitted => ("document submitted", "document déposé"),
        E::VisibilityRestricted => ("visibility restricted", "visibilité restreinte"),
        E::DisclosureAuthorised => ("disclosure authorised", "transmission autorisée"),
        E::DisclosureRevoked => ("disclosure revoked", "autorisation retirée"),
        E::ItemDisclosed => ("confidence passed on", "confidence transmise"),
        E::ItemOpened => ("item opened", "pièce ouverte"),
        E::ChannelSwitched => ("channel switched", "changement de canal"),
        E::OfflineExchangeRecorded => ("offline exchange recorded", "échange hors ligne consigné"),
        E::CaseSuspended => ("mediation suspended", "médiation suspendue"),
        E::CaseResumed => ("mediation resumed", "médiation reprise"),
        E::TermExtensionAgreed => ("longer term agreed to", "prolongation acceptée"),
        E::TermExtended => ("term extended", "délai prolongé"),
        E::SettlementProposed => ("settlement proposed", "accord proposé"),
        E::SettlementSigned => ("settlement signed", "accord signé"),
        E::SettlementDeclined => ("settlement declined", "accord refusé"),
        E::SettlementReached => ("settlement reached", "accord conclu"),
        E::NoAgreementReported => ("no agreement reported", "absence d’accord constatée"),
        E::PartyWithdrew => ("party withdrew", "retrait d’une partie"),
        E::TermExpired => ("term expired", "délai expiré"),
        E::CaseClosed => ("case closed", "affaire close"),
        E::LaterSettlementConfirmed => ("later settlement confirmed", "accord ultérieur confirmé"),
        E::SettledAfterwards => ("settled afterwards", "accord après clôture"),
    };
    language.pick(english, french)
}

/// Who sits there; nobody is the clock.
pub fn seat(seat: Option<Seat>, language: Language) -> &'static str {
    let (english, french) = match seat {
        Some(Seat::Claimant) => ("claimant", "demandeur"),
        Some(Seat::Respondent) => ("respondent", "défendeur"),
        Some(Seat::Mediator) => ("mediator", "médiateur"),
        Some(Seat::Centre) => ("centre", "centre"),
        None => ("the clock", "l’horloge"),
    };
    language.pick(english, french)
}

/// How a case closed.
pub fn outcome(outcome: Outcome, language: Language) -> &'static str {
    let (english, french) = match outcome {
        Outcome::Settled => ("settled", "accord"),
        Outcome::PartlySettled => ("partly settled", "accord partiel"),
        Outcome::NoAgreement => ("no agreement", "sans accord"),
        Outcome::Withdrawn => ("withdrawn", "retrait d’une partie"),
        Outcome::Declined => ("declined", "médiation refusée"),
        Outcome::Lapsed => ("lapsed", "invitation sans réponse"),
        Outcome::Expired => ("expired", "délai expiré"),
        Outcome::Inadmissible => ("inadmissible", "demande irrecevable"),
        Outcome::MediatorUnavailable => ("no mediator to be had", "aucun médiateur disponible"),
    };
    language.pick(english, french)
}

/// Why a case is not counted.
pub fn exclusion(exclusion: Exclusion, language: Language) -> &'static str {
    let (english, french) = match exclusion {
        Exclusion::NoMediator => ("no mediator was appointed", "aucun médiateur nommé"),
        Exclusion::StillOpen => ("still open", "encore ouvertes"),
    };
    language.pick(english, french)
}

/// What was due.
pub fn due(due: Due, language: Language) -> &'static str {
    let (english, french) = match due {
        Due::Consent => ("the invitation lapsed", "l’invitation est caduque"),
        Due::Appointment => ("48 hours are over without a mediator", "48 heures sont écoulées sans médiateur"),
        Due::Term => ("the term expired", "le délai est expiré"),
    };
    language.pick(english, french)
}

/// A fact's name as the history spells it. One that has no French name yet keeps its own.
pub fn fact(name: &'static str, language: Language) -> &'static str {
    let french = match name {
        "rule set" => "règlement",
        "claimant" => "demandeur",
        "claimant country" => "pays du demandeur",
        "respondent" => "défendeur",
        "respondent country" => "pays du défendeur",
        "sector" => "secteur",
        "amount" => "montant",
        "guidance" => "à relire",
        "ground" => "motif",
        "person" => "personne",
        "due" => "échéance",
        "appointment due" => "nomination avant",
        "tenure" => "mandat",
        "term due" => "terme",
        "camp" => "camp",
        "capacity" => "qualité",
        "audience" => "cercle",
        "item" => "pièce",
        "class" => "nature",
        "seen before" => "déjà vue par",
        "form" => "forme",
        "channel" => "canal",
        "began" => "début",
        "seat" => "place",
        "until" => "jusqu’au",
        "scope" => "portée",
        "digest" => "empreinte",
        "outcome" => "issue",
        "return until" => "consultation jusqu’au",
        other => other,
    };
    language.pick(name, french)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_event_has_words_of_its_own_in_both_languages() {
        for language in [Language::English, Language::French] {
            let words: BTreeSet<_> = EventKind::ALL.iter().map(|kind| event(*kind, language)).collect();
            assert_eq!(words.len(), EventKind::ALL.len());
        }
    }

    #[test]
    fn every_outcome_has_words_of_its_own_in_both_languages() {
        for language in [Language::English, Language::French] {
            let words: BTreeSet<_> = Outcome::ALL.iter().map(|it| outcome(*it, language)).collect();
            assert_eq!(words.len(), Outcome::ALL.len());
        }
    }
}
