//! Forms: one widget for a day's log and for the records of the lanes.
//!
//! A pane owns which fields are shown and which is under the cursor; values live in the cache. Every
//! answer is written at once as a patch of its one field.

mod actions;
mod answers;
mod commands;
mod field;
mod hints;
mod record;
mod rows;

use std::cell::Cell;

use crate::app::cache::Remote;
use crate::app::mask::ItemId;
use crate::app::part::{Intent, Reply};
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::app::zones::Zones;
use crate::domain::dates;
use crate::domain::form::{Field, FormView, LogForm, Section};
use crate::domain::log::Shown;
use crate::store::api::Link;
use crate::ui::Role;

use super::Tui;

pub use commands::TABLE;
pub use record::{RECORD_TABLE, RecordForm, draw_record, title};

/// The form of a record.
#[derive(Debug)]
pub struct FormPane {
    subject: Subject,
    view: FormView,
    cursor: usize,
    /// First line shown; moves as little as needed to keep the cursor in sight.
    scroll: Cell<usize>,
    /// A jump to a section shows as much of it as fits.
    section_wanted: Cell<bool>,
    /// Which field is drawn where.
    drawn: Zones,
    /// Only looked at: no cursor, and no field without an answer.
    is_preview: bool,
}

impl FormPane {
    /// Shows this record, the cursor on its first field.
    #[must_use]
    pub fn new(subject: Subject, view: FormView) -> Self {
        Self {
            subject,
            view,
            cursor: 0,
            scroll: Cell::new(0),
            section_wanted: Cell::new(false),
            drawn: Zones::default(),
            is_preview: false,
        }
    }

    /// Shows what this record holds, to be looked at.
    #[must_use]
    pub fn preview(subject: Subject) -> Self {
        Self {
            cursor: usize::MAX,
            is_preview: true,
            ..Self::new(subject, FormView::Full)
        }
    }

    /// Puts the cursor on this field, if the form that is shown has it.
    pub fn move_to(&mut self, key: &str, form: &LogForm) {
        let mut fields = form.fields(self.view);
        if let Some(at) = fields.position(|(_, field)| field.key == key) {
            self.cursor = at;
        }
    }

    /// Puts the cursor on the field that is drawn at this column and row.
    pub fn click(&mut self, at: (u16, u16)) {
        if let Some(field) = self.drawn.at(at) {
            self.cursor = field;
        }
    }

    /// The record that is shown.
    #[must_use]
    pub fn subject(&self) -> Subject {
        self.subject
    }

    /// How much of the form is shown.
    #[must_use]
    pub fn view(&self) -> FormView {
        self.view
    }

    /// Shows another record of the same form, the cursor where it is.
    pub fn show(&mut self, subject: Subject) {
        self.subject = subject;
    }

    fn fields<'a>(&self, world: &'a World) -> Vec<(&'a Section, &'a Field)> {
        let is_shown = |field: &Field| {
            !self.is_preview || !matches!(self.subject.value(field, world), Shown::Absent)
        };
        let fields = self.subject.form(world).fields(self.view);
        fields.filter(|(_, field)| is_shown(field)).collect()
    }

    /// The field under the cursor.
    #[must_use]
    pub fn field<'a>(&self, world: &'a World) -> Option<&'a Field> {
        self.fields(world).get(self.cursor).map(|(_, field)| *field)
    }

    /// The quick form instead of the full one, or the other way round. Keeps the cursor on the same
    /// field where the other form has it.
    pub fn switch_view(&mut self, world: &World) {
        let key = self.field(world).map(|field| field.key.clone());
        self.view = match self.view {
            FormView::Quick => FormView::Full,
            FormView::Full => FormView::Quick,
        };
        let fields = self.fields(world);
        let same = fields
            .iter()
            .position(|(_, field)| Some(&field.key) == key.as_ref());
        self.cursor = same.unwrap_or(0);
        self.scroll.set(0);
    }

    /// Puts the cursor on the field of this key, in the full form where the quick one lacks it.
    pub fn seek(&mut self, key: &str, world: &World) {
        let is_it = |(_, field): &(&Section, &Field)| field.key == key;
        if !self.fields(world).iter().any(is_it) && self.view == FormView::Quick {
            self.switch_view(world);
        }
        if let Some(at) = self.fields(world).iter().position(is_it) {
            self.cursor = at;
        }
    }

    /// Takes what a popup that it opened has left behind.
    pub fn reply(&mut self, reply: &Reply, world: &World, out: &mut Vec<Intent<Tui>>) {
        match reply {
            Reply::Line(line) => self.enter_line(line, world, out),
            Reply::Onward => self.onward(world, out),
            Reply::Choices(chosen) => self.choose(chosen, world, out),
            Reply::Date(_) | Reply::Form(_) => {}
        }
    }

    /// The next field; if it is a text, its editor, so that an evening is one pass.
    fn onward(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        let before = self.cursor;
        self.move_by(1, world);
        if self.cursor != before && self.field(world).is_some_and(Field::is_written) {
            self.edit(world, out);
        }
    }

    /// The value under the cursor, where it is sensitive.
    #[must_use]
    pub fn item(&self, world: &World) -> Option<ItemId> {
        let field = self.field(world).filter(|field| field.sensitive)?;
        Some(self.subject.item(&field.key))
    }

    /// Whether anything in it may be masked.
    #[must_use]
    pub fn has_masked(&self, world: &World) -> bool {
        let is_sealed = |field: &Field| {
            let value = self.subject.value(field, world);
            matches!(value, Shown::Sealed(_))
        };
        let mut fields = self.fields(world).into_iter();
        !self.subject.is_known(world) || fields.any(|(_, field)| is_sealed(field))
    }

    /// In a word or two, what is between the record and the database.
    #[must_use]
    pub fn state(&self, world: &World) -> (String, Role) {
        let pending = world.cache.pending().len();
        let online = matches!(world.link, Link::Online { .. });
        if pending > 0 {
            return if online {
                ("saving".to_owned(), Role::Muted)
            } else {
                (format!("{pending} unsent"), Role::Warn)
            };
        }
        if self.subject.is_missing(world) {
            return ("not there".to_owned(), Role::Muted);
        }
        match world.cache.state(&self.subject.query()) {
            Remote::Ready(_) | Remote::Loading(Some(_)) => match self.subject.saved_at(world) {
                Some(at) => (format!("saved {}", when(world, at)), Role::Ok),
                None => (self.subject.blank().to_owned(), Role::Muted),
            },
            Remote::Absent | Remote::Loading(None) if online => ("loading".to_owned(), Role::Muted),
            Remote::Failed(..) if online => {
                let key = world.keymap.everywhere("reconnect");
                (format!("not loaded, {key} retries"), Role::Danger)
            }
            Remote::Absent | Remote::Loading(None) | Remote::Failed(..) => {
                ("not loaded yet".to_owned(), Role::Muted)
            }
        }
    }
}

/// The time of the moment, with its date when that was another day.
fn when(world: &World, moment: jiff::Timestamp) -> String {
    let at = moment.to_zoned(world.zone().clone());
    if at.date() == world.today {
        world.clock(moment)
    } else {
        dates::short(at.date())
    }
}
