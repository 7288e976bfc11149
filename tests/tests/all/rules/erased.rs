//! What is erased: who has any say in it, once and not again, and that nothing of it is handed to whoever looks.

use std::collections::BTreeMap;
use std::convert::Infallible;

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::sealed::{Path, Seal, Seals as _, Subject};
use entente_domain::visibility::Viewer;
use entente_domain::{Ask, CaseError, PersonId};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;

const WHOLE: Erasable = Erasable::Case;
const UNLAWFUL: ErasureGround = ErasureGround::Unlawful;

fn proposing(what: Erasable) -> ProposeErasure {
    ProposeErasure { what, ground: UNLAWFUL }
}

fn erased(history: History, what: Erasable) -> History {
    history.then(CENTRE.asks(proposing(what))).then(COLLEAGUE.asks(ApproveErasure { what }))
}

/// Of what is in sight, whose confidential parts are there to be read or decrypted, and whose are left out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    there: BTreeMap<Subject, u32>,
    left_out: BTreeMap<Subject, u32>,
}

fn parts(history: &History, viewer: Viewer) -> Parts {
    let mut parts = Parts::default();
    for mut entry in history.cut(viewer, history.now()).unwrap() {
        let Ok(()) = entry.seals_at::<Infallible>(&Path::ROOT, &mut |path: &Path<'_>, part: &mut dyn Seal| {
            let there = part.token().is_some() || part.clear_bytes().unwrap().is_some();
            let of = if there { &mut parts.there } else { &mut parts.left_out };
            *of.entry(path.subject()).or_default() += 1;
            Ok(())
        });
    }
    parts
}

#[test]
fn nobody_but_the_centre_holds_proposes_approves_or_withdraws() {
    let closed = every_thread().then(MEDIATOR.asks(ReportNoAgreement {}));
    let ground = HoldGround::Complaint;
    let held = closed.clone().then(CENTRE.asks(PlaceHold { ground }));
    let proposed = closed.clone().then(CENTRE.asks(proposing(WHOLE)));
    let everything: [(&History, Ask); 7] = [
        (&closed, PlaceHold { ground }.into()),
        (&held, LiftHold { ground }.into()),
        (&closed, proposing(WHOLE).into()),
        (&closed, proposing(Erasable::Person(C2)).into()),
        (&proposed, ApproveErasure { what: WHOLE }.into()),
        (&proposed, WithdrawErasure { what: WHOLE }.into()),
        // What changes nothing is not theirs to ask either.
        (&closed, WithdrawErasure { what: WHOLE }.into()),
    ];
    for (history, ask) in everything {
        for hand in [CLAIMANT, RESPONDENT, MEDIATOR, CLOCK] {
            given(history.clone()).when(hand.asks(ask.clone())).then_refused(CaseError::NotYourPart);
        }
        let answer = history.case.decide(&history.clone().issued(COLLEAGUE.asks(ask.clone())));
        assert!(answer.is_ok(), "{} is the centre's to ask: {answer:?}", ask.name());
    }
}

#[test]
fn a_person_is_erased_once() {
    let what = Erasable::Person(RL);
    let gone = erased(every_thread().then(RESPONDENT.asks(unseat(RL))), what);
    given(gone.clone()).when(CENTRE.asks(proposing(what))).then_refused(CaseError::AlreadyErased);
    let closed = gone.then(MEDIATOR.asks(ReportNoAgreement {}));
    given(closed).when(CENTRE.asks(proposing(what))).then_refused(CaseError::AlreadyErased);
}

#[test]
fn whoever_is_named_and_not_yet_asked_stays_until_nobody_will_ask() {
    let what = Erasable::Person(R1);
    given(registered_naming_r1()).when(CENTRE.asks(proposing(what))).then_refused(CaseError::StillSeated);
    given(registered_naming_r1().then(CENTRE.asks(inadmissible())))
        .when(CENTRE.asks(proposing(what)))
        .then(happened![ErasureProposed { what, ground: UNLAWFUL }]);
    // Nobody named: nobody to erase.
    given(registered()).when(CENTRE.asks(proposing(what))).then_refused(CaseError::NotFound);
}

#[test]
fn of_an_erased_person_not_even_the_sealed_parts_are_in_sight() {
    let before = every_thread().then(RESPONDENT.asks(unseat(RL)));
    let after = erased(before.clone(), Erasable::Person(RL));
    let others = |parts: &Parts, but: PersonId| {
        let mut there = parts.there.clone();
        there.remove(&Subject::Person(but));
        there
    };
    for viewer in [Viewer::Staff(S), Viewer::Person(R1), Viewer::Person(C1), Viewer::Person(M1)] {
        let (was, is) = (parts(&before, viewer), parts(&after, viewer));
        let of = Subject::Person(RL);
        assert!(was.there[&of] > 0, "{viewer:?}");
        assert_eq!(is.there.get(&of), None, "{viewer:?}");
        assert_eq!(is.left_out[&of], was.there[&of] + was.left_out.get(&of).copied().unwrap_or(0), "{viewer:?}");
        assert_eq!(others(&was, RL), others(&is, RL), "{viewer:?}: of the others everything is as it was");
    }
}

#[test]
fn of_an_erased_item_auditors_who_were_let_in_see_no_part() {
    let auditor = Viewer::Auditor(X);
    let (slip, kept) = (Subject::Item(item("slip")), Subject::Item(item("kept")));
    let said = every_thread()
        .then(CLAIMANT.asks(post_to(JOINT, "a slip")).called("slip"))
        .then(CLAIMANT.asks(post_to(JOINT, "kept")).called("kept"))
        .then(CLAIMANT.asks(GrantAuditAccess {}))
        .then(RESPONDENT.asks(GrantAuditAccess {}));
    let before = parts(&said, auditor);
    assert_eq!((before.there[&slip], before.there[&kept]), (1, 1), "both camps have let them in");
    let after = parts(&erased(said, Erasable::Item(item("slip"))), auditor);
    assert_eq!((after.there.get(&slip), after.left_out[&slip], after.there[&kept]), (None, 1, 1));
}
