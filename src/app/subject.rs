//! What a form is about. All that a form, a text or a mask must know of a day's log is asked here,
//! so that nothing else distinguishes it from other records.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::domain::dates;
use crate::domain::form::{Field, LogForm};
use crate::domain::log::Shown;
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;
use crate::store::api::{Mutation, Query};

use super::draft::Place;
use super::mask::ItemId;
use super::world::World;

/// A record that has a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The log of a date.
    Log(Date),
}

impl Subject {
    /// The record that a text belongs to.
    #[must_use]
    pub fn of(place: &Place) -> Self {
        match place {
            Place::Log { date, .. } => Self::Log(*date),
        }
    }

    /// Its questions.
    #[must_use]
    pub fn form(self, world: &World) -> &LogForm {
        match self {
            Self::Log(_) => &world.form,
        }
    }

    /// What is asked of the database to show it.
    #[must_use]
    pub fn query(self) -> Query {
        match self {
            Self::Log(date) => Query::Day(date),
        }
    }

    /// Its values with what is pending, if anything is known of it.
    #[must_use]
    pub fn fields(self, world: &World) -> Option<&Secret<Map<String, Value>>> {
        match self {
            Self::Log(date) => world.cache.log(date).map(|log| &log.data),
        }
    }

    /// The value of a field, sealed where the field is sensitive.
    #[must_use]
    pub fn value<'w>(self, field: &Field, world: &'w World) -> Shown<'w> {
        self.fields(world)
            .map_or(Shown::Absent, |fields| Shown::of(fields, field))
    }

    /// Whether it is known what the database has.
    #[must_use]
    pub fn is_known(self, world: &World) -> bool {
        world.cache.state(&self.query()).known().is_some()
    }

    /// When it was last changed, if anything is stored.
    #[must_use]
    pub fn saved_at(self, world: &World) -> Option<Timestamp> {
        match self {
            Self::Log(date) => {
                let log = world.cache.log(date).filter(|log| !log.is_blank());
                log.map(|log| log.updated_at)
            }
        }
    }

    /// The same kind of record of the day before.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        match self {
            Self::Log(date) => date.yesterday().ok().map(Self::Log),
        }
    }

    /// Where a field's text belongs.
    #[must_use]
    pub fn place(self, field: &Field) -> Place {
        let field = field.key.clone();
        match self {
            Self::Log(date) => Place::Log { date, field },
        }
    }

    /// The name of a field's value for the mask.
    #[must_use]
    pub fn item(self, key: &str) -> ItemId {
        match self {
            Self::Log(date) => ItemId(format!("log/{date}/{key}")),
        }
    }

    /// The change that puts these values in.
    #[must_use]
    pub fn change(self, patch: Patch, world: &World) -> Mutation {
        match self {
            Self::Log(date) => Mutation::patch_log(world.log_id(date), date, patch),
        }
    }

    /// What it is called in a sentence: `day`.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Log(_) => "day",
        }
    }

    /// Said of it while it holds nothing.
    #[must_use]
    pub fn blank(self) -> &'static str {
        match self {
            Self::Log(_) => "nothing logged",
        }
    }

    /// Which one it is, without any of its values: `Mon 23 Nov 2026`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Log(date) => dates::long(date),
        }
    }
}
