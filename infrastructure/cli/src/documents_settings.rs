//! The settings of documents: where their content lies, how much of it is taken in, and what scans it.

use std::fmt;
use std::path::Path;

use entente_application::documents::Limits;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::failure::Failure;
use crate::settings::{Key, Origin};
use crate::settings_said::Said;

/// The folder in the data folder, unless another place is named.
const FOLDER: &str = "documents";
/// The longest grace, in hours: a year.
const LONGEST_GRACE: i64 = 24 * 366;

/// The effective settings of documents.
#[derive(Clone, Debug)]
pub struct Documents {
    /// A folder, `file:///folder` or `s3://bucket/prefix`.
    pub url: String,
    /// The S3 service, if it is not Amazon's.
    pub endpoint: Option<String>,
    /// The S3 region.
    pub region: Option<String>,
    /// The S3 access key.
    pub access_key: Option<String>,
    /// The S3 secret key.
    pub secret_key: Option<Secret>,
    /// Bytes of one document at most.
    pub largest: u64,
    /// Bytes of all documents of one seat in one case at most.
    pub quota: u64,
    /// For how many hours an upload that nobody goes on with is kept.
    pub grace: i64,
    /// The malware scanner, if there is one.
    pub clamd: Option<String>,
}

/// Something that is never shown, not even by `{:?}`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Documents {
    /// The settings as they were said, else as they are by default.
    ///
    /// # Errors
    /// A value that is none.
    pub fn of(said: &Said, data_dir: &Path) -> Result<Self, Failure> {
        let given = |key| said.value(key).map(str::to_owned);
        let usual = Limits::default();
        let size = |key, default: u64| said.read(key, default, "a size such as 100MB or 1GiB", size);
        Ok(Self {
            url: match said.value(Key::DocumentsUrl) {
                None => folder(&data_dir.join(FOLDER))?,
                Some(url) => place(url, said.origin(Key::DocumentsUrl))?,
            },
            endpoint: given(Key::DocumentsEndpoint),
            region: given(Key::DocumentsRegion),
            access_key: given(Key::DocumentsAccess),
            secret_key: given(Key::DocumentsSecret).map(Secret),
            largest: size(Key::DocumentsLargest, usual.largest)?,
            quota: size(Key::DocumentsQuota, usual.quota)?,
            grace: said.read(
                Key::DocumentsGrace,
                usual.grace.as_hours(),
                "a number of hours from 1 to 8784",
                |it| it.parse().ok().filter(|hours| (1..=LONGEST_GRACE).contains(hours)),
            )?,
            clamd: said.read(Key::DocumentsClamd, None, "the host:port or unix:/path of a clamd", scanner)?,
        })
    }

    /// What a centre takes in.
    pub fn limits(&self) -> Limits {
        let grace = SignedDuration::from_hours(self.grace);
        Limits { largest: self.largest, quota: self.quota, grace, ..Limits::default() }
    }

    /// What the vault needs to know; documents lie below a name of the centre's own.
    pub fn vault(&self, centre: Uuid) -> entente_vault::Settings {
        entente_vault::Settings {
            url: format!("{}/{centre}", self.url.trim_end_matches('/')),
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            access_key: self.access_key.clone(),
            secret_key: self.secret_key.clone().map(|Secret(key)| key),
        }
    }
}

/// Whether documents lie in an S3-compatible store: then what the environment tells every program of it counts too.
pub fn is_s3(url: &str) -> bool {
    url.starts_with("s3://")
}

fn place(url: &str, origin: &Origin) -> Result<String, Failure> {
    match url.split_once("://") {
        Some(("s3" | "file", _)) => Ok(url.to_owned()),
        // Not repeated: it may hold a password.
        Some(_) => Err(Failure::usage(format!(
            "the place of documents of {origin} is not understood: give a folder, file:///folder or s3://bucket/prefix"
        ))),
        None => folder(Path::new(url)),
    }
}

/// A folder's path from the root on: a service may be started from anywhere.
fn folder(path: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(path).ok();
    absolute.as_deref().and_then(Path::to_str).map(str::to_owned).ok_or_else(|| {
        Failure::usage(format!(
            "the documents' folder {} is no path in UTF-8; name another with --documents-url",
            path.display()
        ))
    })
}

/// An address that the scanner's client understands.
fn scanner(address: &str) -> Option<Option<String>> {
    entente_vault::Clamd::parse(address).ok().map(|_| Some(address.to_owned()))
}

/// Bytes, or thousands of thousands of them; `MiB` and its like count in 1024s.
fn size(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        "tib" => 1 << 40,
        _ => return None,
    };
    // The databases count in 64 bits with a sign.
    let most = i64::MAX.unsigned_abs();
    number.parse::<u64>().ok()?.checked_mul(factor).filter(|bytes| (1..=most).contains(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_people_write_them() {
        for (text, bytes) in [
            ("1", 1),
            ("100000", 100_000),
            ("100MB", 100_000_000),
            ("100 mb", 100_000_000),
            ("1GiB", 1 << 30),
            ("2 TB", 2_000_000_000_000),
            ("512KiB", 512 << 10),
        ] {
            assert_eq!(size(text), Some(bytes), "{text}");
        }
        for text in ["", "MB", "0", "-1", "1.5GB", "10 apples", "9223372036854775808", "99999999999TB"] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
