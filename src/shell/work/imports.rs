//! An export taken in, or tried.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedSender;
use zeroize::Zeroizing;

use super::{Desk, of_store, shown};
use crate::app::job::{ImportOrder, JobEnd, JobLine, JobReport, Progress};
use crate::domain::import::report::ImportReport;
use crate::domain::import::words::{self, differences};
use crate::domain::secret::Exit;
use crate::domain::text::printable;
use crate::store::session::Session;
use crate::transfer::import::{ImportError, Incoming, Options};
use crate::transfer::seal::{self, Key, LOOKED_AT, Passphrase};

type Input = Box<dyn Read + Send>;

/// What there is to read.
enum Opened {
    Document(Input),
    /// Sealed, and no words were given.
    Sealed,
}

impl Desk {
    /// Takes a document in, all of it or nothing, or tells what that would change.
    pub(super) async fn import(
        &self,
        session: &Session,
        order: ImportOrder,
        progress: &UnboundedSender<Progress>,
    ) -> JobEnd {
        let path = of_person(&order.file);
        let file = path.clone();
        let words = order.words.map(|words| words.into_exposed(Exit::Export));
        // A passphrase takes half a second of work, and a file may be on a slow disk.
        let opened = tokio::task::spawn_blocking(move || open(&file, words)).await;
        let input = match opened {
            Ok(Ok(Opened::Document(input))) => input,
            Ok(Ok(Opened::Sealed)) => {
                return JobEnd::Finished(JobReport {
                    is_sealed: true,
                    ..JobReport::default()
                });
            }
            Ok(Err(reason)) => return JobEnd::Failed(printable(&reason).into_owned()),
            Err(_) => return JobEnd::Failed("it broke off; the log has the place".to_owned()),
        };
        let form = (*order.questions).clone();
        let opened = tokio::select! {
            opened = Incoming::open(input, form) => opened,
            () = self.cancel.cancelled() => Err(ImportError::Cancelled),
        };
        // Of a redacted document only what is not here comes in; that is told beside the difference.
        let options = Options {
            dry_run: order.dry_run,
            redacted: true,
        };
        let mut tell = |done, total| {
            let what = if order.dry_run {
                "comparing"
            } else {
                "taking in"
            };
            let _ = progress.send(Progress::share(what, done, total));
        };
        let merged = match opened {
            Ok(incoming) => {
                incoming
                    .merge(session, options, &mut tell, &self.cancel)
                    .await
            }
            Err(error) => Err(error),
        };
        match merged {
            Ok(report) => JobEnd::Finished(told(&path, &report)),
            Err(ImportError::Cancelled) => JobEnd::Cancelled,
            Err(ImportError::Store(error)) => of_store(&error),
            Err(error) => JobEnd::Failed(printable(&error.to_string()).into_owned()),
        }
    }
}

/// The path as the person means it: a leading `~/` is their own directory.
pub(super) fn of_person(path: &Path) -> PathBuf {
    let home = std::env::var_os("HOME").filter(|home| !home.is_empty());
    let path = match (path.strip_prefix("~"), home) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        (Ok(_), None) | (Err(_), _) => path.to_owned(),
    };
    std::path::absolute(&path).unwrap_or(path)
}

fn open(path: &Path, words: Option<Zeroizing<String>>) -> Result<Opened, String> {
    let cannot = |error: &io::Error| format!("{} cannot be read: {error}", path.display());
    // Opening a pipe that nobody writes into would never end.
    let meta = std::fs::metadata(path).map_err(|error| cannot(&error))?;
    if !meta.is_file() {
        return Err(format!("{} is no file", path.display()));
    }
    let mut file = File::open(path).map_err(|error| cannot(&error))?;
    let mut beginning = Vec::with_capacity(LOOKED_AT);
    let wanted = u64::try_from(LOOKED_AT).unwrap_or(0);
    file.by_ref()
        .take(wanted)
        .read_to_end(&mut beginning)
        .map_err(|error| cannot(&error))?;
    let is_sealed = seal::is_sealed(&beginning);
    let whole = Cursor::new(beginning).chain(file);
    match words {
        _ if !is_sealed => Ok(Opened::Document(Box::new(whole))),
        None => Ok(Opened::Sealed),
        Some(words) => {
            let key =
                Passphrase::new(words.as_str().to_owned()).map_err(|error| error.to_string())?;
            let opened = seal::open(whole, &Key::Passphrase(key))
                .map_err(|error| format!("the file is sealed: {error}"))?;
            Ok(Opened::Document(Box::new(opened)))
        }
    }
}

fn told(path: &Path, report: &ImportReport) -> JobReport {
    let remark = |text: &String| JobLine::Remark(printable(text).into_owned());
    let mut lines = vec![JobLine::Fact("document", shown(path))];
    lines.extend(words::summary(report).iter().map(remark));
    if report.redacted {
        let text = "The document is redacted: its private values are left out. What is here stays as it is, and new records come without them.";
        lines.push(JobLine::Warning(text.to_owned()));
    }
    let said = match (report.dry_run, report.changes_anything()) {
        (true, _) => String::new(),
        (false, true) => format!("imported {}", shown(path)),
        (false, false) => "imported; everything was here already".to_owned(),
    };
    JobReport {
        said,
        lines,
        more: differences(report).iter().map(remark).collect(),
        changes_anything: report.changes_anything(),
        ..JobReport::default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_leading_tilde_is_the_persons_directory() {
        let home = PathBuf::from(std::env::var_os("HOME").unwrap());
        assert_eq!(of_person(Path::new("~/all.json")), home.join("all.json"));
        let absolute = Path::new("/media/stick/~/all.json");
        assert_eq!(of_person(absolute), absolute);
        assert!(of_person(Path::new("all.json")).is_absolute());
    }

    #[test]
    fn what_is_no_file_is_told_with_its_name() {
        let directory = tempfile::tempdir().unwrap();
        let told = open(directory.path(), None).err().unwrap();
        assert!(told.ends_with("is no file"), "{told}");
        let absent = directory.path().join("absent.json");
        let told = open(&absent, None).err().unwrap();
        assert!(told.contains("absent.json cannot be read"), "{told}");
    }
}
