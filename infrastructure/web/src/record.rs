//! A viewer's own record of a case as files, to be read without the centre: the same sight, the same bytes, any day.

mod archive;
mod sheet;
#[cfg(test)]
mod tests;
mod words;
mod zip;

use std::collections::BTreeMap;

use askama::Template as _;
use entente_application::Centre;
use entente_application::documents::Document;
use entente_application::record::Record;
use entente_domain::ItemId;
use entente_projections::page::CasePage;
use entente_projections::trail;
use futures::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use serde::Serialize;
use sha2::{Digest, Sha256};

use self::archive::{Content, Opening};
pub use self::archive::{File, size, written};
use self::sheet::Sheet;
use crate::file_name;
use crate::language::Language;
use crate::problem::{Fault, Problem, broken};

/// What a record says, for programs.
#[derive(Serialize)]
struct Told<'a> {
    page: &'a CasePage,
    trail: &'a [trail::Line],
}

/// A document beside the page.
struct Beside {
    item: ItemId,
    path: String,
    file: File,
    digest: String,
}

/// The files of a record, in a fixed order.
///
/// # Errors
/// None that is not our mistake.
pub fn files(centre: &Centre, record: Record, language: Language) -> Result<Vec<File>, Problem> {
    let Record { page, trail, documents, .. } = record;
    let beside = documents.into_iter().filter_map(|(item, document)| {
        let found = page.items.iter().find(|found| found.item == item)?;
        let path = path(found.no, document.facts.name.as_str());
        let digest = document.facts.digest.as_str().to_owned();
        let content = Content::Later(document.facts.size, opening(centre.clone(), document));
        Some(Beside { item, path: path.clone(), file: File { path, at: Some(found.at), content }, digest })
    });
    let beside = beside.collect();
    assembled(&page, &trail, beside, language)
}

/// The viewer's own number and the document's name: no two are the same, and none leads out of the folder.
fn path(no: u32, name: &str) -> String {
    format!("documents/{no:03}-{}", file_name::plain(name))
}

fn opening(centre: Centre, document: Document) -> Opening {
    let opened = async move {
        let whole = 0..document.facts.size;
        match centre.content(&document, whole).await {
            Ok(content) => Ok(content.map_err(broken).boxed()),
            Err(error) => {
                // The answer has begun: all that is wanted of the problem is its line of log.
                drop(Problem::from(error));
                Err(std::io::Error::other("a document could not be read"))
            }
        }
    };
    Box::new(|| opened.boxed())
}

fn assembled(
    page: &CasePage,
    trail: &[trail::Line],
    beside: Vec<Beside>,
    language: Language,
) -> Result<Vec<File>, Problem> {
    let documents: BTreeMap<_, _> = beside.iter().map(|beside| (beside.item, beside.path.clone())).collect();
    let sheet =
        Sheet { page, documents: &documents, language }.render().map_err(|_| ours("a page cannot be written"))?;
    // By way of a value, whose fields are in the order of their names (RFC 8785).
    let told = serde_json::to_value(Told { page, trail }).and_then(|told| serde_json::to_vec(&told));
    let told = told.map_err(|_| ours("a record has no JSON form"))?;
    let mut sums = sum(&digest(sheet.as_bytes()), "record.html") + &sum(&digest(&told), "record.json");
    sums.extend(beside.iter().map(|beside| sum(&beside.digest, &beside.path)));
    let own = [("record.html", sheet.into_bytes()), ("record.json", told), ("SHA256SUMS", sums.into_bytes())];
    let own =
        own.into_iter().map(|(path, bytes)| File { path: path.to_owned(), at: None, content: Content::Bytes(bytes) });
    Ok(own.chain(beside.into_iter().map(|beside| beside.file)).collect())
}

fn ours(what: &'static str) -> Problem {
    tracing::error!(what, "a record cannot be made");
    Fault::Internal.into()
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A line that `sha256sum -c` reads.
fn sum(digest: &str, path: &str) -> String {
    format!("{digest}  {path}\n")
}
