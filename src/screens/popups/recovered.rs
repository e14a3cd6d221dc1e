//! Texts that were not saved, of an earlier run or refused by the database: each is kept or given up, one by one.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use serde_json::{Map, Value};

use crate::app::command::{Command, Table};
use crate::app::draft::{Draft, OldDraft};
use crate::app::mask::ItemId;
use crate::app::part::{Behaviour, Handled, Input, Intent, Tone};
use crate::app::subject::Subject;
use crate::app::update::text_change;
use crate::app::world::World;
use crate::domain::dates;
use crate::domain::secret::{Exit, Secret};
use crate::screens::{Screen, ViewCx};
use crate::screens::{Tui, open};
use crate::store::api::Query;
use crate::ui::{Paragraph, Role};

use super::Editor;
use super::view::{below, paragraph, rows, with_edge};

pub(super) const TABLE: Table = Table {
    scope: "recovered",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "keep",
        words: "put the text in its place",
        hint: Some("put it in"),
        keys: &["enter"],
    },
    Command {
        name: "edit",
        words: "go on writing it",
        hint: Some("write on"),
        keys: &["e"],
    },
    Command {
        name: "give-up",
        words: "give the text up; asked once more",
        hint: Some("give up"),
        keys: &["d"],
    },
    Command {
        name: "later",
        words: "ask again at the next start",
        hint: Some("later"),
        keys: &["esc", "q"],
    },
];

/// The offer.
#[derive(Debug, Clone)]
pub struct Recovered {
    pub(super) drafts: Vec<OldDraft>,
    giving_up: bool,
}

impl Recovered {
    /// Offers these.
    #[must_use]
    pub fn new(drafts: Vec<OldDraft>) -> Self {
        Self {
            drafts,
            giving_up: false,
        }
    }

    /// The one that is being asked about.
    #[must_use]
    pub fn draft(&self) -> Option<&Draft> {
        self.drafts.first().map(|old| &old.draft)
    }

    /// What stands in its place now, if that is known and another text.
    #[must_use]
    pub(super) fn there(&self, world: &World) -> Option<Secret<String>> {
        let Draft { place, text, .. } = self.draft()?;
        let subject = Subject::of(place);
        if !subject.is_known(world) {
            return None;
        }
        let read = |data: &Map<String, Value>| match data.get(place.field()) {
            Some(Value::String(there)) => there.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        };
        let fields = subject.fields(world);
        let there = fields.map_or_else(Secret::default, |fields| fields.as_ref().map(read));
        let is_same = there.expose(Exit::Screen).trim_end() == text.expose(Exit::Screen).trim_end();
        (!is_same).then_some(there)
    }

    fn next(&mut self, out: &mut Vec<Intent<Tui>>) {
        if !self.drafts.is_empty() {
            self.drafts.remove(0);
        }
        if self.drafts.is_empty() {
            out.push(Intent::Close);
        }
    }

    fn command(&mut self, name: &str, world: &World, out: &mut Vec<Intent<Tui>>) {
        let giving_up = std::mem::take(&mut self.giving_up);
        let Some(OldDraft { id, draft }) = self.drafts.first().cloned() else {
            return out.push(Intent::Close);
        };
        match name {
            "keep" => {
                let (mutation, words) =
                    text_change(&draft.place, &draft.text, &Secret::default(), world);
                out.push(Intent::Change { mutation, words });
                out.push(Intent::Kept(id));
                self.next(out);
            }
            "edit" => {
                self.next(out);
                let editor = Editor::holding(world, draft.place, draft.text).of(id);
                out.push(open(editor));
            }
            "give-up" if giving_up => {
                out.push(Intent::GiveUp(id));
                self.next(out);
            }
            "give-up" => {
                self.giving_up = true;
                let key = |command| world.keymap.named(TABLE.scope, command);
                let (up, later) = (key("give-up"), key("later"));
                let text = format!(
                    "{up} once more gives this text up for good; {later} leaves it for later"
                );
                out.push(Intent::Say(Tone::Plain, text));
            }
            _ => {
                let text = "kept; it is offered again at the next start".to_owned();
                out.push(Intent::Say(Tone::Plain, text));
                out.push(Intent::Close);
            }
        }
    }
}

impl Behaviour<Tui> for Recovered {
    fn title(&self) -> &'static str {
        "Unsaved text"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        let of = |draft: &Draft| Subject::of(&draft.place).query();
        self.draft().map(of).into_iter().collect()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) => {
                self.command(name, world, out);
                return Handled::Yes;
            }
            // What comes by itself is no second thought of the person's.
            Input::Answered | Input::NewDay(_) | Input::Shown | Input::Visit(_) => {}
            Input::Key(_) | Input::Paste(_) | Input::Reply(_) => self.giving_up = false,
        }
        Handled::No
    }

    fn passed_by(&mut self) {
        self.giving_up = false;
    }

    fn item(&self, world: &World) -> Option<ItemId> {
        let place = &self.draft()?.place;
        let subject = Subject::of(place);
        subject
            .form(world)
            .is_sensitive(place.field())
            .then(|| subject.item(place.field()))
    }
}

impl Screen for Recovered {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let draft = self.draft()?;
        let (subject, field) = (Subject::of(&draft.place), draft.place.field());
        let (form, id) = (subject.form(cx.world), subject.item(field));
        let shown = |text: &Secret<String>| {
            let seen = if form.is_sensitive(field) {
                cx.reveal(text, &id)
            } else {
                Some(text.expose(Exit::Screen))
            };
            let masked = || (cx.look.glyphs.masked.to_owned(), Role::Masked);
            seen.map_or_else(masked, |text| (text.clone(), Role::Value))
        };
        let there = self.there(cx.world);
        let title = match self.drafts.len() {
            0 | 1 => "Unsaved text".to_owned(),
            left => format!("Unsaved text ({left} left)"),
        };
        // What is seen, not what there is: the height of a masked text would tell its length.
        let (text, role) = shown(&draft.text);
        let text_rows = Paragraph::rows(&text, area.width.min(72).saturating_sub(4));
        let mut inner = cx.popup(
            area,
            buf,
            &title,
            (72, rows(text_rows + 3 + usize::from(there.is_some()))),
        );
        let label = form.field(field);
        let label = label.map_or(field, |field| field.label.as_str());
        let when = draft.saved_at.to_zoned(cx.world.zone().clone());
        let about = format!(
            "{label}, {}: typed {} at {} and not saved.",
            subject.name(),
            dates::short(when.date()),
            when.strftime("%H:%M"),
        );
        inner = below(inner, paragraph(cx, inner, buf, &about, Role::Text));
        if let Some(there) = there {
            let (before, role) = shown(&there);
            let (words, before) = if there.expose(Exit::Screen).is_empty() {
                (
                    format!("The {} has nothing there yet.", subject.noun()),
                    String::new(),
                )
            } else {
                (
                    format!("The {} has: ", subject.noun()),
                    before.replace('\n', " "),
                )
            };
            let at = cx.put(buf, inner, 0, &words, Role::Text);
            cx.put(buf, inner, at, &before, role);
            inner = below(inner, 1);
        }
        inner = below(inner, 1);
        let seen = usize::from(paragraph(cx, inner, buf, &text, role));
        cx.mark_more(with_edge(inner, buf), buf, false, seen < text_rows);
        None
    }
}
