//! How the help is drawn: the filter where there is one, then keys beside what they do.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::screens::popups::view::{below, rows, with_edge};
use crate::screens::{Screen, ViewCx};
use crate::ui::{Role, width};

use super::Help;
use super::lines::{Line, wrapped};

impl Screen for Help {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let room = area.width.min(78).saturating_sub(4);
        let column = if room < 50 { 11 } else { 18 };
        let columns = usize::from(room.saturating_sub(column));
        let lines = wrapped(self.found(), columns);
        let above = u16::from(self.is_filtered());
        // As tall as without a filter, so that nothing jumps while it is typed.
        let all = wrapped(self.lines.clone(), columns).len();
        let inner = cx.popup(area, buf, "Keys", (78, rows(all)));
        let cursor = self.draw_filter(cx, inner, buf);
        let inner = below(inner, above);
        if lines.is_empty() {
            cx.put(
                buf,
                inner,
                0,
                "no key, word or command has that",
                Role::Muted,
            );
        }
        let seen = self.scroll.over(lines.len(), usize::from(inner.height));
        for (line, row) in lines.iter().skip(seen.first).zip(inner.rows()) {
            match line {
                Line::Heading(text) => {
                    cx.put(buf, row, 0, text, Role::Heading);
                }
                Line::Key(entry) => {
                    let keys = width::truncate(&entry.keys, usize::from(column) - 1);
                    cx.put(buf, row, 0, &keys, Role::Key);
                    cx.put(buf, row, column, &entry.words, Role::Text);
                }
                Line::Blank => {}
            }
        }
        cx.mark_more(with_edge(inner, buf), buf, seen.above, seen.below);
        cursor
    }
}

impl Help {
    /// Draws the filter on the first row, if there is one; gives back where the cursor belongs while it is typed.
    fn draw_filter(&self, cx: ViewCx<'_>, inner: Rect, buf: &mut Buffer) -> Option<Position> {
        if !self.is_filtered() {
            return None;
        }
        let taken = cx.put(buf, inner, 0, "/", Role::Key);
        let line = Rect {
            x: inner.x + taken,
            width: inner.width.saturating_sub(taken),
            ..inner
        };
        self.filter.render(line, buf, cx.look);
        self.filter.cursor_position(line).filter(|_| self.types)
    }
}
