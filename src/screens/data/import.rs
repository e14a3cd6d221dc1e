//! An export taken in: its path, a trial that shows what would change, the name where the account is in use, the import.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use super::follow::{self, Stand, stand};
use super::lines::{self, Line};
use crate::app::command::Table;
use crate::app::effect::Job;
use crate::app::job::{ImportOrder, JobKind};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::secret::{Exit, Secret};
use crate::screens::popups::{Help, LINE, Prompt, below, paragraph};
use crate::screens::scroll::Scroll;
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::{Link, Query};
use crate::ui::{LineInput, Paragraph, Role};

/// The widest it is.
const COLUMNS: u16 = 78;

const ASKS_PATH: &str = "The file: an export of this program, sealed or not, or of the web application. \
    A leading ~/ is your own directory. First it is only looked at.";
const ASKS_WORDS: &str = "The passphrase that the file was sealed with.";

/// Where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The path is typed.
    Path,
    /// The passphrase is typed.
    Words,
    /// What would change.
    Trial,
    /// It is taken in.
    Import,
}

/// The popup.
pub struct ImportFile {
    step: Step,
    input: LineInput,
    file: PathBuf,
    typed: Zeroizing<String>,
    words: Option<Secret<Zeroizing<String>>>,
    error: Option<String>,
    scroll: Scroll,
}

impl Default for ImportFile {
    fn default() -> Self {
        Self {
            step: Step::Path,
            input: LineInput::new(""),
            file: PathBuf::new(),
            typed: Zeroizing::new(String::new()),
            words: None,
            error: None,
            scroll: Scroll::default(),
        }
    }
}

impl ImportFile {
    const fn kind(&self) -> JobKind {
        match self.step {
            Step::Path | Step::Words | Step::Trial => JobKind::ImportTrial,
            Step::Import => JobKind::Import,
        }
    }

    fn types(&self) -> bool {
        matches!(self.step, Step::Path | Step::Words)
    }

    fn start(&mut self, step: Step, world: &World, out: &mut Vec<Intent<Tui>>) {
        if !matches!(world.link, Link::Online { .. }) {
            self.error = Some("the database is not there; try again once it is".to_owned());
            return;
        }
        if let Some(reason) = follow::in_the_way(world) {
            self.error = Some(reason);
            return;
        }
        self.error = None;
        self.scroll = Scroll::default();
        self.step = step;
        let words = self.words.as_ref().map(|words| {
            let words = words.expose(Exit::Export).as_str();
            Secret::new(Zeroizing::new(words.to_owned()))
        });
        out.push(Intent::Start(Job::Import(ImportOrder {
            file: self.file.clone(),
            dry_run: step == Step::Trial,
            words,
            questions: Arc::clone(&world.form),
        })));
    }

    /// What Enter takes while a line is typed.
    fn take(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        if self.step == Step::Words {
            let words = std::mem::take(&mut *self.typed);
            self.words = (!words.is_empty()).then(|| Secret::new(Zeroizing::new(words)));
            return self.start(Step::Trial, world, out);
        }
        let path = self.input.text();
        if path.trim().is_empty() {
            self.error = Some("type the path of the file".to_owned());
            return;
        }
        self.file = PathBuf::from(path.trim());
        self.words = None;
        self.start(Step::Trial, world, out);
    }

    fn typing(&mut self, input: &Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> bool {
        let words = self.step == Step::Words;
        match input {
            Input::Command("save", _) => self.take(world, out),
            Input::Command("empty", _) if words => self.typed = Zeroizing::new(String::new()),
            Input::Key(key) if words => {
                type_secret(&mut self.typed, *key);
                self.error = None;
            }
            Input::Paste(text) if words => text.chars().for_each(|c| push(&mut self.typed, c)),
            Input::Command("empty", key) | Input::Key(key) => {
                if self.input.input(*key).text() {
                    self.error = None;
                }
            }
            Input::Paste(text) => {
                self.input.paste(text);
                self.error = None;
            }
            Input::Command("help", _) => out.push(open(Help::new(world, &[LINE.scope]))),
            Input::Command(..) => out.push(Intent::Close),
            Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => return false,
        }
        true
    }

    /// Enter once something has ended.
    fn go_on(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        match (self.step, stand(self.kind(), world)) {
            (_, Stand::Runs(_)) => {}
            (Step::Trial, Stand::Done(report)) if report.is_sealed => self.step = Step::Words,
            (Step::Trial, Stand::Done(report)) if report.changes_anything => {
                match name_to_type(world) {
                    None => self.start(Step::Import, world, out),
                    Some(name) => {
                        let help = format!(
                            "the account has records; type {name} to import into it, esc leaves it as it is"
                        );
                        out.push(open(Prompt::line("Import", &help, |_| Ok(()))));
                    }
                }
            }
            // Neither the file nor the words were at fault.
            (Step::Trial, Stand::Failed(failure)) if failure.passes => {
                self.start(Step::Trial, world, out);
            }
            // Most likely the words were others; what was wrong is told there still.
            (Step::Trial, Stand::Failed(failure)) if self.words.take().is_some() => {
                self.error = Some(failure.reason.clone());
                self.step = Step::Words;
            }
            (Step::Trial, Stand::Failed(_) | Stand::Stopped) => self.step = Step::Path,
            (Step::Trial, Stand::Done(_)) | (Step::Import | Step::Path | Step::Words, _) => {
                out.push(Intent::Close);
            }
        }
    }

    fn confirmed(&mut self, typed: &str, world: &World, out: &mut Vec<Intent<Tui>>) {
        match name_to_type(world) {
            Some(name) if typed.trim() != name => {
                self.error = Some(format!("nothing was imported: that was not {name}"));
            }
            Some(_) | None => self.start(Step::Import, world, out),
        }
    }

    fn lines(&self, world: &World) -> Vec<Line> {
        let mut lines = Vec::new();
        if let Some(error) = &self.error {
            lines.push(Line::Remark(error.clone(), Role::Danger));
        }
        match stand(self.kind(), world) {
            Stand::Done(report) if report.is_sealed => {
                let text = "The file is sealed.".to_owned();
                lines.push(Line::Remark(text, Role::Text));
            }
            Stand::Done(_) | Stand::Runs(_) | Stand::Failed(_) | Stand::Stopped => {
                lines.extend(follow::lines(self.kind(), world));
            }
        }
        lines
    }

    fn view_line(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let (asks, role) = match &self.error {
            Some(error) => (error.as_str(), Role::Danger),
            None if self.step == Step::Words => (ASKS_WORDS, Role::Placeholder),
            None => (ASKS_PATH, Role::Placeholder),
        };
        let columns = area.width.min(COLUMNS).saturating_sub(4);
        let lines = u16::try_from(Paragraph::rows(asks, columns)).unwrap_or(2) + 3;
        let inner = cx.popup(area, buf, self.title(), (COLUMNS, lines.max(5)));
        paragraph(cx, below(inner, 1), buf, asks, role);
        if self.step == Step::Path {
            self.input.render(inner, buf, cx.look);
            return self.input.cursor_position(inner);
        }
        let room = usize::from(inner.width).saturating_sub(1);
        let dots = self.typed.chars().count().min(room);
        cx.put(buf, inner, 0, &"*".repeat(dots), Role::Text);
        let dots = u16::try_from(dots).unwrap_or(0);
        Some(Position::new(inner.x + dots, inner.y))
    }
}

/// The longest passphrase, in bytes.
const LONGEST: usize = 1024;

fn push(typed: &mut Zeroizing<String>, letter: char) {
    if typed.capacity() < LONGEST {
        // A text that grows leaves copies behind.
        typed.reserve_exact(LONGEST);
    }
    if !letter.is_control() && typed.len() + letter.len_utf8() <= LONGEST {
        typed.push(letter);
    }
}

fn type_secret(typed: &mut Zeroizing<String>, key: KeyEvent) {
    let held = KeyModifiers::CONTROL | KeyModifiers::ALT;
    match key.code {
        // A key that means something else is no letter.
        _ if key.modifiers.intersects(held) => {}
        KeyCode::Char(letter) => push(typed, letter),
        KeyCode::Backspace => {
            typed.pop();
        }
        _ => {}
    }
}

/// The name of an account that has records; of one that has none nothing can be mixed up.
fn name_to_type(world: &World) -> Option<String> {
    let status = world.cache.data_status();
    if status.is_some_and(|status| status.counts.iter().all(|(_, rows)| *rows == 0)) {
        return None;
    }
    world.person.as_ref().map(|person| person.username.clone())
}

impl Behaviour<Tui> for ImportFile {
    fn title(&self) -> &'static str {
        match self.step {
            Step::Path => "Import a file",
            Step::Words => "Passphrase",
            Step::Trial => "What the import would change",
            Step::Import => "Import",
        }
    }

    fn table(&self) -> Table {
        if self.types() { LINE } else { follow::TABLE }
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        if self.types() {
            return world.keymap.hints(&LINE);
        }
        match (self.step, stand(self.kind(), world)) {
            (_, Stand::Runs(_)) => follow::hints(None, "stop", world),
            (Step::Trial, Stand::Done(report)) if report.is_sealed => {
                follow::hints(Some("passphrase"), "leave", world)
            }
            (Step::Trial, Stand::Done(report)) if report.changes_anything => {
                follow::hints(Some("import"), "leave", world)
            }
            (Step::Trial, Stand::Failed(failure)) if failure.passes => {
                follow::hints(Some("try again"), "leave", world)
            }
            (Step::Trial, Stand::Failed(_)) if self.words.is_some() => {
                follow::hints(Some("passphrase"), "leave", world)
            }
            (Step::Trial, Stand::Failed(_) | Stand::Stopped) => {
                follow::hints(Some("another file"), "leave", world)
            }
            (
                Step::Trial | Step::Import | Step::Path | Step::Words,
                Stand::Done(_) | Stand::Failed(_) | Stand::Stopped,
            ) => follow::hints(Some("close"), "close", world),
        }
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::DataStatus]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if self.types() {
            self.typing(&input, world, out);
            return Handled::Yes;
        }
        let name = match input {
            Input::Command(name, _) => name,
            Input::Reply(Reply::Line(typed)) => {
                self.confirmed(&typed, world, out);
                return Handled::Yes;
            }
            Input::Key(_)
            | Input::Paste(_)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => return Handled::No,
        };
        let runs = matches!(stand(self.kind(), world), Stand::Runs(_));
        match name {
            _ if self.scroll.command(name) => {}
            "take" => self.go_on(world, out),
            "close" if runs => out.push(Intent::StopJob),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }

    fn takes_text(&self) -> bool {
        self.types()
    }
}

impl Screen for ImportFile {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        if self.types() {
            return self.view_line(cx, area, buf);
        }
        let lines = self.lines(cx.world);
        let columns = area.width.min(COLUMNS).saturating_sub(4);
        let wanted = lines::height(&lines, columns).saturating_add(2);
        let size = (COLUMNS, wanted.max(5).min(area.height.max(5)));
        let inner = cx.popup(area, buf, self.title(), size);
        lines::draw(&lines, &self.scroll, cx, inner, buf);
        None
    }
}
