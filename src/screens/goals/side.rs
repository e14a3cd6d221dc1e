//! What is told of the goal under the cursor: the picked day, the week, the year, the last check-ins.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::app::everywhere;
use crate::domain::dates;
use crate::domain::goal::words;
use crate::domain::secret::Exit;
use crate::screens::ViewCx;
use crate::ui::{MaskedCell, Role, YearHeat};

use super::listed::{self, Entry};
use super::note_item;
use super::year::draw_year;

/// A panel of its own: the day, the year, the last check-ins.
pub(super) fn draw(cx: ViewCx<'_>, entry: &Entry<'_>, day: Date, area: Rect, buf: &mut Buffer) {
    let inside = cx.side_panel(area, buf, &entry.goal.title);
    let inside = Rect {
        x: inside.x + 1.min(inside.width),
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let [above, year, below] = Layout::vertical([
        Constraint::Length(5),
        Constraint::Length(YearHeat::HEIGHT + 2),
        Constraint::Min(0),
    ])
    .areas(inside);
    draw_day(cx, entry, day, above, buf);
    draw_year(cx, &entry.goal, day, year, buf);
    draw_last(cx, entry, below, buf);
}

/// The picked day, its note, the week, facts of the goal: as many rows as there are.
pub(super) fn draw_day(cx: ViewCx<'_>, entry: &Entry<'_>, day: Date, area: Rect, buf: &mut Buffer) {
    let mut rows = area.rows();
    let when = dates::relative(day, cx.world.today);
    let of_day = words::day(&entry.goal, entry.check_in.as_ref());
    let narrow = area.width < 50;
    let date = dates::long(day);
    let year = format!(" {}", cx.world.today.year());
    let date = date.strip_suffix(&year).unwrap_or(&date);
    let line = if narrow {
        format!("{date}: {of_day}")
    } else {
        format!("{date}, {when}: {of_day}")
    };
    let has_note = entry.check_in.as_ref().is_some_and(|one| one.has_note);
    if let Some(row) = rows.next() {
        let at = cx.put(buf, row, 0, &line, Role::Text);
        // Two rows hold the day and the week; the note goes behind the day.
        if has_note && area.height < 3 {
            let at = cx.put(buf, row, at, ", note ", Role::Muted);
            draw_note(cx, entry, row, at, buf);
        }
    }
    if has_note
        && area.height >= 3
        && let Some(row) = rows.next()
    {
        let at = cx.put(buf, row, 0, "note ", Role::Muted);
        draw_note(cx, entry, row, at, buf);
    }
    if let Some(row) = rows.next() {
        // It is a figure of today, so it stands beside the present week alone.
        let is_present = entry.progress.week.days().contains(&cx.world.today);
        let streak = listed::year(cx.world, &entry.goal).filter(|_| is_present);
        let streak = streak.and_then(|(_, row)| words::streak(row));
        let mut line = words::buffer_sentence(&entry.goal, &entry.progress);
        if let Some(streak) = streak {
            line = format!("{line}, {streak}");
        }
        cx.put(buf, row, 0, &line, Role::Muted);
    }
    if let Some(row) = rows.next() {
        cx.put(buf, row, 0, &words::facts(&entry.goal), Role::Muted);
    }
}

/// The first line of the note, masked where the goal's domain is private.
fn draw_note(cx: ViewCx<'_>, entry: &Entry<'_>, row: Rect, at: u16, buf: &mut Buffer) {
    let (Some(record), Some(one)) = (entry.record, &entry.check_in) else {
        return;
    };
    let Some(note) = record.text("note") else {
        return;
    };
    let seen = if entry.goal.has_private_notes() {
        cx.reveal(&note, &note_item(one.id)).copied()
    } else {
        Some(*note.expose(Exit::Screen))
    };
    let from = at.min(row.width);
    let room = Rect {
        x: row.x + from,
        width: row.width - from,
        ..row
    };
    if let Some(note) = seen {
        let line = note.lines().next().unwrap_or_default();
        cx.put(buf, room, 0, line, Role::Value);
    } else {
        let keys = cx.world.keymap.keys(everywhere::TABLE.scope, "reveal");
        let hints = keys.first().map(|key| format!("{key} shows it"));
        MaskedCell {
            hints: hints.as_slice(),
        }
        .render(room, buf, cx.look);
    }
}

/// The last check-ins, as many as there are rows.
fn draw_last(cx: ViewCx<'_>, entry: &Entry<'_>, area: Rect, buf: &mut Buffer) {
    let Some((mut check_ins, _)) = listed::year(cx.world, &entry.goal) else {
        return;
    };
    check_ins.sort_by_key(|one| std::cmp::Reverse(one.date));
    let mut rows = area.rows();
    let Some(head) = rows.next().filter(|_| !check_ins.is_empty()) else {
        return;
    };
    cx.put(buf, head, 0, "last check-ins", Role::Heading);
    for (one, row) in check_ins.iter().zip(rows) {
        let at = cx.put(buf, row, 0, &dates::long(one.date), Role::Muted);
        let mut words = words::day(&entry.goal, Some(one));
        if one.has_note {
            words.push_str(", note");
        }
        cx.put(buf, row, at.max(15) + 2, &words, Role::Value);
    }
}
