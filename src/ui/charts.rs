//! One-row charts of a series.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::Look;
use super::theme::Role;
use super::width::width;

/// A series, one cell a day, oldest first; the latest days when not all fit. A day without a value
/// is a gap, never a zero.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sparkline<'a> {
    /// What is shown, before the chart; shortened to `label_width`.
    pub label: &'a str,
    /// Cells kept for the label, so that charts stand under one another; 0 for none.
    pub label_width: u16,
    /// The values.
    pub values: &'a [Option<f64>],
    /// What the lowest and the highest level stand for; the series' own ends when `None`.
    pub bounds: Option<(f64, f64)>,
    /// Said after the chart where there is room, for example the latest value.
    pub trailing: &'a str,
}

impl Sparkline<'_> {
    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let label_width = self.label_width.min(area.width);
        let mut x = area.x;
        if label_width > 0 {
            look.put_fit(buf, area, (x, area.y), self.label, label_width, Role::Muted);
            x = x.saturating_add(label_width).saturating_add(1);
        }
        let mut room = usize::from(area.right().saturating_sub(x));
        let trailing = width(self.trailing);
        let tail = if trailing > 0 && room > self.values.len() + trailing {
            trailing + 1
        } else {
            0
        };
        room -= tail.min(room);
        let shown = self
            .values
            .get(self.values.len().saturating_sub(room)..)
            .unwrap_or_default();
        let (low, high) = self.bounds.unwrap_or_else(|| ends(shown));
        for value in shown {
            let (mark, role) = match value {
                Some(value) => (level_mark(*value, low, high, look), Role::Chart),
                None => (look.glyphs.gap, Role::Track),
            };
            x = look.put(buf, area, (x, area.y), mark, role);
        }
        if tail > 0 {
            look.put(buf, area, (x + 1, area.y), self.trailing, Role::Value);
        }
    }
}

/// The lowest and the highest value of a series.
fn ends(values: &[Option<f64>]) -> (f64, f64) {
    values
        .iter()
        .flatten()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
            (low.min(*v), high.max(*v))
        })
}

/// Which of `levels` levels a value is on, from 0. A series without extent is in the middle.
#[must_use]
pub fn level(value: f64, low: f64, high: f64, levels: u8) -> u8 {
    let extent = high - low;
    if levels == 0 || !extent.is_finite() || extent <= 0.0 || !value.is_finite() {
        return levels / 2;
    }
    let share = ((value - low) / extent).clamp(0.0, 1.0);
    // The ends get a level of their own width: 10 of 1–10 is the top, 1 the bottom.
    (0..levels)
        .rev()
        .find(|level| share * f64::from(levels) >= f64::from(*level))
        .unwrap_or(0)
}

fn level_mark(value: f64, low: f64, high: f64, look: &Look) -> &'static str {
    look.glyphs
        .spark
        .get(usize::from(level(value, low, high, 8)))
        .copied()
        .unwrap_or(" ")
}
