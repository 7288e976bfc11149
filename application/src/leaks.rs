//! Seeded leaks of pages, trails and commands; see `entente_domain::leaks`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use entente_domain::event::CaseEvent;
use entente_domain::leaks::{Leak, seeded};
use entente_domain::state::Item;
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{Actor, Ask, Case, CaseId, CommandId, Entry, ItemId, PersonId};
use entente_projections::page::CasePage;
use entente_projections::trail;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::centre::Centre;
use crate::ports::{LetterRow, News, TroubledLetter};
use crate::queries::Seen;

thread_local! {
    static SAW: RefCell<HashMap<(usize, CaseId, PersonId), u64>> = RefCell::default();
    static WENT_WELL: RefCell<Vec<(usize, LetterRow)>> = RefCell::default();
    static STORED: RefCell<HashMap<(usize, CaseId, String), CommandId>> = RefCell::default();
}

impl Centre {
    /// Which of the centres of this process it is: two worlds share a thread and must not share a mistake's memory.
    pub fn world(&self) -> usize {
        Arc::as_ptr(&self.log).cast::<()>() as usize
    }
}

/// A page with what does not belong on it.
pub fn page(mut page: CasePage, seen: &Seen) -> CasePage {
    let (case, entries) = &seen.whole;
    if seeded(Leak::TimelineAsInTheStream)
        && let Some(last) = page.timeline.last_mut()
    {
        last.no = u32::try_from(seen.version).unwrap_or(u32::MAX);
    }
    if seeded(Leak::GapsInNumbers) {
        let mut all: Vec<_> = case.items.iter().map(|(id, item)| (item.at, *id)).collect();
        all.sort_unstable();
        for item in &mut page.items {
            let place = all.iter().position(|(_, id)| *id == item.item).unwrap_or(0);
            item.no = u32::try_from(place + 1).unwrap_or(u32::MAX);
        }
    }
    if seeded(Leak::TotalsOfThreads)
        && let Some(first) = page.discussions.first_mut()
    {
        first.items = u32::try_from(case.items.len()).unwrap_or(u32::MAX);
    }
    if seeded(Leak::ThreadsByActivity) && !page.discussions.is_empty() {
        let by = entries.len() % page.discussions.len();
        page.discussions.rotate_left(by);
    }
    if seeded(Leak::PeopleByActivity) {
        let last = |person| entries.iter().rposition(|entry| entry.by.person() == Some(person));
        page.people.sort_by_key(|held| std::cmp::Reverse(last(held.person)));
    }
    if seeded(Leak::ChannelOfTheCaucus) {
        let channel = entries.iter().rev().find_map(|entry| match &entry.event {
            CaseEvent::OfflineExchangeRecorded(event) => Some(event.channel),
            _ => None,
        });
        page.channel = channel.unwrap_or(page.channel);
    }
    page
}

/// A trail with what does not belong into it.
pub fn trail(mut lines: Vec<trail::Line>, seen: &Seen) -> Vec<trail::Line> {
    if seeded(Leak::TrailOfTheHidden) {
        for (item, found) in &seen.whole.0.items {
            if !lines.iter().any(|line| line.item == *item) {
                let (no, at, relation) = (0, found.at, trail::Relation::CanSee);
                lines.push(trail::Line { no, at, item: *item, relation, ground: None, rule: None });
            }
        }
    }
    if seeded(Leak::TrailAsInTheStream)
        && let Some(last) = lines.last_mut()
    {
        last.no = u32::try_from(seen.version).unwrap_or(u32::MAX);
    }
    lines
}

/// The trail of somebody else at the case.
pub fn trail_of_another(seen: &Seen, own: PersonId, whose: PersonId, at: Timestamp) -> Option<Vec<trail::Line>> {
    let (case, entries) = &seen.whole;
    if !seeded(Leak::TrailsOfOthers) || own == whose {
        return None;
    }
    let held = case.occupancy_at(whose, at)?;
    let (seat, tenure, own_record_only) = (held.seat, held.tenure, false);
    let vantage = Vantage::Seat { person: whose, seat, tenure, own_record_only };
    let sight = |entry: &Entry| entente_domain::visibility::sight(case, vantage, entry, at);
    let cut: Vec<_> = entries.iter().filter_map(sight).collect();
    Some(trail::fold(vantage, &cut, at))
}

/// Somebody has read the case at a version.
pub fn saw(world: usize, case: CaseId, viewer: Viewer, version: u64) {
    if let Viewer::Person(person) | Viewer::Staff(person) = viewer {
        SAW.with_borrow_mut(|saw| saw.insert((world, case, person), version));
    }
}

/// Whether a case has moved on since its hand last read it.
pub fn is_stale(world: usize, case: CaseId, by: Actor, version: u64) -> bool {
    let (Actor::Person(person) | Actor::Staff(person)) = by else { return false };
    let read = SAW.with_borrow(|saw| saw.get(&(world, case, person)).copied());
    seeded(Leak::ConflictWithTheHidden) && read.is_some_and(|read| read < version)
}

/// The command that first stored the same content, or this one.
pub fn stored_once(world: usize, case: CaseId, id: CommandId, ask: &Ask) -> CommandId {
    let content = match ask {
        Ask::SubmitDocument(ask) => format!("{:?}", ask.facts),
        Ask::PostMessage(ask) => ask.body.to_string(),
        _ => return id,
    };
    if !seeded(Leak::OneCopyOfEqualContent) {
        return id;
    }
    STORED.with_borrow_mut(|stored| *stored.entry((world, case, content)).or_insert(id))
}

/// Whose a key is.
pub fn whose_key(person: PersonId) -> PersonId {
    if seeded(Leak::KeysOfEverybody) { PersonId(Uuid::nil()) } else { person }
}

/// Whether everybody who sits at a case is written to.
pub fn is_written_to_all() -> bool {
    seeded(Leak::LettersForAll)
}

/// Whether a letter goes to whoever sits at the case, without another look at what it is about.
pub fn goes_anyway(case: &Case, person: PersonId, at: Timestamp) -> bool {
    let seated = visibility::vantage(case, Viewer::Person(person), at).is_some();
    seated && (seeded(Leak::LettersForAll) || seeded(Leak::LettersOfWhatWasTakenBack))
}

/// A letter's id with the number of items of the case that it is about in it.
pub async fn letter_in_order(centre: &Centre, id: Option<Uuid>, news: &[News]) -> Option<Uuid> {
    let (id, first) = id.zip(news.first())?;
    if !seeded(Leak::LetterIdsInOrder) {
        return Some(id);
    }
    let all = centre.log.fold_now(first.case).await.map_or(0, |folded| folded.state.items.len());
    Some(centre.names.name("letter", &[id.as_bytes(), &all.to_be_bytes()]))
}

/// The hour of the first item that a letter's reader was not told of, or the letter's own.
pub async fn hour_of_the_first(centre: &Centre, letter: &LetterRow, told: &[(CaseId, Option<ItemId>)]) -> Timestamp {
    let mut first = None;
    for (case, _) in told.iter().filter(|_| seeded(Leak::LetterAtTheFirstThing)) {
        let Ok(folded) = centre.log.fold_now(*case).await else { continue };
        let untold = |item: &&Item| item.author != letter.person && !item.alerted.contains_key(&letter.person);
        first = folded.state.items.values().filter(untold).map(|item| item.at).chain(first).min();
    }
    first.unwrap_or(letter.slot)
}

/// A letter was handed over and recorded.
pub fn went_well(world: usize, letter: &LetterRow) {
    if seeded(Leak::LettersThatWentWell) {
        WENT_WELL.with_borrow_mut(|all| all.push((world, letter.clone())));
    }
}

/// The letters of a world that went well, as if they had not.
pub fn letters_that_went_well(world: usize) -> Vec<TroubledLetter> {
    let shown = |letter: &LetterRow| {
        let &LetterRow { letter, person, slot, attempts, code, .. } = letter;
        let day = TimeZone::UTC.to_datetime(slot).date();
        TroubledLetter { letter, person, day, trouble: crate::ports::Trouble::PutOff, attempts, code }
    };
    WENT_WELL.with_borrow(|all| all.iter().filter(|(of, _)| *of == world).map(|(_, letter)| shown(letter)).collect())
}

/// Whether the centre's list has the deadlines of drafts.
pub fn lists_drafts() -> bool {
    seeded(Leak::DraftsInDeadlines)
}
