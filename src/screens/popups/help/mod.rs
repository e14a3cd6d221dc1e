//! All keys, made from the tables that the keys themselves come from; a filter finds one by its key, by what it does,
//! or by the name that the palette calls it.

mod lines;
mod view;

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::screens::Tui;
use crate::screens::scroll::Scroll;
use crate::store::api::Query;
use crate::ui::LineInput;

use lines::{Line, found, lines};

pub(super) use lines::heading;

pub(super) const TABLE: Table = Table {
    scope: "help",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "down",
        words: "a line down",
        hint: Some("scroll"),
        keys: &["j", "down"],
    },
    Command {
        name: "up",
        words: "a line up",
        hint: Some("scroll"),
        keys: &["k", "up"],
    },
    Command {
        name: "page-down",
        words: "a page down",
        hint: None,
        keys: &["pagedown", "space"],
    },
    Command {
        name: "page-up",
        words: "a page up",
        hint: None,
        keys: &["pageup"],
    },
    Command {
        name: "top",
        words: "to the top",
        hint: None,
        keys: &["g", "home"],
    },
    Command {
        name: "bottom",
        words: "to the end",
        hint: None,
        keys: &["G", "end"],
    },
    Command {
        name: "filter",
        words: "only the lines with a key, with words, or with a command's name",
        hint: Some("filter"),
        keys: &["/"],
    },
    Command {
        name: "close",
        words: "show all lines again, then close",
        hint: Some("close"),
        keys: &["esc", "q", "?", "enter"],
    },
];

/// The keys while the filter is typed.
pub(super) const FILTER_TABLE: Table = Table {
    scope: "help-filter",
    commands: &[
        Command {
            name: "keep",
            words: "keep the lines that are found, to move in them",
            hint: Some("keep"),
            keys: &["enter", "down", "tab"],
        },
        Command {
            name: "all",
            words: "show all lines again",
            hint: Some("all"),
            keys: &["esc", "ctrl-c"],
        },
        Command {
            name: "empty",
            words: "empty the line",
            hint: None,
            keys: &["ctrl-u"],
        },
    ],
};

/// More than anybody types to find a key.
const MOST: usize = 40;

/// The help.
#[derive(Debug, Clone)]
pub struct Help {
    lines: Vec<Line>,
    /// What is looked for: a key, words, or a command's name.
    filter: LineInput,
    /// Whether it is being typed.
    types: bool,
    scroll: Scroll,
}

fn no_filter() -> LineInput {
    LineInput::new("").with_limit(MOST)
}

impl Help {
    /// The keys of these scopes first, then those that hold more widely.
    #[must_use]
    pub fn new(world: &World, scopes: &[&'static str]) -> Self {
        Self {
            lines: lines(world, scopes),
            filter: no_filter(),
            types: false,
            scroll: Scroll::default(),
        }
    }

    /// The lines that have the words of the filter.
    fn found(&self) -> Vec<Line> {
        found(&self.lines, &self.filter.text())
    }

    /// Whether there is a filter to be seen.
    fn is_filtered(&self) -> bool {
        self.types || !self.filter.is_empty()
    }

    fn show_all(&mut self) {
        self.types = false;
        self.filter = no_filter();
        self.scroll.to_top();
    }

    fn type_filter(&mut self, input: &Input<'_>) {
        match *input {
            Input::Command("keep", _) => self.types = false,
            Input::Command("empty", key) | Input::Key(key) => {
                if self.filter.input(key).text() {
                    self.scroll.to_top();
                }
            }
            Input::Command(..) => self.show_all(),
            Input::Paste(text) => {
                self.filter.paste(text);
                self.scroll.to_top();
            }
            Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => {}
        }
    }
}

impl Behaviour<Tui> for Help {
    fn title(&self) -> &'static str {
        "Keys"
    }

    fn table(&self) -> Table {
        if self.types { FILTER_TABLE } else { TABLE }
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if self.types {
            self.type_filter(&input);
            return Handled::Yes;
        }
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        match name {
            _ if self.scroll.command(name) => {}
            "filter" => self.types = true,
            _ if self.is_filtered() => self.show_all(),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        self.types
    }
}
