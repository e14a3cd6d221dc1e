//! A stored signal as the screen reads it from its record.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::app::mask::ItemId;
use crate::app::part::Target;
use crate::app::subject::Subject;
use crate::app::world::World;
use crate::domain::drift::{self, Evidence, EvidenceRow, FieldKind, SignalType, State};
use crate::domain::form::Field;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::{Exit, Secret};
use crate::store::api::Query;

/// The field that the mask covers a signal by: with the sentence go its figures and rows.
pub(super) const SENTENCE: &str = "sentence";
/// What the person writes about a signal.
pub(super) const NOTE: &str = "note";
/// The most days that one question for a series spans.
const LONGEST: i64 = 400;

/// A stored signal.
pub(super) struct Seen<'w> {
    pub record: &'w Record,
    pub kind: SignalType,
    pub subject: &'w str,
    pub state: State,
    /// Whether what it says needs the mask.
    pub is_private: bool,
    /// Where all of it is here.
    pub evidence: Option<Evidence>,
}

impl<'w> Seen<'w> {
    /// Nothing for a type or a state that this program does not know.
    pub fn of(record: &'w Record, world: &World) -> Option<Self> {
        let kind = SignalType::of_word(record.word("type")?)?;
        let subject = record.word("subject").unwrap_or_default();
        Some(Self {
            record,
            kind,
            subject,
            state: State::of_word(record.word("state")?)?,
            is_private: drift::is_private(kind, subject, &world.form),
            evidence: evidence(record),
        })
    }

    pub fn sentence(&self) -> Secret<&'w str> {
        self.record.text(SENTENCE).unwrap_or_default()
    }

    /// What the mask calls it, where it needs one.
    pub fn item(&self) -> Option<ItemId> {
        self.is_private.then(|| self.subject_of(SENTENCE))
    }

    /// What the mask calls what the person wrote about it, where something is written.
    pub fn note_item(&self) -> Option<ItemId> {
        self.record.text(NOTE)?;
        Some(self.subject_of(NOTE))
    }

    fn subject_of(&self, key: &str) -> ItemId {
        Subject::Record(Lane::Signals, self.record.id).item(key)
    }

    /// Whether the mask lets be seen what it says.
    pub fn is_shown(&self, world: &World) -> bool {
        self.item().is_none_or(|item| world.mask.shows(&item))
    }

    /// The rows that count, by date.
    pub fn rows(&self) -> &[EvidenceRow] {
        let evidence = self.evidence.as_ref();
        evidence.map_or(&[], |evidence| evidence.rows.as_slice())
    }

    /// The field of the daily log that it is about, if it is about one.
    pub fn field<'f>(&self, world: &'f World) -> Option<&'f Field> {
        let of_field = self.kind.is_about_field();
        of_field.then(|| world.form.exact(self.subject)).flatten()
    }

    /// Where a row is at home.
    pub fn target(&self, row: &EvidenceRow) -> Target {
        match Lane::of_table(&row.table) {
            Some(lane) => Target::Record { lane, id: row.id },
            None if self.kind.is_about_field() => Target::Field(row.date, self.subject.to_owned()),
            None => Target::Day(row.date),
        }
    }

    /// The dates that a chart of so many days shows: it ends with the last row, and begins no earlier than what the
    /// rows are held against.
    pub fn dates(&self, days: u16) -> Option<(Date, Date)> {
        let evidence = self.evidence.as_ref()?;
        let to = evidence.window.1;
        let begin = evidence.baseline.as_ref().map(|baseline| baseline.from);
        let first = begin.unwrap_or(evidence.window.0);
        let most = i64::from(days).clamp(1, LONGEST);
        Some((to.saturating_sub((most - 1).days()).max(first), to))
    }

    /// The question for the figures before the rows that count; those of a sensitive field are asked of nobody.
    pub fn series(&self, world: &World) -> Option<Query> {
        let field = self.field(world).filter(|field| !field.sensitive)?;
        FieldKind::of(field)?;
        let (from, to) = self.dates(u16::MAX)?;
        Some(Query::Series {
            fields: vec![field.key.clone()],
            from,
            to,
        })
    }
}

/// The evidence that a whole record holds.
fn evidence(record: &Record) -> Option<Evidence> {
    if !record.whole {
        return None;
    }
    let fields = record.fields.expose(Exit::Screen).iter();
    let parts = fields.filter_map(|(key, value)| Some((key.strip_prefix("value.")?, value)));
    let parts: Map<String, Value> = parts
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect();
    Evidence::of_parts(parts)
}
