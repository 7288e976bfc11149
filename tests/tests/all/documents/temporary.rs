//! The executable's whole disk: its data, its folder for temporary files, its home; no document lies there in clear, at no
//! step and after no kill.

use std::path::PathBuf;

use entente_tests::engines::Home;
use entente_tests::laws;
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use super::kills::{Centre, answer};
use super::process::Service;
use super::scanning::silent_scanner;
use super::*;

/// What is in the document, and what is in its name.
const WORDS: [&str; 2] = ["a canary that sings in the annex", "canary-in-the-name"];

/// All the places in which the executable may think of putting something.
struct Places {
    temporary: TempDir,
    home: TempDir,
    data: PathBuf,
}

impl Places {
    fn of(centre: &Centre) -> Self {
        let data = centre.folder.clone();
        Self { temporary: entente_tests::sqlite::folder(), home: entente_tests::sqlite::folder(), data }
    }

    fn serve(&self, centre: &Centre, scanner: Option<&str>) -> Service {
        let temporary = self.temporary.path().to_str().unwrap();
        let mut variables = vec![("TMPDIR", temporary), ("SQLITE_TMPDIR", temporary)];
        variables.push(("HOME", self.home.path().to_str().unwrap()));
        variables.extend(scanner.map(|address| ("ENTENTE_DOCUMENTS_CLAMD", address)));
        centre.serve(&variables)
    }

    /// That none of the words lies anywhere, nor in what is open and has no name any more.
    fn are_clean(&self, service: Option<&Service>, when: &str) {
        for place in [self.temporary.path(), self.home.path(), &self.data] {
            assert_eq!(found_in(place, &WORDS), Vec::<String>::new(), "{when}");
        }
        if let Some(service) = service {
            assert!(!in_no_folder(service.child.id()), "{when}: in a file that is in no folder any more");
        }
    }
}

/// What stands in the files that a process has open and that are in no folder any more: it is on the disk all the same.
fn unlinked(process: u32) -> Vec<Vec<u8>> {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let open = open.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let unlinked = open.filter(|path| {
        let target = std::fs::read_link(path).unwrap_or_default();
        target.is_absolute() && target.to_string_lossy().ends_with(" (deleted)")
    });
    unlinked.filter_map(|path| std::fs::read(path).ok()).collect()
}

/// Whether one of the words stands in a file that a process has open and that is in no folder any more.
fn in_no_folder(process: u32) -> bool {
    let holds = |bytes: &Vec<u8>| WORDS.iter().any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some());
    unlinked(process).iter().any(holds)
}

async fn no_document_lies_anywhere_in_clear_at_no_step(home: Home) {
    let centre = Centre::open(home).await;
    let places = Places::of(&centre);
    let hand = &centre.table.respondent;
    let bytes = format!("{}, line after line.\n", WORDS[0]).repeat((2 * SEGMENT + 700_000) / 52).into_bytes();
    assert!(bytes.len() > 2 * SEGMENT);
    let service = places.serve(&centre, None);
    let upload = centre.begin(&service, &format!("{}.txt", WORDS[1]), bytes.len()).await;
    places.are_clean(Some(&service), "announced");
    assert_eq!(answer(centre.putting(&service, &upload, 0, &bytes[..SEGMENT])).await.0, 200);
    places.are_clean(Some(&service), "begun");
    drop(service);
    places.are_clean(None, "begun, after a kill");

    // All there, and in the hands of a scanner that takes its time.
    let (scanner, all_sent) = silent_scanner(bytes.len()).await;
    let service = places.serve(&centre, Some(&scanner));
    let rest = tokio::spawn(centre.putting(&service, &upload, SEGMENT, &bytes[SEGMENT..]).send());
    all_sent.await.unwrap();
    places.are_clean(Some(&service), "while it is scanned");
    drop(service);
    assert!(rest.await.unwrap().is_err());
    places.are_clean(None, "while it is scanned, after a kill");

    let service = places.serve(&centre, None);
    let (status, released) = answer(centre.putting(&service, &upload, bytes.len(), &[])).await;
    assert_eq!((status, &released["digest"]), (200, &json!(digest(&bytes))), "{released}");
    places.are_clean(Some(&service), "released");
    let (status, submitted) = answer(centre.submitting(&service, &upload)).await;
    assert_eq!(status, 201, "{submitted}");
    let item = submitted["item"].as_str().unwrap();
    // On its way out, alone and in a record.
    for below in [format!("items/{item}/content"), "record".to_owned()] {
        let mut given = centre.asking(&service, hand, Method::GET, &below).send().await.unwrap();
        assert_eq!(given.status().as_u16(), 200);
        let first = given.chunk().await.unwrap().unwrap();
        places.are_clean(Some(&service), "while it is given out");
        let mut whole = first.to_vec();
        while let Some(piece) = given.chunk().await.unwrap() {
            whole.extend_from_slice(&piece);
        }
        assert!(memchr::memmem::find(&whole, WORDS[0].as_bytes()).is_some(), "what is looked for is given out");
        places.are_clean(Some(&service), "given out");
    }
    let half = centre.asking(&service, hand, Method::GET, "record").send().await.unwrap();
    drop(service);
    drop(half);
    places.are_clean(None, "given out, after a kill");
    // The search finds what is there.
    std::fs::write(places.temporary.path().join("in-clear"), &bytes[7..90]).unwrap();
    assert_eq!(found_in(places.temporary.path(), &WORDS).len(), 1);
    let mut nameless = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut nameless, &bytes[7..90]).unwrap();
    assert!(in_no_folder(std::process::id()));
}

laws!(no_document_lies_anywhere_in_clear_at_no_step);
