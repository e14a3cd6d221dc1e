//! What a form is about, seen with everything that is known here. All that a form, a text or a mask
//! must know of a day's log or a record is asked here, so that nothing else distinguishes them.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::domain::form::{Field, LogForm};
use crate::domain::log::Shown;
use crate::domain::patch::Patch;
use crate::domain::secret::Secret;
pub use crate::domain::subject::Subject;
use crate::store::api::{Mutation, Query};

use super::mask::ItemId;
use super::world::World;

impl Subject {
    /// Its questions.
    #[must_use]
    pub fn form(self, world: &World) -> &LogForm {
        match self {
            Self::Log(_) => &world.form,
            Self::Record(lane, _) => lane.form(),
        }
    }

    /// What a field is called; by its key where the form does not have it.
    #[must_use]
    pub fn label<'a>(self, key: &'a str, world: &'a World) -> &'a str {
        let field = self.form(world).field(key);
        field.map_or(key, |field| field.label.as_str())
    }

    /// What is asked of the database to show it.
    #[must_use]
    pub fn query(self) -> Query {
        Query::of(self)
    }

    /// Its values with what is pending, if anything is known of it.
    #[must_use]
    pub fn fields(self, world: &World) -> Option<&Secret<Map<String, Value>>> {
        world.cache.fields(self)
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
        world.cache.knows(self)
    }

    /// Whether it is known that there is no such record, nor one on its way. A day is never missing.
    #[must_use]
    pub fn is_missing(self, world: &World) -> bool {
        match self {
            Self::Log(_) => false,
            Self::Record(..) => self.is_known(world) && self.fields(world).is_none(),
        }
    }

    /// When it was last changed, if anything is stored.
    #[must_use]
    pub fn saved_at(self, world: &World) -> Option<Timestamp> {
        match self {
            Self::Log(date) => {
                let log = world.cache.log(date).filter(|log| !log.is_blank());
                log.map(|log| log.updated_at)
            }
            Self::Record(lane, id) => {
                let record = world.cache.record(lane, id);
                record
                    .filter(|record| record.version > 0)
                    .map(|record| record.updated_at)
            }
        }
    }

    /// The same kind of record of the day before.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        match self {
            Self::Log(date) => date.yesterday().ok().map(Self::Log),
            Self::Record(..) => None,
        }
    }

    /// The name of a field's value for the mask.
    #[must_use]
    pub fn item(self, key: &str) -> ItemId {
        match self {
            Self::Log(date) => ItemId(format!("log/{date}/{key}")),
            Self::Record(lane, id) => ItemId(format!("{}/{id}/{key}", lane.table())),
        }
    }

    /// The change that puts these values in.
    #[must_use]
    pub fn change(self, patch: Patch, world: &World) -> Mutation {
        let log = match self {
            Self::Log(date) => world.log_id(date),
            Self::Record(_, id) => id,
        };
        Mutation::set(self, log, patch)
    }

    /// Said of it while it holds nothing.
    #[must_use]
    pub fn blank(self) -> &'static str {
        match self {
            Self::Log(_) => "nothing logged",
            Self::Record(..) => "not saved yet",
        }
    }
}
