//! How a day is drawn: the form, and beside it, as far as there is room, the month and the field.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use crate::domain::dates;
use crate::domain::form::FormView;
use crate::screens::{Screen, ViewCx};
use crate::ui::width;

use super::{LifeOps, side};

/// Columns from which the month and the sparklines stand beside the form.
const SIDE_FROM: u16 = 72;
/// Columns from which the names of the sparklines have room too.
const WIDEST_SIDE_FROM: u16 = 150;
/// Columns from which the sparklines have room for all their days.
const WIDE_SIDE_FROM: u16 = 104;
/// Columns from which the field's year and the earlier years stand beside it too.
pub(super) const DETAIL_FROM: u16 = 132;

impl Screen for LifeOps {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let [left, middle, right] = columns(area);
        if left.width > 0 {
            side::month_and_recent(cx, self.date, left, buf);
        }
        self.day(cx, middle, buf);
        if right.width > 0 {
            side::field_and_years(cx, self.pane.field(cx.world), self.date, right, buf);
        }
        None
    }
}

fn columns(area: Rect) -> [Rect; 3] {
    let left = match area.width {
        WIDEST_SIDE_FROM.. => 46,
        WIDE_SIDE_FROM.. => 41,
        SIDE_FROM.. => 24,
        _ => 0,
    };
    let right = if area.width >= DETAIL_FROM { 58 } else { 0 };
    Layout::horizontal([
        Constraint::Length(left),
        Constraint::Min(0),
        Constraint::Length(right),
    ])
    .areas(area)
}

impl LifeOps {
    fn day(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        if area.height == 1 {
            return self.pane.draw_one_field(cx, area, buf);
        }
        let state = self.pane.state(cx.world);
        let title = self.day_title(cx, ViewCx::title_room(area, buf, &state.0));
        let inner = cx.panel(area, buf, &title, Some((&state.0, state.1)));
        self.pane.draw(cx, inner, buf);
    }

    /// The date, where it lies seen from today, and which form: as much of it as leaves room for
    /// the state.
    fn day_title(&self, cx: ViewCx<'_>, room: usize) -> String {
        let form = match self.pane.view() {
            FormView::Quick => "quick",
            FormView::Full => "full",
        };
        let date = dates::long(self.date);
        let year = format!(" {}", cx.world.today.year());
        let brief = date.strip_suffix(&year).unwrap_or(&date);
        let when = dates::relative(self.date, cx.world.today);
        let dot = cx.look.glyphs.separator;
        let titles = [
            format!("{date} {dot} {when} {dot} {form}"),
            format!("{brief} {dot} {when} {dot} {form}"),
            format!("{date} {dot} {when}"),
            format!("{brief} {dot} {when}"),
            brief.to_owned(),
        ];
        let fits = |title: &&String| width::width(title) <= room;
        titles
            .iter()
            .find(fits)
            .or(titles.last())
            .cloned()
            .unwrap_or(date)
    }
}
