//! The forms of an export: each is told of tables and rows, in order, and writes what it makes of them.

mod csv;
mod json;
mod markdown;

use std::io;

use serde_json::{Map, Value};
use tokio::sync::mpsc;

use crate::domain::export_format::{Header, Table};

use super::request::{Form, Request};
use super::sink::Piece;
use super::stream::Stopped;

/// Bytes of a batch.
const BATCH: usize = 256 * 1024;

/// A row or the header is not as it is known to be; holds what it is, and nothing of it.
#[derive(Debug)]
pub(super) struct Unforeseen(pub String);

/// One form of the document.
pub(super) trait Writing: Send {
    /// Before all tables.
    fn begin(&mut self, header: &Header, out: &mut Out) -> Result<(), Unforeseen>;
    /// Before the rows of a table.
    fn table(&mut self, table: &'static Table, out: &mut Out) -> Result<(), Unforeseen>;
    /// A row: an object with the document's names.
    fn row(&mut self, table: &'static Table, row: &str, out: &mut Out) -> Result<(), Unforeseen>;
    /// After the rows of a table.
    fn end_table(&mut self, out: &mut Out);
    /// After all tables.
    fn end(&mut self, out: &mut Out);
    /// In which order it wants the rows.
    fn order(&self, table: &'static Table) -> &'static str {
        table.order
    }
}

/// What writes the form that was asked for.
pub(super) fn of(
    request: &Request,
    cover: Option<crate::domain::redaction::Redaction>,
) -> Box<dyn Writing> {
    match request.form {
        Form::Json => Box::new(json::Json::new(cover)),
        Form::Csv => Box::new(csv::Csv::new(&request.questions, cover)),
        Form::Markdown => Box::new(markdown::Markdown::new(
            request.questions.clone(),
            request.said(),
            cover,
        )),
    }
}

/// A row, covered where that was asked for.
fn read(
    table: &Table,
    row: &str,
    cover: Option<&crate::domain::redaction::Redaction>,
) -> Result<Map<String, Value>, Unforeseen> {
    let Ok(Value::Object(mut row)) = serde_json::from_str(row) else {
        return Err(Unforeseen(format!("a row of {}", table.json())));
    };
    if let Some(cover) = cover {
        cover.row(table.sql, &mut row);
    }
    Ok(row)
}

/// Where a form is written to: batches for the thread that has the file.
pub(super) struct Out {
    to: mpsc::Sender<Piece>,
    ready: Vec<Piece>,
    batch: Vec<u8>,
}

impl Out {
    pub fn new(to: mpsc::Sender<Piece>) -> Self {
        Self {
            to,
            ready: Vec::new(),
            batch: Vec::with_capacity(BATCH + 64 * 1024),
        }
    }

    pub fn text(&mut self, text: &str) {
        self.batch.extend_from_slice(text.as_bytes());
    }

    /// What follows is in this file of the folder.
    pub fn file(&mut self, name: &str) {
        self.cut();
        self.ready.push(Piece::File(name.to_owned()));
    }

    pub fn is_full(&self) -> bool {
        self.batch.len() >= BATCH || self.ready.len() >= 64
    }

    pub async fn send(&mut self) -> Result<(), Stopped> {
        self.cut();
        for piece in self.ready.drain(..) {
            let sent = self.to.send(piece).await;
            sent.map_err(|_| Stopped::SinkClosed)?;
        }
        Ok(())
    }

    fn cut(&mut self) {
        if !self.batch.is_empty() {
            // A row that was larger than a batch does not keep its memory.
            let next = Vec::with_capacity(BATCH + 64 * 1024);
            let batch = std::mem::replace(&mut self.batch, next);
            self.ready.push(Piece::Bytes(batch));
        }
    }
}

impl io::Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.batch.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
