//! The person's own form: which file it is in, and what holds while it cannot be used.

use std::path::{Path, PathBuf};

use crate::domain::form::LogForm;
use crate::domain::setting::Setting;

use super::{CONFIG_FILE, Config, FORM_FILE, text_of};

/// Where the questions of a day are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FormFile {
    /// Beside the settings, if there are any of one's own.
    #[default]
    Beside,
    /// In the file that the settings name.
    Named(PathBuf),
    /// In a file that the settings mean to name, but not so that it is understood.
    Refused,
}

impl Config {
    /// Reads the form that the settings name, else the one in this directory.
    pub(super) fn read_form(&mut self, directory: &Path) {
        let (path, is_named) = match &self.form_file {
            FormFile::Beside => (directory.join(FORM_FILE), false),
            FormFile::Named(path) => (path.clone(), true),
            FormFile::Refused => return self.break_form([]),
        };
        let name = self.form_name();
        match text_of(&path) {
            Ok(Some(text)) => match LogForm::parse(&text, &name) {
                Ok(form) => self.form = form,
                Err(error) => {
                    self.break_form(error.problems().iter().map(ToString::to_string));
                }
            },
            // One that is named has to be there: nobody knows what it calls private.
            Ok(None) if is_named => {
                let path = path.display();
                self.break_form([format!(
                    "{name} cannot be read: there is no {path}; correct the setting `form`, or put the file there"
                )]);
            }
            Ok(None) => {}
            Err(reason) => self.break_form([format!("{name} cannot be read: {reason}")]),
        }
    }

    /// The form's name, for messages.
    fn form_name(&self) -> String {
        match &self.form_file {
            FormFile::Beside => FORM_FILE.to_owned(),
            FormFile::Named(path) => path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
            FormFile::Refused => "the form of the setting `form`".to_owned(),
        }
    }

    /// Which answers the own form calls sensitive is not known while it is broken: all of them are.
    fn break_form(&mut self, problems: impl IntoIterator<Item = String>) {
        self.form = LogForm::builtin().all_sensitive();
        self.form_is_broken = true;
        self.mistakes.extend(problems);
        let text = "the built-in form is shown, and every answer is masked until it is mended";
        let name = self.form_name();
        self.mistakes.push(format!("{name} is not used: {text}"));
    }

    /// What is said of a form that is not used; `first` is the first of all mistakes.
    pub(super) fn form_notice(&self, first: &str) -> String {
        let name = self.form_name();
        let is_of_form = |line: &&String| match self.form_file {
            FormFile::Beside | FormFile::Named(_) => line.starts_with(&name),
            FormFile::Refused => {
                let is_in_file = line.starts_with(CONFIG_FILE) && line.contains("`form` is ");
                is_in_file || line.starts_with(&Setting::Form.variable())
            }
        };
        let of_form = self.mistakes.iter().find(is_of_form);
        let first = of_form.map_or(first, String::as_str);
        format!("{name} is not used, and every answer is masked until it is mended; {first}")
    }
}
