//! Names of files on their way out: into a header, into an archive, into a link; never a path, whatever they say.

use std::fmt::Write as _;

/// Bytes of a name at most, so that there is room for a number before it.
const LONGEST: usize = 150;
/// Bytes of an ending, with its dot, that is kept when a name is cut.
const ENDING: usize = 16;

/// A name that is a plain name on every machine. What was taken in by today's rules is already; what an import has
/// brought, or an older rule let pass, need not be.
pub fn plain(name: &str) -> String {
    let kept: String = name.chars().map(|c| if is_unsafe(c) { '_' } else { c }).collect();
    let kept = kept.trim_start().trim_end_matches(|c: char| c.is_whitespace() || c == '.');
    let cut = cut(kept);
    if cut.is_empty() { "document".to_owned() } else { cut }
}

/// Separators of paths, what Windows reserves, and what cannot be seen or turns the direction of writing.
fn is_unsafe(c: char) -> bool {
    let reserved = matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let unseen = matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFC}');
    reserved || unseen || c.is_control()
}

/// The name within its limit, with its ending, which says to most machines what it is.
fn cut(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.len() > ENDING { "" } else { ending };
    let stem = &name[..name.floor_char_boundary(LONGEST - ending.len())];
    format!("{}{ending}", stem.trim_end_matches(|c: char| c.is_whitespace() || c == '.'))
}

/// The header by which a browser saves what it is given under this name, and shows nothing of it (RFC 6266). Visible
/// ASCII whatever the name holds.
pub fn attachment(name: &str) -> String {
    let name = plain(name);
    // `%` is left out as well: some browsers would decode it.
    let is_plain = |c: char| (c.is_ascii_graphic() || c == ' ') && c != '%';
    let fallback: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{}", encoded(&name))
}

/// A name in percent-encoding (RFC 3986 §2.3): good for a link's part and for a header's extended value (RFC 8187).
pub fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else if write!(encoded, "%{byte:02X}").is_err() {
            return encoded;
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_plain_name_stays_as_it_is() {
        for name in ["contract.pdf", "avenant nº 3.docx", "계약서.pdf", ".profile", "tar.gz", "Évaluation (2).xlsx"]
        {
            assert_eq!(plain(name), name);
        }
    }

    #[test]
    fn no_name_is_a_path_or_hides_what_it_says() {
        for (name, kept) in [
            ("../../etc/passwd", ".._.._etc_passwd"),
            ("..\\..\\windows", ".._.._windows"),
            ("/etc/passwd", "_etc_passwd"),
            ("C:evil.exe", "C_evil.exe"),
            ("..", "document"),
            (" . ", "document"),
            ("", "document"),
            ("a\r\nSet-Cookie: b", "a__Set-Cookie_ b"),
            ("inv\u{202E}fdp.exe", "inv_fdp.exe"),
            ("nul\0.txt", "nul_.txt"),
            ("end. . ", "end"),
        ] {
            assert_eq!(plain(name), kept, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_ending() {
        let long = plain(&format!("{}.pdf", "é".repeat(196)));
        assert!(long.ends_with("é.pdf") && long.len() <= LONGEST, "{long}");
        let all_ending = plain(&format!("a.{}", "b".repeat(198)));
        assert_eq!(all_ending.len(), LONGEST);
    }

    #[test]
    fn a_header_holds_one_line_of_visible_ascii() {
        for name in [
            "a\r\nSet-Cookie: b=c",
            "q\"uo\\te%22.pdf",
            "계약서.pdf",
            "é;x=y.txt",
            "\u{7f}\u{85}",
            "'",
            &"🦀".repeat(200),
        ] {
            let header = attachment(name);
            assert!(header.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{header}");
            assert_eq!(header.matches('"').count(), 2, "{header}");
            assert!(HeaderValue::from_str(&header).is_ok(), "{header}");
        }
        assert_eq!(
            attachment("à 5 %.pdf"),
            "attachment; filename=\"_ 5 _.pdf\"; filename*=UTF-8''%C3%A0%205%20%25.pdf"
        );
    }
}
