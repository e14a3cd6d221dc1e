//! A year of one field on a few rows.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::charts::level;
use super::look::Look;
use super::theme::Role;
use super::width::width;
use crate::domain::dates;

/// The weeks up to a day as columns, the latest on the right; as many as fit, 53 at most.
pub struct YearHeat<'a> {
    /// What the legend calls the field.
    pub label: &'a str,
    /// The last day shown.
    pub until: Date,
    /// The day a week starts on.
    pub week_start: Weekday,
    /// A day's value; `None` is a day without one.
    pub value: &'a dyn Fn(Date) -> Option<f64>,
    /// What the lightest and the heaviest level stand for.
    pub bounds: (f64, f64),
    /// The day that is open.
    pub selected: Option<Date>,
}

/// Columns before the first week: two letters of a weekday and two blanks.
const MARGIN: u16 = 4;
const WEEKS: u16 = 53;

impl YearHeat<'_> {
    /// The cells a whole year needs.
    pub const WIDTH: u16 = WEEKS + MARGIN;
    /// Rows: months, seven days, legend.
    pub const HEIGHT: u16 = 9;

    /// Draws it. Where rows are short, the legend goes first, then the months.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let weeks = area.width.saturating_sub(MARGIN).min(WEEKS);
        if weeks == 0 || area.height == 0 {
            return;
        }
        let last = dates::week_start(self.until, self.week_start);
        let Ok(first) = last.checked_sub((i64::from(weeks) - 1).weeks()) else {
            return;
        };
        let mut y = area.y;
        if area.height >= 8 {
            months(Rect { height: 1, ..area }, buf, look, first, weeks);
            y += 1;
        }
        for (row, weekday) in (0i64..).zip(dates::week(self.week_start)) {
            if row % 2 == 0 {
                let name: String = dates::weekday_short(weekday).chars().take(2).collect();
                look.put(buf, area, (area.x, y), &name, Role::Muted);
            }
            for column in 0..weeks {
                let Ok(day) = first.checked_add((i64::from(column) * 7 + row).days()) else {
                    continue;
                };
                if day <= self.until {
                    self.day(buf, area, (area.x + MARGIN + column, y), day, look);
                }
            }
            y = y.saturating_add(1);
        }
        if area.height >= 9 {
            self.legend(
                Rect {
                    y,
                    height: 1,
                    ..area
                },
                buf,
                look,
            );
        }
    }

    fn day(&self, buf: &mut Buffer, area: Rect, at: (u16, u16), day: Date, look: &Look) {
        let (low, high) = self.bounds;
        let step = (self.value)(day).map_or(0, |value| 1 + level(value, low, high, 4));
        let (mark, role) = step_look(step, look);
        // A full block in the colours of what is picked would hide one of them.
        let (mark, role) = if Some(day) == self.selected {
            (look.glyphs.here, Role::Picked)
        } else {
            (mark, role)
        };
        look.put(buf, area, at, mark, role);
    }

    fn legend(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let steps = Role::HEAT.len() - 1;
        let (low, high) = self.bounds;
        let words = format!("{low} {}", look.glyphs.between);
        let mut x = area.x + MARGIN;
        let room = usize::from(area.right().saturating_sub(x));
        let scale = steps + 2 + width(&words) + width(&high.to_string()) + 1;
        if room >= scale + 2 {
            let label_room = u16::try_from(room - scale - 2).unwrap_or(0);
            x = look.put_fit(buf, area, (x, area.y), self.label, label_room, Role::Text) + 2;
        }
        x = look.put(buf, area, (x, area.y), &format!("{low} "), Role::Muted);
        for step in 1..5 {
            let (mark, role) = step_look(step, look);
            x = look.put(buf, area, (x, area.y), mark, role);
        }
        look.put(buf, area, (x, area.y), &format!(" {high}"), Role::Muted);
    }
}

fn months(area: Rect, buf: &mut Buffer, look: &Look, first: Date, weeks: u16) {
    let mut free = area.x + MARGIN;
    for column in 0..weeks {
        let Ok(week) = first.checked_add(i64::from(column).weeks()) else {
            continue;
        };
        let x = area.x + MARGIN + column;
        // The month is named over its first whole week.
        if week.day() <= 7 && x >= free && x + 3 <= area.right() {
            let name = dates::month(week);
            let name: String = name.chars().take(3).collect();
            free = look.put(buf, area, (x, area.y), &name, Role::Muted) + 1;
        }
    }
}

fn step_look(step: u8, look: &Look) -> (&'static str, Role) {
    let step = usize::from(step.min(4));
    let mark = look.glyphs.heat.get(step).copied().unwrap_or(" ");
    (mark, Role::HEAT.get(step).copied().unwrap_or(Role::Text))
}
