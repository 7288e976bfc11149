//! Who comes first, who does not come into question, and what the list says about it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::ToSpan as _;
use uuid::Uuid;

use super::*;

const TODAY: Date = Date::constant(2026, 3, 29);

fn languages(codes: &[&str]) -> Vec<Language> {
    codes.iter().map(|code| Language::parse(code).unwrap()).collect()
}

fn company(number: u128) -> CompanyId {
    CompanyId(Uuid::from_u128(number))
}

fn wanted() -> Wanted {
    Wanted {
        companies: BTreeSet::from([company(1), company(2)]),
        sector: Sector::Manufacturing,
        languages: languages(&["fr", "en"]),
        day: TODAY,
    }
}

fn prospect(number: u128) -> Prospect {
    let accreditation = Accreditation { by: Name::parse("CMAP").unwrap(), from: Date::constant(2024, 1, 1), to: None };
    Prospect {
        person: PersonId(Uuid::from_u128(number)),
        entry: Mediator {
            name: Name::parse("Marguerite Ollier").unwrap(),
            accreditations: vec![accreditation],
            languages: languages(&["fr"]).into_iter().collect(),
            sectors: BTreeSet::new(),
            available: true,
            at_a_time: 3,
            conflicts: BTreeSet::new(),
        },
        load: 0,
        at_the_case: false,
        for_a_party: false,
        turned_down: false,
    }
}

fn numbers(list: &[(Prospect, Standing)]) -> Vec<u128> {
    list.iter().map(|(prospect, _)| prospect.person.0.as_u128()).collect()
}

fn excluded(prospect: Prospect) -> Vec<Exclusion> {
    match shortlist(&wanted(), vec![prospect]).remove(0).1 {
        Standing::Ranked(..) => vec![],
        Standing::Excluded(why) => why.into_iter().collect(),
    }
}

#[test]
fn language_counts_before_sector_before_load_before_accreditation() {
    let mut both = prospect(9);
    both.entry.languages.extend(languages(&["en"]));
    let mut knows = prospect(8);
    knows.entry.sectors.insert(Sector::Manufacturing);
    let mut busy = prospect(7);
    busy.load = 2;
    let mut ends = prospect(6);
    ends.entry.accreditations[0].to = Some(TODAY + 30.days());
    let mut second_choice = prospect(5);
    second_choice.entry.languages = languages(&["en"]).into_iter().collect();
    let plain = prospect(4);
    let list = shortlist(&wanted(), vec![second_choice, busy, ends, plain.clone(), knows, both]);
    assert_eq!(numbers(&list), [9, 8, 4, 6, 7, 5]);
    let ranks: Vec<_> = list.iter().map(|(_, standing)| matches!(standing, Standing::Ranked(..))).collect();
    assert_eq!(ranks, [true; 6]);
    let Standing::Ranked(1, reasons) = &list[0].1 else { panic!("{:?}", list[0].1) };
    assert_eq!(reasons.languages, languages(&["fr", "en"]));
    // Whatever order they came in.
    let again = shortlist(&wanted(), list.iter().rev().map(|(prospect, _)| prospect.clone()).collect());
    assert_eq!(numbers(&again), numbers(&list));
}

#[test]
fn an_accreditation_counts_on_its_last_day_and_not_on_the_next() {
    let until = |to: Date| {
        let mut one = prospect(1);
        one.entry.accreditations[0].to = Some(to);
        excluded(one)
    };
    assert_eq!(until(TODAY), []);
    assert_eq!(until(TODAY.yesterday().unwrap()), [Exclusion::NotAccredited]);
    let mut starts = prospect(1);
    starts.entry.accreditations[0].from = TODAY.tomorrow().unwrap();
    assert_eq!(excluded(starts.clone()), [Exclusion::NotAccredited]);
    starts.entry.accreditations[0].from = TODAY;
    assert_eq!(excluded(starts), []);
}

#[test]
fn every_reason_excludes_and_all_that_apply_are_told() {
    type Change = fn(&mut Prospect);
    let changes: [(Change, Exclusion); 8] = [
        (|one| one.entry.accreditations.clear(), Exclusion::NotAccredited),
        (|one| one.entry.available = false, Exclusion::NotAvailable),
        (|one| one.load = 3, Exclusion::Full),
        (|one| one.entry.languages = languages(&["ko"]).into_iter().collect(), Exclusion::NoCommonLanguage),
        (|one| one.entry.conflicts.extend([company(2)]), Exclusion::DeclaredConflict),
        (|one| one.at_the_case = true, Exclusion::AtTheCase),
        (|one| one.for_a_party = true, Exclusion::SatForAParty),
        (|one| one.turned_down = true, Exclusion::TurnedDown),
    ];
    let mut all = prospect(1);
    for (change, exclusion) in changes {
        let mut one = prospect(1);
        change(&mut one);
        assert_eq!(excluded(one), [exclusion]);
        change(&mut all);
    }
    assert_eq!(excluded(all).len(), 8);
    let mut elsewhere = prospect(1);
    elsewhere.entry.conflicts.insert(company(3));
    assert_eq!(excluded(elsewhere), []);
}

#[test]
fn an_entry_that_makes_no_sense_is_none() {
    assert_eq!(prospect(1).entry.check(), Ok(()));
    let mut none = prospect(1).entry;
    none.languages.clear();
    assert_eq!(none.check(), Err(MediatorError::NoLanguage));
    let mut backwards = prospect(1).entry;
    backwards.accreditations[0].to = Some(Date::constant(2023, 12, 31));
    assert_eq!(backwards.check(), Err(MediatorError::Backwards));
    let mut idle = prospect(1).entry;
    idle.at_a_time = 0;
    assert_eq!(idle.check(), Err(MediatorError::NoCase));
}
