//! Servers that are down, slow, unwilling or gone in the middle of a letter.

use std::time::{Duration, Instant};

use entente_application::ports::{Post as _, PostError};
use entente_mail::{Settings, Smtp};
use entente_tests::post_office::{Behaviour, PostOffice};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use super::{header, letter, post, send, settings};

fn is_later(sent: &Result<(), PostError>) -> bool {
    matches!(sent, Err(PostError::Later(_)))
}

/// With a patience of so many milliseconds.
fn impatient(settings: Settings, milliseconds: u64) -> Smtp {
    Smtp::open(&Settings { timeout: Some(Duration::from_millis(milliseconds)), ..settings }).unwrap()
}

#[tokio::test]
async fn a_server_that_was_down_takes_letters_when_it_is_up_again() {
    let office = PostOffice::open(Behaviour::default());
    let post = post(&office);
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    office.down();
    for _ in 0..2 {
        let sent = send(&post, &letter(2, "amelie@exemple.fr")).await;
        assert!(is_later(&sent), "{sent:?}");
    }
    office.up();
    send(&post, &letter(2, "amelie@exemple.fr")).await.unwrap();
    assert_eq!(office.received().len(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_the_server_ended_is_replaced_unnoticed() {
    let office = PostOffice::open(Behaviour::default());
    let post = post(&office);
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    office.hang_up();
    send(&post, &letter(2, "amelie@exemple.fr")).await.unwrap();
    // Busy servers say goodbye first, at whichever step.
    for (number, verb) in ["MAIL", "RCPT", "DATA"].into_iter().enumerate() {
        office.answer(verb, "421 4.4.2 goodbye");
        send(&post, &letter(10 + number as u128, "amelie@exemple.fr")).await.unwrap();
        office.answer(verb, "hang up");
        send(&post, &letter(20 + number as u128, "amelie@exemple.fr")).await.unwrap();
    }
    assert_eq!((office.received().len(), office.connections()), (8, 8));
}

#[tokio::test]
async fn a_slow_server_is_waited_for_but_not_for_ever() {
    let office = PostOffice::open(Behaviour::default());
    office.slow(100);
    send(&post(&office), &letter(1, "amelie@exemple.fr")).await.unwrap();
    office.slow(60_000);
    let begun = Instant::now();
    let sent = send(&impatient(settings(&office), 300), &letter(2, "amelie@exemple.fr")).await;
    assert!(is_later(&sent), "{sent:?}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(office.received().len(), 1);
}

#[tokio::test]
async fn a_server_that_thinks_long_about_a_letter_it_has_is_waited_for_longer_than_for_other_answers() {
    let office = PostOffice::open(Behaviour::default());
    office.think(4_000);
    let post = impatient(settings(&office), 1_500);
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    assert_eq!((office.received().len(), office.connections()), (1, 1));
}

#[tokio::test]
async fn a_server_that_never_says_its_last_word_may_have_taken_the_letter() {
    let office = PostOffice::open(Behaviour::default());
    office.think(60_000);
    let settings = Settings { last_word: Some(Duration::from_millis(2_500)), ..settings(&office) };
    let begun = Instant::now();
    let sent = send(&impatient(settings, 2_000), &letter(1, "amelie@exemple.fr")).await;
    assert_eq!(sent, Err(PostError::Unsure));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert_eq!(office.received().len(), 1);
}

#[tokio::test]
async fn whoever_stops_waiting_leaves_nothing_half_said() {
    let office = PostOffice::open(Behaviour::default());
    let post = post(&office);
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    office.slow(500);
    let stopped = tokio::time::timeout(Duration::from_millis(700), post.send(&letter(2, "amelie@exemple.fr"))).await;
    assert!(stopped.is_err());
    office.slow(0);
    send(&post, &letter(3, "claude@exemple.fr")).await.unwrap();
    let to: Vec<_> = office.received().into_iter().map(|message| message.to).collect();
    assert_eq!(to, [["amelie@exemple.fr"], ["claude@exemple.fr"]]);
    assert_eq!(office.connections(), 2);
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for url in [format!("smtp://127.0.0.1:{port}"), format!("smtps://127.0.0.1:{port}")] {
        let settings = Settings {
            url: Some(url),
            from: Some("centre@mediation.example".to_owned()),
            site: Some("https://mediation.example/".to_owned()),
            ..Settings::default()
        };
        let begun = Instant::now();
        let sent = send(&impatient(settings, 200), &letter(1, "amelie@exemple.fr")).await;
        assert!(is_later(&sent), "{sent:?}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn greylisting_is_outlasted_and_the_letter_stays_the_same() {
    let office = PostOffice::open(Behaviour::default());
    office.greylist(2);
    let post = post(&office);
    for _ in 0..2 {
        let later = PostError::Later("answer 450 4.2.0 when the recipient was named".to_owned());
        assert_eq!(send(&post, &letter(1, "amelie@exemple.fr")).await, Err(later));
    }
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    let received = office.received();
    assert_eq!((received.len(), office.connections()), (1, 1));
    // With other recipients in between, and on the same connection, each has its own attempts.
    assert!(is_later(&send(&post, &letter(2, "claude@exemple.fr")).await));
    send(&post, &letter(3, "amelie@exemple.fr")).await.unwrap();
    assert_eq!(office.received()[1].to, ["amelie@exemple.fr"]);
    assert_eq!(office.connections(), 1);
}

#[tokio::test]
async fn one_refused_recipient_keeps_nobody_else_from_a_letter() {
    let office = PostOffice::open(Behaviour::default());
    office.refuse("gone@example.com");
    let post = post(&office);
    for (number, to) in ["a@example.com", "gone@example.com", "b@example.com"].into_iter().enumerate() {
        let expected = if to.starts_with("gone") { Err(PostError::Refused(550)) } else { Ok(()) };
        assert_eq!(send(&post, &letter(number as u128, to)).await, expected);
    }
    let to: Vec<_> = office.received().into_iter().flat_map(|message| message.to).collect();
    assert_eq!(to, ["a@example.com", "b@example.com"]);
    assert_eq!(office.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_letter_leaves_it_unsure_and_a_second_copy_has_the_same_name() {
    let office = PostOffice::open(Behaviour::default());
    let post = post(&office);
    office.drop_after_data(1);
    assert_eq!(send(&post, &letter(1, "amelie@exemple.fr")).await, Err(PostError::Unsure));
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    let received = office.received();
    assert_eq!(received.len(), 2);
    assert_eq!(header(&received[0], "Message-ID"), header(&received[1], "Message-ID"));
    assert_eq!(received[0].bytes, received[1].bytes);
    // A kept connection is no different: what may have been taken is not sent again unasked.
    office.drop_after_data(1);
    assert_eq!(send(&post, &letter(2, "amelie@exemple.fr")).await, Err(PostError::Unsure));
    assert_eq!(office.received().len(), 3);
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_letter_has_delivered_nothing() {
    let office = PostOffice::open(Behaviour::default());
    for verb in ["EHLO", "MAIL", "RCPT", "DATA"] {
        office.answer(verb, "hang up");
        let sent = send(&post(&office), &letter(1, "amelie@exemple.fr")).await;
        assert!(is_later(&sent), "{verb}: {sent:?}");
    }
    assert!(office.received().is_empty());
}

#[tokio::test]
async fn a_connection_that_breaks_within_a_letter_has_not_delivered_it() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let office = PostOffice::open(Behaviour::default());
    // So long a letter cannot be under way as a whole: it breaks while it is being written, and its end was never sent.
    let site = Some(format!("https://mediation.example/?{}", "x".repeat(32 << 20)));
    let long = Settings { url: Some(format!("smtp://127.0.0.1:{port}")), site, ..settings(&office) };
    let serving = tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let mut socket = BufReader::new(socket);
        socket.write_all(b"220 post.example\r\n").await.unwrap();
        let mut line = String::new();
        for answer in ["250 post.example", "250 OK", "250 OK", "354 go on"] {
            line.clear();
            socket.read_line(&mut line).await.unwrap();
            socket.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
        assert_eq!(line, "DATA\r\n");
        let mut first = vec![0; 64 * 1024];
        socket.read_exact(&mut first).await.unwrap();
        assert!(!first.windows(5).any(|end| end == b"\r\n.\r\n"));
    });
    let sent = send(&Smtp::open(&long).unwrap(), &letter(1, "amelie@exemple.fr")).await;
    serving.await.unwrap();
    assert!(is_later(&sent), "{sent:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_letters_end_is_unsure_if_the_end_was_sent_into_it() {
    let office = PostOffice::open(Behaviour::default());
    let post = post(&office);
    // A letter is short: all of it is written before the break is seen, and from here nobody can tell that it was not read.
    office.drop_in_data(1);
    assert_eq!(send(&post, &letter(1, "amelie@exemple.fr")).await, Err(PostError::Unsure));
    assert!(office.received().is_empty());
    send(&post, &letter(1, "amelie@exemple.fr")).await.unwrap();
    let received = office.received();
    assert_eq!(received.len(), 1);
    assert_eq!(header(&received[0], "Message-ID"), format!("<{}@mediation.example>", letter(1, "a@b.fr").id));
}

#[tokio::test]
async fn answers_mean_what_they_are_given_to() {
    let office = PostOffice::open(Behaviour::default());
    let refused = |code: u16| move |sent: &Result<(), PostError>| *sent == Err(PostError::Refused(code));
    let misconfigured = |sent: &Result<(), PostError>| matches!(sent, Err(PostError::Misconfigured(_)));
    type Expected = Box<dyn Fn(&Result<(), PostError>) -> bool>;
    let cases: [(&str, &str, Expected); 13] = [
        ("EHLO", "421 4.3.2 closing", Box::new(is_later)),
        ("EHLO", "554 5.7.1 go away", Box::new(misconfigured)),
        ("MAIL", "451 4.3.0 try again", Box::new(is_later)),
        ("MAIL", "553 5.7.1 centre@mediation.example is not yours", Box::new(misconfigured)),
        ("RCPT", "452 4.2.2 amelie@exemple.fr is full", Box::new(is_later)),
        ("RCPT", "552 5.2.2 amelie@exemple.fr is full", Box::new(refused(552))),
        ("RCPT", "530 5.7.0 amelie@exemple.fr must sign in", Box::new(misconfigured)),
        ("DATA", "451 4.3.0 try again", Box::new(is_later)),
        ("RCPT", "550 5.7.1 amelie@exemple.fr: relay access denied", Box::new(is_later)),
        ("DATA", "554 5.6.0 not for amelie@exemple.fr", Box::new(refused(554))),
        ("END", "452 4.3.1 no room for amelie@exemple.fr", Box::new(is_later)),
        ("END", "552 5.2.3 too long for amelie@exemple.fr", Box::new(refused(552))),
        ("END", "550 5.7.1 centre@mediation.example may not relay to amelie@exemple.fr", Box::new(misconfigured)),
    ];
    for (verb, answer, expected) in cases {
        office.answer(verb, answer);
        let sent = send(&post(&office), &letter(1, "amelie@exemple.fr")).await;
        assert!(expected(&sent), "{answer}: {sent:?}");
    }
    assert!(office.received().is_empty());
}
