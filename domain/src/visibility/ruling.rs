//! Who sees an item from which place, and the rule that says so: every answer of the audit names one of these.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::questionnaire::Bilingual;
use crate::{Audience, Camp, Case, ItemId, Seat};

/// A place at the table: a seat and, for the mediator's, which holding of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The seat.
    pub seat: Seat,
    /// The mediator's tenure, from 1; 0 for camps.
    pub tenure: u32,
}

/// Seen, and why; or not, and why not.
pub type Ruling = Result<Grant, Denial>;

macro_rules! grounds {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident: $rule:literal, $fr:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The rule: a paragraph of the domain.
            pub const fn rule(self) -> &'static str {
                match self { $(Self::$variant => $rule),* }
            }

            /// What it says.
            pub const fn sentence(self) -> Bilingual {
                match self { $(Self::$variant => Bilingual { fr: $fr, en: $en }),* }
            }
        }
    };
}

grounds! {
    /// Why an item is seen from a place.
    Grant {
        /// It is in the joint session.
        JointSession: "2-domain §3", "séance commune : les deux camps et le médiateur",
            "joint session: both camps and the mediator";
        /// It is in the camp's own caucus.
        OwnCaucus: "2-domain §3", "aparté du camp avec le médiateur", "the camp's own caucus with the mediator";
        /// It was said to, or by, this mediator in a caucus.
        CaucusOfTenure: "2-domain §3", "aparté tenu pendant ce mandat", "a caucus held in this tenure";
        /// Its camp let this successor read it.
        CaucusReleased: "2-domain §4", "aparté que son camp a ouvert au successeur",
            "a caucus that its camp has released to the successor";
        /// It is the camp's own workspace.
        OwnWorkspace: "2-domain §3", "espace propre du camp", "the camp's own workspace";
        /// They are this mediator's own notes.
        OwnNotes: "2-domain §3", "notes propres du médiateur", "the mediator's own notes";
        /// The return window is over, and it came from this seat.
        OwnRecord: "2-domain §4", "dossier propre, après la période de consultation",
            "the camp's own record, after the return window";
        /// Both have signed it: it stays with both.
        SignedSettlement: "2-domain §3", "accord signé par les deux camps", "a settlement that both camps have signed";
    }
}

grounds! {
    /// Why an item is not seen.
    Denial {
        /// The person holds no seat then.
        NotSeated: "2-domain §1", "sans place à la table à cet instant", "holds no seat at that instant";
        /// It was made later.
        NotMadeYet: "2-domain §3", "la pièce n’existait pas encore", "the item was not made yet";
        /// Its audience does not hold the seat: never did, or no longer does since it was restricted.
        NotInAudience: "2-domain §3", "place hors du cercle de la pièce", "the seat is not in the item's audience";
        /// It was said to a predecessor, and its camp has not released it.
        CaucusNotReleased: "2-domain §4", "aparté tenu avec un prédécesseur, non ouvert",
            "a caucus with a predecessor that its camp has not released";
        /// A predecessor's notes never pass.
        NotesNeverPass: "2-domain §4", "notes d’un autre médiateur", "another mediator's notes";
        /// It is in view still, but not by this rule any more.
        SeenByAnotherRule: "2-domain §3", "visible désormais par une autre règle", "seen by another rule from then on";
        /// The case closed, and the time for reading what others brought is over.
        ReturnWindowOver: "2-domain §4", "période de consultation terminée", "the return window is over";
    }
}

/// Whether an item is seen from a place at an instant, whoever sits there.
///
/// # Errors
/// The rule that denies it.
pub fn ruling(case: &Case, place: Place, item: ItemId, at: Timestamp) -> Ruling {
    let found = case.items.get(&item).ok_or(Denial::NotMadeYet)?;
    let audience = found.audience_at(at).ok_or(Denial::NotMadeYet)?;
    let over = case.window_is_over(at);
    if over && place.seat == Seat::Mediator {
        return Err(Denial::ReturnWindowOver);
    }
    let grant = circle(case, place, audience, found.tenure, false, at)?;
    if !over {
        return Ok(grant);
    }
    // 2-domain §3: what both have signed is of the procedural core, and stays with both.
    let signed = case.settlements.get(&item).is_some_and(|draft| draft.signed.len() == Camp::BOTH.len());
    match (found.seat == place.seat, signed) {
        (_, true) => Ok(Grant::SignedSettlement),
        (true, false) => Ok(Grant::OwnRecord),
        (false, false) => Err(Denial::ReturnWindowOver),
    }
}

/// Whether a place is in an audience, for something made during `tenure`; what is standing belongs to every mediator.
pub(super) fn circle(
    case: &Case,
    place: Place,
    audience: Audience,
    tenure: u32,
    standing: bool,
    at: Timestamp,
) -> Ruling {
    if !audience.admits(place.seat) {
        return Err(Denial::NotInAudience);
    }
    if place.seat != Seat::Mediator {
        return Ok(match audience {
            Audience::Joint => Grant::JointSession,
            Audience::ClaimantCaucus | Audience::RespondentCaucus => Grant::OwnCaucus,
            Audience::ClaimantWorkspace | Audience::RespondentWorkspace => Grant::OwnWorkspace,
            Audience::MediatorNotes => Grant::OwnNotes,
        });
    }
    match audience {
        Audience::Joint => Ok(Grant::JointSession),
        Audience::ClaimantCaucus => caucus(case, place, Camp::Claimant, tenure, standing, at),
        Audience::RespondentCaucus => caucus(case, place, Camp::Respondent, tenure, standing, at),
        // Old notes never pass.
        Audience::MediatorNotes if standing || tenure == place.tenure => Ok(Grant::OwnNotes),
        Audience::MediatorNotes => Err(Denial::NotesNeverPass),
        Audience::ClaimantWorkspace | Audience::RespondentWorkspace => Err(Denial::NotInAudience),
    }
}

/// A mediator in a caucus. Unless the rules say otherwise, each camp alone decides whether its caucus passes to a
/// successor, and from when.
fn caucus(case: &Case, place: Place, camp: Camp, tenure: u32, standing: bool, at: Timestamp) -> Ruling {
    if standing || tenure == place.tenure {
        return Ok(Grant::CaucusOfTenure);
    }
    let passes = !case.rule_set.rules().caucus_is_closed;
    if passes || case.released(camp, place.tenure).is_some_and(|since| since <= at) {
        Ok(Grant::CaucusReleased)
    } else {
        Err(Denial::CaucusNotReleased)
    }
}
