//! The look of one run of the program, and the only way text gets onto the screen.
//!
//! [`Look::put`] makes hostile text visible instead of active, turns it into ASCII where the
//! terminal shows nothing else, and never writes outside the area it is given.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation as _;

use super::glyphs::{self, Glyphs};
use super::theme::{ColorDepth, Role, Theme};
use super::width::{grapheme_width, take, to_ascii, truncate, width};
use crate::domain::text::printable;

/// Theme and marks: what a widget needs to draw itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Colours by meaning.
    pub theme: Theme,
    /// The marks.
    pub glyphs: Glyphs,
}

/// A piece of text and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// The text; one line.
    pub text: Cow<'a, str>,
    /// Its meaning.
    pub role: Role,
}

impl<'a> Run<'a> {
    /// A piece of text.
    pub fn new(text: impl Into<Cow<'a, str>>, role: Role) -> Self {
        Self {
            text: text.into(),
            role,
        }
    }
}

/// The cells that runs take one after the other.
#[must_use]
pub fn runs_width(runs: &[Run<'_>]) -> usize {
    runs.iter().map(|run| width(&printable(&run.text))).sum()
}

impl Look {
    /// A look.
    #[must_use]
    pub fn new(theme: Theme, glyphs: Glyphs) -> Self {
        Self { theme, glyphs }
    }

    /// The look the environment asks for. An unknown theme name gives the default one.
    #[must_use]
    pub fn from_env(theme: &str, env: &dyn Fn(&str) -> Option<String>) -> Self {
        let depth = ColorDepth::detect(env);
        let theme = Theme::builtin(theme, depth).unwrap_or_else(|| Theme::lab(depth));
        Self::new(theme, Glyphs::for_locale(env))
    }

    /// Without colours, in the full set of marks.
    #[must_use]
    pub fn plain() -> Self {
        Self::new(Theme::plain(), glyphs::UNICODE)
    }

    /// How a role looks.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Paints the whole area as empty ground. The first thing of each frame.
    pub fn ground(&self, area: Rect, buf: &mut Buffer) {
        fill(area, buf, self.theme.ground());
    }

    /// Paints the area as an empty card over whatever was there.
    pub fn card(&self, area: Rect, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        // A wide character cut by the left edge would be drawn over the card.
        if let Some(left) = area.x.checked_sub(1).filter(|_| area.width > 0) {
            for y in area.top()..area.bottom() {
                if let Some(cell) = buf.cell_mut((left, y)).filter(|c| width(c.symbol()) > 1) {
                    cell.set_symbol(" ");
                }
            }
        }
        fill(area, buf, self.theme.card());
    }

    /// The text as it is shown: safe, and in ASCII where there is nothing else.
    #[must_use]
    pub fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let safe = printable(text);
        if self.glyphs.unicode || safe.is_ascii() {
            return safe;
        }
        Cow::Owned(to_ascii(&safe).into_owned())
    }

    /// Writes a text on one line from a cell on, as far as the area goes. Returns the next column.
    pub fn put(&self, buf: &mut Buffer, area: Rect, at: (u16, u16), text: &str, role: Role) -> u16 {
        self.put_styled(buf, area, at, text, self.style(role))
    }

    /// The same with a style.
    pub fn put_styled(
        &self,
        buf: &mut Buffer,
        area: Rect,
        at: (u16, u16),
        text: &str,
        style: Style,
    ) -> u16 {
        let area = area.intersection(buf.area);
        let (mut x, y) = at;
        if y < area.top() || y >= area.bottom() || x < area.left() {
            return x;
        }
        let shown = self.shown(text);
        for grapheme in shown.graphemes(true) {
            let cells = u16::try_from(grapheme_width(grapheme)).unwrap_or(u16::MAX);
            if cells == 0 {
                continue;
            }
            if cells > area.right().saturating_sub(x) {
                break;
            }
            for covered in x..x + cells {
                if let Some(cell) = buf.cell_mut((covered, y)) {
                    cell.set_symbol(if covered == x { grapheme } else { " " })
                        .set_style(style);
                }
            }
            x += cells;
        }
        x
    }

    /// Writes a text, shortened with `…` when it is longer than `cols` cells.
    pub fn put_fit(
        &self,
        buf: &mut Buffer,
        area: Rect,
        at: (u16, u16),
        text: &str,
        cols: u16,
        role: Role,
    ) -> u16 {
        let room = cols.min(area.right().saturating_sub(at.0));
        let shown = printable(text);
        self.put(buf, area, at, &truncate(&shown, room.into()), role)
    }

    /// Writes runs one after the other; the one that does not fit is shortened with `…`.
    pub fn put_runs(&self, buf: &mut Buffer, area: Rect, at: (u16, u16), runs: &[Run<'_>]) -> u16 {
        let (mut x, y) = at;
        for run in runs {
            if x >= area.right() {
                break;
            }
            x = self.put_fit(buf, area, (x, y), &run.text, area.right() - x, run.role);
        }
        x
    }

    /// Writes a text so that it ends at the area's right edge. Returns the column it starts at.
    pub fn put_right(&self, buf: &mut Buffer, area: Rect, y: u16, text: &str, role: Role) -> u16 {
        let shown = printable(text);
        let shown = take(&shown, area.width.into());
        let cells = u16::try_from(width(shown)).unwrap_or(area.width);
        let x = area.right().saturating_sub(cells);
        self.put(buf, area, (x, y), shown, role);
        x
    }
}

fn fill(area: Rect, buf: &mut Buffer, style: Style) {
    let area = area.intersection(buf.area);
    for position in area.positions() {
        if let Some(cell) = buf.cell_mut(position) {
            cell.reset();
            cell.set_style(style);
        }
    }
}
