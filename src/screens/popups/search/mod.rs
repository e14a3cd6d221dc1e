//! Search: a line, and below it what is found while it is typed.
//!
//! Every key makes a question; only the latest counts, and until its answer is there the one before
//! stays. The line is text, so moving and revealing have keys with arrows, Ctrl and Alt.

mod view;

use std::cell::Cell;

use crossterm::event::KeyEvent;

use crate::app::cache::Remote;
use crate::app::command::{Command, Table};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Target};
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::search::{Area, Found, Hit, LONGEST, Search as Question, SearchError};
use crate::screens::{Tui, open};
use crate::store::api::Query;
use crate::ui::LineInput;

use super::Help;

pub(super) const TABLE: Table = Table {
    scope: "search",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "open",
        words: "open what is under the cursor, in its place",
        hint: Some("open"),
        keys: &["enter"],
    },
    Command {
        name: "next",
        words: "next hit",
        hint: Some("move"),
        keys: &["down", "ctrl-n"],
    },
    Command {
        name: "previous",
        words: "hit before",
        hint: Some("move"),
        keys: &["up", "ctrl-p"],
    },
    Command {
        name: "reveal-hit",
        words: "reveal the hit under the cursor for a moment, or mask it again",
        hint: Some("reveal"),
        keys: &["alt-v", "ctrl-v"],
    },
    Command {
        name: "page-down",
        words: "a page down",
        hint: None,
        keys: &["pagedown"],
    },
    Command {
        name: "page-up",
        words: "a page up",
        hint: None,
        keys: &["pageup"],
    },
    Command {
        name: "empty",
        words: "empty the line",
        hint: None,
        keys: &["ctrl-u"],
    },
    Command {
        name: "help",
        words: "all keys, from within the line",
        hint: Some("help"),
        keys: &["ctrl-g", "f1"],
    },
    Command {
        name: "close",
        words: "close",
        hint: Some("close"),
        keys: &["esc", "ctrl-c"],
    },
];

/// The popup.
pub struct Search {
    input: LineInput,
    /// What is asked.
    question: Question,
    /// What was answered last.
    answered: Option<Question>,
    /// What is wrong with the line, or what its end waits for.
    error: Option<SearchError>,
    waits: Option<SearchError>,
    cursor: usize,
    /// Which hit is drawn where.
    drawn: Zones,
    scroll: Cell<usize>,
    /// Hits that fit, as of the last drawing.
    page: Cell<usize>,
    /// Enter was pressed before the answer came.
    opens: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            input: LineInput::new("").with_limit(LONGEST),
            question: Question::default(),
            answered: None,
            error: None,
            waits: None,
            cursor: 0,
            drawn: Zones::default(),
            scroll: Cell::new(0),
            page: Cell::new(1),
            opens: false,
        }
    }
}

/// The name of a hit for the mask.
fn item(hit: &Hit) -> ItemId {
    ItemId(format!("search/{}/{}", hit.area.word(), hit.id.0))
}

impl Search {
    fn query(&self) -> Query {
        Query::Search(self.question.clone())
    }

    /// What the line asks for, once it is known; until then what the line before did.
    fn found<'w>(&self, world: &'w World) -> Option<&'w Found> {
        if self.question.is_empty() {
            return None;
        }
        let before = || world.cache.found(self.answered.as_ref()?);
        world.cache.found(&self.question).or_else(before)
    }

    /// What this hit answers: the question as typed, or with words that may have been meant.
    fn question_of<'q>(&'q self, hit: &Hit, world: &'q World) -> &'q Question {
        let found = self.found(world);
        found.map_or(&self.question, |found| found.question(hit, &self.question))
    }

    fn hit<'w>(&self, world: &'w World) -> Option<&'w Hit> {
        self.found(world)?.hits.get(self.cursor)
    }

    fn typed(&mut self, world: &World) {
        let line = self.input.text();
        let before = self.question.clone();
        match Question::typing(&line, &world.form, world.today) {
            Ok(reading) => {
                self.question = reading.search;
                self.waits = reading.waits;
                self.error = None;
            }
            Err(error) => {
                self.error = Some(error);
                self.waits = None;
            }
        }
        if self.question != before {
            self.cursor = 0;
            self.scroll.set(0);
            self.note_answer(world);
        }
    }

    /// Remembers the question if its answer is there.
    fn note_answer(&mut self, world: &World) {
        if world.cache.found(&self.question).is_some() {
            self.answered = Some(self.question.clone());
        }
    }

    fn move_by(&mut self, rows: isize, world: &World) {
        let last = self
            .found(world)
            .map_or(0, |found| found.hits.len().saturating_sub(1));
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    fn page(&self) -> isize {
        isize::try_from(self.page.get().max(1)).unwrap_or(1)
    }

    /// Opens the hit; one that is not there yet as soon as it is.
    fn open_hit(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        if let Remote::Loading(None) | Remote::Absent = world.cache.state(&self.query()) {
            self.opens = !self.question.is_empty();
            return;
        }
        if let Some(hit) = self.hit(world) {
            close(out);
            out.push(Intent::Visit(self.target(hit, world)));
        }
    }

    fn target(&self, hit: &Hit, world: &World) -> Target {
        match hit.area {
            Area::Log => match hit.piece(self.question_of(hit, world), &world.form) {
                Some(piece) if piece.found.is_some() => Target::Field(hit.day, piece.key),
                Some(_) | None => Target::Day(hit.day),
            },
            Area::Lane(lane) => Target::Record { lane, id: hit.id },
        }
    }

    fn command(&mut self, name: &str, key: KeyEvent, world: &World, out: &mut Vec<Intent<Tui>>) {
        match name {
            "open" => self.open_hit(world, out),
            "next" => self.move_by(1, world),
            "previous" => self.move_by(-1, world),
            "page-down" => self.move_by(self.page(), world),
            "page-up" => self.move_by(-self.page(), world),
            "reveal-hit" => out.extend(self.hit(world).map(|hit| Intent::Reveal(item(hit)))),
            "empty" => self.key(key, world),
            "help" => out.push(open(Help::new(world, &[TABLE.scope]))),
            _ => close(out),
        }
    }

    fn key(&mut self, key: KeyEvent, world: &World) {
        if self.input.input(key).text() {
            self.typed(world);
        }
    }
}

/// Closes it; what was revealed of it is masked again.
fn close(out: &mut Vec<Intent<Tui>>) {
    out.push(Intent::Mask);
    out.push(Intent::Close);
}

impl Behaviour<Tui> for Search {
    fn title(&self) -> &'static str {
        "Search"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn click(&mut self, at: (u16, u16), _world: &World) {
        self.cursor = self.drawn.at(at).unwrap_or(self.cursor);
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        if self.question.is_empty() {
            return Vec::new();
        }
        vec![self.query()]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if !matches!(input, Input::Answered) {
            self.opens = false;
        }
        match input {
            Input::Command(name, key) => self.command(name, key, world, out),
            Input::Key(key) => self.key(key, world),
            Input::Paste(text) => {
                self.input.paste(text);
                self.typed(world);
            }
            Input::Answered => {
                self.note_answer(world);
                if std::mem::take(&mut self.opens) {
                    self.open_hit(world, out);
                }
            }
            Input::Reply(_) | Input::NewDay(_) | Input::Shown | Input::Visit(_) => {}
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        true
    }
}
