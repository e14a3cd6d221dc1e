//! The person's own editor: its command, how it ends, what is taken back.
//!
//! The text lies in a file of [`crate::store::edits`]; one that cannot be used is not removed.

use std::fs::File;
use std::path::Path;

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use tokio::process::{Child, Command};

use crate::app::effect::EditJob;
use crate::app::message::EditResult;
use crate::domain::secret::{Exit, Secret};
use crate::domain::text;
use crate::store::address::Address;
use crate::store::edits::EditFile;

/// Tried in this order when neither `VISUAL` nor `EDITOR` is set.
const USUAL: [&str; 4] = ["sensible-editor", "nano", "vi", "vim"];

/// Why there is no command to run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoEditor {
    /// The variable cannot be split into words.
    #[error("{0} is not a command: a quote in it is never closed")]
    Unclosed(&'static str),
    /// Nothing is set and nothing usual is installed.
    #[error("no editor was found; set VISUAL or EDITOR, for example EDITOR=nano")]
    None,
}

/// The program and its arguments.
///
/// # Errors
/// There is no such command.
pub fn command(get: &dyn Fn(&str) -> Option<String>) -> Result<Vec<String>, NoEditor> {
    for name in ["VISUAL", "EDITOR"] {
        let Some(value) = get(name) else { continue };
        let words = shell_words::split(&value).map_err(|_| NoEditor::Unclosed(name))?;
        if words.first().is_some_and(|program| !program.is_empty()) {
            return Ok(words);
        }
    }
    let path = get("PATH").unwrap_or_default();
    USUAL
        .iter()
        .find(|program| std::env::split_paths(&path).any(|at| at.join(program).is_file()))
        .map(|program| vec![(*program).to_owned()])
        .ok_or(NoEditor::None)
}

/// An editor that has the terminal.
#[derive(Debug)]
pub struct Editing {
    job: EditJob,
    program: String,
    file: EditFile,
    child: Child,
}

impl Editing {
    /// Writes the text to a file and starts the editor. The terminal must have been given back.
    ///
    /// # Errors
    /// The job, and why the editor was not started; no file is left behind.
    pub fn start(
        job: EditJob,
        state: &Path,
        address: &Address,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, EditResult> {
        match Self::try_start(&job, state, address, get) {
            Ok((program, file, child)) => Ok(Self {
                job,
                program,
                file,
                child,
            }),
            Err(reason) => Err(EditResult {
                job,
                outcome: Err(reason),
            }),
        }
    }

    fn try_start(
        job: &EditJob,
        state: &Path,
        address: &Address,
        get: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(String, EditFile, Child), String> {
        let words = command(get).map_err(|error| error.to_string())?;
        let (program, arguments) = words
            .split_first()
            .ok_or_else(|| NoEditor::None.to_string())?;
        let file = EditFile::write(state, address, &job.place, &job.text)
            .map_err(|error| format!("the text could not be written for the editor: {error}"))?;
        let mut command = Command::new(program);
        command.args(arguments).arg(file.path());
        lend(file.lock(), true);
        let started = command.spawn();
        lend(file.lock(), false);
        match started {
            Ok(child) => Ok((program.clone(), file, child)),
            Err(error) => {
                // Nobody was there to leave anything in it.
                drop(file.remove());
                Err(format!(
                    "the editor `{program}` could not be started: {error}"
                ))
            }
        }
    }

    /// Waits until the editor has ended. May be dropped and called again.
    ///
    /// # Errors
    /// It failed; in words.
    pub async fn ended(&mut self) -> Result<(), String> {
        match self.child.wait().await {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the editor `{}` ended with {status}", self.program)),
            Err(error) => Err(format!("the editor `{}` was lost: {error}", self.program)),
        }
    }

    /// Takes the text back, with its file, to be removed once the text is safe. What cannot be used is
    /// kept, and the message says where.
    #[must_use]
    pub fn take(self, ended: Result<(), String>) -> (EditResult, Option<EditFile>) {
        let began = self.job.text.expose(Exit::Editor);
        let place = text::printable(&self.file.path().to_string_lossy()).into_owned();
        let (outcome, file) = match (ended, self.file.text()) {
            (Ok(()), Ok(text)) => (Ok(text), Some(self.file)),
            (Err(reason), Ok(text)) if text.expose(Exit::Editor) == began => (
                Err(format!("{reason}; nothing was changed")),
                Some(self.file),
            ),
            (Err(reason), Ok(_)) => {
                let words = format!("{reason}; its text was not taken and is kept in {place}");
                (Err(words), None)
            }
            (_, Err(reason)) if self.file.path().exists() => {
                let words = format!("{reason}; the text is kept in {place}");
                (Err(words), None)
            }
            (_, Err(reason)) => {
                let words = format!("{reason}; nothing was changed");
                let file = (!self.file.holds_something()).then_some(self.file);
                (Err(words), file)
            }
        };
        let result = EditResult {
            job: self.job,
            outcome,
        };
        (result, file)
    }

    /// Whether the editor still has the text. One that cannot be asked counts as there.
    pub fn lives(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// What the editor has put into the file, if it differs from what it began with. For the case
    /// that the program has to end too.
    ///
    /// # Errors
    /// Why the text cannot be used, in words.
    pub fn so_far(&self) -> Result<Option<Secret<String>>, String> {
        self.file.changed()
    }

    /// What the editor was asked for.
    #[must_use]
    pub fn job(&self) -> &EditJob {
        &self.job
    }

    /// Whether the editor left files of its own beside the text.
    #[must_use]
    pub fn left_more(&self) -> bool {
        self.file.holds_more()
    }

    /// Removes the file: its text is safe elsewhere. Gives what is to be said if the editor left more.
    #[must_use]
    pub fn remove(self) -> Option<String> {
        self.file.remove()
    }
}

/// Whether the next program that is started holds the lock too: a text is not abandoned while its
/// editor lives.
fn lend(lock: &File, lent: bool) {
    let flag = if lent {
        FdFlag::empty()
    } else {
        FdFlag::FD_CLOEXEC
    };
    let _ = fcntl(lock, FcntlArg::F_SETFD(flag));
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    use super::*;
    use crate::app::draft::Place;

    fn job(text: &str) -> EditJob {
        EditJob {
            place: Place::Log {
                date: jiff::civil::date(2026, 11, 23),
                field: "topWin".to_owned(),
            },
            text: Secret::new(text.to_owned()),
        }
    }

    fn environment<'a>(pairs: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            pairs
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    async fn edited(text: &str, script: &str) -> (Result<String, String>, tempfile::TempDir) {
        let state = tempfile::tempdir().unwrap();
        let editor = format!("sh -c {} editor", shell_words::quote(script));
        let mut editing = Editing::start(
            job(text),
            state.path(),
            &Address::default(),
            &environment(&[("EDITOR", &editor)]),
        )
        .unwrap();
        let ended = editing.ended().await;
        let (result, file) = editing.take(ended);
        if let Some(file) = file {
            assert!(file.path().parent().is_some_and(Path::exists));
            drop(file.remove());
        }
        (
            result.outcome.map(|text| text.into_exposed(Exit::Editor)),
            state,
        )
    }

    fn left(state: &Path) -> Vec<PathBuf> {
        fs::read_dir(state)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    }

    #[test]
    fn a_command_is_split_as_a_shell_would() {
        for (value, words) in [
            ("vim", vec!["vim"]),
            ("code --wait", vec!["code", "--wait"]),
            (
                "'/opt/my editor/ed' -n  \"a b\" c\\ d",
                vec!["/opt/my editor/ed", "-n", "a b", "c d"],
            ),
        ] {
            assert_eq!(command(&environment(&[("EDITOR", value)])).unwrap(), words);
        }
        let both = [("EDITOR", "vi"), ("VISUAL", "emacs -nw")];
        assert_eq!(command(&environment(&both)).unwrap(), ["emacs", "-nw"]);
        let empty = [("EDITOR", "vi"), ("VISUAL", " ")];
        assert_eq!(command(&environment(&empty)).unwrap(), ["vi"]);
        let open = [("VISUAL", "vi 'x")];
        assert_eq!(
            command(&environment(&open)),
            Err(NoEditor::Unclosed("VISUAL"))
        );
        assert_eq!(command(&environment(&[])), Err(NoEditor::None));
    }

    #[tokio::test]
    async fn the_edited_text_comes_back_and_nothing_stays() {
        let (outcome, state) = edited("first", "printf 'second\\n' >> \"$1\"").await;
        assert_eq!(outcome.unwrap(), "first\nsecond");
        assert!(left(state.path()).is_empty());
    }

    #[tokio::test]
    async fn an_untouched_text_comes_back_as_it_was() {
        for text in ["", "one", "one\n", "one\n\ntwo"] {
            let (outcome, _) = edited(text, "true").await;
            assert_eq!(outcome.unwrap(), text);
        }
    }

    #[tokio::test]
    async fn the_file_is_private() {
        let (outcome, _) = edited(
            "x",
            "stat -c '%a' \"$1\" \"$(dirname \"$1\")\" > \"$1.modes\"; cat \"$1.modes\" > \"$1\"",
        )
        .await;
        assert_eq!(outcome.unwrap(), "600\n700");
    }

    #[tokio::test]
    async fn a_text_that_cannot_be_used_is_kept() {
        for script in [
            "printf '\\377\\376' > \"$1\"",
            "printf 'a\\000b' > \"$1\"",
            "head -c 600000 /dev/zero | tr '\\0' x > \"$1\"",
            "head -c 70000 /dev/zero | tr '\\0' x > \"$1\"",
            "echo changed > \"$1\"; exit 3",
            "echo changed > \"$1\"; kill -9 $$",
        ] {
            let (outcome, state) = edited("first", script).await;
            let reason = outcome.expect_err(script);
            let left = left(state.path());
            assert_eq!(left.len(), 1, "{script}: {reason}");
            let file = left[0].join("text.md");
            assert!(
                reason.contains(file.to_str().unwrap()),
                "{script}: {reason}"
            );
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
            assert!(!reason.contains("changed >"), "{reason}");
        }
    }

    #[tokio::test]
    async fn an_editor_that_fails_without_a_change_leaves_nothing() {
        for script in ["exit 1", "rm \"$1\""] {
            let (outcome, state) = edited("first", script).await;
            assert!(outcome.expect_err(script).contains("nothing was changed"));
            let kept = left(state.path())
                .iter()
                .any(|at| at.join("text.md").exists());
            assert!(!kept, "{script}");
        }
    }

    #[tokio::test]
    async fn what_an_editor_saved_for_itself_is_never_removed() {
        for name in ["text.md.save", ".text.md.swp", "#text.md#", "lock.save"] {
            let script = format!("echo more > \"$(dirname \"$1\")/{name}\"");
            let editor = format!("sh -c {} editor", shell_words::quote(&script));
            let state = tempfile::tempdir().unwrap();
            let pairs = [("EDITOR", editor.as_str())];
            let environment = environment(&pairs);
            let address = Address::default();
            let mut editing =
                Editing::start(job("first"), state.path(), &address, &environment).unwrap();
            editing.ended().await.unwrap();
            assert!(!editing.lives());
            let words = editing.remove().expect(name);
            let left = left(state.path()).remove(0);
            assert!(words.contains(left.to_str().unwrap()), "{words}");
            let mode = fs::metadata(&left).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
            assert_eq!(fs::read(left.join(name)).unwrap(), b"more\n");
        }
    }

    #[tokio::test]
    async fn the_copy_of_the_version_before_goes_with_the_text() {
        for name in ["text.md~", ".text.md.un~"] {
            let script = format!("cp \"$1\" \"$(dirname \"$1\")/{name}\"");
            let editor = format!("sh -c {} editor", shell_words::quote(&script));
            let state = tempfile::tempdir().unwrap();
            let pairs = [("EDITOR", editor.as_str())];
            let environment = environment(&pairs);
            let mut editing = Editing::start(
                job("first"),
                state.path(),
                &Address::default(),
                &environment,
            )
            .unwrap();
            editing.ended().await.unwrap();
            assert_eq!(editing.remove(), None, "{name}");
            assert!(left(state.path()).is_empty(), "{name}");
        }
    }

    #[tokio::test]
    async fn an_editor_that_is_not_there_is_said() {
        let state = tempfile::tempdir().unwrap();
        let missing = environment(&[("EDITOR", "no-such-editor-here --wait")]);
        let result =
            Editing::start(job("x"), state.path(), &Address::default(), &missing).unwrap_err();
        let reason = result.outcome.unwrap_err();
        assert!(reason.contains("no-such-editor-here"), "{reason}");
        assert!(left(state.path()).is_empty());
    }
}
