//! Where letters go: addresses of e-mail, checked where they enter so that none can write a header or a command.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::file_name::is_unseen;

/// Octets of a whole address at most: RFC 5321 §4.5.3.1.3 allows a path 256, and two are its brackets.
const LONGEST: usize = 254;

/// Octets before the `@` at most (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// Octets of one label of a domain at most (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

/// What stands unquoted before an `@` beside letters and digits (RFC 5322 §3.2.3, `atext`).
const MARKS: &str = "!#$%&'*+-/=?^_`{|}~";

/// A plain address, `local@domain`: what people have, not all that the grammar allows.
///
/// Neither quoted local parts nor address literals, comments or names: no provider gives them out, and each is a way to
/// make two programs read one address differently. Other scripts are taken on both sides of the `@` (RFC 6531): a domain
/// in another script has an ASCII form that every relay takes, a local part needs a relay with SMTPUTF8. It is kept as it
/// was written, capital letters too.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Why an address was not taken. None repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailAddressError {
    /// More than 254 bytes, or more than 64 before the `@`.
    #[error("the e-mail address is longer than {LONGEST} bytes, or its part before the @ than {LONGEST_LOCAL}")]
    TooLong,
    /// A space, a control character, or one that nobody sees.
    #[error("the e-mail address holds a space or a character that cannot be seen")]
    Unseen,
    /// Not one `@`.
    #[error("an e-mail address is written name@domain, with one @")]
    Parts,
    /// Empty, with a character that needs quotes, or with a dot at an end or beside another.
    #[error("the part of the e-mail address before the @ is empty, or holds what does not belong there")]
    Local,
    /// Not names with dots between.
    #[error("the part of the e-mail address after the @ is no domain such as example.com")]
    Domain,
}

impl EmailAddress {
    /// Checks an address.
    ///
    /// # Errors
    /// Whatever is no plain address.
    pub fn parse(text: impl Into<String>) -> Result<Self, EmailAddressError> {
        let text = text.into();
        if text.len() > LONGEST {
            return Err(EmailAddressError::TooLong);
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace() || is_unseen(c)) {
            return Err(EmailAddressError::Unseen);
        }
        let (local, domain) = text.split_once('@').ok_or(EmailAddressError::Parts)?;
        if domain.contains('@') {
            return Err(EmailAddressError::Parts);
        }
        if local.len() > LONGEST_LOCAL {
            return Err(EmailAddressError::TooLong);
        }
        if !local.split('.').all(is_atom) {
            return Err(EmailAddressError::Local);
        }
        if !is_domain(domain) {
            return Err(EmailAddressError::Domain);
        }
        Ok(Self(text))
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.0.split_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

/// One or more characters that need no quotes.
fn is_atom(atom: &str) -> bool {
    let fits = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || MARKS.contains(c);
    !atom.is_empty() && atom.chars().all(fits)
}

/// Two labels or more, the last of which is no number: that would be an address of the network.
fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        let fits = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || c == '-';
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.chars().all(fits)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let mut labels = domain.rsplit('.');
    let is_named = labels.next().is_some_and(|last| is_label(last) && !last.bytes().all(|b| b.is_ascii_digit()));
    is_named && labels.next().is_some() && domain.split('.').all(is_label)
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl fmt::Debug for EmailAddress {
    /// Nothing of it: one that reaches a log by accident tells nobody who takes part.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
    use utoipa::openapi::{RefOr, Schema};

    impl utoipa::PartialSchema for super::EmailAddress {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Email)))
                .max_length(Some(super::LONGEST))
                .into()
        }
    }

    impl utoipa::ToSchema for super::EmailAddress {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refusal(text: &str) -> Option<EmailAddressError> {
        EmailAddress::parse(text).err()
    }

    #[test]
    fn plain_addresses_are_taken_in_every_script() {
        for address in [
            "a@b.fr",
            "first.last+tag@mail.example.com",
            "o'brien/x=y@example.co.uk",
            "用户@例子.广告",
            "민수@회사.한국",
            "jörg@bücher.example",
            "Claire@Exemple.FR",
            "1@123.com",
        ] {
            let parsed = EmailAddress::parse(address);
            assert_eq!(parsed.as_ref().map(EmailAddress::as_str), Ok(address));
            let (local, domain) = address.split_once('@').unwrap_or_default();
            assert!(parsed.is_ok_and(|parsed| (parsed.local(), parsed.domain()) == (local, domain)));
        }
    }

    #[test]
    fn nothing_can_be_written_behind_an_address() {
        for address in [
            "a@b.fr\r\nBcc: everyone@example.com",
            "a@b.fr\r\n.\r\nMAIL FROM:<x@y.zz>",
            "a\r\n@b.fr",
            "a@b.fr\n",
            "a@b.fr\r",
            "a\0@b.fr",
            "a\u{85}b@c.fr",
            "a\u{2028}@b.fr",
            "a b@c.fr",
            " a@b.fr",
            "a@b.fr ",
            "a\u{a0}@b.fr",
            "inv\u{202e}rf.b@a.fr",
            "zero\u{200b}width@b.fr",
        ] {
            assert_eq!(refusal(address), Some(EmailAddressError::Unseen), "{address:?}");
        }
    }

    #[test]
    fn what_is_too_long_is_refused_whole_and_in_parts() {
        let local = "l".repeat(64);
        let domain = |bytes: usize| format!("{}com", format!("{}.", "d".repeat(49)).repeat(4))[..bytes].to_owned();
        let longest = format!("{local}@{}", domain(189));
        assert_eq!((longest.len(), refusal(&longest)), (254, None));
        assert_eq!(refusal(&format!("{local}@{}", domain(190))), Some(EmailAddressError::TooLong));
        assert_eq!(refusal(&format!("l{local}@b.fr")), Some(EmailAddressError::TooLong));
        assert_eq!(refusal(&format!("{}@b.fr", "é".repeat(33))), Some(EmailAddressError::TooLong));
        let characters = format!("{local}@{}", "x".repeat(255));
        assert_eq!((characters.len(), refusal(&characters)), (320, Some(EmailAddressError::TooLong)));
        assert_eq!(refusal(&format!("a@{}.fr", "d".repeat(64))), Some(EmailAddressError::Domain));
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        for (wrong, addresses) in [
            (EmailAddressError::Parts, vec!["", "a", "example.com", "a@b@c.fr", "a@@b.fr", "\"a@b\"@c.fr"]),
            (EmailAddressError::Local, vec!["@b.fr", ".a@b.fr", "a.@b.fr", "a..b@c.fr", "\"a\"@b.fr", "a(c)@b.fr"]),
            (EmailAddressError::Local, vec!["Name<a@b.fr", "a,b@c.fr", "a;b@c.fr", "a:b@c.fr", "a\\b@c.fr"]),
            (EmailAddressError::Domain, vec!["a@", "a@localhost", "a@b.", "a@.fr", "a@b..fr", "a@[127.0.0.1]"]),
            (EmailAddressError::Domain, vec!["a@127.0.0.1", "a@-b.fr", "a@b-.fr", "a@b_c.fr", "a@b.fr>", "a@b.fr,c"]),
        ] {
            for address in addresses {
                assert_eq!(refusal(address), Some(wrong), "{address:?}");
            }
        }
    }

    #[test]
    fn it_comes_and_goes_as_a_string_and_shows_itself_to_no_log() -> Result<(), serde_json::Error> {
        let address: EmailAddress = serde_json::from_str("\"claire@exemple.fr\"")?;
        assert_eq!(serde_json::to_string(&address)?, "\"claire@exemple.fr\"");
        assert!(serde_json::from_str::<EmailAddress>("\"claire\"").is_err());
        assert!(!format!("{address:?}").contains("claire"));
        Ok(())
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_one_word_with_one_at(text in ".{0,80}|[ -~\\r\\n]{0,12}@[ -~\\r\\n]{0,12}\\.[a-z]{2}") {
            if let Ok(address) = EmailAddress::parse(text.clone()) {
                prop_assert_eq!(address.as_str(), text.as_str());
                prop_assert_eq!(text.matches('@').count(), 1);
                prop_assert!(!text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>(),;:\"\\[]".contains(c)));
            }
        }
    }
}
