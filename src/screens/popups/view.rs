//! What the popups are drawn with: rows wrapped and counted, edges, what stands in place of a masked text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::screens::ViewCx;
use crate::ui::{Paragraph, Role};

pub(super) fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2)
}

/// The inside of a popup with its right margin, where marks cover no text.
pub(super) fn with_edge(inner: Rect, buf: &Buffer) -> Rect {
    let width = inner.width.saturating_add(1);
    Rect { width, ..inner }.intersection(buf.area)
}

/// Draws wrapped text into rows of the area; returns how many rows it took.
pub(crate) fn paragraph(
    cx: ViewCx<'_>,
    area: Rect,
    buf: &mut Buffer,
    text: &str,
    role: Role,
) -> u16 {
    let rows = Paragraph {
        text,
        role,
        skip: 0,
    }
    .render(area, buf, cx.look);
    u16::try_from(rows).unwrap_or(u16::MAX).min(area.height)
}

/// In place of what is being written.
pub(super) fn hidden_text(cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
    cx.put(buf, area, 0, cx.look.glyphs.masked, Role::Masked);
    let text = "masked; any key shows it again";
    paragraph(cx, below(area, 1), buf, text, Role::Placeholder);
}

/// What is left of an area below its first rows.
pub(crate) fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
