//! A pillar box of the test's own: keeps every letter, and says about each what it was told to say.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use entente_application::ports::{Letter, Post, PostError};

/// The box, and what it says of the letters to come; of those beyond, that they are taken.
#[derive(Debug, Default)]
pub struct Pillar {
    letters: Mutex<Vec<Letter>>,
    answers: Mutex<VecDeque<Result<(), PostError>>>,
}

impl Pillar {
    /// What will be said, in order.
    pub fn will_say(&self, answers: impl IntoIterator<Item = Result<(), PostError>>) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).extend(answers);
    }

    /// Every letter that was brought, taken or not, in order.
    pub fn brought(&self) -> Vec<Letter> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Post for Pillar {
    async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(Ok(()))
    }
}
