//! One line to enter: a number or a date, checked before it is taken.

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::everywhere;
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::dates::{self, Toward};
use crate::domain::form::{Field, Kind};
use crate::domain::secret::{Exit, Secret};
use crate::screens::{Screen, ViewCx};
use crate::screens::{Tui, open};
use crate::store::api::Query;
use crate::ui::LineInput;
use crate::ui::{Paragraph, Role};

use super::Help;
use super::view::{below, hidden_text, paragraph, rows};

pub(crate) const TABLE: Table = Table {
    scope: "line",
    commands: COMMANDS,
};

/// How a date is written that may come.
const DATE_AHEAD: &str = "2026-11-23, 23, 11-23, tomorrow, +7, mon";

const COMMANDS: &[Command] = &[
    Command {
        name: "save",
        words: "take it",
        hint: Some("take"),
        keys: &["enter"],
    },
    Command {
        name: "leave",
        words: "leave it as it was",
        hint: Some("leave"),
        keys: &["esc", "ctrl-c"],
    },
    Command {
        name: "empty",
        words: "empty the line",
        hint: None,
        keys: &["ctrl-u"],
    },
    Command {
        name: "help",
        words: "all keys, from within a line",
        hint: Some("help"),
        keys: &["ctrl-g", "f1"],
    },
];

/// Says what is wrong with a line that cannot be taken.
pub type Check = fn(&str) -> Result<(), String>;

/// What the line is for, and so how it is checked.
#[derive(Debug, Clone)]
enum For {
    Date(Toward),
    Field(Box<Field>),
    /// Anything that this check takes; it says what is wrong otherwise.
    Checked(Check),
}

/// A line for a sensitive field. It begins with the answer only while that is shown; what is typed
/// into an empty line is seen, and the answer stays masked.
#[derive(Debug, Clone)]
struct Private {
    /// The day's field.
    item: ItemId,
    answer: Secret<String>,
    /// Whether the answer is, or may be, in the line.
    holds_answer: bool,
    /// Whether anything was typed.
    typed: bool,
}

/// The line.
pub struct Prompt {
    what: For,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) input: LineInput,
    pub(super) error: Option<String>,
    private: Option<Private>,
}

impl Prompt {
    /// Asks for a date.
    #[must_use]
    pub fn date(_world: &World) -> Self {
        Self {
            what: For::Date(Toward::Back),
            label: "go to date".to_owned(),
            help: "2026-11-23, 23, 11-23, yesterday, -3, mon".to_owned(),
            input: LineInput::new(""),
            error: None,
            private: None,
        }
    }

    /// Asks for a line that this check takes; `help` says what to write.
    #[must_use]
    pub fn line(label: &str, help: &str, check: Check) -> Self {
        Self {
            what: For::Checked(check),
            label: label.to_owned(),
            help: help.to_owned(),
            input: LineInput::new(""),
            error: None,
            private: None,
        }
    }

    /// Asks for a date for something, beginning with this one.
    #[must_use]
    pub fn date_for(label: &str, begin: &str, world: &World) -> Self {
        Self {
            label: label.to_owned(),
            ..Self::date(world)
        }
        .begun_with(begin)
    }

    /// The same for a day that comes.
    #[must_use]
    pub fn date_ahead(label: &str, begin: &str, world: &World) -> Self {
        Self {
            what: For::Date(Toward::Ahead),
            help: DATE_AHEAD.to_owned(),
            ..Self::date_for(label, begin, world)
        }
    }

    /// Asks for the number or the date of a field, beginning with its answer if that may be seen.
    /// `item` names the field's value for the mask.
    #[must_use]
    pub fn field(field: &Field, answer: &str, item: ItemId, world: &World) -> Self {
        let private = field.sensitive.then(|| Private {
            holds_answer: world.mask.shows(&item),
            answer: Secret::new(answer.to_owned()),
            typed: false,
            item,
        });
        let is_seen = private.as_ref().is_none_or(|private| private.holds_answer);
        let range = match field.kind {
            Kind::Date => DATE_AHEAD.to_owned(),
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Toggle
            | Kind::Choice { .. }
            | Kind::Many { .. }
            | Kind::Text
            | Kind::Lines => field
                .bounds()
                .map(|(low, high)| format!("{low} to {high}"))
                .unwrap_or_default(),
        };
        let unit = field.unit.as_deref().unwrap_or_default();
        Self {
            what: For::Field(Box::new(field.clone())),
            label: field.label.clone(),
            help: format!("{range} {unit}").trim().to_owned(),
            input: LineInput::new(if is_seen { answer } else { "" }),
            error: None,
            private,
        }
    }

    /// The same, beginning with this instead.
    #[must_use]
    pub fn begun_with(mut self, text: &str) -> Self {
        self.input = LineInput::new(text);
        self.typed();
        self
    }

    fn typed(&mut self) {
        self.error = None;
        if let Some(private) = &mut self.private {
            private.typed = true;
        }
    }

    /// Whether the line may not be seen.
    pub(super) fn is_masked(&self, world: &World) -> bool {
        let item = self.item(world);
        item.is_some_and(|item| !world.mask.shows(&item))
    }

    /// Closes it; what was revealed of it is masked again.
    fn close(&self, last: Intent<Tui>, out: &mut Vec<Intent<Tui>>) {
        if self.private.is_some() {
            out.push(Intent::Mask);
        }
        out.push(last);
    }

    /// Shows the answer, in the line if that is empty, or masks it again.
    fn reveal(&mut self, out: &mut Vec<Intent<Tui>>) {
        let Some(private) = &mut self.private else {
            return;
        };
        if !std::mem::replace(&mut private.holds_answer, true) && !private.typed {
            self.input = LineInput::new(private.answer.expose(Exit::Editor));
        }
        out.push(Intent::Reveal(private.item.clone()));
    }

    fn take(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let untouched = |private: &Private| !private.typed && self.input.is_empty();
        if self.private.as_ref().is_some_and(untouched) {
            // An empty line would clear the answer, which was not even seen.
            return self.close(Intent::Close, out);
        }
        let text = self.input.text();
        let taken = match &self.what {
            For::Date(_) if text.trim().is_empty() => return out.push(Intent::Close),
            For::Date(toward) => dates::parse_date_toward(&text, world.today, *toward)
                .map(Reply::Date)
                .map_err(|error| error.to_string()),
            For::Checked(check) => check(&text).map(|()| Reply::Line(text.clone())),
            For::Field(field) => field
                .parse_on(&text, world.today)
                .map(|_| Reply::Line(text.clone()))
                .map_err(|error| error.on_screen()),
        };
        match taken {
            Ok(reply) => self.close(Intent::CloseWith(reply), out),
            Err(error) => self.error = Some(error),
        }
    }

    fn key(&mut self, key: KeyEvent, world: &World, out: &mut Vec<Intent<Tui>>) {
        // No number has letters, so that these keys are free in a private one.
        let everywhere = world.keymap.lookup(everywhere::TABLE.scope, key);
        match everywhere.filter(|_| self.private.is_some()) {
            Some("reveal") => self.reveal(out),
            Some("mask") => out.push(Intent::Mask),
            _ => {
                if self.input.input(key).text() {
                    self.typed();
                }
            }
        }
    }
}

impl Behaviour<Tui> for Prompt {
    fn title(&self) -> &'static str {
        "Enter"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = world.keymap.hints(&TABLE);
        if let Some(private) = &self.private {
            let seen = world.mask.shows(&private.item);
            let word = if seen { "mask" } else { "reveal" };
            let pairs = world
                .keymap
                .pairs(everywhere::TABLE.scope, &[("reveal", word)]);
            hints.splice(0..0, pairs);
        }
        hints
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command("save", _) => self.take(world, out),
            Input::Command("empty", key) | Input::Key(key) => self.key(key, world, out),
            Input::Command("help", _) => out.push(open(Help::new(world, &[TABLE.scope]))),
            Input::Command(..) => self.close(Intent::Close, out),
            Input::Paste(text) => {
                self.input.paste(text);
                self.typed();
            }
            Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => {}
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        true
    }

    /// What is typed into an empty line is an item of its own, so that it is seen without the answer.
    fn item(&self, _world: &World) -> Option<ItemId> {
        let private = self.private.as_ref()?;
        Some(if private.holds_answer {
            private.item.clone()
        } else {
            ItemId(format!("{}/line", private.item.0))
        })
    }
}

impl Screen for Prompt {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let hidden = self.is_masked(cx.world);
        let (text, role) = match &self.error {
            Some(error) if !hidden => (error.as_str(), Role::Danger),
            Some(_) | None => (self.help.as_str(), Role::Placeholder),
        };
        let columns = area.width.min(54).saturating_sub(4);
        let lines = Paragraph::rows(text, columns).max(2) + 1;
        let inner = cx.popup(area, buf, &self.label, (54, rows(lines)));
        if hidden {
            hidden_text(cx, inner, buf);
            return None;
        }
        self.input.render(inner, buf, cx.look);
        paragraph(cx, below(inner, 1), buf, text, role);
        self.input.cursor_position(inner)
    }
}
