//! A year of one field, a cell a day.

use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::form::Field;
use crate::screens::Tui;
use crate::screens::lifeops::draw_year;
use crate::screens::lifeops::year;
use crate::screens::{Screen, ViewCx};
use crate::store::api::Query;

pub(super) const TABLE: Table = Table {
    scope: "year",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "earlier",
        words: "the year before",
        hint: Some("year"),
        keys: &["[", "h", "left"],
    },
    Command {
        name: "later",
        words: "the year after",
        hint: Some("year"),
        keys: &["]", "l", "right"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "q", "Y", "enter"],
    },
];

/// The year that ends at a day.
#[derive(Debug, Clone)]
pub struct Year {
    pub(super) field: Field,
    pub(super) end: Date,
}

impl Year {
    /// The year of this field that ends at this day.
    #[must_use]
    pub fn new(field: &Field, end: Date) -> Self {
        Self {
            field: field.clone(),
            end,
        }
    }
}

impl Behaviour<Tui> for Year {
    fn title(&self) -> &'static str {
        "A year"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![year(&self.field, self.end)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let by = jiff::Span::new().weeks(52);
        match name {
            "earlier" => self.end = self.end.saturating_sub(by),
            "later" => self.end = self.end.saturating_add(by).min(world.today),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
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
