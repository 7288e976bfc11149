//! Deeds: what somebody does, as the requests that a browser would send.

use axum::http::Method;
use entente_domain::command::SubmitDocument;
use entente_domain::event::DocumentClass;
use entente_domain::{Actor, Ask, DiscussionId, ItemId};
use serde_json::{Value, json};

/// A request, below a case unless it registers one.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: Method,
    /// What comes after the case's path; none for a registration.
    pub below: Option<String>,
    /// The body.
    pub body: Value,
}

/// Somebody's deed.
#[derive(Clone, Debug)]
pub enum What {
    /// A command over HTTP.
    Sent(Sent),
    /// A document: announced, brought and laid on the table.
    Document(Paper),
    /// The clock's own command, which has no route.
    Clock(Ask),
    /// A look at the case's page.
    Look,
    /// A registration of another case, with nobody of this one.
    Elsewhere,
}

/// A document on paper: what it is called and what it says.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Where it is laid.
    pub discussion: DiscussionId,
    /// Its name.
    pub name: String,
    /// What it says.
    pub bytes: Vec<u8>,
    /// Its legal class.
    pub class: DocumentClass,
}

impl Paper {
    /// The paper that a command is about; what it says follows from its name.
    pub fn of(ask: &SubmitDocument) -> Self {
        let name = ask.facts.name.to_string();
        let bytes = format!("This is what {name} says.\n").repeat(name.len()).into_bytes();
        Self { discussion: ask.discussion, name, bytes, class: ask.class }
    }
}

/// Who does what.
#[derive(Clone, Debug)]
pub struct Deed {
    /// Who.
    pub by: Actor,
    /// What.
    pub what: What,
}

impl Deed {
    /// A command of somebody's.
    pub fn of(by: Actor, ask: &Ask) -> Self {
        let theirs = matches!(
            ask,
            Ask::LapseInvitation(_)
                | Ask::LapseProposal(_)
                | Ask::RecordMissedAppointment(_)
                | Ask::RecordAlert(_)
                | Ask::LapseSettlement(_)
                | Ask::ExpireTerm(_)
        );
        if let (Ask::SubmitDocument(ask), false) = (ask, by == Actor::Clock) {
            return Self { by, what: What::Document(Paper::of(ask)) };
        }
        let what = match by {
            Actor::Clock => What::Clock(ask.clone()),
            // What is the clock's has no route: whoever would ask it can only look.
            _ if theirs => What::Look,
            _ => What::Sent(sent(ask)),
        };
        Self { by, what }
    }
}

/// The request that carries a command.
///
/// # Panics
/// For a command of the clock's, which has none.
pub fn sent(ask: &Ask) -> Sent {
    let whole = |below: &str, ask: &dyn erased::Json| post(below, ask.json());
    match ask {
        Ask::Register(ask) => Sent { method: Method::POST, below: None, body: serde_json::to_value(ask).unwrap() },
        Ask::AnswerQuestionnaire(ask) => whole("questionnaire-answers", ask),
        Ask::DeclareInadmissible(ask) => whole("rejection", ask),
        Ask::InviteRespondent(ask) => whole("invitation", ask),
        Ask::GiveConsent(ask) => whole("consent", ask),
        Ask::Decline(ask) => whole("refusal", ask),
        Ask::ProposeMediator(ask) => whole("proposals", ask),
        Ask::WithdrawProposal(ask) => whole("proposals/withdrawal", ask),
        Ask::DeclareIndependence(ask) => whole("declaration", ask),
        Ask::RefuseAppointment(ask) => whole("appointment-refusal", ask),
        Ask::ChallengeMediator(ask) => whole("challenges", ask),
        Ask::DecideChallenge(ask) => whole("challenges/decision", ask),
        Ask::AppointMediator(ask) => whole("appointment", ask),
        Ask::DeclareMediatorUnavailable(ask) => whole("mediator-unavailability", ask),
        Ask::ResignMediator(ask) => whole("resignation", ask),
        Ask::ReleaseCaucus(ask) => whole("caucus-release", ask),
        Ask::SeatRepresentative(ask) => whole("representatives", ask),
        Ask::UnseatRepresentative(ask) => Sent {
            method: Method::DELETE,
            ..post(&format!("representatives/{}", ask.person), json!({"left": ask.left}))
        },
        Ask::OpenDiscussion(ask) => whole("discussions", ask),
        Ask::PostMessage(ask) => whole("messages", ask),
        Ask::RestrictVisibility(ask) => of_item(ask.item, "restriction", json!({"audience": ask.audience})),
        Ask::AuthoriseDisclosure(ask) => of_item(ask.item, "disclosure-authorisation", json!({"form": ask.form})),
        Ask::RevokeDisclosure(ask) => {
            Sent { method: Method::DELETE, ..of_item(ask.item, "disclosure-authorisation", json!({})) }
        }
        Ask::Disclose(ask) => of_item(ask.item, "disclosure", json!({"content": ask.content})),
        Ask::OpenItem(ask) => of_item(ask.item, "opening", json!({})),
        Ask::GrantAuditAccess(ask) => whole("audit-access", ask),
        Ask::RevokeAuditAccess(_) => Sent { method: Method::DELETE, ..post("audit-access", json!({})) },
        Ask::SwitchChannel(ask) => whole("channel", ask),
        Ask::RecordOfflineExchange(ask) => whole("offline-exchanges", ask),
        Ask::Suspend(ask) => whole("suspension", ask),
        Ask::Resume(ask) => whole("resumption", ask),
        Ask::ExtendTerm(ask) => whole("term-extension", ask),
        Ask::ProposeSettlement(ask) => whole("settlements", ask),
        Ask::SignSettlement(ask) => post(&format!("settlements/{}/signature", ask.item), json!({"digest": ask.digest})),
        Ask::DeclineSettlement(ask) => post(&format!("settlements/{}/declination", ask.item), json!({})),
        Ask::ReportNoAgreement(ask) => whole("no-agreement-report", ask),
        Ask::Withdraw(ask) => whole("withdrawal", ask),
        Ask::RecordLaterSettlement(ask) => whole("later-settlement", ask),
        Ask::PlaceHold(ask) => whole("holds", ask),
        Ask::LiftHold(ask) => {
            let ground = serde_json::to_value(ask.ground).unwrap();
            Sent { method: Method::DELETE, ..post(&format!("holds/{}", ground.as_str().unwrap()), json!({})) }
        }
        Ask::ProposeErasure(ask) => whole("erasures", ask),
        Ask::ApproveErasure(ask) => whole("erasures/approval", ask),
        Ask::WithdrawErasure(ask) => whole("erasures/withdrawal", ask),
        Ask::LapseInvitation(_)
        | Ask::LapseProposal(_)
        | Ask::RecordMissedAppointment(_)
        | Ask::RecordAlert(_)
        | Ask::LapseSettlement(_)
        | Ask::ExpireTerm(_) => {
            panic!("{} is the clock's", ask.name())
        }
        Ask::SubmitDocument(_) => panic!("a document is more than one request"),
    }
}

/// A request below a case.
pub fn post(below: &str, body: Value) -> Sent {
    Sent { method: Method::POST, below: Some(below.to_owned()), body }
}

fn of_item(item: ItemId, what: &str, body: Value) -> Sent {
    post(&format!("items/{item}/{what}"), body)
}

/// Whatever has a JSON form, behind one face.
mod erased {
    use serde::Serialize;
    use serde_json::Value;

    /// A value's JSON.
    pub trait Json {
        /// It.
        fn json(&self) -> Value;
    }

    impl<T: Serialize> Json for T {
        fn json(&self) -> Value {
            serde_json::to_value(self).unwrap()
        }
    }
}
