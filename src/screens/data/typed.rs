//! Something destructive: what it replaces, the name to be typed, and then the job until its end.

use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::follow::{self, Stand, stand};
use super::lines::{self, Line};
use crate::app::command::Table;
use crate::app::effect::Job;
use crate::app::job::JobKind;
use crate::app::part::{Behaviour, Handled, Input, Intent};
use crate::app::world::World;
use crate::screens::popups::{Help, LINE, below, paragraph};
use crate::screens::scroll::Scroll;
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::{LineInput, Paragraph, Role};

/// The widest it is.
const COLUMNS: u16 = 78;

/// The popup.
pub struct Typed {
    title: &'static str,
    /// What is going to happen.
    text: Vec<Line>,
    /// What has to be typed.
    name: String,
    kind: JobKind,
    /// Until it is started.
    job: Option<Job>,
    input: LineInput,
    error: Option<String>,
    scroll: Scroll,
}

impl Typed {
    /// Asks for this name before the job is started.
    pub fn new(title: &'static str, text: Vec<Line>, name: &str, job: Job) -> Self {
        Self {
            title,
            text,
            name: name.to_owned(),
            kind: job.kind(),
            job: Some(job),
            input: LineInput::new(""),
            error: None,
            scroll: Scroll::default(),
        }
    }

    fn take(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        if let Some(reason) = follow::in_the_way(world) {
            self.error = Some(reason);
        } else if self.input.text().trim() == self.name {
            out.extend(self.job.take().map(Intent::Start));
        } else {
            self.error = Some(format!("nothing was done: that was not {}", self.name));
        }
    }

    fn asking(&mut self, input: &Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) {
        match input {
            Input::Command("save", _) => self.take(world, out),
            // The text may be longer than there is room above the line.
            Input::Key(key) if key.code == KeyCode::Up => {
                self.scroll.command("up");
            }
            Input::Key(key) if key.code == KeyCode::Down => {
                self.scroll.command("down");
            }
            Input::Command("empty", key) | Input::Key(key) => {
                if self.input.input(*key).text() {
                    self.error = None;
                }
            }
            Input::Command("help", _) => out.push(open(Help::new(world, &[LINE.scope]))),
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
    }

    /// What is asked just above the line.
    fn asks(&self) -> (String, Role) {
        match &self.error {
            Some(error) => (error.clone(), Role::Danger),
            None => (format!("Type {} to go on:", self.name), Role::Text),
        }
    }
}

impl Behaviour<Tui> for Typed {
    fn title(&self) -> &'static str {
        self.title
    }

    fn table(&self) -> Table {
        if self.job.is_some() {
            LINE
        } else {
            follow::TABLE
        }
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        if self.job.is_some() {
            return world.keymap.hints(&LINE);
        }
        match stand(self.kind, world) {
            Stand::Runs(_) => follow::hints(None, "stop", world),
            Stand::Done(_) | Stand::Failed(_) | Stand::Stopped => {
                follow::hints(Some("close"), "close", world)
            }
        }
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::DataStatus]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if self.job.is_some() {
            self.asking(&input, world, out);
            return Handled::Yes;
        }
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        let runs = matches!(stand(self.kind, world), Stand::Runs(_));
        match name {
            _ if self.scroll.command(name) => {}
            "close" if runs => out.push(Intent::StopJob),
            "take" if runs => {}
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        self.job.is_some()
    }
}

impl Screen for Typed {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let columns = area.width.min(COLUMNS).saturating_sub(4);
        let followed;
        let lines = if self.job.is_some() {
            &self.text
        } else {
            followed = follow::lines(self.kind, cx.world);
            &followed
        };
        let (asks, role) = self.asks();
        let asked = match self.job {
            Some(_) => u16::try_from(Paragraph::rows(&asks, columns)).unwrap_or(1),
            None => 0,
        };
        // The question and the line keep their place; of a long text a part is seen.
        let below_text = if self.job.is_some() { asked + 1 } else { 0 };
        let wanted = lines::height(lines, columns).saturating_add(below_text + 2);
        let size = (COLUMNS, wanted.max(5).min(area.height.max(5)));
        let inner = cx.popup(area, buf, self.title, size);
        let room = Rect {
            height: inner.height.saturating_sub(below_text),
            ..inner
        };
        lines::draw(lines, &self.scroll, cx, room, buf);
        self.job.as_ref()?;
        let under = below(inner, room.height);
        let under = Rect {
            x: under.x.saturating_add(1),
            width: under.width.saturating_sub(1),
            ..under
        };
        paragraph(cx, under, buf, &asks, role);
        let line = below(under, asked);
        self.input.render(line, buf, cx.look);
        self.input.cursor_position(line)
    }
}
