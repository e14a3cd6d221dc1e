//! Words of the program itself: notices, empty states, paragraphs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::{Look, Run};
use super::theme::Role;
use super::width::wrap;
use crate::domain::text::printable_lines;

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

/// One line about what just happened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Notice<'a> {
    /// What happened, and what to do next.
    pub text: &'a str,
    /// How serious it is.
    pub kind: NoticeKind,
}

impl Notice<'_> {
    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let (mark, role) = match self.kind {
            NoticeKind::Info => (look.glyphs.separator, Role::Ok),
            NoticeKind::Warning => ("!", Role::Warn),
            NoticeKind::Error => ("!", Role::Danger),
        };
        let words = if self.kind == NoticeKind::Info {
            Role::Text
        } else {
            role
        };
        let runs = [
            Run::new(if area.width > 20 { " " } else { "" }, Role::Text),
            Run::new(mark, role),
            Run::new(" ", Role::Text),
            Run::new(self.text, words),
        ];
        look.put_runs(buf, area, (area.x, area.y), &runs);
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
#[derive(Debug, Clone, Copy, Default)]
pub struct EmptyState<'a> {
    /// What belongs here.
    pub text: &'a str,
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
            centred(look, buf, place, y, &[Run::new(row, Role::Muted)]);
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
