//! `wildlands settings`: lists, shows and changes what the person has set; and what of it other subcommands heed.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use crate::domain::setting::{Chosen, Heeded, Origin, Setting, VARIABLE, Value};
use crate::domain::text::printable;
use crate::store::config::{self, CONFIG_FILE, Config, QUESTIONS_FILE, WriteError};
use crate::store::places::Places;

use super::exit::{Exit, Failure};
use super::output::{self, Output};

/// List, show and change settings
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Without a KEY everything that can be set is listed, with what holds and where that comes from: the default, the file
config.toml, or a variable of the environment such as WILDLANDS_THEME, which goes before the file.
A change keeps comments and order of the file. A file that is not TOML is left as it is (65).

Examples:
  wildlands settings
  wildlands settings theme
  wildlands settings theme field
  wildlands settings reveal-seconds 20
  wildlands settings week-start --default
  wildlands settings --json | jq -r '.[] | select(.origin == \"file\").key'")]
pub struct Arguments {
    /// Which one: theme, week-start …
    key: Option<String>,
    /// What to set it to
    #[arg(allow_negative_numbers = true)]
    value: Option<String>,
    /// Leave it to its default: take it out of the file
    #[arg(long, requires = "key", conflicts_with = "value")]
    default: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let places =
        Places::from_env().map_err(|error| Failure::new(Exit::Unavailable, error.to_string()))?;
    let setting = arguments.key.as_deref().map(known).transpose()?;
    let mut chosen = heeded().chosen;
    let output = Output::standard();
    let Some(setting) = setting else {
        return output::print(&if arguments.json {
            let all = Setting::ALL.map(|setting| document(setting, &chosen));
            output.json(&Json::from(all.to_vec()))
        } else {
            list(&chosen, output)
        });
    };
    let change = match &arguments.value {
        Some(text) => Some(Some(read(&chosen, setting, text)?)),
        None => arguments.default.then_some(None),
    };
    if let Some(value) = change {
        config::write(&places.config, setting, value.as_ref())
            .map_err(|error| unwritten(&error))?;
        chosen.set(setting, value);
        if chosen.origin(setting) == Origin::Environment {
            let name = setting.variable();
            output::say(&format!(
                "wildlands: note: kept in the file, but {name} in the environment goes before it"
            ));
        }
    }
    if arguments.json {
        return output::print(&output.json(&document(setting, &chosen)));
    }
    output::print(&output.line(&chosen.shown(setting)))
}

fn known(key: &str) -> Result<Setting, Failure> {
    Setting::of(key).ok_or_else(|| {
        let (key, meant) = (printable(key), Setting::meant(key));
        Failure::new(Exit::BadData, format!("`{key}` is not a setting; {meant}"))
    })
}

fn read(chosen: &Chosen, setting: Setting, text: &str) -> Result<Value, Failure> {
    chosen.read(setting, text).map_err(|expected| {
        let line = format!("`{}` is {expected}", setting.key());
        Failure::new(Exit::BadData, line).and("nothing was changed")
    })
}

fn unwritten(error: &WriteError) -> Failure {
    let exit = match error {
        WriteError::Broken(_) => Exit::BadData,
        WriteError::System { .. } => Exit::CannotCreate,
    };
    Failure::new(exit, error.to_string()).and("nothing was changed")
}

/// A row for each: key, what holds, where that comes from.
fn list(chosen: &Chosen, output: Output) -> String {
    let width = |texts: Vec<String>| texts.iter().map(|text| text.chars().count()).max();
    let keys = width(Setting::ALL.map(|setting| setting.key().to_owned()).into());
    let values = width(Setting::ALL.map(|setting| chosen.shown(setting)).into());
    let (keys, values) = (keys.unwrap_or(0), values.unwrap_or(0));
    Setting::ALL
        .into_iter()
        .fold(String::new(), |mut text, setting| {
            let value = chosen.shown(setting);
            let origin = chosen.origin(setting).word();
            let row = format!("{:keys$}  {value:values$}  {origin}", setting.key());
            let _ = writeln!(text, "{}", output.line(&row));
            text
        })
}

fn document(setting: Setting, chosen: &Chosen) -> Json {
    let value = match chosen.value(setting) {
        Some(Value::Word(word)) => json!(word),
        Some(Value::Number(number)) => json!(number),
        Some(Value::Switch(on)) => json!(on),
        None => Json::Null,
    };
    json!({
        "key": setting.key(),
        "value": value,
        "shown": chosen.shown(setting),
        "default": setting.otherwise(),
        "origin": chosen.origin(setting).word(),
        "variable": setting.variable(),
        "about": setting.words(),
        "atOnce": setting.heeded() == Heeded::AtOnce,
    })
}

/// The settings, without a word. Without a home there are none.
pub fn read_quietly() -> Config {
    Places::from_env().map_or_else(|_| Config::default(), |places| Config::load(&places.config))
}

/// The settings with the person's own questions of a weekly review; what is wrong with either is told.
pub fn with_questions() -> Config {
    let config = read_quietly();
    let files = [CONFIG_FILE, VARIABLE, QUESTIONS_FILE];
    for mistake in &config.mistakes {
        if files.iter().any(|file| mistake.starts_with(file)) {
            output::say(&format!("wildlands: note: {mistake}"));
        }
    }
    config
}

/// The settings; what is wrong keeps its default, and is told. A form is read and told by [`super::form`].
pub fn heeded() -> Config {
    let config = read_quietly();
    let of_settings = |line: &&String| line.starts_with(CONFIG_FILE) || line.starts_with(VARIABLE);
    for mistake in config.mistakes.iter().filter(of_settings) {
        output::say(&format!("wildlands: note: {mistake}"));
    }
    config
}
