//! `LifeOps`: the daily log. One day's form, the month, the last 30 days, the same day in other years.
//!
//! The screen owns which day and which field; values live in the cache. Every answer is written at
//! once as a patch of its one field.

mod actions;
mod commands;
mod side;
mod view;

pub(crate) use side::{draw_month, draw_year};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::app::command::Table;
use crate::app::everywhere;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Target, Tone};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, Kind, LogForm};
use crate::store::api::Query;

use super::Tui;
use super::form::{self, FormPane};

/// What the keys do to the day, for the hint line.
const DAYS: &[(&str, &str)] = &[
    ("previous-day", "day"),
    ("next-day", "day"),
    ("form", "quick/full"),
];

/// How many days the sparklines show.
pub const RECENT_DAYS: i64 = 30;

/// The daily log.
#[derive(Debug)]
pub struct LifeOps {
    date: Date,
    /// The form of that date's log.
    pane: FormPane,
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
            pane: FormPane::new(Subject::Log(world.today), view),
        }
    }

    /// The day that is shown.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }

    fn show(&mut self, date: Date) {
        self.date = date;
        self.pane.show(Subject::Log(date));
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

    fn short_title(&self) -> &'static str {
        "Life"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        const { &[form::TABLE] }
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = self.pane.hints(world);
        hints.extend(world.keymap.pairs(commands::TABLE.scope, DAYS));
        let undo = [("undo", "undo")];
        hints.extend(world.keymap.pairs(everywhere::TABLE.scope, &undo));
        hints
    }

    fn click(&mut self, at: (u16, u16), _world: &World) {
        self.pane.click(at);
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
            .pane
            .field(world)
            .filter(|field| detailed && is_numeric(field))
        {
            needs.push(year(field, self.date));
        }
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, key) => {
                let own = self.command(name, world, out);
                if own == Handled::No {
                    return self.pane.command(name, key, world, out);
                }
            }
            Input::Reply(Reply::Date(date)) => self.show(date),
            Input::Reply(Reply::Form(view)) => {
                if self.pane.view() != view {
                    self.pane.switch_view(world);
                }
            }
            Input::Reply(reply) => self.pane.reply(&reply, world, out),
            Input::NewDay(was) => {
                if self.date == was {
                    let today = dates::long(world.today);
                    let key = world.keymap.named(commands::TABLE.scope, "today");
                    let text = format!("it is {today} now; this is the day before, {key} goes on");
                    out.push(Intent::Say(Tone::Plain, text));
                }
            }
            Input::Paste(text) => self.pane.paste(text, world, out),
            Input::Key(_) => return Handled::No,
            Input::Visit(Target::Day(date)) => self.show(*date),
            Input::Visit(Target::Field(date, key)) => {
                self.show(*date);
                self.pane.seek(key, world);
            }
            Input::Visit(Target::Record { .. }) | Input::Shown | Input::Answered => {}
        }
        Handled::Yes
    }

    fn takes(&self, target: &Target) -> bool {
        matches!(target, Target::Day(_) | Target::Field(..))
    }

    fn subjects(&self, _world: &World) -> Vec<Subject> {
        vec![Subject::Log(self.date)]
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.pane.item(world)
    }

    fn has_masked(&self, world: &World) -> bool {
        self.pane.has_masked(world)
    }
}
