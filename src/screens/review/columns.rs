//! The columns of fields and goals, so that the figures of a week stand under one another.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::domain::form::Kind;
use crate::domain::goal::show_amount;
use crate::domain::review::{FieldFigure, GoalFigure, words};
use crate::screens::ViewCx;
use crate::ui::{Role, Sparkline, WEEK_WIDTH, WeekStrip, width};

use super::seen::Entry;
use super::view::MARGIN;

/// Columns of a field from which it has a column for each figure.
const FULL: u16 = 56;
/// Columns of a name from which the days of the week have room.
const NAME: u16 = 8;

/// How wide the columns are, so that figures stand under one another.
pub(super) struct Columns {
    observed: u16,
    typical: u16,
    both: u16,
    year_ago: u16,
    label: u16,
    title: u16,
    done: u16,
    buffer: u16,
}

impl Columns {
    /// Those of these things.
    pub(super) fn of(entries: &[Entry<'_>]) -> Self {
        let mut columns = Self {
            observed: 0,
            typical: 0,
            both: 0,
            year_ago: 0,
            label: NAME,
            title: NAME,
            done: 0,
            buffer: 0,
        };
        let widen = |column: &mut u16, text: &str| {
            let cells = u16::try_from(width::width(text)).unwrap_or(u16::MAX);
            *column = (*column).max(cells);
        };
        for entry in entries {
            match entry {
                Entry::Field(field) => {
                    let typical = words::typical(field).unwrap_or_default();
                    widen(&mut columns.observed, &words::observed(field));
                    widen(&mut columns.typical, &typical);
                    widen(&mut columns.both, &words::against_typical(field));
                    widen(&mut columns.year_ago, &words::year_ago(field));
                    widen(&mut columns.label, &field.label);
                }
                Entry::Goal(goal) => {
                    widen(&mut columns.title, &goal.title);
                    widen(&mut columns.done, &words::done(goal));
                    widen(&mut columns.buffer, &words::buffer(goal.buffer));
                }
                Entry::Days
                | Entry::Signal(_)
                | Entry::Idea(_)
                | Entry::Lesson(_)
                | Entry::Question(_) => {}
            }
        }
        columns
    }

    /// A field: its days, what was observed, what is typical, what was a year before.
    pub(super) fn field(
        &self,
        cx: ViewCx<'_>,
        field: &FieldFigure,
        masked: bool,
        role: Role,
        row: Rect,
        buf: &mut Buffer,
    ) {
        let is_full = row.width >= FULL;
        let figures = if is_full {
            self.observed + self.typical + self.year_ago + 6 + 14
        } else {
            self.both
        };
        let rest = row.width.saturating_sub(MARGIN + figures + 2);
        let with_days = rest >= NAME + 8;
        let room = if with_days { rest - 8 } else { rest };
        let label = self.label.min(room);
        let of_label = Rect {
            width: (MARGIN + label).min(row.width),
            ..row
        };
        cx.put(buf, of_label, MARGIN, &field.label, role);
        let mut at = MARGIN + label + 1;
        if masked {
            cx.put(buf, row, at, cx.look.glyphs.masked, Role::Masked);
            return;
        }
        if with_days {
            week_of(cx, field, at, row, buf);
            at += 8;
        }
        let put = |buf: &mut Buffer, at: u16, columns: u16, text: &str, role: Role| {
            let cell = Rect {
                x: row.x.saturating_add(at),
                width: columns.min(row.width.saturating_sub(at)),
                ..row
            };
            cx.look.put_right(buf, cell, row.y, text, role);
        };
        if !is_full {
            let both = words::against_typical(field);
            put(buf, at, self.both, &both, Role::Value);
            return;
        }
        put(buf, at, self.observed, &words::observed(field), Role::Value);
        at += self.observed + 2;
        if let Some(typical) = words::typical(field) {
            cx.put(buf, row, at, "typical", Role::Muted);
            put(buf, at + 8, self.typical, &typical, Role::Text);
        }
        at += self.typical + 10;
        if field.year_ago.is_some() {
            let end = cx.put(buf, row, at, "a year before", Role::Muted);
            cx.put(buf, row, end + 1, &words::year_ago(field), Role::Text);
        }
    }

    /// A goal: its days, what was done of the minimum, its buffer.
    pub(super) fn goal(
        &self,
        cx: ViewCx<'_>,
        goal: &GoalFigure,
        role: Role,
        row: Rect,
        buf: &mut Buffer,
    ) {
        let figures = self.done + 2 + self.buffer;
        let rest = row.width.saturating_sub(MARGIN + figures + 2);
        let strip = if rest >= NAME + WEEK_WIDTH + 6 {
            WEEK_WIDTH + 1
        } else {
            0
        };
        let title = self.title.min(rest.saturating_sub(strip));
        let of_title = Rect {
            width: (MARGIN + title).min(row.width),
            ..row
        };
        cx.put(buf, of_title, MARGIN, &goal.title, role);
        let mut at = MARGIN + title + 1;
        if strip > 0 {
            let place = Rect {
                x: row.x + at,
                width: WEEK_WIDTH.min(row.width.saturating_sub(at)),
                ..row
            };
            WeekStrip {
                days: &goal.each,
                picked: None,
            }
            .render(place, buf, cx.look);
            at += strip;
        }
        let done = words::done(goal);
        let indent = self
            .done
            .saturating_sub(u16::try_from(width::width(&done)).unwrap_or(0));
        cx.put(buf, row, at + indent, &done, Role::Value);
        at += self.done + 2;
        cx.put(buf, row, at, &words::buffer(goal.buffer), Role::Muted);
        at += self.buffer + 2;
        if let Some(year_ago) = goal.year_ago {
            let text = format!("a year before {}", show_amount(year_ago));
            if usize::from(row.width.saturating_sub(at + 1)) >= width::width(&text) {
                cx.put(buf, row, at, &text, Role::Muted);
            }
        }
    }
}

/// The seven days of a field: levels, or yes and no.
fn week_of(cx: ViewCx<'_>, field: &FieldFigure, at: u16, row: Rect, buf: &mut Buffer) {
    if field.is_habit {
        let mut at = at;
        for value in field.each {
            let (mark, role) = match value {
                Some(yes) if yes > 0.5 => (cx.look.glyphs.yes, Role::Chart),
                Some(_) => (cx.look.glyphs.no, Role::Muted),
                None => (cx.look.glyphs.gap, Role::Track),
            };
            at = cx.put(buf, row, at, mark, role);
        }
        return;
    }
    let asked = cx.world.form.exact(&field.key);
    let bounds = asked.and_then(|asked| match asked.kind {
        Kind::Scale { min, max } => Some((f64::from(min), f64::from(max))),
        Kind::Number { .. }
        | Kind::Toggle
        | Kind::Choice { .. }
        | Kind::Many { .. }
        | Kind::Text
        | Kind::Lines
        | Kind::Date => None,
    });
    let place = Rect {
        x: row.x.saturating_add(at),
        width: 7.min(row.width.saturating_sub(at)),
        ..row
    };
    Sparkline {
        values: &field.each,
        bounds,
        ..Sparkline::default()
    }
    .render(place, buf, cx.look);
}
