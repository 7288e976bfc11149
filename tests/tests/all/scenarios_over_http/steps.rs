//! What happens in the fixture of the scenarios, on which day and at what hour.

use std::sync::LazyLock;

use entente_application::Request;
use entente_domain::command::RecordAlert;
use entente_domain::{Actor, Audience, CaseId, CommandId, ItemId};
use entente_tests::cast::day;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::fixture::{ANSWER, CONFIDENCE, DOCUMENT, DRAFT, JOINT_WORDS, NOTES, REASON, Told};

/// Something that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The claimant passes the questionnaire.
    Pass,
    /// The centre invites the respondent.
    Invite,
    /// The respondent consents.
    Consent,
    /// c2, r2 and rl sit down.
    Seat,
    /// m1 is appointed, and the table opens.
    OpenTable,
    /// Each camp opens its workspace, m1 a place for notes.
    OpenThreads,
    /// c1 says item 3 to everybody.
    SayJointly,
    /// c1 says item 5 to m1.
    Confide,
    /// r1 says something to m1.
    Answer,
    /// c1 writes item 7 in the camp's own workspace.
    Draft,
    /// m1 notes something.
    Note,
    /// A letter has told r1 of item 3.
    AlertOfJoint,
    /// A letter has told m1 of item 5.
    AlertOfConfidence,
    /// cl sits down.
    SeatCounsel,
    /// c1 puts item 8 on the table.
    Submit,
    /// r1 opens item 8.
    Open,
    /// A letter has told r2 of item 8.
    AlertOfDocument,
    /// c1 keeps item 8 to the own camp and the mediator.
    Restrict,
    /// c1 lets the mediator pass item 5 on, word for word.
    Authorise,
    /// m1 does: item 12.
    Disclose,
    /// r1 takes rl out of the camp.
    Unseat,
    /// m1 resigns.
    Resign,
    /// m2 is appointed.
    AppointSuccessor,
    /// c1 lets m2 read the caucus.
    Release,
    /// r1 withdraws, with a reason for the mediator.
    Withdraw,
}

/// The story, in order; the registration is on day 0 at 09:00.
pub(super) static STORY: LazyLock<Vec<(Timestamp, Step)>> = LazyLock::new(|| {
    vec![
        (day(1, 9, 0), Step::Pass),
        (day(1, 10, 0), Step::Invite),
        (day(2, 9, 0), Step::Consent),
        (day(2, 10, 0), Step::Seat),
        (day(3, 10, 0), Step::OpenTable),
        (day(3, 11, 0), Step::OpenThreads),
        (day(4, 9, 0), Step::SayJointly),
        (day(4, 10, 0), Step::Confide),
        (day(4, 10, 30), Step::Answer),
        (day(4, 11, 0), Step::Draft),
        (day(4, 11, 30), Step::Note),
        (day(4, 13, 0), Step::AlertOfJoint),
        (day(4, 13, 0), Step::AlertOfConfidence),
        (day(5, 9, 0), Step::SeatCounsel),
        (day(6, 10, 0), Step::Submit),
        (day(6, 11, 0), Step::Open),
        (day(6, 11, 15), Step::AlertOfDocument),
        (day(6, 12, 0), Step::Restrict),
        (day(8, 9, 0), Step::Authorise),
        (day(8, 10, 0), Step::Disclose),
        (day(9, 18, 0), Step::Unseat),
        (day(12, 9, 0), Step::Resign),
        (day(13, 10, 0), Step::AppointSuccessor),
        (day(13, 12, 0), Step::Release),
        (day(20, 12, 0), Step::Withdraw),
    ]
});

impl Told {
    /// Does what happens in a step.
    pub(super) async fn take(&mut self, step: Step) {
        match step {
            Step::Pass => self.table.pass().await,
            Step::Invite => self.table.invite().await,
            Step::Consent => _ = self.table.ask(&self.table.respondent, "consent", json!({})).await.ok(),
            Step::Seat => {
                self.seat("c1", "c2", "representative").await;
                self.seat("r1", "r2", "representative").await;
                self.seat("r1", "rl", "counsel").await;
            }
            Step::OpenTable => _ = self.table.appoint(self.hand("m1"), "Marguerite Ollier").await.ok(),
            Step::OpenThreads => {
                for (who, audience) in
                    [("c1", self.workspace("c1")), ("r1", self.workspace("r1")), ("m1", Audience::MediatorNotes)]
                {
                    self.ask(who, "discussions", json!({"audience": audience, "name": "to us"})).await;
                }
                self.find_threads().await;
            }
            Step::SayJointly => self.say("item 3", "c1", Audience::Joint, JOINT_WORDS).await,
            Step::Confide => self.say("item 5", "c1", self.caucus("c1"), CONFIDENCE).await,
            Step::Answer => self.say("their caucus", "r1", self.caucus("r1"), ANSWER).await,
            Step::Draft => self.say("item 7", "c1", self.workspace("c1"), DRAFT).await,
            Step::Note => self.say("notes", "m1", Audience::MediatorNotes, NOTES).await,
            Step::AlertOfJoint => self.alert("r1", "item 3").await,
            Step::AlertOfConfidence => self.alert("m1", "item 5").await,
            Step::SeatCounsel => self.seat("c1", "cl", "counsel").await,
            Step::Submit => self.submit().await,
            Step::Open => self.on_item("r1", "item 8", "opening", json!({})).await,
            Step::AlertOfDocument => self.alert("r2", "item 8").await,
            Step::Restrict => _ = self.restrict("c1", &self.item("item 8"), self.caucus("c1")).await.ok(),
            Step::Authorise => {
                self.on_item("c1", "item 5", "disclosure-authorisation", json!({"form": "verbatim"})).await;
            }
            Step::Disclose => {
                let below = format!("items/{}/disclosure", self.item("item 5"));
                self.make("item 12", "m1", &below, json!({"content": {"words": CONFIDENCE}})).await;
            }
            Step::Unseat => self.unseat(None).await,
            Step::Resign => _ = self.ask("m1", "resignation", json!({})).await,
            Step::AppointSuccessor => _ = self.table.appoint(self.hand("m2"), "Paul Girard").await.ok(),
            Step::Release => _ = self.ask("c1", "caucus-release", json!({})).await,
            Step::Withdraw => {
                let reason = json!({"reason": {"readers": "mediator", "text": REASON}});
                self.ask("r1", "withdrawal", reason).await;
            }
        }
    }

    async fn seat(&mut self, head: &'static str, who: &str, capacity: &str) {
        let contact = json!({"person": self.person(who), "name": format!("Colleague {who}")});
        self.ask(head, "representatives", json!({"contact": contact, "capacity": capacity})).await;
    }

    async fn submit(&mut self) {
        let thread = self.thread(Audience::Joint);
        let made = self.table.bring(self.hand("c1"), &thread, DOCUMENT, b"%PDF-1.7\n% what was agreed\n").await;
        self.made("item 8", &made.json());
    }

    async fn on_item(&mut self, who: &'static str, called: &str, what: &str, body: serde_json::Value) {
        let below = format!("items/{}/{what}", self.item(called));
        self.ask(who, &below, body).await;
    }

    /// A letter is the clock's, and the clock has no route.
    async fn alert(&mut self, who: &str, called: &str) {
        let id = |text: &str| Uuid::try_parse(text).unwrap();
        let case = CaseId(id(self.table.path.rsplit('/').next().unwrap()));
        let ask = RecordAlert { person: self.person(who), items: vec![ItemId(id(&self.item(called)))] };
        let command = CommandId(Uuid::new_v5(&case.0, format!("alert {who} {called}").as_bytes()));
        let request =
            Request { case, command, by: Actor::Clock, at: None, request: None, seen_at: None, ask: ask.into() };
        let answer = self.table.world.centre.execute(request).await.unwrap();
        assert_eq!(answer.happened.len(), 1);
    }
}
