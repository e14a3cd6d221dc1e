//! Where ratatui draws: cells become as few bytes as possible, one write a frame.
//!
//! The state of the terminal's pen and cursor is remembered from frame to frame; only what differs
//! is sent, in a synchronized update (mode 2026). A frame that changes nothing sends nothing. What a
//! terminal may have spoilt beside a character of doubtful width is drawn again.

mod doubt;
mod order;
mod pen;

use std::io::{self, Write as _};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth as _};
use ratatui::layout::{Position, Size};

use doubt::is_certain;
use order::Placed;
use pen::{PLAIN, Pen};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const NO_WRAP: &[u8] = b"\x1b[?7l";
const WRAP: &[u8] = b"\x1b[?7h";

/// Turns cells into bytes for a terminal.
#[derive(Debug)]
pub struct Canvas<W> {
    sink: W,
    size: Size,
    frame: Vec<u8>,
    pen: Pen,
    /// Where the terminal's cursor is, where that is certain.
    at: Option<Position>,
    /// Where the cursor is to be seen, if at all.
    cursor: Option<Position>,
    /// The same as the terminal has it.
    shown: Option<Position>,
    wanted_at: Position,
    /// What is on the screen, row by row; nothing where the cell before is a wide one.
    cells: Vec<Option<Cell>>,
    owed: Option<Owed>,
}

/// The columns of a row that have to be drawn again.
#[derive(Debug, Clone, Copy)]
struct Owed {
    row: u16,
    next: u16,
    until: u16,
}

fn blank(size: Size) -> Vec<Option<Cell>> {
    vec![Some(Cell::EMPTY); usize::from(size.width) * usize::from(size.height)]
}

impl<W: io::Write> Canvas<W> {
    /// A canvas over a terminal whose pen is plain and whose cursor is hidden.
    pub fn new(sink: W, size: Size) -> Self {
        Self {
            sink,
            size,
            frame: Vec::with_capacity(16 * 1024),
            pen: PLAIN,
            at: None,
            cursor: None,
            shown: None,
            wanted_at: Position::ORIGIN,
            cells: blank(size),
            owed: None,
        }
    }

    /// The terminal has another size.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        self.cells = blank(size);
    }

    /// The terminal was given away or taken again: nothing of its state is known but that its pen
    /// is plain and its cursor hidden.
    pub fn forget(&mut self) {
        self.frame.clear();
        self.pen = PLAIN;
        self.at = None;
        self.shown = None;
    }

    /// Puts bytes before the next frame, in the same write.
    pub fn precede(&mut self, bytes: &[u8]) {
        self.frame.extend_from_slice(bytes);
    }

    /// Sends bytes now, outside of any frame.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sink.write_all(bytes)?;
        self.sink.flush()
    }

    fn go(&mut self, to: Position) -> io::Result<()> {
        let (row, column) = (u32::from(to.y) + 1, u32::from(to.x) + 1);
        match self.at {
            Some(at) if at == to => {}
            Some(at) if at.y == to.y && at.x < to.x && to.x - at.x < 10 => {
                self.skip(to.x - at.x)?;
            }
            Some(at) if at.y == to.y => write!(self.frame, "\x1b[{column}G")?,
            _ => write!(self.frame, "\x1b[{row};{column}H")?,
        }
        self.at = Some(to);
        Ok(())
    }

    /// To the right: shorter than the number of the column.
    fn skip(&mut self, columns: u16) -> io::Result<()> {
        match columns {
            1 => self.frame.write_all(b"\x1b[C"),
            more => write!(self.frame, "\x1b[{more}C"),
        }
    }

    fn take(&mut self, pen: Pen) -> io::Result<()> {
        pen.follow(self.pen, &mut self.frame)?;
        self.pen = pen;
        Ok(())
    }

    fn index(&self, at: Position) -> usize {
        usize::from(at.y) * usize::from(self.size.width) + usize::from(at.x)
    }

    fn remember(&mut self, at: Position, end: u16, cell: &Cell) {
        for x in at.x..end.min(self.size.width) {
            let index = self.index(Position { x, y: at.y });
            if let Some(place) = self.cells.get_mut(index) {
                *place = (x == at.x).then(|| cell.clone());
            }
        }
    }

    fn put(&mut self, at: Position, cell: &Cell) -> io::Result<()> {
        let width = cell.cell_width().max(1);
        let symbol = cell.symbol();
        let reach = doubt::reach(symbol, width);
        self.go(at)?;
        let pen = Pen::of(cell);
        self.take(if symbol == " " {
            pen.for_blank(self.pen)
        } else {
            pen
        })?;
        if let Some(reach) = reach {
            // It may be drawn narrower than its place, or run on into what is beside it.
            self.frame.extend(std::iter::repeat_n(
                b' ',
                width.min(self.size.width.saturating_sub(at.x)).into(),
            ));
            self.at = None;
            self.go(at)?;
            let until = at.x.saturating_add(reach);
            let leaves_the_row = until > self.size.width;
            if leaves_the_row {
                self.frame.extend_from_slice(NO_WRAP);
            }
            self.frame.extend_from_slice(symbol.as_bytes());
            if leaves_the_row {
                self.frame.extend_from_slice(WRAP);
            }
            self.owe(at.y, until.min(self.size.width));
        } else {
            self.frame.extend_from_slice(symbol.as_bytes());
        }
        if let Some(owed) = &mut self.owed {
            owed.next = at.x.saturating_add(width);
        }
        // Terminals differ about the width of all but ASCII beyond doubt, and about where the
        // cursor is after the last column.
        let next = at.x.saturating_add(1);
        self.at =
            (is_certain(symbol) && next < self.size.width).then_some(Position { x: next, y: at.y });
        Ok(())
    }

    /// Puts cells about whose width there is no doubt, in the order that takes fewer bytes.
    fn put_the_shorter_way(
        &mut self,
        in_rows: &[Placed<'_>],
        by_pen: &[Placed<'_>],
    ) -> io::Result<()> {
        let (start, pen, at) = (self.frame.len(), self.pen, self.at);
        for &(x, y, cell) in in_rows {
            self.remember(Position { x, y }, x.saturating_add(1), cell);
            self.put(Position { x, y }, cell)?;
        }
        let first = self.frame.split_off(start);
        let end = (self.pen, self.at);
        (self.pen, self.at) = (pen, at);
        for &(x, y, cell) in by_pen {
            self.put(Position { x, y }, cell)?;
        }
        if self.frame.len() - start > first.len() {
            self.frame.truncate(start);
            self.frame.extend_from_slice(&first);
            (self.pen, self.at) = end;
        }
        Ok(())
    }

    /// Puts cells in rows from left to right, and draws again what one of them may have spoilt.
    fn put_with_care(&mut self, cells: &[Placed<'_>]) -> io::Result<()> {
        let mut covered = None;
        for &(x, y, cell) in cells {
            let at = Position { x, y };
            self.settle(Some(at))?;
            let end = x.saturating_add(cell.cell_width().max(1));
            match covered {
                // The second half of what has just been drawn.
                Some((row, end)) if row == y && x < end => continue,
                _ => covered = Some((y, end)),
            }
            self.remember(at, end, cell);
            self.put(at, cell)?;
        }
        self.settle(None)
    }

    fn owe(&mut self, row: u16, until: u16) {
        let before = self.owed.filter(|owed| owed.row == row);
        self.owed = Some(Owed {
            row,
            next: 0,
            until: before.map_or(until, |owed| owed.until.max(until)),
        });
    }

    /// Draws again what is owed before this place, or all of it.
    fn settle(&mut self, before: Option<Position>) -> io::Result<()> {
        while let Some(Owed { row, next, until }) = self.owed {
            let here = before.filter(|before| before.y == row);
            if next >= until {
                self.owed = None;
            } else if here.is_some_and(|here| here.x <= next) {
                return Ok(());
            } else {
                let at = Position { x: next, y: row };
                match self.cells.get(self.index(at)).cloned().flatten() {
                    Some(cell) => self.put(at, &cell)?,
                    None => {
                        self.owed = Some(Owed {
                            row,
                            next: next + 1,
                            until,
                        });
                    }
                }
            }
        }
        Ok(())
    }
}

impl<W: io::Write> Backend for Canvas<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<Placed<'a>> = content.collect();
        match order::by_pen(&cells) {
            Some(by_pen) => self.put_the_shorter_way(&cells, &by_pen),
            None => self.put_with_care(&cells),
        }
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.cursor = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.cursor = Some(self.wanted_at);
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.wanted_at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.wanted_at = position.into();
        if self.cursor.is_some() {
            self.cursor = Some(self.wanted_at);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, _kind: ClearType) -> io::Result<()> {
        // A full-screen viewport clears everything only.
        self.take(PLAIN)?;
        self.cells = blank(self.size);
        self.owed = None;
        self.frame.extend_from_slice(b"\x1b[2J");
        self.at = None;
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size,
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.cursor {
            Some(cursor) => {
                if self.at != Some(cursor) && !(self.frame.is_empty() && self.shown == self.cursor)
                {
                    self.go(cursor)?;
                }
                if self.shown.is_none() {
                    self.frame.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if self.shown.is_some() => self.frame.extend_from_slice(b"\x1b[?25l"),
            None => {}
        }
        self.shown = self.cursor;
        if self.frame.is_empty() {
            return Ok(());
        }
        self.frame.splice(0..0, BEGIN.iter().copied());
        self.frame.extend_from_slice(END);
        let written = self
            .sink
            .write_all(&self.frame)
            .and_then(|()| self.sink.flush());
        self.frame.clear();
        written
    }
}

#[cfg(test)]
mod tests;
