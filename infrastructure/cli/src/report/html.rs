//! The report as one page of HTML that stands for itself: no script, nothing from elsewhere, the same bytes every time.

use askama::Template;
use entente_projections::figures::{Report, Span};

use crate::language::Language;
use crate::report::drawing::{DrawingError, escaped};
use crate::report::page::{self, Difference, Grid, Head, Headline, RateLine};
use crate::report::{charts, funnel, notes, said};
use crate::words;

/// Why there is no page; our mistake.
#[derive(Debug, thiserror::Error)]
pub enum ReportHtmlError {
    /// A chart could not be drawn.
    #[error("a chart cannot be drawn: {0}")]
    Drawing(#[from] DrawingError),
    /// The page could not be put together.
    #[error("the page cannot be written: {0}")]
    Page(#[from] askama::Error),
}

/// What the template shows. It escapes every text but the charts.
#[derive(Template)]
#[template(path = "report.html", whitespace = "minimize")]
struct Page {
    language: Language,
    head: Head,
    sections: Vec<(&'static str, String)>,
    headline: Headline,
    charts: Charts,
    steps: Vec<(String, String, String)>,
    intervals: Vec<(String, [String; 4])>,
    points: Vec<(u64, String)>,
    pending: &'static str,
    between: &'static str,
    rates: Vec<RateLine>,
    time_heads: Vec<String>,
    times: Vec<(&'static str, &'static str, Vec<String>)>,
    outcomes: Vec<(&'static str, String)>,
    grids: Vec<Grid>,
    association: &'static str,
    sentences: Vec<String>,
    differences: Vec<Difference>,
    meanings: Vec<(String, String)>,
    signs: Vec<String>,
    recomputing: String,
}

struct Charts {
    funnel: String,
    rates: String,
    appointments: Option<String>,
}

impl Page {
    fn say(&self, english: &'static str, french: &'static str) -> &'static str {
        self.language.pick(english, french)
    }

    /// A value as HTML; what must not be told is a dot for the eye and words for the ear.
    fn told(&self, value: &str) -> String {
        if value != said::WITHHELD {
            return escaped(value);
        }
        let words = self.say("not told", "non communiqué");
        format!("<span class=\"withheld\" aria-hidden=\"true\">{value}</span><span class=\"unseen\">{words}</span>")
    }

    fn section(&self, id: &str) -> &str {
        self.sections.iter().find(|(known, _)| *known == id).map_or("", |(_, title)| title)
    }
}

/// The whole report as a page.
///
/// # Errors
/// Our mistake in drawing or writing it.
pub fn report(report: &Report, language: Language) -> Result<String, ReportHtmlError> {
    let steps = funnel::steps(report);
    let rows = charts::rows(report, language);
    let total = report.cells(&[]).first();
    let points = total.and_then(|cell| cell.times(Span::E2)).map_or(&[][..], |times| &times.by_hour);
    let appointments = match points {
        // A curve has two points at least.
        [] | [_] => None,
        points => Some(charts::appointments(points, language)?),
    };
    let charts =
        Charts { funnel: charts::funnel(&steps, language)?, rates: charts::rates(&rows, language)?, appointments };
    let sentences: Vec<_> = said::headline(report).map(|it| said::comparison(report, it, language)).collect();
    let page = Page {
        language,
        head: page::head(report, language),
        sections: if notes::tells_nothing(report) { Vec::new() } else { sections(!sentences.is_empty(), language) },
        headline: page::headline(report, language),
        charts,
        steps: steps.iter().map(|step| page::step(step, language)).collect(),
        intervals: page::intervals(&rows, language),
        points: points.iter().map(|point| (point.hours, said::share(point.ended, language))).collect(),
        pending: notes::pending(language),
        between: notes::points(report.view, language),
        rates: total.map(|cell| page::rates(cell, language)).unwrap_or_default(),
        time_heads: said::time_heads(report.view, language).into_iter().map(said::capital).collect(),
        times: total.map(|cell| page::times(cell, report.view, language)).unwrap_or_default(),
        outcomes: page::outcomes(report, language),
        grids: page::grids(report, language),
        association: notes::association(language),
        sentences,
        differences: page::differences(report, language),
        meanings: page::meanings(language),
        signs: vec![notes::few(language), notes::withheld(language), notes::none(language)],
        recomputing: notes::recomputing(report, language),
    };
    Ok(page.render()?)
}

/// The sections' ids and titles.
fn sections(compares: bool, language: Language) -> Vec<(&'static str, String)> {
    let all = [
        ("headline", language.pick("The headline", "Le chiffre clé").to_owned()),
        ("stages", language.pick("How far cases came", "Jusqu’où vont les affaires").to_owned()),
        (
            "intervals",
            language.pick("The headline by year and channel", "Le chiffre clé par année et par canal").to_owned(),
        ),
        ("curve", said::capital(words::figures::span(Span::E2, language))),
        ("all", language.pick("All rates and times", "Tous les taux et durées").to_owned()),
        ("tables", language.pick("Tables", "Tableaux").to_owned()),
        ("beside", language.pick("Side by side", "Côte à côte").to_owned()),
    ];
    all.into_iter().filter(|(id, _)| compares || *id != "beside").collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entente_projections::figures::View;

    use super::*;
    use crate::report::samples;

    const BOTH: [Language; 2] = [Language::English, Language::French];

    fn samples() -> Vec<Report> {
        [View::Centre, View::Released]
            .into_iter()
            .flat_map(|view| {
                [samples::large(view), samples::under_way(view), samples::small(view), samples::empty(view)]
            })
            .collect()
    }

    /// What stands between these in a page, each time.
    fn between<'a>(page: &'a str, begin: &'a str, end: char) -> impl Iterator<Item = &'a str> {
        page.split(begin).skip(1).filter_map(move |rest| rest.split_once(end).map(|(found, _)| found))
    }

    #[test]
    fn a_page_stands_for_itself() -> Result<(), ReportHtmlError> {
        for language in BOTH {
            for sample in samples() {
                let page = report(&sample, language)?;
                assert!(page.starts_with(&format!("<!doctype html>\n<html lang=\"{}\">", language.code())), "{page}");
                let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
                for foreign in ["<script", "http:", "https:", "src=", "url(", "@import", "style=\""] {
                    assert!(!elsewhere.contains(foreign), "{foreign}");
                }
                assert_eq!(page, report(&sample, language)?);
            }
        }
        Ok(())
    }

    #[test]
    fn every_reference_has_one_target_and_headings_go_down_by_one() -> Result<(), ReportHtmlError> {
        for sample in samples() {
            let page = report(&sample, Language::French)?;
            let ids: Vec<_> = between(&page, " id=\"", '"').collect();
            let known: BTreeSet<_> = ids.iter().copied().collect();
            assert_eq!(ids.len(), known.len(), "{ids:?}");
            let references = between(&page, "href=\"#", '"').chain(between(&page, "aria-labelledby=\"", '"'));
            for id in references.flat_map(|ids| ids.split(' ')) {
                assert!(known.contains(id), "{id}");
            }
            let levels: Vec<u32> = between(&page, "<h", '>').filter_map(|head| head.get(..1)?.parse().ok()).collect();
            assert_eq!(levels.first(), Some(&1));
            assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        }
        Ok(())
    }

    #[test]
    fn numbers_and_words_are_of_the_reader_s_language() -> Result<(), ReportHtmlError> {
        let sample = samples::large(View::Centre);
        let page = report(&sample, Language::English)?;
        assert!(page.contains("72.2 % (223 of 309)") && page.contains("66.9 to 76.9 %"), "{page}");
        let page = report(&sample, Language::French)?;
        assert!(page.contains("72,2\u{202f}% (223 sur 309)") && page.contains("66,9 à 76,9\u{202f}%"), "{page}");
        assert!(!page.contains(" of ") && !page.contains("72.2"), "{page}");
        Ok(())
    }

    #[test]
    fn what_must_not_be_told_is_said_for_the_ear_too() -> Result<(), ReportHtmlError> {
        let page = report(&samples::under_way(View::Released), Language::English)?;
        let withheld = "<span class=\"withheld\" aria-hidden=\"true\">·</span><span class=\"unseen\">not told</span>";
        assert!(page.contains(withheld), "{page}");
        let page = report(&samples::small(View::Released), Language::French)?;
        assert!(page.contains("--staff") && !page.contains("<svg"), "{page}");
        Ok(())
    }
}
