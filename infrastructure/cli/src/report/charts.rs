//! The charts of a report: how far cases came, the headline by year and channel, and how long an appointment took.

use entente_projections::figures::{ByHour, Code, Counted, Dimension, Report, Span};
use plotters::chart::ChartBuilder;
use plotters::element::{Circle, ErrorBar, PathElement, Rectangle, Text};
use plotters::series::{DashedLineSeries, LineSeries};
use plotters::style::Color as _;
use plotters::style::text_anchor::HPos;

use crate::language::Language;
use crate::report::drawing::{Caption, DrawingError, GRID, INK, LIMIT, MARK, bold, drawn, letters};
use crate::report::funnel::Step;
use crate::report::said;
use crate::words;

/// How high a row of a chart is.
const ROW: u32 = 30;
/// Where the names of rows end.
const NAMES: i32 = 180;
/// Where bars and axes begin and end.
const BARS: (i32, i32) = (194, 540);
/// Where the numbers begin.
const NUMBERS: i32 = 556;
/// The promise of B8, in hours.
const PROMISE: u64 = 48;
/// How far the axis of hours goes: a week.
const WEEK: u64 = 168;

/// How many cases came how far.
///
/// # Errors
/// Our mistake in drawing.
pub fn funnel(steps: &[Step], language: Language) -> Result<String, DrawingError> {
    let numbers = |step: &Step| match step.count {
        None => language.pick("not told", "non communiqué").to_owned(),
        Some(count) => format!("{} · {}", language.count(count), said::share_of(step.share, language)),
    };
    let told = steps
        .iter()
        .map(|step| format!("{} {}.", said::capital(&named(step.stage.words(language), language)), numbers(step)));
    let caption = Caption {
        id: "funnel",
        title: language.pick("How far cases came", "Jusqu’où vont les affaires").to_owned(),
        text: told.collect::<Vec<_>>().join(" "),
    };
    let most = steps.iter().filter_map(|step| step.count).max().unwrap_or(0).max(1);
    drawn(&caption, height(steps.len()), |area| {
        for (row, step) in steps.iter().enumerate() {
            let middle = middle(row);
            area.draw(&Text::new(step.stage.words(language), (NAMES, middle), letters(HPos::Right)))?;
            area.draw(&Text::new(numbers(step), (NUMBERS, middle), letters(HPos::Left)))?;
            if let Some(count) = step.count {
                let end = along(count as f64 / most as f64);
                area.draw(&Rectangle::new([(BARS.0, middle - 9), (end, middle + 9)], MARK.filled()))?;
            }
        }
        Ok(())
    })
}

/// A row of the chart of rates.
pub enum Row<'a> {
    /// What the rows below it are.
    Head(String),
    /// A rate, if it is told.
    Rate(String, Option<&'a Counted>),
}

/// The headline of the total, by year and by channel.
pub fn rows(report: &Report, language: Language) -> Vec<Row<'_>> {
    let all = language.pick("all together", "ensemble").to_owned();
    let mut rows = vec![Row::Rate(all, report.total(Code::SR1))];
    for by in [[Dimension::Year], [Dimension::Channel]] {
        let cells = report.cells(&by);
        if !cells.is_empty() {
            rows.push(Row::Head(said::heading(&by, language)));
            rows.extend(cells.iter().map(|cell| Row::Rate(said::cell(cell, &by, language), cell.counted(Code::SR1))));
        }
    }
    rows
}

/// These rates with their intervals on one axis.
///
/// # Errors
/// Our mistake in drawing.
pub fn rates(rows: &[Row<'_>], language: Language) -> Result<String, DrawingError> {
    let told = rows.iter().map(|row| match row {
        Row::Head(head) => named(head, language),
        Row::Rate(name, counted) => format!("{name} {}.", spelled_out(*counted, language)),
    });
    let caption = Caption {
        id: "rates",
        title: said::capital(words::figures::rate(Code::SR1, language)),
        text: told.collect::<Vec<_>>().join(" "),
    };
    let bottom = i32::try_from(height(rows.len())).unwrap_or(i32::MAX);
    drawn(&caption, height(rows.len() + 1), |area| {
        for tenth in (0..=10).step_by(2) {
            let share = f64::from(tenth) / 10.0;
            let at = along(share);
            area.draw(&PathElement::new([(at, 0), (at, bottom)], GRID))?;
            area.draw(&Text::new(percent(share, language), (at, bottom + 14), letters(HPos::Center)))?;
        }
        for (row, it) in rows.iter().enumerate() {
            let middle = middle(row);
            match it {
                Row::Head(head) => area.draw(&Text::new(head.as_str(), (NAMES, middle), bold(HPos::Right)))?,
                Row::Rate(name, counted) => {
                    area.draw(&Text::new(name.as_str(), (NAMES, middle), letters(HPos::Right)))?;
                    area.draw(&Text::new(beside(*counted, language), (NUMBERS, middle), letters(HPos::Left)))?;
                    if let Some((low, rate, high)) = counted.and_then(|it| Some((it.low?, it.rate?, it.high?))) {
                        let is_small = counted.is_some_and(|it| it.small);
                        let style = if is_small { MARK.stroke_width(2) } else { MARK.filled().stroke_width(2) };
                        let ends = [low, rate, high].map(along);
                        area.draw(&ErrorBar::new_horizontal(middle, ends[0], ends[1], ends[2], style, 10))?;
                    }
                }
            }
        }
        Ok(())
    })
}

/// Which share had a mediator after so many hours, if that is told.
///
/// # Errors
/// Our mistake in drawing.
pub fn appointments(points: &[ByHour], language: Language) -> Result<String, DrawingError> {
    const HEIGHT: u32 = 320;
    let told = points.iter().map(|point| format!("{} h, {}.", point.hours, said::share(point.ended, language)));
    let caption = Caption {
        id: "appointments",
        title: said::capital(words::figures::span(Span::E2, language)),
        text: told.collect::<Vec<_>>().join(" "),
    };
    drawn(&caption, HEIGHT, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin_top(24)
            .margin_right(24)
            .x_label_area_size(52)
            .y_label_area_size(64)
            .build_cartesian_2d(0.0..WEEK as f64, 0.0..1.0)?;
        let grid = |from, to| PathElement::new([from, to], GRID);
        let days = (0..=WEEK).step_by(24).map(|hours| hours as f64);
        let fifths = (0..=5).map(|fifth| f64::from(fifth) / 5.0);
        chart.draw_series(days.clone().map(|hours| grid((hours, 0.0), (hours, 1.0))))?;
        chart.draw_series(fifths.clone().map(|share| grid((0.0, share), (WEEK as f64, share))))?;
        let curve = points.iter().map(|point| (point.hours as f64, point.ended));
        chart.draw_series(LineSeries::new(curve.clone(), MARK.stroke_width(2)))?;
        chart.draw_series(curve.map(|at| Circle::new(at, 3, MARK.filled())))?;
        let limit = [(PROMISE as f64, 0.0), (PROMISE as f64, 1.0)];
        chart.draw_series(DashedLineSeries::new(limit, 6, 4, LIMIT.stroke_width(2)))?;
        for hours in days {
            let (x, y) = chart.backend_coord(&(hours, 0.0));
            area.draw(&Text::new(format!("{hours} h"), (x, y + 14), letters(HPos::Center)))?;
        }
        for share in fifths {
            let (x, y) = chart.backend_coord(&(0.0, share));
            area.draw(&Text::new(percent(share, language), (x - 8, y), letters(HPos::Right)))?;
        }
        let (x, y) = chart.backend_coord(&(PROMISE as f64, 1.0));
        let promise = language.pick("48 hours", "48 heures");
        area.draw(&Text::new(promise, (x, y - 12), letters(HPos::Center).color(&LIMIT)))?;
        let below =
            language.pick("hours since consent and questionnaire", "heures depuis le consentement et le questionnaire");
        let (x, y) = chart.backend_coord(&(WEEK as f64 / 2.0, 0.0));
        area.draw(&Text::new(below, (x, y + 38), letters(HPos::Center)))?;
        area.draw(&PathElement::new([chart.backend_coord(&(0.0, 0.0)), chart.backend_coord(&(WEEK as f64, 0.0))], INK))
    })
}

/// What stands before numbers.
fn named(name: &str, language: Language) -> String {
    format!("{name}{}", language.pick(":", "\u{202f}:"))
}

/// A rate with its interval in words.
fn spelled_out(counted: Option<&Counted>, language: Language) -> String {
    match counted.map(|it| (it, it.low.zip(it.high))) {
        None => language.pick("not told", "non communiqué").to_owned(),
        Some((_, None)) => language.pick("no case", "aucune affaire").to_owned(),
        Some((counted, Some((low, high)))) => {
            let interval = language.pick("95 % interval", "intervalle à 95\u{202f}%");
            format!("{}, {interval} {}", said::fraction(counted, language), said::interval(low, high, language))
        }
    }
}

/// A rate beside its bar.
fn beside(counted: Option<&Counted>, language: Language) -> String {
    match counted {
        None => language.pick("not told", "non communiqué").to_owned(),
        Some(counted) if counted.rate.is_none() => language.pick("no case", "aucune affaire").to_owned(),
        Some(counted) => said::beside(counted, language),
    }
}

/// A share on an axis, without digits after the point.
fn percent(share: f64, language: Language) -> String {
    format!("{:.0}{}", share * 100.0, language.pick(" %", "\u{202f}%"))
}

fn height(rows: usize) -> u32 {
    ROW.saturating_mul(u32::try_from(rows).unwrap_or(u32::MAX))
}

/// The middle of a row.
fn middle(row: usize) -> i32 {
    i32::try_from(height(row) + ROW / 2).unwrap_or(i32::MAX)
}

/// Where a share lies on the axis.
#[expect(clippy::cast_possible_truncation, reason = "between the ends of the axis")]
fn along(share: f64) -> i32 {
    let (from, to) = (f64::from(BARS.0), f64::from(BARS.1));
    (from + (to - from) * share.clamp(0.0, 1.0)).round() as i32
}

#[cfg(test)]
mod tests {
    use entente_projections::figures::View;

    use super::*;
    use crate::report::drawing::WIDTH;
    use crate::report::{funnel, samples};

    type Tested = Result<(), Box<dyn std::error::Error>>;

    fn all(report: &Report, language: Language) -> Result<Vec<String>, DrawingError> {
        let points = report.cells(&[])[0].times(Span::E2).map_or(&[][..], |times| &times.by_hour);
        Ok(vec![
            funnel(&funnel::steps(report), language)?,
            rates(&rows(report, language), language)?,
            appointments(points, language)?,
        ])
    }

    #[test]
    fn each_chart_is_sound_and_says_what_it_shows() -> Tested {
        for language in [Language::English, Language::French] {
            for report in [samples::large(View::Centre), samples::under_way(View::Released)] {
                for svg in all(&report, language)? {
                    let sheet = roxmltree::Document::parse(&svg)?;
                    let svg = sheet.root_element();
                    assert_eq!((svg.tag_name().name(), svg.attribute("role")), ("svg", Some("img")));
                    let told = svg.attribute("aria-labelledby").unwrap_or_default().split(' ').map(|id| {
                        let named = svg.children().find(|child| child.attribute("id") == Some(id));
                        named.and_then(|it| it.text()).unwrap_or_default()
                    });
                    let told: Vec<_> = told.collect();
                    assert!(told.len() == 2 && told.iter().all(|text| !text.is_empty()), "{told:?}");
                    assert!(told[1].contains(language.pick(" %", "\u{202f}%")), "{told:?}");
                }
            }
        }
        Ok(())
    }

    #[test]
    fn nothing_is_drawn_beside_the_sheet() -> Tested {
        for svg in all(&samples::large(View::Centre), Language::French)? {
            let sheet = roxmltree::Document::parse(&svg)?;
            let height: f64 = sheet.root_element().attribute("height").unwrap_or_default().parse()?;
            for shape in sheet.descendants() {
                for (names, most) in [(["x", "x1", "x2", "cx"], f64::from(WIDTH)), (["y", "y1", "y2", "cy"], height)] {
                    for at in names.iter().filter_map(|name| shape.attribute(*name)) {
                        let at: f64 = at.parse()?;
                        assert!((0.0..=most).contains(&at), "{shape:?}");
                    }
                }
            }
        }
        Ok(())
    }

    #[test]
    fn a_suppressed_rate_is_said_in_letters_and_has_no_bar() -> Tested {
        let none = vec![Row::Rate("hybrid".to_owned(), None)];
        let svg = rates(&none, Language::English)?;
        assert!(svg.contains("hybrid not told.</desc>"), "{svg}");
        assert!(svg.contains(">\nnot told\n</text>") && !svg.contains("<circle"), "{svg}");
        let unknown = funnel::steps(&samples::small(View::Released));
        assert!(!funnel(&unknown, Language::French)?.contains("<rect"));
        Ok(())
    }
}
