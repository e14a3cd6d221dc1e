//! What a part is drawn with, and the strokes that screens share.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::mask::ItemId;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::secret::{Exit, Secret};
use crate::ui::{Look, Panel, Popup, Role, width};

/// What a part is drawn with.
#[derive(Clone, Copy)]
pub struct ViewCx<'a> {
    /// What the part may look at.
    pub world: &'a World,
    /// Theme and glyphs.
    pub look: &'a Look,
}

/// What is drawn in this area, for clicks of the mouse.
pub(super) fn zone<T: Copy>(zones: &Zones<T>, area: Rect, shows: T) {
    zones.put((area.x, area.y), (area.width, area.height), shows);
}

impl ViewCx<'_> {
    /// The content of a secret, while the mask lets it be seen: the only way onto the screen.
    #[must_use]
    pub fn reveal<'s, T>(&self, secret: &'s Secret<T>, item: &ItemId) -> Option<&'s T> {
        self.world
            .mask
            .shows(item)
            .then(|| secret.expose(Exit::Screen))
    }

    /// Writes into the first row of `row` from its column `at` on, shortened to the room there is.
    /// Returns the column after the text.
    pub fn put(&self, buf: &mut Buffer, row: Rect, at: u16, text: &str, role: Role) -> u16 {
        let room = row.width.saturating_sub(at);
        let from = (row.x.saturating_add(at), row.y);
        self.look
            .put_fit(buf, row, from, text, room, role)
            .saturating_sub(row.x)
    }

    /// The part of a screen that has the keys, with a word of state at its right: a box where there
    /// is room for one, else a title row. Returns the room inside.
    pub fn panel(
        &self,
        area: Rect,
        buf: &mut Buffer,
        title: &str,
        state: Option<(&str, Role)>,
    ) -> Rect {
        if Self::is_boxed(area, buf) {
            let inside = Panel {
                title,
                right: "",
                focused: true,
            }
            .render(area, buf, self.look);
            if let Some((text, role)) = state {
                let top = Rect {
                    height: 1,
                    width: area.width.saturating_sub(3),
                    ..area
                };
                self.state(
                    top,
                    buf,
                    width::width(title) + 6,
                    &format!(" {text} "),
                    role,
                );
            }
            return inside;
        }
        let row = Rect {
            height: area.height.min(1),
            ..area
        };
        self.put(buf, row, 1, title, Role::Title);
        if let Some((text, role)) = state {
            self.state(row, buf, width::width(title) + 2, text, role);
        }
        Rect {
            y: area.y + row.height,
            height: area.height - row.height,
            ..area
        }
    }

    fn is_boxed(area: Rect, buf: &Buffer) -> bool {
        area.width >= 20 && area.height >= 8 && buf.area.width >= 60
    }

    /// The columns that a panel's title may take beside a state.
    #[must_use]
    pub fn title_room(area: Rect, buf: &Buffer, state: &str) -> usize {
        let taken = if Self::is_boxed(area, buf) { 11 } else { 2 };
        usize::from(area.width).saturating_sub(width::width(state) + taken)
    }

    /// A part of a screen that is only looked at. Returns the room inside.
    pub fn side_panel(&self, area: Rect, buf: &mut Buffer, title: &str) -> Rect {
        Panel {
            title,
            right: "",
            focused: false,
        }
        .render(area, buf, self.look)
    }

    /// A word of state at the right of a row, if it fits behind the title.
    fn state(&self, row: Rect, buf: &mut Buffer, taken: usize, text: &str, role: Role) {
        if taken + width::width(text) <= usize::from(row.width) {
            self.look.put_right(buf, row, row.y, text, role);
        }
    }

    /// Marks at the right edge that there is more above or below.
    pub fn mark_more(&self, area: Rect, buf: &mut Buffer, above: bool, below: bool) {
        let at = area.width.saturating_sub(1);
        if let Some(first) = area.rows().next().filter(|_| above) {
            self.put(buf, first, at, self.look.glyphs.more_above, Role::Muted);
        }
        if let Some(last) = area.rows().next_back().filter(|_| below) {
            self.put(buf, last, at, self.look.glyphs.more_below, Role::Muted);
        }
    }

    /// A popup of at most this size in the middle of the area. Returns the room inside.
    pub fn popup(&self, area: Rect, buf: &mut Buffer, title: &str, size: (u16, u16)) -> Rect {
        Popup {
            title,
            footer: "",
            width: size.0,
            height: size.1,
        }
        .render(area, buf, self.look)
    }
}
