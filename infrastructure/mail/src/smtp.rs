//! Letters over SMTP, one after the other on connections that are kept.
//!
//! lettre's own transport does not say how far a letter had come when something went wrong, and does not wait for an
//! answer with any limit. Here its connection is led step by step: only so is it known whether a letter whose connection
//! broke can have been taken.

use std::iter;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use entente_application::ports::{Letter, Post, PostError};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailBodyParameter, MailParameter};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::connection::Relay;
use crate::failures::{Failure, Step, Trouble};
use crate::paper::{NO_SUCH_FORM, Paper, Sheet};
use crate::settings::Settings;

/// How many letters are under way at the same time, and so how many connections there are.
const TURNS: usize = 4;

/// How long a connection is kept for the next letter: servers end those that say nothing for some minutes.
const IDLE: Duration = Duration::from_secs(60);

/// A server that takes letters.
pub struct Smtp {
    paper: Paper,
    relay: Relay,
    turns: Semaphore,
    /// Connections that wait for a letter, and since when.
    parked: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Smtp {
    /// The server of the settings; nothing is sent yet.
    ///
    /// # Errors
    /// A setting is wrong, or names no server.
    pub fn open(settings: &Settings) -> Result<Self, PostError> {
        let Some(server) = settings.server()? else {
            return Err(PostError::Misconfigured("mail.url is needed: the server that takes letters".to_owned()));
        };
        let paper = Paper::open(settings)?;
        let relay = Relay::open(server, settings, paper.domain())?;
        Ok(Self { paper, relay, turns: Semaphore::new(TURNS), parked: Mutex::default() })
    }

    /// A connection that was kept and is not too old.
    fn unpark(&self) -> Option<AsyncSmtpConnection> {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((connection, since)) = parked.pop() {
            if since.elapsed() < IDLE {
                return Some(connection);
            }
            self.relay.leave(connection);
        }
        None
    }

    fn park(&self, connection: AsyncSmtpConnection) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        parked.push((connection, Instant::now()));
    }

    /// Forgets what was kept: if the server has ended one connection, it has ended them all.
    fn clear(&self) {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Sends it, and keeps the connection if the server still listens.
    async fn deliver(&self, mut connection: AsyncSmtpConnection, sheet: &Sheet) -> Result<(), Failure> {
        let done = self.hand_over(&mut connection, sheet).await;
        let listens = match &done {
            Ok(()) => true,
            // What was refused is still half said: the next letter begins anew.
            Err(failure) if failure.is_answer() => {
                self.relay.answer(Step::Sender, connection.command(Rset)).await.is_ok()
            }
            Err(_) => false,
        };
        if listens {
            self.park(connection);
        }
        done
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, sheet: &Sheet) -> Result<(), Failure> {
        let relay = &self.relay;
        let mut parameters = Vec::new();
        // Nothing but the recipient's own address can be in another script.
        if !sheet.message.is_ascii() {
            if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Failure { step: Step::Recipient, trouble: Trouble::Answer(NO_SUCH_FORM, None) });
            }
            parameters = vec![MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)];
        }
        let sender = Mail::new(Some(sheet.sender.clone()), parameters);
        relay.answer(Step::Sender, connection.command(sender)).await?;
        let recipient = Rcpt::new(sheet.recipient.clone(), vec![]);
        relay.answer(Step::Recipient, connection.command(recipient)).await?;
        relay.answer(Step::Text, connection.command(Data)).await?;
        // Whoever asks for the next piece has written all before it; after the last, the end is written.
        // What is written has not arrived: whether the server has the end of a letter nobody knows who has begun to send it.
        let ended = OnceLock::new();
        let pieces = iter::once(sheet.message.as_slice()).chain(iter::from_fn(|| {
            ended.get_or_init(Instant::now);
            None
        }));
        relay.last_word(connection.message_iter(pieces), &ended).await.map(drop)
    }
}

#[async_trait]
impl Post for Smtp {
    async fn send(&self, letter: &Letter) -> Result<(), PostError> {
        let sheet = self.paper.write(letter)?;
        let closed = |_| PostError::Later("the post is closed".to_owned());
        let _turn = self.turns.acquire().await.map_err(closed)?;
        if let Some(kept) = self.unpark() {
            match self.deliver(kept, &sheet).await {
                // The server had ended it meanwhile, and cannot have taken the letter.
                Err(failure) if failure.is_gone() => self.clear(),
                done => return Ok(done?),
            }
        }
        let connection = self.relay.connect().await?;
        Ok(self.deliver(connection, &sheet).await?)
    }
}
