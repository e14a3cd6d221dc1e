//! The event loop: the only place where messages are made and effects carried out.
//!
//! It waits for anything, takes everything that is ready, and then draws once. It wakes for what it
//! waits for and for nothing else: no tick. The first frame comes before the store is asked.

mod effects;
mod finish;
#[cfg(test)]
mod tests;
mod typed;
mod unsent;

pub use unsent::Unsent;

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use ratatui::Frame;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;

use crate::app::effect::TimerId;
use crate::app::message::{Msg, Now, Signal, TransferEvent};
use crate::app::model::Model;
use crate::app::part::Toolkit;
use crate::app::update;
use crate::domain::ids::RequestId;
use crate::domain::secret::Secret;
use crate::store::api::Event;
use crate::store::edits::EditFile;

use crate::shell::draft_desk::DraftDesk;
use crate::shell::editor::Editing;
use crate::shell::keys::{Keys, Typed};
use crate::shell::outside::{Outside, StoreLink};
use crate::shell::running_job::RunningJob;
use crate::shell::setting_desk::SettingDesk;
use crate::shell::signals::Notified;
use crate::shell::terminal::Stage;
use crate::shell::timers::{Pace, Timers};
use crate::shell::zone::Zone;

const STORE_FAILED: &str = "the part of the program that talks to the database has failed";
/// Events of the store that are taken before a frame is due.
const EVENTS_AT_ONCE: usize = 1024;

/// What the loop is given besides the model, the terminal and the store.
pub struct Surroundings {
    /// Where the store task, drafts and jobs run.
    pub runtime: Handle,
    /// What the system says.
    pub signals: UnboundedReceiver<Notified>,
    /// Where the person is.
    pub zone: Zone,
    /// Where the editor's file is put.
    pub state: PathBuf,
    /// Variables of the environment.
    pub variable: fn(&str) -> Option<String>,
}

/// Why the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The person asked for it.
    Asked,
    /// The system did.
    Signalled(Notified),
}

/// The loop's state.
pub struct EventLoop<'a, K: Toolkit, S: Stage, O, D> {
    model: &'a mut Model<K>,
    stage: &'a mut S,
    outside: O,
    draw: D,
    around: Surroundings,
    keyboard: Option<S::Keyboard>,
    keys: Keys,
    typed: VecDeque<Typed>,
    /// Until when an incomplete sequence waits for its rest.
    settles: Option<Instant>,
    timers: Timers,
    pace: Pace,
    dirty: bool,
    inbox: UnboundedReceiver<Msg>,
    tell: UnboundedSender<Msg>,
    link: Option<StoreLink>,
    desk: Option<DraftDesk>,
    /// Opened by the first change of a setting.
    setting_desk: Option<SettingDesk>,
    job: Option<RunningJob>,
    /// Documents that are being written.
    documents: JoinSet<()>,
    editing: Option<Editing>,
    /// Files that came back from editors; their texts are not on disk elsewhere yet.
    returned: Vec<EditFile>,
    /// What editors left of their own, to be said once more at the end.
    of_editors: Vec<String>,
    ending: Option<Ending>,
    last_signal: Notified,
    own_stops: usize,
}

enum Woken {
    Signal(Option<Notified>),
    Keys(io::Result<()>),
    Store(Option<Event>),
    Inbox(Option<Msg>),
    Edited(Result<(), String>),
    Time,
}

impl<'a, K, S, O, D> EventLoop<'a, K, S, O, D>
where
    K: Toolkit,
    S: Stage,
    O: Outside,
    D: FnMut(&Model<K>, &mut Frame<'_>),
{
    /// A loop that has not begun.
    pub fn new(
        model: &'a mut Model<K>,
        stage: &'a mut S,
        outside: O,
        draw: D,
        around: Surroundings,
    ) -> Self {
        let (tell, inbox) = unbounded_channel();
        Self {
            model,
            stage,
            outside,
            draw,
            around,
            keyboard: None,
            keys: Keys::default(),
            typed: VecDeque::new(),
            settles: None,
            timers: Timers::default(),
            pace: Pace::new(Instant::now()),
            dirty: true,
            inbox,
            tell,
            link: None,
            desk: None,
            setting_desk: None,
            job: None,
            documents: JoinSet::new(),
            editing: None,
            returned: Vec::new(),
            of_editors: Vec::new(),
            ending: None,
            last_signal: Notified::Terminate,
            own_stops: 0,
        }
    }

    /// Draws the first frame. Needs nothing but the terminal.
    pub fn first_frame(&mut self) {
        self.model.world.size = self.stage.measure();
        self.draw_frame();
    }

    /// Runs until somebody asks it to end. What is under way then is left to
    /// [`EventLoop::finish`].
    pub async fn run(&mut self) -> Ending {
        let effects = update::begin(self.model);
        self.link = Some(self.outside.connect(&self.around.runtime));
        let desk = DraftDesk::open(
            &self.around.runtime,
            self.outside.drafts(),
            self.tell.clone(),
        );
        self.desk = Some(desk);
        self.listen();
        self.carry_out(effects);
        loop {
            self.take_what_is_ready();
            if let Some(ending) = self.ending {
                return ending;
            }
            if self.dirty && self.editing.is_none() && self.pace.allows(Instant::now()) {
                self.draw_frame();
            }
            if self.ending.is_none() {
                let woken = self.wait().await;
                self.take(woken);
            }
        }
    }

    fn now(&self) -> Now {
        Now {
            instant: Timestamp::now(),
            zone: self.around.zone.now(),
        }
    }

    fn draw_frame(&mut self) {
        if self.model.waits_for_frame() {
            self.handle(Msg::Frame);
        }
        let (model, draw) = (&*self.model, &mut self.draw);
        let drawn = self.stage.draw(&mut |frame| draw(model, frame));
        self.dirty = false;
        self.pace.drawn(Instant::now());
        if drawn.is_err() {
            self.hang_up();
        }
    }

    async fn wait(&mut self) -> Woken {
        let frame = (self.dirty && self.editing.is_none())
            .then(|| self.pace.next())
            .flatten();
        let until = [self.timers.nearest(), self.settles, frame]
            .into_iter()
            .flatten()
            .min();
        tokio::select! {
            biased;
            notified = self.around.signals.recv() => Woken::Signal(notified),
            ready = typed::ready(self.keyboard.as_mut()) => Woken::Keys(ready),
            event = next_event(self.link.as_mut()) => Woken::Store(event),
            msg = self.inbox.recv() => Woken::Inbox(msg),
            ended = ended(self.editing.as_mut()) => Woken::Edited(ended),
            () = sleep(until) => Woken::Time,
        }
    }

    fn take(&mut self, woken: Woken) {
        match woken {
            Woken::Signal(Some(notified)) => self.notified(notified),
            Woken::Keys(Ok(())) => self.read_keys(),
            Woken::Keys(Err(_)) => self.hang_up(),
            Woken::Store(Some(event)) => self.handle(Msg::Store(event)),
            Woken::Store(None) => self.store_ended(),
            Woken::Inbox(Some(msg)) => self.delivered(msg),
            Woken::Edited(ended) => self.edited(ended),
            // All senders of these two are held by the program itself.
            Woken::Signal(None) | Woken::Inbox(None) | Woken::Time => {}
        }
    }

    /// Everything that needs no waiting, so that one frame shows all of it.
    fn take_what_is_ready(&mut self) {
        while let (None, Ok(notified)) = (self.ending, self.around.signals.try_recv()) {
            self.notified(notified);
        }
        self.read_keys();
        for _ in 0..EVENTS_AT_ONCE {
            let event = self
                .link
                .as_mut()
                .and_then(|link| link.events.try_recv().ok());
            let Some(event) = event else { break };
            self.handle(Msg::Store(event));
        }
        while let Ok(msg) = self.inbox.try_recv() {
            self.delivered(msg);
        }
        let now = Instant::now();
        self.settle_keys(now);
        while let Some(timer) = self.timers.take_due(now) {
            if timer == TimerId::Midnight {
                self.around.zone.look_again();
            }
            self.handle(Msg::Timer(timer));
        }
    }

    fn handle(&mut self, msg: Msg) {
        let now = self.now();
        let effects = update::update(self.model, msg, now);
        self.dirty = true;
        self.carry_out(effects);
        self.clear_returned();
    }

    /// A line for the status row, from the shell itself.
    fn notice(&mut self, words: String) {
        self.handle(Msg::Store(Event::Notice(Secret::new(words))));
    }

    fn delivered(&mut self, msg: Msg) {
        while self.documents.try_join_next().is_some() {}
        if let Msg::Transfer(TransferEvent::Ended(_)) = &msg {
            self.job = None;
        }
        self.handle(msg);
    }

    fn store_ended(&mut self) {
        self.link = None;
        tracing::error!("the store task has ended");
        let pending = self.model.world.cache.pending().iter();
        let open: Vec<RequestId> = pending
            .filter(|pending| !pending.kept)
            .map(|pending| pending.write.request)
            .collect();
        for request in open {
            self.not_kept(request);
        }
        self.notice(format!(
            "{STORE_FAILED}; no change is saved from now on, please start the program again"
        ));
    }

    /// Nobody is there any more who would put this change on disk or send it.
    fn not_kept(&mut self, request: RequestId) {
        self.handle(Msg::Store(Event::NotKept {
            request,
            reason: STORE_FAILED.to_owned(),
        }));
    }

    fn notified(&mut self, notified: Notified) {
        let away = self.editing.is_some();
        match notified {
            Notified::Hangup => {
                self.last_signal = notified;
                self.handle(Msg::Signal(Signal::Hangup));
            }
            // Ctrl-C while another program has the terminal is meant for that one.
            Notified::Interrupt if away => {}
            Notified::Terminate | Notified::Interrupt => {
                self.last_signal = notified;
                self.handle(Msg::Signal(Signal::Terminate));
            }
            Notified::Stop if self.own_stops > 0 => self.own_stops -= 1,
            Notified::Stop if away => self.stop(),
            Notified::Stop => self.suspend(),
            Notified::Continue => {
                self.around.zone.look_again();
                if !away {
                    self.keyboard = None;
                    self.enter();
                }
                self.handle(Msg::Signal(Signal::Continued));
            }
            Notified::Resize => {
                let (columns, rows) = self.stage.measure();
                self.handle(Msg::Resize(columns, rows));
            }
        }
    }
}

async fn next_event(link: Option<&mut StoreLink>) -> Option<Event> {
    match link {
        Some(link) => link.events.recv().await,
        None => std::future::pending().await,
    }
}

async fn ended(editing: Option<&mut Editing>) -> Result<(), String> {
    match editing {
        Some(editing) => editing.ended().await,
        None => std::future::pending().await,
    }
}

async fn sleep(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}
