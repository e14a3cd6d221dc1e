//! Which form of the day a subcommand works with: the file that was named, by an argument or by the settings, the
//! person's own, or the built-in one.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::domain::form::LogForm;
use crate::domain::text;
use crate::store::config::FormFile;
use crate::store::places::Places;

use super::exit::{Exit, Failure};
use super::settings;

/// The name of the person's own form in their configuration.
pub const FILE: &str = "log-form.toml";

/// Where the form comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// As `--form` names it.
    pub named: Option<PathBuf>,
}

impl Choice {
    /// Reads the form.
    ///
    /// # Errors
    /// [`Exit::BadData`] when the file cannot be read or has mistakes; each is told with its line and column.
    pub fn load(&self) -> Result<LogForm, Failure> {
        let (path, asked) = match &self.named {
            Some(path) => (path.clone(), true),
            None => match Places::from_env() {
                Ok(places) => {
                    let config = settings::read_quietly();
                    match config.form_file {
                        FormFile::Beside => (places.config.join(FILE), false),
                        FormFile::Named(path) => (path, true),
                        FormFile::Refused => {
                            return Err(Failure::all(Exit::BadData, config.mistakes));
                        }
                    }
                }
                // Without a home there is no form of one's own; the connection will say what is missing.
                Err(_) => return Ok(LogForm::builtin()),
            },
        };
        let absent = |error: &io::Error| {
            matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            )
        };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if absent(&error) && !asked => return Ok(LogForm::builtin()),
            Err(error) => {
                let line = format!(
                    "cannot read the form {}: {error}; correct the path or its rights",
                    path.display()
                );
                return Err(Failure::new(Exit::BadData, line));
            }
        };
        let name = path
            .file_name()
            .map_or_else(|| FILE.into(), |name| name.to_string_lossy());
        let place = format!("the form is {}", path.display());
        let toml = text::decode(&bytes)
            .map_err(|error| Failure::new(Exit::BadData, format!("{name}: {error}")).and(&place))?;
        LogForm::parse(toml, &name).map_err(|error| {
            let problems = error.problems().iter().map(ToString::to_string).collect();
            Failure::all(Exit::BadData, problems).and(&place)
        })
    }
}
