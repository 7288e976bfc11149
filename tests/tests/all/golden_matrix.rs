//! Who sees which event: seats by event kinds, computed, kept in a file, and reviewed there.
//!
//! A cell is `whole`, `part(…)` with what is left out, or `—`. `UPDATE_GOLDEN=1` rewrites the file; read the difference.

mod canonical;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use entente_domain::event::*;
use entente_domain::visibility::{self, Vantage, Viewer};
use entente_domain::{By, Camp, Case, Entry, EventKind, ItemId, Seals, Seat};
use entente_tests::cast::*;
use entente_tests::spec::*;
use serde_json::Value;

use self::canonical::canonical;

const COLUMNS: [&str; 8] =
    ["claimant", "respondent", "mediator", "successor", "successor, released", "centre", "auditor", "stranger"];

type Rows = BTreeMap<(EventKind, String), [String; 8]>;

fn computed() -> Rows {
    let mut rows = Rows::new();
    for history in canonical() {
        for entry in &history.entries {
            let row = (entry.event.kind(), of_what(&history.case, entry));
            rows.entry(row).or_insert_with(|| cells(&history, entry));
        }
    }
    rows
}

fn cells(history: &History, entry: &Entry) -> [String; 8] {
    let case = &history.case;
    let mut released = case.clone();
    for camp in Camp::BOTH {
        let event = CaucusReleased { camp, tenure: 2 }.into();
        released.fold(&Entry { at: entry.at, by: By::Clock, event });
    }
    let seat = |person, seat, tenure| Some(Vantage::Seat { person, seat, tenure, own_record_only: false });
    let now = history.now();
    [
        cell(case, seat(C1, Seat::Claimant, 0), history, entry),
        cell(case, seat(R1, Seat::Respondent, 0), history, entry),
        cell(case, seat(M1, Seat::Mediator, 1), history, entry),
        cell(case, seat(M2, Seat::Mediator, 2), history, entry),
        cell(&released, seat(M2, Seat::Mediator, 2), history, entry),
        cell(case, visibility::vantage(case, Viewer::Staff(S), now), history, entry),
        cell(case, visibility::vantage(case, Viewer::Operator, now), history, entry),
        cell(case, visibility::vantage(case, Viewer::Person(X), now), history, entry),
    ]
}

fn cell(case: &Case, vantage: Option<Vantage>, history: &History, entry: &Entry) -> String {
    match vantage.and_then(|vantage| visibility::sight(case, vantage, entry, history.now())) {
        None => "—".to_owned(),
        Some(seen) if seen == *entry => "whole".to_owned(),
        Some(seen) => {
            let mut left_out = BTreeSet::new();
            differences(&json(&entry.event), &json(&seen.event), "", &mut left_out);
            format!("part({})", left_out.into_iter().collect::<Vec<_>>().join(", "))
        }
    }
}

/// As JSON, with what is withheld written as such: it has no form of its own, since it is never stored.
fn json(event: &CaseEvent) -> Value {
    let mut event = event.clone();
    let Ok(()) = event.seals::<Infallible>(&mut |part| {
        if part.token().is_none() && part.clear_bytes().is_ok_and(|bytes| bytes.is_none()) {
            part.shut("withheld".to_owned());
        }
        Ok(())
    });
    serde_json::to_value(event).unwrap()
}

fn differences(whole: &Value, seen: &Value, at: &str, found: &mut BTreeSet<String>) {
    match (whole, seen) {
        (Value::Object(whole), Value::Object(seen)) if whole.keys().eq(seen.keys()) => {
            for (field, inner) in whole {
                // The event's own name says nothing here.
                let name = if field.starts_with(char::is_uppercase) { String::new() } else { format!("{at}.{field}") };
                differences(inner, &seen[field], name.trim_start_matches('.'), found);
            }
        }
        (whole, seen) if whole == seen => {}
        _ => {
            found.insert(at.to_owned());
        }
    }
}

/// What a row is about besides the kind of event: an audience, a camp, who reads it.
fn of_what(case: &Case, entry: &Entry) -> String {
    let of_item = |id: &ItemId| {
        let audience: Vec<_> = case.items[id].audience.iter().map(|(_, audience)| format!("{audience:?}")).collect();
        audience.join(", then ")
    };
    match &entry.event {
        CaseEvent::DiscussionOpened(e) if e.name.is_none() => format!("{:?}, standing", e.audience),
        CaseEvent::DiscussionOpened(e) => format!("{:?}, named", e.audience),
        CaseEvent::MessagePosted(e) => of_item(&e.item),
        CaseEvent::DocumentSubmitted(e) => of_item(&e.item),
        CaseEvent::VisibilityRestricted(e) => of_item(&e.item),
        CaseEvent::DisclosureAuthorised(e) => of_item(&e.item),
        CaseEvent::DisclosureRevoked(e) => of_item(&e.item),
        CaseEvent::ItemDisclosed(e) => {
            format!("{}, from {:?}", of_item(&e.item), e.source.as_ref().map(|source| source.camp))
        }
        CaseEvent::ItemOpened(e) => {
            format!("{} by {:?}", of_item(&e.item), entry.by.seat())
        }
        CaseEvent::PersonAlerted(e) => {
            format!("{:?}", case.seating.iter().find(|held| held.person == e.person).map(|held| held.seat))
        }
        CaseEvent::ItemErased(e) => of_item(&e.item),
        CaseEvent::SettlementLapsed(e) => of_item(&e.item),
        CaseEvent::MediatorChallenged(e) => format!("{:?}", e.camp),
        CaseEvent::IndependenceDeclared(e) => match case.declaration_read_since(e.candidate, entry.at) {
            Some(_) => "appointed".to_owned(),
            None => "not appointed".to_owned(),
        },
        CaseEvent::PersonErased(e) if case.is_only_candidate(e.person) => "only asked".to_owned(),
        CaseEvent::AuditAccessGranted(e) => format!("{:?}", e.camp),
        CaseEvent::AuditAccessRevoked(e) => format!("{:?}", e.camp),
        CaseEvent::OfflineExchangeRecorded(e) => format!("{:?}", e.audience),
        CaseEvent::CaucusReleased(e) => format!("{:?}", e.camp),
        CaseEvent::RepresentativeSeated(e) => format!("{:?}", e.camp),
        CaseEvent::PartyWithdrew(e) => match &e.reason {
            Some(reason) => format!("{:?}, for {:?}", e.camp, reason.readers),
            None => format!("{:?}, no reason", e.camp),
        },
        CaseEvent::Registered(e) if e.respondent_contact.is_some() => "contact named".to_owned(),
        CaseEvent::RespondentInvited(e) if e.contact.is_some() => "by the centre".to_owned(),
        CaseEvent::RespondentInvited(_) => "on passing".to_owned(),
        CaseEvent::SettlementProposed(e) => {
            let signed = e.digest == TextDigest::of(SALT, &body("a draft"));
            if signed { "signed".to_owned() } else { "declined".to_owned() }
        }
        _ => String::new(),
    }
}

fn written(rows: &Rows) -> String {
    let labels: Vec<_> =
        rows.keys().map(|(kind, what)| format!("{} {what}", kind.name()).trim_end().to_owned()).collect();
    let width = |column: usize| rows.values().map(|cells| cells[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..8).map(|column| width(column).max(COLUMNS[column].len())).collect();
    let first = labels.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    let header = COLUMNS.map(str::to_owned);
    for (label, cells) in std::iter::once(("", &header)).chain(labels.iter().map(String::as_str).zip(rows.values())) {
        let mut line = format!("{label:first$}");
        for (cell, width) in cells.iter().zip(&widths) {
            write!(line, " | {cell:width$}").unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[test]
fn every_event_has_a_row() {
    let kinds: BTreeSet<_> = computed().into_keys().map(|(kind, _)| kind).collect();
    let missing: Vec<_> = EventKind::ALL.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_matrix_is_the_reviewed_one() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/visibility-matrix.txt");
    let now = written(&computed());
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        fs::write(&path, &now).unwrap();
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(now, reviewed, "UPDATE_GOLDEN=1 rewrites {}; review the difference", path.display());
}

/// 2-domain §3 and §4, stated once more by hand, for what must never change: who sees anything at all of it.
#[test]
fn the_matrix_says_what_the_design_says() {
    use EventKind::*;
    // claimant, respondent, mediator, successor, successor to whom both released, centre, stranger
    let said: &[(EventKind, &str, &str)] = &[
        (Registered, "", "CRMSLO-"),
        (QuestionnaireAnswered, "", "C----O-"),
        (QuestionnaireFailed, "", "C----O-"),
        (ConsentGiven, "", "CRMSLO-"),
        (MediatorAppointed, "", "CRMSLO-"),
        (TableOpened, "", "CRMSLO-"),
        (MediatorProposed, "", "-----O-"),
        (IndependenceDeclared, "not appointed", "-----O-"),
        (IndependenceDeclared, "appointed", "CRMSLO-"),
        (AppointmentRefused, "", "-----O-"),
        (ProposalLapsed, "", "-----O-"),
        (ProposalWithdrawn, "", "-----O-"),
        (MediatorChallenged, "Claimant", "CRMSLO-"),
        (MediatorChallenged, "Respondent", "CRMSLO-"),
        (ChallengeUpheld, "", "CRMSLO-"),
        (ChallengeRejected, "", "CRMSLO-"),
        (SettlementLapsed, "Joint", "CRMSL--"),
        (PersonErased, "only asked", "-----O-"),
        (MessagePosted, "Joint", "CRMSL--"),
        (MessagePosted, "ClaimantCaucus", "C-M-L--"),
        (MessagePosted, "RespondentCaucus", "-RM-L--"),
        (MessagePosted, "ClaimantWorkspace", "C------"),
        (MessagePosted, "RespondentWorkspace", "-R-----"),
        (MessagePosted, "MediatorNotes", "--M----"),
        (MessagePosted, "Joint, then ClaimantCaucus", "C-M-L--"),
        (MessagePosted, "Joint, then ClaimantWorkspace", "C------"),
        (VisibilityRestricted, "Joint, then ClaimantCaucus", "C-M-L--"),
        (DocumentSubmitted, "ClaimantCaucus", "C-M-L--"),
        (DisclosureAuthorised, "ClaimantCaucus", "C-M-L--"),
        (ItemDisclosed, "Joint, from Some(Claimant)", "CRMSL--"),
        (ItemOpened, "Joint by Some(Respondent)", "-R-----"),
        (ItemOpened, "ClaimantCaucus by Some(Mediator)", "--M----"),
        (OfflineExchangeRecorded, "Joint", "CRMSLO-"),
        (OfflineExchangeRecorded, "ClaimantCaucus", "C-M-L--"),
        (CaucusReleased, "Claimant", "C--SL--"),
        (CaucusReleased, "Respondent", "-R-SL--"),
        (PersonAlerted, "Some(Respondent)", "-R-----"),
        (PersonAlerted, "Some(Mediator)", "--M----"),
        (AuditAccessGranted, "Claimant", "C------"),
        (AuditAccessRevoked, "Respondent", "-R-----"),
        (SettlementReached, "", "CRMSLO-"),
        (PartyWithdrew, "Respondent, for Mediator", "CRMSLO-"),
        (CaseClosed, "", "CRMSLO-"),
        (HoldPlaced, "", "-----O-"),
        (ErasureProposed, "", "-----O-"),
        (ItemErased, "ClaimantCaucus", "C-M-L--"),
        (PersonErased, "", "CRMSLO-"),
        (CaseErased, "", "CRMSLO-"),
    ];
    let rows = computed();
    for (kind, what, expected) in said {
        let cells = &rows[&(*kind, (*what).to_owned())];
        let letters = "CRMSLO".chars().zip(cells).chain([('X', &cells[7])]);
        let seen: String = letters.map(|(letter, cell)| if cell == "—" { '-' } else { letter }).collect();
        assert_eq!(seen, *expected, "{} {what}", kind.name());
    }
    let reason = |camp_column: usize| &rows[&(PartyWithdrew, "Respondent, for Mediator".to_owned())][camp_column];
    assert_eq!([reason(0), reason(1), reason(2), reason(5)], ["part(reason)", "whole", "whole", "part(reason)"]);
    let ground = &rows[&(MediatorChallenged, "Respondent".to_owned())];
    let (part, whole) = ("part(ground)", "whole");
    assert_eq!([&ground[0], &ground[1], &ground[2], &ground[5]], [part, whole, part, whole]);
    let source = &rows[&(ItemDisclosed, "Joint, from Some(Claimant)".to_owned())];
    assert_eq!([&source[0], &source[1], &source[2], &source[3]], ["whole", "part(source)", "whole", "part(source)"]);
}
