//! Tables for a spreadsheet: a file a table, RFC 4180, UTF-8, the names of the document in the first line.
//!
//! Answers of a day have a column each, in the order of the form; what the form does not know is JSON in
//! `otherAnswers`. Null is empty; lists and objects are JSON. A text that a spreadsheet would take for a
//! formula gets an apostrophe before it (and so does a text that begins with one, so that taking the first
//! apostrophe away gives every text back).

use serde_json::{Map, Value};

use crate::domain::export_format::{Header, Table};
use crate::domain::form::{FormView, LogForm};
use crate::domain::redaction::Redaction;

use super::{Out, Unforeseen, Writing, read};

/// The column of a day for answers whose questions are not in the form.
const OTHER: &str = "otherAnswers";

pub(super) struct Csv {
    questions: Vec<String>,
    cover: Option<Redaction>,
    columns: Vec<String>,
}

impl Csv {
    pub fn new(questions: &LogForm, cover: Option<Redaction>) -> Self {
        let fields = questions.fields(FormView::Full);
        Self {
            questions: fields.map(|(_, field)| field.key.clone()).collect(),
            cover,
            columns: Vec::new(),
        }
    }

    fn cells(&self, table: &Table, mut row: Map<String, Value>) -> Vec<String> {
        let mut cells = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            let value = row.remove(column).unwrap_or_default();
            match value {
                Value::Object(mut answers) if table.sql == "logs" && column == "data" => {
                    for key in &self.questions {
                        cells.push(cell(answers.shift_remove(key).unwrap_or_default()));
                    }
                    cells.push(if answers.is_empty() {
                        String::new()
                    } else {
                        cell(answers.into())
                    });
                }
                value => cells.push(cell(value)),
            }
        }
        cells
    }
}

impl Writing for Csv {
    fn begin(&mut self, _: &Header, _: &mut Out) -> Result<(), Unforeseen> {
        Ok(())
    }

    fn table(&mut self, table: &'static Table, out: &mut Out) -> Result<(), Unforeseen> {
        out.file(&format!("{}.csv", table.json()));
        self.columns = table.columns().map(|(_, json)| json).collect();
        let mut names = Vec::with_capacity(self.columns.len());
        for column in &self.columns {
            if table.sql == "logs" && column == "data" {
                for key in &self.questions {
                    // A question may be called as a column is.
                    let taken = self.columns.contains(key) || key == OTHER;
                    names.push(if taken {
                        format!("data.{key}")
                    } else {
                        key.clone()
                    });
                }
                names.push(OTHER.to_owned());
            } else {
                names.push(column.clone());
            }
        }
        record(&names, out)
    }

    fn row(&mut self, table: &'static Table, row: &str, out: &mut Out) -> Result<(), Unforeseen> {
        let row = read(table, row, self.cover.as_ref())?;
        record(&self.cells(table, row), out)
    }

    fn end_table(&mut self, _: &mut Out) {}

    fn end(&mut self, _: &mut Out) {}
}

fn record(cells: &[String], out: &mut Out) -> Result<(), Unforeseen> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(out);
    writer
        .write_record(cells)
        .and_then(|()| Ok(writer.flush()?))
        .map_err(|_| Unforeseen("a line of a table".to_owned()))
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => guarded(text),
        Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Spreadsheets take what begins like this for a formula, also behind quotes (OWASP, CSV injection).
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) {
        return format!("'{text}");
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_never_a_formula_and_comes_back() {
        for text in [
            "=1+1", "+49", "-3", "@SUM(A1)", "\t=1", "\r=1", "'quoted", "plain", "", "🌲=",
        ] {
            let cell = cell(json!(text));
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{text}"
            );
            assert_eq!(cell.strip_prefix('\'').unwrap_or(&cell), text);
        }
        assert_eq!(cell(json!(-3)), "-3", "a number is no text");
        assert_eq!(cell(json!(["=1"])), "[\"=1\"]");
        assert_eq!(
            (cell(Value::Null), cell(json!(true))),
            (String::new(), "true".to_owned())
        );
    }
}
