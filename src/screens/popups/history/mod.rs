//! The versions of a day or a record: listed newest first, one shown, two compared, one brought back.

mod commands;
mod view;

use std::cell::Cell;

use crate::app::command::Table;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::secret::Exit;
use crate::domain::version::bring_back;
use crate::screens::Tui;
use crate::screens::scroll::Scroll;
use crate::store::api::{Link, Mutation, Query, RecordChange, Version, VersionList};

pub(super) use commands::TABLE;

/// Versions of a page.
const PAGE: u16 = 30;

/// The versions of one of these, the first at first.
#[derive(Debug)]
pub struct History {
    subjects: Vec<Subject>,
    of: Subject,
    /// Where the pages behind the first begin.
    pages: Vec<(i32, uuid::Uuid)>,
    cursor: usize,
    /// The version under the cursor, where that is not the newest: another program's change moves what stands where.
    at: Option<i32>,
    /// Which version is drawn where.
    drawn: Zones,
    /// The version that another is compared with.
    marked: Option<i32>,
    shown: Shown,
    scroll: Scroll,
    page: Cell<usize>,
}

/// What of the history is in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// All versions.
    List,
    /// This version.
    One(i32),
    /// The older and the newer of two.
    Two(i32, i32),
}

impl History {
    /// The versions of the first of these; the others are a key away.
    #[must_use]
    pub fn new(subjects: Vec<Subject>) -> Option<Self> {
        let of = *subjects.first()?;
        Some(Self {
            subjects,
            of,
            pages: Vec::new(),
            cursor: 0,
            at: None,
            drawn: Zones::default(),
            marked: None,
            shown: Shown::List,
            scroll: Scroll::default(),
            page: Cell::new(1),
        })
    }

    fn lists(&self) -> impl Iterator<Item = VersionList> + '_ {
        let of = self.of;
        let starts = std::iter::once(None).chain(self.pages.iter().copied().map(Some));
        starts.map(move |after| VersionList {
            of,
            after,
            limit: PAGE,
        })
    }

    /// The versions that are known, newest first.
    fn versions<'w>(&self, world: &'w World) -> Vec<&'w Version> {
        self.lists()
            .filter_map(|list| world.cache.versions(&list))
            .flat_map(|versions| &versions.list)
            .collect()
    }

    fn version<'w>(&self, number: i32, world: &'w World) -> Option<&'w Version> {
        let mut versions = self.versions(world).into_iter();
        versions.find(|version| version.number == number)
    }

    fn selected<'w>(&self, world: &'w World) -> Option<&'w Version> {
        self.versions(world).get(self.cursor).copied()
    }

    /// Asks for the page behind the last one, once the cursor comes near its end.
    fn reach(&mut self, world: &World) {
        let known = self.versions(world).len();
        let last = self.lists().last();
        let next = last.and_then(|list| world.cache.versions(&list)?.next);
        if let Some(next) = next
            && self.cursor + usize::from(PAGE) / 2 >= known
        {
            self.pages.push(next);
        }
    }

    fn in_list(&mut self, name: &str, world: &World, out: &mut Vec<Intent<Tui>>) {
        let last = self.versions(world).len().saturating_sub(1);
        let page = self.page.get().max(1);
        match name {
            "next" => self.cursor = (self.cursor + 1).min(last),
            "previous" => self.cursor = self.cursor.min(last).saturating_sub(1),
            "page-down" => self.cursor = (self.cursor + page).min(last),
            "page-up" => self.cursor = self.cursor.min(last).saturating_sub(page),
            "first" => self.cursor = 0,
            "last" => self.cursor = last,
            "show" => {
                if let Some(version) = self.selected(world) {
                    self.look_at(Shown::One(version.number));
                }
            }
            "mark" => {
                let number = self.selected(world).map(|version| version.number);
                self.marked = number.filter(|number| self.marked != Some(*number));
            }
            "compare" => self.compare(world, out),
            "bring-back" => {
                if let Some(number) = self.selected(world).map(|version| version.number) {
                    self.bring_back(number, world, out);
                }
            }
            "other" => self.other(out),
            _ => out.push(Intent::Close),
        }
        self.hold(world);
        self.reach(world);
    }

    /// Keeps in mind which version is under the cursor.
    fn hold(&mut self, world: &World) {
        let number = self.selected(world).map(|version| version.number);
        self.at = number.filter(|_| self.cursor > 0);
    }

    /// Puts the cursor back on its version, wherever that stands now.
    fn follow(&mut self, world: &World) {
        let Some(number) = self.at else { return };
        let mut versions = self.versions(world).into_iter();
        if let Some(cursor) = versions.position(|version| version.number == number) {
            self.cursor = cursor;
        }
    }

    fn look_at(&mut self, shown: Shown) {
        self.shown = shown;
        self.scroll.to_top();
    }

    /// The marked version and the one under the cursor; without a mark the one before it.
    fn compare(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let versions = self.versions(world);
        let Some(here) = versions.get(self.cursor).map(|version| version.number) else {
            return;
        };
        let before = || versions.get(self.cursor + 1).map(|version| version.number);
        let other = self.marked.filter(|marked| *marked != here);
        match other.or_else(before) {
            Some(other) => self.look_at(Shown::Two(other.min(here), other.max(here))),
            None => out.push(Intent::Say(
                Tone::Plain,
                "there is no version before this one".to_owned(),
            )),
        }
    }

    /// The history of the next of the records that it was asked for.
    fn other(&mut self, out: &mut Vec<Intent<Tui>>) {
        let at = self.subjects.iter().position(|one| *one == self.of);
        let next = at.map_or(0, |at| (at + 1) % self.subjects.len().max(1));
        match self.subjects.get(next).copied() {
            Some(of) if of != self.of => {
                let subjects = std::mem::take(&mut self.subjects);
                if let Some(fresh) = Self::new(subjects) {
                    *self = Self { of, ..fresh };
                }
            }
            Some(_) | None => out.push(Intent::Say(
                Tone::Plain,
                "no other record is under the cursor".to_owned(),
            )),
        }
    }

    fn bring_back(&mut self, number: i32, world: &World, out: &mut Vec<Intent<Tui>>) {
        let say = |text: &str| Intent::Say(Tone::Plain, text.to_owned());
        let Some(version) = self.version(number, world) else {
            return;
        };
        let (of, name) = (self.of, self.of.name());
        if !of.is_known(world) {
            return out.push(say("what is there now is not known yet"));
        }
        if let (Subject::Record(lane, id), true) = (of, of.is_missing(world)) {
            let change = RecordChange::Restore;
            out.push(Intent::Change {
                mutation: Mutation::Record { lane, id, change },
                words: format!("bringing back {name}"),
            });
            return out.push(say(
                "brought back as it was when it was deleted; any version can follow now",
            ));
        }
        let empty = serde_json::Map::new();
        let now = of.fields(world);
        let now = now.map_or(&empty, |now| now.expose(Exit::Database));
        let back = bring_back(of, now, version.fields.expose(Exit::Database));
        let stays = back.status_stays.map(|status| {
            format!("its status stays {status}: no move leads from there to the one of the version")
        });
        if back.patch.is_empty() {
            let same = "this version is what is there now".to_owned();
            return out.push(Intent::Say(Tone::Plain, stays.unwrap_or(same)));
        }
        out.push(Intent::Change {
            mutation: of.change(back.patch, world),
            words: format!("bringing back version {number} of {name}"),
        });
        let undo = world.keymap.everywhere("undo");
        let done = format!("version {number} is back; {undo} takes that back");
        let text = stays.map_or(done.clone(), |stays| format!("{done}; {stays}"));
        out.push(Intent::Say(Tone::Plain, text));
        self.cursor = 0;
        self.at = None;
        self.shown = Shown::List;
    }

    /// What is masked together: the private texts of all versions.
    fn private(&self) -> ItemId {
        self.of.item("versions")
    }

    fn is_masked(&self, key: &str, world: &World) -> bool {
        match self.of {
            Subject::Log(_) => world.form.is_sensitive(key),
            Subject::Record(lane, _) => lane.is_sensitive(key),
        }
    }
}

impl Behaviour<Tui> for History {
    fn title(&self) -> &'static str {
        "History"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn click(&mut self, at: (u16, u16), world: &World) {
        self.cursor = self.drawn.at(at).unwrap_or(self.cursor);
        self.hold(world);
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let scroll = [("next", "scroll"), ("previous", "scroll")];
        let more: &[(&str, &str)] = match self.shown {
            Shown::List => return world.keymap.hints(&TABLE),
            Shown::One(_) => &[
                ("bring-back", "bring back"),
                ("compare", "compare"),
                ("close", "list"),
            ],
            Shown::Two(..) => &[
                ("close", "list"),
                ("bring-back", "bring the older one back"),
            ],
        };
        let words: Vec<_> = scroll.iter().chain(more).copied().collect();
        world.keymap.pairs(TABLE.scope, &words)
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        let mut needs = vec![self.of.query()];
        needs.extend(self.lists().map(Query::Versions));
        needs
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let name = match input {
            Input::Command(name, _) => name,
            Input::Answered => {
                self.follow(world);
                self.reach(world);
                return Handled::Yes;
            }
            _ => return Handled::No,
        };
        if self.shown == Shown::List {
            self.in_list(name, world, out);
            return Handled::Yes;
        }
        match name {
            _ if self.scroll.command(name) => {}
            "bring-back" => match self.shown {
                Shown::One(number) | Shown::Two(number, _) => self.bring_back(number, world, out),
                Shown::List => {}
            },
            "compare" if matches!(self.shown, Shown::One(_)) => self.compare(world, out),
            _ => self.look_at(Shown::List),
        }
        Handled::Yes
    }

    fn changes_records(&self) -> bool {
        true
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        self.has_masked(world).then(|| self.private())
    }

    fn has_masked(&self, world: &World) -> bool {
        let mut versions = self.versions(world).into_iter();
        versions.any(|version| {
            let mut keys = version.fields.expose(Exit::Screen).keys();
            keys.any(|key| self.is_masked(key, world))
        })
    }
}

/// Why nothing is listed.
fn nothing(list: &VersionList, world: &World) -> &'static str {
    match &world.link {
        Link::Online { .. } if world.cache.versions(list).is_some() => {
            "It has no versions yet: nothing was saved."
        }
        Link::Online { .. } => "Loading.",
        Link::Offline { .. } | Link::Connecting { .. } => {
            "The versions are shown once the database is there."
        }
    }
}
