//! Words of the program itself: notices, empty states, paragraphs.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::{Look, Run};
use super::theme::Role;
use super::width::wrap;
use crate::domain::text::{printable, printable_lines};

/// How serious a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoticeKind {
    /// Something was done.
    #[default]
    Info,
    /// Something wants attention.
    Warning,
    /// Something did not work.
    Error,
}

/// What just happened, in a line or two.
#[derive(Debug, Clone, Default)]
pub struct Notice<'a> {
    /// What happened, and what to do next.
    pub text: Cow<'a, str>,
    /// How serious it is.
    pub kind: NoticeKind,
}

impl Notice<'_> {
    /// The rows it takes at a width.
    #[must_use]
    pub fn rows(&self, cols: u16) -> u16 {
        let rows = Paragraph::rows(&printable(&self.text), cols.saturating_sub(3));
        u16::try_from(rows).unwrap_or(u16::MAX)
    }

    /// Draws it; what the area's last row does not hold is cut.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let (mark, role) = match self.kind {
            NoticeKind::Info => (look.glyphs.info, Role::Ok),
            NoticeKind::Warning => ("!", Role::Warn),
            NoticeKind::Error => ("!", Role::Danger),
        };
        let words = if self.kind == NoticeKind::Info {
            Role::Text
        } else {
            role
        };
        let margin = if area.width > 20 { " " } else { "" };
        let runs = [
            Run::new(margin, Role::Text),
            Run::new(mark, role),
            Run::new(" ", Role::Text),
        ];
        let x = look.put_runs(buf, area, (area.x, area.y), &runs);
        let room = area.right().saturating_sub(x);
        let text = printable(&self.text);
        let mut from = 0;
        for (at, y) in (1..).zip(area.top()..area.bottom()) {
            let rest = text.get(from..).unwrap_or_default().trim_start();
            let end = wrap(rest, room.into()).first().map_or(0, |row| row.end);
            if at == area.height || end == rest.len() {
                look.put_fit(buf, area, (x, y), rest, room, words);
                return;
            }
            let row = rest.get(..end).unwrap_or_default();
            look.put_fit(buf, area, (x, y), row, room, words);
            from = text.len() - rest.len() + end;
        }
    }
}

/// Soft-wrapped text from the top of an area.
#[derive(Debug, Clone, Copy)]
pub struct Paragraph<'a> {
    /// The text; `\n` breaks.
    pub text: &'a str,
    /// Its meaning.
    pub role: Role,
    /// Rows left out at the top.
    pub skip: usize,
}

impl Paragraph<'_> {
    /// The rows it takes at a width.
    #[must_use]
    pub fn rows(text: &str, cols: u16) -> usize {
        wrap(&printable_lines(text), cols.into()).len()
    }

    /// Draws it; returns how many rows there are in all.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) -> usize {
        let text = printable_lines(self.text);
        let rows = wrap(&text, area.width.into());
        for (range, y) in rows.iter().skip(self.skip).zip(area.top()..area.bottom()) {
            let row = text.get(range.clone()).unwrap_or_default();
            look.put(buf, area, (area.x, y), row, self.role);
        }
        rows.len()
    }
}

/// What a place says that has nothing to show: what belongs there, and which key begins.
#[derive(Debug, Clone, Copy)]
pub struct EmptyState<'a> {
    /// What belongs here, or why it is not shown.
    pub text: &'a str,
    /// What the text means: `Muted` where all is well.
    pub role: Role,
    /// The key that begins, and what it does.
    pub action: Option<(&'a str, &'a str)>,
}

impl EmptyState<'_> {
    /// Draws it, in the middle of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let area = area.intersection(buf.area);
        let cols = area.width.saturating_sub(4).min(56);
        if cols == 0 || area.height == 0 {
            return;
        }
        let rows = u16::try_from(Paragraph::rows(self.text, cols)).unwrap_or(u16::MAX);
        let wanted = rows.saturating_add(if self.action.is_some() { 2 } else { 0 });
        let top = area.y + area.height.saturating_sub(wanted) / 3;
        let text = printable_lines(self.text);
        let place = Rect {
            x: area.x + (area.width - cols) / 2,
            width: cols,
            ..area
        };
        let mut y = top;
        for range in wrap(&text, cols.into()) {
            let row = text.get(range).unwrap_or_default();
            centred(look, buf, place, y, &[Run::new(row, self.role)]);
            y = y.saturating_add(1);
        }
        if let Some((key, word)) = self.action {
            // Where rows are short, the key stands right below the words.
            let y = if wanted <= area.height {
                y.saturating_add(1)
            } else {
                y
            };
            let y = y.min(area.bottom() - 1);
            let runs = [
                Run::new(key, Role::Key),
                Run::new(" ", Role::Text),
                Run::new(word, Role::Text),
            ];
            centred(look, buf, place, y, &runs);
        }
    }
}

fn centred(look: &Look, buf: &mut Buffer, area: Rect, y: u16, runs: &[Run<'_>]) {
    if y >= area.bottom() {
        return;
    }
    let cells = u16::try_from(super::look::runs_width(runs)).unwrap_or(u16::MAX);
    let x = area.x + area.width.saturating_sub(cells) / 2;
    look.put_runs(buf, area, (x, y), runs);
}
