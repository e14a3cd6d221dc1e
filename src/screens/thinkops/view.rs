//! How `ThinkOps` is drawn: columns when wide, groups one below the other when narrow.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::cache::Remote;
use crate::app::world::World;
use crate::domain::idea::{Sift, SortBy, Status};
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::screens::list::Window;
use crate::screens::{Screen, ViewCx, zone};
use crate::store::api::Query;
use crate::ui::list::first_visible;
use crate::ui::{EmptyState, Paragraph, Role, Run, width};

use super::row::{brief, facts, title};
use super::{ThinkOps, commands};

/// Columns of the terminal from which every status has a column of its own.
const WIDE: u16 = 100;
/// The least width of a column.
const COLUMN: u16 = 28;
/// Ideas of a group that is not under the cursor, where groups stand one below the other.
const OTHERS: usize = 5;

/// A line of the groups.
enum Line<'w> {
    Heading(usize, Status),
    /// An idea of the list at this index; whether the cursor is on it.
    Idea(usize, &'w Record, bool),
    /// More of the group; how many, where that is known.
    More(Option<u64>),
    Blank(Status),
}

impl ThinkOps {
    pub(super) fn is_wide(&self, world: &World) -> bool {
        world.size.0 >= WIDE && self.listed().nth(1).is_some()
    }

    /// The order and the filter.
    fn state(&self) -> String {
        let order = match self.sort {
            SortBy::Touched => "",
            SortBy::Score => "by score",
            SortBy::Priority => "by priority",
            SortBy::Age => "oldest first",
        };
        let parts = [order.to_owned(), self.sift.label()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("; ")
    }

    fn heading(&self, at: usize, status: Status, world: &World) -> String {
        let count = self.count(at, status, world);
        match count {
            Some(count) => format!("{status} {count}"),
            None => status.to_string(),
        }
    }

    /// Whether there is no idea to show, as far as is known.
    fn shows_none(&self, world: &World) -> bool {
        !self.listed().any(|(at, _)| self.has_any(at, world))
    }

    fn draw_nothing(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let state = cx.world.cache.state(&Query::Statuses(Lane::Ideas));
        let (text, role) = match state {
            Remote::Failed(error, None) => (format!("not known: {error}"), Role::Danger),
            Remote::Absent | Remote::Loading(None) => ("not known yet".to_owned(), Role::Muted),
            Remote::Loading(Some(_)) | Remote::Ready(_) | Remote::Failed(_, Some(_)) => {
                return self.draw_invitation(cx, area, buf);
            }
        };
        EmptyState {
            text: &text,
            role,
            action: None,
        }
        .render(area, buf, cx.look);
    }

    fn draw_invitation(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let world = cx.world;
        let key = |name| world.keymap.named(commands::TABLE.scope, name);
        let is_sifted = self.sift != Sift::default() && !self.is_empty(world);
        let (text, key, word) = if is_sifted {
            let wanted = self.sift.label();
            let text = format!("No idea is listed by this filter: {wanted}.");
            (text, key("all"), "lists all again")
        } else {
            let anywhere = world.keymap.everywhere("capture");
            let text = format!(
                "No ideas yet. What could happen belongs here, apart from what did; {anywhere} captures one \
                 from any screen. All of it stays masked until you reveal it."
            );
            (text, key("new"), "captures an idea here")
        };
        EmptyState {
            text: &text,
            role: Role::Muted,
            action: Some((&key, word)),
        }
        .render(area, buf, cx.look);
    }

    fn columns(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let listed: Vec<(usize, Status)> = self.listed().collect();
        let fit = usize::from(area.width / COLUMN).clamp(1, listed.len());
        let here = listed.iter().position(|(at, _)| *at == self.at);
        let here = here.unwrap_or(0);
        let left = first_visible(self.left.get(), here, fit, listed.len());
        self.left.set(left);
        let count = listed.len();
        let fitting = u16::try_from(fit).unwrap_or(1).max(1);
        let (each, mut spare) = (area.width / fitting, area.width % fitting);
        let mut x = area.x;
        for (at, status) in listed.into_iter().skip(left).take(fit) {
            let wider = spare.min(1);
            spare -= wider;
            let column = Rect {
                x,
                width: each + wider,
                ..area
            };
            x += column.width;
            self.column(cx, (at, status), column, buf);
        }
        // There are more columns at the side.
        if left > 0 {
            cx.put(buf, area, 0, "<", Role::Muted);
        }
        if left + fit < count {
            cx.put(buf, area, area.width.saturating_sub(1), ">", Role::Muted);
        }
    }

    fn column(&self, cx: ViewCx<'_>, (at, status): (usize, Status), area: Rect, buf: &mut Buffer) {
        let Some((list, top)) = self.groups.get(at).zip(self.tops.get(at)) else {
            return;
        };
        let here = at == self.at;
        let role = if here { Role::Title } else { Role::Heading };
        cx.put(buf, area, 2, &self.heading(at, status, cx.world), role);
        let below = Rect {
            y: area.y + 1.min(area.height),
            height: area.height.saturating_sub(1),
            width: area.width.saturating_sub(1),
            ..area
        };
        let Window {
            records,
            cursor,
            above,
            below: more,
        } = list.window(cx.world);
        if records.is_empty() {
            let words = Rect {
                x: below.x + 2.min(below.width),
                width: below.width.saturating_sub(2),
                ..below
            };
            let text = status.meaning();
            let role = Role::Placeholder;
            let skip = 0;
            Paragraph { text, role, skip }.render(words, buf, cx.look);
            return;
        }
        let fit = usize::from(below.height / 2).max(1);
        list.fits(fit);
        let was = records.iter().position(|idea| Some(idea.id) == top.get());
        let first = first_visible(was.unwrap_or(0), cursor, fit, records.len());
        top.set(records.get(first).map(|idea| idea.id));
        let mut rest = below;
        for (row, idea) in records.iter().enumerate().skip(first).take(fit) {
            let focused = here && row == cursor;
            card(cx, idea, focused, rest, buf);
            let used = 2.min(rest.height);
            let drawn = Rect {
                height: used,
                ..rest
            };
            zone(&self.drawn, drawn, (at, idea.id));
            rest.y += used;
            rest.height -= used;
        }
        let is_more = more || first + fit < records.len();
        cx.mark_more(below, buf, above || first > 0, is_more);
    }

    fn lines<'w>(&self, world: &'w World) -> Vec<Line<'w>> {
        let mut lines = Vec::new();
        for (at, status) in self.listed() {
            let Some(window) = self.window(at, world) else {
                continue;
            };
            let Window {
                records, cursor, ..
            } = window;
            let here = at == self.at;
            if records.is_empty() && !here {
                continue;
            }
            lines.push(Line::Heading(at, status));
            if records.is_empty() {
                lines.push(Line::Blank(status));
                continue;
            }
            let most = if here { usize::MAX } else { OTHERS };
            let ideas = records.iter().enumerate().take(most);
            lines.extend(ideas.map(|(row, idea)| Line::Idea(at, idea, here && row == cursor)));
            if window.below || records.len() > most {
                let shown = u64::try_from(records.len().min(most)).unwrap_or(0);
                let count = self.count(at, status, world).filter(|_| !here);
                lines.push(Line::More(count.map(|count| count.saturating_sub(shown))));
            }
        }
        lines
    }

    fn groups(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let lines = self.lines(cx.world);
        let height = usize::from(area.height).max(1);
        if let Some(list) = self.list() {
            list.fits(height.saturating_sub(1));
        }
        let is_cursor = |line: &Line<'_>| match line {
            Line::Idea(_, _, focused) => *focused,
            Line::Blank(_) => true,
            Line::Heading(..) | Line::More(_) => false,
        };
        let cursor = lines.iter().position(is_cursor).unwrap_or(0);
        let whole = lines.len() <= height || height < 4;
        let room = if whole { height } else { height - 1 };
        let first = self.first_line(&lines, cursor, room);
        let mut rows = area.rows();
        // What is seen of a group whose beginning is not keeps its heading.
        let of_group = lines.iter().take(first + 1).rev();
        let heading = of_group
            .clone()
            .find(|line| matches!(line, Line::Heading(..)));
        let titled = matches!(lines.get(first), Some(Line::Heading(..)));
        if let (false, false, Some(heading), Some(row)) =
            (whole, titled, heading, area.rows().next())
        {
            self.line(cx, heading, row, buf);
            rows.next();
        }
        let mut shown = 0;
        for (line, row) in lines.iter().skip(first).zip(rows) {
            self.line(cx, line, row, buf);
            shown += 1;
        }
        cx.mark_more(area, buf, first > 0, first + shown < lines.len());
    }

    /// The first line to show; the heading of the group's first idea stays with it.
    fn first_line(&self, lines: &[Line<'_>], cursor: usize, height: usize) -> usize {
        let top = self.top.get();
        let is_top =
            |line: &Line<'_>| matches!(line, Line::Idea(_, idea, _) if Some(idea.id) == top);
        let was = lines.iter().position(is_top).unwrap_or(0);
        let titled =
            cursor > 0 && height > 1 && matches!(lines.get(cursor - 1), Some(Line::Heading(..)));
        let wanted = cursor - usize::from(titled);
        // The heading above the first idea that is seen belongs to it.
        let was = match was.checked_sub(1).map(|before| (before, lines.get(before))) {
            Some((before, Some(Line::Heading(..)))) => before,
            Some(_) | None => was,
        };
        let first = first_visible(was.min(wanted), cursor, height, lines.len());
        let ideas = lines.iter().skip(first).find_map(|line| match line {
            Line::Idea(_, idea, _) => Some(idea.id),
            Line::Heading(..) | Line::More(_) | Line::Blank(_) => None,
        });
        self.top.set(ideas);
        first
    }

    fn line(&self, cx: ViewCx<'_>, line: &Line<'_>, row: Rect, buf: &mut Buffer) {
        match line {
            Line::Heading(at, status) => {
                let role = if *at == self.at {
                    Role::Title
                } else {
                    Role::Heading
                };
                cx.put(buf, row, 1, &self.heading(*at, *status, cx.world), role);
            }
            Line::More(count) => {
                let text = count.map_or_else(|| "more".to_owned(), |count| format!("{count} more"));
                cx.put(buf, row, 3, &text, Role::Placeholder);
            }
            Line::Blank(status) => {
                cx.put(buf, row, 1, cx.look.glyphs.marker, Role::Marker);
                cx.put(buf, row, 3, status.meaning(), Role::Placeholder);
            }
            Line::Idea(at, idea, focused) => {
                zone(&self.drawn, row, (*at, idea.id));
                if *focused {
                    cx.put(buf, row, 1, cx.look.glyphs.marker, Role::Marker);
                }
                let facts = facts(cx, idea, row.width);
                let taken = u16::try_from(width::width(&facts)).unwrap_or(0);
                let inner = Rect {
                    x: row.x + 3.min(row.width),
                    width: row.width.saturating_sub(5),
                    ..row
                };
                let fits = taken + 10 <= inner.width;
                let words = Rect {
                    width: if fits {
                        inner.width - taken - 1
                    } else {
                        inner.width
                    },
                    ..inner
                };
                let runs: Vec<Run<'_>> = title(cx, idea, *focused);
                cx.look.put_runs(buf, words, (words.x, words.y), &runs);
                if fits {
                    cx.put(buf, inner, inner.width - taken, &facts, Role::Muted);
                }
            }
        }
    }
}

impl Screen for ThinkOps {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let state = self.state();
        let state = Some((state.as_str(), Role::Muted)).filter(|(text, _)| !text.is_empty());
        let inside = cx.panel(area, buf, "ThinkOps", state);
        self.drawn.clear();
        if self.shows_none(cx.world) {
            self.draw_nothing(cx, inside, buf);
        } else if self.is_wide(cx.world) {
            self.columns(cx, inside, buf);
        } else {
            self.groups(cx, inside, buf);
        }
        None
    }
}

/// An idea in two rows.
fn card(cx: ViewCx<'_>, idea: &Record, focused: bool, area: Rect, buf: &mut Buffer) {
    if focused {
        cx.put(buf, area, 0, cx.look.glyphs.marker, Role::Marker);
    }
    let words = Rect {
        x: area.x + 2.min(area.width),
        width: area.width.saturating_sub(4),
        ..area
    };
    let runs = title(cx, idea, focused);
    cx.look.put_runs(buf, words, (words.x, words.y), &runs);
    if area.height > 1 {
        let second = Rect {
            y: words.y + 1,
            height: 1,
            ..words
        };
        cx.put(buf, second, 0, &brief(cx, idea), Role::Muted);
    }
}
