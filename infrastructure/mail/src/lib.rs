//! Letters that say that something new awaits: over SMTP, or into a folder where no server is configured; and what a
//! server sends back that could not be delivered.
//!
//! A letter has no room for anything of a case, and all letters of a language have the same length: neither who carries
//! them nor who sees them in a mailbox learns more than that the centre wrote.

mod address;
mod bounce;
mod closed;
mod connection;
mod failures;
mod folder;
mod opened;
mod paper;
mod settings;
mod smtp;
mod words;

use std::sync::Arc;

use entente_application::ports::{Post, PostError};

pub use self::bounce::{Bounce, Bounces, LONGEST};
pub use self::closed::Closed;
pub use self::folder::Folder;
pub use self::opened::Opened;
use self::paper::Paper;
pub use self::settings::Settings;
pub use self::smtp::Smtp;

/// The post that the settings describe: the server, if there is one, else the folder. Nothing is sent yet.
///
/// # Errors
/// A setting is wrong.
pub fn open(settings: &Settings) -> Result<Arc<dyn Post>, PostError> {
    Ok(match settings.server()? {
        Some(_) => Arc::new(Smtp::open(settings)?),
        None => Arc::new(Folder::open(settings)?),
    })
}

/// Whether the settings describe a post, as far as that is known without a word to a server and without making a folder.
///
/// # Errors
/// As [`open`].
pub fn check(settings: &Settings) -> Result<(), PostError> {
    match settings.server()? {
        Some(_) => Smtp::open(settings).map(drop),
        None => Paper::open(settings).map(drop),
    }
}
