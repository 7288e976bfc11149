//! What went wrong with a server, and what that means for the letter. No word of a server's answer is repeated but its
//! codes: servers like to quote addresses.

use std::error::Error;
use std::fmt;
use std::io;

use entente_application::ports::PostError;
use lettre::transport::smtp::Error as SmtpError;

/// How far it had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Connecting, with TLS if it comes first, until both have said hello.
    Hello,
    /// TLS after the hello.
    Starttls,
    /// Signing in.
    Login,
    /// Naming the sender.
    Sender,
    /// Naming the recipient.
    Recipient,
    /// Announcing or writing the letter; its end was not sent, so that no server can have taken it.
    Text,
    /// The end of the letter was sent, or at least begun to be.
    End,
}

/// What came instead of what was hoped for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No answer in time.
    Silence,
    /// An answer with a code of 400 to 599, and its refinement (RFC 3463), such as 4.7.1.
    Answer(u16, Option<String>),
    /// The connection broke, or there was none.
    Broken(io::ErrorKind),
    /// The server is not whom it must be or lacks what is needed, until somebody changes something; says what.
    Unusable(&'static str),
    /// An answer that is no SMTP.
    Nonsense,
}

/// What went wrong, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) step: Step,
    pub(crate) trouble: Trouble,
}

impl Failure {
    pub(crate) fn new(step: Step, error: &SmtpError) -> Self {
        Self { step, trouble: trouble(error) }
    }

    /// Whether the server may have taken the letter, without our knowing.
    pub(crate) const fn is_unsure(&self) -> bool {
        matches!((self.step, &self.trouble), (Step::End, trouble) if !matches!(trouble, Trouble::Answer(..)))
    }

    /// Whether the connection can be used for another letter: the server has spoken, and not said goodbye.
    pub(crate) const fn is_answer(&self) -> bool {
        matches!(self.trouble, Trouble::Answer(code, _) if code != 421)
    }

    /// Whether a connection that had been kept was no more, before the server could take anything.
    pub(crate) const fn is_gone(&self) -> bool {
        matches!(self.trouble, Trouble::Broken(_) | Trouble::Answer(421, _)) && !matches!(self.step, Step::End)
    }
}

impl From<Failure> for PostError {
    fn from(failure: Failure) -> Self {
        if failure.is_unsure() {
            return Self::Unsure;
        }
        let Failure { step, trouble } = failure;
        match trouble {
            Trouble::Unusable(what) => Self::Misconfigured(what.to_owned()),
            Trouble::Answer(code @ 500.., detail) => refused(step, code, detail.as_deref()),
            other => Self::Later(format!("{other} {step}")),
        }
    }
}

/// A final no, to whom it was said.
fn refused(step: Step, code: u16, detail: Option<&str>) -> PostError {
    let said = match detail {
        Some(detail) => format!("{code} {detail}"),
        None => code.to_string(),
    };
    let what = match step {
        Step::Hello => "the mail server does not serve this machine: ask its operator, or change mail.url",
        Step::Starttls => "the mail server refuses STARTTLS: use smtps:// in mail.url, or another server",
        Step::Login => "the mail server refuses the login: check mail.user and mail.password",
        // 530: sign in first; 538: only with TLS (RFC 4954 §6).
        _ if matches!(code, 530 | 538) => "the mail server asks for a login or TLS: set mail.user and mail.password",
        // "Delivery not authorized", "Security or policy" (RFC 3463 §3.8). The recipient had been taken by then, and all letters
        // say the same: what is not allowed is the centre's sending. Were it read as the recipient's no, every letter would be
        // lost for a login or a DNS record that is missing; read so, one that is the recipient's is tried in vain for days.
        Step::Text | Step::End if detail.is_some_and(|detail| detail.starts_with("5.7.")) => {
            "the mail server does not let the centre send: check mail.user and mail.password, and that it may send for the \
             domain of mail.from (relaying, SPF, DKIM)"
        }
        // Said of a recipient it may be either: that one's policy, or ours, as when a server relays for nobody who has not
        // signed in. It is tried for days, and then given up where the centre sees it.
        Step::Recipient if detail.is_some_and(|detail| detail.starts_with("5.7.")) => {
            return PostError::Later(format!("{said} {step}"));
        }
        Step::Sender => "the mail server refuses the sender: check mail.from, mail.bounces and mail.user",
        Step::Recipient | Step::Text | Step::End => return PostError::Refused(code),
    };
    PostError::Misconfigured(format!("{what} ({said})"))
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hello => "when the server was greeted",
            Self::Starttls => "when TLS was begun",
            Self::Login => "when signing in",
            Self::Sender => "when the sender was named",
            Self::Recipient => "when the recipient was named",
            Self::Text => "when the letter was written",
            Self::End => "at the end of the letter",
        })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silence => f.write_str("no answer in time"),
            Self::Answer(code, Some(detail)) => write!(f, "answer {code} {detail}"),
            Self::Answer(code, None) => write!(f, "answer {code}"),
            Self::Broken(kind) => write!(f, "no connection ({kind})"),
            Self::Unusable(what) => f.write_str(what),
            Self::Nonsense => f.write_str("an answer that is no SMTP"),
        }
    }
}

fn trouble(error: &SmtpError) -> Trouble {
    if let Some(code) = error.status() {
        return Trouble::Answer(code.into(), causes(error).nth(1).and_then(|words| detail(&words.to_string())));
    }
    if let Some(tls) = causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>())
        && let Some(what) = unusable(tls)
    {
        return Trouble::Unusable(what);
    }
    match causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()) {
        Some(io) => Trouble::Broken(io.kind()),
        // lettre's word for a connection that ends where an answer should be.
        None if error.is_response() && causes(error).any(|cause| cause.to_string() == "incomplete response") => {
            Trouble::Broken(io::ErrorKind::UnexpectedEof)
        }
        None if error.is_response() => Trouble::Nonsense,
        // No address was found for the server's name, or the like.
        None => Trouble::Broken(io::ErrorKind::Other),
    }
}

/// What is wrong with the other side for as long as nobody changes something; none if it may pass.
const fn unusable(error: &rustls::Error) -> Option<&'static str> {
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => Some(
            "the mail server's certificate is not trusted, not valid now or for another name: check the host in mail.url, \
             and give its authority as mail.ca_file",
        ),
        rustls::Error::PeerIncompatible(_) => Some("the mail server offers no TLS 1.2 or 1.3"),
        rustls::Error::InvalidMessage(_) => {
            Some("the mail server speaks no TLS there: smtps:// is for port 465, smtp:// with STARTTLS for 587 or 25")
        }
        _ => None,
    }
}

/// The refined code with which a server's words may begin: digits and dots, and nothing else of them.
fn detail(words: &str) -> Option<String> {
    let first = words.split_whitespace().next()?;
    let parts: Vec<_> = first.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() == 3 && parts.iter().all(is_number)).then(|| first.to_owned())
}

/// An error and what caused it, however deep.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| {
        let error: &'a (dyn Error + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            // The error in an error of the system is left out by its own `source`.
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

#[cfg(test)]
#[path = "failures_tests.rs"]
mod tests;
