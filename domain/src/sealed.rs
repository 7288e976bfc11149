//! Content and personal data inside an event: clear in memory, ciphertext in every table.

use std::convert::Infallible;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{ItemId, PersonId};

/// A confidential part of an event.
///
/// No rule branches on what is inside: a decision must come out the same once the key is destroyed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sealed<T> {
    /// Readable, as it was said.
    Clear(T),
    /// Ciphertext, as it is stored; stays so for good once the case's key is gone.
    Shut(String),
    /// Left out for this viewer, before anything was decrypted. Never stored.
    #[serde(skip)]
    Withheld,
}

impl<T> Sealed<T> {
    /// What was said, if it is readable here.
    pub fn clear(&self) -> Option<&T> {
        match self {
            Self::Clear(value) => Some(value),
            Self::Shut(_) | Self::Withheld => None,
        }
    }
}

impl<T> From<T> for Sealed<T> {
    fn from(value: T) -> Self {
        Self::Clear(value)
    }
}

impl<T> std::fmt::Debug for Sealed<T> {
    /// Never the content, so that none reaches a log through `{:?}`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Clear(_) => "Sealed(clear)",
            Self::Shut(_) => "Sealed(shut)",
            Self::Withheld => "Sealed(withheld)",
        })
    }
}

/// One confidential part, handed to whoever holds the key.
pub trait Seal {
    /// The bytes to encrypt; `None` if the part is shut already or withheld.
    ///
    /// # Errors
    /// If the value has no JSON form.
    fn clear_bytes(&self) -> Result<Option<Vec<u8>>, serde_json::Error>;
    /// The ciphertext; `None` if the part is clear or withheld.
    fn token(&self) -> Option<&str>;
    /// Replaces the clear value by its ciphertext.
    fn shut(&mut self, token: String);
    /// Replaces the ciphertext by the value that these decrypted bytes spell.
    ///
    /// # Errors
    /// If the bytes are not such a value.
    fn open(&mut self, bytes: &[u8]) -> Result<(), serde_json::Error>;
    /// Leaves the part out.
    fn withhold(&mut self);
}

impl<T: Serialize + DeserializeOwned> Seal for Sealed<T> {
    fn clear_bytes(&self) -> Result<Option<Vec<u8>>, serde_json::Error> {
        self.clear().map(serde_json::to_vec).transpose()
    }

    fn token(&self) -> Option<&str> {
        match self {
            Self::Clear(_) | Self::Withheld => None,
            Self::Shut(token) => Some(token),
        }
    }

    fn shut(&mut self, token: String) {
        *self = Self::Shut(token);
    }

    fn open(&mut self, bytes: &[u8]) -> Result<(), serde_json::Error> {
        *self = Self::Clear(serde_json::from_slice(bytes)?);
        Ok(())
    }

    fn withhold(&mut self) {
        *self = Self::Withheld;
    }
}

/// Where in an event a confidential part stands, by the names of its fields: what the ciphertext is bound to. Fields
/// may be added and moved in later versions of an event; one that holds a sealed part keeps its name.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    up: Option<&'a Path<'a>>,
    field: &'static str,
    subject: Subject,
}

/// Whose content a confidential part is: its key follows from this, so that one person's or one item's content can be
/// erased and nothing else with it. Always to be known from the skeleton.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Of nobody in particular: goes when the whole case goes.
    #[default]
    Case,
    /// What an item says.
    Item(ItemId),
    /// Who a person is.
    Person(PersonId),
}

impl<'a> Path<'a> {
    /// The event itself.
    pub const ROOT: Path<'static> = Path { up: None, field: "", subject: Subject::Case };

    /// A field of what stands here.
    pub const fn field(&'a self, field: &'static str) -> Self {
        Self { up: Some(self), field, subject: self.subject }
    }

    /// The same place, said to be somebody's or something's own.
    #[must_use]
    pub const fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Whose content stands here.
    pub const fn subject(&self) -> Subject {
        self.subject
    }
}

impl Path<'_> {
    /// Adds the fields' names, with dots between them, to what a ciphertext is bound to.
    pub fn spell(&self, bytes: &mut Vec<u8>) {
        if let Some(up) = self.up.filter(|up| up.up.is_some()) {
            up.spell(bytes);
            bytes.push(b'.');
        }
        bytes.extend_from_slice(self.field.as_bytes());
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = Vec::new();
        self.spell(&mut bytes);
        f.write_str(&String::from_utf8_lossy(&bytes))
    }
}

/// Looks at one confidential part, at its place.
pub type Visit<'v, E> = dyn FnMut(&Path<'_>, &mut dyn Seal) -> Result<(), E> + 'v;

/// Visits the confidential parts of a value.
pub trait Seals {
    /// Calls `visit` on each part, with its place below `path`; stops at the first error.
    ///
    /// # Errors
    /// The first error of `visit`.
    fn seals_at<E>(&mut self, path: &Path<'_>, visit: &mut Visit<'_, E>) -> Result<(), E>;

    /// Calls `visit` on each part, wherever it stands; stops at the first error.
    ///
    /// # Errors
    /// The first error of `visit`.
    fn seals<E>(&mut self, visit: &mut dyn FnMut(&mut dyn Seal) -> Result<(), E>) -> Result<(), E> {
        self.seals_at(&Path::ROOT, &mut |_: &Path<'_>, part: &mut dyn Seal| visit(part))
    }

    /// Leaves every confidential part out; what remains is the skeleton.
    fn withhold_all(&mut self) {
        let Ok(()) = self.seals::<Infallible>(&mut |part| {
            part.withhold();
            Ok(())
        });
    }
}

impl<T: Serialize + DeserializeOwned> Seals for Sealed<T> {
    fn seals_at<E>(&mut self, path: &Path<'_>, visit: &mut Visit<'_, E>) -> Result<(), E> {
        visit(path, self)
    }
}

impl<T: Seals> Seals for Option<T> {
    fn seals_at<E>(&mut self, path: &Path<'_>, visit: &mut Visit<'_, E>) -> Result<(), E> {
        self.as_mut().map_or(Ok(()), |inner| inner.seals_at(path, visit))
    }
}

/// Declares types that are public skeleton throughout.
macro_rules! skeleton {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::sealed::Seals for $type {
            fn seals_at<E>(
                &mut self,
                _: &$crate::sealed::Path<'_>,
                _: &mut $crate::sealed::Visit<'_, E>,
            ) -> Result<(), E> {
                Ok(())
            }
        }
    )*};
}
pub(crate) use skeleton;

/// Declares structs whose parts are visited field by field: a field of a type without a decision does not compile.
macro_rules! with_seals {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident : $type:ty),* $(,)? })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }

        impl $crate::sealed::Seals for $name {
            #[allow(unused_variables, reason = "some events say no more than that they happened")]
            fn seals_at<E>(
                &mut self,
                path: &$crate::sealed::Path<'_>,
                visit: &mut $crate::sealed::Visit<'_, E>,
            ) -> Result<(), E> {
                $($crate::sealed::Seals::seals_at(&mut self.$field, &path.field(stringify!($field)), visit)?;)*
                Ok(())
            }
        }
    )*};
}
pub(crate) use with_seals;

skeleton!(bool, u16, u32, u64, String, jiff::Timestamp, jiff::civil::Date);
skeleton!(crate::CaseId, crate::PersonId, crate::CompanyId, crate::ItemId, crate::DiscussionId, crate::ObjectId);
skeleton!(Vec<crate::PersonId>, Vec<crate::ItemId>);
