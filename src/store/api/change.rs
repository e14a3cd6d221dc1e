//! Changes: what is to be done, with the id that makes it happen once, and what came of it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::domain::draft::Place;
use crate::domain::form::LogForm;
use crate::domain::ids::{RecordId, RequestId};
use crate::domain::lane::Lane;
use crate::domain::log::DailyLog;
use crate::domain::meeting::{Base, Met};
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::secret::{Exit, Secret};
use crate::domain::subject::Subject;

/// A change that was made earlier, and how to take it back.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// When it was made.
    pub changed_at: Timestamp,
    /// What was done.
    pub forward: Mutation,
    /// What takes it back.
    pub inverse: Mutation,
}

/// A change of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Mutation {
    /// Merge these fields into the log of this date; makes the log when there is none.
    PatchLog {
        /// Id the log gets if it does not exist yet.
        id: RecordId,
        /// Whose date.
        date: Date,
        /// The fields that change, nothing else.
        patch: Patch,
        /// What is taken for granted of these fields.
        base: Base,
    },
    /// Change a record of a lane.
    Record {
        /// Its lane.
        lane: Lane,
        /// Its id.
        id: RecordId,
        /// What is done to it.
        change: RecordChange,
    },
}

/// What is done to a record of a lane.
#[derive(Debug, Clone, PartialEq)]
pub enum RecordChange {
    /// Make it, with these fields. A check-in of a goal and date that have one already changes that.
    Create(Patch),
    /// Change these fields and nothing else.
    Set {
        /// The fields that change.
        patch: Patch,
        /// What is taken for granted of these fields.
        base: Base,
    },
    /// Delete it, with what belongs to it; it stays in the history.
    Delete,
    /// Bring it back as it was when it was deleted, with what went with it.
    Restore,
}

impl Mutation {
    /// A change of a day that holds whatever is there.
    #[must_use]
    pub fn patch_log(id: RecordId, date: Date, patch: Patch) -> Self {
        Self::PatchLog {
            id,
            date,
            patch,
            base: Base::Any,
        }
    }

    /// A change of fields that holds whatever is there.
    #[must_use]
    pub fn set(subject: Subject, log: RecordId, patch: Patch) -> Self {
        match subject {
            Subject::Log(date) => Self::patch_log(log, date, patch),
            Subject::Record(lane, id) => Self::Record {
                lane,
                id,
                change: RecordChange::Set {
                    patch,
                    base: Base::Any,
                },
            },
        }
    }

    /// What is changed.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::PatchLog { date, .. } => Subject::Log(*date),
            Self::Record { lane, id, .. } => Subject::Record(*lane, *id),
        }
    }

    /// The fields that it sets; none where the record comes or goes as a whole.
    #[must_use]
    pub fn patch(&self) -> Option<&Patch> {
        match self {
            Self::PatchLog { patch, .. } => Some(patch),
            Self::Record { change, .. } => match change {
                RecordChange::Create(patch) | RecordChange::Set { patch, .. } => Some(patch),
                RecordChange::Delete | RecordChange::Restore => None,
            },
        }
    }

    /// What it takes for granted, where that can be said.
    #[must_use]
    pub fn base(&self) -> Option<&Base> {
        match self {
            Self::PatchLog { base, .. } => Some(base),
            Self::Record { change, .. } => match change {
                RecordChange::Set { base, .. } => Some(base),
                RecordChange::Create(_) | RecordChange::Delete | RecordChange::Restore => None,
            },
        }
    }

    /// The form that the fields belong to; `log` is that of the daily log.
    #[must_use]
    pub fn form<'a>(&self, log: &'a LogForm) -> &'a LogForm {
        match self.subject() {
            Subject::Log(_) => log,
            Subject::Record(lane, _) => lane.form(),
        }
    }

    /// What it changes, in the words of its form and never with a value: names of fields, or what
    /// comes or goes as a whole.
    #[must_use]
    pub fn names(&self, log: &LogForm) -> Vec<String> {
        let form = self.form(log);
        let label = |key: &str| {
            let field = form.field(key);
            field.map_or_else(|| key.to_owned(), |field| field.label.clone())
        };
        match self.patch() {
            Some(patch) => patch.keys().map(label).collect(),
            None => vec![self.subject().noun().to_owned()],
        }
    }

    /// The free texts that it writes, each with its place.
    #[must_use]
    pub fn texts(&self, log: &LogForm) -> Vec<(Place, Secret<String>)> {
        let (subject, form) = (self.subject(), self.form(log));
        let fields = self.patch().map(|patch| patch.to_json(Exit::Draft));
        let Some(Value::Object(fields)) = fields else {
            return Vec::new();
        };
        let texts = fields.into_iter().filter_map(|(key, value)| {
            let text = match form.field(&key) {
                Some(field) => field.as_text(&value),
                None if !subject.is_text(&key, form) => None,
                None => value.as_str().map(str::to_owned),
            };
            Some((key, Secret::new(text?)))
        });
        texts
            .map(|(field, text)| (subject.place(field), text))
            .collect()
    }

    /// The same change, taking this for granted.
    #[must_use]
    pub fn with_base(mut self, taken: Base) -> Self {
        match &mut self {
            Self::PatchLog { base, .. }
            | Self::Record {
                change: RecordChange::Set { base, .. },
                ..
            } => *base = taken,
            Self::Record {
                change: RecordChange::Create(_) | RecordChange::Delete | RecordChange::Restore,
                ..
            } => {}
        }
        self
    }
}

/// A change on its way, with the id that makes it happen once.
#[derive(Debug, Clone, PartialEq)]
pub struct Write {
    /// Identifies the change across retries, reconnects and restarts.
    pub request: RequestId,
    /// The change.
    pub mutation: Mutation,
}

/// What the database made of a [`Write`].
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// The log as it now is, and the patch that takes this write back.
    Log {
        /// The row after the change.
        log: DailyLog,
        /// Puts back what the written fields held before.
        inverse: Patch,
        /// Fields that were changed elsewhere in the meantime.
        met: Vec<Met>,
    },
    /// A record as it now is, and what takes this write back.
    Record {
        /// After the change; `None` when it is gone.
        record: Option<Record>,
        /// Takes the write back; `None` when it changed nothing.
        inverse: Option<Mutation>,
        /// Fields that were changed elsewhere in the meantime.
        met: Vec<Met>,
    },
    /// The write had reached the database before (a retry whose acknowledgement was lost).
    Already {
        /// The row as it now is.
        log: Option<DailyLog>,
    },
}
