//! A short list to pick one or several options from.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use serde_json::Value;

use crate::app::command::{Command, Table};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Tone};
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::form::{Field, Kind};
use crate::screens::Tui;
use crate::screens::{Screen, ViewCx, zone};
use crate::store::api::Query;
use crate::ui::{Role, width};

use super::view::{rows, with_edge};

pub(super) const TABLE: Table = Table {
    scope: "picker",
    commands: COMMANDS,
};

const TICK: &str = "tick";

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "next option",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "previous option",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "tick",
        words: "tick or untick",
        hint: Some(TICK),
        keys: &["space"],
    },
    Command {
        name: "done",
        words: "take what is ticked",
        hint: Some("done"),
        keys: &["enter"],
    },
    Command {
        name: "number",
        words: "take the option of this number, or tick it",
        hint: Some("pick"),
        keys: &["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    },
    Command {
        name: "close",
        words: "leave it as it was",
        hint: Some("leave"),
        keys: &["esc", "q"],
    },
];

/// The list.
#[derive(Debug, Clone)]
pub struct Picker {
    pub(super) label: String,
    pub(super) options: Vec<String>,
    pub(super) ticked: Vec<bool>,
    pub(super) several: bool,
    /// Whether nothing is chosen beforehand and one is taken at once: ticks say nothing there.
    plain: bool,
    cursor: usize,
    /// Which option is drawn where.
    pub(super) drawn: Zones,
    /// Whether the person has moved the cursor or ticked.
    touched: bool,
    /// The day's field, where it is sensitive.
    item: Option<ItemId>,
}

impl Picker {
    /// A list of the field's options, with the present answer ticked. `item` names the day's field
    /// for the mask.
    #[must_use]
    pub fn new(field: &Field, options: &[String], now: Option<&Value>, item: ItemId) -> Self {
        let is_ticked = |option: &String| match now {
            Some(Value::Array(many)) => many.iter().any(|one| one.as_str() == Some(option)),
            Some(one) => one.as_str() == Some(option),
            None => false,
        };
        let ticked: Vec<bool> = options.iter().map(is_ticked).collect();
        Self {
            label: field.label.clone(),
            options: options.to_vec(),
            cursor: ticked.iter().position(|ticked| *ticked).unwrap_or(0),
            ticked,
            drawn: Zones::default(),
            several: matches!(field.kind, Kind::Many { .. }),
            plain: false,
            touched: false,
            item: field.sensitive.then_some(item),
        }
    }

    /// A list of several, some of them ticked, that is about no field.
    #[must_use]
    pub fn list(label: &str, options: Vec<String>, ticked: Vec<bool>) -> Self {
        Self {
            label: label.to_owned(),
            options,
            ticked,
            several: true,
            plain: false,
            cursor: 0,
            drawn: Zones::default(),
            touched: false,
            item: None,
        }
    }

    /// A list to take one from, that is about no field.
    #[must_use]
    pub fn one_of(label: &str, options: Vec<String>) -> Self {
        let ticked = vec![false; options.len()];
        Self {
            several: false,
            plain: true,
            ..Self::list(label, options, ticked)
        }
    }

    /// Whether the ticks may not be seen.
    pub(super) fn is_masked(&self, world: &World) -> bool {
        let item = self.item.as_ref();
        item.is_some_and(|item| !world.mask.shows(item))
    }

    /// Where the cursor is; where it begins would tell a masked answer.
    pub(super) fn at(&self, world: &World) -> usize {
        if self.touched || !self.is_masked(world) {
            self.cursor
        } else {
            0
        }
    }

    /// Closes it; what was revealed of it is masked again.
    fn close(&self, last: Intent<Tui>, out: &mut Vec<Intent<Tui>>) {
        if self.item.is_some() {
            out.push(Intent::Mask);
        }
        out.push(last);
    }

    fn tick(&mut self) {
        if !self.several {
            let was = self.ticked.get(self.cursor).copied().unwrap_or(false);
            self.ticked.fill(false);
            if let Some(ticked) = self.ticked.get_mut(self.cursor) {
                *ticked = !was;
            }
        } else if let Some(ticked) = self.ticked.get_mut(self.cursor) {
            *ticked = !*ticked;
        }
    }

    fn number(&mut self, key: KeyEvent, out: &mut Vec<Intent<Tui>>) {
        let KeyCode::Char(digit) = key.code else {
            return;
        };
        let at = digit.to_digit(10).and_then(|digit| digit.checked_sub(1));
        let at = at.map_or(usize::MAX, |at| at as usize);
        if at >= self.options.len() {
            let text = format!("there are {} options", self.options.len());
            out.push(Intent::Say(Tone::Plain, text));
        } else if self.several {
            self.cursor = at;
            self.tick();
        } else {
            self.close(Intent::CloseWith(Reply::Choices(vec![at])), out);
        }
    }

    /// What Enter takes: of a list of one, the option under the cursor if none is ticked.
    fn chosen(&mut self) -> Vec<usize> {
        if !self.several && !self.ticked.get(self.cursor).copied().unwrap_or(false) {
            self.tick();
        }
        let ticked = self
            .ticked
            .iter()
            .enumerate()
            .filter(|(_, ticked)| **ticked);
        ticked.map(|(at, _)| at).collect()
    }
}

impl Behaviour<Tui> for Picker {
    fn title(&self) -> &'static str {
        "Options"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = world.keymap.hints(&TABLE);
        if self.plain {
            hints.retain(|(_, words)| *words != TICK);
        }
        hints
    }

    fn click(&mut self, at: (u16, u16), _world: &World) {
        if let Some(option) = self.drawn.at(at) {
            self.cursor = option;
            self.touched = true;
        }
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, key) = input else {
            return Handled::No;
        };
        self.cursor = self.at(world);
        self.touched = true;
        match name {
            "next" => self.cursor = (self.cursor + 1).min(self.options.len().saturating_sub(1)),
            "previous" => self.cursor = self.cursor.saturating_sub(1),
            "tick" => self.tick(),
            "number" => self.number(key, out),
            "done" => {
                let chosen = self.chosen();
                self.close(Intent::CloseWith(Reply::Choices(chosen)), out);
            }
            _ => self.close(Intent::Close, out),
        }
        Handled::Yes
    }

    fn item(&self, _world: &World) -> Option<ItemId> {
        self.item.clone()
    }
}

impl Screen for Picker {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let longest = self.options.iter().map(|option| width::width(option)).max();
        let columns = u16::try_from(longest.unwrap_or(0) + 10).unwrap_or(72);
        let size = (columns.clamp(40, 72), rows(self.options.len()));
        let inner = cx.popup(area, buf, &self.label, size);
        let (cursor, hidden) = (self.at(cx.world), self.is_masked(cx.world));
        let skip = (cursor + 1).saturating_sub(usize::from(inner.height));
        let options = self.options.iter().zip(&self.ticked).enumerate().skip(skip);
        self.drawn.clear();
        for ((at, (option, ticked)), row) in options.zip(inner.rows()) {
            zone(&self.drawn, row, at);
            let here = at == cursor;
            if here {
                cx.put(buf, row, 0, cx.look.glyphs.marker, Role::Marker);
            }
            let (tick, role) = if *ticked {
                (cx.look.glyphs.yes, Role::Primary)
            } else {
                (cx.look.glyphs.none, Role::Track)
            };
            let shift = if self.plain { 2 } else { 0 };
            if !hidden && !self.plain {
                cx.put(buf, row, 2, tick, role);
            }
            let role = if here { Role::Selected } else { Role::Text };
            if at < 9 {
                cx.put(buf, row, 4 - shift, &(at + 1).to_string(), Role::Key);
            }
            cx.put(buf, row, 6 - shift, option, role);
        }
        let more = self.options.len() > skip + usize::from(inner.height);
        cx.mark_more(with_edge(inner, buf), buf, skip > 0, more);
        None
    }
}
