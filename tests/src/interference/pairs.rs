//! Which pair is which: everything about it follows from its number.

use entente_domain::command::PostMessage;
use entente_domain::{Actor, Ask, Audience, Capacity, Case, DiscussionId};
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::hidden::{ASKED, DOCUMENT, DOINGS};
use crate::cast::{
    C1, C2, CENTRE, CL, CLAIMANT, Hand, M1, M2, MEDIATOR, R1, R2, RESPONDENT, S, SUCCESSOR, X, ask_to_mediate, body,
    seat,
};
use crate::generate::{Step, question, steps, straight_asks};

/// What is done after the straight way to the table, so that there is something to see for most of the cast.
const PROLOGUE: usize = 5;

/// A pair, before it is played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who of the cast is not to notice.
    pub viewer: entente_domain::PersonId,
    /// Whether the claimant names whom to invite.
    pub named: bool,
    /// How many of the first steps are taken straight; five open the table, with six its mediator is gone, seven give it a
    /// second one.
    pub straight: usize,
    /// What is attempted after the prologue.
    pub steps: Vec<Step>,
    /// Before which deed the hidden ones are put.
    pub place: usize,
    /// The kinds of hidden doings.
    pub doings: Vec<usize>,
    /// What else chance has a say in.
    pub pick: usize,
    /// Whether the hidden deeds and the next visible one share an instant.
    pub together: bool,
    /// Whether the viewer watches the stream of changes meanwhile.
    pub watched: bool,
}

/// The pair of a number.
///
/// # Panics
/// Never: every number has one.
pub fn plan(pair: u64) -> Plan {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&pair.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let viewer = prop::sample::select(vec![C1, C1, C2, R1, R1, R1, R2, M1, M1, M2, S, X, X, CL]);
    let straight = prop_oneof![7 => Just(5_usize), 2 => Just(7_usize), 1 => 1..5_usize];
    let doings = prop::collection::vec(0..DOINGS, 1..4);
    let shape = (viewer, any::<bool>(), straight, steps(10), 1..1_000_usize, doings, 0..1_000_usize, any::<bool>());
    let (viewer, named, straight, steps, place, mut doings, pick, together) =
        shape.new_tree(&mut runner).unwrap().current();
    // There is much that a document could be told by, and few of the kinds bring one.
    if pair % 8 == 3 {
        doings[0] = DOCUMENT;
    }
    // Only where nobody mediates is somebody asked to, and few of the pairs come to that by themselves.
    let is_vacant = ![M1, M2].contains(&viewer) && (pair % 8 == 5 || viewer == CL && pair.is_multiple_of(2));
    if is_vacant {
        doings[0] = ASKED;
    }
    let straight = match viewer {
        // A second mediator is there to be hidden from only where the first one left.
        M2 => 7,
        // Somebody is asked to mediate, or is kept waiting, where nobody does.
        X if pair.is_multiple_of(2) => 6,
        _ if is_vacant => 6,
        // Whoever is of the centre would see what it does before sitting at the table.
        CL => straight.max(5),
        _ => straight,
    };
    let deeds = straight + PROLOGUE + steps.len() + 1;
    // One in six before there is much to see, the others once the table is open.
    let place = match viewer {
        CL => straight + 1 + place % (deeds - straight),
        X if straight == 6 => straight + PROLOGUE + place % (deeds + 1 - straight - PROLOGUE),
        _ if place.is_multiple_of(6) => 1 + place % straight,
        _ => straight + place % (deeds + 1 - straight),
    };
    Plan { viewer, named, straight, steps, place, doings, pick, together, watched: pair.is_multiple_of(10) }
}

impl Plan {
    /// How many deeds both worlds are told: the straight way, the prologue, what is attempted, and a last word.
    pub fn deeds(&self) -> usize {
        self.straight + PROLOGUE + self.steps.len() + 1
    }

    /// How much later than the one before a deed is done, in minutes.
    pub fn minutes(&self, n: usize) -> i64 {
        self.step(n).map_or(1, Step::minutes)
    }

    fn step(&self, n: usize) -> Option<&Step> {
        self.steps.get(n.checked_sub(self.straight + PROLOGUE)?)
    }

    /// The deed of a number, as the case stands.
    pub fn deed(&self, n: usize, case: &Case, at: Timestamp) -> (Actor, Ask) {
        if let Some((hand, ask)) = straight_asks(self.named).into_iter().nth(n).filter(|_| n < self.straight) {
            return (hand.0, ask);
        }
        if let Some(step) = self.step(n) {
            return question(step, n, case, at);
        }
        let joint = case.discussions.iter().find(|(_, found)| found.standing && found.audience == Audience::Joint);
        let joint = joint.map_or(DiscussionId(uuid::Uuid::nil()), |(id, _)| *id);
        let says = |hand: Hand, words: &str| {
            let body = body(&format!("{words} <{n}>"));
            (hand.0, PostMessage { discussion: joint, body }.into())
        };
        let mediator = if self.straight > 5 { SUCCESSOR } else { MEDIATOR };
        let theirs = if [R1, R2].contains(&self.viewer) { CLAIMANT } else { RESPONDENT };
        match n - self.straight {
            0 if self.viewer == CL => (CLAIMANT.0, seat(CL, Capacity::Counsel).into()),
            0 => (CLAIMANT.0, seat(C2, Capacity::Counsel).into()),
            1 => (RESPONDENT.0, seat(R2, Capacity::Counsel).into()),
            2 => says(CLAIMANT, "message of the claimant"),
            3 => says(RESPONDENT, "message of the respondent"),
            4 if self.viewer == X && self.straight == 6 => (CENTRE.0, ask_to_mediate(X).into()),
            4 => says(mediator, "message of the mediator"),
            _ => says(theirs, "the last word"),
        }
    }
}
