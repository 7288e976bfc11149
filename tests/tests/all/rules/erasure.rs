//! Keeping and erasing: who may, what stands in the way, and what is left (GDPR, articles 5 and 17).

use entente_domain::command::*;
use entente_domain::event::*;
use entente_domain::visibility::Viewer;
use entente_domain::{Audience, CaseError, Phase};
use entente_tests::cast::*;
use entente_tests::happened;
use entente_tests::spec::*;

const WHOLE: Erasable = Erasable::Case;

fn closed() -> History {
    every_thread().then(MEDIATOR.asks(ReportNoAgreement {}))
}

fn said() -> History {
    every_thread().then(CLAIMANT.asks(post_to(Audience::ClaimantCaucus, "a slip")).called("slip"))
}

fn propose_erasing(what: Erasable, ground: ErasureGround) -> ProposeErasure {
    ProposeErasure { what, ground }
}

fn approved(history: History, what: Erasable) -> History {
    let ground = ErasureGround::CourtOrder;
    history.then(CENTRE.asks(propose_erasing(what, ground))).then(COLLEAGUE.asks(ApproveErasure { what }))
}

#[test]
fn two_of_the_centre_erase_a_closed_case_and_who_proposes_is_one_of_them() {
    let proposed = closed().then(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::CourtOrder)));
    given(proposed.clone()).when(CENTRE.asks(ApproveErasure { what: WHOLE })).then_refused(CaseError::AnotherApprover);
    given(proposed)
        .when(COLLEAGUE.asks(ApproveErasure { what: WHOLE }))
        .then(happened![CaseErased { ground: ErasureGround::CourtOrder, approvers: vec![S, S2] }]);
}

#[test]
fn what_the_clock_proposes_two_persons_approve() {
    let due = closed().case.retention_due().unwrap();
    let retention = propose_erasing(WHOLE, ErasureGround::RetentionOver);
    given(closed())
        .when(CLOCK.asks(retention.clone()).at(due - jiff::SignedDuration::from_micros(1)))
        .then_refused(CaseError::NotDue);
    let proposed = closed().then(CLOCK.asks(retention.clone()).at(due));
    assert_eq!(proposed.case.due(), None, "it is not due twice");
    given(proposed.clone()).when(CLOCK.asks(retention)).then_nothing();
    let once = proposed.then(CENTRE.asks(ApproveErasure { what: WHOLE }));
    assert_eq!(once.case.phase, Phase::Closed);
    given(once.clone()).when(CENTRE.asks(ApproveErasure { what: WHOLE })).then_refused(CaseError::AnotherApprover);
    given(once)
        .when(COLLEAGUE.asks(ApproveErasure { what: WHOLE }))
        .then(happened![CaseErased { ground: ErasureGround::RetentionOver, approvers: vec![S, S2] }]);
}

#[test]
fn the_clock_proposes_nothing_else() {
    for ask in [
        propose_erasing(WHOLE, ErasureGround::Unlawful),
        propose_erasing(Erasable::Person(R1), ErasureGround::RetentionOver),
    ] {
        given(closed()).when(CLOCK.asks(ask).at(day(3_000, 0, 0))).then_refused(CaseError::NotYourPart);
    }
}

#[test]
fn a_hold_keeps_everything_until_it_is_lifted() {
    let held = closed()
        .then(CENTRE.asks(PlaceHold { ground: HoldGround::LegalClaim }))
        .then(CENTRE.asks(PlaceHold { ground: HoldGround::Complaint }));
    assert_eq!(held.case.due(), None);
    given(held.clone()).when(CENTRE.asks(PlaceHold { ground: HoldGround::Complaint })).then_nothing();
    given(held.clone())
        .when(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::Unlawful)))
        .then_refused(CaseError::OnHold);
    // Each ground is lifted by itself.
    let one_left = held.then(CENTRE.asks(LiftHold { ground: HoldGround::LegalClaim }));
    given(one_left.clone())
        .when(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::Unlawful)))
        .then_refused(CaseError::OnHold);
    let free = one_left.then(CENTRE.asks(LiftHold { ground: HoldGround::Complaint }));
    given(free.clone()).when(CENTRE.asks(LiftHold { ground: HoldGround::Complaint })).then_nothing();
    assert!(free.case.due().is_some());
    // A hold that comes between proposal and approval stands in the way as well.
    let late = free
        .then(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::Unlawful)))
        .then(CENTRE.asks(PlaceHold { ground: HoldGround::CourtOrder }));
    given(late).when(COLLEAGUE.asks(ApproveErasure { what: WHOLE })).then_refused(CaseError::OnHold);
}

#[test]
fn an_open_case_is_not_erased_and_an_unproposed_erasure_not_approved() {
    given(said()).when(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::Unlawful))).then_refused(CaseError::NotClosed);
    given(said())
        .when(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::RetentionOver)))
        .then_refused(CaseError::NotClosed);
    given(closed()).when(CENTRE.asks(ApproveErasure { what: WHOLE })).then_refused(CaseError::NothingProposed);
    let withdrawn = closed()
        .then(CENTRE.asks(propose_erasing(WHOLE, ErasureGround::Unlawful)))
        .then(COLLEAGUE.asks(WithdrawErasure { what: WHOLE }));
    given(withdrawn.clone())
        .when(COLLEAGUE.asks(ApproveErasure { what: WHOLE }))
        .then_refused(CaseError::NothingProposed);
    given(withdrawn).when(CENTRE.asks(WithdrawErasure { what: WHOLE })).then_nothing();
}

#[test]
fn an_item_is_erased_for_everyone_and_the_others_stay() {
    let what = Erasable::Item(item("slip"));
    let before = said().then(CLAIMANT.asks(post_to(JOINT, "kept")).called("kept"));
    let after = approved(before, what);
    let page = after.page(Viewer::Person(C1), after.now()).unwrap();
    let words: Vec<_> =
        page.items.iter().map(|found| (found.content.says("slip"), found.content.says("kept"))).collect();
    assert_eq!(words, [(false, false), (false, true)]);
    assert!(page.items[0].erased.is_some() && page.items[1].erased.is_none());
    given(after.clone())
        .when(CENTRE.asks(propose_erasing(what, ErasureGround::Unlawful)))
        .then_refused(CaseError::AlreadyErased);
    // Who could not see it is told nothing.
    let other = after.page(Viewer::Person(R1), after.now()).unwrap();
    assert!(other.items.iter().all(|found| found.item != item("slip")));
    assert!(other.timeline.iter().all(|line| line.event != entente_domain::EventKind::ItemErased));
    given(said())
        .when(CENTRE.asks(propose_erasing(Erasable::Item(item("none")), ErasureGround::Unlawful)))
        .then_refused(CaseError::NotFound);
}

#[test]
fn a_person_becomes_a_number_once_out_of_the_seat() {
    let what = Erasable::Person(RL);
    given(every_thread())
        .when(CENTRE.asks(propose_erasing(what, ErasureGround::PersonsRequest)))
        .then_refused(CaseError::StillSeated);
    given(every_thread())
        .when(CENTRE.asks(propose_erasing(Erasable::Person(X), ErasureGround::PersonsRequest)))
        .then_refused(CaseError::NotFound);
    let after = approved(every_thread().then(RESPONDENT.asks(unseat(RL))), what);
    for viewer in [Viewer::Person(R1), Viewer::Person(C1), Viewer::Staff(S)] {
        let page = after.page(viewer, after.now()).unwrap();
        let held = page.people.iter().find(|held| held.person == RL).unwrap();
        assert_eq!((held.name.clone(), held.seat, held.number), (None, entente_domain::Seat::Respondent, held.number));
        assert!(held.number > 1, "the head of mandate is the first");
        assert!(page.people.iter().filter(|held| held.person != RL).all(|held| held.name.is_some()));
    }
    // Nobody comes back under a name that nobody may know.
    given(after)
        .when(RESPONDENT.asks(seat(RL, entente_domain::Capacity::Counsel)))
        .then_refused(CaseError::AlreadyErased);
}

#[test]
fn nothing_happens_any_more_to_what_is_erased() {
    let gone = approved(closed(), WHOLE);
    assert_eq!(gone.case.phase, Phase::Erased);
    for question in [
        CENTRE.asks(PlaceHold { ground: HoldGround::LegalClaim }),
        CENTRE.asks(propose_erasing(WHOLE, ErasureGround::Unlawful)),
        CLAIMANT.asks(RecordLaterSettlement {}),
        CLAIMANT.asks(withdraw()),
        MEDIATOR.asks(post_to(JOINT, "still here")),
    ] {
        given(gone.clone()).when(question).then_refused(CaseError::AlreadyErased);
    }
    let page = gone.page(Viewer::Person(C1), gone.now()).unwrap();
    assert!(page.erased.is_some() && page.nature.is_none());
    assert!(page.people.iter().all(|held| held.name.is_none() && held.declaration.is_none()));
    assert!(page.parties.iter().all(|party| party.name.is_none()));
    // How it ended is still known: the figures count it.
    assert_eq!(page.closing.unwrap().outcome, Outcome::NoAgreement);
}

#[test]
fn a_document_is_submitted_once_and_what_is_passed_on_shares_it() {
    let paper = submit_to(Audience::ClaimantCaucus, "contract.pdf");
    let laid = every_thread().then(CLAIMANT.asks(paper.clone()).called("paper"));
    given(laid.clone()).when(CLAIMANT.asks(paper.clone())).then_refused(CaseError::AlreadySubmitted);
    let elsewhere = SubmitDocument { discussion: thread(JOINT), ..paper.clone() };
    given(laid.clone()).when(RESPONDENT.asks(elsewhere)).then_refused(CaseError::AlreadySubmitted);
    let passed_on = laid.then(CLAIMANT.asks(authorise(item("paper"), DisclosureForm::Verbatim))).then(
        MEDIATOR
            .asks(Disclose { item: item("paper"), content: Disclosed::Document(facts("contract.pdf")) })
            .called("copy"),
    );
    assert_eq!(passed_on.case.items[&item("copy")].object, Some(paper.object));
    let source_gone = approved(passed_on, Erasable::Item(item("paper")));
    assert!(source_gone.case.needs_object(paper.object), "the copy is an item of its own");
    let both_gone = approved(source_gone, Erasable::Item(item("copy")));
    assert!(!both_gone.case.needs_object(paper.object));
}
