//! What the person has set: `config.toml`, the environment, own themes, `log-form.toml` and
//! `keymap.toml`.
//!
//! A mistake in them never stops the program: what is wrong keeps its default, and every mistake
//! is told with its file and line. [`write()`] puts a changed setting into the file; nothing else here
//! writes.

mod form;
mod read;
#[cfg(test)]
mod tests;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::domain::form::LogForm;
use crate::domain::lane::Lane;
use crate::domain::setting::{Chosen, Setting};

use super::zone::Zone;

pub use form::FormFile;
pub use write::{WriteError, write};

/// The file of settings.
pub const CONFIG_FILE: &str = "config.toml";
/// The person's own form.
pub const FORM_FILE: &str = "log-form.toml";
/// The person's own questions of a weekly review.
pub const QUESTIONS_FILE: &str = "reviews.toml";
/// The person's own keys.
pub const KEYMAP_FILE: &str = "keymap.toml";
/// The directory of own themes.
pub const THEMES_DIRECTORY: &str = "themes";

/// What the person has set, or the defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// What is set, and where.
    pub chosen: Chosen,
    /// The files of own themes, by the theme's name.
    pub themes: Vec<(String, PathBuf)>,
    /// Where the person is.
    pub zone: Zone,
    /// Where exports are put.
    pub export_dir: Option<PathBuf>,
    /// Where backups are put, where that is said.
    pub backup_dir: Option<PathBuf>,
    /// The person's own keys, as they are written; what they mean is known to the core.
    pub keymap: Option<String>,
    /// The form of a day.
    pub form: LogForm,
    /// Where it is.
    pub form_file: FormFile,
    /// The person's own questions of a weekly review.
    pub questions: Option<LogForm>,
    /// Whether the person's own form cannot be used; the built-in one then has every answer masked.
    pub form_is_broken: bool,
    /// Everything that is wrong with the files, each a line with file and place.
    pub mistakes: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            chosen: Chosen::default(),
            themes: Vec::new(),
            zone: Zone::system(),
            export_dir: None,
            backup_dir: None,
            keymap: None,
            form: LogForm::builtin(),
            form_file: FormFile::Beside,
            questions: None,
            form_is_broken: false,
            mistakes: Vec::new(),
        }
    }
}

impl Config {
    /// Reads what is in this directory and in the environment. Files that are not there are not
    /// missed.
    #[must_use]
    pub fn load(directory: &Path) -> Self {
        Self::load_with(directory, &|name| std::env::var(name).ok())
    }

    /// The same with these variables.
    #[must_use]
    pub fn load_with(directory: &Path, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let themes = themes(&directory.join(THEMES_DIRECTORY));
        let mut config = Self {
            chosen: Chosen::with_themes(themes.iter().map(|(name, _)| name.clone())),
            themes,
            ..Self::default()
        };
        match text_of(&directory.join(CONFIG_FILE)) {
            Ok(Some(text)) => config.read_file(&text),
            Ok(None) => {}
            Err(reason) => config
                .mistakes
                .push(format!("{CONFIG_FILE} cannot be read: {reason}")),
        }
        config.read_environment(variable);
        config.settle();
        config.read_form(directory);
        config.read_questions(directory);
        match text_of(&directory.join(KEYMAP_FILE)) {
            Ok(text) => config.keymap = text,
            Err(reason) => config
                .mistakes
                .push(format!("{KEYMAP_FILE} cannot be read: {reason}")),
        }
        config
    }

    /// Takes the person's own questions of a weekly review; those that cannot be used leave the built-in ones.
    fn read_questions(&mut self, directory: &Path) {
        let problems = match text_of(&directory.join(QUESTIONS_FILE)) {
            Ok(Some(text)) => match Lane::Reviews.parse(&text, QUESTIONS_FILE) {
                Ok(questions) => {
                    self.questions = Some(questions);
                    return;
                }
                Err(error) => error.problems().iter().map(ToString::to_string).collect(),
            },
            Ok(None) => return,
            Err(reason) => vec![format!("{QUESTIONS_FILE} cannot be read: {reason}")],
        };
        self.mistakes.extend(problems);
        let text = "the built-in questions are asked until it is mended";
        self.mistakes
            .push(format!("{QUESTIONS_FILE} is not used: {text}"));
    }

    /// What follows from the settings for those who know neither program nor screen.
    fn settle(&mut self) {
        let zone = self.chosen.word(Setting::Timezone);
        if let Some(zone) = zone.and_then(|name| TimeZone::get(name).ok()) {
            self.zone = Zone::fixed(zone);
        }
        let path = |setting| self.chosen.word(setting).and_then(absolute);
        let form = path(Setting::Form);
        (self.export_dir, self.backup_dir) = (path(Setting::ExportDir), path(Setting::BackupDir));
        if let (Some(form), FormFile::Beside) = (form, &self.form_file) {
            self.form_file = FormFile::Named(form);
        }
    }

    /// The local date at this moment.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// This moment where the person is.
    #[must_use]
    pub fn now(&self) -> Zoned {
        Timestamp::now().to_zoned(self.zone.now())
    }

    /// One line about what is wrong, for the status row.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let first = self.mistakes.first()?;
        if self.form_is_broken {
            return Some(self.form_notice(first));
        }
        Some(match self.mistakes.len() {
            1 => first.clone(),
            more => format!("{first} (and {} more on the Data screen)", more - 1),
        })
    }
}

fn text_of(path: &Path) -> Result<Option<String>, String> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error
                    .as_bytes()
                    .iter()
                    .take(valid)
                    .filter(|b| **b == b'\n')
                    .count()
                    + 1;
                Err(format!("line {line} is not UTF-8"))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// The own themes: files whose names end with `.toml`.
fn themes(directory: &Path) -> Vec<(String, PathBuf)> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut themes: Vec<(String, PathBuf)> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter_map(|path| Some((path.file_stem()?.to_str()?.to_owned(), path)))
        .collect();
    themes.sort();
    themes
}

fn absolute(given: &str) -> Option<PathBuf> {
    let path = match given.strip_prefix("~/") {
        Some(below) => std::env::home_dir()?.join(below),
        None => PathBuf::from(given),
    };
    path.is_absolute().then_some(path)
}
