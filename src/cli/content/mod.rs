//! `wildlands content`: brand content.

use std::ffi::OsString;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use serde_json::Value;

use super::exit::{Exit, Failure};
use super::lane::{Delete, Kind, Printing, Restore, Set, Show};
use super::output;
use super::paper::Target;
use crate::domain::content::{ContentType, Counts, Piece, Status, document, remarks, skeleton};
use crate::domain::lane::Lane;
use crate::domain::markdown::file_stem;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;

const KIND: Kind = Kind {
    lane: Lane::Content,
    facts,
    open: |_| Vec::new(),
};

/// Brand content: website, social, email, blog, video
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Fields are title, tone, content.coreMessage, content.audience, content.pain, content.promise, content.callToAction,
content.leadMagnet, content.siteMap and content.body. FIELD=- reads a text from standard input.

Templates:
  website  landing page, about story, services page
  social   thread hook, value post, personal story
  email    welcome, nurture sequence, launch announcement
  blog     how-to, listicle, opinion
  video    tutorial, course module, talking head

Examples:
  wildlands content add blog title=\"How to build a shed\" --template how-to
  wildlands content set 0193… content.body=- < shed.md
  wildlands content status 0193… published
  wildlands content export 0193… -")]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Show(Show),
    Add(Add),
    Set(Set),
    Status(Move),
    Export(Export),
    Delete(Delete),
    Restore(Restore),
}

/// List content, the piece changed last first
#[derive(Debug, clap::Args)]
struct List {
    /// Only of these types
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',', value_parser = PossibleValuesParser::new(ContentType::ALL.map(ContentType::name)))]
    kind: Vec<String>,
    /// Only of these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = PossibleValuesParser::new(Status::ALL.map(Status::name)))]
    status: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    printing: Printing,
}

/// Make a piece of content
#[derive(Debug, clap::Args)]
struct Add {
    /// Its type
    #[arg(value_name = "TYPE", value_parser = PossibleValuesParser::new(ContentType::ALL.map(ContentType::name)))]
    kind: String,
    /// What to set; the title at least
    #[arg(value_name = "FIELD=VALUE", required = true)]
    words: Vec<OsString>,
    /// Begin with the skeleton of this template
    #[arg(long)]
    template: Option<String>,
    #[command(flatten)]
    printing: Printing,
}

/// Set the status: draft, published, archived
#[derive(Debug, clap::Args)]
#[command(after_help = "\
draft      to published, archived
published  to archived, draft
archived   to draft")]
struct Move {
    /// Its id, as `list` shows it
    id: String,
    /// The status
    #[arg(value_parser = PossibleValuesParser::new(Status::ALL.map(Status::name)))]
    status: String,
    #[command(flatten)]
    printing: Printing,
}

/// Write a piece as Markdown with front matter
#[derive(Debug, clap::Args)]
struct Export {
    /// Its id, as `list` shows it
    id: String,
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::List(arguments) => list(arguments),
        Command::Show(arguments) => show(arguments),
        Command::Add(arguments) => add(arguments),
        Command::Set(arguments) => KIND.set(arguments),
        Command::Status(arguments) => status(arguments),
        Command::Export(arguments) => export(arguments),
        Command::Delete(arguments) => KIND.delete(arguments, "content"),
        Command::Restore(arguments) => KIND.restore(arguments),
    }
}

fn list(arguments: &List) -> Result<(), Failure> {
    let only = vec![
        ("type", arguments.kind.clone()),
        ("status", arguments.status.clone()),
    ];
    let none = "No content here; `wildlands content add TYPE title=…` makes a piece.";
    KIND.list(only, arguments.limit, arguments.printing, none)
}

/// The fields, then how long the body is and what is longer than its type takes.
fn show(arguments: &Show) -> Result<(), Failure> {
    KIND.show(arguments)?;
    if arguments.json() {
        return Ok(());
    }
    let piece = read(&KIND.one(arguments.id())?);
    let counts = Counts::of(&piece.body);
    let mut text = format!(
        "\n{} words, {} characters\n",
        counts.words, counts.characters
    );
    for remark in remarks(&piece) {
        text.push_str(&remark.sentence());
        text.push('\n');
    }
    output::print(&text)
}

fn add(arguments: &Add) -> Result<(), Failure> {
    let kind = ContentType::of(&arguments.kind).unwrap_or_default();
    let template = arguments.template.as_deref();
    if template.is_some_and(|name| !kind.templates().contains(&name)) {
        let line = format!(
            "{} has the templates {}; nothing was saved",
            kind.name(),
            kind.templates().join(", ")
        );
        return Err(Failure::new(Exit::BadData, line));
    }
    let mut set = KIND.read(&arguments.words)?;
    if set.patch.keys().all(|key| key != "title") {
        let line = "a piece needs a title: wildlands content add TYPE title=…; nothing was saved";
        return Err(Failure::new(Exit::Usage, line));
    }
    let patch = &mut set.patch;
    patch.merge(Patch::one("type", Some(Value::from(kind.name()))));
    if let Some(template) = template {
        patch.merge(Patch::one("template", Some(Value::from(template))));
        with_skeleton(patch);
    }
    let made = KIND.make(patch.clone())?;
    KIND.tell(arguments.printing, &made, "saved", patch)
}

/// The skeleton of the template, where no text was given.
fn with_skeleton(patch: &mut Patch) {
    let fields = patch.to_json(Way::Output);
    let piece = fields.as_object().map(Piece::read).unwrap_or_default();
    let Some(skeleton) = skeleton(&piece) else {
        return;
    };
    if piece.body.is_empty() {
        patch.merge(Patch::one("content.body", Some(Value::from(skeleton.body))));
    }
    if let Some(map) = skeleton.site_map.filter(|_| piece.site_map.is_empty()) {
        patch.merge(Patch::one("content.siteMap", Some(Value::from(map))));
    }
}

fn status(arguments: &Move) -> Result<(), Failure> {
    let one = KIND.one(&arguments.id)?;
    let (from, to) = (
        read(&one).status,
        Status::of(&arguments.status).unwrap_or_default(),
    );
    if from != to && !from.moves().contains(&to) {
        let line = format!(
            "what is {} becomes {} only by way of a draft; nothing was saved",
            from.name(),
            to.name()
        );
        return Err(Failure::new(Exit::BadData, line));
    }
    let patch = Patch::one("status", Some(Value::from(to.name())));
    let one = KIND.change(one.id, patch.clone())?;
    KIND.tell(
        arguments.printing,
        &one,
        &format!("now {}", to.name()),
        &patch,
    )
}

fn export(arguments: &Export) -> Result<(), Failure> {
    let piece = read(&KIND.one(&arguments.id)?);
    let stem = file_stem(piece.kind.name(), &piece.title);
    arguments
        .target
        .write(stem, document(&piece), arguments.target.paper())
}

fn read(record: &Record) -> Piece {
    Piece::read(record.fields.expose(Way::Output))
}

fn facts(record: &Record) -> String {
    let piece = read(record);
    let kind = match piece.template.as_str() {
        "" => piece.kind.name().to_owned(),
        template => format!("{}: {template}", piece.kind.name()),
    };
    let title: Vec<&str> = piece.title.split_whitespace().collect();
    format!("{:<9}  {kind}  {}", piece.status.name(), title.join(" "))
}
