//! The post of a program that sends no letters.

use async_trait::async_trait;
use entente_application::ports::{Letter, Post, PostError};

/// A post that is closed: it needs no settings, and so none that is wrong keeps a program from its other work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Closed;

#[async_trait]
impl Post for Closed {
    async fn send(&self, _letter: &Letter) -> Result<(), PostError> {
        // Whoever asks all the same has the letter still: it waits for a program that sends.
        Err(PostError::Later("this program sends no letters".to_owned()))
    }
}
