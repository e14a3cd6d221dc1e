//! One field of the form on its row.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;

use crate::app::subject::Subject;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, Kind, LogForm};
use crate::domain::log::Shown;
use crate::domain::text::{printable, printable_lines};
use crate::screens::ViewCx;
use crate::ui::{MaskedCell, Role, ScaleBar, ToggleCell, width};

/// Columns that a value is left at least beside a name that is shown whole.
const LEAST_VALUE: u16 = 8;

/// A field and how it is shown.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub subject: Subject,
    pub field: &'a Field,
    /// Whether the cursor is on it.
    pub focused: bool,
    /// Whether the rows below hold the rest of its text.
    pub whole: bool,
}

/// Columns for the names of the fields, a blank one included: as many as the longest needs, as long
/// as the answers keep the greater part.
pub(super) fn label_width(columns: u16, form: &LogForm) -> u16 {
    let labels = form.fields(FormView::Full).map(|(_, field)| &field.label);
    let longest = labels.map(|label| width::width(label)).max().unwrap_or(0);
    let most = match columns {
        0..24 => columns.saturating_sub(2) / 2 + 1,
        24..46 => 14,
        _ => 13 + columns / 6,
    };
    u16::try_from(longest + 1).unwrap_or(most).min(most)
}

/// The text of a field, if it may be seen.
pub(super) fn visible_text(cx: ViewCx<'_>, subject: Subject, field: &Field) -> Option<String> {
    match subject.value(field, cx.world) {
        Shown::Absent => None,
        Shown::Open(value) => field.as_text(value),
        Shown::Sealed(value) => {
            let value = cx.reveal(&value, &subject.item(&field.key))?;
            field.as_text(value)
        }
    }
}

pub(super) fn draw_field(cx: ViewCx<'_>, line: Line<'_>, area: Rect, buf: &mut Buffer) {
    let Line {
        subject,
        field,
        focused,
        whole,
    } = line;
    // Where there is hardly any room, the marker has none.
    let margin = if area.width < 16 { 0 } else { 3 };
    let mut labels = label_width(area.width, subject.form(cx.world));
    let own = width16(&field.label) + 1;
    if focused && !whole && own.saturating_add(margin + 1 + LEAST_VALUE) <= area.width {
        labels = labels.max(own);
    }
    let role = if focused { Role::Selected } else { Role::Muted };
    if focused && margin > 0 {
        cx.put(buf, area, 1, cx.look.glyphs.marker, Role::Marker);
    }
    let label = width::truncate(&field.label, usize::from(labels) - 1).into_owned();
    cx.put(buf, area, margin, &label, role);
    let value = Rect {
        x: area.x + (margin + labels).min(area.width),
        width: area.width.saturating_sub(margin + labels + margin.min(1)),
        ..area
    };
    let whole = whole || focused;
    match subject.value(field, cx.world) {
        // A list leaves long fields out: what is not loaded is not said to be empty.
        Shown::Absent if is_on_its_way(subject, cx) => {
            cx.put(buf, value, 0, "…", Role::Track);
        }
        Shown::Absent => draw_absent(cx, field, focused, value, buf),
        Shown::Open(shown) => draw_value(cx, field, shown, (focused, whole), value, buf),
        Shown::Sealed(sealed) => match cx.reveal(&sealed, &subject.item(&field.key)) {
            Some(shown) => draw_value(cx, field, shown, (focused, whole), value, buf),
            None => draw_masked(cx, focused, value, buf),
        },
    }
}

fn is_on_its_way(subject: Subject, cx: ViewCx<'_>) -> bool {
    match subject {
        Subject::Log(_) => false,
        Subject::Record(..) => !subject.is_known(cx.world),
    }
}

/// Columns for the question of a field under the cursor on its own row; a scale has its words there.
pub(super) fn prompt_room(form: &LogForm, field: &Field, columns: u16) -> Option<u16> {
    let own = width16(&field.label) + 1;
    let labels = label_width(columns, form).max(own);
    (!matches!(field.kind, Kind::Scale { .. })).then(|| columns.saturating_sub(labels + 6))
}

fn draw_masked(cx: ViewCx<'_>, focused: bool, area: Rect, buf: &mut Buffer) {
    let hints = focused.then(|| {
        let key = cx.world.keymap.everywhere("reveal");
        [
            format!("masked, {key} shows it"),
            format!("{key} shows it"),
            key.clone(),
        ]
    });
    MaskedCell {
        hints: hints.as_ref().map_or(&[], |hints| hints.as_slice()),
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
        | Kind::Text
        | Kind::Lines
        | Kind::Date => {
            let used = cx.put(buf, area, 0, cx.look.glyphs.none, Role::Track);
            let fits = |prompt: &&str| used + 1 + width16(prompt) <= area.width;
            let prompt = field.prompt.as_deref().filter(|_| focused);
            if let Some(prompt) = prompt.filter(fits) {
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
    (focused, whole): (bool, bool),
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
        (Kind::Text | Kind::Lines, _) => draw_text(cx, &shown, whole, area, buf),
        (Kind::Date, _) => match field.as_date(value) {
            Some(date) => draw_date(cx, date, area, buf),
            None => drop(cx.put(buf, area, 0, &shown, Role::Value)),
        },
        (Kind::Scale { .. } | Kind::Choice { .. } | Kind::Many { .. }, _) => {
            cx.put(buf, area, 0, &shown, Role::Value);
        }
    }
}

/// A date, and behind it, where there is room, where it lies seen from today.
fn draw_date(cx: ViewCx<'_>, date: Date, area: Rect, buf: &mut Buffer) {
    let long = dates::long(date);
    let used = cx.put(buf, area, 0, &long, Role::Value);
    let when = dates::relative(date, cx.world.today);
    let when = format!(" {} {when}", cx.look.glyphs.separator);
    if used + width16(&when) <= area.width {
        cx.put(buf, area, used, &when, Role::Muted);
    }
}

/// The first line of a text; a whole one goes on in the rows below.
fn draw_text(cx: ViewCx<'_>, text: &str, whole: bool, area: Rect, buf: &mut Buffer) {
    if whole {
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

fn width16(text: &str) -> u16 {
    u16::try_from(width::width(text)).unwrap_or(u16::MAX / 2)
}
