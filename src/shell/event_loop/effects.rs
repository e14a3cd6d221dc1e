//! What the core wants done, done.

use std::time::Instant;

use ratatui::Frame;

use crate::app::effect::{EditJob, Effect, Quit};
use crate::app::message::{EditResult, Msg};
use crate::app::model::Model;
use crate::app::part::Toolkit;
use crate::domain::document::Document;
use crate::domain::secret::{Exit, Secret};
use crate::domain::setting::{Setting, Value};
use crate::shell::clipboard::{self, Between};
use crate::shell::draft_desk::DraftDesk;
use crate::shell::editor::Editing;
use crate::shell::outside::Outside;
use crate::shell::running_job::RunningJob;
use crate::shell::setting_desk::SettingDesk;
use crate::shell::signals;
use crate::shell::terminal::Stage;
use crate::store::api::{Event, Request};
use crate::store::edits::EditFile;

use super::{Ending, EventLoop};

impl<K, S, O, D> EventLoop<'_, K, S, O, D>
where
    K: Toolkit,
    S: Stage,
    O: Outside,
    D: FnMut(&Model<K>, &mut Frame<'_>),
{
    pub(super) fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Store(request) => self.ask_store(request),
                Effect::After(timer, after) => self.timers.arm(timer, Instant::now(), after),
                Effect::SaveDraft(draft) => self.with_desk(|desk| desk.save(draft)),
                Effect::KeepDraft(draft) => self.with_desk(|desk| desk.keep(draft)),
                Effect::DropDraft(place) => self.with_desk(|desk| desk.remove(place)),
                Effect::ForgetDraft(id) => self.with_desk(|desk| desk.forget(id)),
                Effect::OpenEditor(job) => self.open_editor(job),
                Effect::Copy(text) => self.copy(&text),
                Effect::Transfer(job) => {
                    let started = RunningJob::start(
                        &self.around.runtime,
                        &*self.outside.worker(),
                        job,
                        self.tell.clone(),
                    );
                    self.job = Some(started);
                }
                Effect::LookAtBackups { aside } => self.look_at_backups(aside),
                Effect::Write(document) => self.write(document),
                Effect::CancelTransfer => {
                    if let Some(job) = &self.job {
                        job.cancel();
                    }
                }
                Effect::KeepSetting(setting, value) => self.keep_setting(setting, value),
                Effect::Mouse(on) => {
                    if self.stage.mouse(on).is_err() {
                        self.hang_up();
                    }
                }
                Effect::Suspend => self.suspend(),
                Effect::Redraw => {
                    if self.editing.is_none() && self.stage.forget().is_err() {
                        self.hang_up();
                    }
                }
                Effect::Quit(Quit::Asked) => self.end(Ending::Asked),
                Effect::Quit(Quit::Signalled) => self.end(Ending::Signalled(self.last_signal)),
            }
        }
    }

    pub(super) fn end(&mut self, ending: Ending) {
        self.ending.get_or_insert(ending);
    }

    pub(super) fn with_desk(&self, order: impl FnOnce(&DraftDesk)) {
        if let Some(desk) = &self.desk {
            order(desk);
        }
    }

    fn keep_setting(&mut self, setting: Setting, value: Option<Value>) {
        let desk = self.setting_desk.get_or_insert_with(|| {
            let (runtime, sink) = (&self.around.runtime, self.outside.settings());
            SettingDesk::open(runtime, sink, self.tell.clone())
        });
        desk.keep(setting, value);
    }

    pub(super) fn ask_store(&mut self, request: Request) {
        let write = match &request {
            Request::Write(write) => Some(write.request),
            Request::Query { .. }
            | Request::SearchLanguage(_)
            | Request::Drift(_)
            | Request::Reconnect => None,
        };
        let is_taken = self
            .link
            .as_ref()
            .is_some_and(|link| link.requests.send(request).is_ok());
        if !is_taken {
            tracing::error!("the store task takes no more requests");
            if let Some(write) = write {
                self.not_kept(write);
            }
        }
    }

    /// Nobody waits for it: at the end it is let go.
    fn look_at_backups(&self, aside: bool) {
        let looking = self.outside.worker().shelf(aside);
        let tell = self.tell.clone();
        self.around.runtime.spawn(async move {
            let _ = tell.send(Msg::Shelf(looking.await));
        });
    }

    /// The document is written beside the loop; what came of it is told once.
    fn write(&mut self, document: Document) {
        let writing = self.outside.worker().document(document);
        let tell = self.tell.clone();
        let said = async move {
            let _ = tell.send(Msg::Written(writing.await));
        };
        self.documents.spawn_on(said, &self.around.runtime);
    }

    pub(super) fn copy(&mut self, text: &Secret<String>) {
        let between = Between::from_env(&self.around.variable);
        match clipboard::sequence(text.expose(Exit::Clipboard), between) {
            Some(bytes) => {
                if self.stage.send(&bytes).is_err() {
                    self.hang_up();
                }
            }
            None => self.notice("too long for the clipboard of a terminal".to_owned()),
        }
    }

    pub(super) fn open_editor(&mut self, job: EditJob) {
        if self.editing.is_some() {
            return;
        }
        self.keyboard = None;
        self.stage.give_back();
        let address = self.outside.address();
        match Editing::start(job, &self.around.state, &address, &self.around.variable) {
            Ok(editing) => self.editing = Some(editing),
            Err(result) => self.take_back(result),
        }
    }

    pub(super) fn edited(&mut self, ended: Result<(), String>) {
        if let Some(editing) = self.editing.take() {
            let (result, file) = editing.take(ended);
            self.returned.extend(file);
            self.take_back(result);
        }
    }

    /// Removes what came back from editors, once no change is on its way to the disk.
    pub(super) fn clear_returned(&mut self) {
        let pending = self.model.world.cache.pending();
        if pending.iter().all(|pending| pending.kept) {
            let returned = std::mem::take(&mut self.returned);
            let words: Vec<String> = returned.into_iter().filter_map(EditFile::remove).collect();
            for words in words {
                self.of_editors.push(words.clone());
                self.handle(Msg::Store(Event::Notice(Secret::new(words))));
            }
        }
    }

    /// The editor has ended: the terminal is the program's again.
    pub(super) fn take_back(&mut self, result: EditResult) {
        self.handle(Msg::Edited(result));
        self.enter();
        self.hand_over_typed();
    }

    pub(super) fn enter(&mut self) {
        if self.stage.take().is_err() {
            return self.hang_up();
        }
        self.listen();
        let (columns, rows) = self.stage.measure();
        self.handle(Msg::Resize(columns, rows));
    }

    /// Gives the terminal back and stops. Being continued is told by a signal.
    pub(super) fn suspend(&mut self) {
        if !signals::can_stop() {
            return self.notice("there is no shell to go back to here".to_owned());
        }
        self.keyboard = None;
        self.stage.give_back();
        self.stop();
    }

    pub(super) fn stop(&mut self) {
        if signals::stop() {
            self.own_stops += 1;
        }
    }
}
