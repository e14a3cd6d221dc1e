//! The editor's text with undo and redo, kept in a `TextArea`.
//!
//! The area keeps the lines and the history. Its own cursor counts characters and its own wrapping
//! measures them one by one, which puts joined emoji and combining marks in the wrong cells, so
//! places are ours: its cursor is set before each edit and read after an undo only.

use tui_textarea::{CursorMove, TextArea};

use super::layout::Place;

/// Steps of one undo group are undone together: a word typed, a paste.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// One typed cluster; joins the group before it when it goes on where that one ended.
    Typed { blank: bool },
    /// One cluster deleted; the same.
    Deleted,
    /// Anything else is a group of its own.
    Whole,
}

#[derive(Clone)]
pub(super) struct TextBuffer {
    area: TextArea<'static>,
    chars: usize,
    groups: Vec<usize>,
    undone: Vec<usize>,
    last: Option<(Step, Place)>,
}

/// Edits kept for undo.
const HISTORY: usize = 10_000;

impl TextBuffer {
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        area.set_max_histories(HISTORY);
        // One cell for each character: its cursor then moves by characters, and it measures none.
        area.set_mask_char('*');
        Self {
            area,
            chars: text.chars().count(),
            groups: Vec::new(),
            undone: Vec::new(),
            last: None,
        }
    }

    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    pub fn line(&self, line: usize) -> &str {
        self.lines().get(line).map_or("", String::as_str)
    }

    /// Characters, line breaks included.
    pub fn chars(&self) -> usize {
        self.chars
    }

    pub fn end(&self) -> Place {
        let line = self.lines().len().saturating_sub(1);
        Place {
            line,
            byte: self.line(line).len(),
        }
    }

    /// Inserts a text; returns the place behind it.
    pub fn insert(&mut self, at: Place, text: &str, step: Step) -> Place {
        if text.is_empty() {
            return at;
        }
        self.jump(at);
        self.area.insert_str(text);
        self.chars += text.chars().count();
        let end = match text.rsplit_once('\n') {
            Some((before, last)) => Place {
                line: at.line + 1 + before.matches('\n').count(),
                byte: last.len(),
            },
            None => Place {
                line: at.line,
                byte: at.byte + text.len(),
            },
        };
        self.record(step, at, end);
        end
    }

    /// Deletes the text between two places.
    pub fn delete(&mut self, from: Place, to: Place, step: Step) {
        if from >= to {
            return;
        }
        let chars = self.chars_between(from, to);
        self.jump(from);
        self.area.delete_str(chars);
        self.chars -= chars.min(self.chars);
        self.record(step, to, from);
    }

    /// Takes the last group back; returns where the cursor goes.
    pub fn undo(&mut self) -> Option<Place> {
        let steps = self.groups.pop()?;
        let done = (0..steps).take_while(|_| self.area.undo()).count();
        self.undone.push(done);
        self.after_history(done)
    }

    /// Does the last group that was taken back again.
    pub fn redo(&mut self) -> Option<Place> {
        let steps = self.undone.pop()?;
        let done = (0..steps).take_while(|_| self.area.redo()).count();
        self.groups.push(done);
        self.after_history(done)
    }

    /// The next edit starts a group of its own.
    pub fn close_group(&mut self) {
        self.last = None;
    }

    fn after_history(&mut self, done: usize) -> Option<Place> {
        self.last = None;
        let breaks = self.lines().len().saturating_sub(1);
        self.chars = self
            .lines()
            .iter()
            .map(|line| line.chars().count())
            .sum::<usize>()
            + breaks;
        let cursor = self.area.cursor();
        let byte = self
            .line(cursor.0)
            .char_indices()
            .nth(cursor.1)
            .map(|(byte, _)| byte);
        let place = Place {
            line: cursor.0,
            byte: byte.unwrap_or(self.line(cursor.0).len()),
        };
        (done > 0).then_some(place)
    }

    fn record(&mut self, step: Step, from: Place, to: Place) {
        self.undone.clear();
        let joins = self.last.is_some_and(|(last, end)| {
            end == from
                && match (last, step) {
                    (Step::Typed { blank: before }, Step::Typed { blank }) => !before || blank,
                    (Step::Deleted, Step::Deleted) => true,
                    (Step::Typed { .. } | Step::Deleted | Step::Whole, _) => false,
                }
        });
        match self.groups.last_mut().filter(|_| joins) {
            Some(group) => *group += 1,
            None => self.groups.push(1),
        }
        self.last = Some((step, to));
    }

    fn chars_between(&self, from: Place, to: Place) -> usize {
        let part = |line: usize, range: std::ops::Range<usize>| {
            self.line(line)
                .get(range)
                .map_or(0, |part| part.chars().count())
        };
        if from.line == to.line {
            return part(from.line, from.byte..to.byte);
        }
        let first = part(from.line, from.byte..self.line(from.line).len()) + 1;
        let middle: usize = (from.line + 1..to.line)
            .map(|line| self.line(line).chars().count() + 1)
            .sum();
        first + middle + part(to.line, 0..to.byte)
    }

    /// Sets the area's cursor. `Jump` takes 16 bits; what is beyond is walked.
    fn jump(&mut self, to: Place) {
        let col = self
            .line(to.line)
            .get(..to.byte)
            .map_or(0, |before| before.chars().count());
        let clip = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area
            .move_cursor(CursorMove::Jump(clip(to.line), clip(col)));
        for _ in usize::from(clip(to.line))..to.line {
            self.area.move_cursor(CursorMove::Down);
        }
        if to.line > usize::from(u16::MAX) {
            self.area.move_cursor(CursorMove::Head);
            for _ in 0..col {
                self.area.move_cursor(CursorMove::Forward);
            }
            return;
        }
        for _ in usize::from(clip(col))..col {
            self.area.move_cursor(CursorMove::Forward);
        }
    }
}
