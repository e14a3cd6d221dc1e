//! What the keys do: check-ins of the picked day, the goal's status, its going and coming.

use crossterm::event::{KeyCode, KeyEvent};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use crate::app::part::{Handled, Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::goal::{CheckIn, Goal, Status, TargetType, parse_amount, show_amount, words};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::meeting::Base;
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;
use crate::screens::form::RecordForm;
use crate::screens::list;
use crate::screens::popups::{Check, Editor, Prompt};
use crate::screens::{Tui, open};
use crate::store::api::{Mutation, RecordChange};

use super::listed::Entry;
use super::year::Year;
use super::{Asked, Goals, note_place};

type Out = Vec<Intent<Tui>>;

impl Goals {
    pub(super) fn command(
        &mut self,
        name: &'static str,
        key: KeyEvent,
        world: &World,
        out: &mut Out,
    ) -> Handled {
        let asked = std::mem::take(&mut self.asked);
        self.wanted = None;
        if name != "delete" {
            self.deletion.forget();
        }
        if self.navigate(name, world) {
            return Handled::Yes;
        }
        match name {
            "go-to-date" => out.push(open(Prompt::date(world))),
            "new" => self.begin_new(out),
            "show" => self.show_next(out),
            _ => return self.on_goal(name, key, &asked, world, out),
        }
        Handled::Yes
    }

    /// Moves the cursor or the day. Says whether the command was one of these.
    fn navigate(&mut self, name: &str, world: &World) -> bool {
        let by = |days: i64| self.day.saturating_add(days.days());
        let day = match name {
            "previous-day" => by(-1),
            "next-day" => by(1),
            "previous-week" => by(-7),
            "next-week" => by(7),
            "today" => world.today,
            _ => return self.move_cursor(name, world),
        };
        self.pick(day, world);
        true
    }

    fn move_cursor(&mut self, name: &str, world: &World) -> bool {
        let entries = self.entries(world);
        let at = self.current(&entries).map_or(0, |(at, _)| at);
        let page = self.page.get().max(1);
        let to = match name {
            "next" => at + 1,
            "previous" => at.saturating_sub(1),
            "page-down" => at + page,
            "page-up" => at.saturating_sub(page),
            "first" => 0,
            "last" => usize::MAX,
            _ => return false,
        };
        self.move_to(to, &entries);
        true
    }

    fn on_goal(
        &mut self,
        name: &'static str,
        key: KeyEvent,
        asked: &Asked,
        world: &World,
        out: &mut Out,
    ) -> Handled {
        let entries = self.entries(world);
        let Some((at, entry)) = self.current(&entries) else {
            let key = world.keymap.named(super::commands::TABLE.scope, "new");
            let text = format!("no goal here; {key} makes one");
            out.push(Intent::Say(Tone::Plain, text));
            return Handled::Yes;
        };
        // What happens now happens to this goal, wherever the list moves it.
        self.move_to(at, &entries);
        match name {
            "check-in" => self.check_in(entry, asked, world, out),
            "set" => self.digit(entry, key, out),
            "score" => self.ask_score(entry, out),
            "note" => write_note(entry, world, out),
            "not-done" => self.write_not_done(entry, out),
            "take-back" => self.take_back(entry, asked, world, out),
            "pause" => set_status(&entry.goal, Status::Paused, out),
            "archive" => set_status(&entry.goal, Status::Archived, out),
            "delete" => {
                let goal = (Lane::Goals, entry.goal.id);
                self.deletion.press(goal, list::TABLE.scope, world, out);
            }
            "open" | "edit" => {
                out.push(open(RecordForm::new(Lane::Goals, entry.goal.id)));
            }
            "year" => out.push(open(Year::new(entry.goal.id))),
            _ => return Handled::No,
        }
        Handled::Yes
    }

    pub(super) fn reply(&mut self, reply: &Reply, world: &World, out: &mut Out) {
        let asked = std::mem::take(&mut self.asked);
        match (asked, reply) {
            (Asked::Amount(goal, day), Reply::Line(line)) => {
                self.enter_amount(goal, day, line, world, out);
            }
            (Asked::Score(goal, day), Reply::Line(line)) => {
                self.enter_score(goal, day, line, world, out);
            }
            (Asked::New(new), reply) => self.go_on_with_new(new, reply, world, out),
            (Asked::Nothing, Reply::Date(day)) => {
                if *day > world.today {
                    let text = format!("{} has not come yet", dates::long(*day));
                    out.push(Intent::Say(Tone::Plain, text));
                }
                self.pick(*day, world);
            }
            (Asked::Nothing | Asked::Amount(..) | Asked::Score(..) | Asked::TakeBack(_), _) => {}
        }
    }

    fn show_next(&mut self, out: &mut Out) {
        self.shown = match self.shown {
            Status::Active => Status::Paused,
            Status::Paused => Status::Archived,
            Status::Archived => Status::Active,
        };
        self.selected = None;
        self.index = 0;
        self.scroll.set(0);
        let text = format!("{} goals", self.shown.word());
        out.push(Intent::Say(Tone::Plain, text));
    }

    fn check_in(&mut self, entry: &Entry<'_>, asked: &Asked, world: &World, out: &mut Out) {
        match entry.goal.target {
            TargetType::Binary => match &entry.check_in {
                Some(one) if one.completed => self.take_back(entry, asked, world, out),
                Some(_) | None => {
                    let done = Patch::one("completed", Some(Value::Bool(true)));
                    self.write(&entry.goal, entry.check_in.as_ref(), done, out);
                }
            },
            TargetType::Count | TargetType::Duration => {
                let amount = entry.check_in.as_ref().and_then(|one| one.amount);
                let begun = amount.map(show_amount).unwrap_or_default();
                self.ask_amount(&entry.goal, &begun, out);
            }
        }
    }

    fn digit(&mut self, entry: &Entry<'_>, key: KeyEvent, out: &mut Out) {
        let KeyCode::Char(char) = key.code else {
            return;
        };
        if entry.goal.target.takes_amount() {
            return self.ask_amount(&entry.goal, &char.to_string(), out);
        }
        let Some(score) = char
            .to_digit(10)
            .map(|digit| if digit == 0 { 10 } else { digit })
        else {
            return;
        };
        let mut patch = Patch::one("score", Some(Value::from(score)));
        if entry.check_in.is_none() {
            patch.merge(Patch::one("completed", Some(Value::Bool(true))));
        }
        self.write(&entry.goal, entry.check_in.as_ref(), patch, out);
    }

    fn ask_amount(&mut self, goal: &Goal, begun: &str, out: &mut Out) {
        let (help, check): (_, Check) = match goal.target {
            TargetType::Binary | TargetType::Count => ("a number, as 12 or 2.5", |line| {
                amount_of(line, TargetType::Count).map(drop)
            }),
            TargetType::Duration => ("minutes: 45, 1h30 or 1:30", |line| {
                amount_of(line, TargetType::Duration).map(drop)
            }),
        };
        self.asked = Asked::Amount(goal.id, self.day);
        let label = format!("{}: {}", dates::short(self.day), goal.title);
        out.push(open(Prompt::line(&label, help, check).begun_with(begun)));
    }

    fn ask_score(&mut self, entry: &Entry<'_>, out: &mut Out) {
        if entry.check_in.is_none() {
            return out.push(nothing_there());
        }
        self.asked = Asked::Score(entry.goal.id, self.day);
        let score = entry.check_in.as_ref().and_then(|one| one.score);
        let begun = score.map(|score| score.to_string()).unwrap_or_default();
        let day = dates::short(self.day);
        let label = format!("score, {day}: {}", entry.goal.title);
        let prompt = Prompt::line(&label, "1 to 10; empty clears it", |line| {
            score_of(line).map(drop)
        });
        out.push(open(prompt.begun_with(&begun)));
    }

    fn enter_amount(
        &mut self,
        goal: RecordId,
        day: Date,
        line: &str,
        world: &World,
        out: &mut Out,
    ) {
        self.day = day;
        let entries = self.entries(world);
        let Some(entry) = entries.iter().find(|entry| entry.goal.id == goal) else {
            return;
        };
        match amount_of(line, entry.goal.target) {
            Ok(None) => {}
            Ok(Some(amount)) => {
                let mut patch = Patch::one("amount", Some(Value::from(amount)));
                patch.merge(Patch::one("completed", Some(Value::Bool(true))));
                self.write(&entry.goal, entry.check_in.as_ref(), patch, out);
            }
            Err(text) => out.push(Intent::Say(Tone::Trouble, text)),
        }
    }

    fn enter_score(&mut self, goal: RecordId, day: Date, line: &str, world: &World, out: &mut Out) {
        self.day = day;
        let entries = self.entries(world);
        let Some(entry) = entries.iter().find(|entry| entry.goal.id == goal) else {
            return;
        };
        match score_of(line) {
            Ok(score) if entry.check_in.is_some() => {
                let patch = Patch::one("score", score.map(Value::from));
                self.write(&entry.goal, entry.check_in.as_ref(), patch, out);
            }
            Ok(_) => out.push(nothing_there()),
            Err(text) => out.push(Intent::Say(Tone::Trouble, text)),
        }
    }

    fn write_not_done(&self, entry: &Entry<'_>, out: &mut Out) {
        let patch = Patch::one("completed", Some(Value::Bool(false)));
        self.write(&entry.goal, entry.check_in.as_ref(), patch, out);
    }

    /// Deletes the day's check-in; one with more than its being done is asked about.
    fn take_back(&mut self, entry: &Entry<'_>, asked: &Asked, world: &World, out: &mut Out) {
        if self.waits_for_week(world, out) {
            return;
        }
        let Some(one) = &entry.check_in else {
            return out.push(nothing_there());
        };
        let is_asked = matches!(asked, Asked::TakeBack(id) if *id == one.id);
        if let Some(holds) = holds(one).filter(|_| !is_asked) {
            self.asked = Asked::TakeBack(one.id);
            let text = format!("this check-in has {holds}; the same key again takes it back");
            return out.push(Intent::Say(Tone::Plain, text));
        }
        let words = self.words(&entry.goal);
        change(Lane::CheckIns, one.id, RecordChange::Delete, words, out);
        let text = format!("taken back: {}; u undoes it", self.words(&entry.goal));
        out.push(Intent::Say(Tone::Plain, text));
    }

    /// Sets fields of the day's check-in, or makes it with them. Where the week is not known yet, one that is there
    /// takes these fields too: the database has one check-in of a goal and day.
    fn write(&self, goal: &Goal, there: Option<&CheckIn>, fields: Patch, out: &mut Out) {
        let words = self.words(goal);
        if let Some(there) = there {
            let set = RecordChange::Set {
                patch: fields,
                base: Base::Any,
            };
            return change(Lane::CheckIns, there.id, set, words, out);
        }
        let mut made = Patch::one("goalId", Some(Value::from(goal.id.to_string())));
        made.merge(Patch::one("date", Some(Value::from(self.day.to_string()))));
        made.merge(fields);
        let text = match words::outside(goal, self.day) {
            Some(outside) => format!("{words}: {outside}"),
            None => format!("checked in: {words}"),
        };
        out.push(Intent::Say(Tone::Plain, text));
        let id = CheckIn::id_of(goal.id, self.day);
        change(Lane::CheckIns, id, RecordChange::Create(made), words, out);
    }

    fn words(&self, goal: &Goal) -> String {
        format!("{}, {}", goal.title, dates::long(self.day))
    }

    /// Whether it is not known yet what is written in this week, though it will be: what would take
    /// something back must wait.
    fn waits_for_week(&self, world: &World, out: &mut Out) -> bool {
        let waits = self.is_week_on_its_way(world);
        if waits {
            let text = "this week is not loaded yet".to_owned();
            out.push(Intent::Say(Tone::Plain, text));
        }
        waits
    }
}

/// A change of a record of a lane.
pub(super) fn change(lane: Lane, id: RecordId, change: RecordChange, words: String, out: &mut Out) {
    let mutation = Mutation::Record { lane, id, change };
    out.push(Intent::Change { mutation, words });
}

/// Sets this status; where the goal has it, makes it active again.
fn set_status(goal: &Goal, status: Status, out: &mut Out) {
    let status = if goal.status == status {
        Status::Active
    } else {
        status
    };
    let set = RecordChange::Set {
        patch: Patch::one("status", Some(Value::from(status.word()))),
        base: Base::Any,
    };
    let words = format!("{}: {}", goal.title, status.word());
    let text = format!("{words}; u undoes it");
    change(Lane::Goals, goal.id, set, words, out);
    out.push(Intent::Say(Tone::Plain, text));
}

fn write_note(entry: &Entry<'_>, world: &World, out: &mut Out) {
    let (Some(one), Some(record)) = (&entry.check_in, entry.record) else {
        return out.push(nothing_there());
    };
    let note = record
        .text("note")
        .map_or_else(Secret::default, |note| note.map(str::to_owned));
    out.push(open(Editor::new(world, note_place(one.id), note)));
}

fn nothing_there() -> Intent<Tui> {
    let text = "no check-in on this day".to_owned();
    Intent::Say(Tone::Plain, text)
}

/// What of a check-in would go beside its being done.
fn holds(check_in: &CheckIn) -> Option<&'static str> {
    match (check_in.has_note, check_in.score.is_some()) {
        (true, true) => Some("a note and a score"),
        (true, false) => Some("a note"),
        (false, true) => Some("a score"),
        (false, false) => None,
    }
}

/// An amount as typed; nothing for an empty line.
fn amount_of(line: &str, target: TargetType) -> Result<Option<f64>, String> {
    if line.trim().is_empty() {
        return Ok(None);
    }
    parse_amount(line, target)
        .map(Some)
        .map_err(|error| error.to_string())
}

/// A score as typed; nothing for an empty line.
fn score_of(line: &str) -> Result<Option<u8>, String> {
    let line = line.trim();
    if line.is_empty() {
        return Ok(None);
    }
    line.parse::<u8>()
        .ok()
        .filter(|score| (1..=10).contains(score))
        .map(Some)
        .ok_or_else(|| "a score is a whole number from 1 to 10".to_owned())
}
