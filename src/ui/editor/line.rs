//! One line of input, for prompts.

use std::cell::Cell;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::layout::{cells_at, column};
use super::{Changed, Pasted, TextEditor};
use crate::ui::look::Look;
use crate::ui::theme::Role;
use crate::ui::width::next_boundary;

/// A text without line breaks, shown on one row. At the edge the view moves on by half its width,
/// so that most keys change a few cells only.
#[derive(Clone)]
pub struct LineInput {
    editor: TextEditor,
    offset: Cell<usize>,
}

impl fmt::Debug for LineInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LineInput")
            .field("chars", &self.editor.chars())
            .finish_non_exhaustive()
    }
}

impl LineInput {
    /// An input that holds a text; its line breaks become blanks.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut editor = TextEditor::new("");
        editor.single_line = true;
        editor.paste(text);
        Self {
            editor,
            offset: Cell::new(0),
        }
    }

    /// The same with a cap in characters.
    #[must_use]
    pub fn with_limit(mut self, characters: usize) -> Self {
        self.editor.limit = characters;
        self
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.editor.text()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.editor.is_empty()
    }

    /// Takes a key. Enter, Tab, Escape, Up and Down are the caller's.
    pub fn input(&mut self, key: KeyEvent) -> Changed {
        match key.code {
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => Changed::Ignored,
            // The line is one row, however it would wrap.
            KeyCode::Home => self.editor.go(super::Place::default()),
            KeyCode::End => self.editor.go(self.editor.buffer.end()),
            KeyCode::Char('u') if key.modifiers == KeyModifiers::CONTROL => {
                self.editor.replace("");
                Changed::Text
            }
            _ => self.editor.input(key),
        }
    }

    /// Inserts a pasted text as one line.
    pub fn paste(&mut self, text: &str) -> Pasted {
        self.editor.paste(text)
    }

    /// The cell of the cursor when the input is drawn in this area.
    #[must_use]
    pub fn cursor_position(&self, area: Rect) -> Option<Position> {
        if area.is_empty() {
            return None;
        }
        let col = self.follow(area.width) - self.offset.get();
        let col = u16::try_from(col).unwrap_or(u16::MAX).min(area.width - 1);
        Some(Position {
            x: area.x + col,
            y: area.y,
        })
    }

    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        self.follow(area.width);
        let offset = self.offset.get();
        let text = self.editor.buffer.line(0);
        let (mut at, mut col) = (0, 0);
        while at < text.len() && col < offset + usize::from(area.width) {
            let end = next_boundary(text, at);
            let grapheme = text.get(at..end).unwrap_or_default();
            if col >= offset && grapheme != "\t" {
                let x = area
                    .x
                    .saturating_add(u16::try_from(col - offset).unwrap_or(u16::MAX));
                look.put(buf, area, (x, area.y), grapheme, Role::Input);
            }
            col += cells_at(grapheme, col);
            at = end;
        }
    }

    /// The cursor's column; moves the view so that it is visible.
    fn follow(&self, width: u16) -> usize {
        let width = usize::from(width).max(1);
        let col = column(self.editor.buffer.line(0), 0, self.editor.cursor.byte);
        let offset = self.offset.get();
        if col < offset || col >= offset + width {
            self.offset.set(if col < width {
                0
            } else {
                col.saturating_sub(width / 2)
            });
        }
        col
    }
}
