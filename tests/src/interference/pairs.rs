//! Which pair is which: everything about it follows from its number.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::hidden::DOINGS;
use super::stage::CAST;
use crate::generate::{Step, steps};

/// A pair, before it is played.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who of the cast is not to notice.
    pub viewer: usize,
    /// Whether the claimant names whom to invite.
    pub named: bool,
    /// How many of the first steps are taken straight; five open the table.
    pub straight: usize,
    /// What is attempted after them.
    pub steps: Vec<Step>,
    /// Before which attempt the hidden deeds are put.
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
    let straight = prop_oneof![9 => Just(5_usize), 1 => 1..5_usize];
    let doings = prop::collection::vec(0..DOINGS, 1..4);
    let shape = (0..CAST.len(), any::<bool>(), straight, steps(14), 1..40_usize, doings, 0..1_000_usize, any::<bool>());
    let (viewer, named, straight, steps, place, doings, pick, together) =
        shape.new_tree(&mut runner).unwrap().current();
    Plan { viewer, named, straight, steps, place, doings, pick, together, watched: pair.is_multiple_of(10) }
}
