//! The client of an S3-compatible store.

use std::sync::Arc;
use std::time::Duration;

use entente_application::ports::VaultError;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};

use crate::errors;
use crate::settings::Settings;

/// How long a request is tried again before somebody is told: people wait for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Makes ring what this process does TLS with, unless it has decided already.
///
/// Every HTTP client of a program that is built with this crate needs it, for its TLS comes without a provider: a
/// program calls this before it makes its first one.
pub fn provide_tls() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only if another thread was faster, and then there is one.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// A store of all objects of a bucket whose names begin with a prefix; nothing is sent yet.
///
/// The bucket must not keep versions: what is deleted would stay, if without its key.
pub(crate) fn open(settings: &Settings, bucket: String, prefix: &str) -> Result<Arc<dyn ObjectStore>, VaultError> {
    provide_tls();
    let prefix = Path::parse(prefix)
        .map_err(|_| VaultError::Misconfigured("the prefix in the vault's URL is no path".to_owned()))?;
    // What a cloud tells its machines in their environment: tokens that expire, roles, proxies. Settings go first.
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket).with_retry(RetryConfig {
        backoff: BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() },
        max_retries: 5,
        retry_timeout: PATIENCE,
    });
    if let Some(endpoint) = settings.endpoint()? {
        builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(region) = &settings.region {
        builder = builder.with_region(region);
    }
    match (&settings.access_key, &settings.secret_key) {
        (Some(access), Some(secret)) => {
            builder = builder.with_access_key_id(access).with_secret_access_key(secret);
        }
        (None, None) => {}
        _ => {
            return Err(VaultError::Misconfigured(
                "the vault has an access key or a secret key, and needs both or neither".to_owned(),
            ));
        }
    }
    let store = builder.build().map_err(|error| {
        VaultError::Misconfigured(format!("the vault's S3 client cannot be made: {}", errors::words(&error)))
    })?;
    Ok(if prefix.as_ref().is_empty() { Arc::new(store) } else { Arc::new(PrefixStore::new(store, prefix)) })
}
