//! How a list of records is drawn: as many rows as there is room for, whatever the list's length.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::cache::Remote;
use crate::app::world::World;
use crate::domain::record::Record;
use crate::screens::{ViewCx, zone};
use crate::store::api::{Link, Query};
use crate::ui::{EmptyState, ListView, Role, Row};

use super::RecordList;

/// The records around the cursor, of which a screen shows some.
#[derive(Debug)]
pub struct Window<'w> {
    /// Those that are known, in their order.
    pub records: Vec<&'w Record>,
    /// Which of them is under the cursor.
    pub cursor: usize,
    /// Whether there are others before them.
    pub above: bool,
    /// Whether there are others behind them.
    pub below: bool,
}

impl RecordList {
    /// The records around the cursor.
    #[must_use]
    pub fn window<'w>(&self, world: &'w World) -> Window<'w> {
        let place = self.place(world);
        let from = place.page.saturating_sub(1);
        let mut records: Vec<&Record> = Vec::new();
        let mut cursor = place.row;
        for page in from..=place.page + 1 {
            if page == place.page {
                cursor += records.len();
            }
            records.extend(self.records(page, world));
        }
        let is_last = self.pages.len() <= place.page + 2 && !self.continues(world);
        Window {
            records,
            cursor,
            above: from > 0 || self.is_preceded(world),
            below: !is_last,
        }
    }

    /// So many rows are seen: a page of its keys.
    pub fn fits(&self, rows: usize) {
        self.height.set(rows.max(1));
    }

    /// Draws the rows around the cursor, each as `row` makes it; `empty` says what belongs here and
    /// which key begins, where it is known that there is nothing.
    pub fn draw<'r>(
        &self,
        cx: ViewCx<'_>,
        area: Rect,
        buf: &mut Buffer,
        empty: EmptyState<'_>,
        row: impl Fn(&Record) -> Row<'r>,
    ) {
        let height = usize::from(area.height).max(1);
        self.height.set(height);
        self.drawn.clear();
        let Window {
            records,
            cursor,
            above: is_more_above,
            below: is_more_below,
        } = self.window(cx.world);
        if records.is_empty() {
            self.nothing(cx, area, buf, empty);
            return;
        }
        let above = self.above.get().min(cursor).min(height - 1);
        // No blank rows below the last one while there is something above.
        let first = (cursor - above).min(records.len().saturating_sub(height));
        self.above.set(cursor.saturating_sub(first));
        let rows: Vec<Row<'r>> = records
            .iter()
            .skip(first)
            .take(height)
            .map(|record| row(record))
            .collect();
        for (line, at) in area.rows().zip((first..).take(rows.len())) {
            zone(&self.drawn, line, at);
        }
        ListView {
            rows: &rows,
            selected: Some(cursor - first),
            more_above: first > 0 || is_more_above,
            more_below: first + height < records.len() || is_more_below,
        }
        .render(area, buf, cx.look);
    }

    /// Whether there is more behind the last page that is held.
    fn continues(&self, world: &World) -> bool {
        let last = self.pages.last();
        last.is_some_and(|last| world.cache.next_page(last).is_some())
    }

    /// Whether there is more before the first page that is held.
    fn is_preceded(&self, world: &World) -> bool {
        let first = self.pages.first();
        first.is_some_and(|first| world.cache.page_before(first).is_some())
    }

    fn nothing(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer, empty: EmptyState<'_>) {
        let Some(listing) = self.pages.first() else {
            return;
        };
        let plural = listing.lane.plural();
        let online = matches!(cx.world.link, Link::Online { .. });
        let (text, role) = match cx.world.cache.state(&Query::Records(listing.clone())) {
            Remote::Ready(_) | Remote::Loading(Some(_)) | Remote::Failed(_, Some(_)) => {
                return empty.render(area, buf, cx.look);
            }
            Remote::Failed(error, None) if online => {
                let key = cx.world.keymap.everywhere("reconnect");
                let text = format!("the {plural} are not loaded: {error}; {key} tries again");
                (text, Role::Danger)
            }
            Remote::Absent | Remote::Loading(None) if online => {
                (format!("loading the {plural}"), Role::Muted)
            }
            Remote::Absent | Remote::Loading(None) | Remote::Failed(_, None) => {
                let text = format!("the {plural} are shown once the database is there");
                (text, Role::Muted)
            }
        };
        EmptyState {
            text: &text,
            role,
            action: None,
        }
        .render(area, buf, cx.look);
    }
}
