//! The stage: two worlds that are told the same story, but for deeds that a viewer may not see.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use entente_application::ports::{LetterLanguage, Preferences, Rhythm, Role};
use entente_application::{Centre, Request as Asked};
use entente_domain::visibility::Viewer;
use entente_domain::{Actor, Ask, Case, CaseId, CommandId, Entry, PersonId};
use entente_store::Settings;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::deeds::{Deed, Paper, What, sent};
use super::desk::{Desk, address};
use crate::cast::{C1, C2, CL, M1, M2, R1, R2, RL, S, S2, X, contact, passing, register};
use crate::pillar::Pillar;
use crate::world::{Hand, Reply, World};

/// The cast of a pair, in the order in which a viewer is chosen from it.
pub const CAST: [PersonId; 11] = [C1, C2, CL, R1, R2, RL, M1, M2, S, X, S2];

/// One of the two worlds, with the cast and the case of the pair that is played.
pub struct Side {
    /// The world.
    pub world: World,
    /// The cast's tokens, by person of the pair.
    pub hands: BTreeMap<PersonId, Hand>,
    /// The case, once it is registered.
    pub case: Option<CaseId>,
    /// What the centre does by itself, and the letters that it writes.
    pub desk: Desk,
}

/// Who of a pair a person of the cast is: every pair has persons of its own, so that worlds can be shared.
pub fn person_of(pair: u64, cast: PersonId) -> PersonId {
    if CAST.contains(&cast) { PersonId(Uuid::new_v5(&cast.0, &pair.to_be_bytes())) } else { cast }
}

impl Side {
    /// A new world.
    pub async fn new() -> Self {
        let folder = crate::sqlite::folder_in_memory();
        let mut settings = Settings::new(crate::sqlite::url(folder.path()), folder.path());
        settings.statements = true;
        let pillar = Arc::new(Pillar::default());
        let world = World::with(folder, settings).await.with_post(pillar.clone());
        let desk = Desk::new(&world.centre, pillar);
        Self { world, hands: BTreeMap::new(), case: None, desk }
    }

    /// A case that has nothing to do with any pair: its appointment is overdue for ever, and its people have no address. So
    /// there is something on the centre's lists in whose pages a gap would show.
    ///
    /// # Panics
    /// If somebody is refused.
    pub async fn neglect_a_case(&self) {
        let world = &self.world;
        let (claimant, respondent, staff) = (
            world.hand("neglected claimant", &[Role::Party]).await,
            world.hand("neglected respondent", &[Role::Party]).await,
            world.hand("neglectful staff", &[Role::Centre]).await,
        );
        let registered = world.post(&claimant, "/api/cases", json!(register())).await.json();
        let case = registered["case"].as_str().unwrap();
        let whom = json!({"contact": contact(respondent.person, "Neglected")});
        for (hand, below, body) in [
            (&claimant, "questionnaire-answers", json!(passing())),
            (&staff, "invitation", whom),
            (&respondent, "consent", json!({})),
        ] {
            let reply = world.post(hand, &format!("/api/cases/{case}/{below}"), body).await;
            assert!(reply.status.is_success(), "{below}: {}", reply.text());
        }
    }

    /// Gives the cast of a pair its tokens and its addresses, and forgets the case before. Where the viewer is of the centre
    /// and sits at the case, nobody else has an address: their letters are what the centre's list would show.
    pub async fn begin(&mut self, pair: u64, viewer: PersonId) {
        self.case = None;
        self.hands.clear();
        for cast in CAST {
            let person = person_of(pair, cast);
            let roles: &[Role] = match cast {
                S | S2 => &[Role::Centre],
                M1 | M2 => &[Role::Mediator],
                X => &[Role::Party, Role::Mediator],
                CL => &[Role::Party, Role::Centre],
                _ => &[Role::Party],
            };
            let hand = self.world.hold(person, &format!("ent_{person}"), roles).await;
            self.hands.insert(person, hand);
            let address = (viewer != CL || cast == CL).then(|| address(person));
            let chosen = Preferences { address, language: LetterLanguage::Korean, rhythm: Rhythm::Quarterly };
            let Centre { directory, .. } = &self.world.centre;
            directory.prefer(person, &chosen, Timestamp::UNIX_EPOCH).await.unwrap();
        }
    }

    /// The case as it is now.
    pub async fn state(&self) -> Case {
        match self.case {
            Some(case) => (*self.world.centre.log.fold(case).await.unwrap().state).clone(),
            None => Case::default(),
        }
    }

    /// Its entries, in clear.
    pub async fn entries(&self) -> Vec<Entry> {
        let Some(case) = self.case else { return vec![] };
        let log = &self.world.centre.log;
        let stream = log.unseal(log.stream(case).await.unwrap()).await.unwrap();
        stream.into_iter().map(|line| line.entry).collect()
    }

    /// The command that a person's key names.
    pub fn command(&self, person: PersonId, key: &str) -> CommandId {
        self.world.centre.command_for(person, key)
    }

    /// Sets time and dice, so that what is done next carries the same time and the same chance in both worlds.
    pub fn set(&self, at: Timestamp, dice: u64) {
        self.world.clock.set(at);
        self.world.dice.set(dice);
    }

    /// Does a deed; the answer, if there is one over HTTP.
    pub async fn act(&mut self, deed: &Deed, key: &str) -> Option<Reply> {
        let (Actor::Person(person) | Actor::Staff(person)) = deed.by else {
            if let (What::Clock(ask), Some(case)) = (&deed.what, self.case) {
                self.tick(case, ask, key).await;
            }
            return None;
        };
        let hand = self.hands.get(&person)?.clone();
        let path = |case: CaseId| format!("/api/cases/{case}");
        match &deed.what {
            What::Sent(sent) => {
                let path = match (&sent.below, self.case) {
                    (Some(below), Some(case)) => format!("{}/{below}", path(case)),
                    (None, _) => "/api/cases".to_owned(),
                    (Some(_), None) => return None,
                };
                let reply = self.world.ask(&hand, sent.method.clone(), &path, Some(&sent.body), Some(key)).await;
                if sent.below.is_none() && self.case.is_none() && reply.status.is_success() {
                    self.case = Some(serde_json::from_value(reply.json()["case"].clone()).unwrap());
                }
                Some(reply)
            }
            What::Document(paper) => Some(self.bring(&hand, paper, key).await?),
            What::Look => Some(self.world.read(&hand, &path(self.case?)).await),
            What::Elsewhere => {
                let register = sent(&crate::cast::register().into());
                Some(self.world.ask(&hand, register.method, "/api/cases", Some(&register.body), Some(key)).await)
            }
            What::Clock(_) => None,
        }
    }

    /// Announces, brings and submits a document: three requests, of which the first that is refused is the answer.
    async fn bring(&self, hand: &Hand, paper: &Paper, key: &str) -> Option<Reply> {
        let case = format!("/api/cases/{}", self.case?);
        let announced = json!({"discussion": paper.discussion, "name": paper.name, "size": paper.bytes.len()});
        let (path, begun) = (format!("{case}/uploads"), format!("{key}.upload"));
        let begun = self.world.ask(hand, Method::POST, &path, Some(&announced), Some(&begun)).await;
        if !begun.status.is_success() {
            return Some(begun);
        }
        let upload = begun.json()["upload"].as_str().unwrap().to_owned();
        let brought = Self::request(hand, "PUT", &format!("{path}/{upload}")).body(Body::from(paper.bytes.clone()));
        let brought = self.world.send(brought.unwrap()).await;
        if !brought.status.is_success() {
            return Some(brought);
        }
        let laid = json!({"upload": upload, "class": paper.class});
        Some(self.world.ask(hand, Method::POST, &format!("{case}/documents"), Some(&laid), Some(key)).await)
    }

    async fn tick(&self, case: CaseId, ask: &Ask, key: &str) {
        let command = CommandId(Uuid::new_v5(&case.0, key.as_bytes()));
        let request =
            Asked { case, command, by: Actor::Clock, at: None, request: None, seen_at: None, ask: ask.clone() };
        // The clock is refused like anybody else; that is an answer, and changes nothing.
        drop(self.world.centre.execute(request).await);
    }

    /// As whom a person of the pair looks. The counsel of the claimant is of the centre too, but sits before anything is
    /// hidden, and so looks from that seat.
    pub fn viewer(&self, pair: u64, person: PersonId) -> Viewer {
        if [S, S2].map(|staff| person_of(pair, staff)).contains(&person) {
            Viewer::Staff(person)
        } else {
            Viewer::Person(person)
        }
    }

    /// A request of somebody's.
    pub fn request(hand: &Hand, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", hand.token))
    }

    /// Sends a request with a body.
    pub async fn send(&self, request: axum::http::request::Builder, body: Option<&str>) -> Reply {
        let request = match body {
            Some(text) => request.header("content-type", "application/json").body(Body::from(text.to_owned())),
            None => request.body(Body::empty()),
        };
        let mut reply = self.world.send(request.unwrap()).await;
        reply.headers.remove("date");
        reply
    }
}

/// A command of the cast's as the persons of a pair give it.
pub fn recast(pair: u64, by: Actor, ask: &Ask) -> Deed {
    let by = match by {
        Actor::Person(person) => Actor::Person(person_of(pair, person)),
        Actor::Staff(person) => Actor::Staff(person_of(pair, person)),
        Actor::Clock => Actor::Clock,
    };
    let json = serde_json::to_value(ask).unwrap();
    let ask: Ask = serde_json::from_value(renamed(pair, json)).unwrap();
    Deed::of(by, &ask)
}

fn renamed(pair: u64, value: Value) -> Value {
    match value {
        Value::String(word) => {
            let person = word.parse().map(|id| person_of(pair, PersonId(id)));
            Value::String(person.map_or(word, |person| person.to_string()))
        }
        Value::Array(inner) => Value::Array(inner.into_iter().map(|inner| renamed(pair, inner)).collect()),
        Value::Object(fields) => fields.into_iter().map(|(field, inner)| (field, renamed(pair, inner))).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}
