//! What an item holds, as far as its viewer may read it.

use entente_domain::event::{DisclosureForm, DocumentClass, DocumentFacts};
use serde::Serialize;

/// What an item holds; each part is none once erased.
#[derive(Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ItemContent {
    /// Something said.
    Message {
        /// The words.
        body: Option<String>,
    },
    /// A document.
    Document {
        /// Name, type, size and digest.
        facts: Option<DocumentFacts>,
        /// Its legal class.
        class: DocumentClass,
    },
    /// A draft settlement.
    Settlement {
        /// The text.
        text: Option<String>,
    },
    /// Something confided, passed on by the mediator.
    Disclosure {
        /// Word for word or in substance.
        form: DisclosureForm,
        /// The words, if words were passed on.
        body: Option<String>,
        /// The document, if one was.
        facts: Option<DocumentFacts>,
    },
}

impl ItemContent {
    /// Whether its words, or its file's name, hold these words, given in small letters.
    pub fn says(&self, words: &str) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(words);
        let named = |facts: &DocumentFacts| holds(&facts.name.to_string());
        match self {
            Self::Message { body } => body.as_deref().is_some_and(holds),
            Self::Document { facts, .. } => facts.as_ref().is_some_and(named),
            Self::Settlement { text } => text.as_deref().is_some_and(holds),
            Self::Disclosure { body, facts, .. } => {
                body.as_deref().is_some_and(holds) || facts.as_ref().is_some_and(named)
            }
        }
    }
}

impl std::fmt::Debug for ItemContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ItemContent")
    }
}
