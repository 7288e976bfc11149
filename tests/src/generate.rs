//! Histories made by chance: commands by likely and unlikely hands at random times, so chosen that tables open often.

mod moves;
mod straight;

use entente_domain::command::*;
use entente_domain::event::{
    Channel, Disclosed, DisclosureForm, DocumentClass, Erasable, ErasureGround, HoldGround, ReasonFor, SettlementScope,
    TextDigest,
};
use entente_domain::state::{Due, Item, Occupancy};
use entente_domain::{
    Actor, Ask, Audience, Camp, Capacity, Case, CaseError, Entry, Issued, ItemId, PersonId, Seat, calendar,
};
use jiff::{SignedDuration, Timestamp, ToSpan};
use proptest::prelude::*;

pub use self::moves::Move;
use self::moves::moves;
use self::straight::{appointment, person_called};
pub use self::straight::{straight_asks, straight_to_the_table};
use crate::cast::*;

/// One attempt, before a case has said what it may be about.
#[derive(Clone, Debug)]
pub struct Step {
    what: Move,
    /// Whether any hand asks, and not one that may.
    wild: bool,
    pick: usize,
    other: usize,
    minutes: i64,
}

/// A history to be: how far it is taken straight to the table, and the attempts that follow.
#[derive(Clone, Debug)]
pub struct Plan {
    named: bool,
    straight: usize,
    /// The attempts.
    pub steps: Vec<Step>,
}

/// A command and what came of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The command.
    pub issued: Issued,
    /// The case before.
    pub before: Case,
    /// The answer.
    pub answer: Result<Vec<Entry>, CaseError>,
}

/// A plan carried out.
#[derive(Clone, Debug, Default)]
pub struct Played {
    /// Every command with its answer, in order.
    pub asked: Vec<Asked>,
    /// What happened.
    pub entries: Vec<Entry>,
    /// The case at the end.
    pub case: Case,
}

impl Played {
    /// Puts a command to the case and keeps the answer.
    pub fn ask(&mut self, issued: Issued) {
        let before = self.case.clone();
        let answer = self.case.decide(&issued);
        for entry in answer.iter().flatten() {
            self.case.fold(entry);
            self.entries.push(entry.clone());
        }
        self.asked.push(Asked { issued, before, answer });
    }

    /// The last command's time.
    pub fn now(&self) -> Timestamp {
        self.asked.last().map_or_else(|| day(0, 9, 0), |asked| asked.issued.at)
    }
}

/// Up to `most` attempts.
pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let minutes = prop_oneof![8 => 0..600_i64, 2 => 600..6_000_i64, 1 => 6_000..60_000_i64];
    let step = (prop::sample::select(moves()), prop::bool::weighted(0.15), 0..10_000_usize, 0..10_000_usize, minutes)
        .prop_map(|(what, wild, pick, other, minutes)| Step { what, wild, pick, other, minutes });
    prop::collection::vec(step, 0..most)
}

/// Histories of up to `most` attempts, two in three from an open table.
pub fn plans(most: usize) -> impl Strategy<Value = Plan> {
    let straight = prop_oneof![6 => Just(5_usize), 3 => 0..5_usize];
    (any::<bool>(), straight, steps(most)).prop_map(|(named, straight, steps)| Plan { named, straight, steps })
}

/// Carries a plan out.
pub fn play(plan: &Plan) -> Played {
    let mut played = straight_to_the_table(plan.named, plan.straight);
    attempt(&mut played, &plan.steps);
    played
}

/// Carries attempts out on what there is.
pub fn attempt(played: &mut Played, steps: &[Step]) {
    for step in steps {
        let n = played.asked.len() + 1;
        let at = played.now() + SignedDuration::from_mins(step.minutes);
        // One day of a candidate's, and fifteen of a draft's, are longer than most of chance's.
        let lapses = match step.what {
            Move::LapseAsk => Some(Due::Declaration),
            Move::LapseDraft => Some(Due::Signature),
            _ => None,
        };
        let running = played.case.deadlines().into_iter().find(|deadline| Some(deadline.kind) == lapses);
        let over = running.filter(|_| step.pick.is_multiple_of(2)).map(|deadline| deadline.due);
        // Five years are longer than chance waits.
        let retired = played.case.retention_due().filter(|_| step.what == Move::Retire);
        let at = retired.or(over).map_or(at, |due| due.max(at));
        let (by, ask) = question(step, n, &played.case, at);
        played.ask(Issued { case: CASE, id: command(&format!("attempt {n}")), by, at, entropy: SALT, ask });
    }
}

const HOLDS: [HoldGround; 2] = [HoldGround::LegalClaim, HoldGround::Complaint];

const PEOPLE: [PersonId; 9] = [C1, C2, CL, R1, R2, RL, M1, M2, X];

impl Step {
    /// How much later than the last one it is attempted, in minutes.
    pub fn minutes(&self) -> i64 {
        self.minutes
    }
}

/// Who asks what: about something that exists, by somebody who may, as far as the case has either.
pub fn question(step: &Step, n: usize, case: &Case, at: Timestamp) -> (Actor, Ask) {
    let of = |list: &[ItemId]| list.get(step.pick % list.len().max(1)).copied().unwrap_or_else(|| item("never made"));
    let items = |wanted: &dyn Fn(&Item) -> bool| -> ItemId {
        let found: Vec<_> = case.items.iter().filter(|(_, item)| wanted(item)).map(|(id, _)| *id).collect();
        of(&found)
    };
    let any_item = items(&|_| true);
    let confided = items(&|item| item.audience_now().caucus_of().is_some_and(|camp| camp.seat() == item.seat));
    let draft = of(&case.settlements.keys().copied().collect::<Vec<_>>());
    let person = PEOPLE[step.pick % PEOPLE.len()];
    let audience = Audience::ALL[step.pick % Audience::ALL.len()];
    let camp = Camp::BOTH[step.pick % 2];
    let form = [DisclosureForm::Verbatim, DisclosureForm::Substance][step.pick % 2];
    let threads: Vec<_> = case.discussions.iter().map(|(id, found)| (*id, found.audience)).collect();
    let (thread, heard) =
        threads.get(step.pick % threads.len().max(1)).copied().unwrap_or((discussion("never opened"), JOINT));
    let camps = seated(case, &[Seat::Claimant, Seat::Respondent]);
    let table = seated(case, &[Seat::Claimant, Seat::Respondent, Seat::Mediator]);
    let mediator = seated(case, &[Seat::Mediator]);
    let author =
        |id: &ItemId| -> Vec<Actor> { case.items.get(id).map(|item| Actor::Person(item.author)).into_iter().collect() };
    let candidate = case.candidate().map(|asked| Actor::Person(asked.person)).into_iter().collect();
    let centre = vec![Actor::Staff(S)];
    let erasers = vec![Actor::Staff(S), Actor::Staff(S2)];
    let left = case.seating.iter().filter(|held| held.to.is_some()).map(|held| held.person);
    let asked = case.candidates.iter().filter(|asked| asked.ended.is_some()).map(|asked| asked.person);
    let gone: Vec<_> = left.chain(asked).collect();
    let what = match step.pick % 5 {
        0 => Erasable::Case,
        1 => Erasable::Person(gone.get(step.other % gone.len().max(1)).copied().unwrap_or(person)),
        _ => Erasable::Item(any_item),
    };
    let proposals: Vec<_> = case.erasures.iter().map(|proposal| proposal.what).collect();
    let proposed = proposals.get(step.pick % proposals.len().max(1)).copied().unwrap_or(what);
    let approved = |person| case.erasure(proposed).is_some_and(|proposal| proposal.approvers.contains(&person));
    let second = [S, S2].into_iter().filter(|person| !approved(*person)).map(Actor::Staff).collect::<Vec<_>>();
    let words = |what: &str| format!("{what} <{n}>");

    // Whoever is asked to mediate has little time to answer.
    let awaited = case.candidate().is_some_and(|asked| asked.declared.is_none()) && step.pick.is_multiple_of(3);
    let (suited, ask): (Vec<Actor>, Ask) = match if awaited { Move::Declare } else { step.what } {
        Move::Register => (vec![Actor::Person(person)], register().into()),
        Move::Answer => {
            let answers = if step.pick.is_multiple_of(3) { failing() } else { passing() };
            (seated(case, &[Seat::Claimant]), answers.into())
        }
        Move::Reject => (centre, inadmissible().into()),
        Move::Invite => (centre, InviteRespondent { contact: person_called(person, "invited", n) }.into()),
        Move::Consent => (seated(case, &[Seat::Respondent]), GiveConsent {}.into()),
        Move::Decline => (seated(case, &[Seat::Respondent]), Decline {}.into()),
        Move::Lapse => (vec![Actor::Clock], LapseInvitation {}.into()),
        Move::Ask => {
            let mediator = person_called([M1, M2, X, person][step.pick % 4], "candidate", n);
            (centre, ProposeMediator { mediator }.into())
        }
        Move::Declare => (candidate, declare(&words("candidate's word")).into()),
        Move::Excuse => (candidate, RefuseAppointment {}.into()),
        Move::Unask => (centre, WithdrawProposal {}.into()),
        Move::LapseAsk => (vec![Actor::Clock], LapseProposal {}.into()),
        Move::Appoint => match case.candidate() {
            Some(asked) if asked.declared.is_some() => {
                let mediator = person_called(asked.person, "mediator", n);
                (vec![Actor::Staff(S), Actor::Clock], AppointMediator { mediator, declaration: None }.into())
            }
            _ => (centre, appointment([M1, M2, X, person][step.pick % 4], n).into()),
        },
        Move::Challenge => (camps, challenge(&words("ground")).into()),
        Move::Rule => (centre, DecideChallenge { upheld: step.pick.is_multiple_of(2) }.into()),
        Move::LapseDraft => (vec![Actor::Clock], LapseSettlement { item: draft }.into()),
        Move::Miss => (vec![Actor::Clock], RecordMissedAppointment {}.into()),
        Move::Unavailable => (centre, DeclareMediatorUnavailable {}.into()),
        Move::Resign => (mediator, ResignMediator {}.into()),
        Move::Release => (camps, ReleaseCaucus {}.into()),
        Move::Seat => {
            let contact = person_called(person, "colleague", n);
            (seated(case, &[camp.seat()]), SeatRepresentative { contact, capacity: Capacity::Counsel }.into())
        }
        Move::Unseat => {
            let held = case.occupancy(person).map(|held| held.from).filter(|_| step.other.is_multiple_of(3));
            let left = held.map(|from| from + (at.duration_since(from)) / 2);
            (camps, UnseatRepresentative { person, left }.into())
        }
        Move::Thread => (seated(case, audience.seats()), open_thread(audience, &words("thread")).into()),
        Move::Post => {
            (seated(case, heard.seats()), PostMessage { discussion: thread, body: body(&words("message")) }.into())
        }
        Move::Submit => {
            let (facts, class) = (facts(&format!("document {n}.pdf")), DocumentClass::PreExisting);
            let object = object(&format!("document {n}"));
            (seated(case, heard.seats()), SubmitDocument { discussion: thread, facts, class, object }.into())
        }
        Move::Restrict => (author(&any_item), restrict(any_item, Audience::ALL[step.other % 6]).into()),
        Move::Authorise => (author(&confided), authorise(confided, form).into()),
        Move::Revoke => (author(&confided), RevokeDisclosure { item: confided }.into()),
        Move::Disclose => {
            let allowed = items(&|item| item.authorised.is_some());
            (mediator, Disclose { item: allowed, content: Disclosed::Words(body(&words("passed on"))) }.into())
        }
        Move::Open => {
            let audience = case.items.get(&any_item).map_or(JOINT, Item::audience_now);
            (seated(case, audience.seats()), OpenItem { item: any_item }.into())
        }
        Move::Alert => (vec![Actor::Clock], alert(person, &[any_item, confided, draft]).into()),
        Move::Grant => (camps, GrantAuditAccess {}.into()),
        Move::Ungrant => (camps, RevokeAuditAccess {}.into()),
        Move::Channel => {
            let channel = [Channel::Online, Channel::Fax, Channel::Telephone, Channel::InPerson][step.pick % 4];
            (centre, SwitchChannel { channel }.into())
        }
        Move::Offline => (mediator, telephoned(audience, at).into()),
        Move::Suspend => (table, Suspend {}.into()),
        Move::Resume => (table, Resume {}.into()),
        Move::Extend => {
            let weeks = if step.pick.is_multiple_of(4) { 4 } else { 2_i64 };
            let until = calendar::paris_date(case.term_due.unwrap_or(at)).saturating_add(weeks.weeks());
            (table, ExtendTerm { until }.into())
        }
        Move::Propose => {
            let scope = [SettlementScope::Whole, SettlementScope::Part][step.pick % 2];
            (table, ProposeSettlement { text: body(&words("draft")), scope }.into())
        }
        Move::Sign => {
            let open = case.settlements.iter().filter(|(_, found)| found.declined.is_none() && !found.lapsed);
            let draft = of(&open.map(|(id, _)| *id).collect::<Vec<_>>());
            let digest = case.settlements.get(&draft).map(|found| found.digest.clone());
            let digest = digest.unwrap_or_else(|| TextDigest::of(SALT, &body("nothing")));
            (camps, SignSettlement { item: draft, digest }.into())
        }
        Move::Refuse => (camps, DeclineSettlement { item: draft }.into()),
        Move::NoAgreement => (mediator, ReportNoAgreement {}.into()),
        Move::Withdraw => {
            let readers = [ReasonFor::Mediator, ReasonFor::Everyone][step.pick % 2];
            (camps, withdraw_because(readers, &words("reason")).into())
        }
        Move::Expire => (vec![Actor::Clock], ExpireTerm {}.into()),
        Move::Later => (camps, RecordLaterSettlement {}.into()),
        Move::Hold => (centre, PlaceHold { ground: HOLDS[step.pick % 2] }.into()),
        Move::Unhold => (centre, LiftHold { ground: HOLDS[step.pick % 2] }.into()),
        Move::Erase if step.pick.is_multiple_of(2) && !proposals.is_empty() => {
            (second, ApproveErasure { what: proposed }.into())
        }
        Move::Erase => (erasers, ProposeErasure { what, ground: ErasureGround::Unlawful }.into()),
        Move::Retire => {
            (vec![Actor::Clock], ProposeErasure { what: Erasable::Case, ground: ErasureGround::RetentionOver }.into())
        }
        Move::Approve => (second, ApproveErasure { what: proposed }.into()),
        Move::Keep => (erasers, WithdrawErasure { what: proposed }.into()),
    };
    let everyone = || PEOPLE.into_iter().map(Actor::Person).chain([Actor::Staff(S), Actor::Clock]).collect::<Vec<_>>();
    let hands = if step.wild || suited.is_empty() { everyone() } else { suited };
    (hands[step.other % hands.len()], ask)
}

fn seated(case: &Case, seats: &[Seat]) -> Vec<Actor> {
    let sits = |held: &&Occupancy| held.to.is_none() && seats.contains(&held.seat);
    case.seating.iter().filter(sits).map(|held| Actor::Person(held.person)).collect()
}
