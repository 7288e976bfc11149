//! A record as somebody reads it who has nothing of ours: with Python's libraries and `sha256sum`, in an empty folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;
use tempfile::TempDir;

use super::found_in;

/// Unpacks an archive into a folder, and reads the page in it.
const READER: &str = r#"
import html.parser, json, pathlib, stat, sys, zipfile
folder = pathlib.Path(sys.argv[2])
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    names = archive.namelist()
    times = ['%04d-%02d-%02dT%02d:%02d:%02d' % entry.date_time for entry in archive.infolist()]
    assert len(set(names)) == len(names), names
    for entry in archive.infolist():
        path = pathlib.PurePosixPath(entry.filename)
        assert not path.is_absolute() and '..' not in path.parts and '\\' not in entry.filename, entry
        assert not stat.S_ISLNK(entry.external_attr >> 16), entry
    archive.extractall(folder)

class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.language, self.links, self.paragraphs, self.title = [], None, [], [], ''
    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag not in ('script', 'iframe', 'img', 'link', 'form'), tag
        if tag == 'html': self.language = attributes['lang']
        if tag == 'a': self.links.append(attributes['href'])
        if tag not in ('meta', 'br'): self.open.append(tag)
        if tag in ('p', 'h1', 'h2', 'h3', 'td', 'th', 'li'): self.paragraphs.append('')
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, (tag, self.open)
    def handle_data(self, data):
        if self.open and self.open[-1] == 'title': self.title += data
        elif self.paragraphs and self.open[-1] != 'style': self.paragraphs[-1] += data

page = Page()
page.feed((folder / 'record.html').read_text('utf-8'))
page.close()
assert not page.open, page.open
print(json.dumps({'names': names, 'times': times, 'language': page.language, 'title': page.title.strip(), 'links': page.links,
    'paragraphs': [text.strip() for text in page.paragraphs]}))
"#;

/// A record, unpacked.
pub(super) struct Unpacked {
    folder: TempDir,
    pub(super) read: Read,
    /// `record.json`.
    pub(super) json: Value,
}

/// What the reader tells.
#[derive(Debug, Deserialize)]
pub(super) struct Read {
    /// The names of the files, in their order.
    pub(super) names: Vec<String>,
    /// Their times, as the archive has them.
    pub(super) times: Vec<String>,
    pub(super) language: String,
    pub(super) title: String,
    pub(super) links: Vec<String>,
    /// What stands on the page, piece by piece.
    pub(super) paragraphs: Vec<String>,
}

impl Unpacked {
    /// # Panics
    /// If another program cannot read it, or the sums are not those of all its files.
    pub(super) fn of(archive: &[u8]) -> Self {
        let (kept, folder) = (entente_tests::sqlite::folder(), entente_tests::sqlite::folder());
        let file = kept.path().join("record.zip");
        std::fs::write(&file, archive).unwrap();
        let python = Command::new("python3").args(["-c", READER]).args([&file, folder.path()]).output().unwrap();
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        let read: Read = serde_json::from_slice(&python.stdout).unwrap();
        let json = serde_json::from_slice(&std::fs::read(folder.path().join("record.json")).unwrap()).unwrap();
        let unpacked = Self { folder, read, json };
        unpacked.adds_up();
        unpacked
    }

    /// The sums are right, and all files but the sums themselves have one.
    fn adds_up(&self) {
        let mut sums = Command::new("sha256sum");
        let sums = sums.args(["--check", "--strict", "SHA256SUMS"]).env("LC_ALL", "C").current_dir(self.folder.path());
        let said = sums.stdin(Stdio::null()).output().unwrap();
        assert!(said.status.success(), "{said:?}");
        let said = String::from_utf8(said.stdout).unwrap();
        let mut summed: Vec<_> = said.lines().map(|line| line.strip_suffix(": OK").unwrap()).collect();
        summed.push("SHA256SUMS");
        summed.sort_unstable();
        let mut names: Vec<_> = self.read.names.iter().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(summed, names);
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The documents, by path.
    pub(super) fn documents(&self) -> BTreeMap<String, Vec<u8>> {
        let documents = self.read.names.iter().filter(|name| name.starts_with("documents/"));
        documents.map(|name| (name.clone(), std::fs::read(self.path().join(name)).unwrap())).collect()
    }

    /// The ids of the items that `record.json` shows, in their order.
    pub(super) fn items(&self) -> Vec<&str> {
        let items = self.json["page"]["items"].as_array().unwrap();
        items.iter().map(|item| item["item"].as_str().unwrap()).collect()
    }

    /// The files, or names of files, in which any of these texts stands.
    pub(super) fn holding(&self, texts: &[&str]) -> Vec<String> {
        let mut found = if texts.is_empty() { vec![] } else { found_in(self.path(), texts) };
        found.extend(self.read.names.iter().filter(|name| texts.iter().any(|text| name.contains(text))).cloned());
        found
    }
}
