//! The invariants of 2-domain §2 to §5, each over histories made by chance.

mod confidence;
mod exposure;
mod folding;
mod invariants;
mod symmetry;

use std::convert::Infallible;

use entente_domain::visibility::{self, Viewer};
use entente_domain::{Entry, Issued, PersonId, Seals};
use entente_projections::page;
use entente_tests::cast::*;
use entente_tests::generate::Played;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::ProptestConfig;

/// That many histories, and no files about those that failed: the failing plan is in the message.
fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Everyone who may sit at a generated case.
const PERSONS: [PersonId; 9] = [C1, C2, CL, R1, R2, RL, M1, M2, X];

/// Everyone who may look.
fn viewers() -> impl Iterator<Item = Viewer> {
    PERSONS.into_iter().map(Viewer::Person).chain([Viewer::Staff(S), Viewer::Operator])
}

/// Instants at which to look: half way, at the end, and after every window is over.
fn instants(played: &Played) -> Vec<Timestamp> {
    let half = played.entries.get(played.entries.len() / 2).map(|entry| entry.at);
    half.into_iter().chain([played.now(), played.now() + SignedDuration::from_hours(24 * 45)]).collect()
}

/// A viewer's entries at an instant.
fn cut(played: &Played, viewer: Viewer, at: Timestamp) -> Option<Vec<Entry>> {
    let vantage = visibility::vantage(&played.case, viewer, at)?;
    Some(played.entries.iter().filter_map(|entry| visibility::sight(&played.case, vantage, entry, at)).collect())
}

/// A viewer's page at an instant, as bytes.
fn page_of(played: &Played, viewer: Viewer, at: Timestamp) -> Option<String> {
    let vantage = visibility::vantage(&played.case, viewer, at)?;
    let page = page::fold(CASE, vantage, &cut(played, viewer, at)?)?;
    Some(serde_json::to_string(&page).unwrap())
}

/// Entries as JSON; what is withheld is written as such, since it has no form of its own.
fn shown(entries: &[Entry]) -> serde_json::Value {
    serde_json::to_value(writable(entries)).unwrap()
}

/// The same as one text.
fn text(entries: &[Entry]) -> String {
    serde_json::to_string(&writable(entries)).unwrap()
}

fn writable(entries: &[Entry]) -> Vec<Entry> {
    let mut entries = entries.to_vec();
    for entry in &mut entries {
        let Ok(()) = entry.seals::<Infallible>(&mut |part| {
            if part.token().is_none() && part.clear_bytes().is_ok_and(|bytes| bytes.is_none()) {
                part.shut("withheld".to_owned());
            }
            Ok(())
        });
    }
    entries
}

/// These commands, one after the other, from nothing.
fn replay<'a>(commands: impl IntoIterator<Item = &'a Issued>) -> Played {
    let mut played = Played::default();
    for issued in commands {
        played.ask(issued.clone());
    }
    played
}
