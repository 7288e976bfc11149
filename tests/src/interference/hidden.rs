//! Hidden deeds: what others do that a viewer is not to notice. What is proposed here is held against the oracle afterwards.

use entente_domain::command::*;
use entente_domain::event::{DisclosureForm, DocumentClass, Erasable, ErasureGround, HoldGround, SettlementScope};
use entente_domain::state::{Due, Occupancy};
use entente_domain::{
    Actor, Ask, Audience, Camp, Capacity, Case, CommandId, DiscussionId, ItemId, PersonId, Phase, Seat,
};
use jiff::Timestamp;

use super::deeds::{Deed, What, post as post_below};
use super::stage::person_of;
use crate::cast::{
    S, S2, X, alert, ask_to_mediate, authorise, body, challenge, declare, facts, failing, object, open_thread,
    restrict, statement, telephoned,
};
use serde_json::json;

/// How many kinds of hidden doings there are.
pub const DOINGS: usize = 29;

/// The kind that lays a document on the table.
pub const DOCUMENT: usize = 4;

/// The kind that leaves a candidate asked.
pub const ASKED: usize = 28;

/// The words that hidden deeds say, for probes that look for words.
pub const WORDS: &str = "whispered";

/// What a hidden deed is made from.
pub struct Scene<'a> {
    /// The case as it is.
    pub case: &'a Case,
    /// Who is not to notice.
    pub viewer: PersonId,
    /// Whether that is the centre's staff, who see what the centre does.
    pub staff: bool,
    /// Whether the viewer has the centre's lists, and sees that there are other cases.
    pub lists: bool,
    /// When.
    pub at: Timestamp,
    /// What makes it this one and not another.
    pub pick: usize,
    /// Which pair this is: its persons are its own.
    pub pair: u64,
    /// The command that a person's key names.
    pub command: &'a dyn Fn(PersonId, &str) -> CommandId,
}

impl Scene<'_> {
    /// A kind of doing, if there is anything of the kind at the moment: deeds with the keys that they are sent under.
    pub fn doing(&self, kind: usize, key: &str) -> Option<Vec<(Deed, String)>> {
        let asks = self.asks(kind, key)?;
        let keyed = asks.into_iter().enumerate();
        Some(keyed.map(|(n, deed)| (deed, format!("{key}.{n}"))).collect())
    }

    fn asks(&self, kind: usize, key: &str) -> Option<Vec<Deed>> {
        let words = || format!("{WORDS} <{key}>");
        let asked = |who: PersonId, ask: Ask| Deed::of(Actor::Person(who), &ask);
        let own_camp = self.seat_of(self.viewer).and_then(Seat::camp);
        // The other side of a camp's viewer; either side for everybody else.
        let camp = own_camp.map_or(Camp::BOTH[self.pick % 2], Camp::other);
        let mediator = self.case.mediator().map(|held| held.person).filter(|person| *person != self.viewer);
        let head = self.head(camp);
        let caucus = Audience::caucus(camp);
        let post = |discussion, what: &str| -> Ask {
            PostMessage { discussion, body: body(&format!("{what} {}", words())) }.into()
        };
        let staff = |who: PersonId, ask: Ask| Deed::of(Actor::Staff(person_of(self.pair, who)), &ask);
        let made = |who, n| ItemId((self.command)(who, &format!("{key}.{n}")).derive("item"));
        let opened = |who, n| DiscussionId((self.command)(who, &format!("{key}.{n}")).derive("discussion"));
        Some(match kind {
            0 => vec![
                asked(head?, post(self.standing(caucus)?, "told")),
                asked(mediator?, OpenItem { item: made(head?, 0) }.into()),
            ],
            1 => vec![asked(mediator?, post(self.standing(caucus)?, "answered"))],
            2 => {
                let threads = open_thread(Audience::workspace(camp), &words());
                vec![asked(head?, threads.into()), asked(head?, post(opened(head?, 0), "drafted"))]
            }
            3 => {
                let notes = open_thread(Audience::MediatorNotes, &words());
                vec![asked(mediator?, notes.into()), asked(mediator?, post(opened(mediator?, 0), "noted"))]
            }
            DOCUMENT => {
                let class = DocumentClass::DrawnUp;
                let (discussion, object) = (self.standing(caucus)?, object(key));
                let paper = SubmitDocument { discussion, facts: facts("paper.pdf"), class, object };
                let hides = restrict(made(head?, 0), Audience::workspace(camp));
                vec![asked(head?, paper.into()), asked(head?, hides.into())]
            }
            5 => {
                let reader = self.other_than_viewers_side()?;
                let item = self.item(|item| item.audience_now() == Audience::Joint && item.author != reader)?;
                vec![asked(reader, OpenItem { item }.into())]
            }
            6 => {
                let leave = authorise(made(head?, 0), DisclosureForm::Verbatim);
                let back = RevokeDisclosure { item: made(head?, 0) };
                vec![
                    asked(head?, post(self.standing(caucus)?, "confided")),
                    asked(head?, leave.into()),
                    asked(head?, back.into()),
                ]
            }
            7 => {
                let item = self.item(|item| item.audience_now() == caucus && item.seat == camp.seat())?;
                vec![asked(head?, restrict(item, Audience::workspace(camp)).into())]
            }
            8 => vec![asked(head?, ReleaseCaucus {}.into())],
            9 => vec![asked(head?, GrantAuditAccess {}.into())],
            10 => vec![asked(mediator?, telephoned(caucus, self.at).into())],
            11 => {
                let told = self.other_than_viewers_side()?;
                let items: Vec<_> = self.case.items.keys().copied().collect();
                (!items.is_empty()).then(|| vec![Deed::of(Actor::Clock, &alert(told, &items).into())])?
            }
            12 => vec![
                asked(head?, open_thread(caucus, &words()).into()),
                asked(mediator?, post(opened(head?, 0), "in a thread")),
            ],
            // Said to all and taken back before the viewer looked.
            13 => {
                let says = post(self.standing(Audience::Joint)?, "slipped");
                let hides = restrict(made(head?, 0), caucus);
                vec![asked(head?, says), asked(head?, hides.into())]
            }
            14 => vec![Deed { by: Actor::Person(head?), what: What::Look }],
            15 if self.lists => return None,
            15 => vec![Deed { by: Actor::Person(head?), what: What::Elsewhere }],
            16 => vec![asked(self.head(Camp::Claimant)?, failing().into())],
            // Refused, and so no event at all; yet it was asked.
            17 => {
                let item = self.item(|item| item.author != head.unwrap_or(self.viewer))?;
                vec![
                    asked(head?, RevokeDisclosure { item }.into()),
                    asked(head?, SignSettlement { item, digest: entente_domain::event::TextDigest("0".into()) }.into()),
                ]
            }
            18 => vec![asked(head?, withdraw_quietly(&words()))],
            // Announced and never brought, as large as a file may be.
            20 => {
                let said = json!({"discussion": self.standing(caucus)?, "name": "paper.pdf", "size": 100_000_000});
                vec![Deed { by: Actor::Person(head?), what: What::Sent(post_below("uploads", said)) }]
            }
            // The same by the viewer's own colleague: until it is on the table, it is nobody else's.
            27 => {
                let seat = self.seat_of(self.viewer).filter(|seat| seat.camp().is_some())?;
                let mate = |held: &&Occupancy| held.to.is_none() && held.seat == seat && held.person != self.viewer;
                let mate = self.case.seating.iter().find(mate)?.person;
                let discussion = self.standing(Audience::Joint)?;
                let said = json!({"discussion": discussion, "name": "paper.pdf", "size": 100_000_000});
                vec![Deed { by: Actor::Person(mate), what: What::Sent(post_below("uploads", said)) }]
            }
            // What the centre has to do with the content is the centre's own matter.
            21 if !self.staff => vec![staff(S, PlaceHold { ground: HoldGround::Complaint }.into())],
            22 if !self.staff => {
                let what = Erasable::Item(self.item(|_| true)?);
                vec![staff(S, ProposeErasure { what, ground: ErasureGround::Unlawful }.into())]
            }
            23 if !self.staff => {
                let item = self
                    .item(|item| item.audience_now() == caucus || item.audience_now() == Audience::workspace(camp))?;
                let what = Erasable::Item(item);
                vec![
                    staff(S, ProposeErasure { what, ground: ErasureGround::Unlawful }.into()),
                    staff(S2, ApproveErasure { what }.into()),
                ]
            }
            // Whom the centre asks to mediate, and what came of it, while nobody is appointed.
            24 if !self.staff => self.asks_somebody(&words(), true)?,
            // The same, who stands by when the viewer looks.
            ASKED if !self.staff => self.asks_somebody(&words(), false)?,
            // The fact of a challenge is everyone's, its ground is not; played against one on another ground.
            25 if !self.staff => vec![asked(head.filter(|_| self.may_challenge())?, challenge(&words()).into())],
            // The centre is shown no draft, nor that one runs out.
            26 if self.staff => {
                let draft = ProposeSettlement { text: body(&words()), scope: SettlementScope::Part };
                vec![asked(mediator?, draft.into())]
            }
            21..=26 | ASKED => return None,
            _ => {
                let second = self.colleague(camp)?;
                vec![
                    asked(second, post(self.standing(caucus)?, "added")),
                    asked(second, open_thread(Audience::workspace(camp), &words()).into()),
                ]
            }
        })
    }

    /// A proposal, and what comes of it. Where it is to come to nothing the last word is the centre's.
    fn asks_somebody(&self, words: &str, in_vain: bool) -> Option<Vec<Deed>> {
        let somebody = person_of(self.pair, X);
        let is_free = self.viewer != somebody
            && self.case.candidate().is_none()
            && self.case.mediator().is_none()
            && matches!(self.case.phase, Phase::Consented | Phase::Open | Phase::Suspended);
        let centre = Actor::Staff(person_of(self.pair, S));
        let ask = Deed::of(centre, &ask_to_mediate(somebody).into());
        let back = in_vain.then(|| Deed::of(centre, &WithdrawProposal {}.into()));
        let answer: Option<Ask> = match self.pick % 3 {
            0 => Some(declare(words).into()),
            1 if in_vain => Some(RefuseAppointment {}.into()),
            _ => None,
        };
        let answer = answer.map(|answer| Deed::of(Actor::Person(somebody), &answer));
        is_free.then(|| [ask].into_iter().chain(answer).chain(back).collect())
    }

    fn may_challenge(&self) -> bool {
        let running = self.case.deadlines().into_iter().find(|deadline| deadline.kind == Due::Challenge);
        running.is_some_and(|deadline| !deadline.is_over(self.at)) && self.case.pending_challenges().next().is_none()
    }

    fn seat_of(&self, person: PersonId) -> Option<Seat> {
        self.case.seating.iter().find(|held| held.person == person).map(|held| held.seat)
    }

    fn head(&self, camp: Camp) -> Option<PersonId> {
        let binds = |held: &&Occupancy| held.seat == camp.seat() && held.capacity == Some(Capacity::HeadOfMandate);
        self.case.seating.iter().find(binds).map(|held| held.person).filter(|person| *person != self.viewer)
    }

    fn colleague(&self, camp: Camp) -> Option<PersonId> {
        let serves = |held: &&Occupancy| {
            held.to.is_none() && held.seat == camp.seat() && held.capacity != Some(Capacity::HeadOfMandate)
        };
        self.case.seating.iter().find(serves).map(|held| held.person).filter(|person| *person != self.viewer)
    }

    fn other_than_viewers_side(&self) -> Option<PersonId> {
        let seat = self.seat_of(self.viewer);
        let others: Vec<_> = self
            .case
            .seating
            .iter()
            .filter(|held| held.to.is_none() && Some(held.seat) != seat)
            .map(|held| held.person)
            .collect();
        others.get(self.pick % others.len().max(1)).copied()
    }

    fn item(&self, wanted: impl Fn(&entente_domain::state::Item) -> bool) -> Option<ItemId> {
        let found: Vec<_> = self.case.items.iter().filter(|(_, item)| wanted(item)).map(|(id, _)| *id).collect();
        found.get(self.pick % found.len().max(1)).copied()
    }

    fn standing(&self, audience: Audience) -> Option<DiscussionId> {
        let found = self.case.discussions.iter().find(|(_, found)| found.standing && found.audience == audience);
        found.map(|(id, _)| *id)
    }
}

/// A withdrawal whose reason only the mediator and the own camp read; the harness plays it against one without a reason.
fn withdraw_quietly(words: &str) -> Ask {
    use entente_domain::event::ReasonFor;
    Withdraw { reason: Some(ReasonAsk { readers: ReasonFor::Mediator, text: statement(words) }) }.into()
}
