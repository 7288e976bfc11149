//! What the audit says from its intervals is what the law says from the case: two ways to one answer.

use entente_domain::visibility::{Grant, person_ruling};
use entente_projections::audit::{Ground, Known};
use entente_tests::exposed::Exposed;
use entente_tests::generate::{plans, play};
use proptest::prelude::*;

use super::{PERSONS, config, instants};

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn every_answer_is_the_rulings_with_its_ground(plan in plans(40)) {
        let played = play(&plan);
        let exposed = Exposed::of(&played.entries);
        for at in instants(&played) {
            for item in exposed.items() {
                for reader in exposed.readers(item, at, exposed.known()) {
                    let ruling = person_ruling(&played.case, reader.person, item, at);
                    prop_assert_eq!(reader.could_see, ruling.is_ok(), "{:?} at {}", reader, at);
                    if let (Ok(grant), Ground::Granted(told)) = (ruling, reader.ground) {
                        // What both sign is signed later than it is shown.
                        let signed = grant == Grant::SignedSettlement || told == Grant::SignedSettlement;
                        prop_assert!(grant == told || signed, "{:?} at {}: {:?}", reader, at, grant);
                    }
                }
            }
        }
    }

    #[test]
    fn what_was_known_then_is_what_the_shorter_history_says(plan in plans(40), cut in 1..40_usize) {
        let entries = play(&plan).entries;
        let cut = cut.min(entries.len());
        let (then, now) = (Exposed::of(&entries[..cut]), Exposed::of(&entries));
        let Some(at) = entries[..cut].last().map(|entry| entry.at) else { return Ok(()) };
        let known = Known { position: u64::try_from(cut).unwrap(), on: None, looks_until: jiff::Timestamp::MAX };
        for item in then.items() {
            for person in PERSONS {
                let intervals = |exposed: &Exposed| exposed.evidence(item).intervals(person, known);
                prop_assert_eq!(intervals(&then), intervals(&now), "{:?} and {:?}", person, item);
            }
            let could = |exposed: &Exposed| -> Vec<_> {
                let readers = exposed.readers(item, at, known);
                readers.into_iter().map(|reader| (reader.person, reader.could_see, reader.opened, reader.alerted)).collect()
            };
            prop_assert_eq!(could(&then), could(&now));
        }
    }
}
