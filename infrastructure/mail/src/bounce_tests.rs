//! Notices as servers write them, and what else may arrive at the same address.

#![allow(clippy::unwrap_used)]

use super::*;

const LETTER: Uuid = Uuid::from_u128(0x0123_4567_89ab_4def_8123_4567_89ab_cdef);

fn bounces() -> Bounces {
    Bounces::open(&Settings {
        from: Some("centre@mediation.example".to_owned()),
        bounces: Some("bounces@mail.mediation.example".to_owned()),
        ..Settings::default()
    })
    .unwrap()
}

fn read(message: &str) -> Option<Bounce> {
    bounces().read(message.replace('\n', "\r\n").as_bytes())
}

fn told(status: &str, permanent: bool) -> Option<Bounce> {
    Some(Bounce { letter: LETTER, status: status.to_owned(), permanent })
}

/// As Postfix writes it, with the letter's own address, and the letter returned.
fn postfix(to: &str, status: &str, message_id: &str) -> String {
    format!(
        "Return-Path: <>
Date: Fri, 27 Nov 2026 13:35:02 +0000 (UTC)
From: MAILER-DAEMON@relay.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary=\"4F2C1A.1795784102/relay.example\"
Message-Id: <20261127133502.0A1B2C@relay.example>

This is a MIME-encapsulated message.

--4F2C1A.1795784102/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host relay.example.

<claire@exemple.fr>: host mx.exemple.fr[192.0.2.7] said: 550 5.1.1
    <claire@exemple.fr>: Recipient address rejected (in reply to RCPT TO command)

--4F2C1A.1795784102/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 4F2C1A
X-Postfix-Sender: rfc822; {to}
Arrival-Date: Fri, 27 Nov 2026 13:35:00 +0000 (UTC)

Final-Recipient: rfc822; claire@exemple.fr
Original-Recipient: rfc822;claire@exemple.fr
{status}
Remote-MTA: dns; mx.exemple.fr
Diagnostic-Code: smtp; 550 5.1.1 <claire@exemple.fr>: Recipient address
    rejected

--4F2C1A.1795784102/relay.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

Message-ID: {message_id}
Date: Fri, 27 Nov 2026 13:34:00 +0000
From: centre@mediation.example
To: claire@exemple.fr
Subject: Something new awaits you at the mediation centre
Content-Type: text/plain; charset=utf-8

Hello,

--4F2C1A.1795784102/relay.example--
"
    )
}

/// As Exchange writes it: a text in two forms first, and only the headers returned.
fn exchange(part: &str, message_id: &str) -> String {
    format!(
        "From: Microsoft Outlook <MicrosoftExchange329e71ec@firma.example>
To: <centre@mediation.example>
Date: Fri, 27 Nov 2026 13:35:02 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary=\"3c7b5a0e-boundary\"
Content-Language: de-DE
Subject: Unzustellbar: Something new awaits you at the mediation centre
Auto-Submitted: auto-replied
MIME-Version: 1.0

--3c7b5a0e-boundary
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary=\"5d1e-inner\"

--5d1e-inner
Content-Type: text/plain; charset=\"utf-8\"
Content-Transfer-Encoding: base64

RmVobGVyIGJlaSBkZXIgTmFjaHJpY2h0ZW56dXN0ZWxsdW5nCg==

--5d1e-inner
Content-Type: text/html; charset=\"utf-8\"

<html><body><p>Action: failed</p></body></html>

--5d1e-inner--

--3c7b5a0e-boundary
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.firma.example
Received-From-MTA: dns;relay.example
Arrival-Date: Fri, 27 Nov 2026 13:35:01 +0000

Original-Recipient: rfc822;karl@firma.example
Final-Recipient: rfc822;karl@firma.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
X-Display-Name: Karl

--3c7b5a0e-boundary
Content-Type: {part}

Received: from relay.example (192.0.2.1) by EX01.firma.example
Message-ID: {message_id}
From: centre@mediation.example
To: karl@firma.example

--3c7b5a0e-boundary--
"
    )
}

fn own_address() -> String {
    format!("bounces+{}@mail.mediation.example", LETTER.simple())
}

const ELSEWHERE: &str = "<1234@elsewhere.example>";
const FAILED: &str = "Action: failed\nStatus: 5.1.1";

#[test]
fn a_notice_to_the_letters_own_address_names_it() {
    assert_eq!(read(&postfix(&own_address(), FAILED, ELSEWHERE)), told("5.1.1", true));
    let shouted = format!("<{}>", own_address().to_uppercase());
    assert_eq!(read(&postfix(&shouted, FAILED, ELSEWHERE)), told("5.1.1", true));
    let forwarded = postfix("postmaster@mediation.example", FAILED, ELSEWHERE);
    let delivered = format!("Delivered-To: {}\n{forwarded}", own_address());
    assert_eq!((read(&forwarded), read(&delivered)), (None, told("5.1.1", true)));
}

#[test]
fn a_notice_to_the_sender_names_the_letter_by_what_it_returns() {
    let message_id = format!("<{LETTER}@mediation.example>");
    for part in ["message/rfc822", "text/rfc822-headers", "message/global-headers", "message/global"] {
        assert_eq!(read(&exchange(part, &message_id)), told("5.1.10", true), "{part}");
    }
    let plain = Settings { from: Some("centre@mediation.example".to_owned()), ..Settings::default() };
    let notice = postfix("centre@mediation.example", FAILED, &message_id);
    assert_eq!(Bounces::open(&plain).unwrap().read(notice.as_bytes()), told("5.1.1", true));
}

#[test]
fn the_own_address_goes_before_what_is_returned() {
    let other = format!("<{}@mediation.example>", Uuid::from_u128(9));
    assert_eq!(read(&postfix(&own_address(), FAILED, &other)), told("5.1.1", true));
}

#[test]
fn a_letter_that_is_late_has_not_failed() {
    for (status, expected) in [
        ("Action: delayed\nStatus: 4.4.1\nWill-Retry-Until: Wed, 2 Dec 2026 13:35:00 +0000", told("4.4.1", false)),
        ("Action: Delayed (still trying)\nStatus: 4.4.1 (no answer)", told("4.4.1", false)),
        // Given up after days: for good, although the cause may pass.
        ("Action: failed\nStatus: 4.4.7", told("4.4.7", true)),
        ("Action: failed", told("5.0.0", true)),
        ("Action: failed\nStatus: claire@exemple.fr", told("5.0.0", true)),
        ("Action: delivered\nStatus: 2.0.0", None),
        ("Action: relayed\nStatus: 2.0.0", None),
        ("Status: 5.1.1", None),
    ] {
        assert_eq!(read(&postfix(&own_address(), status, ELSEWHERE)), expected, "{status}");
    }
}

#[test]
fn other_mail_is_no_notice() {
    let plain =
        format!("From: a@b.fr\nTo: {}\nSubject: Re: your letter\n\nAction: failed\nStatus: 5.1.1\n", own_address());
    let receipt = postfix(&own_address(), FAILED, ELSEWHERE)
        .replace("message/delivery-status", "message/disposition-notification");
    let mixed = postfix(&own_address(), FAILED, ELSEWHERE).replace("multipart/report", "multipart/mixed");
    for message in ["", "\n\n", "\0\0\0", plain.as_str(), receipt.as_str(), mixed.as_str()] {
        assert_eq!(read(message), None, "{message}");
    }
    assert_eq!(bounces().read(&[0xff; 1000]), None);
}

#[test]
fn a_forged_notice_names_no_letter() {
    let simple = LETTER.simple();
    for to in [
        "bounces+not-a-uuid@mail.mediation.example".to_owned(),
        "bounces+@mail.mediation.example".to_owned(),
        format!("bounces+{}@mail.mediation.example", "z".repeat(32)),
        format!("bounces+{simple}0@mail.mediation.example"),
        format!("bounces+{{{LETTER}}}@mail.mediation.example"),
        format!("bounces+urn:uuid:{LETTER}@mail.mediation.example"),
        format!("bounces+{simple}@mail.mediation.example.evil.example"),
        format!("bounces+{simple}@evil.example"),
        format!("bounces{simple}@mail.mediation.example"),
    ] {
        assert_eq!(read(&postfix(&to, FAILED, ELSEWHERE)), None, "{to}");
    }
    for id in ["<not-a-uuid@mediation.example>", "<@mediation.example>", "no-id", ""] {
        assert_eq!(read(&postfix("centre@mediation.example", FAILED, id)), None, "{id}");
    }
    for domain in ["evil.example", "mediation.example.evil.example", "evilmediation.example"] {
        let id = format!("<{LETTER}@{domain}>");
        assert_eq!(read(&postfix("centre@mediation.example", FAILED, &id)), None, "{id}");
    }
}

#[test]
fn of_a_notice_longer_than_any_of_ours_its_beginning_is_read() {
    let notice = postfix(&own_address(), FAILED, ELSEWHERE);
    let padding = "x".repeat(LONGEST);
    assert_eq!(read(&format!("{notice}{padding}")), told("5.1.1", true));
    let (head, rest) = notice.split_once("--4F2C1A").unwrap();
    assert_eq!(read(&format!("{head}{padding}\n--4F2C1A{rest}")), None);
}

#[test]
fn a_notice_that_was_cut_off_anywhere_does_no_harm() {
    let notice = exchange("message/rfc822", &format!("<{LETTER}@mediation.example>"));
    for (end, _) in notice.char_indices() {
        let found = read(&notice[..end]);
        assert!(found.is_none() || found == told("5.1.10", true) || found.is_some_and(|found| found.letter == LETTER));
    }
}
