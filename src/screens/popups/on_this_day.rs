//! The same day in earlier years.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, Kind};
use crate::domain::log::{DailyLog, Shown};
use crate::screens::Tui;
use crate::screens::{Screen, ViewCx};
use crate::store::api::Query;
use crate::ui::{Paragraph, Role};

use super::view::{below, paragraph, rows, with_edge};

pub(super) const TABLE: Table = Table {
    scope: "on-this-day",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "a year earlier",
        hint: Some("year"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "a year later",
        hint: Some("year"),
        keys: &["k", "up"],
    },
    Command {
        name: "open",
        words: "open that day",
        hint: Some("open"),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q", "o"],
    },
];

/// The list of earlier years.
#[derive(Debug, Clone, Copy)]
pub struct OnThisDay {
    pub(super) date: Date,
    pub(super) cursor: usize,
}

impl OnThisDay {
    /// The years before this day.
    #[must_use]
    pub fn new(date: Date) -> Self {
        Self { date, cursor: 0 }
    }
}

impl Behaviour<Tui> for OnThisDay {
    fn title(&self) -> &'static str {
        "On this day"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::OnThisDay(self.date)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let logs = world.cache.on_this_day(self.date);
        match name {
            "next" => self.cursor = (self.cursor + 1).min(logs.len().saturating_sub(1)),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "open" => match logs.get(self.cursor) {
                Some(log) => out.push(Intent::CloseWith(Reply::Date(log.date))),
                None => out.push(Intent::Close),
            },
            _ => out.push(Intent::Close),
        }
        Handled::Yes
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
