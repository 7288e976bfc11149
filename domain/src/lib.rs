//! The law of Entente: what may happen in a mediation, and who may see it.
//!
//! Pure: no I/O, no clock, no randomness. Time and ids come in with the command.

pub mod calendar;
pub mod case;
pub mod company;
pub mod email;
pub mod file_name;
pub mod ids;
#[cfg(feature = "leaks")]
pub mod leaks;
pub mod questionnaire;
pub mod roster;
pub mod rule_set;
pub mod sealed;
pub mod seats;
pub mod text;
pub mod visibility;

pub use self::case::command::{self, Ask, Issued};
pub use self::case::event::{self, CaseEvent, Entry, EventKind};
pub use self::case::refusal::CaseError;
pub use self::case::state::{self, Case, Phase};
pub use self::email::{EmailAddress, EmailAddressError};
pub use self::file_name::{FileName, FileNameError};
pub use self::ids::{CaseId, CommandId, CompanyId, DiscussionId, ItemId, ObjectId, PersonId};
pub use self::sealed::{Seal, Sealed, Seals};
pub use self::seats::{Actor, Audience, By, Camp, Capacity, Seat};
pub use self::text::{Body, Name, Statement, Text, TextError};
