//! The end: what is under way is brought to one, within bounds.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ratatui::Frame;

use crate::app::draft::Draft;
use crate::app::effect::Effect;
use crate::app::message::Msg;
use crate::app::model::Model;
use crate::app::part::Toolkit;
use crate::app::update;
use crate::shell::editor::Editing;
use crate::shell::outside::{DraftSink, Outside, StoreLink};
use crate::shell::terminal::Stage;

use super::{EventLoop, Unsent};

/// How long each of the running job, documents, store and drafts is waited for.
const FINISHING: Duration = Duration::from_secs(2);

const STILL_EDITED: &str =
    "a text is with your editor, which may still run; what it saves is offered next time";

const LEFT_MORE: &str =
    "your editor left files of its own beside a text; where they are is said next time";

impl<K, S, O, D> EventLoop<'_, K, S, O, D>
where
    K: Toolkit,
    S: Stage,
    O: Outside,
    D: FnMut(&Model<K>, &mut Frame<'_>),
{
    /// Gives the terminal back and brings to an end what is under way, within bounds. Gives the
    /// changes that the database does not have.
    pub async fn finish(&mut self) -> Unsent {
        self.keyboard = None;
        self.stage.give_back();
        if let Some(editing) = self.editing.take() {
            let words = self.keep_edited(editing).await;
            self.of_editors.extend(words);
        }
        let typed = self.model.unsaved();
        for draft in typed.clone() {
            self.with_desk(|desk| desk.save(draft));
        }
        if let Some(job) = self.job.take() {
            let _ = tokio::time::timeout(FINISHING, job.end()).await;
        }
        let _ = tokio::time::timeout(FINISHING, self.let_documents_finish()).await;
        let _ = tokio::time::timeout(FINISHING, self.let_store_finish()).await;
        self.clear_returned();
        let drafts_are_done = match self.desk.take() {
            Some(desk) => tokio::time::timeout(FINISHING, desk.close()).await.is_ok(),
            None => true,
        };
        if let Some(desk) = self.setting_desk.take() {
            let _ = tokio::time::timeout(FINISHING, desk.close()).await;
        }
        let world = &self.model.world;
        // A disk that does not answer is not asked again on this thread.
        let sink = drafts_are_done.then(|| self.outside.drafts());
        let unsent = Unsent::of(world.cache.pending(), &world.form, &typed, sink.as_deref());
        Unsent {
            of_editors: std::mem::take(&mut self.of_editors),
            ..unsent
        }
    }

    /// What was with an editor that has ended becomes a draft that nothing else touches, and its file
    /// goes. Where that fails, or there is more, or while the editor lives, it stays for the next start.
    async fn keep_edited(&self, mut editing: Editing) -> Option<String> {
        if editing.lives() {
            return Some(STILL_EDITED.to_owned());
        }
        // Where that is has to be told to somebody: the terminal may be gone.
        if editing.left_more() {
            return Some(LEFT_MORE.to_owned());
        }
        match editing.so_far() {
            Ok(None) => editing.remove(),
            Ok(Some(text)) => {
                let draft = Draft {
                    place: editing.job().place.clone(),
                    text,
                    saved_at: Timestamp::now(),
                };
                let sink = self.outside.drafts();
                let save = move || sink.save_apart(&draft);
                let saving = self.around.runtime.spawn_blocking(save);
                match tokio::time::timeout(FINISHING, saving).await {
                    Ok(Ok(Ok(()))) => editing.remove(),
                    _ => None,
                }
            }
            Err(reason) => {
                tracing::warn!(reason, "a text stays with its editor");
                None
            }
        }
    }

    /// What takes longer is broken off, and leaves no file.
    async fn let_documents_finish(&mut self) {
        while self.documents.join_next().await.is_some() {}
    }

    /// The store task ends once nobody asks it any more; what it says until then still counts,
    /// because a draft goes once its write is safe.
    async fn let_store_finish(&mut self) {
        let Some(StoreLink {
            requests,
            mut events,
            ended,
        }) = self.link.take()
        else {
            return;
        };
        drop(requests);
        while let Some(event) = events.recv().await {
            let now = self.now();
            for effect in update::update(self.model, Msg::Store(event), now) {
                match effect {
                    Effect::SaveDraft(draft) => self.with_desk(|desk| desk.save(draft)),
                    Effect::KeepDraft(draft) => self.with_desk(|desk| desk.keep(draft)),
                    Effect::DropDraft(place) => self.with_desk(|desk| desk.remove(place)),
                    Effect::ForgetDraft(id) => self.with_desk(|desk| desk.forget(id)),
                    Effect::Store(_)
                    | Effect::After(..)
                    | Effect::OpenEditor(_)
                    | Effect::Copy(_)
                    | Effect::Transfer(_)
                    | Effect::LookAtBackups { .. }
                    | Effect::Write(_)
                    | Effect::CancelTransfer
                    | Effect::KeepSetting(..)
                    | Effect::Mouse(_)
                    | Effect::Suspend
                    | Effect::Redraw
                    | Effect::Quit(_) => {}
                }
            }
        }
        ended.await;
    }

    /// After a panic: puts what was typed on disk at once, on this thread.
    ///
    /// # Errors
    /// Why a text could not be put on disk.
    pub fn rescue(&mut self) -> Result<usize, String> {
        self.stage.give_back();
        let sink: Arc<dyn DraftSink> = self.outside.drafts();
        let drafts = self.model.unsaved();
        for draft in &drafts {
            sink.save(draft)?;
        }
        Ok(drafts.len())
    }
}
