//! How the palette is drawn: a line to type in, the commands below, the words of the selected one
//! where there is no room for all.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::screens::{Screen, ViewCx, zone};
use crate::ui::{ListView, Role, Row, Run, list::first_visible, width};

use super::{Entry, Palette};

/// Columns from which words stand beside the names.
const WIDE: u16 = 60;
/// Columns for the names there.
const NAMES: usize = 22;

impl Screen for Palette {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let listed = u16::try_from(self.entries.len()).unwrap_or(u16::MAX);
        let height = listed.saturating_add(4).min(if area.height < 16 {
            area.height
        } else {
            area.height * 3 / 4
        });
        let inner = cx.popup(area, buf, "Commands", (100, height));
        let line = Rect {
            height: inner.height.min(1),
            ..inner
        };
        let after = cx.put(buf, line, 0, ":", Role::Key) + 1;
        let line = Rect {
            x: line.x + after.min(line.width),
            width: line.width.saturating_sub(after),
            ..line
        };
        self.input.render(line, buf, cx.look);
        let is_wide = inner.width >= WIDE;
        let foot = u16::from(!is_wide && inner.height > 4);
        let list = Rect {
            y: inner.y + line.height,
            height: inner.height.saturating_sub(line.height + foot),
            ..inner
        };
        self.list(cx, list, buf, is_wide);
        if let Some(entry) = self.selected().filter(|_| foot > 0) {
            let row = Rect {
                y: inner.bottom() - 1,
                height: 1,
                ..inner
            };
            cx.put(buf, row, 0, &entry.words, Role::Hint);
        }
        self.input.cursor_position(line)
    }
}

impl Palette {
    fn list(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer, is_wide: bool) {
        let height = usize::from(area.height);
        self.drawn.clear();
        if self.found.is_empty() {
            let row = Rect {
                height: area.height.min(1),
                ..area
            };
            cx.put(buf, row, 2, "no command fits", Role::Placeholder);
            return;
        }
        self.page.set(height.max(1));
        let first = first_visible(self.first.get(), self.cursor, height, self.found.len());
        self.first.set(first);
        let visible = self.found.iter().enumerate().skip(first).take(height);
        let rows: Vec<Row<'_>> = visible
            .filter_map(|(at, index)| Some((at, self.entries.get(*index)?)))
            .map(|(at, entry)| row(entry, at == self.cursor, is_wide))
            .collect();
        for (line, at) in area.rows().zip((first..).take(rows.len())) {
            zone(&self.drawn, line, at);
        }
        ListView {
            rows: &rows,
            selected: self.cursor.checked_sub(first),
            more_above: first > 0,
            more_below: first + height < self.found.len(),
        }
        .render(area, buf, cx.look);
    }
}

fn row(entry: &Entry, is_selected: bool, is_wide: bool) -> Row<'_> {
    let role = if is_selected {
        Role::Selected
    } else {
        Role::Text
    };
    let mut left = vec![Run::new(entry.name.as_str(), role)];
    let keys = Run::new(first_keys(&entry.keys), Role::Key);
    if !is_wide {
        let right = vec![keys];
        return Row { left, right };
    }
    let gap = NAMES.saturating_sub(width::width(&entry.name)).max(2);
    left.push(Run::new(" ".repeat(gap), role));
    left.push(Run::new(entry.words.as_str(), Role::Hint));
    let scope = Run::new(format!("{}  ", entry.scope), Role::Muted);
    let keys = Run::new(format!("{:>9}", keys.text), Role::Key);
    Row {
        left,
        right: vec![scope, keys],
    }
}

/// The first of the keys, which may be several pressed one after another.
fn first_keys(keys: &[String]) -> &str {
    keys.first().map_or("", String::as_str)
}
