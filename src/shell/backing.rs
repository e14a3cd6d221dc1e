//! The real store, drafts and exports, as the loop needs them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::runtime::Handle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

use crate::app::draft::{Draft, OldDraft, Place};
use crate::app::message::{ExportReport, NotKept, TransferEvent};
use crate::domain::document::Document;
use crate::domain::ids::DraftId;
use crate::domain::setting::{Setting, Value};
use crate::domain::text::printable;
use crate::store::address::Address;
use crate::store::config;
use crate::store::connect::Source;
use crate::store::drafts::DraftStore;
use crate::store::session::Session;
use crate::store::task::{self, Options};
use crate::store::zone::Zone;
use crate::transfer::document;
use crate::transfer::export::{self, Cancel, ExportError};

use super::outside::{DraftSink, Exporter, Outside, SettingSink, StoreLink, Task};

/// How many exports of one day get a name of their own.
const EXPORTS_A_DAY: u32 = 1000;

/// The world beyond the terminal, as it is outside of tests.
pub struct Backing {
    source: Source,
    options: Options,
    export_dir: PathBuf,
    settings: Option<PathBuf>,
    zone: Zone,
    address: Address,
    drafts: Arc<Drafts>,
    session: watch::Receiver<Option<Session>>,
}

impl Backing {
    /// Nothing is opened before it is needed. Exports go into `export_dir`, with the date of `zone`.
    #[must_use]
    pub fn new(source: Source, options: Options, export_dir: PathBuf, zone: Zone) -> Self {
        let address = Address::new(&source.fingerprint(), &options.account.username);
        let drafts = DraftStore::open(&options.state, address.clone());
        let drafts = Arc::new(Drafts(Mutex::new(drafts)));
        let (_, session) = watch::channel(None);
        Self {
            source,
            options,
            export_dir,
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

    fn exporter(&self) -> Arc<dyn Exporter> {
        Arc::new(Files {
            session: self.session.clone(),
            directory: self.export_dir.clone(),
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

/// Exports and documents into files.
struct Files {
    session: watch::Receiver<Option<Session>>,
    directory: PathBuf,
    zone: Zone,
}

impl Exporter for Files {
    fn export(
        &self,
        file: Option<PathBuf>,
        progress: UnboundedSender<TransferEvent>,
        cancelled: watch::Receiver<bool>,
    ) -> Task<TransferEvent> {
        let session = self.session.borrow().clone();
        let directory = self.directory.clone();
        let mut zone = self.zone.clone();
        zone.look_again();
        Box::pin(async move {
            let Some(session) = session else {
                return TransferEvent::Failed(
                    "the database is not reachable; try again once it is".to_owned(),
                );
            };
            match write(
                &session,
                (&directory, zone.now()),
                file,
                &progress,
                cancelled,
            )
            .await
            {
                Ok(report) => TransferEvent::Finished(report),
                Err(ExportError::Cancelled) => TransferEvent::Cancelled,
                Err(error) => TransferEvent::Failed(printable(&error.to_string()).into_owned()),
            }
        })
    }

    fn document(&self, document: Document) -> Task<Result<PathBuf, String>> {
        let directory = self.directory.clone();
        Box::pin(async move {
            let path = std::env::var_os("PATH");
            let written = document::to_directory(&document, &directory, path.as_deref()).await;
            written.map_err(|error| printable(&error.to_string()).into_owned())
        })
    }
}

async fn write(
    session: &Session,
    place: (&Path, TimeZone),
    file: Option<PathBuf>,
    progress: &UnboundedSender<TransferEvent>,
    mut cancelled: watch::Receiver<bool>,
) -> Result<ExportReport, ExportError> {
    let cancel = Cancel::default();
    let stop = cancel.clone();
    let watching = tokio::spawn(async move {
        if cancelled.wait_for(|cancelled| *cancelled).await.is_ok() {
            stop.cancel();
        }
    });
    let mut tell = |done, total| {
        let _ = progress.send(TransferEvent::Progress { done, total });
    };
    let written = match file {
        Some(file) => export::to_file(session, &file, false, &mut tell, &cancel).await,
        None => to_new_file(session, place, &mut tell, &cancel).await,
    };
    watching.abort();
    written
}

/// The first name of today that is free; one that is taken meanwhile is passed over.
async fn to_new_file(
    session: &Session,
    (directory, zone): (&Path, TimeZone),
    tell: &mut (dyn FnMut(u64, u64) + Send),
    cancel: &Cancel,
) -> Result<ExportReport, ExportError> {
    let today = Timestamp::now().to_zoned(zone).date();
    let mut number = 1;
    loop {
        let file = directory.join(file_name(today, number));
        match export::to_file(session, &file, false, &mut *tell, cancel).await {
            Err(ExportError::Exists { .. }) if number < EXPORTS_A_DAY => number += 1,
            other => return other,
        }
    }
}

fn file_name(date: jiff::civil::Date, number: u32) -> String {
    match number {
        1 => format!("harriswildlands-{date}.json"),
        more => format!("harriswildlands-{date}-{more}.json"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    #[test]
    fn each_export_of_a_day_has_its_own_name() {
        let date = jiff::civil::date(2026, 11, 24);
        assert_eq!(file_name(date, 1), "harriswildlands-2026-11-24.json");
        assert_eq!(file_name(date, 2), "harriswildlands-2026-11-24-2.json");
    }
}
