//! Names of files, as they come from somebody else's machine and go to yet another's.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Name, TextError};

/// Bytes of a name at most: what the file systems in use can hold.
const LONGEST: usize = 255;

/// Characters that turn the direction of writing, so that `gpj.exe` can be made to read `exe.jpg` (Unicode TR36 §3.1),
/// and those that are not seen at all.
const INVISIBLE: [char; 27] = [
    '\u{061C}', '\u{200B}', '\u{200C}', '\u{200D}', '\u{200E}', '\u{200F}', '\u{2028}', '\u{2029}', '\u{202A}',
    '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2060}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
    '\u{00AD}', '\u{180E}', '\u{FEFF}', '\u{FFFC}', '\u{034F}', '\u{115F}', '\u{1160}', '\u{2800}', '\u{3164}',
];

/// Tag characters, which nobody sees.
const TAGS: std::ops::RangeInclusive<char> = '\u{E0000}'..='\u{E007F}';

/// What Windows takes for a device, whatever comes after a dot.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// What some file systems take for something else (Windows' reserved characters; a path's separators everywhere).
const RESERVED: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// A name that is a plain name on every machine: no path, no control, nothing that hides what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FileName(Name);

/// Why a name was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileNameError {
    /// It is no text of 1 to 200 characters.
    #[error("{0}")]
    Text(#[from] TextError),
    /// More than 255 bytes.
    #[error("the file's name is longer than {LONGEST} bytes")]
    TooLong,
    /// A separator of paths, or another character that not every machine allows.
    #[error("the file's name holds {0:?}, which not every machine allows in a name")]
    Reserved(char),
    /// A control, invisible or direction-changing character.
    #[error("the file's name holds a character that cannot be seen")]
    Invisible,
    /// The name of a device on some machines.
    #[error("the file's name is that of a device on some machines; choose another")]
    Device,
    /// `.`, `..`, or white space or a dot at an end, which some machines drop.
    #[error("the file's name begins with white space, or ends with white space or a dot")]
    Ends,
}

/// Whether nobody sees this character, or it turns the direction of what is around it; control characters aside.
pub(crate) fn is_unseen(c: char) -> bool {
    INVISIBLE.contains(&c) || TAGS.contains(&c)
}

impl FileName {
    /// Checks a name.
    ///
    /// # Errors
    /// Whatever would make it another name, or a path, on some machine.
    pub fn parse(text: impl Into<String>) -> Result<Self, FileNameError> {
        let text = text.into();
        if text.chars().any(|c| c.is_control() || is_unseen(c)) {
            return Err(FileNameError::Invisible);
        }
        let name = Name::parse(text)?;
        let text = name.as_str();
        if text.len() > LONGEST {
            return Err(FileNameError::TooLong);
        }
        if let Some(reserved) = text.chars().find(|c| RESERVED.contains(c)) {
            return Err(FileNameError::Reserved(reserved));
        }
        if text.starts_with(char::is_whitespace) || text.ends_with(|c: char| c.is_whitespace() || c == '.') {
            return Err(FileNameError::Ends);
        }
        let stem = text.split('.').next().unwrap_or_default().trim_end().to_lowercase();
        let numbered = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
        let is_port = numbered.is_some_and(|port| port.chars().count() == 1 && port.chars().all(char::is_numeric));
        if DEVICES.contains(&stem.as_str()) || is_port {
            return Err(FileNameError::Device);
        }
        Ok(Self(name))
    }

    /// The name as an event keeps it.
    pub const fn name(&self) -> &Name {
        &self.0
    }
}

impl<'de> Deserialize<'de> for FileName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_taken_in_every_script() {
        for name in
            ["contract.pdf", "avenant nº 3.docx", "계약서.pdf", ".profile", "a", "tar.gz", "Évaluation (2).xlsx"]
        {
            assert!(FileName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn what_is_a_path_or_hides_something_is_not() {
        for name in [
            "../../etc/passwd",
            "a/b",
            "a\\b",
            "C:evil.exe",
            "..",
            ".",
            "",
            " ",
            " a",
            "a ",
            "a.",
            "a\r\nSet-Cookie: b",
            "a\0b",
            "inv\u{202E}fdp.exe",
            "zero\u{200B}width",
            "\u{FEFF}bom",
            "con|sole",
            "what?",
            "\u{7f}",
        ] {
            assert!(FileName::parse(name).is_err(), "{name:?}");
        }
        for device in ["CON", "nul.txt", "Aux.pdf", "com1", "LPT9.docx", "con.tar.gz"] {
            assert_eq!(FileName::parse(device), Err(FileNameError::Device), "{device}");
        }
        for hidden in ["\u{3164}", "a\u{E0041}tag.txt", "\u{2800}.pdf", "x\u{115F}"] {
            assert_eq!(FileName::parse(hidden), Err(FileNameError::Invisible), "{hidden:?}");
        }
        assert!(FileName::parse("console.txt").is_ok() && FileName::parse("com10.txt").is_ok());
        assert_eq!(FileName::parse("é".repeat(150)), Err(FileNameError::TooLong));
        assert!(FileName::parse("x".repeat(201)).is_err());
    }
}
