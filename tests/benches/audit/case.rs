//! The case that is asked about: many items, told to the real centre, with receipts, alerts, restrictions, looks.

use entente_application::ports::{Holder, Looked, Role};
use entente_application::{Centre, Request, follow};
use entente_domain::visibility::Viewer;
use entente_domain::{Actor, Ask, Audience, Capacity, CaseId, CommandId, ItemId, PersonId, command};
use entente_tests::cast::{self, C1, C2, CL, M1, R1, R2, RL, S};
use entente_tests::engines::Home;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Question;
use crate::desk::Desk;

/// The words of every message: what a businesslike message is long.
const WORDS: &str = "We have read your last proposal with care. The delay cost us the spring season with our largest \
    customer, so a discount on the next order alone does not help us; a credit on the open invoice would.";

/// The token of c1, who looks at the case's page.
const PARTY: &str = "ent_c1";
/// The token of somebody who has never sat at the case.
const AUDITOR: &str = "ent_u";

/// A case in a store that is closed again.
pub struct Prepared {
    /// How many items it has.
    pub items: usize,
    /// How many entries its stream has.
    pub entries: u64,
    /// Its id.
    pub case: CaseId,
    /// A joint item that c1 hid after it was alerted to, looked at and opened; the claimant lets auditors read it now.
    hidden: ItemId,
    /// A joint item that is still one: the respondent lets no auditor read it.
    joint: ItemId,
}

impl Prepared {
    /// The case page first, then what it is compared with.
    pub fn questions(&self) -> Vec<Question> {
        let case = format!("/api/cases/{}", self.case);
        let asked = |name, below: String| Question { name, token: AUDITOR, path: format!("{case}/audit/{below}") };
        vec![
            Question { name: "the case page, as c1", token: PARTY, path: case.clone() },
            asked("readers of an item", format!("items/{}/readers", self.hidden)),
            asked("sights of c1, streamed", format!("persons/{C1}/items")),
            asked("life of an item, words shut", format!("items/{}", self.joint)),
            asked("life of an item, with its words", format!("items/{}", self.hidden)),
            asked("exposure of a restricted item", format!("items/{}/exposure", self.hidden)),
        ]
    }

    /// That the answers are answers: c1's sights are the items on c1's page, which are counted.
    pub async fn hold(&self, desk: &Desk) -> usize {
        let questions = self.questions();
        let [page, readers, sights, shut, open, exposure] = questions.as_slice() else { panic!("six questions") };
        let count = |answer: &serde_json::Value, list: &str| answer[list].as_array().map_or(0, Vec::len);
        let seen = count(&desk.read(page).await, "items");
        assert!(seen > self.items / 2);
        assert_eq!(count(&desk.read(sights).await, "items"), seen);
        assert_eq!(count(&desk.read(readers).await, "persons"), 7);
        assert!(desk.read(shut).await["content"].is_null());
        assert!(desk.read(open).await["content"].is_object());
        assert_eq!(count(&desk.read(exposure).await, "restrictions"), 1);
        seen
    }
}

/// Fills a new home with a case of so many items, brings the read models up to date and closes the store.
pub async fn prepare(home: &Home, items: usize) -> Prepared {
    let desk = Desk::over(home.store().await);
    let auditor = PersonId(Uuid::new_v4());
    for (token, person, role) in [(PARTY, C1, Role::Party), (AUDITOR, auditor, Role::Auditor)] {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let holder = Holder { person, roles: vec![role] };
        desk.centre.tokens.issue(digest, &holder, "bench", Timestamp::UNIX_EPOCH).await.unwrap();
    }
    let told = Told { centre: desk.centre.clone(), case: Centre::case_for(cast::command("register")) };
    told.opens().await;
    let seated = desk.centre.now();
    let own = told.talks(items).await;
    let unseating = cast::unseat_late(CL, seated);
    told.ask(Actor::Person(C1), unseating).await;
    for item in own.iter().step_by(5) {
        told.ask(Actor::Person(C1), cast::restrict(*item, Audience::ClaimantCaucus)).await;
    }
    told.ask(Actor::Person(C1), command::GrantAuditAccess {}).await;
    follow::catch_up(&desk.centre).await.unwrap();
    let entries = desk.centre.log.fold(told.case).await.unwrap().version;
    desk.store.close().await;
    // From the middle, so neither the first row of a table nor the last; every tenth was opened, then hidden.
    let middle = own.len() / 20 * 10;
    Prepared { items, entries, case: told.case, hidden: own[middle], joint: own[middle + 1] }
}

/// A case as it is being told.
struct Told {
    centre: Centre,
    case: CaseId,
}

impl Told {
    /// From the registration to the open table, with seven people at it.
    async fn opens(&self) {
        let claimant = Actor::Person(C1);
        self.does("register", claimant, cast::register_naming(R1)).await;
        self.ask(claimant, cast::passing()).await;
        self.ask(Actor::Person(R1), command::GiveConsent {}).await;
        self.does("appoint m1", Actor::Staff(S), cast::appoint(M1)).await;
        let camps = [(C1, C2, CL), (R1, R2, RL)];
        for (head, second, counsel) in camps {
            self.ask(Actor::Person(head), cast::seat(second, Capacity::Representative)).await;
            self.ask(Actor::Person(head), cast::seat(counsel, Capacity::Counsel)).await;
        }
    }

    /// The exchange: six of ten items in the joint session, two in each caucus. Gives the joint items of c1's.
    async fn talks(&self, items: usize) -> Vec<ItemId> {
        let (mut own, mut untold) = (Vec::new(), Vec::new());
        for n in 0..items {
            let (author, audience) = match n % 10 {
                0 | 3 => (C1, Audience::Joint),
                1 | 4 => (R1, Audience::Joint),
                2 | 5 => (M1, Audience::Joint),
                6 => (C1, Audience::ClaimantCaucus),
                7 => (M1, Audience::ClaimantCaucus),
                8 => (R1, Audience::RespondentCaucus),
                _ => (M1, Audience::RespondentCaucus),
            };
            let said = self.ask(Actor::Person(author), cast::post_to(audience, WORDS)).await;
            let item = ItemId(said.derive("item"));
            untold.push(item);
            if author == C1 && audience == Audience::Joint {
                own.push(item);
            }
            match n % 10 {
                0 => {
                    self.look(R1, Looked::Items(vec![item])).await;
                    self.ask(Actor::Person(R1), command::OpenItem { item }).await;
                }
                1 => {
                    self.ask(Actor::Person(C1), command::OpenItem { item }).await;
                }
                _ => {}
            }
            if n % 25 == 24 {
                for person in [C1, R1, M1] {
                    let head = self.centre.log.head().await.unwrap();
                    self.look(person, Looked::Page(head)).await;
                }
            }
            if n % 100 == 99 {
                // A letter names nobody's secrets: what the person cannot see is left out by the case itself.
                self.ask(Actor::Clock, cast::alert(R1, &untold)).await;
                self.ask(Actor::Clock, cast::alert(C1, &untold)).await;
                untold.clear();
            }
        }
        own
    }

    async fn look(&self, person: PersonId, what: Looked) {
        self.centre
            .record_look(Viewer::Person(person), self.case, self.centre.now(), what, true)
            .recorded()
            .await
            .unwrap();
    }

    async fn ask(&self, by: Actor, ask: impl Into<Ask>) -> CommandId {
        self.carry_out(CommandId(Uuid::new_v4()), by, ask.into()).await
    }

    /// The same as the command of this name, from which the cast knows its threads.
    async fn does(&self, name: &str, by: Actor, ask: impl Into<Ask>) {
        self.carry_out(cast::command(name), by, ask.into()).await;
    }

    async fn carry_out(&self, command: CommandId, by: Actor, ask: Ask) -> CommandId {
        let request = Request { case: self.case, command, by, at: None, request: None, seen_at: None, ask };
        assert!(!self.centre.execute(request).await.unwrap().happened.is_empty());
        command
    }
}
