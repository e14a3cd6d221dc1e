//! Reads a form file and says everything that is wrong with it, each with its place.
//!
//! The file is TOML: `[[section]]` tables with a `title` and a list `field`. Nothing is guessed: an
//! attribute that is unknown, of the wrong type or without meaning for its kind is an error.

mod attribute;
mod field;
mod kind;

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use self::attribute::type_of;
use super::error::{FormError, Problem, excerpt};
use super::{Field, FormView, Kind, LogForm, Section, quoted, same_key};
use crate::domain::text::nearest;

const TOP: [&str; 2] = ["view", "section"];
const SECTION: [&str; 2] = ["title", "field"];
/// The longest title, in characters.
const TITLE: usize = 40;
const MOST_FIELDS: usize = 400;

type Entry<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// What a form file asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A day.
    Log,
    /// A record of a lane: keys are columns, or parts of one behind a dot.
    Lane,
    /// A weekly review: keys are parts of the answers, and answers are texts.
    Reviews,
}

/// Reads a form file.
pub(super) fn form(toml: &str, file: &str, of: Of) -> Result<LogForm, FormError> {
    let mut reader = Reader {
        toml,
        file,
        of,
        problems: Vec::new(),
    };
    let (root, errors) = DeTable::parse_recoverable(toml);
    for error in errors {
        let message = reader.syntax(&error);
        reader.problem(error.span().unwrap_or(0..0), message);
    }
    // Beyond broken syntax, further findings would be about what the parser guessed.
    let form = if reader.problems.is_empty() {
        reader.form(&root)
    } else {
        LogForm::default()
    };
    if reader.problems.is_empty() {
        Ok(form)
    } else {
        Err(FormError::new(reader.problems))
    }
}

struct Reader<'t> {
    toml: &'t str,
    file: &'t str,
    of: Of,
    problems: Vec<Problem>,
}

/// A field and where its parts stand.
struct Placed {
    field: Field,
    key: Range<usize>,
    prompt_from: Option<Range<usize>>,
}

impl Reader<'_> {
    fn problem(&mut self, span: Range<usize>, message: impl Into<String>) {
        let (line, column) = self.place(span.start);
        let file = excerpt(self.file);
        self.problems.push(Problem {
            file,
            line,
            column,
            message: message.into(),
        });
    }

    fn place(&self, offset: usize) -> (usize, usize) {
        let before = self.toml.get(..offset).unwrap_or(self.toml);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(start..).unwrap_or("").chars().count() + 1;
        (line, column)
    }

    fn syntax(&self, error: &toml::de::Error) -> String {
        let at = error
            .span()
            .and_then(|span| self.toml.get(span))
            .unwrap_or("");
        if error.message().contains("duplicate key") {
            return format!(
                "`{}` is defined twice; rename or remove one",
                excerpt(at.trim())
            );
        }
        format!(
            "this is not TOML: {}; correct it",
            excerpt_long(error.message())
        )
    }

    fn form(&mut self, root: &Spanned<DeTable<'_>>) -> LogForm {
        let table = root.get_ref();
        self.only(table, &TOP, "the form");
        let view = self.view(table.get("view"));
        let mut sections = Vec::new();
        let mut placed: Vec<Placed> = Vec::new();
        for entry in self.tables(table.get("section"), 0..0, "[[section]]", "the form") {
            let title = self.section_title(entry);
            let before = placed.len();
            self.section_fields(entry, &mut placed);
            sections.push((title, before..placed.len()));
        }
        if placed.len() > MOST_FIELDS {
            let key = placed.last().map_or(0..0, |last| last.key.clone());
            let message = format!(
                "{} fields are too many; keep to {MOST_FIELDS}",
                placed.len()
            );
            self.problem(key, message);
        } else {
            self.unique(&placed);
        }
        // A field with a mistake is not among them, and the mistake is the thing to mend first.
        if self.problems.is_empty() {
            self.prompts(&placed);
        }
        let mut fields = placed.into_iter().map(|placed| placed.field);
        let sections = sections
            .into_iter()
            .map(|(title, range)| Section {
                title,
                fields: fields.by_ref().take(range.len()).collect(),
            })
            .collect();
        LogForm { view, sections }
    }

    fn view(&mut self, entry: Option<Entry<'_, '_>>) -> FormView {
        match entry.map(|entry| (entry.span(), entry.get_ref().as_str())) {
            None | Some((_, Some("quick"))) => FormView::Quick,
            Some((_, Some("full"))) => FormView::Full,
            Some((span, _)) => {
                self.problem(span, "`view` is “quick” or “full”; write one of them");
                FormView::Quick
            }
        }
    }

    fn section_title(&mut self, entry: Entry<'_, '_>) -> String {
        let Some(table) = entry.get_ref().as_table() else {
            return String::new();
        };
        self.only(table, &SECTION, "a section");
        if !table.contains_key("title") {
            self.problem(
                entry.span(),
                "this section has no `title`; add title = \"…\"",
            );
        }
        self.line(table, "title", TITLE).unwrap_or_default()
    }

    fn section_fields(&mut self, entry: Entry<'_, '_>, placed: &mut Vec<Placed>) {
        let Some(table) = entry.get_ref().as_table() else {
            return;
        };
        let title = table
            .get("title")
            .and_then(|t| t.get_ref().as_str())
            .unwrap_or_default();
        let name = format!("section {}", quoted(&excerpt(title)));
        for field in self.tables(table.get("field"), entry.span(), "[[section.field]]", &name) {
            if let Some(table) = field.get_ref().as_table()
                && let Some(field) = self.field(table, &field.span())
            {
                placed.push(field);
            }
        }
    }

    /// The tables of a list that must have at least one.
    fn tables<'a, 'i>(
        &mut self,
        entry: Option<Entry<'a, 'i>>,
        place: Range<usize>,
        name: &str,
        owner: &str,
    ) -> Vec<Entry<'a, 'i>> {
        let Some(entry) = entry else {
            self.problem(
                place,
                format!("{owner} is empty; add a {name} or remove it"),
            );
            return Vec::new();
        };
        let Some(list) = entry.get_ref().as_array() else {
            let message = format!("{owner} takes a list of tables here; write {name}");
            self.problem(entry.span(), message);
            return Vec::new();
        };
        if list.is_empty() {
            self.problem(
                entry.span(),
                format!("{owner} is empty; add a {name} or remove it"),
            );
        }
        let mut tables = Vec::new();
        for item in list {
            if item.get_ref().is_table() {
                tables.push(item);
            } else {
                self.problem(
                    item.span(),
                    format!("{owner} takes tables, not {}", type_of(item.get_ref())),
                );
            }
        }
        tables
    }

    fn only(&mut self, table: &DeTable<'_>, known: &[&str], owner: &str) {
        for (name, _) in table {
            let word: &Cow<'_, str> = name.get_ref();
            if known.contains(&word.as_ref()) {
                continue;
            }
            let advice = match nearest(word, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has {}", known.join(", ")),
            };
            self.problem(
                name.span(),
                format!("{owner} has no attribute `{}`; {advice}", excerpt(word)),
            );
        }
    }

    /// A key may occur once, whatever its spelling.
    fn unique(&mut self, placed: &[Placed]) {
        for (index, this) in placed.iter().enumerate() {
            let first = placed
                .iter()
                .take(index)
                .find(|p| same_key(&p.field.key, &this.field.key));
            let Some(first) = first else { continue };
            let line = self.place(first.key.start).0;
            let spelled = if first.field.key == this.field.key {
                format!("first in line {line}")
            } else {
                format!("first as `{}` in line {line}", first.field.key)
            };
            let message = format!(
                "field `{}` is defined twice ({spelled}); rename or remove one",
                this.field.key
            );
            self.problem(this.key.clone(), message);
        }
    }

    fn prompts(&mut self, placed: &[Placed]) {
        for this in placed {
            let (Some(from), Some(place)) = (&this.field.prompt_from, &this.prompt_from) else {
                continue;
            };
            match placed.iter().find(|p| p.field.key == *from) {
                Some(source) if source.field.kind == Kind::Text => {}
                Some(_) => self.problem(
                    place.clone(),
                    format!("`{from}` is not a text; name a text field"),
                ),
                None => {
                    let near = nearest(from, placed.iter().map(|p| p.field.key.as_str()));
                    let advice = near.map_or("name one of the form".to_owned(), |near| {
                        format!("did you mean `{near}`?")
                    });
                    self.problem(
                        place.clone(),
                        format!("there is no field `{}`; {advice}", excerpt(from)),
                    );
                }
            }
        }
    }
}

/// A parser's message on one line.
fn excerpt_long(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}
