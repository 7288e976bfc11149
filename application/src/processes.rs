//! Process managers: each reads the log, keeps what follows from it, and does what is to be done at its time. Whatever
//! it writes is written with its checkpoint under a lease, so that several programs share the work and none does it twice.

mod addresses;
mod alerts;
mod appointments;
mod clock;
mod lease;
mod letters;
mod rhythm;

use entente_domain::Case;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use self::appointments::AppointmentPolicy;
pub(crate) use self::clock::{command_id, command_of};
pub use self::lease::{Manager, Turn, run};
pub use self::letters::LetterPolicy;
use crate::centre::Centre;
use crate::ports::{Outgoing, Recorded};

/// A process manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Process {
    /// The deadlines: each issues its command, and a reminder before.
    Clock,
    /// The appointments, if the centre's policy is to appoint the first candidate who has declared.
    Appointments,
    /// The letters: each person is told that something new awaits.
    Alerts,
}

impl Process {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Clock, Self::Appointments, Self::Alerts];

    /// The name under which its checkpoint and its lease are kept.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Appointments => "appointments",
            Self::Alerts => "alerts",
        }
    }

    /// What follows from an entry; `after` is the case with the entry applied. Pure, and without effect by itself.
    fn react(self, line: &Recorded, after: &Case, policy: &LetterPolicy) -> Vec<Outgoing> {
        match self {
            Self::Clock => clock::react(line, after),
            Self::Appointments => appointments::react(line, after),
            Self::Alerts => alerts::react(line, after, policy),
        }
    }
}

impl Centre {
    /// The first day of which no letter is forgotten yet. Older ones are forgotten when none is on its way: a list that went
    /// by what is there would tell whether somebody has news.
    pub fn letters_since(&self) -> Date {
        let forgotten = self.now().saturating_sub(letters::KEPT).unwrap_or(Timestamp::MIN);
        TimeZone::UTC.to_datetime(forgotten).date().tomorrow().unwrap_or(Date::MAX)
    }
}

/// The later of two instants that may not be there.
fn later(one: Timestamp, other: Option<Timestamp>) -> Timestamp {
    other.map_or(one, |other| one.max(other))
}
