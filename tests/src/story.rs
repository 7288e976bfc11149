//! The cast at its table: a case brought by HTTP to where a story begins.

use axum::http::Method;
use entente_application::ports::Role;
use serde_json::{Value, json};

use crate::world::{Hand, Reply, World};

/// The cast of a case, and the case.
pub struct Table {
    /// The world.
    pub world: World,
    /// Head of mandate of the claimant, a manufacturer in Lyon.
    pub claimant: Hand,
    /// Head of mandate of the respondent, a supplier in Busan.
    pub respondent: Hand,
    /// The mediator.
    pub mediator: Hand,
    /// The centre's staff.
    pub staff: Hand,
    /// An auditor.
    pub auditor: Hand,
    /// An analyst.
    pub analyst: Hand,
    /// Somebody with every role of a case and no seat in this one.
    pub stranger: Hand,
    /// The path of the case.
    pub path: String,
}

/// A registration in due form.
pub fn registration() -> Value {
    json!({
        "claimant": {"country": "FR", "name": "Tissages du Rhône"},
        "head": "Odile Marchand",
        "head_email": "odile@tissages.example",
        "respondent": {"country": "KR", "name": "Hanbit Precision"},
        "nature": "Forty looms came six weeks late.",
        "sector": "manufacturing",
        "amount": "under1m",
        "languages": ["fr", "en"],
    })
}

/// The answers that show understanding.
pub fn right_answers() -> Value {
    json!({"version": 1, "answers": {
        "voluntary": "b", "confidential": "a", "no_judge": "c", "stop_at_any_time": "a", "mediator_does_not_decide": "b",
    }})
}

impl Table {
    /// The cast in a world, with a registered case.
    pub async fn registered(world: World) -> Self {
        let claimant = world.hand("c1", &[Role::Party]).await;
        let respondent = world.hand("r1", &[Role::Party]).await;
        let mediator = world.hand("m1", &[Role::Mediator]).await;
        let staff = world.hand("s", &[Role::Centre]).await;
        let auditor = world.hand("u", &[Role::Auditor]).await;
        let analyst = world.hand("a", &[Role::Analyst]).await;
        let stranger = world.hand("x", &[Role::Party, Role::Mediator]).await;
        let case = world.post(&claimant, "/api/cases", registration()).await.ok();
        let path = format!("/api/cases/{}", case["case"].as_str().unwrap());
        Self { world, claimant, respondent, mediator, staff, auditor, analyst, stranger, path }
    }

    /// The same with an open table.
    pub async fn open(world: World) -> Self {
        let table = Self::registered(world).await;
        table.pass().await;
        table.invite().await;
        table.ask(&table.respondent, "consent", json!({})).await.ok();
        table.appoint(&table.mediator, "Marguerite Ollier").await.ok();
        table
    }

    /// The claimant passes the questionnaire.
    pub async fn pass(&self) {
        let answer = self.ask(&self.claimant, "questionnaire-answers", right_answers()).await.ok();
        assert_eq!(answer["passed"], true);
    }

    /// The centre invites the respondent.
    pub async fn invite(&self) {
        let contact = json!({"contact": {"person": self.respondent.person, "name": "Min-jun Seo", "email": "seo@hanbit.example"}});
        self.ask(&self.staff, "invitation", contact).await.ok();
    }

    /// The centre appoints a mediator.
    pub async fn appoint(&self, mediator: &Hand, name: &str) -> Reply {
        let body =
            json!({"mediator": {"person": mediator.person, "name": name}, "declaration": "No ties to either side."});
        self.ask(&self.staff, "appointment", body).await
    }

    /// Posts something below the case.
    pub async fn ask(&self, hand: &Hand, below: &str, body: Value) -> Reply {
        self.world.post(hand, &format!("{}/{below}", self.path), body).await
    }

    /// Takes something back below the case.
    pub async fn take_back(&self, hand: &Hand, below: &str) -> Reply {
        self.world.ask(hand, Method::DELETE, &format!("{}/{below}", self.path), None, Some(below)).await
    }

    /// The case page of somebody.
    pub async fn page(&self, hand: &Hand) -> Value {
        self.world.read(hand, &self.path).await.ok()
    }

    /// The id of the discussion of this audience that somebody sees.
    pub async fn discussion(&self, hand: &Hand, audience: &str) -> String {
        let page = self.page(hand).await;
        let found = page["discussions"].as_array().unwrap().iter().find(|thread| thread["audience"] == audience);
        found.unwrap_or_else(|| panic!("no {audience} in {page}"))["discussion"].as_str().unwrap().to_owned()
    }

    /// Announces, brings and submits a document: the answer to the submission, or to what was refused before.
    ///
    /// # Panics
    /// If an announced upload has no id.
    pub async fn bring(&self, hand: &Hand, discussion: &str, name: &str, bytes: &[u8]) -> Reply {
        let announced = json!({"discussion": discussion, "name": name, "size": bytes.len()});
        let begun = self.ask(hand, "uploads", announced).await;
        if !begun.status.is_success() {
            return begun;
        }
        let upload = begun.json()["upload"].as_str().unwrap().to_owned();
        let path = format!("{}/uploads/{upload}", self.path);
        let brought = self.world.put(hand, &path, 0, bytes.to_vec()).await;
        if !brought.status.is_success() {
            return brought;
        }
        self.ask(hand, "documents", json!({"upload": upload, "class": "drawn_up"})).await
    }

    /// Somebody says something in the discussion of an audience; the item.
    pub async fn say(&self, hand: &Hand, audience: &str, words: &str) -> String {
        let discussion = self.discussion(hand, audience).await;
        let said = self.ask(hand, "messages", json!({"discussion": discussion, "body": words})).await.ok();
        said["item"].as_str().unwrap().to_owned()
    }

    /// Whether anything that somebody reads of the case has these words.
    pub async fn sees(&self, hand: &Hand, words: &str) -> bool {
        self.world.read(hand, &self.path).await.text().contains(words)
    }
}
