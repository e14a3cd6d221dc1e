//! The text editor every screen uses: soft-wrapping, by grapheme clusters, with undo.
//!
//! The cursor is the terminal's own, at [`TextEditor::cursor_position`]. What is stored and what
//! is typed stay byte for byte; only the picture of a control character differs. `Debug` prints
//! sizes, never text.

mod buffer;
mod keys;
mod layout;
mod line;
mod paste;

use std::cell::RefCell;
use std::fmt;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use self::buffer::{Step, TextBuffer};
use self::layout::{Edit, Layout, cells_at};
use super::look::Look;
use super::theme::Role;
use super::width::next_boundary;
use crate::domain::text::MAX_TEXT;

pub use self::layout::Place;
pub use self::line::LineInput;
pub use self::paste::Pasted;

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// The key means nothing here; it is the caller's.
    Ignored,
    /// The cursor may have moved; the text is the same.
    Moved,
    /// The text changed.
    Text,
    /// The text did not change, since it is as long as it may be.
    Full,
}

impl Changed {
    /// Whether the text changed.
    #[must_use]
    pub fn text(self) -> bool {
        self == Self::Text
    }
}

/// A text of many lines.
#[derive(Clone)]
pub struct TextEditor {
    buffer: TextBuffer,
    cursor: Place,
    /// The column that moving up and down tries to keep.
    goal: Option<usize>,
    layout: RefCell<Layout>,
    limit: usize,
    single_line: bool,
}

impl fmt::Debug for TextEditor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextEditor")
            .field("chars", &self.buffer.chars())
            .field("lines", &self.buffer.lines().len())
            .finish_non_exhaustive()
    }
}

impl TextEditor {
    /// An editor of a text, the cursor behind it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let buffer = TextBuffer::new(text);
        let layout = RefCell::new(Layout::new(buffer.lines().len()));
        let cursor = buffer.end();
        Self {
            buffer,
            cursor,
            goal: None,
            layout,
            limit: MAX_TEXT,
            single_line: false,
        }
    }

    /// The same with a cap in characters; longer texts can be shortened but not lengthened.
    #[must_use]
    pub fn with_limit(mut self, characters: usize) -> Self {
        self.limit = characters;
        self
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.buffer.lines().join("\n")
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.chars() == 0
    }

    /// Characters, line breaks included.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.buffer.chars()
    }

    /// The cap in characters.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Where the cursor is in the text.
    #[must_use]
    pub fn cursor(&self) -> Place {
        self.cursor
    }

    /// Replaces the whole text as one step that undo takes back.
    pub fn replace(&mut self, text: &str) {
        self.buffer
            .delete(Place::default(), self.buffer.end(), Step::Whole);
        self.cursor = self.buffer.insert(Place::default(), text, Step::Whole);
        self.whole_text_changed();
    }

    /// Inserts a pasted text: line breaks as `\n`, without control characters, as far as it fits.
    pub fn paste(&mut self, text: &str) -> Pasted {
        let room = self.limit.saturating_sub(self.buffer.chars());
        let (kept, report) = paste::clean(text, room, self.single_line);
        self.insert(&kept, Step::Whole);
        report
    }

    /// Moves the cursor by rows of the screen, as the mouse wheel does.
    pub fn scroll(&mut self, rows: i32) {
        for _ in 0..rows.unsigned_abs() {
            self.move_row(rows > 0);
        }
    }

    /// The rows the whole text takes at a width; for boxes that grow with their text. Wraps the
    /// whole text: not for every key of a long one.
    #[must_use]
    pub fn rows(&self, width: u16) -> usize {
        let lines = self.buffer.lines();
        let mut layout = self.layout.borrow().clone();
        layout.resize(width, layout.height);
        (0..lines.len())
            .map(|line| layout.starts(lines, line).len())
            .sum()
    }

    /// The cell of the cursor when the editor is drawn in this area.
    #[must_use]
    pub fn cursor_position(&self, area: Rect) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let lines = self.buffer.lines();
        let mut layout = self.layout.borrow_mut();
        layout.resize(area.width, area.height);
        let (at, col) = layout.locate(lines, self.cursor);
        let mut row = layout.follow(lines, at);
        let mut y = area.y;
        while row < at {
            row = layout.below(lines, row)?;
            y += 1;
        }
        let col = u16::try_from(col).unwrap_or(u16::MAX).min(area.width - 1);
        Some(Position { x: area.x + col, y })
    }

    /// Whether there are rows above and below those that are drawn in this area.
    #[must_use]
    pub fn more(&self, area: Rect) -> (bool, bool) {
        let lines = self.buffer.lines();
        let mut layout = self.layout.borrow_mut();
        layout.resize(area.width, area.height);
        let (at, _) = layout.locate(lines, self.cursor);
        let first = layout.follow(lines, at);
        let above = layout.above(lines, first).is_some();
        let mut last = Some(first);
        for _ in 0..area.height {
            last = last.and_then(|row| layout.below(lines, row));
        }
        (above, last.is_some())
    }

    /// Draws the rows around the cursor.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let lines = self.buffer.lines();
        let mut layout = self.layout.borrow_mut();
        layout.resize(area.width, area.height);
        let (at, _) = layout.locate(lines, self.cursor);
        let mut row = layout.follow(lines, at);
        for y in area.top()..area.bottom() {
            let (start, end) = layout.range(lines, row);
            let text = lines.get(row.line).and_then(|line| line.get(start..end));
            draw_row(
                text.unwrap_or_default(),
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                buf,
                look,
            );
            match layout.below(lines, row) {
                Some(next) => row = next,
                None => break,
            }
        }
    }

    fn insert(&mut self, text: &str, step: Step) {
        if text.is_empty() {
            return;
        }
        let from = self.cursor;
        self.cursor = self.buffer.insert(from, text, step);
        let added = self.cursor.line - from.line;
        let edit = Edit {
            line: from.line,
            at: from.byte,
            removed: 0,
            added,
        };
        self.layout.borrow_mut().edited(self.buffer.lines(), edit);
        self.settle();
    }

    fn delete(&mut self, from: Place, to: Place, step: Step) -> Changed {
        if from >= to {
            return Changed::Moved;
        }
        self.buffer.delete(from, to, step);
        self.cursor = from;
        let edit = Edit {
            line: from.line,
            at: from.byte,
            removed: to.line - from.line,
            added: 0,
        };
        self.layout.borrow_mut().edited(self.buffer.lines(), edit);
        self.settle();
        Changed::Text
    }

    fn whole_text_changed(&mut self) {
        self.layout.borrow_mut().reset(self.buffer.lines().len());
        self.settle();
    }

    /// After an edit two clusters may have become one: the cursor goes behind it.
    fn settle(&mut self) {
        self.goal = None;
        let line = self.buffer.line(self.cursor.line);
        let byte = self.cursor.byte.min(line.len());
        if byte == 0 || byte == line.len() {
            self.cursor.byte = byte;
            return;
        }
        let start = super::width::previous_boundary(line, byte);
        // From a boundary that is certainly one, step over the cursor.
        let certain = if start == 0 {
            0
        } else {
            super::width::previous_boundary(line, start)
        };
        let mut at = certain;
        while at < byte {
            at = next_boundary(line, at);
        }
        self.cursor.byte = at;
    }
}

/// Draws a row cluster by cluster, tabs as blanks.
fn draw_row(text: &str, area: Rect, buf: &mut Buffer, look: &Look) {
    let (mut at, mut col) = (0, 0);
    while at < text.len() && col < usize::from(area.width) {
        let end = next_boundary(text, at);
        let grapheme = text.get(at..end).unwrap_or_default();
        if grapheme != "\t" {
            let x = area
                .x
                .saturating_add(u16::try_from(col).unwrap_or(u16::MAX));
            look.put(buf, area, (x, area.y), grapheme, Role::Input);
        }
        col += cells_at(grapheme, col);
        at = end;
    }
}

#[cfg(test)]
mod tests;
