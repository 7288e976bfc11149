//! Words that occur nowhere else, one for each field in which somebody can write, and the search for them on disk.

use std::path::{Path, PathBuf};

use base64_of::forms;
use uuid::Uuid;

/// What all words begin with.
const BEGINNING: &str = "canary";

/// Words by the field that they were written into.
#[derive(Default)]
pub(super) struct Words(Vec<(&'static str, String)>);

impl Words {
    /// A new word for a field.
    pub(super) fn word(&mut self, field: &'static str) -> String {
        let word = format!("{BEGINNING}{}", Uuid::new_v4().simple());
        self.0.push((field, word.clone()));
        word
    }

    /// The fields whose words these bytes hold, in any form in which they could be written.
    pub(super) fn found_in(&self, bytes: &[u8]) -> Vec<&'static str> {
        let words: Vec<_> = self.0.iter().map(|(field, word)| (*field, forms(word))).collect();
        let mut found = vec![];
        // All words begin alike: one search for each form, and a closer look where it stops.
        for (form, beginning) in forms(BEGINNING).iter().enumerate() {
            for at in memchr::memmem::find_iter(bytes, beginning) {
                let here = words.iter().filter(|(_, forms)| bytes[at..].starts_with(&forms[form]));
                found.extend(here.map(|(field, _)| *field));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The fields whose words none of these texts holds.
    pub(super) fn missing_from(&self, texts: &[Vec<u8>]) -> Vec<&'static str> {
        let found: Vec<_> = texts.iter().flat_map(|text| self.found_in(text)).collect();
        self.0.iter().map(|(field, _)| *field).filter(|field| !found.contains(field)).collect()
    }

    /// Where on disk any of these words is, by file and field.
    pub(super) fn on_disk(&self, folder: &Path) -> Vec<(PathBuf, Vec<&'static str>)> {
        let mut found = vec![];
        for file in files(folder) {
            // A server removes files while it is looked at.
            let Ok(bytes) = std::fs::read(&file) else { continue };
            let fields = self.found_in(&bytes);
            if !fields.is_empty() {
                found.push((file, fields));
            }
        }
        found
    }
}

/// All files below a folder.
pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return vec![] };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

mod base64_of {
    //! The forms in which a word can be hidden from a plain search.

    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /// As it is, in UTF-16, in hexadecimal, and in base64 at each of its three beginnings.
    pub(super) fn forms(word: &str) -> Vec<Vec<u8>> {
        let plain = word.as_bytes().to_vec();
        let utf16 = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hex = plain.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes();
        let base64: Vec<_> = (0..3)
            .map(|skipped| {
                // Whole groups of three from the inside of the word: their letters do not depend on what is around.
                let inside = &plain[skipped..plain.len() - (plain.len() - skipped) % 3];
                let group = |three: &[u8]| {
                    let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
                    [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 63) as usize])
                };
                inside.chunks_exact(3).flat_map(group).collect::<Vec<u8>>()
            })
            .collect();
        [plain, utf16, hex].into_iter().chain(base64).collect()
    }
}

#[test]
fn a_word_is_found_in_each_form() {
    let mut words = Words::default();
    let word = words.word("field");
    let encoded = |text: &str| {
        use std::fmt::Write as _;
        text.bytes().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
    };
    for bytes in
        [word.clone().into_bytes(), encoded(&format!("x{word}y")).into_bytes(), format!("cc{word}").into_bytes()]
    {
        assert_eq!(words.found_in(&bytes), ["field"]);
    }
    for before in ["", "a", "ab"] {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{before}{word}, and more"));
        assert_eq!(words.found_in(text.as_bytes()), ["field"], "{before:?}");
    }
    assert!(words.found_in(&word.as_bytes()[1..]).is_empty());
}
