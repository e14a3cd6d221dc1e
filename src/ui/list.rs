//! Lists of any length, of which only the visible rows are known here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::{Look, Run, runs_width};
use super::theme::Role;

/// A row: runs from the left, and runs that end at the right edge when both fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// From the left.
    pub left: Vec<Run<'a>>,
    /// To the right edge.
    pub right: Vec<Run<'a>>,
}

impl<'a> Row<'a> {
    /// A row of runs.
    #[must_use]
    pub fn new(left: Vec<Run<'a>>) -> Self {
        Self {
            left,
            right: Vec::new(),
        }
    }
}

/// The visible rows, the selected one marked in a column of its own: a move changes two cells, not
/// two rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListView<'a> {
    /// The rows from the first visible one on; more than fit are left out.
    pub rows: &'a [Row<'a>],
    /// The selected row, counted from the first visible one.
    pub selected: Option<usize>,
    /// Whether there are rows above.
    pub more_above: bool,
    /// Whether there are rows below.
    pub more_below: bool,
}

impl ListView<'_> {
    /// The cells of the marker column.
    pub const MARGIN: u16 = 2;

    /// Draws it.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let area = area.intersection(buf.area);
        let rows = usize::from(area.height);
        let last = rows.min(self.rows.len()).checked_sub(1);
        for ((index, row), y) in self.rows.iter().enumerate().zip(area.top()..area.bottom()) {
            let line = Rect {
                y,
                height: 1,
                ..area
            };
            let (mark, role) = if self.selected == Some(index) {
                (look.glyphs.marker, Role::Marker)
            } else if index == 0 && self.more_above {
                (look.glyphs.more_above, Role::Track)
            } else if Some(index) == last && (self.more_below || self.rows.len() > rows) {
                (look.glyphs.more_below, Role::Track)
            } else {
                (" ", Role::Text)
            };
            look.put(buf, line, (line.x, y), mark, role);
            let x = line.x.saturating_add(Self::MARGIN);
            let inner = Rect {
                x,
                width: line.width.saturating_sub(Self::MARGIN),
                ..line
            };
            let right = u16::try_from(runs_width(&row.right)).unwrap_or(u16::MAX);
            let shows_right = right > 0 && right.saturating_add(8) <= inner.width;
            let room = if shows_right {
                inner.width - right - 2
            } else {
                inner.width
            };
            look.put_runs(
                buf,
                Rect {
                    width: room,
                    ..inner
                },
                (x, y),
                &row.left,
            );
            if shows_right {
                look.put_runs(buf, inner, (inner.right() - right, y), &row.right);
            }
        }
    }
}

/// The first visible row, so that the selected one is visible, moving as little as possible and
/// leaving no blank rows below the last one.
#[must_use]
pub fn first_visible(first: usize, selected: usize, height: usize, total: usize) -> usize {
    let height = height.max(1);
    let first = first.min(selected);
    let first = if selected >= first + height {
        selected + 1 - height
    } else {
        first
    };
    first.min(total.saturating_sub(height))
}
