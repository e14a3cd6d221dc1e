//! Pages to be read: an index, the days month by month, and a page a table. As one file they follow each other.
//!
//! Everything that the document has is there, unless it was covered; only the document itself can be imported.
//! Texts are harmless: no control character, no mark-up that the person did not write as a text of several lines.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::domain::export_format::{Header, Table};
use crate::domain::form::{FormView, LogForm};
use crate::domain::lane::Lane;
use crate::domain::markdown::{block, inline};
use crate::domain::redaction::Redaction;

use super::{Out, Unforeseen, Writing, read};

/// Columns that say nothing to a reader.
const PASSED_OVER: [&str; 3] = ["userId", "version", "updatedAt"];

/// What a record may be called by.
const TITLES: [&str; 7] = [
    "title",
    "subject",
    "sentence",
    "weekStart",
    "date",
    "tableName",
    "kind",
];

pub(super) struct Markdown {
    questions: LogForm,
    said: String,
    cover: Option<Redaction>,
    /// The page of days that is open, as `2026-11`.
    month: String,
    /// Titles of goals, for their check-ins.
    goals: BTreeMap<String, String>,
    is_empty: bool,
}

impl Markdown {
    pub fn new(questions: LogForm, said: String, cover: Option<Redaction>) -> Self {
        Self {
            questions,
            said,
            cover,
            month: String::new(),
            goals: BTreeMap::new(),
            is_empty: true,
        }
    }

    fn day(&mut self, row: &Map<String, Value>, out: &mut Out) {
        let date = row.get("date").and_then(Value::as_str).unwrap_or_default();
        let month = date.get(..7).unwrap_or(date);
        if month != self.month {
            month.clone_into(&mut self.month);
            out.file(&format!("logs-{month}.md"));
            out.text(&format!("# {month}\n\n"));
        }
        out.text(&format!("## {}{}\n\n", inline(date), archived(row)));
        let empty = Map::new();
        let answers = row.get("data").and_then(Value::as_object).unwrap_or(&empty);
        for (_, field) in self.questions.fields(FormView::Full) {
            if let Some(answer) = answers.get(&field.key) {
                // What stands for an answer is no answer of the field's kind.
                let shown = match answer {
                    Value::String(text) => Value::from(text.as_str()),
                    other => Value::from(field.show(other)),
                };
                fact(&field.label, &shown, out);
            }
        }
        for (key, answer) in answers {
            if !self.questions.has_key(key) {
                fact(key, answer, out);
            }
        }
        for column in ["imported", "createdAt", "archivedAt"] {
            if let Some(value) = row.get(column) {
                fact(column, value, out);
            }
        }
        out.text("\n");
    }

    fn record(&self, table: &Table, row: &Map<String, Value>, out: &mut Out) {
        let goal = row.get("goalId").and_then(Value::as_str);
        let title = match goal {
            Some(id) => {
                let date = row.get("date").and_then(Value::as_str).unwrap_or_default();
                format!("{date} {}", self.goals.get(id).map_or(id, String::as_str))
            }
            None => TITLES
                .iter()
                .filter_map(|name| row.get(*name).and_then(Value::as_str))
                .find(|title| !title.is_empty())
                .unwrap_or("—")
                .to_owned(),
        };
        out.text(&format!("## {}{}\n\n", inline(&title), archived(row)));
        let form = Lane::of_table(table.sql).map(Lane::form);
        for (column, value) in row {
            if PASSED_OVER.contains(&column.as_str()) {
                continue;
            }
            let label = |key: &str| {
                form.and_then(|form| form.exact(key))
                    .map(|f| f.label.clone())
            };
            match value {
                // Parts of a column that the form asks for.
                Value::Object(parts) if form.is_some() && column != "imported" => {
                    for (part, value) in parts {
                        let key = format!("{column}.{part}");
                        fact(&label(&key).unwrap_or(key), value, out);
                    }
                }
                value => fact(&label(column).unwrap_or_else(|| column.clone()), value, out),
            }
        }
        out.text("\n");
    }
}

impl Writing for Markdown {
    fn begin(&mut self, header: &Header, out: &mut Out) -> Result<(), Unforeseen> {
        out.file("README.md");
        out.text(&format!(
            "# Harris Wildlands: {}\n\nExported {}: {}.\nThese pages are for reading; an export as JSON is what can be imported.\n\n",
            inline(&header.user.display_name),
            header.exported_at,
            self.said
        ));
        for (table, rows) in &header.counts {
            out.text(&format!("- {table}: {rows}\n"));
        }
        out.text("\n");
        Ok(())
    }

    fn table(&mut self, table: &'static Table, out: &mut Out) -> Result<(), Unforeseen> {
        self.is_empty = true;
        self.month.clear();
        if table.sql != "logs" {
            out.file(&format!("{}.md", table.json()));
            out.text(&format!("# {}\n\n", table.sql.replace('_', " ")));
        }
        Ok(())
    }

    fn row(&mut self, table: &'static Table, row: &str, out: &mut Out) -> Result<(), Unforeseen> {
        let row = read(table, row, self.cover.as_ref())?;
        self.is_empty = false;
        if table.sql == "logs" {
            self.day(&row, out);
            return Ok(());
        }
        if table.sql == "goals"
            && let (Some(Value::String(id)), Some(Value::String(title))) =
                (row.get("id"), row.get("title"))
        {
            self.goals.insert(id.clone(), title.clone());
        }
        self.record(table, &row, out);
        Ok(())
    }

    fn end_table(&mut self, _: &mut Out) {}

    fn end(&mut self, _: &mut Out) {}

    fn order(&self, table: &'static Table) -> &'static str {
        match table.sql {
            "check_ins" => "date, id",
            _ => table.order,
        }
    }
}

fn archived(row: &Map<String, Value>) -> &'static str {
    match row.get("archivedAt") {
        None | Some(Value::Null) => "",
        Some(_) => " (archived)",
    }
}

/// An item of a list; nothing where there is no value. A text of several lines is a quotation below it.
fn fact(label: &str, value: &Value, out: &mut Out) {
    let label = inline(label);
    match value {
        Value::Null => {}
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if text.contains('\n') => {
            out.text(&format!("- **{label}**\n\n"));
            for line in block(text).lines() {
                out.text(&format!("  > {line}\n"));
            }
            out.text("\n");
        }
        Value::String(text) => out.text(&format!("- **{label}**: {}\n", inline(text))),
        Value::Bool(yes) => {
            let yes = if *yes { "yes" } else { "no" };
            out.text(&format!("- **{label}**: {yes}\n"));
        }
        Value::Number(number) => out.text(&format!("- **{label}**: {number}\n")),
        Value::Array(list) if list.is_empty() => {}
        Value::Array(list) if list.iter().all(Value::is_string) => {
            out.text(&format!("- **{label}**\n"));
            for text in list.iter().filter_map(Value::as_str) {
                out.text(&format!("  - {}\n", inline(text)));
            }
        }
        Value::Array(_) | Value::Object(_) => {
            out.text(&format!("- **{label}**: {}\n", inline(&value.to_string())));
        }
    }
}
