//! What happens at the table: items, their visibility, the channel, the rhythm.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sealed::{Sealed, skeleton, with_seals};
use crate::{Audience, Body, Camp, DiscussionId, ItemId, Name, ObjectId, PersonId, Seat};

/// How the parties exchange (B15).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Channel {
    /// At the virtual table.
    #[default]
    Online,
    /// By fax.
    Fax,
    /// By telephone.
    Telephone,
    /// In one room.
    InPerson,
}

/// What a document is in law; never changes who sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DocumentClass {
    /// Written for this mediation, and confidential for that reason.
    DrawnUp,
    /// Existed before it.
    PreExisting,
}

/// What is known of a document besides its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DocumentFacts {
    /// The file's name, as the submitter calls it.
    pub name: Name,
    /// Its media type (RFC 6838).
    pub media_type: Name,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its content.
    pub digest: ContentDigest,
}

/// SHA-256 in 64 small hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContentDigest(String);

impl ContentDigest {
    /// The digest that these bytes are.
    pub fn of(digest: &[u8; 32]) -> Self {
        Self(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// In 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for ContentDigest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(is_hex) {
            Ok(Self(text))
        } else {
            Err(serde::de::Error::custom("a SHA-256 digest has 64 small hexadecimal digits"))
        }
    }
}

/// How far a confider lets the mediator go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum DisclosureForm {
    /// Word for word.
    Verbatim,
    /// In the mediator's words.
    Substance,
}

/// What a disclosed copy holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Disclosed {
    /// Words.
    Words(Body),
    /// A document's facts.
    Document(DocumentFacts),
}

skeleton!(Channel, DocumentClass, DisclosureForm);

with_seals! {
    /// Somebody said something.
    pub struct MessagePosted {
        /// The message.
        pub item: ItemId,
        /// Where.
        pub discussion: DiscussionId,
        /// To whom.
        pub audience: Audience,
        /// What.
        pub body: Sealed<Body>,
    }

    /// Somebody put a document on the table.
    pub struct DocumentSubmitted {
        /// The document.
        pub item: ItemId,
        /// Where.
        pub discussion: DiscussionId,
        /// To whom.
        pub audience: Audience,
        /// Name, type, size and digest.
        pub facts: Sealed<DocumentFacts>,
        /// Its legal class.
        pub class: DocumentClass,
        /// Its content in the vault; none if the document was made known without it.
        pub object: Option<ObjectId>,
    }

    /// The author narrowed who may see an item.
    pub struct VisibilityRestricted {
        /// The item.
        pub item: ItemId,
        /// Who may see it from now on.
        pub audience: Audience,
        /// Those losing sight of it who had opened it.
        pub seen_before: Vec<PersonId>,
        /// Those losing sight of it who had been alerted to it, and had not opened it.
        pub alerted_before: Vec<PersonId>,
    }

    /// A camp lets the mediator pass on what it confided.
    pub struct DisclosureAuthorised {
        /// The confided item.
        pub item: ItemId,
        /// The confider.
        pub camp: Camp,
        /// How.
        pub form: DisclosureForm,
    }

    /// The camp took that back before it was used.
    pub struct DisclosureRevoked {
        /// The confided item.
        pub item: ItemId,
        /// The confider.
        pub camp: Camp,
    }

    /// The mediator passed on what a camp had confided: a new item in the joint session.
    pub struct ItemDisclosed {
        /// The new item.
        pub item: ItemId,
        /// Where it is read.
        pub discussion: DiscussionId,
        /// What it comes from and who confided that; known to the confider and the mediator alone.
        pub source: Option<Source>,
        /// Word for word or in substance.
        pub form: DisclosureForm,
        /// What is passed on.
        pub content: Sealed<Disclosed>,
    }

    /// Where a disclosed copy comes from.
    pub struct Source {
        /// The confided item.
        pub item: ItemId,
        /// The confider.
        pub camp: Camp,
    }

    /// Somebody read an item for the first time.
    pub struct ItemOpened {
        /// The item.
        pub item: ItemId,
    }

    /// A letter without content told somebody that something new awaits at the centre (B13).
    pub struct PersonAlerted {
        /// Who was told.
        pub person: PersonId,
        /// Because of which items; the letter itself names none.
        pub items: Vec<ItemId>,
    }

    /// A camp lets auditors read what it has confided.
    pub struct AuditAccessGranted {
        /// The camp.
        pub camp: Camp,
    }

    /// The camp took that back.
    pub struct AuditAccessRevoked {
        /// The camp.
        pub camp: Camp,
    }

    /// The exchange went on by other means, or came back online (B15).
    pub struct ChannelSwitched {
        /// The means from now on.
        pub channel: Channel,
    }

    /// An exchange took place away from the table; what was said stays there (B15).
    pub struct OfflineExchangeRecorded {
        /// By what means.
        pub channel: Channel,
        /// Who took part.
        pub audience: Audience,
        /// When it began.
        pub began: Timestamp,
        /// How long it lasted, in minutes.
        pub minutes: u16,
    }

    /// The mediation paused: everyone reads, nobody posts.
    pub struct CaseSuspended {}

    /// It went on.
    pub struct CaseResumed {}

    /// One of the three agreed to a longer term.
    pub struct TermExtensionAgreed {
        /// Which of them.
        pub seat: Seat,
        /// Until when.
        pub until: Timestamp,
    }

    /// All three agreed to the same longer term.
    pub struct TermExtended {
        /// When the term is over now.
        pub until: Timestamp,
    }

    /// A mediator left the seat, and sees nothing more from this instant.
    pub struct TenureEnded {
        /// Which holding of the seat.
        pub tenure: u32,
    }

    /// A camp let the successor read what it had told the predecessors.
    pub struct CaucusReleased {
        /// The camp.
        pub camp: Camp,
        /// The successor's tenure.
        pub tenure: u32,
    }
}
