//! What went wrong in the store below, in the vault's words: no path, no header and no answer of a server is repeated.

use std::error::Error;
use std::io;

use entente_application::ports::VaultError;
use entente_domain::ObjectId;
use object_store::client::HttpError;

/// What S3-compatible stores answer when there is no room left.
const NO_ROOM: &[&str] = &["StorageFull", "InsufficientStorage", "InsufficientCapacity", "QuotaExceeded"];

/// Why a stored segment could not be read.
pub(crate) fn unread(object: ObjectId, error: &object_store::Error) -> VaultError {
    match error {
        object_store::Error::NotFound { .. } if code(error).as_deref() != Some("NoSuchBucket") => {
            VaultError::Missing(object)
        }
        _ => refused(error),
    }
}

/// Why the store did not do something that asks for nothing to be there before.
pub(crate) fn refused(error: &object_store::Error) -> VaultError {
    let full = causes(error).filter_map(|cause| cause.downcast_ref()).any(no_room)
        || status(error) == Some(507)
        || code(error).is_some_and(|code| NO_ROOM.iter().any(|full| code.contains(full)));
    if full { VaultError::Full } else { VaultError::Unavailable(words(error)) }
}

/// Whether what could not be read may be there and hold nothing: then no range of it exists.
pub(crate) fn may_be_empty(error: &object_store::Error) -> bool {
    matches!(error, object_store::Error::Generic { store: "LocalFileSystem", .. }) || status(error) == Some(416)
}

/// Why the operating system did not do something.
pub(crate) fn io(error: &io::Error) -> VaultError {
    if no_room(error) { VaultError::Full } else { VaultError::Unavailable(error.to_string()) }
}

/// Why work on another thread has no result.
pub(crate) fn task(error: &tokio::task::JoinError) -> VaultError {
    let why = if error.is_cancelled() { "the work was cancelled" } else { "the work broke off" };
    VaultError::Unavailable(why.to_owned())
}

/// What happened, for the operator.
pub(crate) fn words(error: &object_store::Error) -> String {
    if let Some(status) = status(error) {
        let code = code(error).unwrap_or_default();
        return format!("the object store answered {status} {code}").trim_end().to_owned();
    }
    let io = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last();
    let http = causes(error).find_map(|cause| cause.downcast_ref::<HttpError>());
    match (http, io) {
        (Some(http), Some(io)) => format!("the object store was not reached ({:?}): {io}", http.kind()),
        (Some(http), None) => format!("the object store was not reached ({:?})", http.kind()),
        (None, Some(io)) => io.to_string(),
        (None, None) => match error {
            object_store::Error::NotFound { .. } => "the folder or bucket is not there".to_owned(),
            _ => "the object store gave an unexpected answer".to_owned(),
        },
    }
}

fn no_room(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}

/// An error and what caused it, however deep.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            // The error in an error of the system is left out by its own `source`.
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

/// The HTTP status: the type that holds it cannot be named from here, only its words be read.
fn status(error: &object_store::Error) -> Option<u16> {
    let text = error.to_string();
    let (_, after) = text.split_once("status code: ")?;
    after.get(..3)?.parse().ok()
}

/// S3's own name for what went wrong.
fn code(error: &object_store::Error) -> Option<String> {
    let text = error.to_string();
    let (code, _) = text.split_once("<Code>")?.1.split_once("</Code>")?;
    let is_name = code.len() <= 64 && code.chars().all(|letter| letter.is_ascii_alphanumeric());
    is_name.then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapped(io::Error);

    impl std::fmt::Display for Wrapped {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("wrapped /secret/path")
        }
    }

    impl Error for Wrapped {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    fn local(error: io::Error) -> object_store::Error {
        object_store::Error::Generic { store: "LocalFileSystem", source: Box::new(Wrapped(error)) }
    }

    fn s3(answer: &str) -> object_store::Error {
        object_store::Error::Generic {
            store: "S3",
            source: format!("Error performing PUT http://host/bucket/secret in 1ms - Server returned non-2xx {answer}")
                .into(),
        }
    }

    #[test]
    fn a_full_disk_is_seen_however_deep() {
        let (no_space, quota) = (28, 122);
        for number in [no_space, quota] {
            let error = io::Error::from_raw_os_error(number);
            assert!(matches!(refused(&local(error)), VaultError::Full));
            let nested = io::Error::other(Wrapped(io::Error::from_raw_os_error(number)));
            assert!(matches!(refused(&local(io::Error::other(nested))), VaultError::Full));
        }
        for answer in [
            "status code: 507 Insufficient Storage: ",
            "status code: 403 Forbidden: <Error><Code>QuotaExceeded</Code></Error>",
            "status code: 500 Error: <Error><Code>XMinioStorageFull</Code></Error>",
        ] {
            assert!(matches!(refused(&s3(answer)), VaultError::Full), "{answer}");
        }
    }

    #[test]
    fn other_errors_say_what_happened_and_nothing_of_where_or_what() {
        let denied = io::Error::from_raw_os_error(13);
        let bad_key = "status code: 403 Forbidden: <Error><Code>SignatureDoesNotMatch</Code><Key>secret</Key></Error>";
        for (error, expected) in [
            (local(denied), "Permission denied (os error 13)"),
            (s3(bad_key), "the object store answered 403 SignatureDoesNotMatch"),
            (s3("status code: 503 Slow: <Code>secret with spaces</Code>"), "the object store answered 503"),
            (s3("secret"), "the object store gave an unexpected answer"),
        ] {
            let VaultError::Unavailable(words) = refused(&error) else {
                unreachable!("{error} is nothing to wait for");
            };
            assert_eq!(words, expected);
        }
    }

    #[test]
    fn a_missing_bucket_is_no_missing_segment() {
        let object = ObjectId(uuid::Uuid::nil());
        let lost = |body: &str| object_store::Error::NotFound {
            path: "secret".to_owned(),
            source: format!("status code: 404 Not Found: {body}").into(),
        };
        assert!(matches!(unread(object, &lost("<Code>NoSuchKey</Code>")), VaultError::Missing(_)));
        assert!(matches!(unread(object, &lost("<Code>NoSuchBucket</Code>")), VaultError::Unavailable(_)));
    }
}
