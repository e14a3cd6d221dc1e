//! Goals: the week of each goal by domain, and what was written on the picked day.
//!
//! The screen owns which goals are listed, which one is under the cursor and which day is picked. Goals and
//! check-ins live in the cache; what a week amounts to is computed by `domain::goal`.

mod actions;
mod commands;
mod hints;
mod listed;
mod new;
mod side;
mod view;
mod visit;
mod year;

pub use year::Year;

use std::cell::Cell;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::app::command::Table;
use crate::app::draft::Place;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::goal::{Status, Week};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::store::api::{Listing, Query};

use super::Tui;
use super::list::{self, Deletion};

use listed::Entry;
use new::NewGoal;

/// How many days before today belong to the year of a goal: 53 weeks, so that the first week is whole.
const YEAR: i64 = 371;

/// The key table of the popups that belong to this screen.
pub(super) const TABLES: &[Table] = &[year::TABLE];

/// The Goals screen.
#[derive(Debug)]
pub struct Goals {
    shown: Status,
    /// The goal under the cursor; the first one without it.
    selected: Option<RecordId>,
    /// Where the cursor was, for when its goal leaves the list.
    index: usize,
    day: Date,
    /// First line shown; moves as little as needed to keep the cursor in sight.
    scroll: Cell<usize>,
    /// Goals that fit, as of the last drawing.
    page: Cell<usize>,
    /// Which goal of the list is drawn where.
    drawn: Zones,
    asked: Asked,
    /// What is to be shown once it is known where it stands.
    wanted: Option<(Lane, RecordId)>,
    deletion: Deletion,
}

/// What the screen waits for.
#[derive(Debug, Default)]
enum Asked {
    #[default]
    Nothing,
    /// A line: the day's amount.
    Amount(RecordId, Date),
    /// A line: the day's score.
    Score(RecordId, Date),
    /// The line and the list of a new goal.
    New(NewGoal),
    /// The same key again, before a check-in with a note or a score is taken back.
    TakeBack(RecordId),
}

impl Goals {
    /// Today's week of the active goals.
    #[must_use]
    pub fn new(world: &World) -> Self {
        Self {
            shown: Status::Active,
            selected: None,
            index: 0,
            day: world.today,
            scroll: Cell::new(0),
            page: Cell::new(1),
            drawn: Zones::default(),
            asked: Asked::Nothing,
            wanted: None,
            deletion: Deletion::default(),
        }
    }

    /// The week of the picked day.
    fn week(&self, world: &World) -> Week {
        Week::of(self.day, world.settings.week_start)
    }

    fn pick(&mut self, day: Date, world: &World) {
        self.day = day.min(world.today);
    }

    /// The entry under the cursor, and where it stands.
    fn current<'e, 'w>(&self, entries: &'e [Entry<'w>]) -> Option<(usize, &'e Entry<'w>)> {
        let found = entries
            .iter()
            .position(|entry| Some(entry.goal.id) == self.selected);
        let at = found
            .unwrap_or(self.index)
            .min(entries.len().checked_sub(1)?);
        entries.get(at).map(|entry| (at, entry))
    }

    fn move_to(&mut self, at: usize, entries: &[Entry<'_>]) {
        let at = at.min(entries.len().saturating_sub(1));
        self.index = at;
        self.selected = entries.get(at).map(|entry| entry.goal.id);
    }

    /// The note of the picked day, where it needs the mask.
    fn private_note(&self, world: &World) -> Option<ItemId> {
        let entries = self.entries(world);
        let (_, entry) = self.current(&entries)?;
        let check_in = entry.check_in.as_ref().filter(|one| one.has_note)?;
        entry
            .goal
            .has_private_notes()
            .then(|| note_item(check_in.id))
    }
}

/// The check-ins of one goal in the year up to a day.
fn year_of(goal: RecordId, until: Date) -> Listing {
    Listing::check_ins_of_goal(goal, year_begins(until), until)
}

fn year_begins(until: Date) -> Date {
    until.saturating_sub(YEAR.days())
}

/// The note of a check-in, as drafts and editors name it.
fn note_place(check_in: RecordId) -> Place {
    Subject::Record(Lane::CheckIns, check_in).place("note")
}

fn note_item(check_in: RecordId) -> ItemId {
    Subject::Record(Lane::CheckIns, check_in).item("note")
}

impl Behaviour<Tui> for Goals {
    fn title(&self) -> &'static str {
        "Goals"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn shared(&self) -> &'static [Table] {
        const SHARED: &[Table] = &[list::TABLE];
        SHARED
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        self.hints_of_day(world)
    }

    fn click(&mut self, at: (u16, u16), world: &World) {
        if let Some(goal) = self.drawn.at(at) {
            let entries = self.entries(world);
            self.move_to(goal, &entries);
        }
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = vec![
            Query::Records(Listing::goals(self.shown)),
            Query::Records(Listing::check_ins_of_week(self.week(world))),
        ];
        needs.extend(self.wanted.map(|(lane, id)| Query::Record(lane, id)));
        let entries = self.entries(world);
        if let Some((_, entry)) = self.current(&entries) {
            needs.push(Query::Records(year_of(entry.goal.id, world.today)));
        }
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, key) => return self.command(name, key, world, out),
            Input::Reply(reply) => self.reply(&reply, world, out),
            Input::NewDay(before) => {
                if self.day == before {
                    self.day = world.today;
                }
            }
            Input::Visit(Target::Record { lane, id }) => self.visit(*lane, *id, world, out),
            Input::Answered => self.look_for_wanted(world, out),
            Input::Shown | Input::Visit(Target::Day(_) | Target::Field(..)) => {}
            Input::Key(_) | Input::Paste(_) => {
                self.passed_by();
                return Handled::No;
            }
        }
        Handled::Yes
    }

    fn takes(&self, target: &Target) -> bool {
        match target {
            Target::Record { lane, .. } => matches!(lane, Lane::Goals | Lane::CheckIns),
            Target::Day(_) | Target::Field(..) => false,
        }
    }

    fn passed_by(&mut self) {
        // A line is being filled in above: its keys are the answer.
        if let Asked::TakeBack(_) = self.asked {
            self.asked = Asked::Nothing;
        }
        self.deletion.forget();
    }

    /// The goal, then its check-in of the day that is shown.
    fn subjects(&self, world: &World) -> Vec<Subject> {
        let entries = self.entries(world);
        let Some((_, entry)) = self.current(&entries) else {
            return Vec::new();
        };
        let goal = Subject::Record(Lane::Goals, entry.goal.id);
        let check_in = entry.check_in.as_ref();
        let check_in = check_in.map(|one| Subject::Record(Lane::CheckIns, one.id));
        std::iter::once(goal).chain(check_in).collect()
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.private_note(world)
    }
}
