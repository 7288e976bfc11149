//! The companies in dispute, and the public facts of a request that figures may count.

use serde::{Deserialize, Deserializer, Serialize};

use crate::sealed::{Path, Sealed, Seals, Subject, Visit, skeleton, with_seals};
use crate::{CompanyId, Name, PersonId};

/// A country by its two capital letters (ISO 3166-1 alpha-2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// A language by its two small letters (ISO 639-1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 2]);

/// Two letters of the wrong kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a {0} is written with two {1} letters, such as {2}")]
pub struct CodeError(&'static str, &'static str, &'static str);

macro_rules! two_letters {
    ($name:ident, $test:ident, $error:expr, $example:literal) => {
        impl $name {
            /// Checks a code.
            ///
            /// # Errors
            /// Anything but two ASCII letters of the right case.
            pub fn parse(code: &str) -> Result<Self, CodeError> {
                match code.as_bytes() {
                    [a, b] if a.$test() && b.$test() => Ok(Self([*a, *b])),
                    _ => Err($error),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}{}", char::from(self.0[0]), char::from(self.0[1]))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{self}")
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::schema::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .min_length(Some(2))
                    .max_length(Some(2))
                    .examples([$example])
                    .into()
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
}

two_letters!(Country, is_ascii_uppercase, CodeError("country", "capital", "FR"), "FR");
two_letters!(Language, is_ascii_lowercase, CodeError("language", "small", "fr"), "fr");

impl Country {
    /// France: B3 asks that one of the two companies be French.
    pub const FRANCE: Self = Self(*b"FR");
}

with_seals! {
    /// A party: its country is counted, its name is confidential.
    pub struct Company {
        /// The company, whichever cases it is in.
        pub id: CompanyId,
        /// Where it is established.
        pub country: Country,
        /// Its business name.
        pub name: Sealed<Name>,
    }

}

/// A person who acts for a party, or mediates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The person.
    pub person: PersonId,
    /// The person's name.
    pub name: Sealed<Name>,
    /// Where alerts go, if known; never shown to another camp.
    pub email: Sealed<Option<Name>>,
}

impl Seals for Contact {
    /// The person's own: it can be erased without the rest of the case.
    fn seals_at<E>(&mut self, path: &Path<'_>, visit: &mut Visit<'_, E>) -> Result<(), E> {
        let own = path.about(Subject::Person(self.person));
        self.name.seals_at(&own.field("name"), visit)?;
        self.email.seals_at(&own.field("email"), visit)
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name { $($(#[$variant_doc])* $variant),* }
    )*};
}

words! {
    /// The trade in which the dispute arose.
    Sector {
        /// Making goods.
        Manufacturing,
        /// Building and civil works.
        Construction,
        /// Buying and selling goods.
        Trade,
        /// Carriage of goods or persons.
        Transport,
        /// Software, networks and data.
        Technology,
        /// Banking and insurance.
        Finance,
        /// Energy and raw materials.
        Energy,
        /// Services to companies.
        Services,
        /// Anything else.
        Other,
    }

    /// How much is in dispute, in euros.
    AmountBand {
        /// Less than 10,000.
        Under10k,
        /// From 10,000 to under 100,000.
        Under100k,
        /// From 100,000 to under 1,000,000.
        Under1m,
        /// 1,000,000 or more.
        Over1m,
        /// Not said, or not in money.
        Unstated,
    }
}

skeleton!(Country, Vec<Language>, Sector, AmountBand);
