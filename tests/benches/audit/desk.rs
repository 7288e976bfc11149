//! A centre opened on what was prepared, and asked through its real router.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use entente_application::Centre;
use entente_application::centre::{Clock, Dice};
use entente_store::{Settings, Store};
use futures::StreamExt as _;
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::Question;

struct Real;

impl Clock for Real {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Dice for Real {
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    fn secret(&self) -> [u8; 32] {
        [7; 32]
    }
}

/// A centre of this process.
pub struct Desk {
    pub store: Arc<Store>,
    pub centre: Centre,
    router: Router,
}

impl Desk {
    /// Opens what is migrated already.
    pub async fn open(settings: &Settings) -> Self {
        Self::over(Arc::new(Store::open(settings).await.unwrap()))
    }

    pub fn over(store: Arc<Store>) -> Self {
        let real = Arc::new(Real);
        // No document comes here.
        let folder = std::env::temp_dir().join("entente-bench");
        let centre = entente_tests::world::centre(&store, &folder, real.clone(), real);
        let router = entente_web::router(centre.clone());
        Self { store, centre, router }
    }

    /// Asks; how many bytes came. They are counted and not kept, as by a client that writes them to a file.
    pub async fn ask(&self, question: &Question) -> usize {
        let mut parts = self.answer(question).await.into_data_stream();
        let mut bytes = 0;
        while let Some(part) = parts.next().await {
            bytes += part.expect("an answer is not cut off").len();
        }
        bytes
    }

    /// Asks; the whole answer.
    pub async fn read(&self, question: &Question) -> Value {
        let body = axum::body::to_bytes(self.answer(question).await, 1 << 30).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    async fn answer(&self, question: &Question) -> Body {
        let request = Request::builder()
            .uri(&question.path)
            .header("authorization", format!("Bearer {}", question.token))
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert!(response.status().is_success(), "{}: {}", question.name, response.status());
        response.into_body()
    }
}
