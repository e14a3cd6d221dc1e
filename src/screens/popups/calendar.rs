//! A month to pick a day from.

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::dates;
use crate::screens::Tui;
use crate::screens::lifeops::draw_month;
use crate::screens::{Screen, ViewCx};
use crate::store::api::Query;

pub(super) const TABLE: Table = Table {
    scope: "calendar",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "previous-day",
        words: "the day before",
        hint: Some("day"),
        keys: &["h", "left"],
    },
    Command {
        name: "next-day",
        words: "the day after",
        hint: Some("day"),
        keys: &["l", "right"],
    },
    Command {
        name: "next-week",
        words: "a week later",
        hint: Some("week"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous-week",
        words: "a week earlier",
        hint: Some("week"),
        keys: &["k", "up"],
    },
    Command {
        name: "previous-month",
        words: "a month earlier",
        hint: Some("month"),
        keys: &["[", "pageup"],
    },
    Command {
        name: "next-month",
        words: "a month later",
        hint: Some("month"),
        keys: &["]", "pagedown"],
    },
    Command {
        name: "previous-year",
        words: "a year earlier",
        hint: None,
        keys: &["{"],
    },
    Command {
        name: "next-year",
        words: "a year later",
        hint: None,
        keys: &["}"],
    },
    Command {
        name: "today",
        words: "today",
        hint: None,
        keys: &["t"],
    },
    Command {
        name: "pick",
        words: "take this day",
        hint: Some("open"),
        keys: &["enter", "space"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q", "c"],
    },
];

/// The calendar, with its own cursor.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub(super) date: Date,
    /// The field whose answer is picked; else the day is opened.
    pub(super) label: Option<String>,
}

impl Calendar {
    /// A calendar that begins at this day.
    #[must_use]
    pub fn new(date: Date) -> Self {
        Self { date, label: None }
    }

    /// Answers a field instead, by a [`Reply::Line`].
    #[must_use]
    pub fn for_field(mut self, label: &str) -> Self {
        self.label = Some(label.to_owned());
        self
    }
}

impl Behaviour<Tui> for Calendar {
    fn title(&self) -> &'static str {
        "Calendar"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::Month(self.date.first_of_month())]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let by = match name {
            "previous-day" => -1.day(),
            "next-day" => 1.day(),
            "next-week" => 1.week(),
            "previous-week" => -1.week(),
            "previous-month" => -1.month(),
            "next-month" => 1.month(),
            "previous-year" => -1.year(),
            "next-year" => 1.year(),
            "today" => {
                self.date = world.today;
                return Handled::Yes;
            }
            "pick" => {
                let reply = match self.label {
                    Some(_) => Reply::Line(self.date.to_string()),
                    None => Reply::Date(self.date),
                };
                out.push(Intent::CloseWith(reply));
                return Handled::Yes;
            }
            _ => {
                out.push(Intent::Close);
                return Handled::Yes;
            }
        };
        self.date = self.date.saturating_add(by);
        Handled::Yes
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
