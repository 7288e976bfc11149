//! The real world: the clock, the dice, and a centre put together from the settings.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use entente_application::Centre;
use entente_application::centre::{Clock, Dice};
use entente_application::ports::{Names as _, Scanner};
use entente_store::Store;
use entente_vault::{Clamd, Objects};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::failure::Failure;
use crate::settings::Settings;

/// The machine's clock, but for steps back: one that is put back goes on here from where it was. A case refuses an entry
/// that is dated before its last one; so commands need not wait until the machine has caught up.
///
/// The price: a clock that had been ahead when it was put right stays ahead here, by as much, until a new start. Until then
/// entries are dated too late and deadlines are worked off too early by that; afterwards, cases that were written to
/// in that time answer *busy* until the machine's clock has passed their last entry.
#[derive(Debug)]
pub struct RealClock {
    /// What the machine said when it was last ahead, and since when that is.
    ahead: Mutex<(Timestamp, Instant)>,
}

impl RealClock {
    /// The clock, from now on.
    pub fn started() -> Self {
        Self { ahead: Mutex::new((machine(), Instant::now())) }
    }

    /// The later of what the machine says and of what it said before, with the time that has passed since.
    fn later(&self, machine: Timestamp, passed: impl Fn(Instant) -> SignedDuration) -> Timestamp {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let expected = ahead.0.saturating_add(passed(ahead.1)).unwrap_or(Timestamp::MAX);
        if machine > expected {
            *ahead = (machine, Instant::now());
            return machine;
        }
        expected
    }
}

impl Clock for RealClock {
    fn now(&self) -> Timestamp {
        self.later(machine(), |since| SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX))
    }
}

fn machine() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "this is the one real clock")]
    Timestamp::now()
}

/// The operating system's randomness.
#[derive(Debug)]
pub struct RealDice {
    _tried: (),
}

impl RealDice {
    /// The dice, once they have been thrown for a try.
    ///
    /// # Errors
    /// A system that gives no random bytes.
    pub fn tried() -> Result<Self, Failure> {
        getrandom::fill(&mut [0; 32])
            .map_err(|error| Failure::unable(format!("the operating system gives no random bytes: {error}")))?;
        Ok(Self { _tried: () })
    }
}

impl Dice for RealDice {
    fn uuid(&self) -> Uuid {
        #[expect(clippy::disallowed_methods, reason = "these are the one real dice")]
        Uuid::new_v4()
    }

    fn secret(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        #[expect(clippy::expect_used, reason = "a secret of anything but random bytes would be worse than none")]
        getrandom::fill(&mut bytes).expect("the system's random source, once it has answered, does not fail");
        bytes
    }
}

/// Opens the database that the settings name and puts the centre together; its post is closed, for whoever sends letters to
/// open one.
///
/// With `migrate`, the schema is created or brought up to date first; so it is without, if the database is the default
/// one in the user's data folder and is not there yet. Any other database with a pending migration is refused.
///
/// # Errors
/// A data folder that cannot be made, a database that does not answer or is not migrated, a place of documents that
/// makes no sense.
pub async fn centre(settings: &Settings, migrate: bool) -> Result<(Centre, Store), Failure> {
    let dice = RealDice::tried()?;
    let is_new = settings.embedded_file().is_some_and(|file| !file.exists());
    private_folder(&settings.data_dir)?;
    let options = store_settings(settings);
    let store =
        if migrate || is_new { Store::open_and_migrate(&options).await? } else { Store::open(&options).await? };
    // Of a bucket nothing is asked yet: what needs no document works while the bucket is away.
    let shared = Arc::new(store.clone());
    // A place of this centre's own: the sweeper takes away what its database does not know, and two centres may be given
    // one place.
    let own = shared.name("vault", &[]);
    let vault = Objects::open(&settings.documents.vault(own))?;
    let centre = Centre {
        log: shared.clone(),
        views: shared.clone(),
        exposures: shared.clone(),
        facts: shared.clone(),
        releases: shared.clone(),
        looks: shared.clone(),
        tokens: shared.clone(),
        names: shared.clone(),
        vault: Arc::new(vault),
        uploads: shared.clone(),
        shredder: shared.clone(),
        processes: shared.clone(),
        outbox: shared.clone(),
        directory: shared.clone(),
        roster: shared,
        post: Arc::new(entente_mail::Closed),
        appointments: settings.appointments,
        letters: settings.mail.policy(),
        scanner: scanner(settings)?,
        documents: settings.documents.limits(),
        clock: Arc::new(RealClock::started()),
        dice: Arc::new(dice),
        turns: Default::default(),
    };
    Ok((centre, store))
}

/// What looks for malware, if something is to.
fn scanner(settings: &Settings) -> Result<Option<Arc<dyn Scanner>>, Failure> {
    let Some(address) = &settings.documents.clamd else { return Ok(None) };
    Ok(Some(Arc::new(Clamd::parse(address)?)))
}

/// Refuses a default database that is not there: looking at one must not make an empty one, which would agree with
/// everything.
///
/// # Errors
/// If there is none yet.
pub fn must_exist(settings: &Settings) -> Result<(), Failure> {
    match settings.embedded_file().filter(|file| !file.exists()) {
        Some(file) => {
            Err(Failure::usage(format!("there is no database {} yet: is the data folder right?", file.display())))
        }
        None => Ok(()),
    }
}

/// Works with the centre, and closes the store whatever comes of it.
///
/// # Errors
/// As [`centre`], and those of the work.
pub async fn with_centre<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Centre) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let (centre, store) = centre(settings, false).await?;
    let outcome = work(&centre).await;
    store.close().await;
    outcome
}

/// What the store needs to know of the settings.
pub fn store_settings(settings: &Settings) -> entente_store::Settings {
    let mut options = entente_store::Settings::new(settings.database.clone(), settings.data_dir.clone());
    options.readers = settings.max_connections;
    options
}

/// Makes a folder that only its owner may enter, unless it is there.
pub fn private_folder(folder: &Path) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        // What is on the way to it is made the same, as the XDG base directory specification asks.
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| {
        Failure::unable(format!(
            "the data folder {} cannot be made ({error}); name another with --data-dir",
            folder.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_put_back_goes_on_from_where_it_was() {
        let clock = RealClock::started();
        let before = clock.now();
        let hour = SignedDuration::from_hours(1);
        let minute = SignedDuration::from_mins(1);
        let back = clock.later(before - hour, |_| minute);
        assert!(back >= before + minute - SignedDuration::from_secs(5) && back < before + hour, "{back} {before}");
        assert_eq!(clock.later(before + hour, |_| minute), before + hour, "forward it is believed");
        assert!(clock.now() >= before + hour);
    }
}
