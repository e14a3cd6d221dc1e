//! How the list of settings is drawn: rows, and what the one under the cursor is for.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::world::World;
use crate::domain::setting::{Heeded, Origin, Setting};
use crate::screens::popups::view::{below, paragraph, rows, with_edge};
use crate::screens::{Screen, ViewCx, zone};
use crate::ui::{Paragraph, Role, width};

use super::Settings;

/// Columns of the list, lines included.
const WIDTH: u16 = 76;
/// Where the value begins: behind the longest name.
const VALUE: u16 = 24;
/// Columns from which each row says where its value comes from.
const WITH_ORIGIN: u16 = 60;

/// The setting's key as words.
pub(super) fn name(setting: Setting) -> String {
    setting.key().replace('_', " ")
}

/// What the setting is for, where its value comes from, and when a change is heeded.
fn about(setting: Setting, world: &World) -> String {
    let origin = match world.chosen.origin(setting) {
        Origin::Default => "This is the default.".to_owned(),
        Origin::File => format!("Set in config.toml; else {}.", setting.otherwise()),
        Origin::Environment => format!("Set by {}, before the file.", setting.variable()),
    };
    let heeded = match setting.heeded() {
        Heeded::AtOnce => "",
        Heeded::NextStart => " A change is heeded at the next start.",
    };
    format!("{} {origin}{heeded}", setting.words())
}

impl Screen for Settings {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let columns = area.width.min(WIDTH).saturating_sub(4);
        let longest = Setting::ALL.into_iter().map(|setting| {
            let text = about(setting, cx.world);
            Paragraph::rows(&text, columns)
        });
        // As tall for every setting, so that nothing jumps under the cursor.
        let about_rows = longest.max().unwrap_or(0);
        let wanted = rows(Setting::ALL.len() + 1 + about_rows);
        let inner = cx.popup(area, buf, "Settings", (WIDTH, wanted));
        let gap = u16::from(wanted <= area.height);
        let about_rows = u16::try_from(about_rows).unwrap_or(u16::MAX);
        let list = Rect {
            height: inner
                .height
                .saturating_sub(about_rows + gap)
                .max(1)
                .min(inner.height),
            ..inner
        };
        let height = usize::from(list.height).max(1);
        let top = self
            .top
            .get()
            .clamp((self.cursor + 1).saturating_sub(height), self.cursor);
        let top = top.min(Setting::ALL.len().saturating_sub(height));
        self.top.set(top);
        let settings = Setting::ALL.into_iter().enumerate().skip(top);
        self.drawn.clear();
        for ((at, setting), row) in settings.zip(list.rows()) {
            zone(&self.drawn, row, at);
            draw_row(cx, setting, at == self.cursor, row, buf);
        }
        let more = top + height < Setting::ALL.len();
        cx.mark_more(with_edge(list, buf), buf, top > 0, more);
        let text = about(self.setting(), cx.world);
        paragraph(cx, below(inner, list.height + gap), buf, &text, Role::Muted);
        None
    }
}

fn draw_row(cx: ViewCx<'_>, setting: Setting, here: bool, row: Rect, buf: &mut Buffer) {
    let origin = cx.world.chosen.origin(setting);
    if here {
        cx.put(buf, row, 0, cx.look.glyphs.marker, Role::Marker);
    }
    let role = if here { Role::Selected } else { Role::Text };
    cx.put(buf, row, 2, &name(setting), role);
    let role = match origin {
        Origin::Default => Role::Muted,
        Origin::File | Origin::Environment => Role::Value,
    };
    let value = cx.world.chosen.shown(setting);
    if row.width < WITH_ORIGIN {
        cx.put(buf, row, VALUE, &value, role);
        return;
    }
    let word = origin.word();
    let taken = u16::try_from(width::width(word)).unwrap_or(0) + 1;
    let left = Rect {
        width: row.width.saturating_sub(taken),
        ..row
    };
    cx.put(buf, left, VALUE, &value, role);
    cx.put(
        buf,
        row,
        row.width.saturating_sub(taken - 1),
        word,
        Role::Muted,
    );
}
