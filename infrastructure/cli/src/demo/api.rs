//! The demonstration's client: plain requests, and the answers as they came.

use std::time::Duration;

use entente_application::centre::Dice as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cast::Hand;
use crate::failure::Failure;
use crate::language::Language;
use crate::world::RealDice;

/// How often a request is sent again when the service says that asking again is right.
const ATTEMPTS: u32 = 10;

/// The service, as seen from here.
pub(super) struct Api {
    client: reqwest::Client,
    address: String,
    language: Language,
    dice: RealDice,
}

/// An answer, whatever it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// The status.
    pub status: u16,
    /// The body, byte for byte.
    pub body: String,
}

/// A command's answer.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    /// The case.
    pub case: String,
    /// The token that makes a list wait for this write.
    pub written: String,
    /// The item that it made.
    pub item: Option<String>,
    /// The discussion that it opened.
    pub discussion: Option<String>,
    /// Whether the questionnaire was passed.
    pub passed: Option<bool>,
    /// What to read again.
    pub guidance: Option<Value>,
}

impl Done {
    /// The item that the command made.
    pub(super) fn item(&self) -> Result<&str, Failure> {
        self.item.as_deref().ok_or_else(|| Failure::found("an answer does not name the item that was made"))
    }

    /// The discussion that the command opened.
    pub(super) fn discussion(&self) -> Result<&str, Failure> {
        self.discussion
            .as_deref()
            .ok_or_else(|| Failure::found("an answer does not name the discussion that was opened"))
    }
}

impl Reply {
    /// The body, as it should be.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if !(200..300).contains(&self.status) {
            return Err(Failure::found(format!("an answer was {}: {}", self.status, self.body)));
        }
        serde_json::from_str(&self.body)
            .map_err(|error| Failure::found(format!("an answer is not of the form that was expected: {error}")))
    }
}

impl Api {
    pub(super) fn new(address: &str, language: Language) -> Result<Self, Failure> {
        entente_vault::provide_tls();
        // The service is on this machine: no proxy of the environment has anything to do with it.
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build();
        let client = client.map_err(|error| Failure::unable(format!("no HTTP client can be made: {error}")))?;
        Ok(Self { client, address: address.to_owned(), language, dice: RealDice::tried()? })
    }

    /// An id that nothing has.
    pub(super) fn unused_id(&self) -> String {
        self.dice.uuid().to_string()
    }

    /// Asks, as somebody; `after` makes a list wait for a write.
    pub(super) async fn get(&self, hand: &Hand, path: &str, after: Option<&str>) -> Result<Reply, Failure> {
        let mut request = self.client.get(format!("{}{path}", self.address)).bearer_auth(&hand.token);
        if let Some(written) = after {
            request = request.header("entente-after", written);
        }
        self.send(request).await
    }

    /// Asks for something that is there.
    pub(super) async fn read<T: DeserializeOwned>(&self, hand: &Hand, path: &str) -> Result<T, Failure> {
        self.get(hand, path, None).await?.read()
    }

    /// Sends a command that is to be taken.
    pub(super) async fn post<T: DeserializeOwned>(&self, hand: &Hand, path: &str, body: Value) -> Result<T, Failure> {
        let request = self.client.post(format!("{}{path}", self.address)).bearer_auth(&hand.token);
        let reply = self.send(request.header("idempotency-key", self.unused_id()).json(&body)).await?;
        reply.read().map_err(|failure| undone(hand, "POST", path, &failure))
    }

    /// Puts something where it belongs.
    pub(super) async fn put<T: DeserializeOwned>(&self, hand: &Hand, path: &str, body: Value) -> Result<T, Failure> {
        let request = self.client.put(format!("{}{path}", self.address)).bearer_auth(&hand.token).json(&body);
        self.send(request).await?.read().map_err(|failure| undone(hand, "PUT", path, &failure))
    }

    /// Sends all bytes of an upload.
    pub(super) async fn fill(&self, hand: &Hand, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let request = self.client.put(format!("{}{path}", self.address)).bearer_auth(&hand.token);
        let reply = self.send(request.header("upload-offset", "0").body(bytes.to_vec())).await?;
        reply.read::<Value>().map(drop).map_err(|failure| undone(hand, "PUT", path, &failure))
    }

    /// Asks for bytes that are there.
    pub(super) async fn download(&self, hand: &Hand, path: &str) -> Result<Vec<u8>, Failure> {
        let request = self.client.get(format!("{}{path}", self.address)).bearer_auth(&hand.token);
        let (status, bytes) = self.sent(request).await?;
        if status == 200 {
            return Ok(bytes);
        }
        let said = String::from_utf8_lossy(&bytes).into_owned();
        Err(undone(hand, "GET", path, &Failure::found(format!("an answer was {status}: {said}"))))
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, Failure> {
        let (status, bytes) = self.sent(request).await?;
        let body = String::from_utf8(bytes).map_err(|_| Failure::found("an answer is not the text that it must be"))?;
        Ok(Reply { status, body })
    }

    async fn sent(&self, request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), Failure> {
        let lost = |error: reqwest::Error| Failure::unable(format!("the service did not answer: {error}"));
        let request = request.header("accept-language", self.language.code());
        let request = request.build().map_err(lost)?;
        let mut reply = None;
        for attempt in 0..ATTEMPTS {
            // A body that is in memory can always be sent again.
            let Some(again) = request.try_clone() else { break };
            let response = self.client.execute(again).await.map_err(lost)?;
            let status = response.status().as_u16();
            let bytes = response.bytes().await.map_err(lost)?;
            reply = Some((status, bytes.to_vec()));
            if status != 503 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20_u64 << attempt.min(5))).await;
        }
        reply.ok_or_else(|| Failure::unable("a request could not be sent"))
    }
}

/// Who could not do what, and why.
fn undone(hand: &Hand, method: &str, path: &str, why: &Failure) -> Failure {
    Failure::found(format!("{} could not {method} {path}: {}", hand.name, why.message().unwrap_or_default()))
}
