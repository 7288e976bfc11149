//! How a server is reached: hello, TLS and login, each waited for no longer than is sensible.

use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;

use entente_application::ports::PostError;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder};
use lettre::transport::smtp::extension::{ClientId, Extension};
use tokio::time::{Instant, timeout, timeout_at};

use crate::failures::{Failure, Step, Trouble};
use crate::settings::{Security, Server, Settings};

/// How a password may be told.
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// A server, and what it is told to let us in.
pub(crate) struct Relay {
    server: Server,
    /// Whom it must prove to be; none where it is spoken to in clear.
    tls: Option<TlsParameters>,
    login: Option<Credentials>,
    hello: ClientId,
    patience: Duration,
    last_word: Duration,
}

impl Relay {
    /// A server of the settings; nothing is sent yet.
    pub(crate) fn open(server: Server, settings: &Settings, hello: &str) -> Result<Self, PostError> {
        let tls = match server.security {
            Security::Loopback => None,
            Security::Starttls | Security::Tls => Some(trusted(&server.host, settings)?),
        };
        let login = settings.login()?.map(|(user, password)| Credentials::new(user, password));
        let hello = ClientId::Domain(hello.to_owned());
        let (patience, last_word) = (settings.patience(), settings.last_word());
        Ok(Self { server, tls, login, hello, patience, last_word })
    }

    /// Waits for an answer, but not for ever.
    pub(crate) async fn answer<T>(
        &self,
        step: Step,
        asked: impl Future<Output = Result<T, SmtpError>>,
    ) -> Result<T, Failure> {
        match timeout(self.patience, asked).await {
            Ok(answer) => answer.map_err(|error| Failure::new(step, &error)),
            Err(_) => Err(Failure { step, trouble: Trouble::Silence }),
        }
    }

    /// Waits until a letter is written, no longer than for any answer; then, from when its end was begun, for the server's
    /// last word on it, which may take much longer (RFC 5321 §4.5.3.2.6). lettre has no limit for either: what it is told
    /// of time is for reaching the server alone.
    pub(crate) async fn last_word<T>(
        &self,
        writing: impl Future<Output = Result<T, SmtpError>>,
        ended: &OnceLock<Instant>,
    ) -> Result<T, Failure> {
        let mut writing = pin!(writing);
        let mut until = Instant::now() + self.patience;
        loop {
            let answer = timeout_at(until, writing.as_mut()).await;
            let ended = ended.get().copied();
            let step = if ended.is_some() { Step::End } else { Step::Text };
            match (answer, ended.map(|ended| ended + self.last_word)) {
                (Ok(answer), _) => return answer.map_err(|error| Failure::new(step, &error)),
                (Err(_), Some(later)) if later > until => until = later,
                (Err(_), _) => return Err(Failure { step, trouble: Trouble::Silence }),
            }
        }
    }

    /// A new connection over which letters can be sent.
    pub(crate) async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let at_once = self.tls.clone().filter(|_| self.server.security == Security::Tls);
        let address = (self.server.host.as_str(), self.server.port);
        let opening = AsyncSmtpConnection::connect_tokio1(address, Some(self.patience), &self.hello, at_once, None);
        let mut connection = self.answer(Step::Hello, opening).await?;
        if self.server.security == Security::Starttls
            && let Some(tls) = &self.tls
        {
            if !connection.server_info().supports_feature(Extension::StartTls) {
                let what = "the mail server offers no STARTTLS, and nothing is sent to it in clear: use smtps:// in mail.url, \
                            or another server";
                return Err(Failure { step: Step::Starttls, trouble: Trouble::Unusable(what) });
            }
            self.answer(Step::Starttls, connection.starttls(tls.clone(), &self.hello)).await?;
        }
        if let Some(login) = &self.login {
            if connection.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
                let what = "the mail server offers no login with a password (PLAIN or LOGIN): take mail.user and \
                            mail.password away, or use another server";
                return Err(Failure { step: Step::Login, trouble: Trouble::Unusable(what) });
            }
            self.answer(Step::Login, connection.auth(&MECHANISMS, login)).await?;
        }
        Ok(connection)
    }

    /// Says goodbye, without waiting for it.
    pub(crate) fn leave(&self, mut connection: AsyncSmtpConnection) {
        let patience = self.patience;
        tokio::spawn(async move { timeout(patience, connection.abort()).await });
    }
}

/// Whom to trust: the system's authorities, and those in the file.
fn trusted(host: &str, settings: &Settings) -> Result<TlsParameters, PostError> {
    let wrong = |what: String| PostError::Misconfigured(what);
    let mut builder = TlsParametersBuilder::new(host.to_owned());
    if let Some(file) = &settings.ca_file {
        let pem =
            std::fs::read(file).map_err(|error| wrong(format!("mail.ca_file cannot be read ({})", error.kind())))?;
        if !pem.windows(27).any(|line| line == b"-----BEGIN CERTIFICATE-----") {
            return Err(wrong("mail.ca_file holds no certificate in PEM".to_owned()));
        }
        let unusable = |_| wrong("mail.ca_file holds a certificate that cannot be used".to_owned());
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(unusable)?);
    }
    builder
        .build()
        .map_err(|_| wrong("TLS cannot be set up: mail.ca_file holds a certificate that cannot be used".to_owned()))
}
