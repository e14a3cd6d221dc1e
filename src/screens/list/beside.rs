//! A lane's screen: its list, and what the record under the cursor holds beside it where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::domain::record::Record;
use crate::screens::ViewCx;
use crate::screens::popups::{Passages, draw_passages};
use crate::ui::{EmptyState, Role, Row};

use super::Shelves;

/// Columns from which the record stands beside the list.
const BESIDE_FROM: u16 = 100;
/// Columns of the list from which its rows say more.
const WIDE_FROM: u16 = 70;

/// What such a screen is called and says.
#[derive(Debug, Clone, Copy)]
pub struct Lectern<'a> {
    /// The screen.
    pub title: &'a str,
    /// What is held back, in a word; nothing where all is listed.
    pub state: &'a str,
    /// What belongs there.
    pub empty: EmptyState<'a>,
    /// What a record is called.
    pub record: &'a str,
    /// What there is to read of one.
    pub passages: Passages,
}

impl Shelves {
    /// Draws the list and the record beside it; `row` makes a row, in few words where it is narrow.
    pub fn draw_beside<'r>(
        &self,
        cx: ViewCx<'_>,
        area: Rect,
        buf: &mut Buffer,
        lectern: &Lectern<'_>,
        row: impl Fn(&Record, bool) -> Row<'r>,
    ) {
        let beside = area.width >= BESIDE_FROM && area.height > 4;
        let right = if beside { area.width * 3 / 5 } else { 0 };
        let [left, right] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(right)]).areas(area);
        let state = Some((lectern.state, Role::Muted)).filter(|(state, _)| !state.is_empty());
        let inside = cx.panel(left, buf, lectern.title, state);
        let narrow = inside.width < WIDE_FROM;
        self.draw(cx, inside, buf, lectern.empty, |record| row(record, narrow));
        if beside {
            let inner = cx.side_panel(right, buf, lectern.record);
            if let Some(record) = self.record(cx.world) {
                let passages = (lectern.passages)(cx, record);
                let rows = draw_passages(cx, &passages, 0, inner, buf);
                cx.mark_more(inner, buf, false, rows > usize::from(inner.height));
            }
        }
    }
}
