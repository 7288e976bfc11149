//! Where letters are given up, from whom they come, and where their link leads.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use entente_application::ports::PostError;
use entente_domain::EmailAddress;
use url::Url;

/// How long a server may take for one answer, unless a setting says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long a server may take for its last word on a letter, once it has all of it: no less than this (RFC 5321
/// §4.5.3.2.6), whatever the setting says of other answers. It checks letters then, and one that is given up on too soon is
/// taken and sent again.
const LAST_WORD: Duration = Duration::from_secs(10 * 60);

/// Whom letters in a folder are from if nobody is named; a domain that nobody can have (RFC 2606).
const NOBODY: &str = "centre@entente.invalid";

/// Where letters are given up, and what is in them.
#[derive(Clone, Default)]
pub struct Settings {
    /// The server that carries letters on; without one, they are written to the folder.
    ///
    /// `smtps://host` speaks TLS from the first byte, `smtp://host` asks for it with STARTTLS and sends nothing without;
    /// only to this machine itself (`localhost`, `127.0.0.1`, `::1`) does it speak in clear, unless `?starttls` is added.
    pub url: Option<String>,
    /// Who signs in at the server, if it asks for that.
    pub user: Option<String>,
    /// With which password.
    pub password: Option<String>,
    /// A file with certificates in PEM to trust, beside those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// How long the server may take for one answer; 60 seconds if not given.
    pub timeout: Option<Duration>,
    /// How long it may take for the last one, once it has all of a letter; 10 minutes if not given, and no less than that is
    /// right outside tests (RFC 5321 §4.5.3.2.6).
    pub last_word: Option<Duration>,
    /// The address that letters are from; a server needs one.
    pub from: Option<String>,
    /// The address that takes what could not be delivered: `name@domain`, to which the server must also carry what is for
    /// `name+anything@domain`, for each letter gives its own name there. Without one, it comes back to `from`.
    pub bounces: Option<String>,
    /// Where people sign in: the link in every letter. There is no default that would be of use to whoever reads it on
    /// another machine.
    pub site: Option<String>,
    /// The folder, where there is no server.
    pub folder: PathBuf,
}

/// A server, and how it is spoken to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// Its name or address.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// What keeps others from listening.
    pub(crate) security: Security,
}

/// What keeps others from listening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Security {
    /// Nothing: it is this machine.
    Loopback,
    /// TLS after the first words, or no letter.
    Starttls,
    /// TLS from the first byte.
    Tls,
}

impl Settings {
    /// The server, if there is one. The errors do not repeat the URL: somebody may have written a password into it.
    pub(crate) fn server(&self) -> Result<Option<Server>, PostError> {
        let Some(text) = self.url.as_deref().filter(|url| !url.trim().is_empty()) else { return Ok(None) };
        let wrong = |what: &str| PostError::Misconfigured(format!("mail.url {what}"));
        let url = Url::parse(text).map_err(|_| wrong("must be smtp://host:port or smtps://host:port"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("must hold no user or password: give them as mail.user and mail.password"));
        }
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() || !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(wrong("must be smtp://host:port or smtps://host:port, and no more"));
        }
        let is_loopback = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
        let security = match (url.scheme(), url.query()) {
            ("smtps", None) => Security::Tls,
            ("smtp", Some("starttls")) => Security::Starttls,
            ("smtp", None) if is_loopback => Security::Loopback,
            ("smtp", None) => Security::Starttls,
            _ => return Err(wrong("must begin with smtp:// or smtps://, and may end with ?starttls alone")),
        };
        let usual = match security {
            Security::Loopback => 25,
            Security::Starttls => 587,
            Security::Tls => 465,
        };
        Ok(Some(Server { host, port: url.port().unwrap_or(usual), security }))
    }

    /// User and password, if the server wants them.
    pub(crate) fn login(&self) -> Result<Option<(String, String)>, PostError> {
        match (&self.user, &self.password) {
            (None, None) => Ok(None),
            (Some(user), Some(password)) => Ok(Some((user.clone(), password.clone()))),
            _ => Err(PostError::Misconfigured("mail.user and mail.password are needed both, or neither".to_owned())),
        }
    }

    pub(crate) fn patience(&self) -> Duration {
        self.timeout.unwrap_or(TIMEOUT)
    }

    pub(crate) fn last_word(&self) -> Duration {
        self.last_word.unwrap_or(LAST_WORD)
    }

    /// Whom letters are from.
    pub(crate) fn from(&self) -> Result<EmailAddress, PostError> {
        // Whoever reads what came back needs no server for that.
        if let Some(from) = &self.from {
            return address("mail.from", from);
        }
        match self.server()? {
            None => address("mail.from", NOBODY),
            Some(_) => {
                Err(PostError::Misconfigured("mail.from is needed: the address that letters are from".to_owned()))
            }
        }
    }

    /// Who takes what could not be delivered.
    pub(crate) fn bounces(&self) -> Result<Option<EmailAddress>, PostError> {
        self.bounces.as_deref().map(|bounces| address("mail.bounces", bounces)).transpose()
    }

    /// Where people sign in, as it is written into letters.
    pub(crate) fn site(&self) -> Result<String, PostError> {
        let Some(site) = &self.site else {
            let what = "mail.site is needed: the address at which people reach the centre, such as https://centre.example/, \
                        for the link in every letter; give it as mail.site in the file, --mail-site or ENTENTE_MAIL_SITE";
            return Err(PostError::Misconfigured(what.to_owned()));
        };
        let url = Url::parse(site).ok().filter(|url| {
            let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
            is_web && url.username().is_empty() && url.password().is_none()
        });
        url.map(String::from).ok_or_else(|| {
            PostError::Misconfigured(
                "mail.site must be the centre's public https://host/path, without a password".to_owned(),
            )
        })
    }
}

fn address(name: &str, text: &str) -> Result<EmailAddress, PostError> {
    EmailAddress::parse(text).map_err(|error| PostError::Misconfigured(format!("{name}: {error}")))
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |text: &Option<String>| text.as_ref().map(|_| "…");
        let shown = |text: &Option<String>| {
            text.as_ref().map(|text| if text.contains('@') { "…".to_owned() } else { text.clone() })
        };
        f.debug_struct("Settings")
            .field("url", &shown(&self.url))
            .field("user", &hidden(&self.user))
            .field("password", &hidden(&self.password))
            .field("ca_file", &self.ca_file)
            .field("timeout", &self.timeout)
            .field("last_word", &self.last_word)
            .field("from", &hidden(&self.from))
            .field("bounces", &hidden(&self.bounces))
            .field("site", &self.site)
            .field("folder", &self.folder)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn at(url: &str) -> Settings {
        Settings { url: Some(url.to_owned()), ..Settings::default() }
    }

    #[test]
    fn a_url_says_how_a_server_is_spoken_to() {
        for (url, host, port, security) in [
            ("smtps://mail.example.com", "mail.example.com", 465, Security::Tls),
            ("smtps://mail.example.com:4650/", "mail.example.com", 4650, Security::Tls),
            ("smtp://mail.example.com", "mail.example.com", 587, Security::Starttls),
            ("smtp://10.0.0.1:25", "10.0.0.1", 25, Security::Starttls),
            ("smtp://mail.example.com:25?starttls", "mail.example.com", 25, Security::Starttls),
            ("smtp://localhost?starttls", "localhost", 587, Security::Starttls),
            ("smtp://localhost", "localhost", 25, Security::Loopback),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security::Loopback),
            ("smtp://[::1]:2525", "::1", 2525, Security::Loopback),
            ("smtp://localhost.example.com", "localhost.example.com", 587, Security::Starttls),
        ] {
            assert_eq!(at(url).server().unwrap(), Some(Server { host: host.to_owned(), port, security }), "{url}");
        }
        for nowhere in [None, Some(String::new()), Some(" ".to_owned())] {
            assert_eq!(Settings { url: nowhere, ..Settings::default() }.server().unwrap(), None);
        }
    }

    #[test]
    fn what_is_no_server_is_refused_and_not_repeated() {
        for url in [
            "secret",
            "http://secret",
            "smtp://",
            "smtp://user:secret@host",
            "smtp://user@secret",
            "smtp://host/secret",
            "smtp://host?secret",
            "smtp://host?starttls=secret",
            "smtps://host?starttls",
            "smtp://host:secret",
            "smtp://host#secret",
        ] {
            let error = at(url).server().unwrap_err().to_string();
            assert!(error.contains("mail.url") && !error.contains("secret"), "{url}: {error}");
        }
    }

    #[test]
    fn a_server_needs_a_sender_and_a_folder_none() {
        assert!(at("smtp://localhost").from().is_err());
        assert_eq!(Settings::default().from().unwrap().as_str(), NOBODY);
        let wrong = Settings { from: Some("secret\r\n@b.fr".to_owned()), ..Settings::default() };
        assert!(!wrong.from().unwrap_err().to_string().contains("secret"));
        let broken = Settings { from: Some("a@b.fr".to_owned()), ..at("http://secret") };
        assert_eq!(broken.from().unwrap().as_str(), "a@b.fr");
        let half = Settings { user: Some("secret".to_owned()), ..Settings::default() };
        assert!(!half.login().unwrap_err().to_string().contains("secret"));
    }

    #[test]
    fn the_link_is_an_address_of_the_web_without_a_password() {
        let site = |site: &str| Settings { site: Some(site.to_owned()), ..Settings::default() }.site();
        assert_eq!(site("https://centre.example/sign-in").unwrap(), "https://centre.example/sign-in");
        assert_eq!(site("http://localhost:8080").unwrap(), "http://localhost:8080/");
        for wrong in ["", "centre.example", "ftp://centre.example", "https://a:b@centre.example", "javascript:x"] {
            assert!(site(wrong).is_err(), "{wrong}");
        }
        let missing = Settings::default().site().unwrap_err().to_string();
        assert!(missing.contains("mail.site is needed") && missing.contains("--mail-site"), "{missing}");
    }

    #[test]
    fn the_last_word_on_a_letter_is_waited_for_ten_minutes_however_short_other_answers_must_be() {
        let hasty = Settings { timeout: Some(Duration::from_secs(1)), ..Settings::default() };
        assert!(hasty.last_word() >= Duration::from_secs(600));
    }

    #[test]
    fn secrets_and_addresses_are_not_shown() {
        let hush = || Some("hush@hush.example".to_owned());
        let settings = Settings {
            url: Some("smtp://user:hush@host".to_owned()),
            user: hush(),
            password: hush(),
            from: hush(),
            bounces: hush(),
            site: Some("https://centre.example".to_owned()),
            ..Settings::default()
        };
        let shown = format!("{settings:?}");
        assert!(!shown.contains("hush") && shown.contains("centre.example"), "{shown}");
    }
}
