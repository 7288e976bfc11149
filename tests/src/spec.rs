//! The grammar of the rules' tests: given a history, when somebody asks, then this happens, is refused, or nothing.

use entente_domain::command::{GiveConsent, ResignMediator, Suspend};
use entente_domain::rule_set::RuleSet;
use entente_domain::visibility::{self, Viewer};
use entente_domain::{
    Actor, Ask, Audience, Capacity, Case, CaseError, CaseEvent, CommandId, Entry, EventKind, Issued, ItemId, PersonId,
};
use entente_projections::page::{self, CasePage};
use jiff::{SignedDuration, Timestamp};

use crate::cast::{
    C2, CASE, CENTRE, CLAIMANT, Hand, M1, M2, MEDIATOR, R1, R2, RESPONDENT, RL, SALT, appoint, command, day, invite,
    open_thread, passing, propose, register, register_naming, seat, sign, withdraw,
};

/// What somebody asks; when and under which name, if that matters.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who.
    pub by: Actor,
    /// What.
    pub ask: Ask,
    /// When; a minute after what was last asked if not said.
    pub at: Option<Timestamp>,
    /// The command's id; one of its own if not said.
    pub id: Option<CommandId>,
}

impl Question {
    /// At this instant.
    pub fn at(self, at: Timestamp) -> Self {
        Self { at: Some(at), ..self }
    }

    /// Under this name, from which the ids of what it makes follow.
    pub fn called(self, name: &str) -> Self {
        Self { id: Some(command(name)), ..self }
    }
}

/// What has happened in a case, made by commands alone.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The case, folded.
    pub case: Case,
    /// Its entries.
    pub entries: Vec<Entry>,
    asked: u32,
}

impl History {
    /// The next thing that happened; a refusal, or nothing at all, is a mistake of the test's.
    #[track_caller]
    pub fn then(mut self, question: Question) -> Self {
        let issued = self.issued(question);
        match self.case.decide(&issued) {
            Ok(entries) if !entries.is_empty() => self.take(entries),
            other => panic!("{} was to happen, and instead: {other:?}", issued.ask.name()),
        }
        self
    }

    /// The command that a question is.
    pub fn issued(&mut self, question: Question) -> Issued {
        self.asked += 1;
        let id = question.id.unwrap_or_else(|| command(&format!("step {} of {}", self.asked, self.entries.len())));
        let at = question.at.unwrap_or_else(|| self.now() + SignedDuration::from_mins(1));
        Issued { case: CASE, id, by: question.by, at, entropy: SALT, ask: question.ask }
    }

    /// Takes entries as they come.
    pub fn take(&mut self, entries: Vec<Entry>) {
        for entry in entries {
            self.case.fold(&entry);
            self.entries.push(entry);
        }
    }

    /// The last entry's time.
    pub fn now(&self) -> Timestamp {
        self.entries.last().map_or_else(|| day(0, 9, 0), |entry| entry.at)
    }

    /// What a viewer sees at an instant; none if there is no such case for this viewer.
    pub fn cut(&self, viewer: Viewer, at: Timestamp) -> Option<Vec<Entry>> {
        let vantage = visibility::vantage(&self.case, viewer, at)?;
        Some(self.entries.iter().filter_map(|entry| visibility::sight(&self.case, vantage, entry, at)).collect())
    }

    /// A viewer's page at an instant.
    pub fn page(&self, viewer: Viewer, at: Timestamp) -> Option<CasePage> {
        let vantage = visibility::vantage(&self.case, viewer, at)?;
        page::fold(CASE, vantage, &self.cut(viewer, at)?)
    }

    /// Whether a person could see an item at an instant.
    pub fn could_see(&self, person: PersonId, item: ItemId, at: Timestamp) -> bool {
        visibility::could_see(&self.case, person, item, at)
    }
}

/// The events of a decision, in the order in which they stand.
#[macro_export]
macro_rules! happened {
    ($($event:expr),* $(,)?) => { vec![$(entente_domain::CaseEvent::from($event)),*] };
}

/// A history about which something is said.
pub struct Given(History);

/// What a case answered.
pub struct Answered {
    history: History,
    ask: &'static str,
    decision: Result<Vec<Entry>, CaseError>,
}

/// Given what has happened so far …
pub fn given(history: History) -> Given {
    Given(history)
}

impl Given {
    /// … when somebody asks this …
    pub fn when(mut self, question: Question) -> Answered {
        let issued = self.0.issued(question);
        let decision = self.0.case.decide(&issued);
        Answered { history: self.0, ask: issued.ask.name(), decision }
    }

    /// The history, for what the grammar has no word for.
    pub fn history(self) -> History {
        self.0
    }
}

impl Answered {
    /// … then exactly these events follow.
    #[track_caller]
    pub fn then(mut self, expected: Vec<CaseEvent>) -> Given {
        let entries = self.decision.unwrap_or_else(|refusal| panic!("{} was refused: {refusal}", self.ask));
        let events: Vec<_> = entries.iter().map(|entry| entry.event.clone()).collect();
        assert_eq!(events, expected, "{}", self.ask);
        self.history.take(entries);
        Given(self.history)
    }

    /// … then events of these kinds follow.
    #[track_caller]
    pub fn then_kinds(mut self, expected: &[EventKind]) -> Given {
        let entries = self.decision.unwrap_or_else(|refusal| panic!("{} was refused: {refusal}", self.ask));
        let kinds: Vec<_> = entries.iter().map(|entry| entry.event.kind()).collect();
        assert_eq!(kinds, expected, "{}", self.ask);
        self.history.take(entries);
        Given(self.history)
    }

    /// … then it is refused, for this reason.
    #[track_caller]
    pub fn then_refused(self, expected: CaseError) -> Given {
        match self.decision {
            Err(refusal) => assert_eq!(refusal, expected, "{}", self.ask),
            Ok(entries) => panic!("{} was to be refused as {expected:?}, and instead: {entries:?}", self.ask),
        }
        Given(self.history)
    }

    /// … then nothing changes: it was so already.
    #[track_caller]
    pub fn then_nothing(self) -> Given {
        assert_eq!(self.decision, Ok(vec![]), "{}", self.ask);
        Given(self.history)
    }
}

/// No case yet.
pub fn nothing() -> History {
    History::default()
}

/// Registered on day 0.
pub fn registered() -> History {
    nothing().then(CLAIMANT.asks(register()).at(day(0, 9, 0)))
}

/// The same, with the respondent's r1 named; passing then invites.
pub fn registered_naming_r1() -> History {
    nothing().then(CLAIMANT.asks(register_naming(R1)).at(day(0, 9, 0)))
}

/// The questionnaire passed on day 0.
pub fn qualified() -> History {
    registered().then(CLAIMANT.asks(passing()).at(day(0, 10, 0)))
}

/// r1 invited on day 1.
pub fn invited() -> History {
    qualified().then(CENTRE.asks(invite(R1)).at(day(1, 9, 0)))
}

/// Consent given on day 2.
pub fn consented() -> History {
    invited().then(RESPONDENT.asks(GiveConsent {}).at(day(2, 11, 0)))
}

/// m1 appointed, and the table open, on day 3 at 10:00.
pub fn opened() -> History {
    consented().then(CENTRE.asks(appoint(M1)).at(day(3, 10, 0)).called("appoint m1"))
}

/// The same with c2, r2 and rl at it.
pub fn full_table() -> History {
    opened()
        .then(CLAIMANT.asks(seat(C2, Capacity::Representative)))
        .then(RESPONDENT.asks(seat(R2, Capacity::Representative)))
        .then(RESPONDENT.asks(seat(RL, Capacity::Counsel)))
}

/// The same with a thread for each audience.
pub fn every_thread() -> History {
    let open = |hand: Hand, audience, called: &str| hand.asks(open_thread(audience, called)).called(called);
    full_table()
        .then(open(CLAIMANT, Audience::ClaimantWorkspace, "open claimant workspace"))
        .then(open(RESPONDENT, Audience::RespondentWorkspace, "open respondent workspace"))
        .then(open(MEDIATOR, Audience::MediatorNotes, "open mediator notes"))
}

/// Paused on day 4.
pub fn suspended() -> History {
    every_thread().then(MEDIATOR.asks(Suspend {}).at(day(4, 9, 0)))
}

/// m1 gone on day 12, and nobody in the seat.
pub fn without_mediator() -> History {
    every_thread().then(MEDIATOR.asks(ResignMediator {}).at(day(12, 9, 0)))
}

/// m2 in the seat since day 13.
pub fn succeeded() -> History {
    without_mediator().then(CENTRE.asks(appoint(M2)).at(day(13, 10, 0)).called("appoint m2"))
}

/// Closed on day 20 by a camp that withdrew.
pub fn closed_by(hand: Hand) -> History {
    every_thread().then(hand.asks(withdraw()).at(day(20, 12, 0)))
}

/// Closed on day 15 with a settlement that both signed.
pub fn settled() -> History {
    every_thread()
        .then(MEDIATOR.asks(propose("Six looms are replaced.")).called("draft").at(day(14, 9, 0)))
        .then(CLAIMANT.asks(sign("draft", "Six looms are replaced.")))
        .then(RESPONDENT.asks(sign("draft", "Six looms are replaced.")).at(day(15, 9, 0)))
}

/// The same history as if it had been registered under these rules.
///
/// # Panics
/// For a history without a registration.
pub fn under(rule_set: RuleSet, history: History) -> History {
    let mut entries = history.entries;
    let Some(CaseEvent::Registered(event)) = entries.first_mut().map(|entry| &mut entry.event) else {
        panic!("no case is registered")
    };
    event.rule_set = rule_set;
    let mut bound = nothing();
    bound.take(entries);
    bound
}

/// How many events of a kind there are.
pub fn count(entries: &[Entry], kind: EventKind) -> usize {
    entries.iter().filter(|entry| entry.event.kind() == kind).count()
}
