//! How the editor is drawn: its question above the text, nothing of it while it is masked.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::part::Behaviour;
use crate::app::subject::Subject;
use crate::screens::popups::view::{below, hidden_text, paragraph, with_edge};
use crate::screens::{Screen, ViewCx};
use crate::ui::Role;

use super::Editor;

impl Screen for Editor {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let name = Subject::of(&self.place).name();
        let title = format!("{} {} {name}", self.label, cx.look.glyphs.separator);
        let height = if area.height < 16 {
            area.height
        } else {
            area.height * 3 / 4
        };
        let mut inner = cx.popup(area, buf, &title, (84, height));
        let hidden = self
            .item(cx.world)
            .is_some_and(|item| !cx.world.mask.shows(&item));
        if hidden {
            hidden_text(cx, inner, buf);
            return None;
        }
        if let Some(prompt) = self.prompt.as_deref().filter(|_| inner.height > 4) {
            inner = below(inner, paragraph(cx, inner, buf, prompt, Role::Placeholder));
        }
        self.text.render(inner, buf, cx.look);
        let (above, below) = self.text.more(inner);
        cx.mark_more(with_edge(inner, buf), buf, above, below);
        self.text.cursor_position(inner)
    }
}
