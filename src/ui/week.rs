//! A week of a goal in one row, a cell a day.

use jiff::civil::{Date, Weekday};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::Look;
use super::theme::Role;
use crate::domain::dates;
use crate::domain::goal::DayMark;

/// The columns of a strip and of its head: seven days, each with a column before it, and one behind the last.
pub const WEEK_WIDTH: u16 = 15;

/// The days of a week by their marks. The day that is picked stands in brackets, so that no colour is needed to see
/// it.
#[derive(Debug, Clone, Copy)]
pub struct WeekStrip<'a> {
    /// The days in the person's order.
    pub days: &'a [DayMark; 7],
    /// Which of them is picked.
    pub picked: Option<usize>,
}

impl WeekStrip<'_> {
    /// Draws it on the first row of the area; days that do not fit are left out.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        for (index, (day, x)) in self.days.iter().zip((area.x + 1..).step_by(2)).enumerate() {
            let (mark, role) = day_look(*day, look);
            look.put(buf, area, (x, area.y), mark, role);
            if self.picked == Some(index) {
                look.put(buf, area, (x - 1, area.y), "[", Role::Picked);
                look.put(buf, area, (x + 1, area.y), "]", Role::Picked);
            }
        }
    }
}

/// The first letters of the days above a strip; the letter of today stands out.
#[derive(Debug, Clone, Copy)]
pub struct WeekHead {
    /// The first day of the week.
    pub first: Date,
    /// The day that today is.
    pub today: Date,
}

impl WeekHead {
    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let week: [Weekday; 7] = dates::week(self.first.weekday());
        let today = dates::days_between(self.first, self.today);
        for ((index, day), x) in (0..).zip(week).zip((area.x + 1..).step_by(2)) {
            let letter: String = dates::weekday_short(day).chars().take(1).collect();
            let role = if index == today {
                Role::Today
            } else {
                Role::Muted
            };
            look.put(buf, area, (x, area.y), &letter, role);
        }
    }
}

/// The mark of a day. A day without a check-in and one that says it was not done look different.
#[must_use]
pub fn day_look(day: DayMark, look: &Look) -> (&'static str, Role) {
    match day {
        DayMark::Done => (look.glyphs.logged, Role::Logged),
        DayMark::Part => (look.glyphs.part, Role::Logged),
        DayMark::No => (look.glyphs.no, Role::Muted),
        DayMark::Nothing => (look.glyphs.none, Role::Muted),
        DayMark::Ahead => (look.glyphs.unlogged, Role::Track),
        DayMark::Outside => (" ", Role::Track),
    }
}
