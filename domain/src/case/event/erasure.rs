//! What becomes of a case's content once its time is over, or earlier where the law asks for it (GDPR, articles 5 and 17).

use serde::{Deserialize, Serialize};

use crate::sealed::{skeleton, with_seals};
use crate::{ItemId, PersonId};

/// Why content must be kept although its time may be over (GDPR, article 17(3)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum HoldGround {
    /// A claim is being made or defended.
    LegalClaim,
    /// A court or an authority has ordered it.
    CourtOrder,
    /// A complaint about the mediation is being looked into.
    Complaint,
    /// A law obliges the centre to keep it longer.
    LegalObligation,
}

/// Why content is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ErasureGround {
    /// It has been kept for as long as the rules say (GDPR, article 5(1)(e)).
    RetentionOver,
    /// The person concerned asks for it (GDPR, article 17(1)(b) and (c)).
    PersonsRequest,
    /// It should never have been there (GDPR, article 17(1)(d)).
    Unlawful,
    /// A court or an authority has ordered it (GDPR, article 17(1)(e)).
    CourtOrder,
}

/// What can be erased by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Erasable {
    /// Everything that was said, brought or named in the case.
    Case,
    /// What one item says, and its document.
    Item(ItemId),
    /// Who one person is: name, address and what was declared about independence.
    Person(PersonId),
}

skeleton!(HoldGround, ErasureGround, Erasable);

with_seals! {
    /// The centre keeps the case's content for a reason, whatever its time.
    pub struct HoldPlaced {
        /// Why.
        pub ground: HoldGround,
    }

    /// That reason is no more.
    pub struct HoldLifted {
        /// Which one.
        pub ground: HoldGround,
    }

    /// Somebody of the centre, or the clock, wants content erased.
    pub struct ErasureProposed {
        /// What.
        pub what: Erasable,
        /// Why.
        pub ground: ErasureGround,
    }

    /// The first of two approved what the clock had proposed.
    pub struct ErasureApproved {
        /// What.
        pub what: Erasable,
    }

    /// The proposal is no more.
    pub struct ErasureWithdrawn {
        /// What was to be erased.
        pub what: Erasable,
    }

    /// The case's content became unreadable for everyone and for ever; its skeleton stays.
    pub struct CaseErased {
        /// Why.
        pub ground: ErasureGround,
        /// The two of the centre who approved.
        pub approvers: Vec<PersonId>,
    }

    /// An item's content became unreadable for everyone and for ever.
    pub struct ItemErased {
        /// The item.
        pub item: ItemId,
        /// Why.
        pub ground: ErasureGround,
        /// The two of the centre who approved.
        pub approvers: Vec<PersonId>,
    }

    /// Who a person was became unknowable from this case; what the person did stays, under a number.
    pub struct PersonErased {
        /// The person.
        pub person: PersonId,
        /// Why.
        pub ground: ErasureGround,
        /// The two of the centre who approved.
        pub approvers: Vec<PersonId>,
    }
}
