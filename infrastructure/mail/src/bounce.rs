//! What a server sends back of a letter that it could not deliver (RFC 3464): which letter, and whether for good.

use entente_application::ports::PostError;
use entente_domain::EmailAddress;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};
use uuid::Uuid;

use crate::address;
use crate::settings::Settings;

/// Bytes that are read of a notice: ours are short, and so is what comes back with one. What it says it says at its
/// beginning, and what stands behind this is ignored.
pub const LONGEST: usize = 1024 * 1024;

/// Where a notice can say for whom it is. Servers that deliver to a mailbox note the envelope's address in the latter two.
const RECIPIENTS: [&str; 3] = ["To", "Delivered-To", "X-Original-To"];

/// A letter that came back, or is late. Nothing else of the notice is kept: it holds addresses and a server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The letter's name.
    pub letter: Uuid,
    /// What happened, in the three numbers of RFC 3463, such as `5.1.1`.
    pub status: String,
    /// Whether delivery was given up; if not, the server still tries.
    pub permanent: bool,
}

/// Reads notices about our letters.
#[derive(Debug)]
pub struct Bounces {
    address: Option<EmailAddress>,
    /// What stands after the `@` of our Message-IDs.
    domain: String,
}

impl Bounces {
    /// The notices that letters with these settings may cause.
    ///
    /// # Errors
    /// A setting is wrong.
    pub fn open(settings: &Settings) -> Result<Self, PostError> {
        let domain = address::domain(&settings.from()?);
        let no_domain = || PostError::Misconfigured("the domain of mail.from has no ASCII form".to_owned());
        Ok(Self { address: settings.bounces()?, domain: domain.ok_or_else(no_domain)? })
    }

    /// What a message says about a letter of ours in its first [`LONGEST`] bytes; nothing if it is something else, or about
    /// somebody else's.
    pub fn read(&self, message: &[u8]) -> Option<Bounce> {
        let message = MessageParser::default().parse(&message[..message.len().min(LONGEST)])?;
        let kind = message.content_type()?;
        let is_report = kind.ctype().eq_ignore_ascii_case("multipart")
            && kind.subtype().is_some_and(|subtype| subtype.eq_ignore_ascii_case("report"));
        if !is_report {
            return None;
        }
        let notice = message.parts.iter().find(|part| is(part, &["delivery-status", "global-delivery-status"]))?;
        let (status, permanent) = outcome(&String::from_utf8_lossy(notice.contents()))?;
        let letter = self.addressed(&message).or_else(|| self.returned(&message))?;
        Some(Bounce { letter, status, permanent })
    }

    /// The letter whose own address the notice was sent to.
    fn addressed(&self, message: &Message<'_>) -> Option<Uuid> {
        let address = self.address.as_ref()?;
        let (before, after) = (format!("{}+", address.local()), format!("@{}", address::domain(address)?));
        let mut recipients = message
            .headers_raw()
            .filter(|(name, _)| RECIPIENTS.iter().any(|recipient| name.eq_ignore_ascii_case(recipient)));
        recipients.find_map(|(_, value)| between(value, &before, &after))
    }

    /// The letter that was sent back, or its headers.
    fn returned(&self, message: &Message<'_>) -> Option<Uuid> {
        let headers = |part: &MessagePart<'_>| {
            let text = is(part, &["rfc822-headers", "global-headers"]).then(|| part.contents())?;
            MessageParser::default().parse_headers(text)?.message_id().map(str::to_owned)
        };
        let after = format!("@{}>", self.domain);
        message.parts.iter().find_map(|part| {
            let id = match &part.body {
                PartType::Message(returned) => returned.message_id().map(str::to_owned),
                _ => headers(part),
            };
            between(&format!("<{}>", id?), "<", &after)
        })
    }
}

/// Whether a part is of one of these kinds.
fn is(part: &MessagePart<'_>, kinds: &[&str]) -> bool {
    let subtype = part.content_type().and_then(|kind| kind.subtype());
    subtype.is_some_and(|subtype| kinds.iter().any(|kind| subtype.eq_ignore_ascii_case(kind)))
}

/// The id that stands between these, if an id does: a forged notice cannot name anything else.
fn between(text: &str, before: &str, after: &str) -> Option<Uuid> {
    let (text, before, after) = (text.to_lowercase(), before.to_lowercase(), after.to_lowercase());
    text.match_indices(&before).find_map(|(at, _)| {
        let (id, rest) = text[at + before.len()..].split_once(&after)?;
        let ends = rest.chars().next().is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '.' | '-'));
        // No braces and no `urn:`: as it is written in our own addresses and Message-IDs.
        let plain = matches!(id.len(), 32 | 36) && ends;
        plain.then(|| Uuid::try_parse(id).ok()).flatten()
    })
}

/// Status and whether it is for good: of the recipient that failed, or of one that is late. Whatever else became of a
/// letter is no bounce.
fn outcome(notice: &str) -> Option<(String, bool)> {
    let mut late = None;
    for recipient in notice.replace("\r\n", "\n").split("\n\n") {
        let field = |name: &str| {
            let mut fields = recipient.lines().filter_map(|line| line.split_once(':'));
            let value = fields.find(|(found, _)| found.trim().eq_ignore_ascii_case(name))?.1;
            // A comment may follow.
            value.split(['(', ' ', ';']).find(|word| !word.is_empty()).map(|word| word.trim().to_lowercase())
        };
        let status = field("Status").filter(|status| is_status(status));
        match field("Action").as_deref() {
            Some("failed") => return Some((status.unwrap_or_else(|| "5.0.0".to_owned()), true)),
            Some("delayed") => late = Some((status.unwrap_or_else(|| "4.0.0".to_owned()), false)),
            _ => {}
        }
    }
    late
}

/// Three numbers with dots between.
fn is_status(text: &str) -> bool {
    let parts: Vec<_> = text.split('.').collect();
    let is_number = |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && matches!(parts[0], "2" | "4" | "5") && parts.iter().all(is_number)
}

#[cfg(test)]
#[path = "bounce_tests.rs"]
mod tests;
