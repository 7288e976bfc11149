//! What a token is bound to: where it stands, and whose content it is.

use entente_domain::sealed::{Path, Subject};
use entente_domain::{ItemId, ObjectId, PersonId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Whose content a key of a case seals: what can be erased by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Case,
    Item(ItemId),
    Person(PersonId),
    Object(ObjectId),
}

impl From<Subject> for Whose {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Case => Self::Case,
            Subject::Item(item) => Self::Item(item),
            Subject::Person(person) => Self::Person(person),
        }
    }
}

impl Whose {
    /// A kind and an id; nothing spells two of them alike.
    fn bytes(self) -> [u8; 17] {
        let (kind, id) = match self {
            Self::Case => (0, Uuid::nil()),
            Self::Item(item) => (1, item.0),
            Self::Person(person) => (2, person.0),
            Self::Object(object) => (3, object.0),
        };
        let mut bytes = [kind; 17];
        bytes[1..].copy_from_slice(id.as_bytes());
        bytes
    }

    /// The leaf of the case's tree whose key this is. Two of one case share a leaf once in 2⁶⁴ pairs.
    pub(crate) fn leaf(self) -> u64 {
        let digest = Sha256::digest(self.bytes());
        digest.iter().take(8).fold(0, |leaf, byte| leaf << 8 | u64::from(*byte))
    }
}

/// Where a sealed part stands; a token opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// The stream.
    pub(crate) case: Uuid,
    /// The number in the stream.
    pub(crate) sequence: u64,
    /// The fields that lead to it, and whose content it is.
    pub(crate) path: &'a Path<'a>,
}

impl Place<'_> {
    pub(crate) fn whose(&self) -> Whose {
        self.path.subject().into()
    }

    /// What tokens of version 1 are bound to, whoever's they are.
    ///
    /// All lengths but the last are fixed, so that no two places spell the same bytes. Stream and number name one
    /// event for ever; its kind and version are left out, for both may be another once it has been upcast.
    pub(crate) fn first_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        bytes.extend_from_slice(b"entente/1 part");
        bytes.extend_from_slice(self.case.as_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        self.path.spell(&mut bytes);
        bytes
    }

    /// The same and whose content it is: what tokens of version 2 are bound to.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(96);
        bytes.extend_from_slice(b"entente/2 part");
        bytes.extend_from_slice(self.case.as_bytes());
        bytes.extend_from_slice(&self.sequence.to_be_bytes());
        bytes.extend_from_slice(&self.whose().bytes());
        self.path.spell(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_leaf_and_always_the_same() {
        let id = Uuid::from_u128(1);
        let all = [Whose::Case, Whose::Item(ItemId(id)), Whose::Person(PersonId(id)), Whose::Object(ObjectId(id))];
        let leaves = all.map(Whose::leaf);
        // They are part of the format: another number would open nothing that was sealed before.
        assert_eq!(
            leaves,
            [0x0a88_1118_5209_5cae, 0x5cf6_a7dc_71a7_efba, 0x6b81_d1cf_b3d8_6a4b, 0xfe2a_9f8a_0b88_cd5b]
        );
    }
}
