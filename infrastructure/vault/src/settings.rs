//! Where the vault is.

use std::fmt;
use std::path::PathBuf;

use entente_application::ports::VaultError;
use url::Url;

/// Where the vault is, and how to be let in.
#[derive(Clone, Default)]
pub struct Settings {
    /// A folder, as a path or as `file:///path`; or `s3://bucket/prefix`.
    pub url: String,
    /// The S3 service, if it is not Amazon's: `https://host:port`, or `http://…` in a network that is trusted.
    pub endpoint: Option<String>,
    /// The S3 region.
    pub region: Option<String>,
    /// The S3 access key; without one, what the cloud gives to its machines is used.
    pub access_key: Option<String>,
    /// The S3 secret key.
    pub secret_key: Option<String>,
}

/// What the URL names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what the names of all objects in it begin with.
    Bucket {
        /// The bucket.
        bucket: String,
        /// The prefix; may be empty.
        prefix: String,
    },
}

impl Settings {
    /// What the URL names. The errors do not repeat it: somebody may have written a password into it.
    pub(crate) fn location(&self) -> Result<Location, VaultError> {
        let wrong = |what: &str| VaultError::Misconfigured(format!("the vault's URL {what}"));
        if self.url.trim().is_empty() {
            return Err(wrong("is empty: give a folder or s3://bucket/prefix"));
        }
        if !self.url.contains("://") {
            return Ok(Location::Folder(PathBuf::from(&self.url)));
        }
        let url = parse(&self.url).ok_or_else(|| wrong("is no URL without user and password"))?;
        match (url.scheme(), url.host_str()) {
            ("file", _) => url
                .to_file_path()
                .map(Location::Folder)
                .map_err(|()| wrong("must name a folder of this machine: file:///path")),
            ("s3", Some(bucket)) if url.query().is_none() && url.fragment().is_none() => {
                Ok(Location::Bucket { bucket: bucket.to_owned(), prefix: url.path().trim_matches('/').to_owned() })
            }
            _ => Err(wrong("must be a folder, file:///path or s3://bucket/prefix")),
        }
    }

    /// The endpoint, if one is given.
    pub(crate) fn endpoint(&self) -> Result<Option<&str>, VaultError> {
        match self.endpoint.as_deref() {
            None | Some("") => Ok(None),
            Some(endpoint) => match parse(endpoint) {
                Some(url) if matches!(url.scheme(), "http" | "https") => Ok(Some(endpoint)),
                _ => Err(VaultError::Misconfigured(
                    "the vault's endpoint must be http://host:port or https://host:port, without user and password"
                        .to_owned(),
                )),
            },
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: &str| if text.contains('@') { "…".to_owned() } else { text.to_owned() };
        let hidden = |text: &Option<String>| text.as_ref().map(|_| "…");
        f.debug_struct("Settings")
            .field("url", &shown(&self.url))
            .field("endpoint", &self.endpoint.as_deref().map(shown))
            .field("region", &self.region)
            .field("access_key", &hidden(&self.access_key))
            .field("secret_key", &hidden(&self.secret_key))
            .finish()
    }
}

fn parse(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| url.username().is_empty() && url.password().is_none())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(url: &str) -> Settings {
        Settings { url: url.to_owned(), ..Settings::default() }
    }

    #[test]
    fn folders_and_buckets_are_told_apart() {
        let folder = |path: &str| Location::Folder(PathBuf::from(path));
        let bucket = |bucket: &str, prefix: &str| Location::Bucket { bucket: bucket.into(), prefix: prefix.into() };
        for (url, expected) in [
            ("data/vault", folder("data/vault")),
            ("/var/lib/vault", folder("/var/lib/vault")),
            ("file:///var/lib/my%20vault", folder("/var/lib/my vault")),
            ("s3://documents", bucket("documents", "")),
            ("s3://documents/", bucket("documents", "")),
            ("s3://documents/a/b/", bucket("documents", "a/b")),
        ] {
            assert_eq!(at(url).location().unwrap(), expected, "{url}");
        }
    }

    #[test]
    fn what_is_neither_is_refused_and_not_repeated() {
        for url in ["", " ", "https://secret.example/x", "s3:///secret", "s3://key:secret@bucket", "s3://bucket?secret"]
        {
            let error = at(url).location().unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        for endpoint in ["ftp://secret", "secret", "https://key:secret@host"] {
            let settings = Settings { endpoint: Some(endpoint.to_owned()), ..at("s3://bucket") };
            assert!(!settings.endpoint().unwrap_err().to_string().contains("secret"));
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let settings = Settings {
            url: "s3://key:hush@bucket".to_owned(),
            endpoint: Some("https://key:hush@host".to_owned()),
            region: Some("eu".to_owned()),
            access_key: Some("hush".to_owned()),
            secret_key: Some("hush".to_owned()),
        };
        let shown = format!("{settings:?}");
        assert!(!shown.contains("hush") && shown.contains("eu"), "{shown}");
    }
}
