//! The shell in a real terminal, with a small page instead of the screens and a store that says
//! nothing: what the person gets back whatever happens, and what it costs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod pty_support;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use harriswildlands::app::command::Table;
use harriswildlands::app::draft::{Draft, OldDraft, Place};
use harriswildlands::app::effect::EditJob;
use harriswildlands::app::effect::Job;
use harriswildlands::app::job::{JobEnd, Progress};
use harriswildlands::app::message::{NotKept, Now};
use harriswildlands::app::model::{Model, Parts};
use harriswildlands::app::part::{Behaviour, Handled, Input, Intent, Toolkit};
use harriswildlands::app::world::{Settings, World};
use harriswildlands::domain::backup::Shelf;
use harriswildlands::domain::document::Document;
use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::ids::DraftId;
use harriswildlands::domain::secret::{Exit, Secret};
use harriswildlands::domain::setting::{Setting, Value};
use harriswildlands::shell::outside::{DraftSink, Outside, SettingSink, StoreLink, Task, Worker};
use harriswildlands::shell::zone::Zone;
use harriswildlands::shell::{Program, log, report, run};
use harriswildlands::store::address::Address;
use harriswildlands::store::api::{Event, Mutation, Query, Request};
use nix::sys::signal::Signal;
use portable_pty::CommandBuilder;
use pty_support::Terminal;
use ratatui::Frame;
use ratatui::style::Style;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

const STATE: &str = "SHELL_PTY_STATE";
const FAILS: &str = "SHELL_PTY_FAILS";

struct Small;
impl Toolkit for Small {
    type Part = dyn Behaviour<Small>;
}

#[derive(Default)]
struct Page {
    text: String,
    edits: u64,
}

fn place() -> Place {
    Place::Log {
        date: jiff::civil::date(2026, 11, 23),
        field: "topWin".to_owned(),
    }
}

impl Behaviour<Small> for Page {
    fn title(&self) -> &'static str {
        "page"
    }
    fn table(&self) -> Table {
        Table {
            scope: "page",
            commands: &[],
        }
    }
    fn needs(&self, _: &World) -> Vec<Query> {
        Vec::new()
    }
    fn edits(&self) -> u64 {
        self.edits
    }
    fn unsaved(&self) -> Option<(Place, Secret<String>)> {
        (!self.text.is_empty()).then(|| (place(), Secret::new(self.text.clone())))
    }
    fn on(&mut self, input: Input<'_>, _: &World, out: &mut Vec<Intent<Small>>) -> Handled {
        match input {
            Input::Key(KeyEvent {
                code: KeyCode::Char('E'),
                ..
            }) => {
                let text = Secret::new("first".to_owned());
                out.push(Intent::Edit(EditJob {
                    place: place(),
                    text,
                }));
            }
            Input::Key(KeyEvent {
                code: KeyCode::Char('P'),
                ..
            }) => panic!("planted-needle"),
            Input::Key(KeyEvent {
                code: KeyCode::Char(c),
                ..
            }) => {
                self.text.push(c);
                self.edits += 1;
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

struct Disk(PathBuf);

impl DraftSink for Disk {
    fn recover(&self) -> (Vec<OldDraft>, Vec<String>) {
        (Vec::new(), Vec::new())
    }
    fn save(&self, draft: &Draft) -> Result<(), String> {
        fs::write(self.0.join("draft"), draft.text.expose(Exit::Draft)).map_err(|e| e.to_string())
    }
    fn save_apart(&self, draft: &Draft) -> Result<(), String> {
        self.save(draft)
    }
    fn keep(&self, draft: &OldDraft) -> Result<(), String> {
        self.save(&draft.draft)
    }
    fn remove(&self, _: &Place) {}
    fn forget(&self, _: DraftId) {}
}

impl Worker for Disk {
    fn work(&self, _: Job, _: UnboundedSender<Progress>, _: watch::Receiver<bool>) -> Task<JobEnd> {
        Box::pin(async { JobEnd::Cancelled })
    }
    fn shelf(&self, _: bool) -> Task<Result<Shelf, String>> {
        Box::pin(async { Err("nothing is kept here".to_owned()) })
    }
    fn document(&self, document: Document) -> Task<Result<PathBuf, String>> {
        Box::pin(async move { Ok(PathBuf::from(document.stem)) })
    }
}

impl SettingSink for Disk {
    fn keep(&self, _: Setting, _: Option<&Value>) -> Result<(), NotKept> {
        Ok(())
    }
}

/// A store that keeps everything on disk and acknowledges nothing.
impl Outside for Disk {
    fn connect(&mut self, runtime: &Handle) -> StoreLink {
        let (requests, mut asked) = unbounded_channel();
        let (tell, events) = unbounded_channel();
        runtime.spawn(async move {
            while let Some(request) = asked.recv().await {
                if let Request::Write(write) = request {
                    let _ = tell.send(Event::Kept(write.request));
                }
            }
            drop(tell);
        });
        StoreLink {
            requests,
            events,
            ended: Box::pin(async {}),
        }
    }
    fn drafts(&self) -> Arc<dyn DraftSink> {
        Arc::new(Self(self.0.clone()))
    }
    fn settings(&self) -> Arc<dyn SettingSink> {
        Arc::new(Self(self.0.clone()))
    }
    fn address(&self) -> Address {
        Address::default()
    }
    fn worker(&self) -> Arc<dyn Worker> {
        Arc::new(Self(self.0.clone()))
    }
}

fn model() -> Model<Small> {
    fn page() -> Box<dyn Behaviour<Small>> {
        Box::new(Page::default())
    }
    let now = Now {
        instant: jiff::Timestamp::now(),
        zone: jiff::tz::TimeZone::UTC,
    };
    let world = World::new(now, Arc::new(LogForm::builtin()), Settings::default());
    let parts = Parts {
        help: |_, _| page(),
        palette: |_, _| page(),
        cover: |_| page(),
        recovered: |_, _| page(),
        record: |_, _| page(),
        search: |_| page(),
        settings: |_| page(),
        welcome: |_| page(),
        capture: |_| page(),
        export_as: |_| page(),
        history: |_| None,
    };
    Model::new(world, vec![page()], &[], parts).unwrap()
}

fn draw(model: &Model<Small>, frame: &mut Frame<'_>) {
    let (columns, rows) = model.world.size;
    let width = usize::from(frame.area().width);
    let typed = model
        .unsaved()
        .first()
        .map_or_else(String::new, |draft| draft.text.expose(Exit::Screen).clone());
    let written = model
        .world
        .cache
        .pending()
        .iter()
        .map(|pending| match &pending.write.mutation {
            Mutation::PatchLog { patch, .. } => patch.to_json(Exit::Screen).to_string(),
            Mutation::Record { .. } => panic!("of a record"),
        });
    let notice = model
        .world
        .notice
        .as_ref()
        .map_or_else(String::new, |notice| notice.text.clone());
    let lines = [
        format!("> {typed}"),
        format!("{columns} by {rows}"),
        format!("wrote {}", written.collect::<Vec<_>>().join(" ")),
        notice,
    ];
    for (row, line) in (0..frame.area().height).zip(lines) {
        frame
            .buffer_mut()
            .set_stringn(0, row, line, width, Style::new());
    }
}

/// Not a test of its own: the program that the others start, in this same executable.
#[test]
fn program() {
    let Some(state) = std::env::var_os(STATE).map(PathBuf::from) else {
        return;
    };
    log::install(&state, None);
    report::install(&state).unwrap();
    let outside = Disk(state.clone());
    let program = Program {
        model: model(),
        outside,
        draw,
        zone: Zone::system(),
        state,
    };
    let code = run(program).unwrap_or_else(|error| {
        let _ = writeln!(std::io::stderr(), "{error}");
        error.exit_code()
    });
    std::process::exit(code.into());
}

const ARGUMENTS: [&str; 4] = ["--exact", "program", "--nocapture", "--test-threads=1"];

/// The same for a subcommand that fails.
#[test]
fn failing() {
    if std::env::var_os(FAILS).is_some() {
        let code = report::guarded(|| {
            // Also on a thread of the runtime, where the work goes on.
            let _ = std::thread::spawn(|| panic!("planted-needle")).join();
            panic!("planted-needle")
        });
        std::process::exit(if code == ExitCode::from(70) { 70 } else { 1 });
    }
}

#[test]
fn a_panic_in_a_subcommand_says_where_and_not_what_and_ends_with_70() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "failing", "--nocapture", "--test-threads=1"])
        .env(FAILS, "1")
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(70));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said.matches("wildlands: the program failed").count(),
        2,
        "{said}"
    );
    assert!(said.contains("shell_pty.rs:"), "{said}");
    assert!(!said.contains("needle"), "{said}");
}

#[test]
fn whatever_the_program_does_is_guarded() {
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/main.rs");
    let text = fs::read_to_string(main).unwrap();
    let begins = text.split("fn main() -> ExitCode {").nth(1).unwrap();
    assert!(begins.trim_start().starts_with("report::guarded("));
}

fn command(state: &Path) -> CommandBuilder {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(ARGUMENTS);
    command.env(STATE, state);
    command.env("TERM", "xterm-256color");
    command
}

fn started(columns: u16, rows: u16) -> (Terminal, tempfile::TempDir) {
    let state = tempfile::tempdir().unwrap();
    let terminal = Terminal::start(command(state.path()), columns, rows);
    terminal.wait_text(&format!("{columns} by {rows}"));
    (terminal, state)
}

fn draft(state: &tempfile::TempDir) -> String {
    fs::read_to_string(state.path().join("draft")).unwrap_or_default()
}

fn is_given_back(terminal: &Terminal) {
    assert!(terminal.is_cooked());
    terminal.wait_for("the end of output", |seen| seen.ended);
    let seen = terminal.seen();
    let screen = seen.parser.screen();
    assert!(!screen.alternate_screen() && !screen.bracketed_paste() && !screen.hide_cursor());
    assert!(!seen.text().contains("> "), "{}", seen.text());
}

#[test]
fn a_key_is_drawn_for_few_bytes_and_q_gives_the_terminal_back() {
    let (mut terminal, state) = started(80, 24);
    assert!(!terminal.is_cooked());
    terminal.types("a");
    terminal.wait_text("> a");
    let before = terminal.seen().bytes.len();
    terminal.types("b");
    terminal.wait_text("> ab");
    terminal.wait_for("the end of the frame", |seen| {
        seen.bytes.ends_with(b"\x1b[?2026l")
    });
    let cost = terminal.seen().bytes.len() - before;
    assert!(cost <= 30, "{cost} bytes");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    is_given_back(&terminal);
    assert_eq!(draft(&state), "ab");
}

#[test]
fn a_frame_is_one_synchronized_update() {
    let (mut terminal, _state) = started(80, 24);
    terminal.types("a");
    terminal.wait_text("> a");
    terminal.types("q");
    terminal.exit_code();
    let bytes = terminal.seen().bytes.clone();
    let count = |wanted: &[u8]| bytes.windows(wanted.len()).filter(|w| *w == wanted).count();
    // One more end than beginnings: an update that was cut short is ended when giving back.
    assert_eq!(count(b"\x1b[?2026h") + 1, count(b"\x1b[?2026l"));
    assert!(
        count(b"\x1b[?2026h") <= 3,
        "{} frames",
        count(b"\x1b[?2026h")
    );
    assert_eq!(count(b"\x1b]0;") + count(b"\x1b]2;"), 0, "no window title");
    assert_eq!(count(b"\x1b[?1000h") + count(b"\x1b[?1003h"), 0, "no mouse");
}

#[test]
fn a_signal_saves_the_draft_and_gives_the_terminal_back() {
    for (signal, code) in [
        (Signal::SIGTERM, 143),
        (Signal::SIGHUP, 129),
        (Signal::SIGINT, 130),
    ] {
        let (mut terminal, state) = started(80, 24);
        terminal.types("words");
        terminal.wait_text("> words");
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code);
        is_given_back(&terminal);
        assert_eq!(draft(&state), "words");
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_shows_none_of_its_words() {
    let (mut terminal, state) = started(100, 24);
    terminal.types("words");
    terminal.wait_text("> words");
    terminal.types("P");
    assert_eq!(terminal.exit_code(), 70);
    is_given_back(&terminal);
    let text = terminal.seen().text();
    assert!(
        text.contains("not foreseen") && text.contains("shell_pty.rs"),
        "{text}"
    );
    assert!(text.contains("offered at the next start"), "{text}");
    let log = fs::read_to_string(state.path().join(log::FILE)).unwrap();
    assert!(log.contains("shell_pty.rs"), "{log}");
    assert!(
        !text.contains("needle") && !log.contains("needle"),
        "{text}\n{log}"
    );
    assert_eq!(draft(&state), "words");
}

#[test]
fn a_terminal_of_any_size_is_drawn_on() {
    let (mut terminal, _state) = started(20, 3);
    for (columns, rows) in [(10, 3), (160, 50), (1, 1), (30, 4)] {
        terminal.resize(columns, rows);
        if columns > 8 {
            terminal.wait_text(&format!("{columns} by {rows}"));
        }
    }
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn the_editor_gets_every_key_while_it_runs_and_the_program_every_key_after() {
    let state = tempfile::tempdir().unwrap();
    let script = state.path().join("editor");
    fs::write(
        &script,
        "#!/bin/sh\necho editor-runs\nread line\nprintf '%s\\n' \"$line\" > \"$1\"\n",
    )
    .unwrap();
    let mut command = command(state.path());
    command.env("VISUAL", format!("sh '{}'", script.display()));
    let mut terminal = Terminal::start(command, 80, 24);
    terminal.wait_text("80 by 24");
    terminal.types("E");
    terminal.wait_text("editor-runs");
    assert!(terminal.is_cooked());
    // The line is the editor's; what follows it at once is the program's.
    terminal.types("second\n");
    terminal.types("after");
    terminal.wait_text("{\"topWin\":\"second\"}");
    terminal.wait_text("> after");
    assert!(!terminal.is_cooked());
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    let left = fs::read_dir(state.path()).unwrap().filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with("edit-")
    });
    assert_eq!(left.count(), 0);
    terminal.wait_text("1 change is kept on this machine and will be sent next time");
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let state = tempfile::tempdir().unwrap();
    let mut command = CommandBuilder::new("sh");
    let program = std::env::current_exe().unwrap();
    let script = "set -m; \"$@\"; echo it-stopped; read line; fg; echo it-ended-$?";
    command.args(["-c", script, "sh", program.to_str().unwrap()]);
    command.args(ARGUMENTS);
    command.env(STATE, state.path());
    command.env("TERM", "xterm");
    let mut terminal = Terminal::start(command, 80, 24);
    terminal.wait_text("80 by 24");
    terminal.types("ab");
    terminal.wait_text("> ab");
    terminal.types("\x1a");
    terminal.wait_text("it-stopped");
    assert!(terminal.is_cooked());
    assert!(!terminal.seen().parser.screen().alternate_screen());
    terminal.types("\n");
    terminal.wait_text("> ab");
    terminal.types("c");
    terminal.wait_text("> abc");
    terminal.types("q");
    terminal.wait_text("it-ended-0");
}

#[test]
fn ctrl_z_without_a_shell_says_so_instead_of_stopping_for_ever() {
    let (mut terminal, _state) = started(80, 24);
    terminal.types("\x1a");
    terminal.wait_text("there is no shell to go back to");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn without_a_terminal_the_subcommands_are_named() {
    let state = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(ARGUMENTS)
        .env(STATE, state.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(64));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("not a terminal") && said.contains("wildlands export"),
        "{said}"
    );
    let mut command = command(state.path());
    command.env("TERM", "dumb");
    let mut terminal = Terminal::start(command, 200, 24);
    assert_eq!(terminal.exit_code(), 64);
    terminal.wait_text("of the kind `dumb`");
}
