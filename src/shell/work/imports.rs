//! An export taken in, or tried.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedSender;
use zeroize::Zeroizing;

use super::{Desk, of_store, shown, without_numbers};
use crate::app::job::{ImportOrder, JobEnd, JobLine, JobReport, Progress};
use crate::domain::export_format::spoken;
use crate::domain::import::report::ImportReport;
use crate::domain::import::words::{self, differences};
use crate::domain::secret::Exit;
use crate::domain::text::printable;
use crate::store::queries::search::index_waiting;
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
            Ok(Err(reason)) => {
                return JobEnd::Failed(printable(&without_numbers(&reason)).into_owned());
            }
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
        let mut all = None;
        let mut tell = |done, total| {
            // The total of a document that does not say how many rows it has grows with what is done.
            let all = *all.get_or_insert(if total > done { total } else { 0 });
            let _ = progress.send(so_far(order.dry_run, done, all));
        };
        let merged = match opened {
            Ok(incoming) => {
                incoming
                    .merge(session, options, &mut tell, &self.cancel)
                    .await
            }
            Err(error) => Err(error),
        };
        if merged.as_ref().is_ok_and(|report| report.not_searched > 0) {
            tokio::spawn(search_goes_on(session.clone()));
        }
        match merged {
            Ok(report) => JobEnd::Finished(told(&path, &report)),
            Err(ImportError::Cancelled) => JobEnd::Cancelled,
            Err(ImportError::Store(error)) => of_store(&error),
            // Neither that it is in nor that it is not can be said.
            Err(error @ ImportError::Unsure { .. }) => JobEnd::Finished(unsure(&error)),
            Err(error @ ImportError::Changed) => JobEnd::Interrupted(refused(&path, &error)),
            Err(error) => JobEnd::Failed(refused(&path, &error)),
        }
    }
}

/// Steps are two for each row, and are counted on after the commit; `all` before it, 0 where that is not known.
fn so_far(dry_run: bool, done: u64, all: u64) -> Progress {
    if dry_run {
        Progress::share("comparing", done, all)
    } else if all > 0 && done > all {
        Progress::share("the records are in; the search learns their words", 0, 0)
    } else {
        Progress::share("taking in", done, all)
    }
}

/// Behind everything else, once the person did not want to wait for it. Where it breaks off, the next connection goes on.
async fn search_goes_on(session: Session) {
    if let Err(error) = index_waiting(&session).await {
        tracing::debug!(reason = %error, "the search does not know every word");
    }
}

/// Why, with the document that it is about.
fn refused(path: &Path, error: &ImportError) -> String {
    let text = match error {
        ImportError::Refused(refusal) => format!("{}: {refusal}", path.display()),
        ImportError::Newer { .. } | ImportError::Redacted | ImportError::Unreadable { .. } => {
            format!("{}: {error}", path.display())
        }
        ImportError::Changed
        | ImportError::Unsure { .. }
        | ImportError::Store(_)
        | ImportError::Cancelled => error.to_string(),
    };
    printable(&text).into_owned()
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
    let cannot = |error: &io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!("{}: there is no such file", path.display()),
        io::ErrorKind::PermissionDenied => {
            format!("{}: you have no right to read it", path.display())
        }
        _ => format!("{} cannot be read: {error}", path.display()),
    };
    // Opening a pipe that nobody writes into would never end.
    let meta = std::fs::metadata(path).map_err(|error| cannot(&error))?;
    if meta.is_dir() {
        return Err(format!(
            "{} is a directory; name a file in it",
            path.display()
        ));
    }
    if !meta.is_file() {
        return Err(format!("{} is no regular file", path.display()));
    }
    if meta.len() == 0 {
        return Err(format!("{} is empty", path.display()));
    }
    let mut file = File::open(path).map_err(|error| cannot(&error))?;
    let mut beginning = Vec::with_capacity(LOOKED_AT);
    let wanted = u64::try_from(LOOKED_AT).unwrap_or(0);
    file.by_ref()
        .take(wanted)
        .read_to_end(&mut beginning)
        .map_err(|error| cannot(&error))?;
    let is_sealed = seal::is_sealed(&beginning);
    let is_for_keys = seal::is_for_keys(&beginning);
    let whole = Cursor::new(beginning).chain(file);
    match words {
        _ if !is_sealed => Ok(Opened::Document(Box::new(whole))),
        // Words do not open it, and no line of this program takes a key.
        None if is_for_keys => Err(format!(
            "{0} is sealed for a key, not with a passphrase; `wildlands import --identity KEYFILE {0}` opens it",
            path.display()
        )),
        None => Ok(Opened::Sealed),
        Some(words) => {
            let key =
                Passphrase::new(words.as_str().to_owned()).map_err(|error| error.to_string())?;
            let opened = seal::open(whole, &Key::Passphrase(key))
                .map_err(|error| format!("{} is sealed: {error}", path.display()))?;
            Ok(Opened::Document(Box::new(opened)))
        }
    }
}

fn unsure(error: &ImportError) -> JobReport {
    let text = printable(&error.to_string()).into_owned();
    JobReport {
        said: "whether it was imported is not known".to_owned(),
        lines: vec![JobLine::Warning(text)],
        changes_anything: true,
        ..JobReport::default()
    }
}

fn told(path: &Path, report: &ImportReport) -> JobReport {
    let remark = |text: &String| JobLine::Remark(printable(text).into_owned());
    let mut lines = vec![JobLine::Fact("document", shown(path))];
    lines.push(JobLine::Remark(words::headline(report).to_owned()));
    let tables = report.tables.iter().filter(|table| table.read > 0);
    lines.extend(tables.map(|table| JobLine::Named(spoken(&table.table), words::counts(table))));
    lines.extend(words::profile(report).map(|text| JobLine::Remark(text.to_owned())));
    if report.redacted {
        let text = "The document is redacted: its private values are left out. What is here stays as it is, and new records come without them.";
        lines.push(JobLine::Warning(text.to_owned()));
    }
    let unknown = words::not_searched(report);
    if let Some(text) = &unknown {
        let text = format!("{text}; it goes on by itself in the background");
        lines.push(JobLine::Warning(text));
    }
    let said = match (report.dry_run, report.changes_anything()) {
        (true, _) => String::new(),
        (false, true) if unknown.is_some() => format!(
            "imported {}; the search learns the words in the background",
            shown(path)
        ),
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
    #![allow(clippy::unwrap_used, clippy::panic)]
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
        assert!(
            told.ends_with("is a directory; name a file in it"),
            "{told}"
        );
        let absent = directory.path().join("absent.json");
        let told = open(&absent, None).err().unwrap();
        assert!(
            told.ends_with("absent.json: there is no such file"),
            "{told}"
        );
        std::fs::write(&absent, "").unwrap();
        let told = open(&absent, None).err().unwrap();
        assert!(told.ends_with("absent.json is empty"), "{told}");
    }

    #[tokio::test]
    async fn what_is_no_export_is_told_with_its_name_too() {
        let input = Cursor::new(b"Dear Ann".to_vec());
        let form = crate::domain::form::LogForm::builtin();
        let error = Incoming::open(input, form).await.err().unwrap();
        assert_eq!(
            refused(Path::new("/stick/letter.json"), &error),
            "/stick/letter.json: line 1, column 1: this is not JSON"
        );
    }

    #[test]
    fn a_file_that_is_sealed_for_a_key_asks_for_no_passphrase() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("all.json.age");
        std::fs::write(&path, "age-encryption.org/v1\n-> X25519 abcdef\n").unwrap();
        let Err(told) = open(&path, None) else {
            panic!("it was taken");
        };
        assert!(
            told.contains("wildlands import --identity KEYFILE"),
            "{told}"
        );
        std::fs::write(&path, "age-encryption.org/v1\n-> scrypt abcdef\n").unwrap();
        assert!(matches!(open(&path, None), Ok(Opened::Sealed)));
    }

    #[test]
    fn of_an_end_that_nobody_saw_it_is_not_said_that_nothing_was_changed() {
        let report = unsure(&ImportError::Unsure {
            reason: "the server ended it".to_owned(),
        });
        assert!(report.said.contains("is not known"), "{report:?}");
        assert!(!format!("{report:?}").contains("nothing was changed"));
    }

    #[test]
    fn what_is_behind_the_commit_is_told_apart() {
        assert_eq!(so_far(true, 5, 10).said(), "comparing, 50 %");
        assert_eq!(so_far(false, 10, 10).said(), "taking in, 100 %");
        let learns = "the records are in; the search learns their words";
        assert_eq!(so_far(false, 11, 10).said(), learns);
        // Where nothing says how many there are, no share is made up.
        assert_eq!(so_far(false, 11, 0).said(), "taking in");
    }

    #[test]
    fn a_search_that_was_not_waited_for_is_told() {
        use crate::domain::import::report::Source;
        let mut report = ImportReport::new(Source::Own, false, false);
        report.not_searched = 1;
        let lines = told(Path::new("/all.json"), &report).lines;
        let text = "the search does not know the words of 1 record yet; it goes on by itself in the background";
        assert!(lines.contains(&JobLine::Warning(text.to_owned())));
        assert!(!words::lines(&report).concat().contains("background"));
    }
}
