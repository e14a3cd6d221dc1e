//! One setting entered as a line.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::Table;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::setting::Setting;
use crate::screens::popups::view::{below, paragraph, rows};
use crate::screens::popups::{Help, prompt};
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::{LineInput, Paragraph, Role};

/// The line. It is looked at before it is taken.
pub(super) struct Line {
    setting: Setting,
    help: String,
    input: LineInput,
    error: Option<String>,
}

impl Line {
    /// Begins with what is set.
    pub(super) fn new(setting: Setting, world: &World) -> Self {
        let expected = setting.expected(world.chosen.themes());
        let now = world.chosen.value(setting).map(ToString::to_string);
        Self {
            setting,
            help: format!("{expected}; empty for {}", setting.otherwise()),
            input: LineInput::new(&now.unwrap_or_default()),
            error: None,
        }
    }

    fn take(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let text = self.input.text();
        let read = world.chosen.read(self.setting, &text);
        match read {
            Err(expected) if !text.trim().is_empty() => self.error = Some(expected),
            Ok(_) | Err(_) => out.push(Intent::CloseWith(Reply::Line(text))),
        }
    }
}

impl Behaviour<Tui> for Line {
    fn title(&self) -> &'static str {
        "Setting"
    }

    fn table(&self) -> Table {
        prompt::TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command("save", _) => self.take(world, out),
            Input::Command("empty", key) | Input::Key(key) => {
                if self.input.input(key).text() {
                    self.error = None;
                }
            }
            Input::Command("help", _) => out.push(open(Help::new(world, &[prompt::TABLE.scope]))),
            Input::Command(..) => out.push(Intent::Close),
            Input::Paste(text) => {
                self.input.paste(text);
                self.error = None;
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
}

impl Screen for Line {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let (text, role) = match &self.error {
            Some(error) => (error.as_str(), Role::Danger),
            None => (self.help.as_str(), Role::Placeholder),
        };
        let columns = area.width.min(60).saturating_sub(4);
        let lines = Paragraph::rows(text, columns).max(2) + 1;
        let inner = cx.popup(
            area,
            buf,
            &super::view::name(self.setting),
            (60, rows(lines)),
        );
        self.input.render(inner, buf, cx.look);
        paragraph(cx, below(inner, 1), buf, text, role);
        self.input.cursor_position(inner)
    }
}
