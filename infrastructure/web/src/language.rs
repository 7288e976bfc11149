//! Which of the centre's two working languages a caller reads.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use entente_domain::questionnaire::Bilingual;

/// A working language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// French.
    French,
    /// English, unless somebody asks for French.
    English,
}

impl Language {
    /// The one that `Accept-Language` prefers (RFC 9110 §12.5.4); English where it says nothing of either.
    pub fn preferred(headers: &HeaderMap) -> Self {
        let ranges = headers.get_all(ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
        let (mut french, mut english) = (0_u16, 0_u16);
        for range in ranges.flat_map(|line| line.split(',')) {
            let (tag, weight) = weighed(range);
            match tag.split('-').next() {
                Some("fr") => french = french.max(weight),
                Some("en") => english = english.max(weight),
                _ => {}
            }
        }
        if french > english { Self::French } else { Self::English }
    }

    /// Its tag (RFC 5646).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// A text in this language.
    pub const fn of(self, text: Bilingual) -> &'static str {
        match self {
            Self::French => text.fr,
            Self::English => text.en,
        }
    }
}

/// A range's tag in small letters, and its weight in thousandths.
fn weighed(range: &str) -> (String, u16) {
    let mut parts = range.split(';');
    let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let weight = parts
        .find_map(|part| part.trim().strip_prefix("q=").map(str::to_owned))
        .map_or(1.0, |weight| weight.parse::<f32>().unwrap_or(0.0));
    // A weight outside 0..1 is cut to it; the cast then loses nothing.
    (tag, (weight.clamp(0.0, 1.0) * 1_000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferred(text: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, axum::http::HeaderValue::from_static(text));
        Language::preferred(&headers)
    }

    #[test]
    fn the_heavier_one_wins_and_english_wins_a_tie() {
        assert_eq!(preferred("fr-FR, en;q=0.8"), Language::French);
        assert_eq!(preferred("fr;q=0.5, en-GB;q=0.9"), Language::English);
        assert_eq!(preferred("de, *;q=0.1"), Language::English);
        assert_eq!(preferred("FR;q=nonsense"), Language::English);
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::English);
    }
}
