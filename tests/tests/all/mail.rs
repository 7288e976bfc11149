//! Letters and a real mail server: what arrives, and what is said of those that do not.

mod commands;
mod secrecy;
mod trouble;

use std::time::Duration;

use entente_application::ports::{Letter, LetterLanguage, Post, PostError};
use entente_domain::EmailAddress;
use entente_mail::{Bounces, Settings, Smtp};
use entente_tests::post_office::{Behaviour, PostOffice, Received};
use uuid::Uuid;

/// Longer than any server of these tests takes on a busy machine, where a test does not ask for another.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn settings(office: &PostOffice) -> Settings {
    Settings {
        url: Some(office.url()),
        from: Some("centre@mediation.example".to_owned()),
        bounces: Some("bounces@mediation.example".to_owned()),
        site: Some("https://mediation.example/".to_owned()),
        timeout: Some(PATIENCE),
        ..Settings::default()
    }
}

pub(crate) fn post(office: &PostOffice) -> Smtp {
    Smtp::open(&settings(office)).unwrap()
}

pub(crate) fn letter(number: u128, to: &str) -> Letter {
    Letter {
        id: Uuid::from_u128(number),
        to: EmailAddress::parse(to).unwrap(),
        language: LetterLanguage::English,
        at: "2026-11-27T13:34:58Z".parse().unwrap(),
    }
}

/// Sends, and looks whether what is said of it names anybody or repeats a server.
pub(crate) async fn send(post: &dyn Post, letter: &Letter) -> Result<(), PostError> {
    let sent = post.send(letter).await;
    if let Err(error) = &sent {
        let told = format!("{error} {error:?}");
        for word in ["@", letter.to.local(), letter.to.domain(), "nobody here", "greylisted", "hush"] {
            assert!(!told.contains(word), "{told}");
        }
    }
    sent
}

pub(crate) fn header(message: &Received, name: &str) -> String {
    let text = String::from_utf8(message.bytes.clone()).unwrap();
    let found = text.split("\r\n").find_map(|line| line.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("{name} is missing: {text}")).to_owned()
}

#[tokio::test]
async fn letters_one_after_the_other_share_a_connection() {
    let office = PostOffice::open(Behaviour::default());
    let post = post(&office);
    for number in 0..20 {
        send(&post, &letter(number, &format!("person{number}@example.com"))).await.unwrap();
    }
    assert_eq!(office.connections(), 1);
    let received = office.received();
    assert_eq!(received.len(), 20);
    for (number, message) in received.iter().enumerate() {
        let id = Uuid::from_u128(number as u128);
        assert_eq!(message.to, [format!("person{number}@example.com")]);
        assert_eq!(message.from, format!("bounces+{}@mediation.example", id.simple()));
        assert_eq!(header(message, "Message-ID"), format!("<{id}@mediation.example>"));
        assert_eq!(header(message, "Date"), "Fri, 27 Nov 2026 13:34:00 +0000");
        assert!(message.at > 0.0);
    }
}

#[tokio::test]
async fn letters_at_the_same_time_share_a_few_connections_and_arrive_once() {
    let office = PostOffice::open(Behaviour::default());
    let post = std::sync::Arc::new(post(&office));
    let sending: Vec<_> = (0..60)
        .map(|number| {
            let post = std::sync::Arc::clone(&post);
            tokio::spawn(async move { send(&*post, &letter(number, "amelie@exemple.fr")).await })
        })
        .collect();
    for sent in sending {
        sent.await.unwrap().unwrap();
    }
    assert!((1..=4).contains(&office.connections()), "{}", office.connections());
    let ids: std::collections::BTreeSet<_> =
        office.received().iter().map(|message| header(message, "Message-ID")).collect();
    assert_eq!((ids.len(), office.received().len()), (60, 60));
}

#[tokio::test]
async fn addresses_in_other_scripts_go_where_they_are_understood() {
    let (understands, does_not) =
        (PostOffice::open(Behaviour { utf8: true, ..Behaviour::default() }), PostOffice::open(Behaviour::default()));
    for (number, (to, ascii)) in
        [("민수@회사.한국", "민수@xn--vf4b131b.xn--3e0b707e"), ("minsu@회사.한국", "minsu@xn--vf4b131b.xn--3e0b707e")]
            .into_iter()
            .enumerate()
    {
        let letter = letter(number as u128, to);
        send(&post(&understands), &letter).await.unwrap();
        let received = understands.received();
        assert_eq!(received.last().unwrap().to, [ascii]);
        // A domain alone needs nothing of the server.
        let expected = if ascii.is_ascii() { Ok(()) } else { Err(PostError::Refused(553)) };
        assert_eq!(send(&post(&does_not), &letter).await, expected);
    }
    assert_eq!(does_not.received().len(), 1);
}

#[tokio::test]
async fn what_comes_back_is_found_by_the_envelope_of_what_was_sent() {
    let office = PostOffice::open(Behaviour::default());
    let letter = letter(7, "claire@exemple.fr");
    send(&post(&office), &letter).await.unwrap();
    let notice = format!(
        "From: MAILER-DAEMON@relay.example\r\nTo: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nNo such person.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
         Final-Recipient: rfc822; claire@exemple.fr\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n",
        office.received()[0].from
    );
    let bounce = Bounces::open(&settings(&office)).unwrap().read(notice.as_bytes()).unwrap();
    assert_eq!((bounce.letter, bounce.status.as_str(), bounce.permanent), (letter.id, "5.1.1", true));
}

#[tokio::test]
async fn a_centre_without_a_mail_server_writes_letters_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        folder: folder.path().to_owned(),
        site: Some("https://mediation.example/".to_owned()),
        ..Settings::default()
    };
    let post = entente_mail::open(&settings).unwrap();
    for number in [1, 2, 1] {
        send(&*post, &letter(number, "amelie@exemple.fr")).await.unwrap();
    }
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, [1, 2].map(|number| std::ffi::OsString::from(format!("{}.eml", Uuid::from_u128(number)))));
}
