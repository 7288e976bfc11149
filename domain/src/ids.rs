//! The identifiers of a mediation, each a type of its own so that none is taken for another.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// One mediation, from registration to closing: the name of its event stream.
    CaseId,
    /// A human being, whichever cases they take part in.
    PersonId,
    /// A company that is, or could be, a party.
    CompanyId,
    /// A message, document, settlement draft or disclosed copy on a table.
    ItemId,
    /// A named thread of a table with an audience.
    DiscussionId,
    /// The content of a document in the vault; random, and no two documents share one.
    ObjectId,
    /// One request to change a case; sent again it has one effect and the same answer.
    CommandId,
}

impl CommandId {
    /// An id that follows from this command: the same command always names the same thing (UUIDv5, RFC 9562 §5.5).
    pub fn derive(self, what: &str) -> Uuid {
        Uuid::new_v5(&self.0, what.as_bytes())
    }
}
