//! How values of a form are shown: scales, toggles, what is masked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::Look;
use super::theme::Role;
use super::width::width;
use crate::domain::text::printable;

/// A rating: bar, number, and the words at the ends of the scale, as far as there is room.
/// What does not fit goes whole: first the words, then the bar.
#[derive(Debug, Clone, Copy, Default)]
pub struct ScaleBar<'a> {
    /// The rating; `None` when it is not answered.
    pub value: Option<u8>,
    /// The lowest rating.
    pub min: u8,
    /// The highest rating.
    pub max: u8,
    /// What the low end is called.
    pub low: Option<&'a str>,
    /// What the high end is called.
    pub high: Option<&'a str>,
}

impl ScaleBar<'_> {
    /// The cells of a bar: always ten, so that bars of 0–10 and of 1–10 stand under one another.
    pub const CELLS: u16 = 10;

    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let number = self
            .value
            .map_or(look.glyphs.none.to_owned(), |value| value.to_string());
        let y = area.y;
        if area.width < Self::CELLS + 4 {
            look.put(buf, area, (area.x, y), &number, Role::Value);
            return;
        }
        let full = self.filled();
        let mut x = area.x;
        for cell in 0..Self::CELLS {
            let (mark, role) = if cell < full {
                (look.glyphs.bar_full, Role::ScaleFull)
            } else {
                (look.glyphs.bar_empty, Role::Track)
            };
            x = look.put(buf, area, (x, y), mark, role);
        }
        let role = if self.value.is_some() {
            Role::Value
        } else {
            Role::Track
        };
        look.put(buf, area, (x + 1, y), &format!("{number:>2}"), role);
        let ends = self.ends(look);
        let room = usize::from(area.width.saturating_sub(Self::CELLS + 6));
        if !ends.is_empty() && width(&printable(&ends)) <= room {
            look.put(buf, area, (x + 6, y), &ends, Role::Muted);
        }
    }

    fn filled(&self) -> u16 {
        let Some(value) = self.value else { return 0 };
        let value = value.clamp(self.min.min(self.max), self.max);
        // On a scale from 1, one point is one cell; the empty bar belongs to "not answered".
        let (part, whole) = if self.min == 1 {
            (u16::from(value), u16::from(self.max))
        } else {
            (
                u16::from(value - self.min.min(value)),
                u16::from(self.max.saturating_sub(self.min)),
            )
        };
        (part * Self::CELLS + whole / 2)
            .checked_div(whole)
            .unwrap_or(0)
    }

    fn ends(&self, look: &Look) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low} {} {high}", look.glyphs.between),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => String::new(),
        }
    }
}

/// Yes, no or not answered. No colour says that one of them is better.
#[derive(Debug, Clone, Copy, Default)]
pub struct ToggleCell {
    /// The answer.
    pub value: Option<bool>,
}

impl ToggleCell {
    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let (mark, word, role) = match self.value {
            Some(true) => (look.glyphs.yes, "yes", Role::ScaleFull),
            Some(false) => (look.glyphs.no, "no", Role::Muted),
            None => (look.glyphs.none, "", Role::Track),
        };
        let room = usize::from(area.width);
        let at = (area.x, area.y);
        if !look.glyphs.unicode && !word.is_empty() {
            // In ASCII a mark would be a letter before the word that begins with it.
            look.put(buf, area, at, word, Role::Value);
        } else if word.is_empty() || room < word.len() {
            look.put(buf, area, at, mark, role);
        } else if room < word.len() + 2 {
            look.put(buf, area, at, word, Role::Value);
        } else {
            let x = look.put(buf, area, at, mark, role);
            look.put(buf, area, (x + 1, area.y), word, Role::Value);
        }
    }
}

/// Stands for a value that is not shown. It is the same for every value.
#[derive(Debug, Clone, Copy, Default)]
pub struct MaskedCell<'a> {
    /// What reveals it, said beside it, the longest first: `masked, v shows it`.
    pub hints: &'a [String],
}

impl MaskedCell<'_> {
    /// Draws it on the first row of the area, with the first of its hints that fits.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let x = look.put(
            buf,
            area,
            (area.x, area.y),
            look.glyphs.masked,
            Role::Masked,
        );
        let room = usize::from(area.right().saturating_sub(x));
        let mut hints = self.hints.iter().map(|hint| format!(" ({hint})"));
        if let Some(hint) = hints.find(|hint| width(hint) <= room) {
            look.put(buf, area, (x, area.y), &hint, Role::Muted);
        }
    }
}
