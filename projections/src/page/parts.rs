//! The parts of a page that the fold puts in place and changes.

use entente_domain::company::{Company, Contact};
use entente_domain::event::{Entry, Outcome};
use entente_domain::{Audience, Camp, Capacity, DiscussionId, ItemId, PersonId, Sealed, Seat};

use jiff::Timestamp;

use super::{CasePage, ClosingView, ItemContent, ItemView, Milestone, Participant, Party, SettlementView, Tombstone};

/// The closing as known so far; the event that tells of it stands in the same append as `CaseClosed`, which completes it.
pub(super) fn closing<'a>(page: &'a mut CasePage, entry: &Entry) -> &'a mut ClosingView {
    page.closing.get_or_insert(ClosingView {
        outcome: Outcome::Withdrawn,
        at: entry.at,
        return_until: entry.at,
        ground: None,
        withdrawn_by: None,
        reason: None,
        settled_later: vec![],
    })
}

pub(super) fn milestone(page: &mut CasePage, entry: &Entry) {
    page.timeline.push(Milestone {
        no: u32::try_from(page.timeline.len()).map_or(u32::MAX, |before| before.saturating_add(1)),
        at: entry.at,
        seat: entry.by.seat(),
        person: entry.by.person(),
        event: entry.event.kind(),
    });
}

pub(super) fn party(camp: Camp, company: &Company) -> Party {
    Party { camp, name: text(&company.name), country: company.country }
}

pub(super) fn participant(contact: &Contact, seat: Seat, capacity: Option<Capacity>, entry: &Entry) -> Participant {
    let name = text(&contact.name);
    Participant { person: contact.person, name, seat, capacity, from: entry.at, to: None, declaration: None, number: 0 }
}

pub(super) fn sit(page: &mut CasePage, contact: &Contact, seat: Seat, capacity: Option<Capacity>, entry: &Entry) {
    page.people.push(participant(contact, seat, capacity, entry));
}

pub(super) fn stand(page: &mut CasePage, left: Timestamp, who: impl Fn(&Participant) -> bool) {
    for held in page.people.iter_mut().filter(|held| held.to.is_none() && who(held)) {
        held.to = Some(left);
    }
}

pub(super) fn put(
    page: &mut CasePage,
    item: ItemId,
    discussion: Option<DiscussionId>,
    audience: Audience,
    content: ItemContent,
    entry: &Entry,
) {
    let (Some(author), Some(seat)) = (entry.by.person(), entry.by.seat()) else { return };
    if let Some(thread) = page.discussions.iter_mut().find(|thread| Some(thread.discussion) == discussion) {
        thread.items += 1;
    }
    page.items.push(ItemView {
        no: 0,
        item,
        at: entry.at,
        author,
        seat,
        discussion,
        audience,
        content,
        opened: None,
        seen_before: vec![],
        disclosure_authorised: None,
        source: None,
        erased: None,
    });
}

pub(super) fn change(page: &mut CasePage, id: ItemId, change: impl FnOnce(&mut ItemView)) {
    if let Some(item) = page.items.iter_mut().find(|item| item.item == id) {
        change(item);
    }
}

/// Takes away who these people were. The key is gone as well; this holds for what a cache may still know.
pub(super) fn forget(page: &mut CasePage, who: impl Fn(&Participant) -> bool) {
    for held in page.people.iter_mut().filter(|held| who(held)) {
        (held.name, held.declaration) = (None, None);
    }
}

/// Numbers the persons of each seat in the order of sitting down: what is left of a name is "respondent, person 2".
pub(super) fn number(page: &mut CasePage) {
    let mut known: Vec<(Seat, PersonId)> = vec![];
    for held in &mut page.people {
        if !known.contains(&(held.seat, held.person)) {
            known.push((held.seat, held.person));
        }
        let of_seat = known.iter().filter(|(seat, _)| *seat == held.seat);
        let place = of_seat.take_while(|(_, person)| *person != held.person).count();
        held.number = u32::try_from(place).map_or(u32::MAX, |before| before.saturating_add(1));
    }
}

/// A tombstone for an item of an alert, unless it is still there or has left a receipt.
pub(super) fn bury(page: &mut CasePage, item: ItemId, entry: &Entry) {
    let known = page.items.iter().any(|seen| seen.item == item)
        || page.withdrawn_from_view.iter().any(|closed| closed.item == item)
        || page.tombstones.iter().any(|stone| stone.item == item);
    if !known {
        page.tombstones.push(Tombstone { item, alerted: entry.at });
    }
}

pub(super) fn draft(page: &mut CasePage, id: ItemId, change: impl FnOnce(&mut SettlementView)) {
    if let Some(draft) = page.settlements.iter_mut().find(|draft| draft.item == id) {
        change(draft);
    }
}

pub(super) fn text<T: ToString>(sealed: &Sealed<T>) -> Option<String> {
    sealed.clear().map(ToString::to_string)
}
