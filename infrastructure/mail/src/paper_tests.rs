//! What a letter says, and that everything but its recipient's line has one length.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;

fn settings() -> Settings {
    Settings {
        from: Some("centre@mediation.example".to_owned()),
        bounces: Some("bounces@mail.mediation.example".to_owned()),
        site: Some("https://mediation.example/sign-in?next=%2Finbox".to_owned()),
        ..Settings::default()
    }
}

fn letter(to: &str, language: LetterLanguage, number: u128, at: &str) -> Letter {
    Letter { id: Uuid::from_u128(number), to: EmailAddress::parse(to).unwrap(), language, at: at.parse().unwrap() }
}

/// A message without the lines of the recipient.
fn without_recipient(message: &[u8]) -> String {
    let text = String::from_utf8(message.to_vec()).unwrap();
    let (before, rest) = text.split_once("\r\nTo: ").unwrap();
    let mut lines = rest.split("\r\n").skip(1).skip_while(|line| line.starts_with(' ')).collect::<Vec<_>>();
    lines.insert(0, before);
    lines.join("\r\n")
}

const RECIPIENTS: [&str; 7] = [
    "a@b.fr",
    "claire.dubois+entente@direction-juridique.exemple-industrie.example.com",
    "an.address.that.is.as.long.as.a.local.part.can.be.and.no.longer@a-domain-that-has-to-be-folded-somewhere-by-whoever.\
     writes-headers.and-then.goes-on-for-quite-a-while.example.com",
    "민수@회사.한국",
    "jörg@bücher.example",
    "!#$%&'*+-/=?^_`{|}~@b.fr",
    "o'brien/x=y@example.co.uk",
];

#[test]
fn all_letters_of_a_language_have_one_length_but_for_the_recipient() {
    let paper = Paper::open(&settings()).unwrap();
    for language in LetterLanguage::ALL {
        let mut lengths = BTreeSet::new();
        for (number, to) in RECIPIENTS.iter().enumerate() {
            for at in ["2026-01-01T00:00:00Z", "2026-11-27T13:34:58.123456Z", "2031-09-09T09:09:09Z"] {
                for id in [number as u128, u128::MAX - number as u128] {
                    let sheet = paper.write(&letter(to, language, id, at)).unwrap();
                    let message = MessageParser::default().parse(&sheet.message).unwrap();
                    let read = message.to().unwrap().first().unwrap().address().unwrap();
                    assert_eq!(read, sheet.recipient.to_string());
                    lengths.insert(without_recipient(&sheet.message).len());
                }
            }
        }
        assert_eq!(lengths.len(), 1, "{language:?}: {lengths:?}");
    }
}

#[test]
fn letters_of_a_language_differ_in_name_date_and_recipient_alone() {
    let paper = Paper::open(&settings()).unwrap();
    for language in LetterLanguage::ALL {
        let texts = RECIPIENTS.iter().enumerate().map(|(number, to)| {
            let sheet = paper.write(&letter(to, language, number as u128, "2026-11-27T13:34:58Z")).unwrap();
            without_recipient(&sheet.message).replace(&Uuid::from_u128(number as u128).to_string(), "")
        });
        assert_eq!(texts.collect::<BTreeSet<_>>().len(), 1, "{language:?}");
    }
}

#[test]
fn a_letter_reads_as_it_was_meant_to() {
    let paper = Paper::open(&settings()).unwrap();
    for language in LetterLanguage::ALL {
        let sheet = paper.write(&letter("a@b.fr", language, 7, "2026-11-27T13:34:58Z")).unwrap();
        assert!(sheet.message.is_ascii() && sheet.message.split(|byte| *byte == b'\n').all(|line| line.len() < 80));
        let message = MessageParser::default().parse(&sheet.message).unwrap();
        let words = words(language);
        assert_eq!(message.subject(), Some(words.subject));
        let expected = format!("{}\r\n\r\n{}\r\n\r\n{}\r\n", words.before, settings().site.unwrap(), words.after);
        assert_eq!(message.body_text(0).unwrap().replace('\n', "\r\n").replace("\r\r", "\r"), expected);
        assert_eq!(message.message_id(), Some("00000000-0000-0000-0000-000000000007@mediation.example"));
        assert_eq!(message.date().unwrap().to_rfc3339(), "2026-11-27T13:34:00Z");
        assert_eq!(message.header_raw("Auto-Submitted").unwrap().trim(), "auto-generated");
        assert_eq!(message.header_raw("Content-Language").unwrap().trim(), language.code());
        assert_eq!(message.content_type().unwrap().attribute("charset"), Some("utf-8"));
        let names: BTreeSet<_> = message.headers().iter().map(|header| header.name().to_owned()).collect();
        let known = [
            "Auto-Submitted",
            "Content-Language",
            "Content-Transfer-Encoding",
            "Content-Type",
            "Date",
            "From",
            "MIME-Version",
            "Message-ID",
            "Subject",
            "To",
        ];
        assert_eq!(names, known.map(str::to_owned).into());
    }
}

#[test]
fn what_comes_back_names_its_letter() {
    let letter = letter("a@b.fr", LetterLanguage::French, 7, "2026-11-27T13:34:58Z");
    let sheet = Paper::open(&settings()).unwrap().write(&letter).unwrap();
    assert_eq!(sheet.sender.to_string(), "bounces+00000000000000000000000000000007@mail.mediation.example");
    let plain = Settings { bounces: None, ..settings() };
    let sheet = Paper::open(&plain).unwrap().write(&letter).unwrap();
    assert_eq!(sheet.sender.to_string(), "centre@mediation.example");
}

#[test]
fn an_address_that_no_server_can_ask_for_is_refused_for_good() {
    let paper = Paper::open(&settings()).unwrap();
    let letter = letter("a@xn--a.fr", LetterLanguage::French, 7, "2026-11-27T13:34:58Z");
    assert_eq!(paper.write(&letter).err(), Some(PostError::Refused(553)));
}

#[test]
fn senders_that_would_fail_later_are_refused_at_once() {
    let long = format!("{}@b.fr", "b".repeat(32));
    for bounces in [long.as_str(), "bö@b.fr", "b@xn--a.fr", "b"] {
        let wrong = Settings { bounces: Some(bounces.to_owned()), ..settings() };
        assert!(matches!(Paper::open(&wrong), Err(PostError::Misconfigured(_))), "{bounces}");
    }
    for from in ["zentrum", "zëntrum@b.fr", "a@xn--a.fr"] {
        let wrong = Settings { from: Some(from.to_owned()), ..settings() };
        assert!(matches!(Paper::open(&wrong), Err(PostError::Misconfigured(_))), "{from}");
    }
}
