//! The lines of the form, which of them are seen, and how they follow the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::form::{Field, FormView};
use crate::domain::log::Shown;
use crate::domain::text::{printable, printable_lines};
use crate::screens::{ViewCx, zone};
use crate::ui::{Role, width};

use super::FormPane;
use super::field::{Line, draw_field, label_width, prompt_room, visible_text};

/// Rows that a text may take.
const TEXT_ROWS: usize = 8;
/// Rows that stay in sight before and behind the cursor.
const CONTEXT: usize = 2;

/// A line of the form.
enum Row<'a> {
    Section(&'a str),
    /// A field; whether more of its text follows.
    Field(usize, &'a Field, bool),
    /// More of a text.
    Text(String),
    /// Air before a section, where there is room for all of it.
    Air,
    /// A remark under the field under the cursor.
    Remark(String),
}

/// What of a text does not fit its field's row.
struct Rest {
    lines: Vec<String>,
    left_out: usize,
}

impl FormPane {
    /// Where there is one row only: the field under the cursor, and no title.
    pub fn draw_one_field(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let Some(field) = self.field(cx.world) else {
            return;
        };
        let line = Line {
            subject: self.subject,
            field,
            focused: true,
            whole: false,
        };
        draw_field(cx, line, area, buf);
    }

    /// Draws as much of it as the area holds, the field under the cursor in sight.
    pub fn draw(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        self.drawn.clear();
        let height = usize::from(area.height);
        let rows = self.rows(cx, usize::from(area.width), height);
        let rows = with_air(rows, height);
        if let Some(remark) = self.nothing(cx.world) {
            cx.put(buf, area, 1, &remark, Role::Placeholder);
            return;
        }
        self.follow_cursor(&rows, height);
        let scroll = self.scroll.get();
        let labels = label_width(area.width, self.subject.form(cx.world));
        let mut field_above = None;
        for (row, y) in rows.iter().skip(scroll).zip(area.rows()) {
            field_above = match row {
                Row::Field(at, ..) => Some(*at),
                Row::Text(_) | Row::Remark(_) => field_above,
                Row::Section(_) | Row::Air => None,
            };
            if let Some(field) = field_above {
                zone(&self.drawn, y, field);
            }
            match row {
                Row::Air => {}
                Row::Section(title) => {
                    cx.put(buf, y, 1, title, Role::Heading);
                }
                Row::Field(at, field, whole) => {
                    let line = Line {
                        subject: self.subject,
                        field,
                        focused: *at == self.cursor,
                        whole: *whole,
                    };
                    draw_field(cx, line, y, buf);
                }
                Row::Text(text) => {
                    cx.put(buf, y, labels + 3, text, Role::Value);
                }
                Row::Remark(text) => {
                    cx.put(buf, y, 5, text, Role::Placeholder);
                }
            }
        }
        cx.mark_more(area, buf, scroll > 0, scroll + height < rows.len());
    }

    /// Said where there is nothing to show.
    fn nothing(&self, world: &World) -> Option<String> {
        let noun = self.subject.noun();
        if self.subject.is_missing(world) {
            Some(format!("this {noun} is not there (any more)"))
        } else if self.is_preview && self.fields(world).is_empty() {
            Some(self.state(world).0)
        } else {
            None
        }
    }

    fn rows<'a>(&self, cx: ViewCx<'a>, columns: usize, height: usize) -> Vec<Row<'a>> {
        let fields = self.fields(cx.world);
        let mut rows = Vec::new();
        if let Some(plan) = self.plan_without_field(cx.world) {
            rows.push(Row::Remark(plan));
        }
        let starts = fields.windows(2).filter(|pair| match pair {
            [(one, _), (next, _)] => one.title != next.title,
            _ => false,
        });
        // Rows that nothing needs are for texts, from the top on.
        let mut free = height.saturating_sub(rows.len() + fields.len() + 1 + starts.count());
        let rests: Vec<Option<Rest>> = fields
            .iter()
            .map(|(_, field)| rest_of_text(cx, self.subject, field, columns))
            .collect();
        let under_cursor = rests.get(self.cursor).and_then(Option::as_ref);
        free = free.saturating_sub(under_cursor.map_or(0, Rest::rows));
        let mut section = "";
        for ((at, (of, field)), rest) in fields.into_iter().enumerate().zip(rests) {
            if of.title != section {
                section = &of.title;
                rows.push(Row::Section(section));
            }
            let here = at == self.cursor;
            let rest = rest.filter(|rest| here || rest.rows() <= free);
            rows.push(Row::Field(at, field, rest.is_some()));
            if let Some(rest) = rest {
                free = free.saturating_sub(if here { 0 } else { rest.rows() });
                rows.extend(rest.lines.into_iter().map(Row::Text));
                if rest.left_out > 0 {
                    let key = cx.world.keymap.named(super::TABLE.scope, "edit");
                    let text = format!("{} more lines, {key} shows all", rest.left_out);
                    rows.push(Row::Remark(text));
                }
            }
            if here {
                rows.extend(long_prompt(cx, self.subject, field, columns).map(Row::Remark));
            }
            let plan = self.plan_of_yesterday(cx.world, field).filter(|_| here);
            rows.extend(plan.map(Row::Remark));
        }
        rows
    }

    /// What was planned the day before, for a field that the form pairs with it.
    fn plan_of_yesterday(&self, world: &World, field: &Field) -> Option<String> {
        let from = self
            .subject
            .form(world)
            .field(field.prompt_from.as_deref()?)?;
        let Shown::Open(value) = self.subject.before()?.value(from, world) else {
            return None;
        };
        let plan = from.show(value);
        Some(format!("planned yesterday: {}", printable(&plan)))
    }

    /// The same where the field that it belongs to is not in the form that is shown.
    fn plan_without_field(&self, world: &World) -> Option<String> {
        let shown = self.fields(world);
        let is_shown = |field: &Field| shown.iter().any(|(_, one)| one.key == field.key);
        self.subject
            .form(world)
            .fields(FormView::Full)
            .filter(|(_, field)| !is_shown(field))
            .find_map(|(_, field)| self.plan_of_yesterday(world, field))
    }

    /// Moves the first line as little as needed to show the cursor with what is around it; after a
    /// jump to a section, with as much of the section as fits.
    fn follow_cursor(&self, rows: &[Row<'_>], height: usize) {
        let is_cursor = |row: &Row<'_>| matches!(row, Row::Field(at, ..) if *at == self.cursor);
        let cursor = rows.iter().position(is_cursor).unwrap_or(0);
        let is_more = |row: &&Row<'_>| matches!(row, Row::Text(_) | Row::Remark(_));
        let is_section = |row: &Row<'_>| matches!(row, Row::Section(_));
        let behind = || rows.iter().skip(cursor + 1);
        let titled = height > 1 && cursor > 0 && rows.get(cursor - 1).is_some_and(is_section);
        let first = cursor - usize::from(titled);
        let extra = if self.section_wanted.take() {
            behind().take_while(|row| !is_section(row)).count()
        } else {
            behind().take_while(is_more).count()
        };
        let last = (cursor + extra).min(first + height.saturating_sub(1));
        let spare = height.saturating_sub(last + 1 - first);
        let context = CONTEXT.min(spare / 2);
        let lowest = (last + 1 + context).saturating_sub(height).min(first);
        let highest = first.saturating_sub(context).max(lowest);
        let scroll = self.scroll.get().clamp(lowest, highest);
        self.scroll
            .set(scroll.min(rows.len().saturating_sub(height)));
    }
}

impl Rest {
    fn rows(&self) -> usize {
        self.lines.len() + usize::from(self.left_out > 0)
    }
}

/// The lines of a text behind its first one, if there are any and they may be seen.
fn rest_of_text(cx: ViewCx<'_>, subject: Subject, field: &Field, columns: usize) -> Option<Rest> {
    let text = visible_text(cx, subject, field)?;
    let text = printable_lines(&text).into_owned();
    let taken = usize::from(label_width(width16(columns), subject.form(cx.world))) + 4;
    let lines = width::wrap(&text, columns.saturating_sub(taken).max(8));
    let shown = lines.iter().skip(1).take(TEXT_ROWS);
    let shown: Vec<String> = shown
        .filter_map(|line| text.get(line.clone()))
        .map(str::to_owned)
        .collect();
    let left_out = lines.len().saturating_sub(TEXT_ROWS + 1);
    (!shown.is_empty()).then_some(Rest {
        lines: shown,
        left_out,
    })
}

/// The question of a field that has no answer, where it does not fit the field's row.
fn long_prompt(cx: ViewCx<'_>, subject: Subject, field: &Field, columns: usize) -> Option<String> {
    let room = usize::from(prompt_room(
        subject.form(cx.world),
        field,
        width16(columns),
    )?);
    let prompt = field.prompt.as_ref()?;
    let is_absent = matches!(subject.value(field, cx.world), Shown::Absent);
    (is_absent && width::width(prompt) > room).then(|| prompt.clone())
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
