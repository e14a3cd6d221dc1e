//! How a week is drawn: aligned figures, no colour that judges one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use crate::app::cache::Remote;
use crate::domain::dates;
use crate::domain::review::{Figures, Step, iso_name, words};
use crate::domain::secret::Exit;
use crate::screens::{Screen, ViewCx};
use crate::store::api::Link;
use crate::ui::list::first_visible;
use crate::ui::{EmptyState, Role, width};

use super::columns::Columns;
use super::lines::{Line, prompt, reason};
use super::seen::{Entry, Seen};
use super::{Review, commands};

/// Columns from which the figures stand beside the rest.
const WIDE: u16 = 124;
/// Columns of the marker.
pub(super) const MARGIN: u16 = 2;

impl Screen for Review {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let Some(seen) = self.seen(cx.world) else {
            let (text, role) = self.missing(cx);
            let inner = cx.panel(area, buf, &self.heading_of(cx, area, buf, ""), None);
            if let Some(row) = inner.rows().next() {
                cx.put(buf, row, 1, &text, role);
            }
            return None;
        };
        let entries = self.entries(&seen);
        let state = self.state(cx, &seen);
        let title = self.heading_of(cx, area, buf, &state.0);
        let is_wide = area.width >= WIDE && self.step.is_none();
        let [left, right] = if is_wide {
            Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(area)
        } else {
            Layout::horizontal([Constraint::Min(0), Constraint::Length(0)]).areas(area)
        };
        let shown = (!state.0.is_empty()).then_some((state.0.as_str(), state.1));
        let inner = cx.panel(left, buf, &title, shown);
        if seen.figures.is_empty() && seen.review.answers.is_empty() && self.step.is_none() {
            empty(cx, inner, buf);
            return None;
        }
        let figures = |entry: &Entry<'_>| matches!(entry, Entry::Days | Entry::Field(_));
        let split = if is_wide {
            entries.iter().take_while(|entry| figures(entry)).count()
        } else {
            entries.len()
        };
        let (of_left, of_right) = entries.split_at(split);
        self.draw(cx, &seen, of_left, 0, inner, buf);
        if is_wide {
            let inner = cx.side_panel(right, buf, "goals, signals, what waits, questions");
            self.draw(cx, &seen, of_right, split, inner, buf);
        }
        None
    }
}

impl Review {
    /// Which week; while it is gone through, which step.
    fn heading_of(&self, cx: ViewCx<'_>, area: Rect, buf: &Buffer, state: &str) -> String {
        let week = self.week(cx.world);
        let room = ViewCx::title_room(area, buf, state);
        let dot = cx.look.glyphs.separator;
        let step = self.step.map(|step| {
            let count = Self::steps().len();
            let name = match self.at_step() {
                Some(Step::Days) => "days and fields",
                Some(Step::Goals) => "goals",
                Some(Step::Signals) => "signals",
                Some(Step::Waiting) => "what waits",
                Some(Step::Question(_)) | None => "question",
            };
            format!("{} of {count} {dot} {name}", step + 1)
        });
        let titles = match step {
            Some(step) => [format!("{step} {dot} {}", iso_name(week)), step],
            None => [
                format!("{} {dot} {}", iso_name(week), words::span(week)),
                words::span(week),
            ],
        };
        let fits = |title: &&String| width::width(title) <= room;
        let found = titles.iter().find(fits).cloned();
        found.unwrap_or_else(|| iso_name(week))
    }

    /// What became of the review, in a few words.
    fn state(&self, cx: ViewCx<'_>, seen: &Seen) -> (String, Role) {
        let world = cx.world;
        let pending = world.cache.pending().len();
        if pending > 0 {
            return match world.link {
                Link::Online { .. } => ("saving".to_owned(), Role::Muted),
                Link::Offline { .. } | Link::Connecting { .. } => {
                    (format!("{pending} unsent"), Role::Warn)
                }
            };
        }
        let differ = || {
            let count = u64::try_from(seen.differences.len()).unwrap_or(0);
            words::counted(count, "figure differs now", "figures differ now")
        };
        if seen.is_kept {
            let kept = format!("as of {}", dates::short(seen.figures.as_of));
            return if seen.differences.is_empty() {
                (kept, Role::Muted)
            } else {
                (format!("{kept}, {}", differ()), Role::Muted)
            };
        }
        if self.step.is_some() {
            return (String::new(), Role::Muted);
        }
        let steps = Self::steps();
        let left = seen.review.place.as_deref();
        let left = left.and_then(|place| steps.iter().position(|step| step.word() == place));
        if let Some(at) = left {
            return (
                format!("left at {} of {}", at + 1, steps.len()),
                Role::Muted,
            );
        }
        match seen.review.completed_at {
            Some(moment) => {
                let date = dates::local_date(moment, world.zone());
                (format!("reviewed {}", dates::short(date)), Role::Muted)
            }
            None => (String::new(), Role::Muted),
        }
    }

    /// Said while nothing is known of the week.
    fn missing(&self, cx: ViewCx<'_>) -> (String, Role) {
        let online = matches!(cx.world.link, Link::Online { .. });
        match cx.world.cache.state(&self.query(cx.world)) {
            Remote::Failed(error, _) if online => {
                let key = cx.world.keymap.everywhere("reconnect");
                let text = format!("the week is not loaded: {error}; {key} tries again");
                (text, Role::Danger)
            }
            Remote::Absent | Remote::Loading(_) | Remote::Ready(_) if online => {
                ("loading the week".to_owned(), Role::Muted)
            }
            Remote::Absent | Remote::Loading(_) | Remote::Ready(_) | Remote::Failed(..) => (
                "the week is shown once the database is there".to_owned(),
                Role::Muted,
            ),
        }
    }

    fn draw(
        &self,
        cx: ViewCx<'_>,
        seen: &Seen,
        entries: &[Entry<'_>],
        first: usize,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let columns = usize::from(area.width);
        let side_by_side = area.width < WIDE && cx.world.size.0 < WIDE;
        let lines = self.lines(cx, seen, entries, first, columns, side_by_side);
        let height = usize::from(area.height);
        let cursor = self.cursor.min(self.entries(seen).len().saturating_sub(1));
        let scroll = self.scroll_to(cursor, &lines, height);
        let fields = Columns::of(entries);
        for (line, row) in lines.iter().skip(scroll).zip(area.rows()) {
            match line {
                Line::Heading(title, right) => {
                    cx.put(buf, row, 1, title, Role::Heading);
                    let inner = Rect {
                        width: row.width.saturating_sub(1),
                        ..row
                    };
                    cx.look.put_right(buf, inner, row.y, right, Role::Muted);
                }
                Line::Nothing(text) => {
                    cx.put(buf, row, 1, text, Role::Placeholder);
                }
                Line::More(_, text) => {
                    cx.put(buf, row, 4, text, Role::Text);
                }
                Line::Things(things) => {
                    let halved = side_by_side && columns >= 74;
                    let of = match things.as_slice() {
                        [one] if halved && self.is_field(seen, *one) => 2,
                        _ => u16::try_from(things.len().max(1)).unwrap_or(1),
                    };
                    let each = row.width / of;
                    for (place, thing) in (0..).zip(things) {
                        let cell = Rect {
                            x: row.x + place * each,
                            width: each,
                            ..row
                        };
                        let entry = thing.checked_sub(first).and_then(|at| entries.get(at));
                        if let Some(entry) = entry {
                            self.thing(cx, seen, entry, &fields, *thing == cursor, cell, buf);
                        }
                    }
                }
            }
        }
        cx.mark_more(area, buf, scroll > 0, scroll + height < lines.len());
    }

    /// How many lines are passed over, so that all of what the cursor is on stays in sight.
    fn scroll_to(&self, cursor: usize, lines: &[Line], height: usize) -> usize {
        let has = |line: &Line| match line {
            Line::Things(things) => things.contains(&cursor),
            Line::More(at, _) => *at == cursor,
            Line::Heading(..) | Line::Nothing(_) => false,
        };
        let at = lines.iter().position(has);
        let end = lines.iter().rposition(has);
        // The heading above the first thing stays in sight with it, and so does all of what the cursor is on.
        let at = at.map(
            |at| match at.checked_sub(1).and_then(|above| lines.get(above)) {
                Some(Line::Heading(..)) => at - 1,
                _ => at,
            },
        );
        let Some((at, end)) = at.zip(end) else {
            return 0;
        };
        let low = first_visible(self.scroll.get(), end, height, lines.len());
        let scroll = low.min(at);
        self.scroll.set(scroll);
        self.page.set(height.saturating_sub(1).max(1));
        scroll
    }

    fn is_field(&self, seen: &Seen, at: usize) -> bool {
        matches!(self.entries(seen).get(at), Some(Entry::Field(_)))
    }

    #[allow(clippy::too_many_arguments)] // what there is to draw, and where
    fn thing(
        &self,
        cx: ViewCx<'_>,
        seen: &Seen,
        entry: &Entry<'_>,
        columns: &Columns,
        here: bool,
        row: Rect,
        buf: &mut Buffer,
    ) {
        if here {
            cx.put(buf, row, 0, cx.look.glyphs.marker, Role::Marker);
        }
        let role = if here { Role::Selected } else { Role::Text };
        let item = self.item_of(entry, cx.world);
        let masked = item.is_some_and(|item| !cx.world.mask.shows(&item));
        match entry {
            Entry::Days => days(cx, &seen.figures, role, row, buf),
            Entry::Field(field) => columns.field(cx, field, masked, role, row, buf),
            Entry::Goal(goal) => columns.goal(cx, goal, role, row, buf),
            Entry::Signal(signal) => {
                let at = cx.put(buf, row, MARGIN, &words::seen(signal), role);
                let rows = u64::try_from(signal.rows.len()).unwrap_or(0);
                let rows = words::counted(rows, "row", "rows");
                let at = cx.put(buf, row, at + 2, &rows, Role::Muted);
                if masked {
                    cx.put(buf, row, at + 2, cx.look.glyphs.masked, Role::Masked);
                }
            }
            Entry::Idea(idea) => {
                let text = reason(idea.reason, idea.since);
                let left = at_right(cx, &text, Role::Muted, row, buf);
                if masked {
                    cx.put(buf, left, MARGIN, cx.look.glyphs.masked, Role::Masked);
                } else {
                    let title = idea.title.expose(Exit::Screen);
                    let title = if title.is_empty() { "an idea" } else { title };
                    cx.put(buf, left, MARGIN, title, role);
                }
            }
            Entry::Lesson(lesson) => {
                let since = dates::short(lesson.since);
                let text = format!("{} since {since}", lesson.status.name());
                let left = at_right(cx, &text, Role::Muted, row, buf);
                cx.put(buf, left, MARGIN, &lesson.title, role);
            }
            Entry::Question(field) => {
                let is_answered = seen.review.answers.contains_key(&field.key);
                let (text, of) = match (is_answered, masked) {
                    (false, _) => (cx.look.glyphs.none, Role::Muted),
                    (true, true) => (cx.look.glyphs.masked, Role::Masked),
                    (true, false) => ("", Role::Muted),
                };
                let left = at_right(cx, text, of, row, buf);
                let lines = prompt(field, usize::from(row.width));
                let first = lines.first().map_or("", String::as_str);
                cx.put(buf, left, MARGIN, first, role);
            }
        }
    }
}

/// Puts a few words at the end of a row; what is left before them.
fn at_right(cx: ViewCx<'_>, words: &str, role: Role, row: Rect, buf: &mut Buffer) -> Rect {
    let inner = Rect {
        width: row.width.saturating_sub(2),
        ..row
    };
    let from = cx.look.put_right(buf, inner, row.y, words, role);
    Rect {
        width: from.saturating_sub(row.x + 1),
        ..row
    }
}

/// What belongs here, where nothing is known of a week.
fn empty(cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
    let keys = cx.world.keymap.keys(commands::TABLE.scope, "guide");
    let key = keys.into_iter().next().unwrap_or_default();
    EmptyState {
        text: "What a week came to stands here, against what is typical, once days are logged.",
        role: Role::Muted,
        action: Some((&key, "goes through the week and asks three questions")),
    }
    .render(area, buf, cx.look);
}

/// The days with a log, how many these are, and how many they were a year before.
fn days(cx: ViewCx<'_>, figures: &Figures, role: Role, row: Rect, buf: &mut Buffer) {
    let days = &figures.days;
    let mut at = cx.put(buf, row, MARGIN, "days logged", role) + 2;
    for (place, has) in (0..).zip(days.each) {
        let (mark, role) = match has {
            true => (cx.look.glyphs.logged, Role::Logged),
            false if place >= days.come => (" ", Role::Track),
            false => (cx.look.glyphs.unlogged, Role::Track),
        };
        at = cx.put(buf, row, at, mark, role);
    }
    at = cx.put(buf, row, at + 2, &words::days_logged(figures), Role::Value);
    if let Some(year_ago) = days.year_ago {
        let text = format!("a year before {year_ago}");
        if usize::from(row.width.saturating_sub(at + 3)) >= width::width(&text) {
            cx.put(buf, row, at + 3, &text, Role::Muted);
        }
    }
}
