//! Laws of counting: every figure puts every case of the whole in one place, and every table comes to the same total.

use std::collections::BTreeMap;

use entente_domain::{CaseId, CompanyId};
use entente_projections::facts::{Fact, Pseudonyms, Row};
use entente_projections::figures::{By, Code, Days, Exclusion, Question, Scope, Span, Standing, Tables};
use entente_tests::cast::CASE;
use entente_tests::generate::{Played, plans, play};
use entente_tests::invented::Invented;
use proptest::prelude::*;
use uuid::Uuid;

use super::{counted, question};

/// Pseudonyms that are no secret here.
struct Plain;

impl Pseudonyms for Plain {
    fn case(&self, case: CaseId) -> Uuid {
        case.0
    }

    fn company(&self, company: CompanyId) -> Uuid {
        company.0
    }
}

/// A case's facts after so many entries, at positions from 1.
fn after(played: &Played, entries: usize) -> Option<Fact> {
    let (mut row, mut fact) = (Row::default(), None);
    for (entry, position) in played.entries.iter().zip(1..).take(entries) {
        row.fold(CASE, position, entry, &Plain);
        fact = row.changed().cloned().or(fact);
    }
    fact
}

fn scopes() -> Vec<Scope> {
    let days = |text: &str| Days::parse(text).unwrap();
    let mut scopes = vec![Scope::All];
    for text in ["2026-01", "2026-01..2026-03", "2026", "2025", "2024..2027"] {
        scopes.extend([Scope::Period(days(text)), Scope::Cohort(days(text))]);
    }
    scopes
}

/// Every figure divides the whole, and the outcomes divide what closed.
fn divides(tables: &Tables) {
    let total = tables.total();
    for &code in Code::ALL {
        let (count, excluded) = (total.count(code), total.excluded(code));
        assert!(count.k <= count.n, "{code:?}");
        assert_eq!(count.n + excluded.values().sum::<u64>(), tables.filed, "{code:?} {excluded:?}");
    }
    let (sr1, sr5, sr6) = (total.count(Code::SR1), total.count(Code::SR5), total.count(Code::SR6));
    assert_eq!(tables.outcomes.values().sum::<u64>(), sr6.n, "the outcomes divide what closed");
    assert!(total.count(Code::SR4).n <= sr1.n && sr1.n <= sr5.n && sr5.n <= sr6.n);
    for (by, cells) in tables.all().filter(|(by, _)| *by != By::Nothing) {
        for code in Code::ALL.iter().copied().filter(|code| by.suits(*code)) {
            let sum = |part: fn(entente_projections::figures::Count) -> u64| {
                cells.values().map(|cell| part(cell.count(code))).sum::<u64>()
            };
            let whole = total.count(code);
            assert_eq!((sum(|count| count.k), sum(|count| count.n)), (whole.k, whole.n), "{by:?} {code:?}");
            let mut reasons = BTreeMap::<Exclusion, u64>::new();
            for (why, number) in cells.values().flat_map(|cell| cell.excluded(code)) {
                *reasons.entry(why).or_default() += number;
            }
            if !by.has_year() {
                assert_eq!(reasons, total.excluded(code), "{by:?} {code:?}");
            }
        }
        for span in Span::ALL {
            let sum = cells.values().map(|cell| cell.span(span)).map(|times| (times.observed(), times.pending()));
            let sum = sum.fold((0, 0), |(ended, open), (more, pending)| (ended + more, open + pending));
            assert_eq!(sum, (total.span(span).observed(), total.span(span).pending()), "{by:?} {span:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_figure_divides_the_whole_of_histories_made_by_chance(plans in proptest::collection::vec(plans(40), 1..12)) {
        let facts: Vec<Fact> = plans.iter().filter_map(|plan| {
            let played = play(plan);
            after(&played, played.entries.len())
        }).collect();
        for scope in scopes() {
            for position in [0, 3, 9, 1_000] {
                let asked = Question { as_of: entente_projections::figures::AsOf {
                    position, time: entente_tests::cast::day(30, 12, 0) }, scope };
                let mut tables = Tables::new(asked);
                facts.iter().for_each(|fact| tables.add(fact.clone()));
                divides(&tables);
            }
        }
    }

    #[test]
    fn the_facts_of_any_earlier_position_follow_from_today_s(plan in plans(60)) {
        let played = play(&plan);
        let whole = after(&played, played.entries.len());
        for entries in 0..=played.entries.len() {
            let masked = whole.clone().and_then(|fact| fact.as_of(entries as u64));
            prop_assert_eq!(masked, after(&played, entries), "after {} entries", entries);
        }
    }
}

#[test]
fn every_figure_divides_the_whole_of_invented_centres() {
    for seed in 1..=5 {
        let centre = Invented { seed, cases: 500, ..Invented::default() };
        for scope in scopes() {
            for part in 1..=4 {
                divides(&counted(centre, question(scope, centre.end() * part / 4)));
            }
        }
    }
}

#[test]
fn an_overdue_appointment_counts_as_missed_and_one_that_is_not_due_does_not_count() {
    let centre = Invented { cases: 2_000, ..Invented::default() };
    let end = centre.end();
    let asked = question(Scope::All, end);
    let pending = |fact: &&Fact| fact.consented.is_some() && fact.appointed.is_none() && fact.closed.is_none();
    let facts: Vec<Fact> = centre.facts().collect();
    let fact = facts.iter().find(pending).expect("some never get a mediator");
    assert_eq!(
        asked.standing(Code::E1, fact),
        Standing::Counted { hit: false, dated: fact.appointment_due.unwrap() },
        "overdue and pending is missed"
    );
    let just_before = fact.appointment_due.unwrap() - jiff::SignedDuration::from_secs(1);
    let earlier = Question { as_of: entente_projections::figures::AsOf { position: end, time: just_before }, ..asked };
    assert_eq!(earlier.standing(Code::E1, fact), Standing::Excluded(Exclusion::NotDue));
}
