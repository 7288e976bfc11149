//! What a database's complaint means: worth asking again, unknown, or wrong for good.

use entente_application::ports::StoreError;
use sqlx::postgres::PgDatabaseError;

/// What an error means for the work that it interrupted.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Nothing was done; the same may succeed later.
    Again(String),
    /// The connection broke while the answer was due: done or not.
    Unknown(String),
    /// Nothing was done, and asking again would not help.
    Refused(StoreError),
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Again(reason) => Self::Unavailable(reason),
            Failure::Unknown(_) => Self::UnknownOutcome,
            Failure::Refused(error) => error,
        }
    }
}

/// Damage of which only the reason is known.
pub(crate) fn damaged(reason: impl Into<String>) -> StoreError {
    StoreError::Corrupt { position: 0, case: String::new(), sequence: 0, reason: reason.into() }
}

/// The error of work that may be done twice without harm, such as reading.
pub(crate) fn fault(error: sqlx::Error) -> StoreError {
    match classify(&error) {
        Failure::Unknown(reason) => StoreError::Unavailable(reason),
        other => other.into(),
    }
}

/// The error of a commit.
pub(crate) fn commit_fault(error: sqlx::Error) -> StoreError {
    classify(&error).into()
}

/// Sorts an error by what it says about the work, not by where it comes from.
pub(crate) fn classify(error: &sqlx::Error) -> Failure {
    use sqlx::Error as E;
    let said = error.to_string();
    match error {
        E::Database(database) => {
            if let Some(postgres) = database.try_downcast_ref::<PgDatabaseError>() {
                return by_sqlstate(postgres.code(), said);
            }
            let code = database.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0);
            by_sqlite_code(code, said)
        }
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::WorkerCrashed => Failure::Unknown(said),
        E::PoolTimedOut | E::PoolClosed | E::BeginFailed => Failure::Again(said),
        E::Decode(_) | E::ColumnDecode { .. } | E::RowNotFound | E::ColumnIndexOutOfBounds { .. } => {
            Failure::Refused(damaged("a row does not have the columns that were written"))
        }
        _ => Failure::Refused(StoreError::Misconfigured(said)),
    }
}

fn by_sqlstate(code: &str, said: String) -> Failure {
    match code {
        // The server went away, or lost its standby, while it was committing.
        "40003" | "57P01" | "57P02" | "57P05" => Failure::Unknown(said),
        "42501" => Failure::Refused(StoreError::Misconfigured(format!("the database role lacks a right: {said}"))),
        "42P01" | "42883" | "3F000" => Failure::Refused(StoreError::Misconfigured(format!(
            "the database is not migrated ({said}): run `entente migrate`"
        ))),
        "25006" | "55P03" | "57014" | "57P03" => Failure::Again(said),
        _ => match code.get(..2) {
            Some("08") => Failure::Unknown(said),
            Some("40" | "53") => Failure::Again(said),
            Some("XX") => Failure::Refused(damaged(said)),
            _ => Failure::Refused(StoreError::Misconfigured(said)),
        },
    }
}

/// The low byte of an extended code is the kind (sqlite.org/rescode.html).
fn by_sqlite_code(code: u32, said: String) -> Failure {
    match code & 0xff {
        // BUSY, LOCKED, NOMEM, INTERRUPT, FULL, PROTOCOL
        5 | 6 | 7 | 9 | 13 | 15 => Failure::Again(said),
        // IOERR: frames of the commit may be in the write-ahead log or not.
        10 => Failure::Unknown(said),
        // CORRUPT, NOTADB
        11 | 26 => Failure::Refused(damaged(said)),
        _ if said.contains("no such table") => Failure::Refused(StoreError::Misconfigured(
            "the database is not migrated: run `entente migrate`".to_owned(),
        )),
        _ => Failure::Refused(StoreError::Misconfigured(said)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serialization_failure_is_worth_asking_again() {
        assert!(matches!(by_sqlstate("40001", String::new()), Failure::Again(_)));
        assert!(matches!(by_sqlstate("40P01", String::new()), Failure::Again(_)));
    }

    #[test]
    fn a_server_that_shut_down_leaves_the_outcome_unknown() {
        assert!(matches!(by_sqlstate("57P01", String::new()), Failure::Unknown(_)));
    }

    #[test]
    fn a_busy_file_is_worth_asking_again_also_by_its_extended_code() {
        assert!(matches!(by_sqlite_code(5, String::new()), Failure::Again(_)));
        assert!(matches!(by_sqlite_code(517, String::new()), Failure::Again(_)));
    }

    #[test]
    fn a_damaged_file_is_not() {
        assert!(matches!(by_sqlite_code(11, String::new()), Failure::Refused(StoreError::Corrupt { .. })));
    }
}
