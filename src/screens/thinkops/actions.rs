//! What the keys of `ThinkOps` do.

use jiff::civil::Date;
use serde_json::Value;

use crate::app::part::{Handled, Intent, Reply, Target, Tone};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::idea::{Sift, Status, review_default};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::subject::Subject;
use crate::screens::form::RecordForm;
use crate::screens::popups::{Picker, Prompt};
use crate::screens::{Tui, open};
use crate::store::api::Mutation;

use super::commands::TABLE;
use super::{Asked, Capture, ThinkOps, choices, chosen, listing, ticked};

type Out = Vec<Intent<Tui>>;

/// The part of the form that `c` opens at.
const CHECK: &str = "realityCheck.known";

impl ThinkOps {
    pub(super) fn command(&mut self, name: &str, world: &World, out: &mut Out) -> Handled {
        self.asked = Asked::Nothing;
        match name {
            "next" | "previous" => self.step_by(name, world, out),
            "next-status" => self.go_to_status(true),
            "previous-status" => self.go_to_status(false),
            "new" => out.push(open(Capture::new())),
            "check" => match self.idea(world) {
                Some(idea) => out.push(open(RecordForm::new(Lane::Ideas, idea.id).at(CHECK))),
                None => no_idea(world, out),
            },
            "move" => self.ask_where(world, out),
            "filter" => {
                self.asked = Asked::What;
                let list = Picker::list("list only", choices(), ticked(&self.sift));
                out.push(open(list));
            }
            "all" => self.sift_by(Sift::default(), world),
            "order" => {
                self.sort = self.sort.next();
                self.relist(world);
                let text = format!("in the order: {}", self.sort.label());
                out.push(Intent::Say(Tone::Plain, text));
            }
            "copy" => self.copy(world, out),
            _ if self.idea(world).is_none() => no_idea(world, out),
            _ => return self.in_list(name, world, out),
        }
        Handled::Yes
    }

    /// A command of the list under the cursor.
    fn in_list(&mut self, name: &str, world: &World, out: &mut Out) -> Handled {
        let list = self.groups.get_mut(self.at);
        list.map_or(Handled::No, |list| list.command(name, world, out))
    }

    pub(super) fn reply(&mut self, reply: Reply, world: &World, out: &mut Out) {
        match (std::mem::take(&mut self.asked), reply) {
            (Asked::Where(id, statuses), Reply::Choices(picked)) => {
                let to = picked.first().and_then(|at| statuses.get(*at));
                if let Some(to) = to {
                    self.ask_or_move(id, *to, world, out);
                }
            }
            (Asked::ReviewOn(id), Reply::Date(date)) => {
                step(id, Status::Parked, Some(date), world, out);
            }
            (Asked::What, Reply::Choices(picked)) => self.sift_by(chosen(&picked), world),
            (Asked::Nothing | Asked::Where(..) | Asked::ReviewOn(_) | Asked::What, _) => {}
        }
    }

    /// Opens an idea that was found elsewhere, with the cursor on it where it is listed.
    pub(super) fn visit(&mut self, target: &Target, world: &World, out: &mut Out) {
        let Target::Record { lane, id } = *target else {
            return;
        };
        let idea = world.cache.record(lane, id);
        let status = idea.and_then(|idea| idea.word("status").and_then(Status::read));
        let at = Status::ALL.iter().position(|one| Some(*one) == status);
        self.at = at.unwrap_or(self.at);
        for list in &mut self.groups {
            list.select(id);
        }
        out.push(open(RecordForm::new(lane, id)));
    }

    /// Lists what is wanted now.
    pub(super) fn relist(&mut self, world: &World) {
        for (list, status) in self.groups.iter_mut().zip(Status::ALL) {
            list.show(listing(status, &self.sift, self.sort, world));
        }
    }

    fn sift_by(&mut self, sift: Sift, world: &World) {
        self.sift = sift;
        self.relist(world);
        if !self.sift.takes(self.status()) {
            let first = self.listed().next();
            self.at = first.map_or(0, |(at, _)| at);
        }
    }

    /// The next idea, or the one before; where groups stand one below the other, behind the last of a
    /// group the first of the next.
    fn step_by(&mut self, name: &str, world: &World, out: &mut Out) {
        let before = self.idea(world).map(|idea| idea.id);
        if before.is_some() {
            self.in_list(name, world, out);
        }
        if self.is_wide(world) || self.idea(world).map(|idea| idea.id) != before {
            return;
        }
        let (at, down) = (self.at, name == "next");
        let listed = self.listed().map(|(other, _)| other);
        let listed = listed.filter(|other| self.has_any(*other, world));
        let other = if down {
            listed.filter(|other| *other > at).min()
        } else {
            listed.filter(|other| *other < at).max()
        };
        if let Some(other) = other {
            self.at = other;
            self.in_list(if down { "first" } else { "last" }, world, out);
        }
    }

    fn go_to_status(&mut self, onward: bool) {
        let at = self.at;
        let others = self.listed().map(|(other, _)| other);
        let to = if onward {
            others.filter(|other| *other > at).min()
        } else {
            others.filter(|other| *other < at).max()
        };
        self.at = to.unwrap_or(at);
    }

    fn ask_where(&mut self, world: &World, out: &mut Out) {
        let Some(idea) = self.idea(world) else {
            return no_idea(world, out);
        };
        let moves = self.status().moves();
        if moves.is_empty() {
            let text = format!("an idea that is {} stays so", self.status());
            return out.push(Intent::Say(Tone::Plain, text));
        }
        self.asked = Asked::Where(idea.id, moves);
        let options = moves.iter().map(|to| format!("{to}: {}", to.meaning()));
        out.push(open(Picker::one_of("move to", options.collect())));
    }

    fn ask_or_move(&mut self, id: RecordId, to: Status, world: &World, out: &mut Out) {
        if to == Status::Parked {
            self.asked = Asked::ReviewOn(id);
            let begin = review_default(world.today).to_string();
            let prompt = Prompt::date_ahead("parked: look at it again on", &begin, world);
            return out.push(open(prompt));
        }
        step(id, to, None, world, out);
    }

    fn copy(&self, world: &World, out: &mut Out) {
        let title = self.idea(world).and_then(|idea| idea.text("title"));
        let Some(title) = title else {
            return no_idea(world, out);
        };
        out.push(Intent::Copy(title.map(str::to_owned)));
        out.push(Intent::Say(Tone::Plain, "title copied".to_owned()));
    }
}

fn no_idea(world: &World, out: &mut Out) {
    let key = world.keymap.named(TABLE.scope, "new");
    let text = format!("there is no idea here; {key} captures one");
    out.push(Intent::Say(Tone::Plain, text));
}

/// Moves an idea, if its status is still one that this may follow.
fn step(id: RecordId, to: Status, on: Option<Date>, world: &World, out: &mut Out) {
    let idea = world.cache.record(Lane::Ideas, id);
    let from = idea.and_then(|idea| idea.word("status").and_then(Status::read));
    if let Some(Err(refused)) = from.map(|from| from.check_move(to)) {
        return out.push(Intent::Say(Tone::Trouble, refused.to_string()));
    }
    let mut patch = Patch::one("status", Some(Value::from(to.word())));
    let mut said = format!("now {to}");
    if let Some(date) = on {
        patch.merge(Patch::one("reviewOn", Some(Value::from(date.to_string()))));
        said = format!("{said}, to be looked at again on {}", dates::long(date));
    }
    out.push(Intent::Change {
        mutation: Mutation::set(Subject::Record(Lane::Ideas, id), id, patch),
        words: format!("an idea's move to {to}"),
    });
    out.push(Intent::Say(Tone::Plain, said));
}
