//! Strong entity tags: the hash of the bytes that a viewer was sent, so that they tell of nothing else.

use axum::http::HeaderMap;
use axum::http::header::{HeaderName, IF_MATCH, IF_NONE_MATCH};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The tag of a body.
pub fn of(body: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(body)))
}

/// Whether the caller has this already (RFC 9110 §13.1.2, weak comparison).
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    listed(headers, &IF_NONE_MATCH).any(|named| named == "*" || named.strip_prefix("W/").unwrap_or(named) == tag)
}

/// Whether the caller asks to act on one version only.
pub fn is_asked(headers: &HeaderMap) -> bool {
    headers.contains_key(IF_MATCH)
}

/// Whether this is that version (RFC 9110 §13.1.1, strong comparison).
pub fn is_met(headers: &HeaderMap, tag: &str) -> bool {
    listed(headers, &IF_MATCH).any(|named| named == "*" || named == tag)
}

fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> + use<'a> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|line| line.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_weak_tag_is_known_but_never_met() {
        let tag = of(b"page");
        let mut headers = HeaderMap::new();
        let weak = HeaderValue::from_str(&format!("\"other\", W/{tag}")).unwrap_or(HeaderValue::from_static(""));
        headers.insert(IF_NONE_MATCH, weak.clone());
        headers.insert(IF_MATCH, weak);
        assert!(is_known(&headers, &tag));
        assert!(!is_met(&headers, &tag));
        assert!(!is_known(&headers, &of(b"another page")));
    }
}
