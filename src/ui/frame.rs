//! Boxes: panels that divide a screen, popups that lie over it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::look::Look;
use super::theme::Role;
use super::width::{truncate, width};
use crate::domain::text::printable;

/// A box with a title. Where there is no room for lines, the whole area is the inside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Panel<'a> {
    /// At the left of the upper line.
    pub title: &'a str,
    /// At the right of the upper line; goes first when room is short.
    pub right: &'a str,
    /// Whether the keys go here.
    pub focused: bool,
}

impl Panel<'_> {
    /// Draws it; returns the inside.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) -> Rect {
        let area = area.intersection(buf.area);
        if area.width < 4 || area.height < 3 {
            return area;
        }
        let role = if self.focused {
            Role::BorderFocus
        } else {
            Role::Border
        };
        lines(area, buf, look, look.style(role));
        let top = Rect {
            x: area.x + 1,
            width: area.width - 2,
            height: 1,
            ..area
        };
        let title = printable(self.title);
        let right = printable(self.right);
        let room = usize::from(top.width);
        let right_room = if right.is_empty() {
            0
        } else {
            width(&right) + 3
        };
        let keeps_right = right_room > 0 && width(&title) + 2 + right_room <= room;
        if !title.is_empty() && room > 4 {
            let title = truncate(&title, room - 2);
            let role = if self.focused {
                Role::Title
            } else {
                Role::Muted
            };
            look.put(buf, top, (top.x, top.y), &format!(" {title} "), role);
        }
        if keeps_right {
            let inner = Rect {
                width: top.width - 1,
                ..top
            };
            look.put_right(buf, inner, top.y, &format!(" {right} "), Role::Muted);
        }
        Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width - 2,
            height: area.height - 2,
        }
    }
}

/// A box over everything else: centred, as large as wanted but never larger than the area.
#[derive(Debug, Clone, Copy, Default)]
pub struct Popup<'a> {
    /// At the left of the upper line.
    pub title: &'a str,
    /// In the lower line: the keys that close it.
    pub footer: &'a str,
    /// The width wanted, lines included.
    pub width: u16,
    /// The height wanted, lines included.
    pub height: u16,
}

impl Popup<'_> {
    /// Where it lies in an area.
    #[must_use]
    pub fn place(&self, area: Rect) -> Rect {
        let (width, height) = (self.width.min(area.width), self.height.min(area.height));
        // A sliver of what lies beneath would only look like a broken line.
        let width = if area.width - width <= 4 {
            area.width
        } else {
            width
        };
        Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        }
    }

    /// Draws it over what is there; returns the inside.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) -> Rect {
        let place = self.place(area.intersection(buf.area));
        look.card(place, buf);
        let inside = Panel {
            title: self.title,
            right: "",
            focused: true,
        }
        .render(place, buf, look);
        let footer = printable(self.footer);
        let room = usize::from(inside.width);
        if inside != place && !footer.is_empty() && width(&footer) + 2 <= room {
            let bottom = Rect {
                y: place.bottom() - 1,
                height: 1,
                ..inside
            };
            look.put_right(buf, bottom, bottom.y, &format!(" {footer} "), Role::Muted);
        }
        // A blank column at each side lets the words breathe.
        if inside != place && inside.width > 12 {
            Rect {
                x: inside.x + 1,
                width: inside.width - 2,
                ..inside
            }
        } else {
            inside
        }
    }
}

/// Box lines along the edge of an area of at least 2 × 2.
fn lines(area: Rect, buf: &mut Buffer, look: &Look, style: Style) {
    let set = look.glyphs.border;
    let (left, right) = (area.left(), area.right() - 1);
    let (top, bottom) = (area.top(), area.bottom() - 1);
    for x in left..=right {
        look.put_styled(buf, area, (x, top), set.horizontal_top, style);
        look.put_styled(buf, area, (x, bottom), set.horizontal_bottom, style);
    }
    for y in top..=bottom {
        look.put_styled(buf, area, (left, y), set.vertical_left, style);
        look.put_styled(buf, area, (right, y), set.vertical_right, style);
    }
    look.put_styled(buf, area, (left, top), set.top_left, style);
    look.put_styled(buf, area, (right, top), set.top_right, style);
    look.put_styled(buf, area, (left, bottom), set.bottom_left, style);
    look.put_styled(buf, area, (right, bottom), set.bottom_right, style);
}
