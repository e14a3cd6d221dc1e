//! What the keys of Wildlands do.

use serde_json::Value;

use crate::app::part::{Handled, Intent, Reply};
use crate::app::world::World;
use crate::domain::content::{ContentType, Status, document, skeleton};
use crate::domain::document::{Document, Paper};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::markdown::file_stem;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::{Exit, Secret};
use crate::domain::text;
use crate::screens::form::RecordForm;
use crate::screens::popups::{Picker, Prompt, Reading};
use crate::screens::{Tui, open};

use super::{Asked, Wildlands, kinds, read, view};

type Out = Vec<Intent<Tui>>;

const LANE: Lane = Lane::Content;

/// The longest title, in characters; the database's `CHECK` has the same cap.
const MAX_TITLE: usize = 500;

impl Wildlands {
    pub(super) fn command(&mut self, name: &str, world: &World, out: &mut Out) -> Handled {
        let asked = std::mem::take(&mut self.asked);
        match name {
            "new" => {
                self.asked = Asked::NewKind;
                out.push(pick_kind("new piece"));
            }
            "filter" => {
                self.asked = Asked::Types;
                let names = ContentType::ALL.map(|kind| kind.name().to_owned());
                let listed = self.shelves.held_to("type");
                let ticked = names.iter().map(|name| listed.contains(name)).collect();
                out.push(open(Picker::list("list only", names.to_vec(), ticked)));
            }
            "all" => self.shelves.hold_back("type", Vec::new()),
            "edit-body" | "insert" | "status" | "read" | "write" | "type" => {
                self.shelves.passed_by();
                self.on_one(name, &asked, world, out);
            }
            _ => return self.shelves.command(name, world, out),
        }
        Handled::Yes
    }

    fn on_one(&mut self, name: &str, asked: &Asked, world: &World, out: &mut Out) {
        let Some(record) = self.shelves.record(world) else {
            return out.push(Intent::say("there is no piece under the cursor"));
        };
        let id = record.id;
        match name {
            "edit-body" => {
                RecordForm::write_in(LANE, id, "content.body", world, out);
            }
            "read" => {
                let of = (LANE, id);
                out.push(open(Reading::new("Piece", of, view::passages, None)));
            }
            "status" => {
                self.asked = Asked::Status(id);
                let moves = read(record, Exit::Database).status.moves().iter();
                let names = moves.map(|to| to.name().to_owned()).collect();
                out.push(open(Picker::one_of("move to", names)));
            }
            "type" => {
                self.asked = Asked::Kind(id);
                out.push(pick_kind("type and template"));
            }
            _ if !record.whole => {
                out.push(Intent::say(
                    "the rest of it is on its way; once more, please",
                ));
            }
            "insert" => self.insert(asked, record, world, out),
            _ => write(record, out),
        }
    }

    pub(super) fn reply(&mut self, reply: &Reply, world: &World, out: &mut Out) {
        match (std::mem::take(&mut self.asked), reply) {
            (Asked::NewKind, Reply::Choices(chosen)) => {
                if let Some((kind, template)) = chosen.first().and_then(|at| kinds().nth(*at)) {
                    self.asked = Asked::NewTitle(kind, template);
                    let help = "The title; of a mail, its subject line.";
                    let label = format!("{}: {template}", kind.name());
                    out.push(open(Prompt::line(&label, help, check_title)));
                }
            }
            (Asked::NewTitle(kind, template), Reply::Line(line)) => {
                self.make(kind, template, line.trim(), out);
            }
            (Asked::Kind(id), Reply::Choices(chosen)) => {
                if let Some((kind, template)) = chosen.first().and_then(|at| kinds().nth(*at)) {
                    out.push(Intent::change(
                        LANE,
                        id,
                        of_kind(kind, template),
                        "the type of a piece",
                    ));
                }
            }
            (Asked::Status(id), Reply::Choices(chosen)) => {
                let record = world.cache.record(LANE, id);
                let moves = record.map(|record| read(record, Exit::Database).status.moves());
                if let Some(to) = moves.zip(chosen.first()).and_then(|(all, at)| all.get(*at)) {
                    set_status(id, *to, out);
                }
            }
            (Asked::Types, Reply::Choices(chosen)) => {
                let types = chosen.iter().filter_map(|at| ContentType::ALL.get(*at));
                let names = types.map(|kind| kind.name().to_owned()).collect();
                self.shelves.hold_back("type", names);
            }
            (
                Asked::Nothing
                | Asked::NewKind
                | Asked::NewTitle(..)
                | Asked::Kind(_)
                | Asked::Status(_)
                | Asked::Replace(_)
                | Asked::Types,
                _,
            ) => {}
        }
    }

    fn make(&mut self, kind: ContentType, template: &str, title: &str, out: &mut Out) {
        if title.is_empty() {
            return;
        }
        let id = RecordId::new();
        let mut fields = of_kind(kind, template);
        fields.merge(Patch::one("title", Some(Value::from(title))));
        out.push(Intent::create(LANE, id, fields, "a piece of content"));
        let listed = self.shelves.held_to("type");
        if !listed.is_empty() && !listed.iter().any(|name| name == kind.name()) {
            self.shelves.hold_back("type", Vec::new());
        }
        self.shelves.select(id, Status::Draft.name());
        let form = RecordForm::new(LANE, id);
        out.push(open(form.at("content.coreMessage")));
    }

    /// A text that stands there is replaced only by the same key again.
    fn insert(&mut self, asked: &Asked, record: &Record, world: &World, out: &mut Out) {
        let key = |command| world.keymap.named(super::commands::TABLE.scope, command);
        let piece = read(record, Exit::Database);
        let Some(skeleton) = skeleton(&piece) else {
            let text = format!(
                "there is no skeleton of this template; {} sets another",
                key("type")
            );
            return out.push(Intent::say(text));
        };
        if piece.body == skeleton.body {
            return out.push(Intent::say("the body is what the template gives"));
        }
        if !piece.body.trim().is_empty() && *asked != Asked::Replace(record.id) {
            self.asked = Asked::Replace(record.id);
            let undo = world.keymap.everywhere("undo");
            let text = format!(
                "there is a body; once more puts the template's in its place, {undo} takes that back"
            );
            return out.push(Intent::say(text));
        }
        let mut patch = Patch::one("content.body", Some(Value::from(skeleton.body)));
        if let Some(map) = skeleton.site_map.filter(|_| piece.site_map.is_empty()) {
            patch.merge(Patch::one("content.siteMap", Some(Value::from(map))));
        }
        out.push(Intent::change(
            LANE,
            record.id,
            patch,
            "a template's skeleton",
        ));
        out.push(Intent::say(format!(
            "the skeleton is in the body; {} writes on",
            key("edit-body")
        )));
    }
}

fn check_title(line: &str) -> Result<(), String> {
    text::check(line.trim(), MAX_TITLE).map_err(|error| error.to_string())
}

fn pick_kind(label: &str) -> Intent<Tui> {
    let names = kinds().map(|(kind, template)| format!("{}: {template}", kind.name()));
    open(Picker::one_of(label, names.collect()))
}

/// A template belongs to its type: they are set together.
fn of_kind(kind: ContentType, template: &str) -> Patch {
    let mut patch = Patch::one("type", Some(Value::from(kind.name())));
    patch.merge(Patch::one("template", Some(Value::from(template))));
    patch
}

fn set_status(id: RecordId, to: Status, out: &mut Out) {
    let patch = Patch::one("status", Some(Value::from(to.name())));
    out.push(Intent::change(LANE, id, patch, "the status of a piece"));
    out.push(Intent::say(format!("now {}", to.name())));
}

fn write(record: &Record, out: &mut Out) {
    let piece = read(record, Exit::Export);
    out.push(Intent::Write(Document {
        stem: file_stem(piece.kind.name(), &piece.title),
        markdown: Secret::new(document(&piece)),
        paper: Paper::Markdown,
    }));
    out.push(Intent::say("writing the piece"));
}
