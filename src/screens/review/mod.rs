//! Review: a week on one screen, and a way through it that ends with three questions.
//!
//! The screen owns which week is shown, the cursor, and whether it is being gone through. The figures are computed by
//! `domain::review` from what the cache holds; answers and the figures of the day are in the review's record.

mod actions;
mod columns;
mod commands;
mod guide;
mod lines;
mod seen;
mod view;

use std::cell::Cell;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::app::command::Table;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target, Tone};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::goal::Week;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::review::week_to_review;
use crate::store::api::{Listing, Query};

use super::Tui;
use super::list::{self, Deletion};

/// The most earlier reviews that are offered: four years of weeks.
const EARLIER: u16 = 208;

/// The Review screen.
#[derive(Debug)]
pub struct Review {
    /// A day of the week that is shown.
    day: Date,
    cursor: usize,
    /// Whether the figures of the day of the review are shown.
    kept: bool,
    /// The step that is being looked at, while the week is gone through.
    step: Option<usize>,
    asked: Asked,
    /// What is to be shown once its week is known.
    wanted: Option<RecordId>,
    deletion: Deletion,
    /// First line shown; moves as little as needed to keep the cursor in sight.
    scroll: Cell<usize>,
    /// Lines that fit, as of the last drawing.
    page: Cell<usize>,
}

/// What the popup above was opened for.
#[derive(Debug, Default)]
enum Asked {
    #[default]
    Nothing,
    /// The answer to the question of the present step.
    Answer,
    /// One of these weeks.
    Earlier(Vec<Date>),
    /// How the week is written.
    Paper,
}

impl Review {
    /// The week that was over last, or this one on its last day.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let week = week_to_review(world.today, world.settings.week_start);
        Self {
            day: week.last(),
            cursor: 0,
            kept: false,
            step: None,
            asked: Asked::Nothing,
            wanted: None,
            deletion: Deletion::default(),
            scroll: Cell::new(0),
            page: Cell::new(1),
        }
    }

    fn week(&self, world: &World) -> Week {
        Week::of(self.day, world.settings.week_start)
    }

    /// Shows the week of a day, not beyond this one.
    fn show(&mut self, day: Date, world: &World) {
        let week = Week::of(day.min(world.today), world.settings.week_start);
        if week == self.week(world) {
            return;
        }
        self.day = week.last();
        self.cursor = 0;
        self.scroll.set(0);
        self.kept = false;
        self.step = None;
    }

    fn query(&self, world: &World) -> Query {
        Query::review(self.week(world), world.today, world.zone(), &world.form)
    }

    /// Shows the week of the wanted review as soon as it is known.
    fn look_for_wanted(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let Some(id) = self.wanted else { return };
        if let Some(record) = world.cache.record(Lane::Reviews, id) {
            self.wanted = None;
            if let Some(first) = record.date("weekStart") {
                self.show(first, world);
            }
        } else if Subject::Record(Lane::Reviews, id).is_missing(world) {
            self.wanted = None;
            let text = "this weekly review is no longer there".to_owned();
            out.push(Intent::Say(Tone::Plain, text));
        }
    }
}

impl Behaviour<Tui> for Review {
    fn title(&self) -> &'static str {
        "Review"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        const { &[list::TABLE] }
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let named = |scope, command| world.keymap.named(scope, command);
        let own = commands::TABLE.scope;
        if self.step.is_some() {
            return vec![
                (named(list::TABLE.scope, "open"), "go on"),
                (named(own, "back"), "back"),
                (named(own, "answer"), "answer"),
                (named(own, "leave"), "leave it here"),
            ];
        }
        let mut hints = world.keymap.hints(&commands::TABLE);
        hints.push((named(list::TABLE.scope, "open"), "open"));
        hints
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = vec![self.query(world), Query::Records(Listing::reviews(EARLIER))];
        needs.extend(
            self.record_id(world)
                .map(|id| Query::Record(Lane::Reviews, id)),
        );
        needs.extend(self.wanted.map(|id| Query::Record(Lane::Reviews, id)));
        needs.dedup();
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => return self.command(name, world, out),
            Input::Reply(reply) => self.reply(&reply, world, out),
            Input::NewDay(before) => {
                let shown = Week::of(before, world.settings.week_start);
                if shown == self.week(world) && shown.last() < world.today && self.step.is_none() {
                    self.day = shown.last();
                }
            }
            Input::Visit(Target::Record { id, .. }) => {
                self.wanted = Some(*id);
                self.look_for_wanted(world, out);
            }
            Input::Answered => self.look_for_wanted(world, out),
            Input::Shown | Input::Visit(Target::Day(_) | Target::Field(..)) => {}
            Input::Key(_) | Input::Paste(_) => {
                self.deletion.forget();
                return Handled::No;
            }
        }
        Handled::Yes
    }

    fn takes(&self, target: &Target) -> bool {
        matches!(
            target,
            Target::Record {
                lane: Lane::Reviews,
                ..
            }
        )
    }

    fn passed_by(&mut self) {
        self.deletion.forget();
    }

    fn subjects(&self, world: &World) -> Vec<Subject> {
        self.histories(world)
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.private_item(world)
    }

    fn has_masked(&self, world: &World) -> bool {
        self.holds_private(world)
    }
}

/// A day so many weeks later; earlier where the number is negative.
fn weeks_on(day: Date, weeks: i64) -> Date {
    day.saturating_add(weeks.weeks())
}
