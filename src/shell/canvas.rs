//! Where ratatui draws: cells become as few bytes as possible, one write a frame.
//!
//! The state of the terminal's pen and cursor is remembered from frame to frame; only what differs
//! is sent, in a synchronized update (mode 2026). A frame that changes nothing sends nothing.

mod order;

use std::io::{self, Write as _};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use order::Placed;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

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
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pen {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// What is to be seen where nothing is written.
const SEEN_ON_BLANKS: Modifier = Modifier::UNDERLINED
    .union(Modifier::REVERSED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK);

impl Pen {
    fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// The pen for a blank, as little different from the present one as shows nothing else.
    fn for_blank(self, present: Self) -> Self {
        if (self.modifier | present.modifier).intersects(SEEN_ON_BLANKS) {
            return self;
        }
        Self {
            bg: self.bg,
            ..present
        }
    }
}

const PLAIN: Pen = Pen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

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
        }
    }

    /// The terminal has another size.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
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

    fn put(&mut self, cells: &[Placed<'_>]) -> io::Result<()> {
        for &(x, y, cell) in cells {
            self.go(Position { x, y })?;
            let symbol = cell.symbol();
            let pen = Pen::of(cell);
            self.change_pen(if symbol == " " {
                pen.for_blank(self.pen)
            } else {
                pen
            })?;
            self.frame.extend_from_slice(symbol.as_bytes());
            // Terminals differ about the width of all but ASCII beyond doubt, and about where the
            // cursor is after the last column.
            self.at =
                (is_certain(symbol) && x + 1 < self.size.width).then(|| Position { x: x + 1, y });
        }
        Ok(())
    }

    /// To the right: shorter than the number of the column.
    fn skip(&mut self, columns: u16) -> io::Result<()> {
        match columns {
            1 => self.frame.write_all(b"\x1b[C"),
            more => write!(self.frame, "\x1b[{more}C"),
        }
    }

    fn change_pen(&mut self, to: Pen) -> io::Result<()> {
        if self.pen == to {
            return Ok(());
        }
        self.frame.extend_from_slice(b"\x1b[");
        let start = self.frame.len();
        let mut from = self.pen;
        // Attributes have no safe way of taking one back: bold and dim share theirs.
        if !(from.modifier - to.modifier).is_empty() {
            self.frame.extend_from_slice(b"0;");
            from = PLAIN;
        }
        for modifier in (to.modifier - from.modifier).iter() {
            write!(self.frame, "{};", modifier_code(modifier))?;
        }
        if to.fg != from.fg {
            write_color(&mut self.frame, to.fg, 30)?;
        }
        if to.bg != from.bg {
            write_color(&mut self.frame, to.bg, 40)?;
        }
        // The last separator becomes the end of the sequence.
        if self.frame.len() > start {
            self.frame.pop();
        }
        self.frame.push(b'm');
        self.pen = to;
        Ok(())
    }
}

const fn modifier_code(modifier: Modifier) -> u8 {
    match modifier {
        Modifier::BOLD => 1,
        Modifier::DIM => 2,
        Modifier::ITALIC => 3,
        Modifier::UNDERLINED => 4,
        Modifier::SLOW_BLINK => 5,
        Modifier::RAPID_BLINK => 6,
        Modifier::REVERSED => 7,
        Modifier::HIDDEN => 8,
        Modifier::CROSSED_OUT => 9,
        _ => 0,
    }
}

/// `base` is 30 for the foreground and 40 for the background.
fn write_color(frame: &mut Vec<u8>, color: Color, base: u8) -> io::Result<()> {
    let code = match color {
        Color::Reset => base + 9,
        Color::Black => base,
        Color::Red => base + 1,
        Color::Green => base + 2,
        Color::Yellow => base + 3,
        Color::Blue => base + 4,
        Color::Magenta => base + 5,
        Color::Cyan => base + 6,
        Color::Gray => base + 7,
        Color::DarkGray => base + 60,
        Color::LightRed => base + 61,
        Color::LightGreen => base + 62,
        Color::LightYellow => base + 63,
        Color::LightBlue => base + 64,
        Color::LightMagenta => base + 65,
        Color::LightCyan => base + 66,
        Color::White => base + 67,
        Color::Rgb(red, green, blue) => {
            return write!(frame, "{};2;{red};{green};{blue};", base + 8);
        }
        Color::Indexed(index) => return write!(frame, "{};5;{index};", base + 8),
    };
    write!(frame, "{code};")
}

impl<W: io::Write> Backend for Canvas<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<Placed<'a>> = content.collect();
        let (start, pen, at) = (self.frame.len(), self.pen, self.at);
        self.put(&cells)?;
        let Some(by_pen) = order::by_pen(&cells) else {
            return Ok(());
        };
        let in_rows = self.frame.split_off(start);
        let end = (self.pen, self.at);
        (self.pen, self.at) = (pen, at);
        self.put(&by_pen)?;
        if self.frame.len() - start > in_rows.len() {
            self.frame.truncate(start);
            self.frame.extend_from_slice(&in_rows);
            (self.pen, self.at) = end;
        }
        Ok(())
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
        self.change_pen(PLAIN)?;
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

/// Whether every terminal takes one column for it.
fn is_certain(symbol: &str) -> bool {
    symbol.len() == 1 || is_one_column(symbol)
}

/// Latin letters, box drawing, block elements and the marks of the screens: one column everywhere
/// that matters.
fn is_one_column(symbol: &str) -> bool {
    let mut characters = symbol.chars();
    let only = characters.next();
    let is_certain = |c| {
        matches!(
            c,
            '\u{20}'..='\u{7e}'
                | '\u{c0}'..='\u{24f}'
                | '\u{2500}'..='\u{259f}'
                | '▰' | '▱' | '▸' | '✓' | '✗' | '·' | '–' | '…' | '●'
        )
    };
    characters.next().is_none() && only.is_some_and(is_certain)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use ratatui::Terminal;
    use ratatui::style::Style;

    use super::*;

    fn terminal() -> Terminal<Canvas<Vec<u8>>> {
        Terminal::new(Canvas::new(Vec::new(), Size::new(80, 24))).unwrap()
    }

    fn sent(terminal: &mut Terminal<Canvas<Vec<u8>>>) -> String {
        String::from_utf8(std::mem::take(&mut terminal.backend_mut().sink)).unwrap()
    }

    #[test]
    fn a_frame_that_changes_nothing_sends_nothing() {
        let mut terminal = terminal();
        for cursor in [None, Some((3, 4))] {
            for _ in 0..2 {
                sent(&mut terminal);
                terminal
                    .draw(|frame| {
                        frame.buffer_mut().set_string(1, 1, "energy", Style::new());
                        if let Some(cursor) = cursor {
                            frame.set_cursor_position(cursor);
                        }
                    })
                    .unwrap();
            }
            assert_eq!(sent(&mut terminal), "");
        }
    }

    #[test]
    fn a_move_of_a_marker_costs_under_fifty_bytes() {
        let mut terminal = terminal();
        let mut at = |row: u16| {
            terminal
                .draw(|frame| {
                    frame
                        .buffer_mut()
                        .set_string(2, row, "▸", Style::new().fg(Color::Yellow));
                })
                .unwrap();
            sent(&mut terminal)
        };
        at(3);
        let bytes = at(4);
        assert!(
            bytes.starts_with("\x1b[?2026h") && bytes.ends_with("\x1b[?2026l"),
            "{bytes:?}"
        );
        assert!(bytes.len() < 50, "{} {bytes:?}", bytes.len());
    }

    #[test]
    fn a_blank_needs_no_pen_of_its_own_unless_it_shows() {
        let mut terminal = terminal();
        let mut costs = |blank: Style| {
            sent(&mut terminal);
            let mut draw = |word: &str, style: Style, after: Style| {
                terminal
                    .draw(|frame| {
                        frame.buffer_mut().set_string(1, 1, word, style);
                        frame.buffer_mut().set_string(2, 1, "  ", after);
                    })
                    .unwrap();
                sent(&mut terminal)
            };
            draw("xyz", Style::new(), Style::new().fg(Color::Indexed(9)));
            draw("a", Style::new().fg(Color::Red), blank)
        };
        let fewest = costs(Style::new().fg(Color::Blue).add_modifier(Modifier::BOLD));
        assert!(!fewest.contains("34"), "{fewest:?}");
        let shown = costs(Style::new().bg(Color::Blue));
        assert!(shown.contains("44m  "), "{shown:?}");
        let lined = costs(
            Style::new()
                .fg(Color::Blue)
                .add_modifier(Modifier::UNDERLINED),
        );
        assert!(lined.contains("4;34m  "), "{lined:?}");
    }

    #[test]
    fn one_pen_after_the_other_shows_the_same_for_fewer_bytes() {
        let mut terminal = terminal();
        let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        let pens = [240, 245, 250, 255].map(|color| Style::new().fg(Color::Indexed(color)));
        terminal
            .draw(|frame| {
                for row in 0..24_u16 {
                    for (column, style) in (0_u16..).zip(pens) {
                        let word = format!(" {row} word");
                        frame.buffer_mut().set_string(column * 12, row, word, style);
                    }
                }
            })
            .unwrap();
        let bytes = sent(&mut terminal);
        assert_eq!(bytes.matches("38;5;").count(), pens.len(), "{bytes:?}");
        screen.process(bytes.as_bytes());
        for row in 0..24 {
            for (column, color) in (0..).zip([240, 245, 250, 255]) {
                let cell = screen.screen().cell(row, column * 12 + 1).unwrap();
                assert_eq!(cell.fgcolor(), vt100::Color::Idx(color));
                assert_eq!(cell.contents(), &row.to_string()[..1]);
            }
        }
    }

    #[test]
    fn the_screen_is_what_was_drawn_whatever_the_styles() {
        let mut terminal = terminal();
        let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
        let words = ["bold 界", "🦀 red", "plain", "family 👩‍👩‍👧 end", "─▪·"];
        for step in 0..40_u16 {
            terminal
                .draw(|frame| {
                    for (index, word) in (0_u16..).zip(words) {
                        let style = match (step + index) % 5 {
                            0 => Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
                            1 => Style::new().fg(Color::Red).bg(Color::Indexed(236)),
                            2 => Style::new()
                                .fg(Color::Rgb(1, 2, 3))
                                .add_modifier(Modifier::DIM),
                            3 => Style::new().add_modifier(Modifier::REVERSED),
                            _ => Style::new(),
                        };
                        let (x, y) = ((step * 7 + index * 3) % 70, (step + index * 4) % 24);
                        frame.buffer_mut().set_string(x, y, word, style);
                    }
                    if step % 3 == 0 {
                        frame.set_cursor_position((step, 2));
                    }
                })
                .unwrap();
            screen.process(sent(&mut terminal).as_bytes());
            let screen = screen.screen();
            assert_eq!(screen.hide_cursor(), step % 3 != 0 && step > 0);
            if step % 3 == 0 {
                assert_eq!(screen.cursor_position(), (2, step));
            }
            let x = (step * 7) % 70;
            let cell = screen.cell(step % 24, x).unwrap();
            assert_eq!(cell.contents(), "b", "step {step}");
            assert_eq!(cell.bold(), step % 5 == 0);
            assert_eq!(cell.inverse(), step % 5 == 3);
            if step % 5 == 2 {
                assert_eq!(cell.fgcolor(), vt100::Color::Rgb(1, 2, 3));
            }
        }
    }
}
