//! A month, with the days that have a log.

use jiff::civil::{Date, Weekday};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::look::Look;
use super::theme::Role;
use crate::domain::dates;

/// A month in weeks. A day is its number and, behind it, a mark: logged, not logged, to come.
pub struct MonthCalendar<'a> {
    /// Any day of the month.
    pub month: Date,
    /// The day that is open.
    pub selected: Option<Date>,
    /// The day it is.
    pub today: Date,
    /// The day a week starts on.
    pub week_start: Weekday,
    /// Whether a day has a log.
    pub logged: &'a dyn Fn(Date) -> bool,
    /// Whether the month's name is the first row. A box has it in its title.
    pub titled: bool,
}

impl MonthCalendar<'_> {
    /// The cells it needs: seven days of three cells.
    pub const WIDTH: u16 = 21;
    /// The rows it needs at most, without the title.
    pub const HEIGHT: u16 = 7;

    /// Draws it. With fewer rows than weeks, the weeks around the selected day stay.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let mut y = area.y;
        if self.titled {
            look.put_fit(
                buf,
                area,
                (area.x, y),
                &dates::month(self.month),
                area.width,
                Role::Title,
            );
            y = y.saturating_add(1);
        }
        for (column, day) in (0u16..).zip(dates::week(self.week_start)) {
            let x = area.x.saturating_add(column * 3);
            let name: String = dates::weekday_short(day).chars().take(2).collect();
            if x.saturating_add(2) <= area.right() {
                look.put(buf, area, (x, y), &name, Role::Muted);
            }
        }
        y = y.saturating_add(1);
        let weeks = dates::month_grid(self.month, self.week_start);
        let rows = usize::from(area.bottom().saturating_sub(y));
        let focus = self.selected.unwrap_or(self.today);
        let current = weeks
            .iter()
            .position(|week| week.contains(&focus))
            .unwrap_or(0);
        let first = (current + 1)
            .saturating_sub(rows)
            .min(weeks.len().saturating_sub(rows));
        for week in weeks.iter().skip(first).take(rows) {
            for (column, day) in (0u16..).zip(week) {
                let x = area.x.saturating_add(column * 3);
                // Whole or not at all: half a number would be another day.
                if day.month() == self.month.month() && x.saturating_add(2) <= area.right() {
                    self.day(buf, area, (x, y), *day, look);
                }
            }
            y = y.saturating_add(1);
        }
    }

    fn day(&self, buf: &mut Buffer, area: Rect, at: (u16, u16), day: Date, look: &Look) {
        let logged = (self.logged)(day);
        let mut style = look.style(if day == self.today {
            Role::Today
        } else if logged {
            Role::Text
        } else {
            Role::Muted
        });
        if day == self.today {
            style = style.add_modifier(Modifier::UNDERLINED);
        }
        if Some(day) == self.selected {
            style = look.style(Role::Picked);
        }
        let x = look.put_styled(buf, area, at, &format!("{:>2}", day.day()), style);
        let (mark, role) = if logged {
            (look.glyphs.logged, Role::Logged)
        } else if day <= self.today {
            (look.glyphs.unlogged, Role::Track)
        } else {
            return;
        };
        look.put(buf, area, (x, at.1), mark, role);
    }
}
