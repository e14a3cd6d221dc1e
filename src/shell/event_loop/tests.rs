//! The loop over a terminal, a store and a disk that are not real.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Style;
use tokio::sync::{Notify, watch};

use super::*;
use crate::app::command::Table;
use crate::app::draft::{Draft, OldDraft, Place};
use crate::app::effect::{EditJob, Job};
use crate::app::job::{JobEnd, Progress};
use crate::app::message::NotKept;
use crate::app::model::Parts;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::world::{Settings, World};
use crate::domain::backup::Shelf;
use crate::domain::document::{Document, Paper};
use crate::domain::form::LogForm;
use crate::domain::ids::{DraftId, RecordId};
use crate::domain::patch::Patch;
use crate::domain::secret::Exit;
use crate::domain::setting::{Setting, Value};
use crate::shell::outside::{DraftSink, SettingSink, Task, Worker};
use crate::shell::terminal::Keyboard;
use crate::store::address::Address;
use crate::store::api::{Mutation, Query, Request, Written};

struct Fake;
impl Toolkit for Fake {
    type Part = dyn Behaviour<Fake>;
}

/// Takes every key as text, but a few that do something.
#[derive(Default)]
struct Page {
    text: String,
    edits: u64,
    /// Its keys are no text.
    idle: bool,
}

fn place() -> Place {
    Place::Log {
        date: jiff::civil::date(2026, 11, 23),
        field: "topWin".to_owned(),
    }
}

fn document() -> Document {
    Document {
        stem: "lesson".to_owned(),
        markdown: Secret::new("# Lesson".to_owned()),
        paper: Paper::Markdown,
    }
}

impl Behaviour<Fake> for Page {
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
    fn takes_text(&self) -> bool {
        !self.idle
    }
    fn edits(&self) -> u64 {
        self.edits
    }
    fn unsaved(&self) -> Option<(Place, Secret<String>)> {
        (!self.text.is_empty()).then(|| (place(), Secret::new(self.text.clone())))
    }
    fn on(&mut self, input: Input<'_>, _: &World, out: &mut Vec<Intent<Fake>>) -> Handled {
        match input {
            Input::Key(KeyEvent {
                code: KeyCode::Char(c),
                ..
            }) => match c {
                'E' => out.push(Intent::Edit(EditJob {
                    place: place(),
                    text: Secret::new("first".to_owned()),
                })),
                'C' => out.push(Intent::Copy(Secret::new("copied".to_owned()))),
                'J' => out.push(Intent::Export),
                'D' => out.push(Intent::Write(document())),
                'W' => out.push(Intent::Change {
                    mutation: Mutation::patch_log(
                        RecordId::new(),
                        jiff::civil::date(2026, 11, 23),
                        Patch::one("energy", Some(7.into())),
                    ),
                    words: "energy".to_owned(),
                }),
                'T' => out.push(Intent::Change {
                    mutation: Mutation::patch_log(
                        RecordId::new(),
                        jiff::civil::date(2026, 11, 23),
                        Patch::one("topWin", Some("a win".into())),
                    ),
                    words: "top win".to_owned(),
                }),
                'P' => panic!("planted-needle"),
                'S' => out.push(Intent::Say(Tone::Plain, "said".to_owned())),
                c => {
                    self.text.push(c);
                    self.edits += 1;
                }
            },
            Input::Paste(text) => {
                self.text.push_str(text);
                self.edits += 1;
            }
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

/// What a test sees and does.
#[derive(Clone, Default)]
struct Bench(Arc<Shared>);

#[derive(Default)]
struct Shared {
    typed: Mutex<VecDeque<u8>>,
    rang: Notify,
    ended: AtomicBool,
    broken: AtomicBool,
    story: Mutex<Vec<String>>,
    drafts: Mutex<Vec<Draft>>,
    old_drafts: Mutex<Vec<OldDraft>>,
    acknowledges: AtomicBool,
    dies: AtomicBool,
    keeps: AtomicBool,
}

impl Bench {
    fn tell(&self, words: &str) {
        self.0.story.lock().unwrap().push(words.to_owned());
    }
    fn story(&self) -> String {
        self.0.story.lock().unwrap().join(" ")
    }
    fn types(&self, bytes: &[u8]) {
        self.0.typed.lock().unwrap().extend(bytes);
        self.0.rang.notify_one();
    }
    fn hangs_up(&self) {
        self.0.ended.store(true, Ordering::SeqCst);
        self.0.rang.notify_one();
    }
    async fn until(&self, words: &str, is: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !is(self) {
            assert!(
                Instant::now() < deadline,
                "never: {words}; {}",
                self.story()
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    fn saved(&self) -> Vec<String> {
        let drafts = self.0.drafts.lock().unwrap();
        drafts
            .iter()
            .map(|draft| draft.text.expose(Exit::Draft).clone())
            .collect()
    }
}

struct FakeStage {
    bench: Bench,
    terminal: Terminal<TestBackend>,
}

struct FakeKeyboard(Bench);

impl Drop for FakeKeyboard {
    fn drop(&mut self) {
        self.0.tell("deaf");
    }
}

impl Keyboard for FakeKeyboard {
    async fn wait(&mut self) -> io::Result<()> {
        let shared = &self.0.0;
        while shared.typed.lock().unwrap().is_empty() && !shared.ended.load(Ordering::SeqCst) {
            shared.rang.notified().await;
        }
        Ok(())
    }
    fn read(&mut self, into: &mut [u8]) -> io::Result<Option<usize>> {
        let mut typed = self.0.0.typed.lock().unwrap();
        let count = typed.len().min(into.len());
        if count == 0 {
            return Ok(self.0.0.ended.load(Ordering::SeqCst).then_some(0));
        }
        for (slot, byte) in into.iter_mut().zip(typed.drain(..count)) {
            *slot = byte;
        }
        Ok(Some(count))
    }
}

impl Stage for FakeStage {
    type Keyboard = FakeKeyboard;
    fn listen(&mut self) -> io::Result<FakeKeyboard> {
        self.bench.tell("listen");
        Ok(FakeKeyboard(self.bench.clone()))
    }
    fn draw(&mut self, draw: &mut dyn FnMut(&mut Frame<'_>)) -> io::Result<()> {
        if self.bench.0.broken.load(Ordering::SeqCst) {
            return Err(io::Error::other("gone"));
        }
        let _ = self.terminal.draw(|frame| draw(frame));
        self.bench.tell("frame");
        Ok(())
    }
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bench
            .tell(&String::from_utf8_lossy(bytes).replace('\x1b', "^"));
        Ok(())
    }
    fn measure(&mut self) -> (u16, u16) {
        (10, 3)
    }
    fn take(&mut self) -> io::Result<()> {
        self.bench.tell("take");
        Ok(())
    }
    fn mouse(&mut self, on: bool) -> io::Result<()> {
        self.bench.tell(if on { "mouse" } else { "no-mouse" });
        Ok(())
    }
    fn give_back(&mut self) {
        self.bench.tell("give-back");
    }
    fn forget(&mut self) -> io::Result<()> {
        self.bench.tell("forget");
        Ok(())
    }
}

impl DraftSink for Bench {
    fn recover(&self) -> (Vec<OldDraft>, Vec<String>) {
        (
            std::mem::take(&mut self.0.old_drafts.lock().unwrap()),
            Vec::new(),
        )
    }
    fn save(&self, draft: &Draft) -> Result<(), String> {
        self.0.drafts.lock().unwrap().push(draft.clone());
        Ok(())
    }
    fn save_apart(&self, draft: &Draft) -> Result<(), String> {
        self.tell("saved-apart");
        self.save(draft)
    }
    fn keep(&self, draft: &OldDraft) -> Result<(), String> {
        self.tell("kept-apart");
        self.save(&draft.draft)
    }
    fn remove(&self, _: &Place) {
        self.tell("draft-removed");
    }
    fn forget(&self, _: DraftId) {
        self.tell("draft-forgotten");
    }
}

impl SettingSink for Bench {
    fn keep(&self, setting: Setting, value: Option<&Value>) -> Result<(), NotKept> {
        let value = value.map_or_else(|| "-".to_owned(), ToString::to_string);
        self.tell(&format!("kept {} {value}", setting.key()));
        Ok(())
    }
}

impl Worker for Bench {
    fn work(
        &self,
        _: Job,
        progress: UnboundedSender<Progress>,
        mut cancel: watch::Receiver<bool>,
    ) -> Task<JobEnd> {
        let bench = self.clone();
        Box::pin(async move {
            progress.send(Progress::rows(1, 2)).unwrap();
            cancel.wait_for(|cancelled| *cancelled).await.unwrap();
            bench.tell("cleaned-up");
            JobEnd::Cancelled
        })
    }

    fn shelf(&self, _: bool) -> Task<Result<Shelf, String>> {
        Box::pin(async { Err("nothing is kept here".to_owned()) })
    }

    fn document(&self, document: Document) -> Task<Result<PathBuf, String>> {
        Box::pin(async move { Ok(PathBuf::from(document.stem)) })
    }
}

impl Outside for Bench {
    fn connect(&mut self, runtime: &Handle) -> StoreLink {
        self.tell("connect");
        let (requests, mut asked) = unbounded_channel();
        let (tell, events) = unbounded_channel();
        let bench = self.clone();
        runtime.spawn(async move {
            if bench.0.dies.load(Ordering::SeqCst) {
                return;
            }
            let mut writes = Vec::new();
            while let Some(request) = asked.recv().await {
                if let Request::Write(write) = request {
                    bench.tell("write");
                    if bench.0.keeps.load(Ordering::SeqCst) {
                        tell.send(Event::Kept(write.request)).unwrap();
                    }
                    writes.push(write);
                }
            }
            if bench.0.acknowledges.load(Ordering::SeqCst) {
                for write in writes {
                    let result = Ok(Written::Already { log: None });
                    tell.send(Event::Written {
                        request: write.request,
                        result,
                    })
                    .unwrap();
                }
            }
        });
        StoreLink {
            requests,
            events,
            ended: Box::pin(async {}),
        }
    }
    fn drafts(&self) -> Arc<dyn DraftSink> {
        Arc::new(self.clone())
    }
    fn address(&self) -> Address {
        Address::default()
    }
    fn settings(&self) -> Arc<dyn SettingSink> {
        Arc::new(self.clone())
    }
    fn worker(&self) -> Arc<dyn Worker> {
        Arc::new(self.clone())
    }
}

fn page() -> Box<dyn Behaviour<Fake>> {
    Box::new(Page::default())
}

fn model() -> Model<Fake> {
    let now = Now {
        instant: Timestamp::now(),
        zone: jiff::tz::TimeZone::UTC,
    };
    let world = World::new(now, Arc::new(LogForm::builtin()), Settings::default());
    let parts = Parts {
        help: |_, _| page(),
        palette: |_, _| page(),
        cover: |_| page(),
        recovered: |_, _| {
            let offer = Page {
                text: "offered".to_owned(),
                edits: 1,
                idle: true,
            };
            Box::new(offer) as Box<dyn Behaviour<Fake>>
        },
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

/// Runs the loop, with `play` beside it, to its end; gives the ending, what is unsent, the model.
async fn run<P, F>(bench: &Bench, play: P) -> (Ending, Unsent, Model<Fake>)
where
    P: FnOnce(Bench, UnboundedSender<Notified>) -> F,
    F: Future<Output = ()>,
{
    let mut model = model();
    if !bench.0.old_drafts.lock().unwrap().is_empty() {
        // Nothing is offered over a part that takes text.
        let idle = Page {
            idle: true,
            ..Page::default()
        };
        model.screens = vec![Box::new(idle)];
    }
    let mut stage = FakeStage {
        bench: bench.clone(),
        terminal: Terminal::new(TestBackend::new(10, 3)).unwrap(),
    };
    let state = tempfile::tempdir().unwrap();
    let (signal, signals) = unbounded_channel();
    let around = Surroundings {
        runtime: Handle::current(),
        signals,
        zone: Zone::fixed(jiff::tz::TimeZone::UTC),
        state: state.path().to_owned(),
        variable: |name| {
            (name == "EDITOR").then(|| "sh -c 'sleep 0.2; echo second >> \"$1\"' sh".to_owned())
        },
    };
    let drawn = bench.clone();
    let draw = move |model: &Model<Fake>, frame: &mut Frame<'_>| {
        let notice = model.world.notice.as_ref().map(|notice| &notice.text);
        if let Some(file) = notice.filter(|text| text.starts_with("written to")) {
            drawn.tell(&format!("[{file}]"));
        }
        if let Some((_, text)) = model
            .unsaved()
            .first()
            .map(|draft| (&draft.place, &draft.text))
        {
            let shown = text.expose(Exit::Screen);
            frame
                .buffer_mut()
                .set_stringn(0, 0, shown, 10, Style::new());
            drawn.tell(&format!("[{}]", shown.len()));
        }
    };
    let mut looping = EventLoop::new(&mut model, &mut stage, bench.clone(), draw, around);
    looping.first_frame();
    let (ending, ()) = tokio::join!(looping.run(), play(bench.clone(), signal.clone()));
    let unsent = looping.finish().await;
    let left = std::fs::read_dir(state.path()).unwrap().flatten();
    for entry in left {
        bench.tell(&format!("left:{}", entry.file_name().to_string_lossy()));
    }
    drop(looping);
    assert_eq!(model.world.size, (10, 3));
    (ending, unsent, model)
}

const QUIT: Notified = Notified::Terminate;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_frame_comes_before_the_store_and_a_burst_of_keys_is_one_frame() {
    let bench = Bench::default();
    run(&bench, |bench, signal| async move {
        bench
            .until("listening", |bench| bench.story().contains("listen"))
            .await;
        bench.types(&b"abcde".repeat(20));
        bench
            .until("drawn", |bench| bench.story().contains("[100]"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    let story = bench.story();
    assert!(
        story.starts_with("frame connect listen frame [100] frame give-back")
            || story.starts_with("frame connect listen [100] frame"),
        "{story}"
    );
    assert!(story.trim_end().ends_with("give-back"), "{story}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_saves_what_is_typed_and_ends_with_its_code() {
    let bench = Bench::default();
    let (ending, _, _) = run(&bench, |bench, signal| async move {
        bench.types("\x1b[200~pasted\rtext\x1b[201~!".as_bytes());
        bench
            .until("drawn", |bench| bench.story().contains("[12]"))
            .await;
        signal.send(Notified::Hangup).unwrap();
    })
    .await;
    assert_eq!(ending, Ending::Signalled(Notified::Hangup));
    assert_eq!(Notified::Hangup.exit_code(), 129);
    assert_eq!(bench.saved().last().unwrap(), "pasted\ntext!");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_input_is_a_hangup() {
    let bench = Bench::default();
    let (ending, _, _) = run(&bench, |bench, _| async move {
        bench.types(b"half a thou");
        bench.hangs_up();
    })
    .await;
    assert_eq!(ending, Ending::Signalled(Notified::Hangup));
    assert_eq!(bench.saved().last().unwrap(), "half a thou");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_terminal_that_takes_no_frame_is_a_hangup() {
    let bench = Bench::default();
    let (ending, _, _) = run(&bench, |bench, _| async move {
        bench
            .until("listening", |bench| bench.story().contains("listen"))
            .await;
        bench.0.broken.store(true, Ordering::SeqCst);
        bench.types(b"z");
    })
    .await;
    assert_eq!(ending, Ending::Signalled(Notified::Hangup));
    assert_eq!(bench.saved().last().unwrap(), "z");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_on_disk_within_a_second_of_the_last_key() {
    let bench = Bench::default();
    run(&bench, |bench, signal| async move {
        bench.types(b"kept");
        let typed = Instant::now();
        bench
            .until("saved", |bench| !bench.saved().is_empty())
            .await;
        assert!(typed.elapsed() < Duration::from_secs(1));
        signal.send(QUIT).unwrap();
    })
    .await;
    assert_eq!(bench.saved()[0], "kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn drafts_of_an_earlier_run_are_offered() {
    let bench = Bench::default();
    bench.0.old_drafts.lock().unwrap().push(OldDraft {
        id: DraftId::new(),
        draft: Draft {
            place: place(),
            text: Secret::new("old".to_owned()),
            saved_at: Timestamp::now(),
        },
    });
    let (_, _, model) = run(&bench, |bench, signal| async move {
        bench
            .until("offered", |bench| bench.story().contains("[7]"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    assert_eq!(model.layers.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_waits_for_the_store_and_counts_what_it_still_has() {
    let energy = || vec![vec!["energy".to_owned()]];
    for (acknowledges, keeps, kept, lost) in [
        (true, false, 0, vec![]),
        (false, true, 1, vec![]),
        (false, false, 0, energy()),
    ] {
        let bench = Bench::default();
        bench.0.acknowledges.store(acknowledges, Ordering::SeqCst);
        bench.0.keeps.store(keeps, Ordering::SeqCst);
        let (_, unsent, _) = run(&bench, |bench, signal| async move {
            bench.types(b"W");
            bench
                .until("written", |bench| bench.story().contains("write"))
                .await;
            signal.send(QUIT).unwrap();
        })
        .await;
        let drafted = 0;
        assert_eq!(
            unsent,
            Unsent {
                kept,
                drafted,
                lost,
                of_editors: vec![]
            }
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_nobody_kept_becomes_a_draft_at_the_end() {
    let bench = Bench::default();
    let (_, unsent, _) = run(&bench, |bench, signal| async move {
        bench.types(b"T");
        bench
            .until("written", |bench| bench.story().contains("write"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    assert_eq!((unsent.kept, unsent.drafted, unsent.lost.len()), (0, 1, 0));
    assert_eq!(bench.saved(), ["a win"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_after_the_store_has_died_is_not_said_to_be_kept() {
    let bench = Bench::default();
    bench.0.dies.store(true, Ordering::SeqCst);
    let (_, unsent, model) = run(&bench, |bench, signal| async move {
        bench
            .until("said", |bench| bench.story().matches("frame").count() > 1)
            .await;
        bench.types(b"Wx");
        bench
            .until("typed", |bench| bench.story().contains("[1]"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    assert_eq!((unsent.kept, unsent.lost.len()), (0, 1));
    let told = format!("{:?}", model.world.standing_notices);
    assert!(told.contains("no change is saved from now on"), "{told}");
    let notice = model.world.notice.unwrap().text;
    assert!(notice.contains("not on this disk"), "{notice}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_editor_has_the_terminal_alone_and_no_key_is_lost() {
    let bench = Bench::default();
    let (_, _, model) = run(&bench, |bench, signal| async move {
        bench.types(b"aE");
        bench
            .until("given back", |bench| bench.story().contains("give-back"))
            .await;
        let frames = bench.story().matches("frame").count();
        // Typed while the editor runs; who reads them is up to the terminal, not to the loop.
        bench.types(b"later");
        signal.send(Notified::Interrupt).unwrap();
        signal.send(Notified::Resize).unwrap();
        bench
            .until("taken", |bench| bench.story().contains("take"))
            .await;
        let until = bench.story();
        let until = until.split("take").next().unwrap();
        assert_eq!(until.matches("frame").count(), frames, "{until}");
        bench
            .until("typed", |bench| bench.story().contains("[6]"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    let story = bench.story();
    let order = ["deaf", "give-back", "take", "listen"];
    let mut from = story.find("deaf").unwrap();
    for step in order {
        from += story[from..]
            .find(step)
            .unwrap_or_else(|| panic!("{step} missing: {story}"));
    }
    assert_eq!(model.world.cache.pending().len(), 1);
    assert_eq!(bench.saved().last().unwrap(), "alater");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_from_an_editor_stays_on_disk_until_its_change_is_safe() {
    for safe in [true, false] {
        let bench = Bench::default();
        bench.0.acknowledges.store(safe, Ordering::SeqCst);
        run(&bench, |bench, signal| async move {
            bench.types(b"E");
            bench
                .until("written", |bench| bench.story().contains("write"))
                .await;
            signal.send(QUIT).unwrap();
        })
        .await;
        let story = bench.story();
        assert_eq!(story.contains("left:edit-"), !safe, "{story}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_while_an_editor_runs_leaves_it_its_file() {
    let bench = Bench::default();
    let (_, unsent, _) = run(&bench, |bench, signal| async move {
        bench.types(b"E");
        bench
            .until("given back", |bench| bench.story().contains("give-back"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    let story = bench.story();
    assert!(story.contains("left:edit-"), "{story}");
    assert!(!story.contains("saved-apart"), "{story}");
    assert!(unsent.of_editors[0].contains("offered next time"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_cancelled_and_cleaned_up_before_the_end() {
    let bench = Bench::default();
    run(&bench, |bench, signal| async move {
        bench.types(b"J");
        bench
            .until("frames", |bench| bench.story().matches("frame").count() > 1)
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    assert!(bench.story().contains("cleaned-up"), "{}", bench.story());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_x_stops_an_export() {
    let bench = Bench::default();
    let (_, _, model) = run(&bench, |bench, signal| async move {
        bench.types(b"JJ");
        bench
            .until("stopped", |bench| bench.story().contains("cleaned-up"))
            .await;
        bench.types(b"abc");
        bench
            .until("drawn", |bench| bench.story().contains("[3]"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    assert!(model.world.jobs.running.is_none());
    assert!(model.world.jobs.ended.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_is_written_and_its_file_is_said() {
    let bench = Bench::default();
    run(&bench, |bench, signal| async move {
        bench.types(b"D");
        bench
            .until("said", |bench| {
                bench.story().contains("[written to lesson]")
            })
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_goes_to_the_terminal() {
    let bench = Bench::default();
    run(&bench, |bench, signal| async move {
        bench.types(b"C");
        bench
            .until("copied", |bench| {
                bench.story().contains("^]52;c;Y29waWVk\x07")
            })
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_has_died_is_said_and_typing_goes_on() {
    let bench = Bench::default();
    bench.0.dies.store(true, Ordering::SeqCst);
    let (_, _, model) = run(&bench, |bench, signal| async move {
        bench
            .until("said", |bench| bench.story().matches("frame").count() > 1)
            .await;
        bench.types(b"still");
        bench
            .until("typed", |bench| bench.story().contains("[5]"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    let said = format!(
        "{:?} {:?}",
        model.world.notice, model.world.standing_notices
    );
    assert!(said.contains("has failed"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_continued_program_draws_everything_anew() {
    let bench = Bench::default();
    run(&bench, |bench, signal| async move {
        signal.send(Notified::Continue).unwrap();
        bench
            .until("anew", |bench| bench.story().contains("forget"))
            .await;
        signal.send(QUIT).unwrap();
    })
    .await;
    assert!(bench.story().contains("take"), "{}", bench.story());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_rescues_what_was_typed() {
    let bench = Bench::default();
    let mut model = model();
    let terminal = Terminal::new(TestBackend::new(10, 3)).unwrap();
    let mut stage = FakeStage {
        bench: bench.clone(),
        terminal,
    };
    let (_signal, signals) = unbounded_channel();
    let around = Surroundings {
        runtime: Handle::current(),
        signals,
        zone: Zone::system(),
        state: PathBuf::from("/nonexistent"),
        variable: |_| None,
    };
    let mut looping = EventLoop::new(&mut model, &mut stage, bench.clone(), |_, _| {}, around);
    bench.types(b"words P");
    let ended = {
        use futures_util::FutureExt as _;
        std::panic::AssertUnwindSafe(looping.run())
            .catch_unwind()
            .await
    };
    assert!(ended.is_err());
    assert_eq!(looping.rescue(), Ok(1));
    assert_eq!(bench.saved(), ["words "]);
    assert!(bench.story().contains("give-back"));
}
