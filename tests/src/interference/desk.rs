//! The desk of a world on the stage: its managers, which do what is due and write letters, and the box that they are put into.

use std::sync::Arc;

use entente_application::Centre;
use entente_application::ports::Letter;
use entente_application::processes::{Manager, Process};
use entente_domain::{EmailAddress, PersonId};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::pillar::Pillar;

/// Longer than a stretch of anybody's grid: whatever waits for its hour has had it.
pub const PAST_THE_HOUR: SignedDuration = SignedDuration::from_mins(16);

/// One manager of each kind for as long as the world lasts: a lease goes by the real clock, and another holder would wait.
pub struct Desk {
    pillar: Arc<Pillar>,
    clock: Manager,
    alerts: Manager,
}

impl Desk {
    /// The desk of a centre that brings its letters to this box.
    pub fn new(centre: &Centre, pillar: Arc<Pillar>) -> Self {
        let manager = |process| Manager::new(centre, process, Uuid::nil());
        Self { pillar, clock: manager(Process::Clock), alerts: manager(Process::Alerts) }
    }

    /// Does everything that is due by the world's clock; reminders come before the letters that tell of them.
    ///
    /// # Panics
    /// If the store breaks.
    pub async fn catch_up(&mut self) {
        self.clock.catch_up().await.unwrap();
        self.alerts.catch_up().await.unwrap();
    }

    /// The letters that somebody has got, in order: everything that is in an envelope.
    pub fn letters_to(&self, person: PersonId) -> String {
        let to = address(person);
        let got = self.pillar.brought().into_iter().filter(|letter| letter.to == to);
        let shown = got.map(|Letter { id, language, at, .. }| format!("{id} {} {at}\n", language.code()));
        shown.collect()
    }
}

/// Where somebody of a cast wants letters.
///
/// # Panics
/// Never: it is an address.
pub fn address(person: PersonId) -> EmailAddress {
    EmailAddress::parse(format!("{person}@letters.example")).unwrap()
}
