//! `LifeOps`: the daily log. One day's form, the month, the last 30 days, the same day in other years.
//!
//! The screen owns which day and which field; values live in the cache. Every answer is written at
//! once as a patch of its one field.

mod actions;
mod commands;
mod field;
mod hints;
mod rows;
mod side;
mod view;

pub(crate) use side::{draw_month, draw_year};

use std::cell::Cell;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::app::command::Table;
use crate::app::draft::Place;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, Kind, LogForm, Section};
use crate::domain::log::Shown;
use crate::store::api::Query;

use super::{Tui, form};

/// How many days the sparklines show.
pub const RECENT_DAYS: i64 = 30;

/// The daily log.
#[derive(Debug)]
pub struct LifeOps {
    date: Date,
    view: FormView,
    cursor: usize,
    /// First line shown; moves as little as needed to keep the cursor in sight.
    scroll: Cell<usize>,
    /// A jump to a section shows as much of it as fits.
    section_wanted: Cell<bool>,
}

impl LifeOps {
    /// Opens today's log.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let view = if world.settings.quick_first {
            FormView::Quick
        } else {
            FormView::Full
        };
        Self {
            date: world.today,
            view,
            cursor: 0,
            scroll: Cell::new(0),
            section_wanted: Cell::new(false),
        }
    }

    /// The day that is shown.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    fn fields<'a>(&self, form: &'a LogForm) -> Vec<(&'a Section, &'a Field)> {
        form.fields(self.view).collect()
    }

    fn field<'a>(&self, form: &'a LogForm) -> Option<&'a Field> {
        self.fields(form).get(self.cursor).map(|(_, field)| *field)
    }

    fn show(&mut self, date: Date) {
        self.date = date;
    }

    /// Keeps the cursor on the same field where the other form has it.
    fn switch_form(&mut self, form: &LogForm) {
        let key = self.field(form).map(|field| field.key.clone());
        self.view = match self.view {
            FormView::Quick => FormView::Full,
            FormView::Full => FormView::Quick,
        };
        let fields = self.fields(form);
        let same = fields
            .iter()
            .position(|(_, field)| Some(&field.key) == key.as_ref());
        self.cursor = same.unwrap_or(0);
        self.scroll.set(0);
    }
}

/// The query behind the sparklines of this day.
#[must_use]
pub fn recent(world: &World, date: Date) -> Query {
    let from = date.saturating_sub((RECENT_DAYS - 1).days());
    Query::Series {
        fields: chart_fields(&world.form),
        from,
        to: date,
    }
}

/// The query behind the year of one field that ends on this day.
#[must_use]
pub fn year(field: &Field, date: Date) -> Query {
    let from = date.saturating_sub(370.days());
    Query::Series {
        fields: vec![field.key.clone()],
        from,
        to: date,
    }
}

/// The scales of the quick form, as many as the side panel has room for.
#[must_use]
pub fn chart_fields(form: &LogForm) -> Vec<String> {
    form.fields(FormView::Quick)
        .filter(|(_, field)| matches!(field.kind, Kind::Scale { .. }) && !field.sensitive)
        .map(|(_, field)| field.key.clone())
        .take(6)
        .collect()
}

/// Whether a field has numbers that a series or a year can show.
#[must_use]
pub fn is_numeric(field: &Field) -> bool {
    !field.sensitive
        && matches!(
            field.kind,
            Kind::Scale { .. } | Kind::Number { .. } | Kind::Toggle
        )
}

impl Behaviour<Tui> for LifeOps {
    fn title(&self) -> &'static str {
        "LifeOps"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        const { &[form::TABLE] }
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        self.hints_of_field(world)
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = vec![
            Query::Day(self.date),
            Query::Month(self.date.first_of_month()),
            recent(world, self.date),
            Query::OnThisDay(self.date),
        ];
        // The neighbours, so that moving by a day never waits.
        needs.extend(self.date.yesterday().map(Query::Day));
        needs.extend(self.date.tomorrow().map(Query::Day));
        let detailed = world.size.0 >= view::DETAIL_FROM;
        if let Some(field) = self
            .field(&world.form)
            .filter(|field| detailed && is_numeric(field))
        {
            needs.push(year(field, self.date));
        }
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, key) => return self.command(name, key, world, out),
            Input::Reply(reply) => self.reply(reply, world, out),
            Input::NewDay(was) => {
                if self.date == was {
                    let today = dates::long(world.today);
                    let text = format!("it is {today} now; this is the day before, t goes on");
                    out.push(Intent::Say(Tone::Plain, text));
                }
            }
            Input::Paste(text) => self.paste(text, world, out),
            Input::Key(_) => return Handled::No,
            Input::Shown | Input::Answered => {}
        }
        Handled::Yes
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        let field = self.field(&world.form).filter(|field| field.sensitive)?;
        Some(item(self.date, &field.key))
    }

    fn has_masked(&self, world: &World) -> bool {
        let log = world.cache.log(self.date);
        !world.cache.knows_day(self.date)
            || self.fields(&world.form).iter().any(|(_, field)| {
                let value = log.map_or(Shown::Absent, |log| log.value(field));
                matches!(value, Shown::Sealed(_))
            })
    }
}

/// The name of a day's field for the mask.
#[must_use]
pub fn item(date: Date, key: &str) -> ItemId {
    ItemId(format!("log/{date}/{key}"))
}

impl LifeOps {
    fn reply(&mut self, reply: Reply, world: &World, out: &mut Vec<Intent<Tui>>) {
        match reply {
            Reply::Date(date) => self.show(date),
            Reply::Line(line) => self.enter_line(&line, world, out),
            Reply::Onward => self.onward(world, out),
            Reply::Form(view) => {
                if self.view != view {
                    self.switch_form(&world.form);
                }
            }
            Reply::Choices(chosen) => self.choose(&chosen, world, out),
        }
    }

    /// The next field; if it is a text, its editor, so that an evening is one pass.
    fn onward(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let before = self.cursor;
        self.move_by(1, world);
        let is_text = |field: &&Field| matches!(field.kind, Kind::Text);
        if self.cursor != before && self.field(&world.form).as_ref().is_some_and(is_text) {
            self.edit(world, out);
        }
    }

    fn place(&self, field: &Field) -> Place {
        Place::Log {
            date: self.date,
            field: field.key.clone(),
        }
    }
}
