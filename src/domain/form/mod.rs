//! The daily log form: sections and fields as data.
//!
//! The form is read from a file (`read`); a person may put their own in its place. A field knows how
//! to read, check, show and step its values (`value`). Keys are camelCase and unique whatever their
//! spelling; a key that the form does not know is treated as sensitive.

mod error;
mod plain;
mod read;
mod value;
mod written;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use error::{FormError, Problem, ValueError};
use read::Of;

use super::patch::PatchError;
use super::text::{folded, nearest, printable};

/// The form that ships with the program.
pub const BUILTIN: &str = include_str!("../../../assets/log-form.toml");

/// Fields that are sensitive even where a form file does not say so; it may say the opposite.
pub const RED_ZONE: [&str; 4] = [
    "familyConnection",
    "faithAlignment",
    "driftCheck",
    "topFriction",
];

/// The questions of a day, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogForm {
    /// What a new day opens with.
    pub view: FormView,
    /// Never empty in a form that was read from a file.
    pub sections: Vec<Section>,
}

/// A titled group of fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// One line.
    pub title: String,
    /// Never empty in a form that was read from a file.
    pub fields: Vec<Field>,
}

/// One question of a day.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // independent marks, as the file has them
pub struct Field {
    /// The camelCase name in the data and in exports.
    pub key: String,
    /// The name on the screen.
    pub label: String,
    /// What answers it takes.
    pub kind: Kind,
    /// The word for the low end of a scale.
    pub low: Option<String>,
    /// The word for the high end of a scale.
    pub high: Option<String>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// What a higher value means.
    pub higher_is: Direction,
    /// Masked until revealed.
    pub sensitive: bool,
    /// Cannot be cleared.
    pub required: bool,
    /// Takes part in drift signals.
    pub drift: bool,
    /// Part of the quick view.
    pub quick: bool,
    /// A date of which something is missing is one that comes.
    pub ahead: bool,
    /// A short question, shown while the field is under the cursor.
    pub prompt: Option<String>,
    /// The key of a text field of the day before, shown beside this one as a reminder; it never
    /// becomes the answer by itself.
    pub prompt_from: Option<String>,
    /// Where stepping begins while there is no answer; the middle of a scale otherwise.
    pub start: Option<f64>,
}

/// What answers a field takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A whole number of a short range, set by a digit.
    Scale {
        /// 0 or 1.
        min: u8,
        /// At most 10.
        max: u8,
    },
    /// A number in the field's unit.
    Number {
        /// The lowest answer.
        min: f64,
        /// The highest answer.
        max: f64,
        /// Answers are `min` plus a multiple of this.
        step: f64,
    },
    /// Yes, no, or not answered.
    Toggle,
    /// One of a list.
    Choice {
        /// In the order shown.
        options: Vec<String>,
    },
    /// Several of a list.
    Many {
        /// In the order shown.
        options: Vec<String>,
    },
    /// Free text, several lines.
    Text,
    /// Short texts, one a line; a list of texts in the data.
    Lines,
    /// A day, `2026-11-23` in the data.
    Date,
}

/// What a higher value of a field means to the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Higher is better.
    Better,
    /// Higher is worse.
    Worse,
    /// Neither.
    #[default]
    Neutral,
}

/// How much of the form is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FormView {
    /// The fields marked `quick`: under a minute.
    #[default]
    Quick,
    /// All fields.
    Full,
}

impl Kind {
    /// The word of the form file.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scale { .. } => "scale",
            Self::Number { .. } => "number",
            Self::Toggle => "toggle",
            Self::Choice { .. } => "choice",
            Self::Many { .. } => "many",
            Self::Text => "text",
            Self::Lines => "lines",
            Self::Date => "date",
        }
    }
}

impl LogForm {
    /// The form that ships with the program.
    #[must_use]
    pub fn builtin() -> Self {
        static FORM: LazyLock<LogForm> =
            LazyLock::new(|| LogForm::parse(BUILTIN, "log-form.toml").unwrap_or_default());
        FORM.clone()
    }

    /// Reads a form file. `file` is its name in messages.
    ///
    /// # Errors
    /// Every problem found, each with file, line and column, what is wrong and what to do.
    pub fn parse(toml: &str, file: &str) -> Result<Self, FormError> {
        read::form(toml, file, Of::Log)
    }

    /// Reads the form of a lane: its keys are columns of a table, or parts of one behind a dot.
    ///
    /// # Errors
    /// As [`LogForm::parse`].
    pub fn parse_lane(toml: &str, file: &str) -> Result<Self, FormError> {
        read::form(toml, file, Of::Lane)
    }

    /// Reads the questions of a weekly review: texts whose keys begin with `answers.`, masked unless the file says
    /// otherwise.
    ///
    /// # Errors
    /// As [`LogForm::parse`].
    pub fn parse_questions(toml: &str, file: &str) -> Result<Self, FormError> {
        read::form(toml, file, Of::Reviews)
    }

    /// The field of a key in any spelling: `familyConnection`, `family_connection`,
    /// `family-connection`, in upper or lower case.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.exact(key)
            .or_else(|| self.all().find(|field| same_key(&field.key, key)))
    }

    /// The field of a key as the data has it.
    #[must_use]
    pub fn exact(&self, key: &str) -> Option<&Field> {
        self.all().find(|field| field.key == key)
    }

    /// Whether the data's key belongs to the form.
    #[must_use]
    pub fn has_key(&self, key: &str) -> bool {
        self.exact(key).is_some()
    }

    /// The key that was probably meant.
    #[must_use]
    pub fn suggest(&self, key: &str) -> Option<&str> {
        nearest(key, self.all().map(|field| field.key.as_str()))
    }

    /// The error for a key that the form does not have.
    #[must_use]
    pub fn unknown(&self, key: &str) -> PatchError {
        PatchError::UnknownField {
            key: error::excerpt(key),
            suggestion: self.suggest(key).map(str::to_owned),
        }
    }

    /// The fields of a view with their sections, in order. A form that calls no field quick is quick as a whole.
    pub fn fields(&self, view: FormView) -> impl Iterator<Item = (&Section, &Field)> {
        let all = view == FormView::Full || !self.all().any(|field| field.quick);
        self.sections
            .iter()
            .flat_map(|section| section.fields.iter().map(move |field| (section, field)))
            .filter(move |(_, field)| all || field.quick)
    }

    /// Whether the data's key needs the mask; so do keys that the form does not know.
    #[must_use]
    pub fn is_sensitive(&self, key: &str) -> bool {
        self.exact(key).is_none_or(|field| field.sensitive)
    }

    /// The form with every answer masked, for while it is not known which the person wants masked.
    #[must_use]
    pub fn all_sensitive(mut self) -> Self {
        for section in &mut self.sections {
            for field in &mut section.fields {
                field.sensitive = true;
            }
        }
        self
    }

    /// Whether it stands in for a form that is not known: [`LogForm::all_sensitive`] of the one that ships.
    #[must_use]
    pub fn stands_in(&self) -> bool {
        static STAND_IN: LazyLock<LogForm> = LazyLock::new(|| LogForm::builtin().all_sensitive());
        self.all().all(|field| field.sensitive) && *self == *STAND_IN
    }

    fn all(&self) -> impl Iterator<Item = &Field> + Clone {
        self.sections.iter().flat_map(|section| &section.fields)
    }
}

fn same_key(one: &str, other: &str) -> bool {
    folded(one).eq(folded(other))
}

/// Text of a file or an argument, safe to show and short.
fn quoted(text: &str) -> String {
    format!("“{}”", printable(text))
}
