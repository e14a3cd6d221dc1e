//! What keys do in the editor: a line-editing set that both kinds of habits know.
//!
//! Escape, Tab and what else is not named here is the caller's.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation as _;

use super::buffer::Step;
use super::{Changed, Place, TextEditor};
use crate::ui::width::{next_boundary, previous_boundary};

impl TextEditor {
    /// Takes a key.
    pub fn input(&mut self, key: KeyEvent) -> Changed {
        if key.kind == KeyEventKind::Release {
            return Changed::Ignored;
        }
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match (key.code, ctrl, alt) {
            // AltGr comes as both on some systems.
            (KeyCode::Char(c), false, false) => self.type_char(c),
            (KeyCode::Char(c), true, true) if !c.is_ascii_alphanumeric() => self.type_char(c),
            (KeyCode::Enter, _, _) | (KeyCode::Char('j' | 'm'), true, false) => {
                if self.single_line {
                    Changed::Ignored
                } else {
                    self.type_char('\n')
                }
            }
            (code, ctrl, alt) => match self.motion(code, ctrl, alt) {
                Some(to) => self.go(to),
                None => self.edit_key(code, ctrl, alt),
            },
        }
    }

    fn type_char(&mut self, c: char) -> Changed {
        if c.is_control() && c != '\n' {
            return Changed::Ignored;
        }
        if self.buffer.chars() >= self.limit {
            return Changed::Full;
        }
        let step = Step::Typed {
            blank: c.is_whitespace(),
        };
        self.insert(c.encode_utf8(&mut [0; 4]), step);
        Changed::Text
    }

    fn edit_key(&mut self, code: KeyCode, ctrl: bool, alt: bool) -> Changed {
        let here = self.cursor;
        match (code, ctrl, alt) {
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                self.delete(self.left(here), here, Step::Deleted)
            }
            (KeyCode::Backspace, _, _) | (KeyCode::Char('w'), true, false) => {
                self.delete(self.word_left(here), here, Step::Whole)
            }
            (KeyCode::Delete, false, false) | (KeyCode::Char('d'), true, false) => {
                self.delete(here, self.right(here), Step::Whole)
            }
            (KeyCode::Delete, _, _) | (KeyCode::Char('d'), false, true) => {
                self.delete(here, self.word_end(here), Step::Whole)
            }
            (KeyCode::Char('k'), true, false) => {
                let end = self.line_end(here);
                let end = if end == here { self.right(here) } else { end };
                self.delete(here, end, Step::Whole)
            }
            (KeyCode::Char('u' | 'z' | '_' | '/' | '7'), true, false) => {
                let place = self.buffer.undo();
                self.after_history(place)
            }
            (KeyCode::Char('r' | 'y'), true, false) => {
                let place = self.buffer.redo();
                self.after_history(place)
            }
            (KeyCode::Up, _, _) => self.move_row(false),
            (KeyCode::Down, _, _) => self.move_row(true),
            (KeyCode::PageUp, _, _) => self.move_page(false),
            (KeyCode::PageDown, _, _) => self.move_page(true),
            _ => Changed::Ignored,
        }
    }

    fn motion(&mut self, code: KeyCode, ctrl: bool, alt: bool) -> Option<Place> {
        let here = self.cursor;
        Some(match (code, ctrl, alt) {
            (KeyCode::Left, false, false) | (KeyCode::Char('b'), true, false) => self.left(here),
            (KeyCode::Right, false, false) | (KeyCode::Char('f'), true, false) => self.right(here),
            (KeyCode::Left, _, _) | (KeyCode::Char('b'), false, true) => self.word_left(here),
            (KeyCode::Right, _, _) | (KeyCode::Char('f'), false, true) => self.word_right(here),
            (KeyCode::Home, true, _) | (KeyCode::Char('<'), false, true) => Place::default(),
            (KeyCode::End, true, _) | (KeyCode::Char('>'), false, true) => self.buffer.end(),
            (KeyCode::Home, _, _) | (KeyCode::Char('a'), true, false) => self.row_edge(false),
            (KeyCode::End, _, _) | (KeyCode::Char('e'), true, false) => self.row_edge(true),
            _ => return None,
        })
    }

    fn after_history(&mut self, place: Option<Place>) -> Changed {
        match place {
            Some(place) => {
                self.cursor = place;
                self.whole_text_changed();
                Changed::Text
            }
            None => Changed::Moved,
        }
    }

    pub(super) fn go(&mut self, to: Place) -> Changed {
        self.cursor = to;
        self.goal = None;
        self.buffer.close_group();
        Changed::Moved
    }

    fn left(&self, at: Place) -> Place {
        if at.byte > 0 {
            let byte = previous_boundary(self.buffer.line(at.line), at.byte);
            return Place { byte, ..at };
        }
        match at.line.checked_sub(1) {
            Some(line) => Place {
                line,
                byte: self.buffer.line(line).len(),
            },
            None => at,
        }
    }

    fn right(&self, at: Place) -> Place {
        let line = self.buffer.line(at.line);
        if at.byte < line.len() {
            return Place {
                byte: next_boundary(line, at.byte),
                ..at
            };
        }
        if at.line + 1 < self.buffer.lines().len() {
            return Place {
                line: at.line + 1,
                byte: 0,
            };
        }
        at
    }

    fn line_end(&self, at: Place) -> Place {
        Place {
            byte: self.buffer.line(at.line).len(),
            ..at
        }
    }

    /// The start of the word before.
    fn word_left(&self, at: Place) -> Place {
        if at.byte == 0 {
            return self.left(at);
        }
        let before = self.buffer.line(at.line).get(..at.byte).unwrap_or_default();
        let word = before
            .split_word_bound_indices()
            .rev()
            .find(|(_, part)| is_word(part));
        Place {
            byte: word.map_or(0, |(start, _)| start),
            ..at
        }
    }

    /// The start of the next word.
    fn word_right(&self, at: Place) -> Place {
        let line = self.buffer.line(at.line);
        if at.byte >= line.len() {
            return self.right(at);
        }
        let rest = line.get(at.byte..).unwrap_or_default();
        let word = rest
            .split_word_bound_indices()
            .skip(1)
            .find(|(_, part)| is_word(part));
        Place {
            byte: word.map_or(line.len(), |(start, _)| at.byte + start),
            ..at
        }
    }

    /// The end of this word or of the next one.
    fn word_end(&self, at: Place) -> Place {
        let line = self.buffer.line(at.line);
        if at.byte >= line.len() {
            return self.right(at);
        }
        let rest = line.get(at.byte..).unwrap_or_default();
        let word = rest
            .split_word_bound_indices()
            .find(|(_, part)| is_word(part));
        Place {
            byte: word.map_or(line.len(), |(start, part)| at.byte + start + part.len()),
            ..at
        }
    }

    fn row_edge(&mut self, end: bool) -> Place {
        let lines = self.buffer.lines();
        let mut layout = self.layout.borrow_mut();
        let (row, _) = layout.locate(lines, self.cursor);
        if end {
            layout.row_stop(lines, row)
        } else {
            Place {
                line: row.line,
                byte: layout.range(lines, row).0,
            }
        }
    }

    pub(super) fn move_row(&mut self, down: bool) -> Changed {
        self.buffer.close_group();
        let lines = self.buffer.lines();
        let mut layout = self.layout.borrow_mut();
        let (row, col) = layout.locate(lines, self.cursor);
        let goal = *self.goal.get_or_insert(col);
        let next = if down {
            layout.below(lines, row)
        } else {
            layout.above(lines, row)
        };
        // Beyond the first and the last row there is their edge.
        self.cursor = match next {
            Some(next) => layout.place_at(lines, next, goal),
            None if down => layout.row_stop(lines, row),
            None => Place {
                line: row.line,
                byte: layout.range(lines, row).0,
            },
        };
        Changed::Moved
    }

    fn move_page(&mut self, down: bool) -> Changed {
        let rows = self.layout.borrow().height.saturating_sub(1).max(1);
        for _ in 0..rows {
            self.move_row(down);
        }
        Changed::Moved
    }
}

fn is_word(part: &str) -> bool {
    part.chars().any(char::is_alphanumeric)
}
