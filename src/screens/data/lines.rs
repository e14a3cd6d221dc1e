//! Lines of the screen and of its popups: names with a text beside them, wrapped and scrolled.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::job::JobLine;
use crate::domain::text::printable_lines;
use crate::screens::ViewCx;
use crate::screens::scroll::Scroll;
use crate::ui::{Role, width};

/// A line: a heading, a named fact, or a remark.
#[derive(Debug, Clone)]
pub(super) enum Line {
    Heading(&'static str),
    Fact(&'static str, String, Role),
    Named(String, String, Role),
    Count(String, u64),
    Remark(String, Role),
    Blank,
}

impl From<&JobLine> for Line {
    fn from(line: &JobLine) -> Self {
        match line {
            JobLine::Fact(name, text) => Self::Fact(name, text.clone(), Role::Value),
            JobLine::Named(name, text) => Self::Named(name.clone(), text.clone(), Role::Value),
            JobLine::Remark(text) => Self::Remark(text.clone(), Role::Text),
            JobLine::Warning(text) => Self::Remark(text.clone(), Role::Warn),
        }
    }
}

/// Draws what is to be seen of the lines.
pub(super) fn draw(lines: &[Line], scroll: &Scroll, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
    let rows = rows(lines, area.width);
    let seen = scroll.over(rows.len(), usize::from(area.height));
    for (row, place) in rows.iter().skip(seen.first).zip(area.rows()) {
        cx.put(buf, place, 1, row.name, row.name_role);
        cx.put(buf, place, row.column, &row.text, row.role);
    }
    cx.mark_more(area, buf, seen.above, seen.below);
}

/// How many rows these lines take.
pub(super) fn height(lines: &[Line], columns: u16) -> u16 {
    u16::try_from(rows(lines, columns).len()).unwrap_or(u16::MAX)
}

/// A line of the screen: a name and a text beside it.
struct Row<'l> {
    name: &'l str,
    name_role: Role,
    column: u16,
    text: String,
    role: Role,
}

/// The lines, their texts wrapped to this many columns.
fn rows(lines: &[Line], columns: u16) -> Vec<Row<'_>> {
    let facts = lines.iter().filter_map(|line| match line {
        Line::Fact(name, ..) => u16::try_from(width::width(name)).ok(),
        Line::Named(name, ..) => u16::try_from(width::width(name)).ok(),
        Line::Heading(_) | Line::Count(..) | Line::Remark(..) | Line::Blank => None,
    });
    // Where there is little room, no more of it than the longest name needs.
    let column = if columns < 50 {
        facts.max().unwrap_or(0).saturating_add(2).clamp(12, 18)
    } else {
        18
    };
    let names = lines.iter().filter_map(|line| match line {
        Line::Count(name, _) => u16::try_from(width::width(name)).ok(),
        _ => None,
    });
    let counts = names.max().unwrap_or(0).saturating_add(3).max(column);
    let mut rows = Vec::new();
    for line in lines {
        let (name, name_role, column, text, role) = match line {
            Line::Heading(name) => (*name, Role::Heading, 1, String::new(), Role::Text),
            Line::Fact(name, text, role) => (*name, Role::Muted, column, text.clone(), *role),
            Line::Named(name, text, role) => {
                (name.as_str(), Role::Muted, column, text.clone(), *role)
            }
            Line::Count(name, count) => (
                name.as_str(),
                Role::Muted,
                counts,
                count.to_string(),
                Role::Value,
            ),
            Line::Remark(text, role) => ("", Role::Muted, 1, text.clone(), *role),
            Line::Blank => ("", Role::Text, 1, String::new(), Role::Text),
        };
        let text = printable_lines(&text).into_owned();
        let room = columns.saturating_sub(column + 1);
        for (at, range) in width::wrap(&text, room.into()).into_iter().enumerate() {
            rows.push(Row {
                name: if at == 0 { name } else { "" },
                name_role,
                column,
                text: text.get(range).unwrap_or_default().to_owned(),
                role,
            });
        }
    }
    rows
}
