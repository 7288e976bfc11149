//! Who may read which words, written from the tables of 2-domain §3 and §4 and not from the code that decides it.

mod asked;
mod gone;
pub mod table;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use entente_domain::event::CaseEvent;
use entente_domain::visibility::Viewer;
use entente_domain::{Audience, Camp, DiscussionId, Entry, ItemId, PersonId, Seat};
use jiff::Timestamp;

use Seat::{Centre, Claimant, Mediator, Respondent};

/// Something with an audience that may change: an item or a thread.
struct Thing {
    maker: Seat,
    tenure: u32,
    standing: bool,
    circle: Vec<(Timestamp, Audience)>,
}

/// A case as the tables speak of it.
#[derive(Default)]
pub struct Model {
    sitting: Vec<(PersonId, Seat, u32, Timestamp, Option<Timestamp>)>,
    items: BTreeMap<ItemId, Thing>,
    threads: BTreeMap<DiscussionId, Thing>,
    released: Vec<(Camp, u32, Timestamp)>,
    signed: BTreeMap<ItemId, BTreeSet<Camp>>,
    invited: Option<PersonId>,
    named: Option<PersonId>,
    asked: Vec<asked::Asked>,
    window_ends: Option<Timestamp>,
    tenure: u32,
    access: BTreeSet<Camp>,
    gone: Gone,
}

/// What is erased.
#[derive(Default)]
struct Gone {
    case: bool,
    items: BTreeSet<ItemId>,
    persons: BTreeSet<PersonId>,
}

/// Whom some words are for.
enum For {
    /// These seats, at any time.
    Seats(Vec<Seat>),
    /// Whoever sees the item.
    Item(ItemId),
    /// Whoever takes part in the thread.
    Thread(DiscussionId),
    /// The centre; everyone at the case from an instant on, if there is one.
    Since(Option<Timestamp>),
}

fn everyone() -> For {
    For::Seats(vec![Claimant, Respondent, Mediator, Centre])
}

impl Model {
    /// The case that these entries tell of.
    pub fn of(entries: &[Entry]) -> Self {
        let mut model = Self::default();
        for entry in entries {
            model.learn(entry);
        }
        model
    }

    fn learn(&mut self, entry: &Entry) {
        let at = entry.at;
        let maker = entry.by.seat().unwrap_or(Centre);
        self.learn_of_candidates(entry);
        let thing = |tenure, audience| Thing { maker, tenure, standing: false, circle: vec![(at, audience)] };
        match &entry.event {
            CaseEvent::Registered(e) => {
                self.named = e.respondent_contact.as_ref().map(|contact| contact.person);
                self.sitting.push((e.head.person, Claimant, 0, at, None));
            }
            CaseEvent::RespondentInvited(e) => {
                self.invited = Some(e.person);
                self.sitting.push((e.person, Respondent, 0, at, None));
            }
            CaseEvent::RepresentativeSeated(e) => {
                self.sitting.push((e.contact.person, e.camp.seat(), 0, at, None));
            }
            CaseEvent::MediatorAppointed(e) => {
                self.tenure = e.tenure;
                self.sitting.push((e.mediator.person, Mediator, e.tenure, at, None));
            }
            CaseEvent::RepresentativeUnseated(e) => self.leaves(e.left, |person, _| person == e.person),
            CaseEvent::TenureEnded(_) => self.leaves(at, |_, seat| seat == Mediator),
            CaseEvent::DiscussionOpened(e) => {
                let opened = Thing { standing: e.name.is_none(), ..thing(self.tenure, e.audience) };
                self.threads.insert(e.discussion, opened);
            }
            CaseEvent::MessagePosted(e) => {
                self.items.insert(e.item, thing(self.tenure, e.audience));
            }
            CaseEvent::DocumentSubmitted(e) => {
                self.items.insert(e.item, thing(self.tenure, e.audience));
            }
            CaseEvent::ItemDisclosed(e) => {
                self.items.insert(e.item, thing(self.tenure, Audience::Joint));
            }
            CaseEvent::SettlementProposed(e) => {
                self.items.insert(e.item, thing(self.tenure, Audience::Joint));
            }
            CaseEvent::SettlementSigned(e) => {
                self.signed.entry(e.item).or_default().insert(e.camp);
            }
            CaseEvent::VisibilityRestricted(e) => {
                if let Some(item) = self.items.get_mut(&e.item) {
                    item.circle.push((at, e.audience));
                }
            }
            CaseEvent::CaucusReleased(e) => self.released.push((e.camp, e.tenure, at)),
            CaseEvent::AuditAccessGranted(e) => {
                self.access.insert(e.camp);
            }
            CaseEvent::AuditAccessRevoked(e) => {
                self.access.remove(&e.camp);
            }
            CaseEvent::CaseClosed(e) => self.window_ends = Some(e.return_until),
            CaseEvent::CaseErased(_) => self.gone.case = true,
            CaseEvent::ItemErased(e) => drop(self.gone.items.insert(e.item)),
            CaseEvent::PersonErased(e) => drop(self.gone.persons.insert(e.person)),
            _ => {}
        }
    }

    fn leaves(&mut self, at: Timestamp, who: impl Fn(PersonId, Seat) -> bool) {
        for (person, seat, _, _, to) in &mut self.sitting {
            if to.is_none() && who(*person, *seat) {
                *to = Some(at);
            }
        }
    }

    /// The seat that somebody looks from, with the tenure; none is a stranger.
    pub fn place(&self, viewer: Viewer, at: Timestamp) -> Option<(Seat, u32)> {
        let Viewer::Person(person) = viewer else { return Some((Centre, 0)) };
        let sits = |(who, _, _, from, to): &&(PersonId, Seat, u32, Timestamp, Option<Timestamp>)| {
            *who == person && *from <= at && to.is_none_or(|to| at < to)
        };
        let (_, seat, tenure, ..) = *self.sitting.iter().find(sits)?;
        // After the return window only the camps are left, each with its own record.
        (seat != Mediator || !self.window_is_over(at)).then_some((seat, tenure))
    }

    /// Whether an item is seen from a place at an instant.
    pub fn sees_item(&self, id: ItemId, (seat, tenure): (Seat, u32), at: Timestamp) -> bool {
        self.items.get(&id).is_some_and(|item| {
            // §3: a signed settlement is of the procedural core, and stays.
            let core = self.signed.get(&id).is_some_and(|camps| camps.len() == 2);
            self.reads(item, seat, tenure, at) && (core || !self.window_is_over(at) || item.maker == seat)
        })
    }

    /// Whether a person could see an item at an instant.
    pub fn could_see(&self, person: PersonId, item: ItemId, at: Timestamp) -> bool {
        self.place(Viewer::Person(person), at).is_some_and(|place| self.sees_item(item, place, at))
    }

    /// All items, whoever may see them.
    pub fn items(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.items.keys().copied()
    }

    fn sees_thread(&self, id: DiscussionId, (seat, tenure): (Seat, u32), at: Timestamp) -> bool {
        self.threads.get(&id).is_some_and(|thread| {
            // What came with the table is every mediator's; a name is its maker's.
            if thread.standing {
                return self.is_in(thread, seat, at);
            }
            self.reads(thread, seat, tenure, at) && (!self.window_is_over(at) || thread.maker == seat)
        })
    }

    fn is_in(&self, thing: &Thing, seat: Seat, at: Timestamp) -> bool {
        thing.circle.iter().rfind(|(from, _)| *from <= at).is_some_and(|(_, audience)| audience.admits(seat))
    }

    /// Whether every camp whose confidence an item is lets auditors read it; a mediator's notes are nobody's to give.
    pub fn is_consented(&self, item: ItemId) -> bool {
        let Some((_, audience)) = self.items.get(&item).and_then(|item| item.circle.last()) else { return false };
        let camps: &[Camp] = match audience {
            Audience::Joint => &Camp::BOTH,
            Audience::ClaimantCaucus | Audience::ClaimantWorkspace => &[Camp::Claimant],
            Audience::RespondentCaucus | Audience::RespondentWorkspace => &[Camp::Respondent],
            Audience::MediatorNotes => return false,
        };
        camps.iter().all(|camp| self.access.contains(camp))
    }

    fn window_is_over(&self, at: Timestamp) -> bool {
        self.window_ends.is_some_and(|end| end <= at)
    }

    fn reads(&self, thing: &Thing, seat: Seat, tenure: u32, at: Timestamp) -> bool {
        let Some((_, audience)) = thing.circle.iter().rfind(|(from, _)| *from <= at) else { return false };
        let released = |camp| self.released.iter().any(|(c, t, from)| (*c, *t) == (camp, tenure) && *from <= at);
        match (audience, seat) {
            (Audience::Joint, Claimant | Respondent | Mediator) => true,
            (Audience::ClaimantCaucus | Audience::ClaimantWorkspace, Claimant) => true,
            (Audience::RespondentCaucus | Audience::RespondentWorkspace, Respondent) => true,
            (Audience::ClaimantCaucus, Mediator) => thing.tenure == tenure || released(Camp::Claimant),
            (Audience::RespondentCaucus, Mediator) => thing.tenure == tenure || released(Camp::Respondent),
            (Audience::MediatorNotes, Mediator) => thing.tenure == tenure,
            _ => false,
        }
    }

    /// The words that a viewer may read at an instant.
    pub fn readable(&self, entries: &[Entry], viewer: Viewer, at: Timestamp) -> BTreeSet<String> {
        if viewer == Viewer::Operator {
            // An auditor reads the skeleton, and the words of those who let auditors read.
            let told = entries.iter().filter(|entry| entry.at <= at).flat_map(|entry| self.words(entry));
            let consented = told.filter(|(_, whom)| matches!(whom, For::Item(item) if self.is_consented(*item)));
            return consented.map(|(words, _)| words).collect();
        }
        let place = self.place(viewer, at);
        let Some((seat, tenure)) = place else { return BTreeSet::new() };
        let sees = |whom: &For| match whom {
            For::Seats(seats) => seats.contains(&seat),
            For::Item(id) => self.sees_item(*id, (seat, tenure), at),
            For::Thread(id) => self.sees_thread(*id, (seat, tenure), at),
            For::Since(since) => seat == Centre || since.is_some_and(|since| since <= at),
        };
        let told = entries.iter().filter(|entry| entry.at <= at).flat_map(|entry| self.words(entry));
        told.filter(|(_, whom)| sees(whom)).map(|(words, _)| words).collect()
    }

    /// All words of the case.
    pub fn all_words(&self, entries: &[Entry]) -> BTreeSet<String> {
        entries.iter().flat_map(|entry| self.words(entry)).map(|(words, _)| words).collect()
    }
}
