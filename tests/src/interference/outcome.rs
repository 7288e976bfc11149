//! What comes of a pair.

/// What tells two worlds apart.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The number of the pair.
    pub pair: u64,
    /// Which question told.
    pub probe: String,
    /// What of the answer: its status, a header, its body, a log line, the SQL statements.
    pub aspect: &'static str,
    /// Without the hidden deeds.
    pub without: String,
    /// With them.
    pub with: String,
}

/// Why two histories are no pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoPair {
    /// Nothing hidden could be done.
    NothingHidden,
    /// What was done is the viewer's to see.
    Shown,
    /// What was hidden has become the viewer's to see, by a release or a new seat.
    BecameVisible,
    /// What was hidden has let somebody else do what could not be done without, or the other way round.
    OthersWentOtherwise,
}

/// What came of a pair.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing tells the worlds apart.
    Alike {
        /// So many questions were asked.
        asked: u64,
        /// So many letters the viewer has got.
        letters: u64,
    },
    /// It was no pair.
    NoPair(NoPair),
    /// Something tells.
    Different(Box<Difference>),
}
