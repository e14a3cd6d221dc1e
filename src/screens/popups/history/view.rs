//! How the history is drawn.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use serde_json::{Map, Value};

use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::export_format::snake_case;
use crate::domain::lane::Lane;
use crate::domain::secret::Exit;
use crate::domain::text::printable;
use crate::domain::version::differing;
use crate::screens::popups::Passage;
use crate::screens::popups::reading::read;
use crate::screens::{Screen, ViewCx, zone};
use crate::store::api::Version;
use crate::ui::list::first_visible;
use crate::ui::{ListView, Paragraph, Role, Row, Run};

use super::{History, Shown, nothing};

/// Below this width a version is known by its number, its moment and its fields.
const WIDE: u16 = 70;

impl Screen for History {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        self.drawn.clear();
        match self.shown {
            Shown::List => self.draw_list(cx, area, buf),
            Shown::One(number) => {
                let title = format!("Version {number} of {}", self.of.name());
                let passages = self.version(number, cx.world);
                let passages = passages.map_or_else(Vec::new, |one| self.one(cx, one));
                self.draw_passages(cx, &title, &passages, area, buf);
            }
            Shown::Two(older, newer) => {
                let title = format!("Versions {older} and {newer} of {}", self.of.name());
                let two = self
                    .version(older, cx.world)
                    .zip(self.version(newer, cx.world));
                let passages =
                    two.map_or_else(Vec::new, |(older, newer)| self.two(cx, older, newer));
                self.draw_passages(cx, &title, &passages, area, buf);
            }
        }
        None
    }
}

impl History {
    fn draw_list(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) {
        let versions = self.versions(cx.world);
        let rows = u16::try_from(versions.len()).unwrap_or(u16::MAX);
        let height = rows.saturating_add(2).clamp(5, area.height.max(5));
        let title = format!("History of {}", self.of.name());
        let inner = cx.popup(area, buf, &title, (92, height));
        if versions.is_empty() {
            let text = self.lists().next();
            let text = text.map_or("", |list| nothing(&list, cx.world));
            let role = Role::Placeholder;
            Paragraph {
                text,
                role,
                skip: 0,
            }
            .render(inner, buf, cx.look);
            return;
        }
        let height = usize::from(inner.height).max(1);
        self.page.set(height);
        let cursor = self.cursor.min(versions.len() - 1);
        let first = first_visible(0, cursor, height, versions.len());
        let wide = inner.width >= WIDE;
        let shown = versions.iter().enumerate().skip(first).take(height);
        let rows: Vec<Row<'_>> = shown
            .map(|(at, version)| {
                let older = versions.get(at + 1).copied();
                self.row(cx, version, older, wide)
            })
            .collect();
        for (line, at) in inner.rows().zip((first..).take(rows.len())) {
            zone(&self.drawn, line, at);
        }
        ListView {
            rows: &rows,
            selected: Some(cursor - first),
            more_above: first > 0,
            more_below: first + height < versions.len(),
        }
        .render(inner, buf, cx.look);
    }

    /// Number, moment, who, and the names of the fields that it changed.
    fn row<'r>(
        &self,
        cx: ViewCx<'_>,
        version: &Version,
        older: Option<&Version>,
        wide: bool,
    ) -> Row<'r> {
        let marked = self.marked == Some(version.number);
        let mark = if marked { cx.look.glyphs.yes } else { " " };
        let mut left = vec![
            Run::new(format!("{mark} "), Role::Primary),
            Run::new(format!("{:>3}  ", version.number), Role::Value),
            Run::new(moment(cx.world, version.made_at, wide), Role::Text),
        ];
        if wide {
            let who = version.made_by.as_deref().unwrap_or("");
            let who = printable(who).into_owned();
            left.push(Run::new(format!("  {who:<10.10}"), Role::Muted));
        }
        let (words, role) = match &version.ended {
            Some(ended) if ended.deleted => {
                let when = moment(cx.world, ended.at, false);
                (format!("deleted {when}"), Role::Warn)
            }
            Some(_) | None => (self.changed(cx.world, version, older), Role::Muted),
        };
        left.push(Run::new(format!("  {words}"), role));
        Row::new(left)
    }

    /// The names of the fields in which a version differs from the one before it.
    fn changed(&self, world: &World, version: &Version, older: Option<&Version>) -> String {
        let Some(older) = older else {
            return if version.number == 1 { "made" } else { "" }.to_owned();
        };
        let (before, after) = (held(older), held(version));
        let keys = differing(before, after);
        let mut names: Vec<String> = keys.iter().map(|key| self.label(key, world)).collect();
        names.dedup();
        if version.is_brought_back(older) {
            names.insert(0, "brought back".to_owned());
        }
        printable(&names.join(", ")).into_owned()
    }

    /// Whether it is of the figures that a review keeps, and of the place where it was left: they are read on the screen
    /// of the week, where those of private fields are masked.
    fn is_figure(&self, key: &str) -> bool {
        match self.of {
            Subject::Record(Lane::Reviews, _) => key == "stats" || key.starts_with("stats."),
            Subject::Record(..) | Subject::Log(_) => false,
        }
    }

    /// The label of a field; of a value that no question asks for, its name in words.
    fn label(&self, key: &str, world: &World) -> String {
        if self.is_figure(key) {
            return "figures".to_owned();
        }
        let label = self.of.label(key, world);
        if label == key {
            snake_case(key).replace('_', " ")
        } else {
            label.to_owned()
        }
    }

    fn draw_passages(
        &self,
        cx: ViewCx<'_>,
        title: &str,
        passages: &[Passage],
        area: Rect,
        buf: &mut Buffer,
    ) {
        let inside = cx.popup(area, buf, title, (92, area.height));
        read(cx, passages, &self.scroll, inside, buf);
    }

    fn one(&self, cx: ViewCx<'_>, version: &Version) -> Vec<Passage> {
        let mut passages = vec![Passage {
            margin: 0,
            ..Passage::words(about(cx.world, version), Role::Muted)
        }];
        let held = held(version);
        for key in self.ordered(held, cx.world) {
            if self.is_figure(key) {
                continue;
            }
            passages.push(Passage::heading(self.label(key, cx.world)));
            let (text, role) = self.value(cx, key, held.get(key));
            passages.push(Passage::words(text, role));
        }
        if held.is_empty() {
            passages.push(Passage::words("It was empty.", Role::Placeholder));
        }
        passages
    }

    fn two(&self, cx: ViewCx<'_>, older: &Version, newer: &Version) -> Vec<Passage> {
        let (before, after) = (held(older), held(newer));
        let keys = differing(before, after);
        let mut passages = Vec::new();
        for version in [older, newer] {
            let text = format!("{}: {}", version.number, about(cx.world, version));
            passages.push(Passage {
                margin: 0,
                ..Passage::words(text, Role::Muted)
            });
        }
        if keys.iter().any(|key| self.is_figure(key)) {
            passages.push(Passage::heading("figures"));
            passages.push(Passage::words("They are other ones.", Role::Muted));
        }
        for key in keys.iter().filter(|key| !self.is_figure(key)) {
            passages.push(Passage::heading(self.label(key, cx.world)));
            for (version, fields) in [(older, before), (newer, after)] {
                let (text, role) = self.value(cx, key, fields.get(*key));
                passages.push(Passage::words(format!("{}  {text}", version.number), role));
            }
        }
        if keys.is_empty() {
            let text = "They hold the same.";
            passages.push(Passage::words(text, Role::Placeholder));
        }
        passages
    }

    /// The keys of a version, those of the form first and in its order.
    fn ordered<'m>(&self, held: &'m Map<String, Value>, world: &World) -> Vec<&'m str> {
        let form = self.of.form(world);
        let place = |key: &str| {
            let mut fields = form.sections.iter().flat_map(|section| &section.fields);
            fields.position(|field| field.key == key)
        };
        let mut keys: Vec<&str> = held.keys().map(String::as_str).collect();
        keys.sort_by_key(|key| place(key).unwrap_or(usize::MAX));
        keys
    }

    fn value(&self, cx: ViewCx<'_>, key: &str, value: Option<&Value>) -> (String, Role) {
        let Some(value) = value else {
            return (cx.look.glyphs.none.to_owned(), Role::Placeholder);
        };
        if self.is_masked(key, cx.world) && !cx.world.mask.shows(&self.private()) {
            return (cx.look.glyphs.masked.to_owned(), Role::Masked);
        }
        let text = match (self.of.form(cx.world).exact(key), value) {
            (Some(field), value) => field.show(value),
            (None, Value::String(text)) => match text.parse() {
                Ok(at) => moment(cx.world, at, true),
                Err(_) => text.clone(),
            },
            (None, value) => value.to_string(),
        };
        (text, Role::Value)
    }
}

fn held(version: &Version) -> &Map<String, Value> {
    version.fields.expose(Exit::Screen)
}

fn moment(world: &World, at: Timestamp, wide: bool) -> String {
    let at = at.to_zoned(world.zone().clone());
    let time = at.strftime("%H:%M");
    let date = at.date();
    if wide {
        format!("{} {time}", dates::long(date))
    } else {
        format!("{} {time}", dates::short(date))
    }
}

/// When and by whom it was made, and what ended it.
fn about(world: &World, version: &Version) -> String {
    let by = |who: &str| format!(" by {}", printable(who));
    let made = version.made_by.as_deref().map(by).unwrap_or_default();
    let mut text = format!("made {}{made}", moment(world, version.made_at, true));
    match &version.ended {
        None => text.push_str("; it is the present one"),
        Some(ended) => {
            let what = if ended.deleted { "deleted" } else { "replaced" };
            let when = moment(world, ended.at, true);
            text = format!("{text}; {what} {when}{}", by(&ended.by));
        }
    }
    text
}
