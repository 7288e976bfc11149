//! Hiding, and passing on what was confided (B12, 2-domain §4).

use std::collections::BTreeSet;

use super::table::new_item;
use crate::case::decide::{Decision, events};
use crate::case::state::{Item, ItemKind};
use crate::command::{AuthoriseDisclosure, Disclose, RestrictVisibility, RevokeDisclosure};
use crate::event::{
    Disclosed, DisclosureAuthorised, DisclosureForm, DisclosureRevoked, ItemDisclosed, Source, VisibilityRestricted,
};
use crate::visibility;
use crate::{Audience, By, Camp, Case, CaseError, Issued, PersonId, Seat};

impl Case {
    pub(crate) fn restrict_visibility(&self, ask: &RestrictVisibility, issued: &Issued, by: By) -> Decision {
        by.at_table()?;
        let item = self.visible_item(ask.item, issued, by)?;
        let is_author = match item.seat {
            Seat::Mediator => by.person() == Some(item.author),
            seat => by.seat() == Some(seat),
        };
        if !is_author {
            return Err(CaseError::NotAuthor);
        }
        // A draft is signed by both, a disclosed copy was given to both: neither can be taken back by one.
        if matches!(item.kind, ItemKind::Settlement | ItemKind::Disclosure) {
            return Err(CaseError::Protected);
        }
        let now = item.audience_now();
        if ask.audience == now {
            return Ok(events![]);
        }
        if !ask.audience.is_narrower_than(now) {
            return Err(CaseError::WouldWiden);
        }
        if !ask.audience.admits(item.seat) {
            return Err(CaseError::AudienceNotAllowed);
        }
        // Not posting: what was shown by mistake can be hidden while the mediation pauses.
        self.not_closed()?;
        // By the seat that the reader had: who has left it since still read for that side.
        let seat_of = |person: PersonId| self.seating.iter().find(|held| held.person == person).map(|held| held.seat);
        // Whom an earlier restriction has shut out loses nothing by this one.
        let loses =
            |person: PersonId| seat_of(person).is_none_or(|seat| now.admits(seat) && !ask.audience.admits(seat));
        let seen_before = item.opened.keys().copied().filter(|person| loses(*person)).collect();
        // 2-domain §4: who was alerted and has not opened it is left a neutral tombstone.
        let alerted = item.alerted.keys().copied().filter(|person| !item.opened.contains_key(person));
        let alerted_before = alerted.filter(|person| loses(*person)).collect();
        Ok(events![VisibilityRestricted { item: ask.item, audience: ask.audience, seen_before, alerted_before }])
    }

    pub(crate) fn authorise_disclosure(&self, ask: &AuthoriseDisclosure, issued: &Issued, by: By) -> Decision {
        let camp = by.camp()?;
        let item = self.confided_by(camp, self.visible_item(ask.item, issued, by)?)?;
        self.can_post()?;
        if item.disclosed {
            return Err(CaseError::AlreadyDisclosed);
        }
        if item.authorised == Some(ask.form) {
            return Ok(events![]);
        }
        Ok(events![DisclosureAuthorised { item: ask.item, camp, form: ask.form }])
    }

    pub(crate) fn revoke_disclosure(&self, ask: &RevokeDisclosure, issued: &Issued, by: By) -> Decision {
        let camp = by.camp()?;
        let item = self.confided_by(camp, self.visible_item(ask.item, issued, by)?)?;
        self.can_post()?;
        if item.disclosed {
            return Err(CaseError::AlreadyDisclosed);
        }
        if item.authorised.is_none() {
            return Ok(events![]);
        }
        Ok(events![DisclosureRevoked { item: ask.item, camp }])
    }

    pub(crate) fn disclose(&self, ask: &Disclose, issued: &Issued, by: By) -> Decision {
        by.must_be(Seat::Mediator)?;
        let item = self.visible_item(ask.item, issued, by)?;
        let camp = item.audience_now().caucus_of().ok_or(CaseError::NotConfided)?;
        self.can_post()?;
        let form = item.authorised.ok_or(CaseError::NoAuthorisation)?;
        if item.disclosed {
            return Err(CaseError::AlreadyDisclosed);
        }
        let fits = match (form, &ask.content) {
            (DisclosureForm::Verbatim, Disclosed::Words(_)) => item.kind == ItemKind::Message,
            (DisclosureForm::Verbatim, Disclosed::Document(_)) => item.kind == ItemKind::Document,
            (DisclosureForm::Substance, Disclosed::Words(_)) => true,
            (DisclosureForm::Substance, Disclosed::Document(_)) => false,
        };
        if !fits {
            return Err(CaseError::NotAsAuthorised);
        }
        let joint = self.discussions.iter().find(|(_, found)| found.standing && found.audience == Audience::Joint);
        let (discussion, _) = joint.ok_or(CaseError::NotOpen)?;
        Ok(events![ItemDisclosed {
            item: new_item(issued),
            discussion: *discussion,
            source: Some(Source { item: ask.item, camp }),
            form,
            content: ask.content.clone().into(),
        }])
    }

    /// The item, if this camp told it to the mediator in private.
    fn confided_by<'a>(&self, camp: Camp, item: &'a Item) -> Result<&'a Item, CaseError> {
        if item.audience_now() == Audience::caucus(camp) && item.seat == camp.seat() {
            Ok(item)
        } else {
            Err(CaseError::NotConfided)
        }
    }

    /// Everyone who can see an item at the time of asking.
    pub fn readers(&self, item: crate::ItemId, at: jiff::Timestamp) -> Vec<PersonId> {
        let readers: BTreeSet<_> = self
            .seating
            .iter()
            .map(|held| held.person)
            .filter(|person| visibility::could_see(self, *person, item, at))
            .collect();
        readers.into_iter().collect()
    }
}
