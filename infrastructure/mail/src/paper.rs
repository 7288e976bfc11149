//! The paper that letters are written on: what is the same in all of them, and the little that is not.

use std::time::{Duration, SystemTime};

use entente_application::ports::{Letter, LetterLanguage, PostError};
use entente_domain::EmailAddress;
use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0};
use lettre::message::{Body, Mailbox, Message};
use uuid::Uuid;

use crate::address;
use crate::settings::Settings;
use crate::words::words;

/// What a server answers if it does not take the form of an address (RFC 5321 §4.2.3, RFC 6531 §3.5).
pub(crate) const NO_SUCH_FORM: u16 = 553;

/// Characters of a letter's name as it is written behind a `+`.
const NAME: usize = 32;

/// What is the same in all letters.
pub(crate) struct Paper {
    from: Address,
    bounces: Option<EmailAddress>,
    /// What stands after the `@` of a Message-ID.
    domain: String,
    site: String,
}

/// A letter, and what stands on its envelope.
pub(crate) struct Sheet {
    pub(crate) sender: Address,
    pub(crate) recipient: Address,
    /// Headers and text, with CR LF.
    pub(crate) message: Vec<u8>,
}

impl Paper {
    pub(crate) fn open(settings: &Settings) -> Result<Self, PostError> {
        let wrong = |what: &str| PostError::Misconfigured(what.to_owned());
        let from = settings.from()?;
        if !from.local().is_ascii() {
            return Err(wrong("mail.from must be ASCII before the @: not every server takes other scripts there"));
        }
        let no_domain = || wrong("the domain of mail.from has no ASCII form");
        let (sender, domain) = (address::on_envelope(&from).ok_or_else(no_domain)?, address::domain(&from));
        let paper = Self {
            from: sender,
            bounces: settings.bounces()?,
            domain: domain.ok_or_else(no_domain)?,
            site: settings.site()?,
        };
        // A name more is to fit in, so that no letter fails for it later.
        if let Some(bounces) = &paper.bounces
            && (!bounces.local().is_ascii() || bounces.local().len() + 1 + NAME > 64 || bounces.as_str().len() > 200)
        {
            return Err(wrong("mail.bounces must be ASCII and have no more than 31 characters before the @"));
        }
        paper.sender(Uuid::nil()).ok_or_else(|| wrong("the domain of mail.bounces has no ASCII form"))?;
        Ok(paper)
    }

    /// Who the server thinks it speaks with: the domain that letters are from, and nothing of this machine.
    pub(crate) fn domain(&self) -> &str {
        &self.domain
    }

    /// Where it comes back to if it cannot be delivered, under the letter's own name.
    fn sender(&self, letter: Uuid) -> Option<Address> {
        match &self.bounces {
            Some(bounces) => address::with_local(bounces, &format!("{}+{}", bounces.local(), letter.simple())),
            None => Some(self.from.clone()),
        }
    }

    pub(crate) fn write(&self, letter: &Letter) -> Result<Sheet, PostError> {
        let unwritable = || PostError::Refused(NO_SUCH_FORM);
        let recipient = address::on_envelope(&letter.to).ok_or_else(unwritable)?;
        let message = self.message(letter, recipient.clone()).ok_or_else(unwritable)?;
        Ok(Sheet { sender: self.sender(letter.id).ok_or_else(unwritable)?, recipient, message })
    }

    /// Headers and text. Only the line of the recipient has not the same length in all of a language.
    fn message(&self, letter: &Letter, recipient: Address) -> Option<Vec<u8>> {
        let words = words(letter.language);
        let text = format!("{}\r\n\r\n{}\r\n\r\n{}\r\n", words.before, self.site, words.after);
        let header =
            |name: &'static str, value: &str| HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned());
        let body = Body::new_with_encoding(text, encoding(letter.language)).ok()?;
        let message = Message::builder()
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)))
            .date(minute(letter.at))
            .from(Mailbox::new(None, self.from.clone()))
            .to(Mailbox::new(None, recipient))
            .subject(words.subject)
            .header(MIME_VERSION_1_0)
            // Nobody's automatic answer is wanted (RFC 3834).
            .raw_header(header("Auto-Submitted", "auto-generated"))
            .raw_header(header("Content-Language", letter.language.code()))
            .header(ContentType::TEXT_PLAIN)
            .body(body);
        Some(message.ok()?.formatted())
    }
}

/// One for each language, so that it is the same for all of its letters.
const fn encoding(language: LetterLanguage) -> ContentTransferEncoding {
    match language {
        LetterLanguage::Korean => ContentTransferEncoding::Base64,
        LetterLanguage::French | LetterLanguage::English | LetterLanguage::German | LetterLanguage::Spanish => {
            ContentTransferEncoding::QuotedPrintable
        }
    }
}

/// The second is nobody's business, and a retry has the same date. Nothing is older than what a header's clock knows.
fn minute(at: Timestamp) -> SystemTime {
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds - seconds % 60)
}

#[cfg(test)]
#[path = "paper_tests.rs"]
mod tests;
