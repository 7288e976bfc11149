//! Cases that between them hold every event.

use entente_domain::Audience;
use entente_domain::command::*;
use entente_domain::event::*;
use entente_tests::cast::*;
use entente_tests::spec::*;

/// Cases that between them hold every event, and each kind of item for each audience, hidden ones among them.
pub(super) fn canonical() -> Vec<History> {
    let mut table = every_thread();
    let authors = |audience: Audience| match audience {
        Audience::RespondentCaucus | Audience::RespondentWorkspace => RESPONDENT,
        Audience::MediatorNotes => MEDIATOR,
        Audience::Joint | Audience::ClaimantCaucus | Audience::ClaimantWorkspace => CLAIMANT,
    };
    for audience in Audience::ALL {
        let author = authors(audience);
        table = table.then(author.asks(post_to(audience, "words"))).then(author.asks(submit_to(audience, "paper")));
        let called = format!("opened {audience:?}");
        table = table.then(author.asks(post_to(audience, "to be opened")).called(&called));
        for reader in [CLAIMANT, RESPONDENT, MEDIATOR] {
            let issued = table.issued(reader.asks(OpenItem { item: item(&called) }));
            if let Ok(entries) = table.case.decide(&issued) {
                table.take(entries);
            }
        }
    }
    for hidden in [Audience::ClaimantCaucus, Audience::ClaimantWorkspace] {
        let called = format!("hidden {hidden:?}");
        table = table
            .then(CLAIMANT.asks(post_to(JOINT, "words")).called(&called))
            .then(RESPONDENT.asks(OpenItem { item: item(&called) }))
            .then(CLAIMANT.asks(restrict(item(&called), hidden)));
    }
    for camp in [CLAIMANT, RESPONDENT] {
        table = table.then(camp.asks(GrantAuditAccess {})).then(camp.asks(RevokeAuditAccess {}));
    }
    for person in [C1, R1, M1] {
        let told = format!("told {person}");
        let author = if person == C1 { RESPONDENT } else { CLAIMANT };
        table = table.then(author.asks(post_to(JOINT, "news")).called(&told));
        table = table.then(CLOCK.asks(alert(person, &[item(&told)])));
    }
    for (hand, caucus) in [(CLAIMANT, Audience::ClaimantCaucus), (RESPONDENT, Audience::RespondentCaucus)] {
        let called = format!("confided {caucus:?}");
        table = table
            .then(hand.asks(post_to(caucus, "words")).called(&called))
            .then(hand.asks(authorise(item(&called), DisclosureForm::Verbatim)))
            .then(hand.asks(RevokeDisclosure { item: item(&called) }))
            .then(hand.asks(authorise(item(&called), DisclosureForm::Substance)))
            .then(MEDIATOR.asks(disclose(item(&called), "other words")));
    }
    for audience in [JOINT, Audience::ClaimantCaucus, Audience::RespondentCaucus] {
        let at = table.now();
        table = table.then(MEDIATOR.asks(telephoned(audience, at)));
    }
    table = table
        .then(CENTRE.asks(SwitchChannel { channel: Channel::Telephone }))
        .then(MEDIATOR.asks(Suspend {}))
        .then(MEDIATOR.asks(Resume {}))
        .then(CLAIMANT.asks(extend(5, 29)))
        .then(RESPONDENT.asks(extend(5, 29)))
        .then(MEDIATOR.asks(extend(5, 29)))
        .then(RESPONDENT.asks(unseat(RL)))
        .then(CLAIMANT.asks(propose("a dead draft")).called("dead"))
        .then(RESPONDENT.asks(DeclineSettlement { item: item("dead") }))
        .then(MEDIATOR.asks(propose("a draft")).called("draft"))
        .then(CLAIMANT.asks(sign("draft", "a draft")))
        .then(RESPONDENT.asks(sign("draft", "a draft")));

    let named = registered_naming_r1().then(CLAIMANT.asks(failing())).then(CLAIMANT.asks(passing()));
    let withdrawn = |readers| every_thread().then(RESPONDENT.asks(withdraw_because(readers, "a reason")));
    vec![
        table,
        registered().then(CENTRE.asks(inadmissible())),
        named.then(RESPONDENT.asks(Decline {})),
        invited().then(CLOCK.asks(LapseInvitation {}).at(day(30, 0, 0))),
        consented()
            .then(CLOCK.asks(RecordMissedAppointment {}).at(day(5, 0, 0)))
            .then(CENTRE.asks(DeclareMediatorUnavailable {})),
        succeeded().then(CLAIMANT.asks(ReleaseCaucus {})).then(RESPONDENT.asks(ReleaseCaucus {})),
        withdrawn(ReasonFor::Mediator),
        withdrawn(ReasonFor::Everyone),
        every_thread()
            .then(MEDIATOR.asks(ReportNoAgreement {}))
            .then(CLAIMANT.asks(RecordLaterSettlement {}))
            .then(RESPONDENT.asks(RecordLaterSettlement {})),
        opened().then(CLOCK.asks(ExpireTerm {}).at(day(90, 0, 0))),
        sought(),
        challenged(),
        opened()
            .then(CLAIMANT.asks(propose("too late")).called("unsigned"))
            .then(CLOCK.asks(LapseSettlement { item: item("unsigned") }).at(day(40, 0, 0))),
        erased_items(),
        erased(),
    ]
}

/// A case for which several are asked to mediate, until one is appointed; who had declared and was not is erased.
fn sought() -> History {
    let asked = |history: History, person| history.then(CENTRE.asks(ask_to_mediate(person)));
    let what = Erasable::Person(CL);
    let refused = asked(consented(), X).then(hand(X).asks(RefuseAppointment {}));
    let lapsed = asked(refused, M2).then(CLOCK.asks(LapseProposal {}).at(day(6, 0, 0)));
    let withdrawn = asked(lapsed, CL)
        .then(hand(CL).asks(declare("I am counsel of the claimant's.")))
        .then(CENTRE.asks(WithdrawProposal {}));
    asked(withdrawn, M1)
        .then(MEDIATOR.asks(declare("I know neither company.")))
        .then(CLOCK.asks(appoint_declared(M1)))
        .then(CENTRE.asks(ProposeErasure { what, ground: ErasureGround::PersonsRequest }))
        .then(COLLEAGUE.asks(ApproveErasure { what }))
}

/// A mediator whom one camp challenges in vain and the other with success.
fn challenged() -> History {
    every_thread()
        .then(CLAIMANT.asks(challenge("a ground")))
        .then(CENTRE.asks(DecideChallenge { upheld: false }))
        .then(RESPONDENT.asks(challenge("another ground")))
        .then(CENTRE.asks(DecideChallenge { upheld: true }))
}

/// An open case of which an item is erased in each circle that it was said in.
fn erased_items() -> History {
    let mut history = every_thread();
    for (audience, author) in [(Audience::ClaimantCaucus, CLAIMANT), (JOINT, RESPONDENT)] {
        let called = format!("to be erased {audience:?}");
        let what = Erasable::Item(item(&called));
        history = history
            .then(author.asks(post_to(audience, "words")).called(&called))
            .then(CENTRE.asks(ProposeErasure { what, ground: ErasureGround::Unlawful }))
            .then(COLLEAGUE.asks(ApproveErasure { what }));
    }
    history
}

/// A case of which a person and then everything is erased, after some doubts.
fn erased() -> History {
    let (person, case) = (Erasable::Person(RL), Erasable::Case);
    every_thread()
        .then(RESPONDENT.asks(unseat(RL)))
        .then(CENTRE.asks(ProposeErasure { what: person, ground: ErasureGround::PersonsRequest }))
        .then(COLLEAGUE.asks(ApproveErasure { what: person }))
        .then(CENTRE.asks(PlaceHold { ground: HoldGround::Complaint }))
        .then(CENTRE.asks(LiftHold { ground: HoldGround::Complaint }))
        .then(MEDIATOR.asks(ReportNoAgreement {}))
        .then(CENTRE.asks(ProposeErasure { what: case, ground: ErasureGround::CourtOrder }))
        .then(CENTRE.asks(WithdrawErasure { what: case }))
        .then(CLOCK.asks(ProposeErasure { what: case, ground: ErasureGround::RetentionOver }).at(day(2_000, 0, 0)))
        .then(CENTRE.asks(ApproveErasure { what: case }))
        .then(COLLEAGUE.asks(ApproveErasure { what: case }))
}
