//! Why a case refuses: a stable code, the rule behind it, and a sentence that tells a party what to do.

use crate::questionnaire::Bilingual;

/// What kind of refusal it is; the facade turns it into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalClass {
    /// It does not exist for this person: absent and hidden alike.
    Absent,
    /// The case is not, or no longer, in a state that allows it.
    State,
    /// What was asked can never be, in any state.
    Content,
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $class:ident, $code:literal, $rule:literal, $fr:literal, $en:literal;)*) => {
        /// A refusal. Never an event: what did not happen leaves no trace.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum CaseError { $($(#[$doc])* #[error($en)] $name),* }

        impl CaseError {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name for programs; never changes.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The rule that gave it: a line of the brief or a paragraph of the domain.
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$name => $rule),* }
            }

            /// What kind it is.
            pub const fn class(self) -> RefusalClass {
                match self { $(Self::$name => RefusalClass::$class),* }
            }

            /// What to tell the person.
            pub const fn sentence(self) -> Bilingual {
                match self { $(Self::$name => Bilingual { fr: $fr, en: $en }),* }
            }
        }
    };
}

refusals! {
    /// Nothing of that name is visible to this person.
    NotFound: Absent, "not-found", "2-domain §5",
        "Rien ne se trouve ici.", "There is nothing here.";
    /// The case id is taken.
    Duplicate: State, "duplicate", "2-domain §2",
        "Cette demande est déjà enregistrée.", "This request is already registered.";
    /// B3.
    NoFrenchParty: Content, "no-french-party", "B3",
        "L’une des deux entreprises doit être française ; vérifiez les pays.",
        "One of the two companies must be French; check the countries.";
    /// A company has no dispute with itself.
    SameCompany: Content, "same-company", "B1",
        "Les deux parties doivent être des entreprises distinctes.", "The two parties must be distinct companies.";
    /// Mediation needs a language.
    NoLanguage: Content, "no-language", "2-domain §2",
        "Indiquez au moins une langue de travail.", "Name at least one language to mediate in.";
    /// Another version is asked now.
    VersionMismatch: State, "version-mismatch", "B7",
        "Le questionnaire a changé ; relisez la version actuelle et répondez à nouveau.",
        "The questionnaire has changed; read the current version and answer again.";
    /// The seat has no such right.
    NotYourPart: State, "not-your-part", "2-domain §2",
        "Cette démarche ne revient pas à votre place dans cette affaire.",
        "This step does not belong to your seat in this case.";
    /// B7 comes first.
    NotQualified: State, "not-qualified", "B7",
        "Le questionnaire n’est pas encore réussi ; répondez-y d’abord.",
        "The questionnaire has not been passed yet; answer it first.";
    /// The invitation went to somebody else.
    AlreadyInvited: State, "already-invited", "2-domain §2",
        "L’autre entreprise est déjà invitée.", "The other company has already been invited.";
    /// No invitation is open.
    NotInvited: State, "not-invited", "B4",
        "Aucune invitation n’attend de réponse.", "No invitation is waiting for an answer.";
    /// The time for it is over.
    TooLate: State, "too-late", "2-domain §2",
        "Le délai est passé ; adressez-vous au centre.", "The time for this is over; write to the centre.";
    /// The time for it has not come.
    NotDue: State, "not-due", "2-domain §2",
        "Le délai n’est pas encore écoulé.", "The period is not over yet.";
    /// B4.
    NoConsent: State, "no-consent", "B4",
        "Les deux parties doivent d’abord consentir à la médiation.", "Both sides must first agree to mediate.";
    /// A mediator declares independence first.
    NoDeclaration: Content, "no-declaration", "2-domain §2",
        "Joignez la déclaration d’indépendance du médiateur.", "Add the mediator's declaration of independence.";
    /// Whoever sat on one side never sits elsewhere in that case.
    Conflict: State, "conflict", "2-domain §1",
        "Cette personne a déjà siégé ailleurs dans cette affaire ; choisissez-en une autre.",
        "This person has already sat elsewhere in this case; choose another.";
    /// One mediator at a time.
    AlreadyActive: State, "already-active", "2-domain §2",
        "Un médiateur siège déjà.", "A mediator is already seated.";
    /// One candidate at a time.
    AlreadyProposed: State, "already-proposed", "2-domain §2",
        "Un candidat est déjà sollicité ; attendez sa réponse ou retirez la proposition.",
        "A candidate has already been asked; wait for the answer, or withdraw the proposal.";
    /// A refusal is final.
    RefusedBefore: State, "refused-before", "2-domain §2",
        "Cette personne a déjà refusé cette affaire ; choisissez-en une autre.",
        "This person has already refused this case; choose another.";
    /// One declaration; what is to be added goes through the centre.
    AlreadyDeclared: State, "already-declared", "2-domain §2",
        "Vous avez déjà fait votre déclaration ; pour la compléter, adressez-vous au centre.",
        "You have already made your declaration; to add to it, write to the centre.";
    /// Nobody is there to be challenged.
    NoMediator: State, "no-mediator", "2-domain §4",
        "Aucun médiateur ne siège.", "No mediator is seated.";
    /// A challenge comes soon after the appointment or not at all.
    LateChallenge: State, "late-challenge", "2-domain §2",
        "Le délai pour récuser le médiateur est passé ; adressez-vous au centre.",
        "The time to challenge the mediator is over; write to the centre.";
    /// Deciding needs a challenge.
    NotChallenged: State, "not-challenged", "2-domain §4",
        "Aucune récusation n’attend de décision.", "No challenge is waiting for a decision.";
    /// There is nobody to release to, or nothing before.
    NothingToRelease: State, "nothing-to-release", "2-domain §4",
        "Il n’y a pas de nouveau médiateur à qui ouvrir votre aparté.",
        "There is no new mediator to open your caucus to.";
    /// A camp has always somebody who binds it.
    LastOfCamp: State, "last-of-camp", "2-domain §2",
        "Le chef de mandat ne peut quitter son camp ; il peut se retirer de la médiation.",
        "The head of mandate cannot leave the camp; the camp may withdraw instead.";
    /// Only the head of mandate binds the company.
    NoMandate: State, "no-mandate", "2-domain §2",
        "Seul le chef de mandat de votre camp peut faire cela.", "Only your camp's head of mandate may do this.";
    /// That person is not in the camp.
    NotSeated: State, "not-seated", "2-domain §2",
        "Cette personne ne siège pas dans votre camp.", "This person is not seated in your camp.";
    /// Nobody leaves a seat before taking it.
    BeforeSeating: Content, "before-seating", "2-domain §1",
        "Cette personne ne siégeait pas encore à cette date ; indiquez-en une plus tardive.",
        "This person was not seated yet on that date; name a later one.";
    /// Not one of the sets that this seat may address.
    AudienceNotAllowed: Content, "audience-not-allowed", "2-domain §3",
        "Choisissez un cercle dont vous faites partie.", "Choose an audience that you are part of.";
    /// No table yet.
    NotOpen: State, "not-open", "B9",
        "La table n’est pas ouverte.", "The table is not open.";
    /// 2-domain §4: reading yes, posting no.
    Suspended: State, "suspended", "2-domain §4",
        "La médiation est suspendue : on peut lire, pas écrire. Demandez sa reprise.",
        "The mediation is suspended: you can read, not write. Ask to resume it.";
    /// Not the author's side.
    NotAuthor: State, "not-author", "2-domain §2",
        "Seul l’auteur peut restreindre cette pièce.", "Only its author may restrict this item.";
    /// Audiences only narrow.
    WouldWiden: Content, "would-widen", "2-domain §2",
        "Une restriction ne peut qu’exclure ; pour partager, présentez une nouvelle pièce.",
        "A restriction can only exclude; to share, submit a new item.";
    /// The procedural core stays visible.
    Protected: State, "protected", "2-domain §3",
        "Cette pièce appartient à la procédure et reste visible.", "This item is part of the procedure and stays visible.";
    /// Only what was confided can be disclosed.
    NotConfided: State, "not-confided", "2-domain §4",
        "Seul ce que votre camp a confié en aparté peut être transmis.",
        "Only what your camp confided in caucus can be passed on.";
    /// The confider has not allowed it.
    NoAuthorisation: State, "no-authorisation", "2-domain §4",
        "Le camp concerné n’a pas autorisé cette transmission.", "The camp that confided this has not allowed it to be passed on.";
    /// Once is enough.
    AlreadyDisclosed: State, "already-disclosed", "2-domain §4",
        "Cette confidence est déjà transmise.", "This has already been passed on.";
    /// What is passed on is not what was allowed.
    NotAsAuthorised: Content, "not-as-authorised", "2-domain §4",
        "Transmettez dans la forme autorisée : mot pour mot, ou en substance.",
        "Pass it on in the form that was allowed: word for word, or in substance.";
    /// Online is no exchange away from the table.
    NotOffline: Content, "not-offline", "B15",
        "Indiquez le fax, le téléphone ou une rencontre.", "Name the fax, the telephone or a meeting.";
    /// It cannot have happened yet.
    InTheFuture: Content, "in-the-future", "B15",
        "La date indiquée est à venir ; corrigez-la.", "The date lies in the future; correct it.";
    /// A case's history is in the order of time.
    OutOfOrder: State, "out-of-order", "2-domain §2",
        "Cette date précède ce qui s’est déjà passé dans l’affaire.",
        "This is dated before what has already happened in the case.";
    /// A term only grows.
    NotLonger: Content, "not-longer", "2-domain §2",
        "La nouvelle échéance doit suivre l’actuelle.", "The new end of term must be after the present one.";
    /// Another text than the one on the table.
    DigestMismatch: State, "digest-mismatch", "2-domain §2",
        "Le texte signé n’est pas celui du projet ; relisez-le puis signez.",
        "What you sign is not the draft's text; read it again, then sign.";
    /// A declined draft is dead.
    DraftDeclined: State, "draft-declined", "2-domain §2",
        "Ce projet a été refusé ; proposez-en un autre.", "This draft was declined; propose another.";
    /// Signatures have their time.
    DraftLapsed: State, "draft-lapsed", "2-domain §2",
        "Le délai pour signer ce projet est passé ; proposez-en un autre.",
        "The time to sign this draft is over; propose another.";
    /// The signature binds.
    AlreadySigned: State, "already-signed", "2-domain §2",
        "Votre camp a déjà signé ce projet.", "Your camp has already signed this draft.";
    /// Closed is closed.
    AlreadyClosed: State, "already-closed", "2-domain §4",
        "L’affaire est close.", "The case is closed.";
    /// For closed cases only.
    NotClosed: State, "not-closed", "2-domain §2",
        "L’affaire n’est pas close.", "The case is not closed.";
    /// It closed with an agreement, or before any mediation.
    NothingLeftToSettle: State, "nothing-left-to-settle", "2-domain §2",
        "Cette affaire ne s’est pas terminée par une médiation sans accord.",
        "This case did not end as a mediation without agreement.";
    /// For requests that the table has not opened on.
    AlreadyOpen: State, "already-open", "2-domain §2",
        "La table est déjà ouverte.", "The table is already open.";
    /// One upload, one item.
    AlreadySubmitted: State, "already-submitted", "B10",
        "Ce document est déjà déposé ; téléversez-le à nouveau pour le déposer ailleurs.",
        "This document has been submitted already; upload it again to submit it elsewhere.";
    /// A reason to keep it stands.
    OnHold: State, "on-hold", "GDPR 17(3)",
        "Une mesure de conservation est en vigueur ; levez-la d’abord.", "A hold is in force; lift it first.";
    /// What is gone is gone.
    AlreadyErased: State, "already-erased", "GDPR 17",
        "Ce contenu est effacé.", "This content is erased.";
    /// Two approve, and they are two.
    AnotherApprover: State, "another-approver", "GDPR 17",
        "Un autre membre du centre doit approuver.", "Another member of the centre's staff must approve.";
    /// Approving needs a proposal.
    NothingProposed: State, "nothing-proposed", "GDPR 17",
        "Cet effacement n’a pas été proposé ; proposez-le d’abord.", "This erasure was not proposed; propose it first.";
    /// Who acts must be known to those at the table.
    StillSeated: State, "still-seated", "GDPR 17",
        "Cette personne siège encore ; elle doit d’abord quitter la table.",
        "This person is still seated, and must leave the table first.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_in_kebab_case() {
        let codes: BTreeSet<_> = CaseError::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), CaseError::ALL.len());
        assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
    }
}
