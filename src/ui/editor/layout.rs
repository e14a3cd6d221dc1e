//! Where the editor's text stands on the screen: soft-wrapped rows, cursor cells, scrolling.
//!
//! Rows are remembered for each line and only the rows around an edit are wrapped again, so that a
//! key costs the same in a long text as in a short one.

use crate::domain::text::stand_in;
use crate::ui::width::{grapheme_width, next_boundary, previous_boundary, row_end};

/// A place in the text: a line and a byte in it, at the start of a grapheme cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Place {
    /// The line, from 0.
    pub line: usize,
    /// The byte in the line.
    pub byte: usize,
}

/// A row on the screen: a line and which of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct ScreenRow {
    pub line: usize,
    pub row: usize,
}

/// Cells between tab stops.
const TAB: usize = 4;

/// The cells of a grapheme at a column.
pub(super) fn cells_at(grapheme: &str, col: usize) -> usize {
    let mut chars = grapheme.chars();
    match (chars.next(), chars.next()) {
        (Some('\t'), None) => TAB - col % TAB,
        (Some(c), None) if stand_in(c).is_some() => 1,
        _ => grapheme_width(grapheme),
    }
}

/// The column of a byte in a row that starts at `start`.
pub(super) fn column(line: &str, start: usize, byte: usize) -> usize {
    let (mut at, mut col) = (start, 0);
    while at < byte.min(line.len()) {
        let end = next_boundary(line, at);
        col += cells_at(line.get(at..end).unwrap_or_default(), col);
        at = end;
    }
    col
}

/// What an edit did to the lines: `line` was changed from byte `at` on and now ends, with the
/// lines that were `removed` behind it, in `added` more lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edit {
    pub line: usize,
    pub at: usize,
    pub removed: usize,
    pub added: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub width: u16,
    pub height: u16,
    cols: usize,
    rows: Vec<Line>,
    top: ScreenRow,
}

/// The bytes at which the rows of a line start, and how long the line was then. Empty: not known.
#[derive(Debug, Clone, Default)]
struct Line {
    starts: Vec<usize>,
    len: usize,
}

impl Layout {
    /// Before the first drawing nobody knows the size: a common one.
    pub fn new(lines: usize) -> Self {
        let rows = vec![Line::default(); lines];
        Self {
            width: 80,
            height: 10,
            cols: 79,
            rows,
            top: ScreenRow::default(),
        }
    }

    /// Takes the size of the area. The last column is kept for a cursor behind a full row.
    pub fn resize(&mut self, width: u16, height: u16) {
        self.height = height;
        if self.width != width {
            self.width = width;
            self.cols = usize::from(width).saturating_sub(1).max(1);
            for line in &mut self.rows {
                line.starts.clear();
            }
        }
    }

    /// Forgets everything, for a text that changed as a whole.
    pub fn reset(&mut self, lines: usize) {
        self.rows = vec![Line::default(); lines];
    }

    /// Takes an edit; wraps again what it touched.
    pub fn edited(&mut self, lines: &[String], edit: Edit) {
        if edit.removed == 0 && edit.added == 0 {
            if let (Some(text), Some(line)) = (lines.get(edit.line), self.rows.get_mut(edit.line)) {
                rewrap(text, line, edit.at, self.cols);
            }
            return;
        }
        let from = edit.line.min(self.rows.len());
        let to = (edit.line + 1 + edit.removed).min(self.rows.len());
        self.rows.splice(
            from..to,
            std::iter::repeat_n(Line::default(), edit.added + 1),
        );
        // Nothing to mend, only never to be short of a line.
        self.rows.resize(lines.len(), Line::default());
    }

    /// The bytes at which the rows of a line start; the first is 0.
    pub fn starts(&mut self, lines: &[String], line: usize) -> &[usize] {
        let cols = self.cols;
        if self.rows.len() != lines.len() {
            self.reset(lines.len());
        }
        let (Some(text), Some(known)) = (lines.get(line), self.rows.get_mut(line)) else {
            return &[0];
        };
        if known.starts.is_empty() || known.len != text.len() {
            known.starts = vec![0];
            wrap_from(text, &mut known.starts, cols);
            known.len = text.len();
        }
        &known.starts
    }

    /// The row a place is on, and its column.
    pub fn locate(&mut self, lines: &[String], place: Place) -> (ScreenRow, usize) {
        let starts = self.starts(lines, place.line);
        let row = starts
            .partition_point(|start| *start <= place.byte)
            .saturating_sub(1);
        let start = starts.get(row).copied().unwrap_or(0);
        let text = lines.get(place.line).map_or("", String::as_str);
        (
            ScreenRow {
                line: place.line,
                row,
            },
            column(text, start, place.byte),
        )
    }

    /// The bytes of a row.
    pub fn range(&mut self, lines: &[String], at: ScreenRow) -> (usize, usize) {
        let len = lines.get(at.line).map_or(0, String::len);
        let starts = self.starts(lines, at.line);
        let start = starts.get(at.row).copied().unwrap_or(len);
        (start, starts.get(at.row + 1).copied().unwrap_or(len))
    }

    /// The place on a row nearest to a column, at its left.
    pub fn place_at(&mut self, lines: &[String], at: ScreenRow, goal: usize) -> Place {
        let (start, _) = self.range(lines, at);
        let end = self.row_stop(lines, at).byte;
        let text = lines.get(at.line).map_or("", String::as_str);
        let (mut byte, mut col) = (start, 0);
        while byte < end {
            let next = next_boundary(text, byte);
            col += cells_at(text.get(byte..next).unwrap_or_default(), col);
            if col > goal {
                break;
            }
            byte = next;
        }
        Place {
            line: at.line,
            byte,
        }
    }

    /// The last place on a row: behind its last cluster, or, where the line goes on in the next
    /// row, before it, since the place behind is the next row's first.
    pub fn row_stop(&mut self, lines: &[String], at: ScreenRow) -> Place {
        let text = lines.get(at.line).map_or("", String::as_str);
        let (start, end) = self.range(lines, at);
        let byte = if end < text.len() {
            previous_boundary(text, end).max(start)
        } else {
            end
        };
        Place {
            line: at.line,
            byte,
        }
    }

    /// The row below.
    pub fn below(&mut self, lines: &[String], at: ScreenRow) -> Option<ScreenRow> {
        if at.row + 1 < self.starts(lines, at.line).len() {
            return Some(ScreenRow {
                row: at.row + 1,
                ..at
            });
        }
        (at.line + 1 < lines.len()).then_some(ScreenRow {
            line: at.line + 1,
            row: 0,
        })
    }

    /// The row above.
    pub fn above(&mut self, lines: &[String], at: ScreenRow) -> Option<ScreenRow> {
        if at.row > 0 {
            return Some(ScreenRow {
                row: at.row - 1,
                ..at
            });
        }
        let line = at.line.checked_sub(1)?;
        Some(ScreenRow {
            line,
            row: self.starts(lines, line).len().saturating_sub(1),
        })
    }

    /// The first row on the screen, moved as little as needed to show the cursor's row.
    pub fn follow(&mut self, lines: &[String], cursor: ScreenRow) -> ScreenRow {
        let last = lines.len().saturating_sub(1);
        if self.top.line > last {
            self.top = ScreenRow { line: last, row: 0 };
        }
        let rows = self.starts(lines, self.top.line).len();
        self.top.row = self.top.row.min(rows.saturating_sub(1));
        let mut lowest = cursor;
        for _ in 1..self.height.max(1) {
            match self.above(lines, lowest) {
                Some(above) => lowest = above,
                None => break,
            }
        }
        self.top = self.top.clamp(lowest, cursor);
        self.top
    }
}

/// Wraps from the last known start to the end of the line.
fn wrap_from(text: &str, starts: &mut Vec<usize>, cols: usize) {
    loop {
        let start = starts.last().copied().unwrap_or(0);
        let end = row_end(text, start, cols, &cells_at);
        if end >= text.len() {
            return;
        }
        starts.push(end);
    }
}

/// Wraps a line again after an edit at a byte. The rows before the one above the edit cannot have
/// changed; from the first row that starts where it started before, moved by the edit, neither
/// can the rest.
fn rewrap(text: &str, line: &mut Line, at: usize, cols: usize) {
    if line.starts.is_empty() {
        return;
    }
    let row = line
        .starts
        .partition_point(|start| *start <= at)
        .saturating_sub(1);
    let keep = row.saturating_sub(1).max(1);
    let old = line.starts.split_off(keep.min(line.starts.len()));
    let (old_len, new_len) = (line.len, text.len());
    line.len = new_len;
    loop {
        let start = line.starts.last().copied().unwrap_or(0);
        let end = row_end(text, start, cols, &cells_at);
        if end >= new_len {
            return;
        }
        line.starts.push(end);
        // The same distance from the end, in a part that the edit did not reach.
        let distance = new_len - end;
        let same = old.partition_point(|start| old_len.saturating_sub(*start) > distance);
        let unchanged = old_len.abs_diff(new_len);
        if end > at + unchanged && old.get(same).is_some_and(|s| old_len - s == distance) {
            let rest = old.iter().skip(same + 1);
            line.starts
                .extend(rest.map(|start| new_len - (old_len - start)));
            return;
        }
    }
}
