//! What may follow the keys of a sequence that is not complete: a box at the bottom, there as long as
//! the sequence is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::everywhere;
use crate::app::keymap::Sequence;
use crate::app::world::World;
use crate::ui::{Panel, Role, width};

use super::ViewCx;

/// Columns that one key and its words need at least.
const COLUMN: u16 = 38;
/// Rows before a further column is begun.
const ROWS: usize = 6;

/// The keys so far, in words, if there are any.
pub(super) fn so_far(world: &World, scopes: &[&'static str]) -> Option<String> {
    let keys = world.so_far.keys(scopes);
    (!keys.is_empty()).then(|| Sequence::of(keys.to_vec()).to_string())
}

/// The keys that may follow, and what they do: inner scopes go before outer ones.
fn following(
    world: &World,
    scopes: &[&'static str],
    is_popup: bool,
) -> Vec<(String, &'static str)> {
    let before = world.so_far.keys(scopes);
    let mut found: Vec<(Sequence, &'static str)> = Vec::new();
    for scope in scopes.iter().copied().chain([everywhere::TABLE.scope]) {
        for (keys, name) in world.keymap.after(scope, before) {
            let is_hidden = found.iter().any(|(inner, _)| inner.clashes(&keys));
            let of_screens = scope == everywhere::TABLE.scope && !everywhere::holds_in_popups(name);
            let is_away = is_hidden || (is_popup && of_screens);
            if let Some(command) = world.command(scope, name).filter(|_| !is_away) {
                found.push((keys, command.words));
            }
        }
    }
    let mut named: Vec<_> = found
        .into_iter()
        .map(|(keys, words)| (keys.to_string(), words))
        .collect();
    named.sort_by_key(|(keys, _)| (keys.to_lowercase(), keys.clone()));
    named
}

/// Draws the box into the last rows of an area.
pub(super) fn draw(
    cx: ViewCx<'_>,
    scopes: &[&'static str],
    is_popup: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    let Some(title) = so_far(cx.world, scopes) else {
        return;
    };
    let following = following(cx.world, scopes, is_popup);
    let wanted = u16::try_from(following.len().div_ceil(ROWS)).unwrap_or(u16::MAX);
    let columns = wanted.min(area.width.saturating_sub(2) / COLUMN).max(1);
    let rows = following.len().div_ceil(usize::from(columns));
    let rows = u16::try_from(rows).unwrap_or(u16::MAX);
    let height = rows.saturating_add(2).min(area.height);
    let place = Rect {
        y: area.bottom() - height,
        height,
        ..area
    };
    cx.look.card(place, buf);
    let title = format!("{title} {}", width::ELLIPSIS);
    let panel = Panel {
        title: &title,
        right: "",
        focused: true,
    };
    let inner = panel.render(place, buf, cx.look);
    let longest = following.iter().map(|(keys, _)| width::width(keys)).max();
    let words_at = u16::try_from(longest.unwrap_or(1)).unwrap_or(8) + 3;
    let wide = inner.width / columns;
    // Down the columns, as the eye reads a list.
    for (at, (keys, words)) in following.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let (column, row) = (at / rows.max(1), at % rows.max(1));
        if row >= inner.height {
            continue;
        }
        let cell = Rect {
            x: inner.x + column * wide,
            y: inner.y + row,
            width: wide.saturating_sub(1),
            height: 1,
        };
        cx.put(buf, cell, 1, keys, Role::Key);
        cx.put(buf, cell, words_at, words, Role::Hint);
    }
}
