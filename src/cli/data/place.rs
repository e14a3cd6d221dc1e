//! `wildlands data where`: which database is in use, where its files are, and how much is in it.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cli::connection::{Connection, source};
use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::domain::export_format::camel_case;
use crate::domain::text;
use crate::store::api::DataStatus;
use crate::store::connect::Source;
use crate::store::embedded::{self, ServerState, ServerStatus};
use crate::store::places::Places;

use super::server;

/// Say where the data is, how big it is, and what is in it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
It starts nothing: of a private server that does not run, only the files are looked at. No password is shown. Mistakes in
the settings, the form, the keys and the themes are listed, each with its file and line.

Examples:
  wildlands data where
  wildlands data where --json | jq -r .directory")]
pub struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Everything that is known without starting anything.
struct Known {
    mode: &'static str,
    place: String,
    files: Option<ServerStatus>,
    facts: Option<DataStatus>,
    /// What is wrong with the person's settings, form, keys and themes.
    mistakes: Vec<String>,
}

impl Arguments {
    /// The configuration directory, if there is a home.
    #[must_use]
    pub fn configuration(&self) -> Option<PathBuf> {
        Places::from_env().ok().map(|places| places.config)
    }

    /// Says it, with what is wrong in the person's files.
    ///
    /// # Errors
    /// As the database and the way to it report them.
    pub fn print(&self, mistakes: Vec<String>) -> Result<(), Failure> {
        let mut known = known()?;
        known.mistakes = mistakes;
        let places = Places::from_env().ok();
        let output = Output::standard();
        output::print(&if self.json {
            output.json(&known.json(places.as_ref()))
        } else {
            known.text(places.as_ref(), output)
        })
    }
}

fn known() -> Result<Known, Failure> {
    match source()? {
        Source::Unusable(error) => Err(error.into()),
        Source::Embedded(settings) => {
            let files = embedded::status(&settings).map_err(|error| server::failure(&error))?;
            let facts = match files.state {
                ServerState::Running { .. } => {
                    Some(crate::cli::block_on(facts(Source::Embedded(settings)))?)
                }
                ServerState::Absent | ServerState::Stopped | ServerState::Busy => None,
            };
            let place = "private server".to_owned();
            Ok(Known {
                mode: "embedded",
                place,
                files: Some(files),
                facts,
                mistakes: Vec::new(),
            })
        }
        Source::External(target) => {
            let place = target.describe();
            let facts = crate::cli::block_on(facts(Source::External(target)))?;
            Ok(Known {
                mode: "external",
                place,
                files: None,
                facts: Some(facts),
                mistakes: Vec::new(),
            })
        }
    }
}

async fn facts(source: Source) -> Result<DataStatus, Failure> {
    Connection::to(source).await?.status().await
}

impl Known {
    fn text(&self, places: Option<&Places>, output: Output) -> String {
        let mut rows: Vec<(&str, String)> = vec![("database", self.place.clone())];
        if let Some(files) = &self.files {
            rows.push(("state", server::state_in_words(&files.state)));
        }
        if let Some(version) = self.server_version() {
            rows.push(("server", format!("PostgreSQL {version}")));
        }
        if let Some(files) = &self.files {
            rows.push(("directory", files.directory.display().to_string()));
            rows.push(("on disk", text::size(files.size)));
        }
        if let Some(facts) = &self.facts {
            rows.push(("size", text::size(facts.database_bytes)));
            rows.push(("schema", format!("version {}", facts.schema_version)));
            let counts = facts.counts.iter().filter(|(_, rows)| *rows > 0);
            let counts: Vec<String> = counts
                .map(|(table, rows)| format!("{table} {rows}"))
                .collect();
            rows.push((
                "rows",
                if counts.is_empty() {
                    "none yet".to_owned()
                } else {
                    counts.join(", ")
                },
            ));
            if let Some((first, last)) = facts.span {
                rows.push(("logs", format!("{first} to {last}")));
            }
        }
        if let Some(places) = places {
            rows.push(("drafts", places.state.display().to_string()));
            rows.push(("settings", places.config.display().to_string()));
        }
        let mistakes = self.mistakes.iter().cloned();
        rows.extend(mistakes.map(|mistake| ("mistake", mistake)));
        rows.iter().fold(String::new(), |mut text, (name, value)| {
            let _ = writeln!(text, "{name:<10} {}", output.line(value));
            text
        })
    }

    fn json(&self, places: Option<&Places>) -> Value {
        let facts = self.facts.as_ref();
        let counts: serde_json::Map<String, Value> = facts
            .map(|facts| {
                facts
                    .counts
                    .iter()
                    .map(|(table, rows)| (camel_case(table), (*rows).into()))
                    .collect()
            })
            .unwrap_or_default();
        let path =
            |pick: fn(&Places) -> &PathBuf| places.map(|places| pick(places).display().to_string());
        json!({
            "mode": self.mode,
            "place": self.place,
            "running": self.files.as_ref().map(|files| matches!(files.state, ServerState::Running { .. })),
            "serverVersion": self.server_version(),
            "directory": self.files.as_ref().map(|files| files.directory.display().to_string()),
            "directoryBytes": self.files.as_ref().map(|files| files.size),
            "databaseBytes": facts.map(|facts| facts.database_bytes),
            "schemaVersion": facts.map(|facts| facts.schema_version),
            "counts": counts,
            "firstLog": facts.and_then(|facts| facts.span).map(|(first, _)| first.to_string()),
            "lastLog": facts.and_then(|facts| facts.span).map(|(_, last)| last.to_string()),
            "state": path(|places| &places.state),
            "config": path(|places| &places.config),
            "mistakes": self.mistakes,
        })
    }

    fn server_version(&self) -> Option<String> {
        let running = self
            .facts
            .as_ref()
            .map(|facts| facts.server_version.clone());
        let programs = || {
            self.files
                .as_ref()?
                .programs
                .as_ref()
                .map(|programs| programs.version.clone())
        };
        running.or_else(programs)
    }
}
