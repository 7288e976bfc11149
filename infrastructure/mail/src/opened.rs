//! A letter as its reader's program shows it: its headers, its text, and what was carried of it.

use mail_parser::MessageParser;

/// What ends the headers.
const BLANK: &[u8] = b"\r\n\r\n";

/// A letter that somebody has opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The headers in their order, each with its value in plain characters.
    pub headers: Vec<(String, String)>,
    /// The text, decoded.
    pub text: String,
    /// The same as it was carried.
    pub body: Vec<u8>,
}

impl Opened {
    /// Opens a letter of ours; nothing if it is none.
    pub fn read(letter: &[u8]) -> Option<Self> {
        let end = letter.windows(BLANK.len()).position(|window| window == BLANK)?;
        let message = MessageParser::default().parse(letter)?;
        let plain = |(name, raw): (&str, &str)| {
            // The subject is the one line of ours that needs more than ASCII.
            let subject = name.eq_ignore_ascii_case("Subject").then(|| message.subject()).flatten();
            let words: Vec<_> = subject.unwrap_or(raw).split_whitespace().collect();
            (name.to_owned(), words.join(" "))
        };
        let headers = message.headers_raw().map(plain).collect();
        Some(Self { headers, text: message.body_text(0)?.into_owned(), body: letter[end + BLANK.len()..].to_vec() })
    }

    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

impl std::fmt::Debug for Opened {
    /// A recipient's address is nothing for a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened").field("language", &self.header("Content-Language")).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use entente_application::ports::{Letter, LetterLanguage};
    use entente_domain::EmailAddress;
    use uuid::Uuid;

    use super::*;
    use crate::Settings;
    use crate::paper::Paper;
    use crate::words::words;

    #[test]
    fn what_was_written_is_read_in_every_language() {
        let settings = Settings { site: Some("https://centre.example/".to_owned()), ..Settings::default() };
        let paper = Paper::open(&settings).unwrap();
        for language in LetterLanguage::ALL {
            let to = EmailAddress::parse("a@b.fr").unwrap();
            let letter = Letter { id: Uuid::from_u128(7), to, language, at: "2026-11-27T13:34:58Z".parse().unwrap() };
            let message = paper.write(&letter).unwrap().message;
            let opened = Opened::read(&message).unwrap();
            assert_eq!(opened.header("subject"), words(language).subject);
            assert_eq!(opened.header("To"), "a@b.fr");
            assert_eq!(opened.header("content-language"), language.code());
            assert_eq!(opened.header("Bcc"), "");
            assert!(opened.text.contains("https://centre.example/"), "{}", opened.text);
            assert!(opened.text.replace("\r\n", "\n").starts_with(&words(language).before.replace("\r\n", "\n")));
            assert!(message.ends_with(&opened.body) && !format!("{opened:?}").contains("a@b"));
        }
    }

    #[test]
    fn what_has_no_end_of_headers_is_no_letter() {
        assert_eq!(Opened::read(b"Subject: nothing"), None);
        assert_eq!(Opened::read(b""), None);
    }
}
