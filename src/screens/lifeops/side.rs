//! What stands beside the form: the month, the last 30 days; the field's year, earlier years.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::domain::dates;
use crate::domain::form::{Field, Kind};
use crate::domain::series::Series;
use crate::screens::ViewCx;
use crate::screens::popups::summary;
use crate::store::api::Query;
use crate::ui::{MonthCalendar, Paragraph, Role, Sparkline, YearHeat};

use super::{RECENT_DAYS, chart_fields, is_numeric, recent, year};

/// Columns for the names of the sparklines: at least, where they are wide, and at most.
const CHART_LABEL: (u16, u16) = (6, 14);

/// The month above, sparklines below.
pub(super) fn month_and_recent(cx: ViewCx<'_>, date: Date, area: Rect, buf: &mut Buffer) {
    let [month, charts] = Layout::vertical([Constraint::Length(9), Constraint::Min(0)]).areas(area);
    let inside = cx.side_panel(month, buf, &dates::month(date));
    draw_month(cx, date, inside, buf);
    let scale = Scale::fitting(charts.width.saturating_sub(2));
    let inside = cx.side_panel(charts, buf, &scale.title());
    draw_recent(cx, date, scale, inside, buf);
}

/// How the recent days fit their panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scale {
    /// Days that share a mark.
    days: u16,
    /// Columns for the name.
    label: u16,
}

impl Scale {
    /// As few days a mark as leave room for the names.
    fn fitting(columns: u16) -> Self {
        let recent = u16::try_from(RECENT_DAYS).unwrap_or(u16::MAX);
        let label = |days: u16| columns.saturating_sub(1 + recent.div_ceil(days));
        let days = (1..=recent)
            .find(|days| label(*days) >= CHART_LABEL.0)
            .unwrap_or(recent);
        Self {
            days,
            label: label(days).min(CHART_LABEL.1),
        }
    }

    fn title(self) -> String {
        if self.days == 1 {
            format!("{RECENT_DAYS} days")
        } else {
            format!("{RECENT_DAYS} days, {} a bar", self.days)
        }
    }
}

/// A month with its logged days.
pub(crate) fn draw_month(cx: ViewCx<'_>, date: Date, area: Rect, buf: &mut Buffer) {
    let logged = cx.world.cache.month(date.first_of_month());
    MonthCalendar {
        month: date,
        selected: Some(date),
        today: cx.world.today,
        week_start: cx.world.settings.week_start,
        logged: &|day| logged.contains(&day),
        titled: false,
    }
    .render(area, buf, cx.look);
}

fn draw_recent(cx: ViewCx<'_>, date: Date, scale: Scale, area: Rect, buf: &mut Buffer) {
    let query = recent(cx.world, date);
    let from = date.saturating_sub((RECENT_DAYS - 1).days());
    let none = BTreeMap::new();
    let fields = chart_fields(&cx.world.form);
    // Bars that reach the row above would run into it.
    let apart = usize::from(area.height) + 1 >= 2 * fields.len();
    let rows = area.rows().step_by(if apart { 2 } else { 1 });
    for (key, row) in fields.iter().zip(rows) {
        let Some(field) = cx.world.form.field(key) else {
            continue;
        };
        let days = cx.world.cache.series(&query, key).unwrap_or(&none);
        let series = Series::over(from, date, days.iter().map(|(day, value)| (*day, *value)));
        Sparkline {
            label: &field.label,
            label_width: scale.label,
            values: &series.averages(scale.days.into()),
            bounds: field.bounds(),
            trailing: "",
        }
        .render(row, buf, cx.look);
    }
}

/// The field's year above, the same day in earlier years below.
pub(super) fn field_and_years(
    cx: ViewCx<'_>,
    field: Option<&Field>,
    date: Date,
    area: Rect,
    buf: &mut Buffer,
) {
    let [above, below] = Layout::vertical([Constraint::Length(11), Constraint::Min(0)]).areas(area);
    let numeric = field.filter(|field| is_numeric(field));
    let title = numeric.map_or("a year", |field| field.label.as_str());
    let inside = cx.side_panel(above, buf, title);
    if let Some(field) = numeric {
        draw_year(cx, &year(field, date), field, date, inside, buf);
    } else {
        let text = "Scales, numbers and yes/no fields show a year here.";
        Paragraph {
            text,
            role: Role::Placeholder,
            skip: 0,
        }
        .render(inside, buf, cx.look);
    }
    let title = format!("{} in earlier years", dates::short(date));
    let inside = cx.side_panel(below, buf, &title);
    draw_earlier_years(cx, date, inside, buf);
}

/// A year of a field, a cell a day.
pub(crate) fn draw_year(
    cx: ViewCx<'_>,
    query: &Query,
    field: &Field,
    until: Date,
    area: Rect,
    buf: &mut Buffer,
) {
    let none = BTreeMap::new();
    let days = cx.world.cache.series(query, &field.key).unwrap_or(&none);
    YearHeat {
        label: &field.label,
        until,
        week_start: cx.world.settings.week_start,
        value: &|day| days.get(&day).copied(),
        bounds: heat_bounds(field, days),
        selected: Some(until),
    }
    .render(area, buf, cx.look);
}

/// A scale's own ends; for a number, whose range is far wider than its days, those of the days.
fn heat_bounds(field: &Field, days: &BTreeMap<Date, f64>) -> (f64, f64) {
    let of_days = || {
        let low = days.values().copied().reduce(f64::min)?;
        let high = days.values().copied().reduce(f64::max)?;
        Some((low, high))
    };
    match field.kind {
        Kind::Number { .. } => of_days().or(field.bounds()),
        Kind::Scale { .. }
        | Kind::Toggle
        | Kind::Choice { .. }
        | Kind::Many { .. }
        | Kind::Text
        | Kind::Lines
        | Kind::Date => field.bounds(),
    }
    .unwrap_or((0.0, 1.0))
}

fn draw_earlier_years(cx: ViewCx<'_>, date: Date, area: Rect, buf: &mut Buffer) {
    let logs = cx.world.cache.on_this_day(date);
    if logs.is_empty() {
        let text = "Nothing was logged on this day in earlier years.";
        Paragraph {
            text,
            role: Role::Placeholder,
            skip: 0,
        }
        .render(area, buf, cx.look);
    }
    let mut y = area.y;
    for log in logs {
        let Some(left) = area.bottom().checked_sub(y).filter(|left| *left > 1) else {
            break;
        };
        cx.put(
            buf,
            Rect {
                y,
                height: 1,
                ..area
            },
            1,
            &dates::long(log.date),
            Role::Heading,
        );
        let x = area.x + 1.min(area.width);
        let width = area.width.saturating_sub(2);
        let rest = Rect {
            x,
            y: y + 1,
            width,
            height: (left - 1).min(3),
        };
        let text = summary(cx, log);
        let rows = Paragraph {
            text: &text,
            role: Role::Muted,
            skip: 0,
        }
        .render(rest, buf, cx.look);
        y = y.saturating_add(u16::try_from(rows).unwrap_or(u16::MAX).min(rest.height) + 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_days_fit_every_panel() {
        for columns in 10..60 {
            let scale = Scale::fitting(columns);
            let marks = 30_u16.div_ceil(scale.days);
            assert!(scale.label + 1 + marks <= columns, "{columns}: {scale:?}");
            assert!(scale.label >= CHART_LABEL.0, "{columns}: {scale:?}");
        }
        assert_eq!(Scale::fitting(22), Scale { days: 2, label: 6 });
        assert_eq!(Scale::fitting(39), Scale { days: 1, label: 8 });
        assert_eq!(Scale::fitting(44), Scale { days: 1, label: 13 });
    }
}
