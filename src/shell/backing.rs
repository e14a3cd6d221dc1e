//! The real store, drafts and jobs, as the loop needs them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::app::draft::{Draft, OldDraft, Place};
use crate::app::message::NotKept;
use crate::domain::ids::DraftId;
use crate::domain::setting::{Setting, Value};
use crate::store::address::Address;
use crate::store::config;
use crate::store::connect::Source;
use crate::store::drafts::DraftStore;
use crate::store::session::Session;
use crate::store::task::{self, Options};
use crate::store::zone::Zone;
use crate::transfer::schedule::Plan;

use super::outside::{DraftSink, Outside, SettingSink, StoreLink, Worker};
use super::work::Work;

/// The world beyond the terminal, as it is outside of tests.
pub struct Backing {
    source: Source,
    options: Options,
    export_dir: PathBuf,
    plan: Plan,
    settings: Option<PathBuf>,
    zone: Zone,
    address: Address,
    drafts: Arc<Drafts>,
    session: watch::Receiver<Option<Session>>,
}

impl Backing {
    /// Nothing is opened before it is needed. Exports go into `export_dir`, with the date of `zone`; backups where the plan
    /// says.
    #[must_use]
    pub fn new(
        source: Source,
        options: Options,
        export_dir: PathBuf,
        plan: Plan,
        zone: Zone,
    ) -> Self {
        let address = Address::new(&source.fingerprint(), &options.account.username);
        let drafts = DraftStore::open(&options.state, address.clone());
        let drafts = Arc::new(Drafts(Mutex::new(drafts)));
        let (_, session) = watch::channel(None);
        Self {
            source,
            options,
            export_dir,
            plan,
            settings: None,
            zone,
            address,
            drafts,
            session,
        }
    }

    /// The same, with settings kept in this directory; otherwise they are not.
    #[must_use]
    pub fn keeping_settings(mut self, directory: PathBuf) -> Self {
        self.settings = Some(directory);
        self
    }
}

impl Outside for Backing {
    fn connect(&mut self, runtime: &Handle) -> StoreLink {
        let _entered = runtime.enter();
        let task::Handle {
            requests,
            events,
            session,
            ended,
        } = task::spawn(self.source.clone(), self.options.clone());
        self.session = session;
        let ended = Box::pin(async move {
            let _ = ended.await;
        });
        StoreLink {
            requests,
            events,
            ended,
        }
    }

    fn drafts(&self) -> Arc<dyn DraftSink> {
        Arc::clone(&self.drafts) as Arc<dyn DraftSink>
    }

    fn address(&self) -> Address {
        self.address.clone()
    }

    fn settings(&self) -> Arc<dyn SettingSink> {
        Arc::new(SettingsFile(self.settings.clone()))
    }

    fn worker(&self) -> Arc<dyn Worker> {
        Arc::new(Work {
            session: self.session.clone(),
            source: self.source.clone(),
            exports: self.export_dir.clone(),
            plan: self.plan.clone(),
            zone: self.zone.clone(),
        })
    }
}

/// Drafts on disk.
struct Drafts(Mutex<DraftStore>);

impl Drafts {
    /// A panic elsewhere is no reason to lose a draft.
    fn store(&self) -> MutexGuard<'_, DraftStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DraftSink for Drafts {
    fn recover(&self) -> (Vec<OldDraft>, Vec<String>) {
        self.store().recover()
    }

    fn save(&self, draft: &Draft) -> Result<(), String> {
        self.store().save(draft).map_err(|error| error.to_string())
    }

    fn save_apart(&self, draft: &Draft) -> Result<(), String> {
        let saved = self.store().save_apart(draft);
        saved.map(drop).map_err(|error| error.to_string())
    }

    fn keep(&self, draft: &OldDraft) -> Result<(), String> {
        let kept = self.store().keep(draft);
        kept.map_err(|error| error.to_string())
    }

    fn remove(&self, place: &Place) {
        DraftStore::drop(&mut self.store(), place);
    }

    fn forget(&self, id: DraftId) {
        self.store().forget(id);
    }
}

/// The file of settings, by its directory.
struct SettingsFile(Option<PathBuf>);

impl SettingSink for SettingsFile {
    fn keep(&self, setting: Setting, value: Option<&Value>) -> Result<(), NotKept> {
        let directory = self.0.as_ref().ok_or(NotKept::NotHere)?;
        config::write(directory, setting, value).map_err(|error| NotKept::Failed(error.to_string()))
    }
}
