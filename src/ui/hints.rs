//! The line of keys at the bottom.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::Look;
use super::theme::Role;
use super::width::width;

/// Keys and what they do, most important first. A pair is shown whole or not at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyHints<'a> {
    /// Pairs of key and word.
    pub hints: &'a [(&'a str, &'a str)],
    /// A pair that is always shown where anything is, at the end: the way to help.
    pub last: Option<(&'a str, &'a str)>,
}

impl KeyHints<'_> {
    /// Draws them on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let pair =
            |(key, word): &(&str, &str)| width(&look.shown(key)) + 1 + width(&look.shown(word));
        let margin = usize::from(area.width > 20);
        let room = usize::from(area.width).saturating_sub(margin);
        let reserved = self.last.as_ref().map_or(0, pair);
        let mut used = if reserved <= room { reserved } else { 0 };
        let mut shown = Vec::new();
        for hint in self.hints {
            let needs = pair(hint) + if used > 0 { 2 } else { 0 };
            if used + needs > room {
                break;
            }
            used += needs;
            shown.push(hint);
        }
        if reserved <= room {
            shown.extend(self.last.as_ref());
        }
        let mut x = area.x + u16::try_from(margin).unwrap_or(0);
        for (key, word) in shown {
            x = look.put(buf, area, (x, area.y), key, Role::Key) + 1;
            x = look.put(buf, area, (x, area.y), word, Role::Hint) + 2;
        }
    }
}
