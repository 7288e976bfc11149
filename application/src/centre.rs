//! The mediation centre: everything that the adapters call, over the ports that they bring.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::ports::{CaseLog, Names, Tokens, Views};

/// The time; the binary has the only real one.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Randomness; the binary has the only real one.
pub trait Dice: Send + Sync {
    /// 122 random bits as a UUIDv4.
    fn uuid(&self) -> Uuid;
    /// 256 random bits.
    fn secret(&self) -> [u8; 32];
}

/// The centre. Cheap to clone: all parts are shared.
#[derive(Clone)]
pub struct Centre {
    /// The log of cases.
    pub log: Arc<dyn CaseLog>,
    /// The read models.
    pub views: Arc<dyn Views>,
    /// The tokens.
    pub tokens: Arc<dyn Tokens>,
    /// The ids that follow from words.
    pub names: Arc<dyn Names>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub dice: Arc<dyn Dice>,
}

impl Centre {
    /// Now, to the microsecond, which is what both databases keep.
    pub fn now(&self) -> Timestamp {
        to_the_microsecond(self.clock.now())
    }
}

/// Drops what is finer than a microsecond, so that a time reads back as it was written.
pub fn to_the_microsecond(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
