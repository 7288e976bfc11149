//! Who may listen, who is trusted, and what a letter says.

use std::collections::BTreeSet;

use entente_application::ports::{LetterLanguage, PostError};
use entente_domain::EmailAddress;
use entente_mail::{Settings, Smtp};
use entente_tests::post_office::{Behaviour, PostOffice, Tls};

use super::{letter, post, send, settings};

const LOGIN: Option<(&str, &str)> = Some(("centre", "hush-hush"));

fn signed_in(office: &PostOffice, user: &str, password: &str) -> Settings {
    Settings { user: Some(user.to_owned()), password: Some(password.to_owned()), ..settings(office) }
}

/// What is to be done, if nothing can be sent before it is.
async fn advice(settings: &Settings) -> String {
    match send(&Smtp::open(settings).unwrap(), &letter(1, "amelie@exemple.fr")).await {
        Err(PostError::Misconfigured(what)) => what,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_login_is_given_where_it_is_asked_for() {
    let office = PostOffice::open(Behaviour { login: LOGIN, ..Behaviour::default() });
    let post = Smtp::open(&signed_in(&office, "centre", "hush-hush")).unwrap();
    for number in 0..3 {
        send(&post, &letter(number, "amelie@exemple.fr")).await.unwrap();
    }
    assert_eq!(office.received().len(), 3);
    assert_eq!(office.commands().iter().filter(|verb| *verb == "AUTH").count(), 1);
    for wrong in [signed_in(&office, "centre", "hush"), signed_in(&office, "hush", "hush-hush")] {
        assert!(advice(&wrong).await.contains("mail.password"));
    }
    assert!(advice(&settings(&office)).await.contains("mail.user"));
    let open = PostOffice::open(Behaviour::default());
    assert!(advice(&signed_in(&open, "centre", "hush-hush")).await.contains("offers no login"));
    assert!(open.received().is_empty() && !open.commands().contains(&"AUTH".to_owned()));
    assert_eq!(office.received().len(), 3);
}

#[tokio::test]
async fn letters_go_under_tls_to_a_server_that_is_trusted() {
    for tls in [Tls::Starttls, Tls::AtOnce] {
        let office = PostOffice::open(Behaviour { tls, login: LOGIN, ..Behaviour::default() });
        let trusting = Settings { ca_file: Some(office.ca_file()), ..signed_in(&office, "centre", "hush-hush") };
        let post = Smtp::open(&trusting).unwrap();
        for number in 0..3 {
            send(&post, &letter(number, "amelie@exemple.fr")).await.unwrap();
        }
        assert_eq!((office.received().len(), office.connections()), (3, 1));
        // By name as by address.
        let url = office.url().replace("127.0.0.1", "localhost");
        let named = Smtp::open(&Settings { url: Some(url), ..trusting.clone() }).unwrap();
        send(&named, &letter(4, "amelie@exemple.fr")).await.unwrap();
        let unknown = Settings { ca_file: None, ..trusting.clone() };
        let other = PostOffice::open(Behaviour { tls, ..Behaviour::default() });
        let another = Settings { ca_file: Some(other.ca_file()), ..trusting };
        for distrusting in [unknown, another] {
            assert!(advice(&distrusting).await.contains("mail.ca_file"));
        }
        assert_eq!(office.received().len(), 4);
        assert_eq!(office.commands().iter().filter(|verb| *verb == "AUTH").count(), 2);
    }
}

#[tokio::test]
async fn nothing_is_said_in_clear_where_tls_is_asked_for() {
    let office = PostOffice::open(Behaviour { login: LOGIN, ..Behaviour::default() });
    let asking = |url: String| Settings { url: Some(url), ..signed_in(&office, "centre", "hush-hush") };
    let starttls = asking(format!("{}?starttls", office.url()));
    assert!(advice(&starttls).await.contains("offers no STARTTLS"));
    let at_once = asking(office.url().replace("smtp://", "smtps://"));
    assert!(advice(&at_once).await.contains("speaks no TLS"));
    assert!(office.received().is_empty());
    let said: BTreeSet<_> = office.commands().into_iter().collect();
    assert!(said.is_subset(&["EHLO", "QUIT"].map(str::to_owned).into()), "{said:?}");
}

#[test]
fn files_of_authorities_are_looked_at_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let office = PostOffice::open(Behaviour { tls: Tls::AtOnce, ..Behaviour::default() });
    for (name, content) in [
        ("missing", None),
        ("empty", Some("")),
        ("broken", Some("-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----\n")),
        ("wrong", Some("-----BEGIN CERTIFICATE-----\naHVzaA==\n-----END CERTIFICATE-----\n")),
    ] {
        let file = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let error = Smtp::open(&Settings { ca_file: Some(file), ..settings(&office) }).err();
        let Some(PostError::Misconfigured(what)) = error else { panic!("{name}: {error:?}") };
        assert!(what.contains("mail.ca_file") && !what.contains("hush"), "{what}");
    }
}

#[tokio::test]
async fn all_letters_of_a_language_look_alike_but_for_their_name_and_whom_they_are_to() {
    let office = PostOffice::open(Behaviour { utf8: true, ..Behaviour::default() });
    let post = post(&office);
    let recipients = [
        "amelie@exemple.fr",
        "claire.dubois+entente@direction-juridique.exemple-industrie.example.com",
        "민수@회사.한국",
    ];
    for (place, language) in LetterLanguage::ALL.into_iter().enumerate() {
        for (number, to) in recipients.iter().enumerate() {
            let mut letter = letter((place * 10 + number) as u128, to);
            letter.language = language;
            send(&post, &letter).await.unwrap();
        }
    }
    let received = office.received();
    let mut texts = BTreeSet::new();
    for letters in received.chunks(recipients.len()) {
        let mut lengths = BTreeSet::new();
        for message in letters {
            let text = String::from_utf8(message.bytes.clone()).unwrap();
            let (before, rest) = text.split_once("\r\nTo: ").unwrap();
            let (to, after) = rest.split_once("\r\nSubject: ").unwrap();
            assert!(EmailAddress::parse(to.replace("\r\n ", "")).is_ok(), "{to}");
            lengths.insert(before.len() + after.len());
            let (_, before) = before.split_once("\r\n").unwrap();
            texts.insert(format!("{before}\r\n{after}"));
        }
        assert_eq!(lengths.len(), 1, "{lengths:?}");
    }
    assert_eq!(texts.len(), LetterLanguage::ALL.len());
}
