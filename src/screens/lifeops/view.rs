//! How a day is drawn: the form, and beside it, as far as there is room, the month and the field.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use serde_json::Value;

use crate::app::cache::Remote;
use crate::app::everywhere;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, Kind, LogForm};
use crate::domain::log::{DailyLog, Shown};
use crate::domain::text::{printable, printable_lines};
use crate::screens::{Screen, ViewCx};
use crate::store::api::{Link, Query};
use crate::ui::{MaskedCell, Role, ScaleBar, ToggleCell, width};

use super::{LifeOps, item, side};

/// Columns from which the month and the sparklines stand beside the form.
const SIDE_FROM: u16 = 72;
/// Columns from which the sparklines have room for all their days.
const WIDE_SIDE_FROM: u16 = 104;
/// Columns from which the field's year and the earlier years stand beside it too.
pub(super) const DETAIL_FROM: u16 = 132;
/// Rows that the text under the cursor may take.
const TEXT_ROWS: usize = 8;

impl Screen for LifeOps {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let [left, middle, right] = columns(area);
        if left.width > 0 {
            side::month_and_recent(cx, self.date, left, buf);
        }
        self.day(cx, middle, buf);
        if right.width > 0 {
            side::field_and_years(cx, self.field(&cx.world.form), self.date, right, buf);
        }
        None
    }
}

fn columns(area: Rect) -> [Rect; 3] {
    let left = match area.width {
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

/// A line of the form.
enum Row<'a> {
    Section(&'a str),
    Field(usize, &'a Field),
    /// More of the text under the cursor.
    Text(String),
    /// Air before a section, where there is room for all of it.
    Air,
    /// A remark under the field under the cursor.
    Remark(String),
}

impl LifeOps {
    fn day(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let form = match self.view {
            FormView::Quick => "quick",
            FormView::Full => "full",
        };
        let title = format!(
            "{} {} {form}",
            dates::long(self.date),
            cx.look.glyphs.separator
        );
        let state = day_state(cx.world, self.date);
        let inner = cx.panel(area, buf, &title, Some((&state.0, state.1)));
        self.form(cx, inner, buf);
    }

    fn form(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let log = cx.world.cache.log(self.date);
        let rows = self.rows(cx, log, usize::from(area.width));
        let height = usize::from(area.height);
        let rows = with_air(rows, height);
        self.follow_cursor(&rows, height);
        let scroll = self.scroll.get();
        for (row, y) in rows.iter().skip(scroll).zip(area.rows()) {
            match row {
                Row::Air => {}
                Row::Section(title) => {
                    cx.put(buf, y, 1, title, Role::Heading);
                }
                Row::Field(at, field) => {
                    draw_field(cx, self, field, *at == self.cursor, log, y, buf);
                }
                Row::Text(text) => {
                    cx.put(
                        buf,
                        y,
                        label_width(y.width, &cx.world.form) + 3,
                        text,
                        Role::Value,
                    );
                }
                Row::Remark(text) => {
                    cx.put(buf, y, 5, text, Role::Placeholder);
                }
            }
        }
        mark_more(cx, scroll > 0, scroll + height < rows.len(), area, buf);
    }

    fn rows<'a>(&self, cx: ViewCx<'a>, log: Option<&DailyLog>, columns: usize) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        let mut section = "";
        for (at, (of, field)) in self.fields(&cx.world.form).into_iter().enumerate() {
            if of.title != section {
                section = &of.title;
                rows.push(Row::Section(section));
            }
            rows.push(Row::Field(at, field));
            if at == self.cursor {
                self.rows_under_cursor(cx, log, field, columns, &mut rows);
            }
        }
        rows
    }

    /// The rest of a long text, and yesterday's plan where the form asks for it.
    fn rows_under_cursor(
        &self,
        cx: ViewCx<'_>,
        log: Option<&DailyLog>,
        field: &Field,
        columns: usize,
        rows: &mut Vec<Row<'_>>,
    ) {
        let room = columns
            .saturating_sub(usize::from(label_width(width16(columns), &cx.world.form)) + 4)
            .max(8);
        if let Kind::Text = field.kind
            && let Some(text) = log.and_then(|log| visible_text(cx, log, field))
        {
            let text = printable_lines(&text).into_owned();
            let lines = width::wrap(&text, room);
            let shown = lines.iter().skip(1).take(TEXT_ROWS);
            rows.extend(
                shown
                    .filter_map(|line| text.get(line.clone()))
                    .map(|line| Row::Text(line.to_owned())),
            );
            let rest = lines.len().saturating_sub(TEXT_ROWS + 1);
            if rest > 0 {
                rows.push(Row::Remark(format!("{rest} more lines, enter shows all")));
            }
        }
        if let Some(plan) = self.plan_of_yesterday(cx.world, field) {
            rows.push(Row::Remark(format!(
                "planned yesterday: {}",
                printable(&plan)
            )));
        }
    }

    /// What was planned the day before, for a field that the form pairs with it.
    fn plan_of_yesterday(&self, world: &World, field: &Field) -> Option<String> {
        let from = world.form.field(field.prompt_from.as_deref()?)?;
        let log = world.cache.log(self.date.yesterday().ok()?)?;
        let Shown::Open(value) = log.value(from) else {
            return None;
        };
        Some(from.show(value))
    }

    /// Moves the first line as little as needed to show the cursor with its section's title.
    fn follow_cursor(&self, rows: &[Row<'_>], height: usize) {
        let cursor = rows
            .iter()
            .position(|row| matches!(row, Row::Field(at, _) if *at == self.cursor));
        let cursor = cursor.unwrap_or(0);
        let extra = rows.iter().skip(cursor + 1);
        let extra = extra
            .take_while(|row| matches!(row, Row::Text(_) | Row::Remark(_)))
            .count();
        let above = rows.get(cursor.wrapping_sub(1));
        let first = if matches!(above, Some(Row::Section(_))) {
            cursor - 1
        } else {
            cursor
        };
        let last = (cursor + extra).min(first + height.saturating_sub(1));
        let lowest = (last + 1).saturating_sub(height);
        let highest = rows.len().saturating_sub(height);
        self.scroll.set(
            self.scroll
                .get()
                .clamp(lowest.min(first), first)
                .min(highest),
        );
    }
}

/// Sets the sections apart, if everything fits then.
fn with_air(rows: Vec<Row<'_>>, height: usize) -> Vec<Row<'_>> {
    let sections = rows
        .iter()
        .filter(|row| matches!(row, Row::Section(_)))
        .count();
    if rows.len() + sections > height {
        return rows;
    }
    let mut airy = Vec::with_capacity(rows.len() + sections);
    for row in rows {
        if matches!(row, Row::Section(_)) && !airy.is_empty() {
            airy.push(Row::Air);
        }
        airy.push(row);
    }
    airy
}

fn width16(columns: usize) -> u16 {
    u16::try_from(columns).unwrap_or(u16::MAX)
}

/// Columns for the names of the fields, a blank one included: as many as the longest needs, as long
/// as the answers keep the greater part.
fn label_width(columns: u16, form: &LogForm) -> u16 {
    let labels = form.fields(FormView::Full).map(|(_, field)| &field.label);
    let longest = labels.map(|label| width::width(label)).max().unwrap_or(0);
    let most = if columns < 46 { 14 } else { 11 + columns / 6 };
    width16(longest + 1).min(most)
}

/// In a word or two, what is between this day and the database.
fn day_state(world: &World, date: jiff::civil::Date) -> (String, Role) {
    let pending = world.cache.pending().len();
    let online = matches!(world.link, Link::Online { .. });
    if pending > 0 {
        return if online {
            ("saving".to_owned(), Role::Muted)
        } else {
            (format!("{pending} unsent"), Role::Warn)
        };
    }
    match world.cache.state(&Query::Day(date)) {
        Remote::Ready(_) => match world.cache.log(date).filter(|log| !log.is_blank()) {
            Some(log) => (format!("saved {}", saved_when(world, log)), Role::Ok),
            None => ("nothing logged yet".to_owned(), Role::Muted),
        },
        Remote::Loading(Some(_)) => ("looking for news".to_owned(), Role::Muted),
        Remote::Absent | Remote::Loading(None) if online => ("loading".to_owned(), Role::Muted),
        Remote::Failed(..) if online => ("not loaded, R retries".to_owned(), Role::Danger),
        Remote::Absent | Remote::Loading(None) | Remote::Failed(..) => {
            ("not loaded yet".to_owned(), Role::Muted)
        }
    }
}

/// The time of the last change, with its date when that was another day.
fn saved_when(world: &World, log: &DailyLog) -> String {
    let at = log.updated_at.to_zoned(world.zone().clone());
    if at.date() == world.today {
        world.clock(log.updated_at)
    } else {
        dates::short(at.date())
    }
}

fn mark_more(cx: ViewCx<'_>, above: bool, below: bool, area: Rect, buf: &mut Buffer) {
    let at = area.width.saturating_sub(1);
    if let Some(first) = area.rows().next().filter(|_| above) {
        cx.put(buf, first, at, cx.look.glyphs.more_above, Role::Muted);
    }
    if let Some(last) = area.rows().next_back().filter(|_| below) {
        cx.put(buf, last, at, cx.look.glyphs.more_below, Role::Muted);
    }
}

/// The text of a field, if it may be seen.
fn visible_text(cx: ViewCx<'_>, log: &DailyLog, field: &Field) -> Option<String> {
    match log.value(field) {
        Shown::Absent => None,
        Shown::Open(value) => value.as_str().map(str::to_owned),
        Shown::Sealed(value) => {
            let value = cx.reveal(&value, &item(log.date, &field.key))?;
            value.as_str().map(str::to_owned)
        }
    }
}

fn draw_field(
    cx: ViewCx<'_>,
    screen: &LifeOps,
    field: &Field,
    focused: bool,
    log: Option<&DailyLog>,
    area: Rect,
    buf: &mut Buffer,
) {
    let labels = label_width(area.width, &cx.world.form);
    let role = if focused { Role::Selected } else { Role::Muted };
    if focused {
        cx.put(buf, area, 1, cx.look.glyphs.marker, Role::Marker);
    }
    let label = width::truncate(&field.label, usize::from(labels) - 1).into_owned();
    cx.put(buf, area, 3, &label, role);
    let value = Rect {
        x: area.x + (3 + labels).min(area.width),
        width: area.width.saturating_sub(4 + labels),
        ..area
    };
    match log.map_or(Shown::Absent, |log| log.value(field)) {
        Shown::Absent => draw_absent(cx, field, focused, value, buf),
        Shown::Open(shown) => draw_value(cx, field, shown, focused, value, buf),
        Shown::Sealed(sealed) => match cx.reveal(&sealed, &item(screen.date, &field.key)) {
            Some(shown) => draw_value(cx, field, shown, focused, value, buf),
            None => draw_masked(cx, focused, value, buf),
        },
    }
}

fn draw_masked(cx: ViewCx<'_>, focused: bool, area: Rect, buf: &mut Buffer) {
    let keys = cx.world.keymap.keys(everywhere::TABLE.scope, "reveal");
    let hint = keys
        .first()
        .filter(|_| focused)
        .map(|key| format!("masked, {key} shows it"));
    MaskedCell {
        hint: hint.as_deref(),
    }
    .render(area, buf, cx.look);
}

fn draw_absent(cx: ViewCx<'_>, field: &Field, focused: bool, area: Rect, buf: &mut Buffer) {
    match field.kind {
        Kind::Scale { min, max } => scale(cx, field, None, (min, max), focused, area, buf),
        Kind::Number { .. }
        | Kind::Toggle
        | Kind::Choice { .. }
        | Kind::Many { .. }
        | Kind::Text => {
            let used = cx.put(buf, area, 0, cx.look.glyphs.none, Role::Track);
            if let Some(prompt) = field.prompt.as_deref().filter(|_| focused) {
                cx.put(buf, area, used + 1, prompt, Role::Placeholder);
            }
        }
    }
}

/// A scale; the words for its ends stand on the row under the cursor only.
fn scale(
    cx: ViewCx<'_>,
    field: &Field,
    value: Option<u8>,
    (min, max): (u8, u8),
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    let low = field.low.as_deref().filter(|_| focused);
    let high = field.high.as_deref().filter(|_| focused);
    ScaleBar {
        value,
        min,
        max,
        low,
        high,
    }
    .render(area, buf, cx.look);
}

fn draw_value(
    cx: ViewCx<'_>,
    field: &Field,
    value: &Value,
    focused: bool,
    area: Rect,
    buf: &mut Buffer,
) {
    let shown = field.show(value);
    let number = value.as_u64().and_then(|number| u8::try_from(number).ok());
    match (&field.kind, number) {
        (Kind::Scale { min, max }, Some(number)) => {
            scale(cx, field, Some(number), (*min, *max), focused, area, buf);
        }
        (Kind::Number { .. }, _) => {
            let unit = field.unit.as_deref().unwrap_or_default();
            cx.put(buf, area, 0, format!("{shown} {unit}").trim(), Role::Value);
        }
        (Kind::Toggle, _) => ToggleCell {
            value: value.as_bool(),
        }
        .render(area, buf, cx.look),
        (Kind::Text, _) => draw_text(cx, &shown, focused, area, buf),
        (Kind::Scale { .. } | Kind::Choice { .. } | Kind::Many { .. }, _) => {
            cx.put(buf, area, 0, &shown, Role::Value);
        }
    }
}

/// The first line of a text; under the cursor it goes on in the rows below.
fn draw_text(cx: ViewCx<'_>, text: &str, focused: bool, area: Rect, buf: &mut Buffer) {
    if focused {
        let text = printable_lines(text);
        let first = width::wrap(&text, usize::from(area.width).max(8))
            .into_iter()
            .next();
        let first = first
            .and_then(|line| text.get(line))
            .unwrap_or_default()
            .to_owned();
        cx.put(buf, area, 0, &first, Role::Value);
    } else {
        let first = text.lines().next().unwrap_or_default();
        let more = if text.lines().nth(1).is_some() {
            " …"
        } else {
            ""
        };
        cx.put(
            buf,
            area,
            0,
            &format!("{}{more}", printable(first)),
            Role::Value,
        );
    }
}
