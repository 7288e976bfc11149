//! Watching the stream of changes while something hidden happens.

use std::time::Duration;

use axum::body::Body;
use entente_domain::PersonId;
use futures::StreamExt as _;
use tower::ServiceExt as _;

use super::stage::Side;

/// Longer than a beat of the stream.
const A_WHILE: Duration = Duration::from_millis(320);

/// Streams of both worlds, open.
pub struct Watching(Body, Body);

impl Watching {
    /// Opens them; none if the viewer sees no case.
    pub async fn begin(one: &Side, other: &Side, viewer: PersonId) -> Option<Self> {
        Some(Self(open(one, viewer).await?, open(other, viewer).await?))
    }

    /// What each of them has said, after a while.
    pub async fn end(self) -> (String, String) {
        tokio::join!(said(self.0), said(self.1))
    }
}

async fn open(side: &Side, viewer: PersonId) -> Option<Body> {
    let (case, hand) = (side.case?, side.hands.get(&viewer)?);
    let request = Side::request(hand, "GET", &format!("/api/cases/{case}/changes")).body(Body::empty()).unwrap();
    let response = side.world.router().oneshot(request).await.unwrap();
    response.status().is_success().then(|| response.into_body())
}

async fn said(body: Body) -> String {
    let mut said = Vec::new();
    let mut parts = body.into_data_stream();
    let listening = async {
        while let Some(Ok(part)) = parts.next().await {
            said.extend_from_slice(&part);
        }
    };
    // A stream does not end by itself: what it has said by then is what it says.
    drop(tokio::time::timeout(A_WHILE, listening).await);
    String::from_utf8(said).unwrap()
}
