//! The document itself, as `assets/export.schema.json` describes it: a row is a line.

use crate::domain::export_format::{Header, Table};
use crate::domain::redaction::Redaction;

use super::{Out, Unforeseen, Writing, read};

pub(super) struct Json {
    cover: Option<Redaction>,
    is_first_table: bool,
    is_first_row: bool,
}

impl Json {
    pub fn new(cover: Option<Redaction>) -> Self {
        Self {
            cover,
            is_first_table: true,
            is_first_row: true,
        }
    }
}

impl Writing for Json {
    fn begin(&mut self, header: &Header, out: &mut Out) -> Result<(), Unforeseen> {
        let header = serde_json::to_string_pretty(header).ok();
        // The header's closing brace moves behind the data.
        let open = header
            .as_deref()
            .and_then(|header| header.strip_suffix("\n}"))
            .ok_or_else(|| Unforeseen("the header".to_owned()))?;
        out.text(open);
        out.text(",\n  \"data\": {");
        Ok(())
    }

    fn table(&mut self, table: &'static Table, out: &mut Out) -> Result<(), Unforeseen> {
        out.text(if self.is_first_table { "\n" } else { ",\n" });
        out.text(&format!("    \"{}\": [", table.json()));
        self.is_first_table = false;
        self.is_first_row = true;
        Ok(())
    }

    fn row(&mut self, table: &'static Table, row: &str, out: &mut Out) -> Result<(), Unforeseen> {
        out.text(if self.is_first_row { "\n" } else { ",\n" });
        self.is_first_row = false;
        match &self.cover {
            None => out.text(row),
            Some(cover) => serde_json::to_writer(out, &read(table, row, Some(cover))?)
                .map_err(|_| Unforeseen(format!("a row of {}", table.json())))?,
        }
        Ok(())
    }

    fn end_table(&mut self, out: &mut Out) {
        out.text(if self.is_first_row { "]" } else { "\n    ]" });
    }

    fn end(&mut self, out: &mut Out) {
        out.text("\n  }\n}\n");
    }
}
