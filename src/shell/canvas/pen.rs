//! The colours and attributes that the terminal writes with, and the bytes that change them.

use std::io::{self, Write as _};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// What the next character is written with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
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

const WEIGHT: Modifier = Modifier::BOLD.union(Modifier::DIM);

/// The terminal's own colours, no attributes.
pub(super) const PLAIN: Pen = Pen {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

impl Pen {
    /// What this cell is written with.
    pub(super) const fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// The pen for a blank, as little different from the present one as shows nothing else.
    pub(super) fn for_blank(self, present: Self) -> Self {
        if (self.modifier | present.modifier).intersects(SEEN_ON_BLANKS) {
            return self;
        }
        Self {
            bg: self.bg,
            ..present
        }
    }

    /// Appends what makes this pen of the terminal's pen `from`; nothing where they are the same.
    pub(super) fn follow(self, mut from: Self, frame: &mut Vec<u8>) -> io::Result<()> {
        if self == from {
            return Ok(());
        }
        frame.extend_from_slice(b"\x1b[");
        let start = frame.len();
        let gone = from.modifier - self.modifier;
        if WEIGHT.contains(gone) && !gone.is_empty() {
            // Bold and dim are taken back together, and nothing else with them.
            frame.extend_from_slice(b"22;");
            from.modifier -= WEIGHT;
        } else if !gone.is_empty() {
            frame.extend_from_slice(b"0;");
            from = PLAIN;
        }
        for modifier in (self.modifier - from.modifier).iter() {
            write!(frame, "{};", modifier_code(modifier))?;
        }
        if self.fg != from.fg {
            write_color(frame, self.fg, 30)?;
        }
        if self.bg != from.bg {
            write_color(frame, self.bg, 40)?;
        }
        // The last separator becomes the end of the sequence.
        if frame.len() > start {
            frame.pop();
        }
        frame.push(b'm');
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
