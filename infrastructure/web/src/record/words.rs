//! What a record calls things, in both languages.

mod events;

use entente_domain::event::{
    Channel, DisclosureForm, DocumentClass, Erasable, ErasureGround, HoldGround, InadmissibleGround, Outcome,
    SettlementScope,
};
use entente_domain::questionnaire::Bilingual;
use entente_domain::{Audience, Camp, Capacity, Phase, Seat};

/// Something that a record names.
pub trait Words {
    /// Its name.
    fn words(&self) -> Bilingual;
}

impl<W: Words> Words for &W {
    fn words(&self) -> Bilingual {
        (*self).words()
    }
}

const fn both(fr: &'static str, en: &'static str) -> Bilingual {
    Bilingual { fr, en }
}

/// Implements [`Words`] by a list without a `_` arm: what is new does not compile until it has a name.
macro_rules! words {
    ($($type:ident { $($name:pat => ($fr:literal, $en:literal)),* $(,)? })*) => {$(
        impl $crate::record::words::Words for $type {
            fn words(&self) -> entente_domain::questionnaire::Bilingual {
                use $type as E;
                match self { $($name => $crate::record::words::both($fr, $en)),* }
            }
        }
    )*};
}
use words;

words! {
    Seat {
        E::Claimant => ("demandeur", "claimant"),
        E::Respondent => ("défendeur", "respondent"),
        E::Mediator => ("médiateur", "mediator"),
        E::Centre => ("centre", "centre"),
    }
    Camp {
        E::Claimant => ("demandeur", "claimant"),
        E::Respondent => ("défendeur", "respondent"),
    }
    Capacity {
        E::HeadOfMandate => ("chef de mandat", "head of mandate"),
        E::Representative => ("représentant", "representative"),
        E::Counsel => ("conseil", "counsel"),
    }
    Audience {
        E::Joint => ("séance commune", "joint session"),
        E::ClaimantCaucus => ("aparté du demandeur", "claimant’s caucus"),
        E::RespondentCaucus => ("aparté du défendeur", "respondent’s caucus"),
        E::ClaimantWorkspace => ("demandeur seul", "claimant alone"),
        E::RespondentWorkspace => ("défendeur seul", "respondent alone"),
        E::MediatorNotes => ("médiateur seul", "mediator alone"),
    }
    Phase {
        E::Absent => ("aucune", "none"),
        E::Registered => ("enregistrée", "registered"),
        E::Qualified => ("questionnaire réussi", "questionnaire passed"),
        E::Invited => ("défendeur invité", "respondent invited"),
        E::Consented => ("médiation acceptée", "agreed to"),
        E::Open => ("table ouverte", "table open"),
        E::Suspended => ("suspendue", "suspended"),
        E::Closed => ("close", "closed"),
        E::Erased => ("effacée", "erased"),
    }
    Channel {
        E::Online => ("à la table du centre", "at the centre’s table"),
        E::Fax => ("par télécopie", "by fax"),
        E::Telephone => ("par téléphone", "by telephone"),
        E::InPerson => ("en présence", "in person"),
    }
    DocumentClass {
        E::DrawnUp => ("établi pour la médiation", "drawn up for the mediation"),
        E::PreExisting => ("préexistant", "pre-existing"),
    }
    DisclosureForm {
        E::Verbatim => ("mot pour mot", "word for word"),
        E::Substance => ("en substance", "in substance"),
    }
    SettlementScope {
        E::Whole => ("tout le différend", "the whole dispute"),
        E::Part => ("une partie du différend", "a part of the dispute"),
    }
    Outcome {
        E::Settled => ("accord", "settled"),
        E::PartlySettled => ("accord partiel", "partly settled"),
        E::NoAgreement => ("sans accord", "no agreement"),
        E::Withdrawn => ("retrait d’une partie", "withdrawn"),
        E::Declined => ("médiation refusée", "declined"),
        E::Lapsed => ("invitation sans réponse", "lapsed"),
        E::Expired => ("délai expiré", "expired"),
        E::Inadmissible => ("demande irrecevable", "inadmissible"),
        E::MediatorUnavailable => ("aucun médiateur disponible", "no mediator to be had"),
    }
    InadmissibleGround {
        E::NotBetweenCompanies => ("différend qui n’oppose pas des entreprises", "not a dispute between companies"),
        E::NotNegotiable => ("droits dont les parties ne disposent pas", "not for the parties to settle"),
        E::Incomplete => ("demande restée incomplète", "what was asked for was not supplied"),
    }
    HoldGround {
        E::LegalClaim => ("action en justice", "legal claim"),
        E::CourtOrder => ("ordre d’une autorité", "order of a court or an authority"),
        E::Complaint => ("réclamation en cours d’examen", "complaint being looked into"),
        E::LegalObligation => ("obligation légale", "legal obligation"),
    }
    ErasureGround {
        E::RetentionOver => ("durée de conservation écoulée", "kept for as long as the rules say"),
        E::PersonsRequest => ("demande de la personne", "request of the person concerned"),
        E::Unlawful => ("contenu illicite", "should never have been there"),
        E::CourtOrder => ("ordre d’une autorité", "order of a court or an authority"),
    }
    Erasable {
        E::Case => ("toute l’affaire", "the whole case"),
        E::Item(_) => ("une pièce", "an item"),
        E::Person(_) => ("le nom d’une personne", "a person’s name"),
    }
}
