//! What the keys of `ThinkOps` do.

use jiff::civil::Date;
use serde_json::Value;

use crate::app::part::{Handled, Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::idea::{Sift, Status, review_default};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::subject::Subject;
use crate::screens::popups::{Picker, Prompt, RecordForm};
use crate::screens::{Tui, open};
use crate::store::api::{Mutation, RecordChange};

use super::{Asked, Capture, ThinkOps, choices, chosen, ticked};

type Out = Vec<Intent<Tui>>;

/// The part of the form that `c` opens at.
const CHECK: &str = "realityCheck.known";

impl ThinkOps {
    pub(super) fn command(&mut self, name: &str, world: &World, out: &mut Out) -> Handled {
        let asked = std::mem::take(&mut self.asked);
        match name {
            "next" => self.down(world),
            "previous" => self.up(world),
            "page-down" => self.go(self.page.get().max(1).cast_signed(), world),
            "page-up" => self.go(-self.page.get().max(1).cast_signed(), world),
            "first" => self.end(false, world),
            "last" => self.end(true, world),
            "next-status" => self.go_to_status(true),
            "previous-status" => self.go_to_status(false),
            "new" => out.push(open(Capture::new())),
            "open" => self.open_form(None, world, out),
            "check" => self.open_form(Some(CHECK), world, out),
            "move" => self.ask_where(world, out),
            "delete" => self.delete(&asked, world, out),
            "filter" => {
                self.asked = Asked::What;
                let list = Picker::list("list only", choices(), ticked(&self.sift));
                out.push(open(list));
            }
            "all" => self.sift_by(Sift::default()),
            "order" => {
                self.sort = self.sort.next();
                self.restart();
                let text = format!("in the order: {}", self.sort.label());
                out.push(Intent::Say(Tone::Plain, text));
            }
            "copy" => self.copy(world, out),
            _ => return Handled::No,
        }
        Handled::Yes
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
            (Asked::What, Reply::Choices(picked)) => self.sift_by(chosen(&picked)),
            (
                Asked::Nothing
                | Asked::Where(..)
                | Asked::ReviewOn(_)
                | Asked::What
                | Asked::Delete(_),
                _,
            ) => {}
        }
    }

    /// The database has said something: there may be more pages.
    pub(super) fn learn(&mut self, world: &World) {
        for (at, status) in Status::ALL.into_iter().enumerate() {
            let listing = self.listing(status, world);
            if let Some(pages) = self.groups.get_mut(at) {
                pages.learn(&listing, world);
            }
        }
    }

    /// Another key was pressed: a question is no longer open.
    pub(super) fn forget_question(&mut self) {
        if let Asked::Delete(_) = self.asked {
            self.asked = Asked::Nothing;
        }
    }

    fn restart(&mut self) {
        self.groups.iter_mut().for_each(super::Pages::restart);
    }

    fn sift_by(&mut self, sift: Sift) {
        self.sift = sift;
        self.restart();
        if !self.sift.takes(self.status()) {
            let first = self.listed().next();
            self.at = first.map_or(0, |(at, _)| at);
        }
    }

    fn go(&mut self, by: isize, world: &World) {
        self.moves(by, world);
    }

    fn moves(&mut self, by: isize, world: &World) -> bool {
        let listing = self.listing(self.status(), world);
        let pages = self.groups.get_mut(self.at);
        pages.is_some_and(|pages| pages.go(by, &listing, world))
    }

    fn end(&mut self, last: bool, world: &World) {
        let listing = self.listing(self.status(), world);
        if let Some(pages) = self.groups.get_mut(self.at) {
            pages.end(last, &listing, world);
        }
    }

    /// The next idea; where groups stand one below the other, the next group's first behind the last.
    fn down(&mut self, world: &World) {
        if !self.moves(1, world) && !self.is_wide(world) {
            let at = self.at;
            let next = self.listed().map(|(next, _)| next);
            let next = next.filter(|next| *next > at && !self.records(*next, world).is_empty());
            if let Some(next) = next.min() {
                self.at = next;
                self.end(false, world);
            }
        }
    }

    fn up(&mut self, world: &World) {
        if !self.moves(-1, world) && !self.is_wide(world) {
            let at = self.at;
            let before = self.listed().map(|(before, _)| before);
            let before = before.filter(|one| *one < at && !self.records(*one, world).is_empty());
            if let Some(before) = before.max() {
                self.at = before;
                self.end(true, world);
            }
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

    fn open_form(&self, at: Option<&str>, world: &World, out: &mut Out) {
        let Some(idea) = self.idea(world) else {
            return no_idea(out);
        };
        let form = RecordForm::new(Lane::Ideas, idea.id, world);
        out.push(open(match at {
            Some(key) => form.at(key, world),
            None => form,
        }));
    }

    fn ask_where(&mut self, world: &World, out: &mut Out) {
        let Some(idea) = self.idea(world) else {
            return no_idea(out);
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
            let prompt = Prompt::date_for("parked: look at it again on", &begin, world);
            return out.push(open(prompt));
        }
        step(id, to, None, world, out);
    }

    fn delete(&mut self, asked: &Asked, world: &World, out: &mut Out) {
        let Some(idea) = self.idea(world) else {
            return no_idea(out);
        };
        if *asked != Asked::Delete(idea.id) {
            self.asked = Asked::Delete(idea.id);
            let text = "once more deletes this idea; u brings it back".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        }
        out.push(Intent::Change {
            mutation: Mutation::Record {
                lane: Lane::Ideas,
                id: idea.id,
                change: RecordChange::Delete,
            },
            words: "deleting an idea".to_owned(),
        });
        let text = "deleted; u brings it back".to_owned();
        out.push(Intent::Say(Tone::Plain, text));
    }

    fn copy(&self, world: &World, out: &mut Out) {
        let title = self.idea(world).and_then(|idea| idea.text("title"));
        let Some(title) = title else {
            return no_idea(out);
        };
        out.push(Intent::Copy(title.map(str::to_owned)));
        out.push(Intent::Say(Tone::Plain, "title copied".to_owned()));
    }
}

fn no_idea(out: &mut Out) {
    let text = "there is no idea here; n captures one".to_owned();
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
