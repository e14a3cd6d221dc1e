//! Drift: calculated signals by what was made of them, what each rests on, the rows that caused it.
//!
//! The screen owns which list is in front, the cursor, and whether it is among the rows of a signal. Signals are
//! calculated behind everything else and lie in the cache; what the person answers is a change of the record. Which
//! fields take part is a setting that the store keeps.

mod actions;
mod chart;
mod commands;
mod seen;
mod view;

use std::cell::Cell;

use crate::app::command::Table;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target, Tone};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::store::api::Query;

use super::Tui;
use super::list::{self, Shelf, Shelves};

use seen::Seen;

const SHELVES: &[Shelf] = &[
    Shelf {
        name: "open",
        statuses: &["open"],
    },
    Shelf {
        name: "acknowledged",
        statuses: &["acknowledged"],
    },
    Shelf {
        name: "snoozed",
        statuses: &["snoozed"],
    },
    Shelf {
        name: "resolved",
        statuses: &["resolved"],
    },
];

/// The Drift screen.
#[derive(Debug)]
pub struct Drift {
    shelves: Shelves,
    rows: Option<Rows>,
    asked: Asked,
    /// What is to be shown once it is known how it stands.
    wanted: Option<RecordId>,
}

/// The cursor among the rows of a signal.
#[derive(Debug)]
struct Rows {
    /// Of this one.
    of: RecordId,
    at: usize,
    /// The first row shown; moves as little as needed.
    scroll: Cell<usize>,
    /// Rows that fit, as of the last drawing.
    page: Cell<usize>,
    /// Which of them is drawn where.
    drawn: Zones,
}

/// What the popup above was opened for.
#[derive(Debug, Default)]
enum Asked {
    #[default]
    Nothing,
    /// Until when this one is set aside.
    Until(RecordId),
    /// What takes part: names as the settings have them, and whether each did.
    Fields(Vec<(String, bool)>),
}

impl Default for Drift {
    fn default() -> Self {
        Self {
            shelves: Shelves::new(Lane::Signals, SHELVES),
            rows: None,
            asked: Asked::Nothing,
            wanted: None,
        }
    }
}

impl Drift {
    /// The signal under the cursor.
    fn seen<'w>(&self, world: &'w World) -> Option<Seen<'w>> {
        Seen::of(self.shelves.record(world)?, world)
    }

    /// The cursor among the rows, where it is there and the signal is still the one it is about.
    fn on_rows(&self, seen: &Seen<'_>) -> Option<&Rows> {
        let rows = self.rows.as_ref()?;
        (rows.of == seen.record.id).then_some(rows)
    }

    /// Goes to the wanted signal as soon as it is known on which list it is.
    fn look_for_wanted(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let Some(id) = self.wanted else { return };
        if let Some(record) = world.cache.record(Lane::Signals, id) {
            self.wanted = None;
            self.rows = None;
            self.shelves
                .select(id, record.word("state").unwrap_or_default());
        } else if Subject::Record(Lane::Signals, id).is_missing(world) {
            self.wanted = None;
            let text = "this signal is no longer there".to_owned();
            out.push(Intent::Say(Tone::Plain, text));
        }
    }
}

impl Behaviour<Tui> for Drift {
    fn title(&self) -> &'static str {
        "Drift"
    }

    fn waiting(&self, world: &World) -> usize {
        match world.cache.statuses(Lane::Signals) {
            Some(counts) => {
                let open = counts.get("open").copied().unwrap_or(0);
                usize::try_from(open).unwrap_or(usize::MAX)
            }
            None => world.drift.as_ref().map_or(0, |standing| standing.open),
        }
    }

    fn tab_needs(&self, world: &World) -> Vec<Query> {
        // Before they are calculated there is nothing to tell.
        let told = world.drift.iter();
        told.map(|_| Query::Statuses(Lane::Signals)).collect()
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
        let open = named(list::TABLE.scope, "open");
        let Some(seen) = self.seen(world) else {
            let meant = [
                ("next-status", "list"),
                ("fields", "fields"),
                ("recalculate", "calculate anew"),
            ];
            return world.keymap.pairs(own, &meant);
        };
        if self.on_rows(&seen).is_some() {
            return vec![
                (open, "go there"),
                (named(own, "back"), "back"),
                (named(own, "acknowledge"), "acknowledge"),
                (named(own, "snooze"), "snooze"),
                (named(own, "explain"), "formula"),
            ];
        }
        let mut hints = vec![(open, "rows")];
        hints.extend(world.keymap.hints(&commands::TABLE));
        hints
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        let mut needs = self.shelves.needs(world);
        needs.extend(self.seen(world).and_then(|seen| seen.series(world)));
        needs.extend(self.wanted.map(|id| Query::Record(Lane::Signals, id)));
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => return self.command(name, world, out),
            Input::Reply(reply) => self.reply(&reply, world, out),
            Input::Answered => {
                self.shelves.answered(world);
                self.look_for_wanted(world, out);
            }
            Input::Visit(Target::Record { id, .. }) => {
                self.wanted = Some(*id);
                self.look_for_wanted(world, out);
            }
            Input::Key(_) | Input::Paste(_) => return Handled::No,
            Input::NewDay(_) | Input::Shown | Input::Visit(Target::Day(_) | Target::Field(..)) => {}
        }
        Handled::Yes
    }

    fn click(&mut self, at: (u16, u16), world: &World) {
        let id = self.seen(world).map(|seen| seen.record.id);
        if let Some(rows) = self.rows.as_mut().filter(|rows| Some(rows.of) == id)
            && let Some(row) = rows.drawn.at(at)
        {
            rows.at = row;
            return;
        }
        self.shelves.click(at, world);
    }

    fn takes(&self, target: &Target) -> bool {
        matches!(
            target,
            Target::Record {
                lane: Lane::Signals,
                ..
            }
        )
    }

    fn passed_by(&mut self) {
        self.shelves.passed_by();
    }

    fn subjects(&self, world: &World) -> Vec<Subject> {
        let record = self.shelves.record(world);
        let subject = record.map(|record| Subject::Record(record.lane, record.id));
        subject.into_iter().collect()
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        let seen = self.seen(world)?;
        seen.item().or_else(|| seen.note_item())
    }

    fn has_masked(&self, world: &World) -> bool {
        let of = |record| {
            let seen = Seen::of(record, world);
            seen.is_some_and(|seen| seen.item().or_else(|| seen.note_item()).is_some())
        };
        self.shelves.in_front(world).into_iter().any(of)
    }
}
