//! How a mediation ends, and what may still follow.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sealed::{Sealed, skeleton, with_seals};
use crate::{Body, Camp, ItemId, Statement};

/// How a case closed; every figure counts these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// Both signed, and nothing is left.
    Settled,
    /// Both signed on a part.
    PartlySettled,
    /// The mediator reported that they did not agree.
    NoAgreement,
    /// A side stopped (B6).
    Withdrawn,
    /// The respondent did not wish to mediate.
    Declined,
    /// The respondent did not answer.
    Lapsed,
    /// The term was over.
    Expired,
    /// The centre could not take the request.
    Inadmissible,
    /// No mediator was to be had.
    MediatorUnavailable,
}

impl Outcome {
    /// All nine: they partition the closed cases.
    pub const ALL: [Self; 9] = [
        Self::Settled,
        Self::PartlySettled,
        Self::NoAgreement,
        Self::Withdrawn,
        Self::Declined,
        Self::Lapsed,
        Self::Expired,
        Self::Inadmissible,
        Self::MediatorUnavailable,
    ];
}

/// How much of the dispute a draft settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SettlementScope {
    /// All of it.
    Whole,
    /// A part.
    Part,
}

/// Who besides its own camp reads why a camp withdrew: the author chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReasonFor {
    /// The mediator alone.
    Mediator,
    /// The other camp, the mediator and the centre.
    Everyone,
}

/// What both sign: SHA-256 over a random salt and the text, in hexadecimal.
///
/// The salt keeps a stranger from confirming a guess at the text once it has been erased.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TextDigest(pub String);

impl TextDigest {
    /// The digest of a text.
    pub fn of(salt: uuid::Uuid, text: &Body) -> Self {
        use sha2::{Digest, Sha256};
        let digest = Sha256::new().chain_update(salt.as_bytes()).chain_update(text.as_str()).finalize();
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl std::fmt::Debug for TextDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A draft's text with the salt of its digest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What both would sign.
    pub text: Body,
    /// The salt.
    pub salt: uuid::Uuid,
}

skeleton!(Outcome, SettlementScope, ReasonFor, TextDigest);

with_seals! {
    /// A draft settlement was laid before both camps.
    pub struct SettlementProposed {
        /// The draft.
        pub item: ItemId,
        /// What a signature must name.
        pub digest: TextDigest,
        /// How much it settles.
        pub scope: SettlementScope,
        /// The text.
        pub draft: Sealed<Draft>,
    }

    /// A camp signed.
    pub struct SettlementSigned {
        /// The draft.
        pub item: ItemId,
        /// The camp.
        pub camp: Camp,
        /// What it signed.
        pub digest: TextDigest,
    }

    /// A camp will not sign.
    pub struct SettlementDeclined {
        /// The draft.
        pub item: ItemId,
        /// The camp.
        pub camp: Camp,
    }

    /// Not both had signed in time: nobody signs this draft any more.
    pub struct SettlementLapsed {
        /// The draft.
        pub item: ItemId,
    }

    /// Both had signed.
    pub struct SettlementReached {
        /// The draft.
        pub item: ItemId,
        /// How much it settles.
        pub scope: SettlementScope,
    }

    /// The mediator reported that there is no agreement, and nothing else: no word of why.
    pub struct NoAgreementReported {}

    /// A camp stopped (B6).
    pub struct PartyWithdrew {
        /// The camp.
        pub camp: Camp,
        /// Why, if it said.
        pub reason: Option<Reason>,
    }

    /// Why a camp withdrew.
    pub struct Reason {
        /// Who besides the camp may read it.
        pub readers: ReasonFor,
        /// What it said.
        pub text: Sealed<Statement>,
    }

    /// The term was over.
    pub struct TermExpired {
        /// When it ended.
        pub due: Timestamp,
    }

    /// The case closed; posting is over.
    pub struct CaseClosed {
        /// How.
        pub outcome: Outcome,
        /// Until when each seat still reads what it could.
        pub return_until: Timestamp,
    }

    /// A camp says that they settled after all.
    pub struct LaterSettlementConfirmed {
        /// The camp.
        pub camp: Camp,
    }

    /// Both say so; for the figures only.
    pub struct SettledAfterwards {}
}
