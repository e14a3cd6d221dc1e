//! How the goals are drawn: a row each, by domain, and what was written on the picked day.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use crate::domain::dates;
use crate::domain::goal::{Domain, Status, words};
use crate::screens::{Screen, ViewCx, zone};
use crate::ui::list::first_visible;
use crate::ui::{EmptyState, Role, WEEK_WIDTH, WeekHead, WeekStrip, width};

use super::listed::Entry;
use super::{Goals, commands, side};

/// Columns from which the goal under the cursor has a panel of its own.
const SIDE_FROM: u16 = 124;
const SIDE: u16 = 61;
/// Columns from which figures are written in full and the buffer has a column.
const FULL_FROM: u16 = 56;
/// What the column of the buffer is called.
const BUFFER: &str = "buffer";
/// Columns of the marker.
const MARGIN: u16 = 2;
/// Columns that a title keeps; other columns go first.
const SHORTEST_TITLE: u16 = 8;
/// Rows of a list that domains may share with their goals, where they do not all fit.
const HEADINGS_FROM: usize = 10;

/// A line of the list.
enum Line {
    Domain(Domain),
    /// The entry of this number.
    Goal(usize),
}

/// The columns of a row: their widths, 0 for one that is left out.
struct Columns {
    title: u16,
    strip: u16,
    figures: u16,
    buffer: u16,
}

impl Screen for Goals {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        self.drawn.clear();
        let entries = self.entries(cx.world);
        if area.height == 1 {
            if let Some((_, entry)) = self.current(&entries) {
                let columns = Columns::of(&entries, area.width);
                columns.draw(cx, entry, Some(self.picked(cx)), area, buf);
            }
            return None;
        }
        let right = if area.width >= SIDE_FROM { SIDE } else { 0 };
        let [left, right] =
            Layout::horizontal([Constraint::Min(0), Constraint::Length(right)]).areas(area);
        self.week_panel(cx, &entries, right.width == 0, left, buf);
        if right.width > 0 {
            match self.current(&entries) {
                Some((_, entry)) => side::draw(cx, entry, self.day, right, buf),
                None => {
                    cx.side_panel(right, buf, "a goal");
                }
            }
        }
        None
    }
}

impl Goals {
    fn week_panel(
        &self,
        cx: ViewCx<'_>,
        entries: &[Entry<'_>],
        with_day: bool,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let state = self.state(cx.world);
        let shown = state.as_ref().map(|(text, role)| (text.as_str(), *role));
        let room = ViewCx::title_room(area, buf, shown.map_or("", |(text, _)| text));
        let inner = cx.panel(area, buf, &self.week_title(cx, room), shown);
        if entries.is_empty() {
            if self.is_known(cx.world) {
                self.empty(cx, inner, buf);
            }
            return;
        }
        let day_rows = match inner.height {
            _ if !with_day => 0,
            0..=5 => 0,
            6..=11 => 2,
            _ => 5,
        };
        let [list, day] =
            Layout::vertical([Constraint::Min(0), Constraint::Length(day_rows)]).areas(inner);
        self.list(cx, entries, list, buf);
        if let Some((_, entry)) = self.current(entries).filter(|_| day_rows > 0) {
            // A blank row above, where there is room for one.
            let skip = u16::from(day_rows > 2);
            let rows = Rect {
                x: day.x + 1,
                y: day.y + skip,
                width: day.width.saturating_sub(2),
                height: day.height - skip,
            };
            side::draw_day(cx, entry, self.day, rows, buf);
        }
    }

    /// Which goals, and which week.
    fn week_title(&self, cx: ViewCx<'_>, room: usize) -> String {
        let week = self.week(cx.world);
        let status = self.shown.word();
        let dot = cx.look.glyphs.separator;
        let (first, last) = (dates::short(week.first()), dates::short(week.last()));
        let titles = [
            format!(
                "{status} goals {dot} {first} to {last} {}",
                week.last().year()
            ),
            format!("{status} {dot} {first} to {last}"),
            format!("{status} {dot} {first}"),
        ];
        let fits = |title: &&String| width::width(title) <= room;
        titles
            .iter()
            .find(fits)
            .cloned()
            .unwrap_or_else(|| status.to_owned())
    }

    fn empty(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let scope = commands::TABLE.scope;
        let first = |command: &'static str| {
            let keys = cx.world.keymap.keys(scope, command);
            keys.into_iter().next().unwrap_or_default()
        };
        let (text, key, word) = match self.shown {
            Status::Active => (
                "What is worked on week by week stands here.",
                first("new"),
                "makes a goal",
            ),
            Status::Paused => (
                "Goals that are set aside for a while stand here.",
                first("show"),
                "shows the archived ones",
            ),
            Status::Archived => (
                "Goals that are kept apart stand here.",
                first("show"),
                "shows the active ones",
            ),
        };
        EmptyState {
            text,
            role: Role::Muted,
            action: Some((&key, word)),
        }
        .render(area, buf, cx.look);
    }

    fn list(&self, cx: ViewCx<'_>, entries: &[Entry<'_>], area: Rect, buf: &mut Buffer) {
        let [head, body] =
            Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
        let columns = Columns::of(entries, area.width);
        if columns.strip > 0 {
            WeekHead {
                first: self.week(cx.world).first(),
                today: cx.world.today,
            }
            .render(columns.strip_of(head), buf, cx.look);
            columns.put_buffer(cx, head, buf, BUFFER);
        }
        let height = usize::from(body.height);
        let lines = lines(entries, height);
        let at = self.current(entries).map_or(0, |(at, _)| at);
        let of_goal = |line: &Line| matches!(line, Line::Goal(index) if *index == at);
        let cursor = lines.iter().position(of_goal).unwrap_or(0);
        // The domain of the topmost goal stays in sight with it.
        let above = match cursor.checked_sub(1).and_then(|above| lines.get(above)) {
            Some(Line::Domain(_)) => cursor - 1,
            Some(Line::Goal(_)) | None => cursor,
        };
        let scroll = first_visible(self.scroll.get().min(above), cursor, height, lines.len());
        self.scroll.set(scroll);
        self.page.set(height.max(1));
        for (line, row) in lines.iter().skip(scroll).zip(body.rows()) {
            match line {
                Line::Domain(domain) => {
                    cx.put(buf, row, 1, domain.word(), Role::Heading);
                }
                Line::Goal(index) => {
                    zone(&self.drawn, row, *index);
                    let picked = (*index == at).then(|| self.picked(cx));
                    if let Some(entry) = entries.get(*index) {
                        columns.draw(cx, entry, picked, row, buf);
                    }
                }
            }
        }
        cx.mark_more(body, buf, scroll > 0, scroll + height < lines.len());
    }

    /// Which day of the week is picked.
    fn picked(&self, cx: ViewCx<'_>) -> usize {
        let days = self.week(cx.world).days();
        days.iter().position(|day| *day == self.day).unwrap_or(0)
    }
}

/// The lines of the list; where few rows are there, without the domains, unless everything fits.
fn lines(entries: &[Entry<'_>], height: usize) -> Vec<Line> {
    let mut lines = Vec::with_capacity(entries.len() + Domain::ALL.len());
    let mut domain = None;
    for (index, entry) in entries.iter().enumerate() {
        if domain != Some(entry.goal.domain) {
            domain = Some(entry.goal.domain);
            lines.push(Line::Domain(entry.goal.domain));
        }
        lines.push(Line::Goal(index));
    }
    if height < HEADINGS_FROM && lines.len() > height {
        lines.retain(|line| matches!(line, Line::Goal(_)));
    }
    lines
}

impl Columns {
    /// What fits: first the buffer goes, then the strip.
    fn of(entries: &[Entry<'_>], room: u16) -> Self {
        let widest = |text: &dyn Fn(&Entry<'_>) -> String| {
            let widths = entries.iter().map(|entry| width::width(&text(entry)));
            u16::try_from(widths.max().unwrap_or(0)).unwrap_or(u16::MAX)
        };
        let is_full = room >= FULL_FROM;
        let figures = widest(&|entry| figures(entry, is_full));
        let mut columns = Self {
            title: 0,
            strip: WEEK_WIDTH,
            figures,
            buffer: if is_full {
                let head = u16::try_from(BUFFER.len()).unwrap_or(u16::MAX);
                widest(&|entry| words::buffer(entry.progress.buffer)).max(head)
            } else {
                0
            },
        };
        let longest = widest(&|entry| entry.goal.title.clone()).max(SHORTEST_TITLE);
        for attempt in 0..3 {
            // Columns that stand near their title are read with it.
            let rest = room.saturating_sub(columns.taken().saturating_add(MARGIN));
            columns.title = rest.min(longest);
            if columns.title >= SHORTEST_TITLE {
                break;
            }
            match attempt {
                0 => columns.buffer = 0,
                1 => columns.strip = 0,
                _ => {}
            }
        }
        columns
    }

    /// The columns behind the title, each with a blank column before it, and one at the right edge.
    fn taken(&self) -> u16 {
        let of = |columns: u16| {
            if columns > 0 {
                columns.saturating_add(1)
            } else {
                0
            }
        };
        of(self.strip)
            .saturating_add(of(self.figures))
            .saturating_add(of(self.buffer))
            .saturating_add(2)
    }

    fn strip_of(&self, row: Rect) -> Rect {
        let from = (MARGIN + self.title + 1).min(row.width);
        Rect {
            x: row.x + from,
            width: self.strip.min(row.width - from),
            ..row
        }
    }

    /// A goal's row; `picked` is the picked day where the cursor is on it.
    fn draw(
        &self,
        cx: ViewCx<'_>,
        entry: &Entry<'_>,
        picked: Option<usize>,
        row: Rect,
        buf: &mut Buffer,
    ) {
        let role = if picked.is_some() {
            cx.put(buf, row, 0, cx.look.glyphs.marker, Role::Marker);
            Role::Selected
        } else {
            Role::Text
        };
        let title = Rect {
            width: row.width.min(MARGIN + self.title),
            ..row
        };
        cx.put(buf, title, MARGIN, &entry.goal.title, role);
        if self.strip > 0 {
            WeekStrip {
                days: &entry.progress.days,
                picked,
            }
            .render(self.strip_of(row), buf, cx.look);
        }
        let text = figures(entry, self.buffer > 0);
        let text_width = u16::try_from(width::width(&text)).unwrap_or(u16::MAX);
        let indent = self.figures.saturating_sub(text_width);
        cx.put(buf, row, self.figures_at() + indent, &text, Role::Value);
        self.put_buffer(cx, row, buf, &words::buffer(entry.progress.buffer));
    }

    /// Where the figures begin.
    fn figures_at(&self) -> u16 {
        let strip = if self.strip > 0 { self.strip + 1 } else { 0 };
        MARGIN + self.title + strip + 1
    }

    /// Writes into the column of the buffer, where there is one.
    fn put_buffer(&self, cx: ViewCx<'_>, row: Rect, buf: &mut Buffer, text: &str) {
        if self.buffer > 0 {
            let at = self.figures_at() + self.figures + 2;
            cx.put(buf, row, at, text, Role::Muted);
        }
    }
}

fn figures(entry: &Entry<'_>, is_full: bool) -> String {
    if is_full {
        words::figures(&entry.goal, &entry.progress)
    } else {
        words::short_figures(&entry.goal, &entry.progress)
    }
}
