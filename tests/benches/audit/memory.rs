//! The peak memory of one question: asked once, by a process of its own that opens the store and does nothing else.

use std::process::Command;

use entente_domain::CaseId;
use entente_store::Settings;
use entente_tests::measuring::{argument, high_water, median};
use uuid::Uuid;

use crate::Question;
use crate::desk::Desk;

/// What makes this program such a process; the folder of the store comes after it.
pub const ALONE: &str = "--alone";
/// A case that it folds and asks nothing about: the first question about a case does that too.
pub const FOLD: &str = "--fold";
/// Whose token it asks with.
pub const TOKEN: &str = "--token";
/// What it asks.
pub const PATH: &str = "--path";
/// Where the database is.
const URL: &str = "--url";
/// How many processes a peak is the median of.
pub const PROCESSES: usize = 3;

/// The peak in MiB of a process that opens the store and does what these arguments say.
pub fn peak(settings: &Settings, arguments: &[&str]) -> f64 {
    median((0..PROCESSES).map(|_| one(settings, arguments)).collect())
}

fn one(settings: &Settings, arguments: &[&str]) -> f64 {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(ALONE).arg(&settings.data_dir).args([URL, &settings.url]).args(arguments);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let kibibytes: f64 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    kibibytes / 1024.0
}

/// This program as such a process: prints its peak in KiB.
pub async fn alone(folder: &str) {
    let settings = Settings::new(argument(URL).unwrap(), folder);
    let desk = Desk::open(&settings).await;
    if let Some(case) = argument(FOLD) {
        let case = CaseId(Uuid::parse_str(&case).unwrap());
        assert!(desk.centre.log.fold(case).await.unwrap().version > 0, "the case is there");
    }
    if let (Some(token), Some(path)) = (argument(TOKEN), argument(PATH)) {
        let question = Question { name: "asked alone", token: token.leak(), path };
        assert!(desk.ask(&question).await > 0, "there is an answer");
    }
    println!("{}", high_water());
    desk.store.close().await;
}
