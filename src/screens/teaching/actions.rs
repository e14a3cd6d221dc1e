//! What the keys of Teaching do.

use jiff::civil::Date;
use serde_json::Value;

use crate::app::part::{Handled, Intent, Reply};
use crate::app::world::World;
use crate::domain::document::{Document, Paper};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::markdown::file_stem;
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::{Exit, Secret};
use crate::domain::teaching::{Plan, Status, document, plan};
use crate::domain::{dates, text};
use crate::screens::form::RecordForm;
use crate::screens::popups::{Picker, Prompt, Reading};
use crate::screens::{Tui, open};

use super::{Asked, Teaching, private_item, read, view};

type Out = Vec<Intent<Tui>>;

const LANE: Lane = Lane::Teaching;

/// The longest subject, in characters; the database's `CHECK` has the same cap.
const MAX_SUBJECT: usize = 500;

/// How a request is written.
const PAPERS: [(&str, Paper, bool); 4] = [
    ("Markdown", Paper::Markdown, false),
    ("Markdown, without the students", Paper::Markdown, true),
    ("PDF", Paper::Pdf, false),
    ("PDF, without the students", Paper::Pdf, true),
];

impl Teaching {
    pub(super) fn command(&mut self, name: &str, world: &World, out: &mut Out) -> Handled {
        let asked = std::mem::take(&mut self.asked);
        if name == "new" {
            self.asked = Asked::Subject;
            let help = "The subject; the form asks for the rest.";
            out.push(open(Prompt::line(
                "new lesson request",
                help,
                check_subject,
            )));
            return Handled::Yes;
        }
        if !is_own(name) {
            return self.shelves.command(name, world, out);
        }
        self.shelves.passed_by();
        let Some(record) = self.shelves.record(world) else {
            out.push(Intent::say("there is no lesson request under the cursor"));
            return Handled::Yes;
        };
        if !record.whole && !matches!(name, "status" | "taught" | "archive") {
            out.push(Intent::say(
                "the rest of it is on its way; once more, please",
            ));
            return Handled::Yes;
        }
        self.on_one(name, &asked, record, world, out);
        Handled::Yes
    }

    fn on_one(&mut self, name: &str, asked: &Asked, record: &Record, world: &World, out: &mut Out) {
        let id = record.id;
        match name {
            "plan" => self.plan(asked, record, world, out),
            "edit-plan" => out.push(open(RecordForm::new(LANE, id).at("plan.objective"))),
            "read" => {
                let of = (LANE, id);
                let item = private_item(record);
                out.push(open(Reading::new("Lesson", of, view::passages, item)));
            }
            "write" => {
                self.asked = Asked::Paper(id);
                let all = record.text(super::PRIVATE).is_some();
                let papers = PAPERS.iter().filter(|(.., redacted)| all || !redacted);
                let names = papers.map(|(name, ..)| (*name).to_owned()).collect();
                out.push(open(Picker::one_of("write as", names)));
            }
            "taught" => {
                self.asked = Asked::TaughtOn(id);
                let begin = record.date("taughtOn").unwrap_or(world.today).to_string();
                out.push(open(Prompt::date_for("taught on", &begin, world)));
            }
            "status" => {
                self.asked = Asked::Status(id);
                let names = Status::ALL.map(|status| status.name().to_owned());
                out.push(open(Picker::one_of("status", names.to_vec())));
            }
            "duplicate" => self.duplicate(record, out),
            _ => set_status(id, Status::Archived, None, out),
        }
    }

    pub(super) fn reply(&mut self, reply: &Reply, world: &World, out: &mut Out) {
        match (std::mem::take(&mut self.asked), reply) {
            (Asked::Subject, Reply::Line(line)) => self.make(line.trim(), out),
            (Asked::TaughtOn(id), Reply::Date(date)) => {
                set_status(id, Status::Taught, Some(*date), out);
                RecordForm::write_in(LANE, id, "notes", world, out);
            }
            (Asked::Status(id), Reply::Choices(chosen)) => {
                let status = chosen.first().and_then(|at| Status::ALL.get(*at));
                if let Some(status) = status {
                    set_status(id, *status, None, out);
                }
            }
            (Asked::Paper(id), Reply::Choices(chosen)) => {
                let record = world.cache.record(LANE, id);
                if let Some((record, at)) = record.zip(chosen.first()) {
                    write(record, *at, out);
                }
            }
            (
                Asked::Nothing
                | Asked::Subject
                | Asked::Replace(_)
                | Asked::TaughtOn(_)
                | Asked::Status(_)
                | Asked::Paper(_),
                _,
            ) => {}
        }
    }

    fn make(&mut self, subject: &str, out: &mut Out) {
        if subject.is_empty() {
            return;
        }
        let id = RecordId::new();
        let fields = Patch::one("subject", Some(Value::from(subject)));
        out.push(Intent::create(LANE, id, fields, "a lesson request"));
        self.shelves.select(id, Status::Requested.name());
        out.push(open(RecordForm::new(LANE, id).at("topic")));
    }

    /// A plan that was edited is replaced only by the same key again.
    fn plan(&mut self, asked: &Asked, record: &Record, world: &World, out: &mut Out) {
        let (request, present) = read(record, Exit::Database);
        let made = plan(&request);
        if present == made {
            return out.push(Intent::say("the plan is what the template gives"));
        }
        if !present.is_empty() && *asked != Asked::Replace(record.id) {
            self.asked = Asked::Replace(record.id);
            let undo = world.keymap.everywhere("undo");
            let text = format!(
                "there is a plan; once more puts the template's in its place, {undo} takes that back"
            );
            return out.push(Intent::say(text));
        }
        out.push(Intent::change(LANE, record.id, patch_of(&made), "a plan"));
        let text = match request.duration {
            Some(minutes) => {
                let key = world.keymap.named(super::commands::TABLE.scope, "status");
                format!("planned: {minutes} minutes; {key} sets the status")
            }
            None => "planned without minutes, since no duration is given".to_owned(),
        };
        out.push(Intent::say(text));
    }

    /// The request and its plan again, without what came of it.
    fn duplicate(&mut self, record: &Record, out: &mut Out) {
        let id = RecordId::new();
        let fields = record.fields.expose(Exit::Database);
        let mut patch = Patch::default();
        let form = &LANE.form().sections;
        for field in form.iter().flat_map(|section| &section.fields) {
            let is_of_this = matches!(field.key.as_str(), "taughtOn" | "notes");
            if let Some(value) = fields.get(&field.key).filter(|_| !is_of_this) {
                patch.merge(Patch::one(field.key.as_str(), Some(value.clone())));
            }
        }
        let is_planned = !Plan::read(fields).is_empty();
        let status = if is_planned {
            Status::Planned
        } else {
            Status::Requested
        };
        patch.merge(Patch::one("status", Some(Value::from(status.name()))));
        out.push(Intent::create(LANE, id, patch, "a second lesson request"));
        self.shelves.select(id, status.name());
        out.push(Intent::say("duplicated; this is the new one"));
    }
}

/// Whether a command is about the request under the cursor.
fn is_own(name: &str) -> bool {
    matches!(
        name,
        "plan" | "edit-plan" | "read" | "write" | "taught" | "status" | "duplicate" | "archive"
    )
}

fn check_subject(line: &str) -> Result<(), String> {
    text::check(line.trim(), MAX_SUBJECT).map_err(|error| error.to_string())
}

fn patch_of(plan: &Plan) -> Patch {
    let mut patch = Patch::default();
    for (key, value) in plan.fields() {
        let value = Some(value).filter(|value| !value.is_null());
        patch.merge(Patch::one(key, value));
    }
    patch
}

fn set_status(id: RecordId, to: Status, on: Option<Date>, out: &mut Out) {
    let mut patch = Patch::one("status", Some(Value::from(to.name())));
    let mut said = format!("now {}", to.name());
    if let Some(date) = on {
        patch.merge(Patch::one("taughtOn", Some(Value::from(date.to_string()))));
        said = format!("{said}, {}", dates::long(date));
    }
    out.push(Intent::change(
        LANE,
        id,
        patch,
        "the status of a lesson request",
    ));
    out.push(Intent::say(said));
}

fn write(record: &Record, at: usize, out: &mut Out) {
    let all = record.text(super::PRIVATE).is_some();
    let mut papers = PAPERS.iter().filter(|(.., redacted)| all || !redacted);
    let Some((_, paper, redacted)) = papers.nth(at) else {
        return;
    };
    let (request, plan) = read(record, Exit::Export);
    out.push(Intent::Write(Document {
        stem: file_stem("lesson", &request.title()),
        markdown: Secret::new(document(&request, &plan, *redacted)),
        paper: *paper,
    }));
    out.push(Intent::say("writing the lesson"));
}
