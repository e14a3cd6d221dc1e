//! Which fields and domains take part.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::form;
use super::stored::calculate;
use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{self, Output};
use crate::cli::{block_on, goal, settings};
use crate::domain::drift::{FieldKind, Settings};
use crate::domain::form::LogForm;
use crate::domain::goal::Domain;
use crate::domain::text::{nearest, printable};
use crate::store::queries::drift::{change_settings, read_settings};

/// List the fields and domains with whether they take part, and the days that are there of those needed
#[derive(Debug, clap::Args)]
pub(super) struct Fields {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Take a field, or the goals of a domain, in
#[derive(Debug, clap::Args)]
pub(super) struct Include {
    /// A field of the form, or a domain
    name: String,
}

/// Leave a field, or the goals of a domain, out
#[derive(Debug, clap::Args)]
pub(super) struct Exclude {
    /// A field of the form, or a domain
    name: String,
}

/// Have a field, or the goals of a domain, take part as the form has it
#[derive(Debug, clap::Args)]
pub(super) struct Default {
    /// A field of the form, or a domain
    name: String,
}

pub(super) fn include(arguments: &Include, form: &form::Choice) -> Result<(), Failure> {
    choose(&arguments.name, Some(true), form)
}

pub(super) fn exclude(arguments: &Exclude, form: &form::Choice) -> Result<(), Failure> {
    choose(&arguments.name, Some(false), form)
}

pub(super) fn default(arguments: &Default, form: &form::Choice) -> Result<(), Failure> {
    choose(&arguments.name, None, form)
}

/// Something that can take part.
struct Subject {
    /// As the settings have it.
    name: String,
    label: String,
    takes_part: bool,
    /// Whether the person said so.
    is_chosen: bool,
}

fn subjects(form: &LogForm, settings: &Settings) -> Vec<Subject> {
    let is_chosen =
        |name: &str| settings.opted_in.contains(name) || settings.opted_out.contains(name);
    let fields = form.sections.iter().flat_map(|section| &section.fields);
    let fields = fields
        .filter(|field| FieldKind::of(field).is_some())
        .map(|field| Subject {
            name: field.key.clone(),
            label: field.label.clone(),
            takes_part: settings.takes(field),
            is_chosen: is_chosen(&field.key),
        });
    let domains = Domain::ALL.into_iter().map(|domain| {
        let name = Settings::domain_name(domain);
        Subject {
            label: format!("goals of {}", domain.word()),
            takes_part: settings.takes_domain(domain),
            is_chosen: is_chosen(&name),
            name,
        }
    });
    fields.chain(domains).collect()
}

/// What a word names: a key, a label, a domain with or without `domain:`.
fn find(form: &LogForm, word: &str) -> Result<Subject, Failure> {
    let mut all = subjects(form, &Settings::default());
    let of_domain = format!("domain:{word}");
    let field = form.field(word).map(|field| field.key.clone());
    let is_it = |one: &Subject| {
        Some(&one.name) == field.as_ref() || one.name == word || one.name == of_domain
    };
    if let Some(at) = all.iter().position(is_it) {
        return Ok(all.swap_remove(at));
    }
    let names = all.iter().map(|one| one.name.as_str());
    let meant =
        nearest(word, names).map_or_else(String::new, |name| format!("; {name} may be meant"));
    let line = format!(
        "“{}” is neither a field with figures nor a domain{meant}; `wildlands drift fields` lists them",
        printable(word)
    );
    Err(Failure::new(Exit::BadData, line).and("nothing was saved"))
}

fn choose(name: &str, choice: Option<bool>, form: &form::Choice) -> Result<(), Failure> {
    let config = settings::heeded();
    let form = form.load()?;
    let wanted = find(&form, name)?;
    let takes_part = block_on(async {
        let connection = Connection::open().await?;
        let session = connection.session();
        let changed =
            change_settings(session, |settings| settings.choose(&wanted.name, choice)).await?;
        calculate(session, &form, config.today(), goal::week_start(&config)).await?;
        let now = subjects(&form, &changed);
        let now = now.into_iter().find(|one| one.name == wanted.name);
        Ok::<_, Failure>(now.is_some_and(|one| one.takes_part))
    })?;
    let does = if takes_part {
        "takes part"
    } else {
        "takes no part"
    };
    let label = Output::standard().line(&wanted.label).into_owned();
    output::print(&format!("{label} {does}\nsaved, and calculated anew\n"))
}

pub(super) fn fields(arguments: &Fields, form: &form::Choice) -> Result<(), Failure> {
    let config = settings::heeded();
    let form = form.load()?;
    let (settings, needed) = block_on(async {
        let connection = Connection::open().await?;
        let session = connection.session();
        let needed = calculate(session, &form, config.today(), goal::week_start(&config)).await?;
        Ok::<_, Failure>((read_settings(session).await?, needed))
    })?;
    let all = subjects(&form, &settings);
    let days = |one: &Subject| needed.iter().find(|(label, ..)| *label == one.label);
    let output = Output::standard();
    if arguments.json {
        let all: Vec<Value> = all
            .iter()
            .map(|one| {
                let days = days(one);
                json!({
                    "name": one.name, "label": one.label, "takesPart": one.takes_part, "chosen": one.is_chosen,
                    "observed": days.map(|(_, observed, _)| observed), "needed": days.map(|(.., needed)| needed),
                })
            })
            .collect();
        return output::print(&output.json(&Value::Array(all)));
    }
    let mut text = String::new();
    for one in &all {
        let part = match (one.takes_part, one.is_chosen) {
            (true, false) => "takes part",
            (true, true) => "takes part, as you chose",
            (false, false) => "no part",
            (false, true) => "no part, as you chose",
        };
        let label = output.line(&one.label);
        let _ = write!(text, "{:24}  {label:28}  {part}", one.name);
        if let Some((_, observed, needed)) = days(one) {
            let _ = write!(text, ", {observed} of {needed} days");
        }
        text.push('\n');
    }
    output::print(&text)
}
