//! Addresses as servers take them: a domain in another script has an ASCII form, a local part has none.

use entente_domain::EmailAddress;
use lettre::Address;
use url::Host;

/// The address on an envelope; none if its domain has no ASCII form.
pub(crate) fn on_envelope(address: &EmailAddress) -> Option<Address> {
    with_local(address, address.local())
}

/// The same with another local part.
pub(crate) fn with_local(address: &EmailAddress, local: &str) -> Option<Address> {
    Address::new(local, domain(address)?).ok()
}

/// The domain in ASCII.
pub(crate) fn domain(address: &EmailAddress) -> Option<String> {
    match Host::parse(address.domain()) {
        Ok(Host::Domain(domain)) => Some(domain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn written(address: &str) -> Option<String> {
        on_envelope(&EmailAddress::parse(address).unwrap()).map(|address| address.to_string())
    }

    #[test]
    fn domains_go_in_ascii_and_local_parts_as_they_are() {
        for (address, expected) in [
            ("a@b.fr", "a@b.fr"),
            ("First.Last+x@Mail.Example.COM", "First.Last+x@mail.example.com"),
            ("minsu@회사.한국", "minsu@xn--vf4b131b.xn--3e0b707e"),
            ("jörg@bücher.example", "jörg@xn--bcher-kva.example"),
            ("!#$%&'*+-/=?^_`{|}~@b.fr", "!#$%&'*+-/=?^_`{|}~@b.fr"),
        ] {
            assert_eq!(written(address).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_domain_that_no_server_knows_how_to_ask_for_is_none() {
        let too_long = "a@가나다라마바사아자차카타파하거너더러머버서.fr";
        for address in ["a@b＠c.fr", "a@xn--a.fr", "a@b／c.fr", too_long] {
            assert_eq!(written(address), None, "{address}");
        }
    }
}
