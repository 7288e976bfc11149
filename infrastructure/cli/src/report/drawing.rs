//! What the charts of a report are drawn with: colours, letters, and a sheet that says in words what it shows.

use std::io;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea as _};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont as _, RGBColor, TextStyle};

/// Letters and axes. The page gives each of these colours another shade on a dark screen.
pub const INK: RGBColor = RGBColor(0x1A, 0x1A, 0x1A);
/// What was counted.
pub const MARK: RGBColor = RGBColor(0x0B, 0x53, 0x94);
/// Lines that help the eye.
pub const GRID: RGBColor = RGBColor(0xD0, 0xD0, 0xD0);
/// A limit.
pub const LIMIT: RGBColor = RGBColor(0xA3, 0x3C, 0x00);

/// How wide every chart is.
pub const WIDTH: u32 = 760;
/// How large letters are; plotters divides by 1.24.
const LETTERS: i32 = 16;

/// Where to draw.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
/// Why a chart could not be drawn; our mistake.
pub type DrawingError = DrawingAreaErrorKind<io::Error>;

/// What a chart is called, and what it says in words.
pub struct Caption {
    /// Its id, of which no two are the same on a page.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// All that it shows.
    pub text: String,
}

/// A chart as SVG, for a page: with its title and text for whoever does not see it.
///
/// # Errors
/// Our mistake in drawing.
pub fn drawn(
    caption: &Caption,
    height: u32,
    draw: impl FnOnce(&Area<'_>) -> Result<(), DrawingError>,
) -> Result<String, DrawingError> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&area)?;
        area.present()?;
    }
    // The backend opens the sheet without a role and without words.
    let shapes = svg.split_once('>').map_or("", |(_, shapes)| shapes);
    let Caption { id, title, text } = caption;
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-text\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-text\">{}</desc>{shapes}",
        escaped(title),
        escaped(text)
    ))
}

/// Letters that begin, end or stand in the middle at their place.
pub fn letters(side: HPos) -> TextStyle<'static> {
    TextStyle::from(("sans-serif", LETTERS).into_font()).color(&INK).pos(Pos::new(side, VPos::Center))
}

/// The same in bold.
pub fn bold(side: HPos) -> TextStyle<'static> {
    let font = ("sans-serif", LETTERS).into_font().style(FontStyle::Bold);
    TextStyle::from(font).color(&INK).pos(Pos::new(side, VPos::Center))
}

/// Text within XML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
