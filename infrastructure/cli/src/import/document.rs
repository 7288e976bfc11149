//! A document that a line brings: looked for beside the file, and taken in before the line is carried out.

use std::path::Path;

use entente_application::CentreError;
use entente_application::centre::Centre;
use entente_application::documents::inspect::{self, Inspected};
use entente_application::documents::{DocumentError, NewUpload, Submission};
use entente_application::ports::{Names, VaultError};
use entente_domain::event::{ContentDigest, DocumentClass, DocumentFacts};
use entente_domain::{Actor, Ask, Case, CaseId, CommandId, DiscussionId, FileName, ItemId, Name, ObjectId, command};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::line::Refused;
use super::source::Source;
use super::worker::Trouble;

/// The space of the documents that an import brings.
const DOCUMENTS: &str = "document of an import";
/// The command that brings one.
const COMMAND: &str = "submit_document";

/// What a line says of its document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    discussion: DiscussionId,
    class: DocumentClass,
    name: Option<String>,
    content: Option<String>,
    file: Option<String>,
    facts: Option<IgnoredAny>,
}

/// A document that was found.
pub(super) struct Brought {
    discussion: DiscussionId,
    class: DocumentClass,
    name: FileName,
    size: u64,
    digest: [u8; 32],
    source: Source,
}

impl Brought {
    /// The document of a command whose references are resolved; none if it brings none. Files lie in the folder.
    pub(super) async fn find(command: &Value, folder: Option<&Path>) -> Result<Option<Self>, Refused> {
        let Some(fields) = command.get(COMMAND) else { return Ok(None) };
        let said = Said::deserialize(fields).map_err(|error| Refused::malformed(&error))?;
        let (source, of_file) = match (said.content, said.file) {
            (Some(words), None) if said.facts.is_none() => (Source::Words(words.into()), None),
            (None, Some(path)) if said.facts.is_none() => {
                let name = Path::new(&path).file_name().and_then(|name| name.to_str()).map(str::to_owned);
                (Source::inside(folder, Path::new(&path))?, name)
            }
            _ => return Err(contentless()),
        };
        let name = said.name.or(of_file).ok_or_else(nameless)?;
        let name = FileName::parse(name).map_err(|error| Refused::new("bad-file-name", error.to_string()))?;
        let (size, digest) = source.measured().await?;
        Ok(Some(Self { discussion: said.discussion, class: said.class, name, size, digest, source }))
    }

    /// The object's name. It follows from the line and from all that is said of the document, so that a line is taken in
    /// once however often it is met, and a line or a file that was corrected meanwhile is another.
    fn object(&self, names: &dyn Names, command: CommandId) -> ObjectId {
        let words = [
            command.0.as_bytes().as_slice(),
            self.discussion.0.as_bytes(),
            self.name.name().as_str().as_bytes(),
            &self.digest,
        ];
        ObjectId(names.name(DOCUMENTS, &words))
    }

    /// Takes the content in, or what is missing of it; gives the command that submits it.
    pub(super) async fn take_in(
        &self,
        centre: &Centre,
        case: CaseId,
        by: Actor,
        command: CommandId,
    ) -> Result<Ask, CentreError> {
        let object = self.object(&*centre.names, command);
        let wanted = NewUpload {
            discussion: self.discussion,
            name: self.name.clone(),
            size: self.size,
            digest: Some(ContentDigest::of(&self.digest)),
        };
        let upload = centre.begin_upload(case, by, object, wanted).await?;
        if upload.facts.is_none() {
            let from = upload.received;
            centre.receive(upload, from, self.source.bytes(from)).await?;
        }
        centre.submission(case, by, &Submission { upload: object, class: self.class }).await
    }

    /// Whether the content would be taken in, as far as it can be told without doing so.
    pub(super) async fn fits(&self, centre: &Centre) -> Result<(), Trouble> {
        if self.size > centre.documents.largest {
            return Err(CentreError::from(DocumentError::TooLarge(centre.documents.largest)).into());
        }
        match inspect::inspect(self.size, |range| self.source.read(range)).await {
            Ok(_) => Ok(()),
            Err(Inspected::Unfit(unfit)) => Err(CentreError::from(DocumentError::from(unfit)).into()),
            Err(Inspected::Vault(error)) => Err(CentreError::from(DocumentError::from(error)).into()),
        }
    }

    /// The command as it would be, for a decision that is not carried out: no rule asks what a document holds.
    pub(super) fn supposed(&self, names: &dyn Names, command: CommandId) -> Result<Ask, Refused> {
        let facts = DocumentFacts {
            name: self.name.name().clone(),
            media_type: Name::parse("application/octet-stream").map_err(|_| contentless())?,
            size: self.size,
            digest: ContentDigest::of(&self.digest),
        };
        let object = self.object(names, command);
        Ok(command::SubmitDocument { discussion: self.discussion, facts, class: self.class, object }.into())
    }
}

/// Puts in what is known of a document where a disclosure names the line that brought it.
pub(super) async fn resolve(centre: &Centre, command: &mut Value, case: &Case) -> Result<(), Trouble> {
    let Some(place) = command.pointer_mut("/disclose/content/document").filter(|place| place.is_string()) else {
        return Ok(());
    };
    let item = place.as_str().and_then(|item| item.parse().ok());
    let object = item.and_then(|item: ItemId| case.items.get(&item)).and_then(|item| item.object);
    let upload = match object {
        Some(object) => centre.uploads.upload(object).await?,
        None => None,
    };
    let facts = upload.and_then(|upload| upload.facts).ok_or_else(|| {
        Refused::new("unknown-reference", "\"document\" names a line that has brought no document to this case")
    })?;
    *place = serde_json::to_value(facts).map_err(|error| Refused::malformed(&error))?;
    Ok(())
}

/// The line's own fault, if it is one; what is not is worth asking again.
pub(super) fn fault(error: &DocumentError) -> Option<Refused> {
    let code = match error {
        DocumentError::TooLarge(_) => "document-too-large",
        DocumentError::OverQuota(_) => "over-quota",
        DocumentError::Unfit(_) => "document-unfit",
        DocumentError::Malware => "malware",
        DocumentError::TooMany(_)
        | DocumentError::CutOff(_)
        | DocumentError::PartTooSmall(_)
        | DocumentError::Incomplete(_)
        | DocumentError::WrongDigest(_)
        | DocumentError::Vault(VaultError::Differs(_)) => {
            let reason = "the document's file changed, or could not be read, while it was taken in; import it again";
            return Some(Refused::new("document-changed", reason));
        }
        DocumentError::TooManyAtOnce(_)
        | DocumentError::WrongOffset(_)
        | DocumentError::Complete
        | DocumentError::NotScanned
        | DocumentError::NoSuchRange(_)
        | DocumentError::Vault(_) => return None,
    };
    Some(Refused::new(code, error.to_string()))
}

fn contentless() -> Refused {
    let reason = "name the document's content, and not its facts, which follow from it: give either \"content\", with \
                  its text, or \"file\", with a path from the folder of the lines on";
    Refused::new("document-without-content", reason)
}

fn nameless() -> Refused {
    Refused::new("document-without-name", "give the document a \"name\", such as \"name\": \"contract.txt\"")
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
