//! Texts that people write, bounded where they enter so that nothing further in has to check again.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// A text of 1 to `MAX` characters that is not only white space and holds no control character but tab and line ends.
///
/// Lengths are Unicode scalar values, as a person counts characters, not bytes.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text<const MAX: usize>(String);

/// The body of a message, a draft or a disclosed substance (2-domain §2: 1 to 16,000 characters).
pub type Body = Text<16_000>;
/// A name of a person, company, discussion or file.
pub type Name = Text<200>;
/// What a dispute is about, or what a mediator declares.
pub type Statement = Text<4_000>;

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing, or only white space.
    #[error("the text is empty")]
    Empty,
    /// More than the limit, in characters.
    #[error("the text is longer than {0} characters")]
    TooLong(usize),
    /// A control character that no keyboard types.
    #[error("the text holds a control character")]
    Control,
}

impl<const MAX: usize> Text<MAX> {
    /// Checks a text.
    ///
    /// # Errors
    /// Empty, too long, or with a control character.
    pub fn parse(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        if text.trim().is_empty() {
            return Err(TextError::Empty);
        }
        // Counting stops at the limit: a hostile megabyte costs no more than a long letter.
        if text.chars().nth(MAX).is_some() {
            return Err(TextError::TooLong(MAX));
        }
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            return Err(TextError::Control);
        }
        Ok(Self(text))
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Text<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<const MAX: usize> fmt::Debug for Text<MAX> {
    /// Only the length: a text that reaches a log by accident tells nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

impl<const MAX: usize> fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::schema::{ObjectBuilder, Type};
    use utoipa::openapi::{RefOr, Schema};

    impl<const MAX: usize> utoipa::PartialSchema for super::Text<MAX> {
        fn schema() -> RefOr<Schema> {
            ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(MAX)).into()
        }
    }

    impl<const MAX: usize> utoipa::ToSchema for super::Text<MAX> {
        fn name() -> std::borrow::Cow<'static, str> {
            format!("Text{MAX}").into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_taken_up_to_its_limit_and_not_beyond() {
        assert!(Text::<3>::parse("héé").is_ok());
        assert_eq!(Text::<3>::parse("four"), Err(TextError::TooLong(3)));
    }

    #[test]
    fn white_space_alone_says_nothing() {
        assert_eq!(Body::parse(" \n\t "), Err(TextError::Empty));
    }

    #[test]
    fn a_nul_is_refused_and_a_line_end_is_not() {
        assert_eq!(Body::parse("a\0b"), Err(TextError::Control));
        assert!(Body::parse("a\r\nb").is_ok());
    }
}
