//! A case is its entries: any snapshot plus the rest equals the whole, and no order of events brings it down.

use cqrs_es::Aggregate;
use entente_domain::visibility::{self, Viewer};
use entente_domain::{Case, Entry, EventKind};
use entente_projections::{inbox, page};
use entente_tests::cast::*;
use entente_tests::generate::{plans, play};
use entente_tests::samples;
use proptest::prelude::*;

use super::{config, viewers};

/// A sample of every kind, and a likely history: items that are known there, and others.
fn pool(entries: Vec<Entry>) -> Vec<Entry> {
    let least = EventKind::ALL.iter().filter_map(|kind| samples::least(*kind));
    EventKind::ALL.iter().map(|kind| samples::full(*kind)).chain(least).chain(entries).collect()
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn a_snapshot_and_the_rest_make_the_whole(plan in plans(60), place in 0..1_000_usize) {
        let played = play(&plan);
        let (first, rest) = played.entries.split_at(place % (played.entries.len() + 1));
        let mut half = Case::default();
        first.iter().for_each(|entry| half.fold(entry));
        let bytes = serde_json::to_vec(&half).unwrap();
        let mut whole: Case = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(&whole, &half);
        rest.iter().for_each(|entry| whole.fold(entry));
        prop_assert_eq!(whole, played.case);
    }

    #[test]
    fn entries_survive_being_written(plan in plans(60)) {
        let entries = play(&plan).entries;
        let read: Vec<Entry> = serde_json::from_slice(&serde_json::to_vec(&entries).unwrap()).unwrap();
        prop_assert_eq!(read, entries);
    }

    #[test]
    fn no_rule_looks_at_what_is_sealed(plan in plans(40)) {
        // A decision must come out the same once the key is gone: shut everything, then ask the same again.
        let played = play(&plan);
        let mut shut = Case::default();
        for asked in &played.asked {
            let answer = shut.decide(&asked.issued);
            prop_assert_eq!(&answer, &asked.answer);
            for mut entry in answer.into_iter().flatten() {
                let Ok(()) = entente_domain::Seals::seals::<std::convert::Infallible>(&mut entry, &mut |part| {
                    part.shut("gone".to_owned());
                    Ok(())
                });
                shut.fold(&entry);
            }
        }
        prop_assert_eq!(shut, played.case);
    }

    #[test]
    fn events_in_any_order_are_applied_shown_and_indexed_without_a_panic(
        plan in plans(30), order in prop::collection::vec(0..10_000_usize, 0..80),
    ) {
        let pool = pool(play(&plan).entries);
        let mut case = Case::default();
        let mut entries = vec![];
        for n in order {
            let entry = pool[n % pool.len()].clone();
            case.apply(entry.clone());
            inbox::changes(CASE, &case, &entry);
            entries.push(entry);
        }
        let at = day(400, 0, 0);
        for viewer in viewers().chain([Viewer::Staff(C1)]) {
            let Some(vantage) = visibility::vantage(&case, viewer, at) else { continue };
            let cut: Vec<_> =
                entries.iter().filter_map(|entry| visibility::sight(&case, vantage, entry, at)).collect();
            page::fold(CASE, vantage, &cut);
        }
        // And it still answers whatever is asked of it.
        for asked in play(&plan).asked {
            let _ = case.decide(&asked.issued);
        }
    }
}
