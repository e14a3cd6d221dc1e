//! How the popups are drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::part::Behaviour;
use crate::app::subject::Subject;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, Kind};
use crate::domain::log::{DailyLog, Shown};
use crate::domain::secret::{Exit, Secret};
use crate::screens::lifeops::{draw_month, draw_year, year};
use crate::screens::{Screen, ViewCx};
use crate::store::api::Link;
use crate::ui::{Paragraph, Role, width};

use super::help::Line;
use super::{Calendar, Cover, Editor, Help, OnThisDay, Picker, Prompt, Recovered, Welcome, Year};

pub(super) fn rows(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2)
}

/// The inside of a popup with its right margin, where marks cover no text.
pub(super) fn with_edge(inner: Rect, buf: &Buffer) -> Rect {
    let width = inner.width.saturating_add(1);
    Rect { width, ..inner }.intersection(buf.area)
}

/// Draws wrapped text into rows of the area; returns how many rows it took.
pub(super) fn paragraph(
    cx: ViewCx<'_>,
    area: Rect,
    buf: &mut Buffer,
    text: &str,
    role: Role,
) -> u16 {
    let rows = Paragraph {
        text,
        role,
        skip: 0,
    }
    .render(area, buf, cx.look);
    u16::try_from(rows).unwrap_or(u16::MAX).min(area.height)
}

/// In place of what is being written.
fn hidden_text(cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
    cx.put(buf, area, 0, cx.look.glyphs.masked, Role::Masked);
    let text = "masked; any key shows it again";
    paragraph(cx, below(area, 1), buf, text, Role::Placeholder);
}

/// What is left of an area below its first rows.
pub(super) fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}

impl Screen for Editor {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let name = Subject::of(&self.place).name();
        let title = format!("{} {} {name}", self.label, cx.look.glyphs.separator);
        let height = if area.height < 16 {
            area.height
        } else {
            area.height * 3 / 4
        };
        let mut inner = cx.popup(area, buf, &title, (84, height));
        let hidden = self
            .item(cx.world)
            .is_some_and(|item| !cx.world.mask.shows(&item));
        if hidden {
            hidden_text(cx, inner, buf);
            return None;
        }
        if let Some(prompt) = self.prompt.as_deref().filter(|_| inner.height > 4) {
            inner = below(inner, paragraph(cx, inner, buf, prompt, Role::Placeholder));
        }
        self.text.render(inner, buf, cx.look);
        let (above, below) = self.text.more(inner);
        cx.mark_more(with_edge(inner, buf), buf, above, below);
        self.text.cursor_position(inner)
    }
}

impl Screen for Prompt {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let hidden = self.is_masked(cx.world);
        let (text, role) = match &self.error {
            Some(error) if !hidden => (error.as_str(), Role::Danger),
            Some(_) | None => (self.help.as_str(), Role::Placeholder),
        };
        let columns = area.width.min(54).saturating_sub(4);
        let lines = Paragraph::rows(text, columns).max(2) + 1;
        let inner = cx.popup(area, buf, &self.label, (54, rows(lines)));
        if hidden {
            hidden_text(cx, inner, buf);
            return None;
        }
        self.input.render(inner, buf, cx.look);
        paragraph(cx, below(inner, 1), buf, text, role);
        self.input.cursor_position(inner)
    }
}

impl Screen for Picker {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let longest = self.options.iter().map(|option| width::width(option)).max();
        let columns = u16::try_from(longest.unwrap_or(0) + 10).unwrap_or(72);
        let size = (columns.clamp(40, 72), rows(self.options.len()));
        let inner = cx.popup(area, buf, &self.label, size);
        let (cursor, hidden) = (self.at(cx.world), self.is_masked(cx.world));
        let skip = (cursor + 1).saturating_sub(usize::from(inner.height));
        let options = self.options.iter().zip(&self.ticked).enumerate().skip(skip);
        for ((at, (option, ticked)), row) in options.zip(inner.rows()) {
            let here = at == cursor;
            if here {
                cx.put(buf, row, 0, cx.look.glyphs.marker, Role::Marker);
            }
            let (tick, role) = if *ticked {
                (cx.look.glyphs.yes, Role::Primary)
            } else {
                (cx.look.glyphs.none, Role::Track)
            };
            if !hidden {
                cx.put(buf, row, 2, tick, role);
            }
            let role = if here { Role::Selected } else { Role::Text };
            if at < 9 {
                cx.put(buf, row, 4, &(at + 1).to_string(), Role::Key);
            }
            cx.put(buf, row, 6, option, role);
        }
        let more = self.options.len() > skip + usize::from(inner.height);
        cx.mark_more(with_edge(inner, buf), buf, skip > 0, more);
        None
    }
}

impl Screen for Calendar {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let month = dates::month(self.date);
        let title = match &self.label {
            Some(label) => format!("{label} {} {month}", cx.look.glyphs.separator),
            None => month,
        };
        let inner = cx.popup(area, buf, &title, (26, 10));
        draw_month(cx, self.date, inner, buf);
        None
    }
}

impl Screen for Year {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let title = format!(
            "{} {} a year to {}",
            self.field.label,
            cx.look.glyphs.separator,
            dates::long(self.end)
        );
        let inner = cx.popup(area, buf, &title, (64, 13));
        let query = year(&self.field, self.end);
        draw_year(cx, &query, &self.field, self.end, inner, buf);
        None
    }
}

impl Screen for OnThisDay {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let logs = cx.world.cache.on_this_day(self.date);
        let title = format!("{} in earlier years", dates::short(self.date));
        let columns = area.width.min(72).saturating_sub(6);
        let texts: Vec<String> = logs.iter().map(|log| summary(cx, log)).collect();
        let whole: Vec<usize> = texts
            .iter()
            .map(|text| 1 + Paragraph::rows(text, columns))
            .collect();
        // Two rows of each are enough where not all are seen.
        let fits = rows(whole.iter().sum()) <= area.height;
        let height = |rows: &usize| if fits { *rows } else { 3.min(*rows) };
        let total: usize = whole.iter().map(height).sum();
        let inner = cx.popup(area, buf, &title, (72, rows(total).max(5)));
        if logs.is_empty() {
            let text = "Nothing was logged on this day in earlier years. A log of today will stand here in a year.";
            paragraph(cx, inner, buf, text, Role::Placeholder);
        }
        let up_to = |skip: usize| -> usize {
            let shown = whole.iter().take(self.cursor + 1).skip(skip);
            shown.map(height).sum()
        };
        let first = (0..=self.cursor).find(|skip| up_to(*skip) <= usize::from(inner.height));
        let first = first.unwrap_or(self.cursor);
        let mut rest = inner;
        for (at, (log, text)) in logs.iter().zip(&texts).enumerate().skip(first) {
            let here = at == self.cursor;
            if here {
                cx.put(buf, rest, 0, cx.look.glyphs.marker, Role::Marker);
            }
            let role = if here { Role::Selected } else { Role::Text };
            cx.put(buf, rest, 2, &dates::long(log.date), role);
            rest = below(rest, 1);
            let lines = whole.get(at).map_or(0, height).saturating_sub(1);
            let lines = u16::try_from(lines).unwrap_or(u16::MAX);
            let lines = Rect {
                x: rest.x + 2.min(rest.width),
                width: rest.width.saturating_sub(2),
                height: rest.height.min(lines),
                ..rest
            };
            let used = paragraph(cx, lines, buf, text, Role::Muted);
            rest = below(rest, used);
        }
        let shown: usize = whole.iter().skip(first).map(height).sum();
        let more = shown > usize::from(inner.height);
        cx.mark_more(with_edge(inner, buf), buf, first > 0, more);
        None
    }
}

/// What is not sensitive of a day, in a few words: its scales, then its first text.
pub(crate) fn summary(cx: ViewCx<'_>, log: &DailyLog) -> String {
    let fields = || cx.world.form.fields(FormView::Full).map(|(_, field)| field);
    let mut parts = Vec::new();
    for field in fields().filter(|field| matches!(field.kind, Kind::Scale { .. }) && field.quick) {
        if let Shown::Open(value) = log.value(field) {
            parts.push(format!("{} {}", field.label, field.show(value)));
        }
    }
    let is_text = |field: &&Field| matches!(field.kind, Kind::Text);
    let texts = fields()
        .filter(is_text)
        .filter_map(|field| match log.value(field) {
            Shown::Open(value) => Some(field.show(value)),
            Shown::Absent | Shown::Sealed(_) => None,
        });
    let text = texts
        .take(1)
        .map(|text| text.lines().next().unwrap_or_default().to_owned());
    text.chain([parts.join(", ")])
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

impl Screen for Recovered {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let draft = self.draft()?;
        let (subject, field) = (Subject::of(&draft.place), draft.place.field());
        let (form, id) = (subject.form(cx.world), subject.item(field));
        let shown = |text: &Secret<String>| {
            let seen = if form.is_sensitive(field) {
                cx.reveal(text, &id)
            } else {
                Some(text.expose(Exit::Screen))
            };
            let masked = || (cx.look.glyphs.masked.to_owned(), Role::Masked);
            seen.map_or_else(masked, |text| (text.clone(), Role::Value))
        };
        let there = self.there(cx.world);
        let title = match self.drafts.len() {
            0 | 1 => "Unsaved text".to_owned(),
            left => format!("Unsaved text ({left} left)"),
        };
        // What is seen, not what there is: the height of a masked text would tell its length.
        let (text, role) = shown(&draft.text);
        let text_rows = Paragraph::rows(&text, area.width.min(72).saturating_sub(4));
        let mut inner = cx.popup(
            area,
            buf,
            &title,
            (72, rows(text_rows + 3 + usize::from(there.is_some()))),
        );
        let label = form.field(field);
        let label = label.map_or(field, |field| field.label.as_str());
        let when = draft.saved_at.to_zoned(cx.world.zone().clone());
        let about = format!(
            "{label}, {}: typed {} at {} and not saved.",
            subject.name(),
            dates::short(when.date()),
            when.strftime("%H:%M"),
        );
        inner = below(inner, paragraph(cx, inner, buf, &about, Role::Text));
        if let Some(there) = there {
            let (before, role) = shown(&there);
            let (words, before) = if there.expose(Exit::Screen).is_empty() {
                (
                    format!("The {} has nothing there yet.", subject.noun()),
                    String::new(),
                )
            } else {
                (
                    format!("The {} has: ", subject.noun()),
                    before.replace('\n', " "),
                )
            };
            let at = cx.put(buf, inner, 0, &words, Role::Text);
            cx.put(buf, inner, at, &before, role);
            inner = below(inner, 1);
        }
        inner = below(inner, 1);
        let seen = usize::from(paragraph(cx, inner, buf, &text, role));
        cx.mark_more(with_edge(inner, buf), buf, false, seen < text_rows);
        None
    }
}

impl Screen for Welcome {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let name = cx
            .world
            .person
            .as_ref()
            .map_or("you", |person| person.username.as_str());
        let place = match (cx.world.cache.data_status(), &cx.world.link) {
            (Some(status), _) => match &status.directory {
                Some(directory) => format!("{} in {}", status.place, directory.display()),
                None => status.place.clone(),
            },
            (None, Link::Online { place }) => place.clone(),
            (None, Link::Connecting { .. } | Link::Offline { .. }) => "not reached yet".to_owned(),
        };
        let keymap = &cx.world.keymap;
        let (toggle, edit) = (keymap.named("form", "toggle"), keymap.named("form", "edit"));
        let (reveal, form) = (keymap.everywhere("reveal"), keymap.named("lifeops", "form"));
        let lines = [
            (format!("This is the ledger of {name}."), Role::Text),
            (
                format!("Your data: {place}. Nothing leaves it unless you export it."),
                Role::Text,
            ),
            (
                format!(
                    "Today's log is open. Digits set scales, {toggle} answers yes or no, {edit} writes a text. Every answer is saved as you give it."
                ),
                Role::Text,
            ),
            (
                format!(
                    "Family, faith, drift check and top friction stay masked until you press {reveal}."
                ),
                Role::Text,
            ),
            (
                format!(
                    "The quick form takes a minute; the full form has everything ({form} switches)."
                ),
                Role::Muted,
            ),
        ];
        let brief = [
            (format!("This is the ledger of {name}."), Role::Text),
            (
                format!(
                    "Digits set scales, {toggle} says yes or no, {edit} writes; all is saved at once."
                ),
                Role::Text,
            ),
            (
                format!(
                    "Family, faith, drift check and top friction are masked: {reveal} shows them."
                ),
                Role::Text,
            ),
            (format!("{form}: the quick or the full form."), Role::Muted),
        ];
        let columns = area.width.min(66).saturating_sub(4);
        let needs = |lines: &[(String, Role)], gap: usize| {
            let texts = lines.iter().map(|(text, _)| Paragraph::rows(text, columns));
            rows(texts.sum::<usize>() + gap * (lines.len() - 1))
        };
        // As much as can be read whole: with air, without, in few words.
        let (lines, gap) = if needs(&lines, 1) <= area.height {
            (lines.as_slice(), 1)
        } else if needs(&lines, 0) <= area.height {
            (lines.as_slice(), 0)
        } else {
            (brief.as_slice(), 0)
        };
        let wanted = needs(lines, usize::from(gap));
        let mut inner = cx.popup(area, buf, "Welcome", (66, wanted));
        cx.mark_more(with_edge(inner, buf), buf, false, wanted > area.height);
        for (text, role) in lines {
            inner = below(inner, paragraph(cx, inner, buf, text, *role) + gap);
        }
        None
    }
}

impl Screen for Cover {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let row = area
            .rows()
            .nth(usize::from(area.height / 2))
            .unwrap_or(area);
        let key = cx.world.keymap.named("cover", "uncover");
        let text = &format!("covered; {key} shows the screen, masked");
        let taken = u16::try_from(width::width(text)).unwrap_or(0);
        cx.put(
            buf,
            row,
            row.width.saturating_sub(taken) / 2,
            text,
            Role::Muted,
        );
        None
    }
}

impl Screen for Help {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let room = area.width.min(78).saturating_sub(4);
        let column = if room < 50 { 11 } else { 18 };
        let lines = self.wrapped(usize::from(room.saturating_sub(column)));
        let inner = cx.popup(area, buf, "Keys", (78, rows(lines.len())));
        self.page.set(usize::from(inner.height));
        self.length.set(lines.len());
        let last = lines.len().saturating_sub(usize::from(inner.height));
        self.scroll.set(self.scroll.get().min(last));
        for (line, row) in lines.iter().skip(self.scroll.get()).zip(inner.rows()) {
            match line {
                Line::Heading(text) => {
                    cx.put(buf, row, 0, text, Role::Heading);
                }
                Line::Key { keys, words } => {
                    let keys = width::truncate(keys, usize::from(column) - 1);
                    cx.put(buf, row, 0, &keys, Role::Key);
                    cx.put(buf, row, column, words, Role::Text);
                }
                Line::Blank => {}
            }
        }
        let scroll = self.scroll.get();
        cx.mark_more(with_edge(inner, buf), buf, scroll > 0, scroll < last);
        None
    }
}
