//! A document from its first byte to its last: which program wrote it, its header, its rows.
//!
//! Rows are handed on one by one; whatever the input is, it ends in the document's end or in a refusal
//! that names the place. No database is asked.

use std::collections::HashSet;
use std::io::Read;

use serde_json::{Map, Value};
use struson::reader::ValueType;

use crate::domain::export_format::{self, ExportUser, FORMAT, Header, VERSION};
use crate::domain::form::LogForm;
use crate::domain::import::cell::Cell;
use crate::domain::import::report::{Remark, Source};
use crate::domain::import::shape::{self, Shape};

use super::json::{DEEPEST, Json};
use super::refusal::{Refusal, Stop};
use super::web;

/// What a document says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// Which program wrote it.
    pub source: Source,
    /// Whose data it is, where it says so.
    pub user: Option<ExportUser>,
    /// Whether its red-zone texts are replaced.
    pub redacted: bool,
    /// How many rows it is to have; nothing where it does not say so.
    pub rows: Option<u64>,
    /// Which tables have rows, in the order of [`shape::SHAPES`], where each may be merged as soon as it and those before it
    /// are whole. Empty where all has to have come first: nothing counts the rows, or the history tells what an older or a
    /// redacted document does not.
    pub awaited: Vec<bool>,
}

/// Takes a document's rows. An error means that nobody wants the rest.
pub trait Sink {
    /// What the document says about itself; comes before any row.
    ///
    /// # Errors
    /// Nobody wants the rest.
    fn begin(&mut self, begun: Begun) -> Result<(), Stop>;
    /// A row of a table of [`shape::SHAPES`], a cell for each of its columns, and its place in the document.
    ///
    /// # Errors
    /// Nobody wants the rest.
    fn row(&mut self, table: usize, cells: &[Cell], place: u64) -> Result<(), Stop>;
    /// No row of this table comes any more. Not every document tells it before its end.
    ///
    /// # Errors
    /// Nobody wants the rest.
    fn whole(&mut self, table: usize) -> Result<(), Stop>;
    /// Something to be told about a value.
    fn remark(&mut self, remark: Remark);
}

/// Reads a document. Of the web application's, the answers of a day are read with this form.
///
/// # Errors
/// As [`Stop`] lists them.
pub fn read<R: Read, S: Sink>(input: R, form: &LogForm, sink: &mut S) -> Result<(), Stop> {
    let mut json = Json::new(input, DEEPEST);
    if json.peek()? != ValueType::Object {
        return Err(json.refuse("an export is an object"));
    }
    json.begin_object()?;
    let mut head = Head::default();
    while json.has_next()? {
        json.record();
        let name = json.name()?;
        if name == "data" {
            return match writer(&json, &head.members)? {
                Source::Own => own(json, head.members, sink),
                Source::Web => web::read(json, head, form, sink),
            };
        }
        head.keep(&mut json, name)?;
    }
    Err(json.refuse("an export has its rows under \"data\"; there is none"))
}

/// The members of a header. They are held as values, which take many times the memory of their texts.
#[derive(Default)]
pub(super) struct Head {
    pub members: Map<String, Value>,
    length: usize,
}

/// Bytes of a header; the settings of a person are at most half of it.
const LONGEST_HEADER: usize = 512 * 1024;

impl Head {
    /// Takes a member; the reader is behind its name.
    pub fn keep<R: Read>(&mut self, json: &mut Json<R>, name: String) -> Result<(), Stop> {
        if self.members.contains_key(&name) {
            return Err(json.refuse("this key stands twice"));
        }
        if self.members.len() >= 100 {
            return Err(json.refuse("an export has a short header"));
        }
        let text = json.value()?;
        self.length += name.len() + text.len();
        if self.length > LONGEST_HEADER {
            return Err(json.refuse("this is too long for a header"));
        }
        let value =
            serde_json::from_str(&text).map_err(|_| json.refuse("this is no value of a header"))?;
        self.members.insert(name, value);
        Ok(())
    }
}

/// Which program wrote a document with this header.
fn writer<R: Read>(json: &Json<R>, head: &Map<String, Value>) -> Result<Source, Stop> {
    match (head.get("format"), head.get("version")) {
        (Some(format), Some(Value::Number(version))) if format == FORMAT => {
            match version.as_u64() {
                Some(version) if version > u64::from(VERSION) => Err(Stop::Newer(version)),
                Some(1..) => Ok(Source::Own),
                _ => Err(json.refuse("the version of the header is not one of an export")),
            }
        }
        (Some(format), _) if format == FORMAT => {
            Err(json.refuse("the header has no \"version\" that is a number"))
        }
        (Some(_), _) => Err(json.refuse(format!(
            "\"format\" is not \"{FORMAT}\": another program wrote this"
        ))),
        (None, Some(version)) if version == web::VERSION => Ok(Source::Web),
        (None, Some(Value::String(_))) => Err(json.refuse(format!(
            "of the web application only version {} is known",
            web::VERSION
        ))),
        (None, _) => Err(json.refuse(format!(
            "neither \"format\": \"{FORMAT}\" nor \"version\": \"{}\" stands before \"data\"; \
             another program wrote this, or another one has ordered it anew",
            web::VERSION
        ))),
    }
}

/// The rows of one of our documents; the reader is behind `"data":`.
fn own<R: Read, S: Sink>(
    mut json: Json<R>,
    head: Map<String, Value>,
    sink: &mut S,
) -> Result<(), Stop> {
    let wrong = wrong_header(&head);
    let header: Header = match serde_json::from_value(Value::Object(head)) {
        Ok(header) => header,
        Err(_) => return Err(json.refuse(wrong)),
    };
    let said = counts(&json, &header)?;
    let version = header.version;
    sink.begin(Begun {
        source: Source::Own,
        rows: Some(said.iter().flatten().sum()),
        redacted: header.redacted,
        user: Some(header.user),
        awaited: if version == VERSION && !header.redacted {
            said.iter()
                .map(|rows| rows.is_some_and(|rows| rows > 0))
                .collect()
        } else {
            Vec::new()
        },
    })?;
    json.begin_object()?;
    let mut came: Vec<Option<u64>> = vec![None; said.len()];
    while json.has_next()? {
        json.record();
        let name = json.name()?;
        let Some((table, shape)) = shape::shape(&name).filter(|(_, shape)| shape.json == name)
        else {
            return Err(json.refuse("there is no table of this name"));
        };
        let rows = table_rows(&mut json, (table, shape), version, sink)?;
        match came.get_mut(table) {
            Some(seen @ None) => *seen = Some(rows),
            _ => return Err(json.refuse("this table stands twice")),
        }
        sink.whole(table)?;
    }
    json.end_object()?;
    if json.has_next()? {
        return Err(json.refuse("nothing of an export stands behind \"data\""));
    }
    json.end_object()?;
    json.end()?;
    for ((_, shape), (said, came)) in shape::shapes().zip(said.iter().zip(&came)) {
        if said != came {
            let number = |rows: &Option<u64>| rows.map_or("none".to_owned(), |n| n.to_string());
            let problem = format!(
                "the header counts {} rows, and {} came: the document is not whole",
                number(said),
                number(came)
            );
            let path = format!("data.{}", shape.json);
            return Err(Refusal {
                path,
                line: None,
                problem,
            }
            .into());
        }
    }
    Ok(())
}

/// What the header says of each table, in the order of [`shape::SHAPES`].
fn counts<R: Read>(json: &Json<R>, header: &Header) -> Result<Vec<Option<u64>>, Stop> {
    let known: HashSet<&str> = shape::shapes()
        .map(|(_, shape)| shape.json.as_str())
        .collect();
    if !header
        .counts
        .keys()
        .all(|name| known.contains(name.as_str()))
    {
        return Err(json.refuse("\"counts\" names a table that there is not"));
    }
    shape::shapes()
        .map(|(_, shape)| match header.counts.get(&shape.json) {
            None => Ok(None),
            Some(count) => count
                .as_u64()
                .filter(|count| *count < 1 << 40)
                .map(Some)
                .ok_or_else(|| json.refuse("\"counts\" has something that is no number of rows")),
        })
        .collect()
}

fn wrong_header(head: &Map<String, Value>) -> String {
    let needed = ["exportedAt", "user", "redacted", "counts"];
    match needed.iter().find(|name| !head.contains_key(**name)) {
        Some(name) => format!("the header has no \"{name}\" before \"data\""),
        None => {
            "the header has something else than an export's, or a value of another kind".to_owned()
        }
    }
}

fn table_rows<R: Read, S: Sink>(
    json: &mut Json<R>,
    (table, shape): (usize, &Shape),
    version: u32,
    sink: &mut S,
) -> Result<u64, Stop> {
    json.begin_array()?;
    let mut rows = 0;
    loop {
        json.record();
        if !json.has_next()? {
            break;
        }
        let cells = row(json, shape, version)?;
        sink.row(table, &cells, rows)?;
        rows += 1;
    }
    json.end_array()?;
    Ok(rows)
}

/// A row of a document of this version, its columns in any order.
fn row<R: Read>(json: &mut Json<R>, shape: &Shape, version: u32) -> Result<Vec<Cell>, Stop> {
    json.begin_object()?;
    let mut cells: Vec<Option<Cell>> = vec![None; shape.columns.len()];
    let mut next = 0;
    while json.has_next()? {
        let name = json.name()?;
        // They come in this order in all that we write.
        let in_order = shape.columns.get(next).is_some_and(|c| c.json == name);
        let position = if in_order {
            Some(next)
        } else {
            shape.columns.iter().position(|column| column.json == name)
        };
        let Some((column, cell)) =
            position.and_then(|at| Some((shape.columns.get(at)?, cells.get_mut(at)?)))
        else {
            return Err(json.refuse(format!("a row of {} has no such column", shape.json)));
        };
        if cell.is_some() {
            return Err(json.refuse("the column stands twice in its row"));
        }
        *cell = Some(json.cell(column)?);
        next = position.map_or(next, |at| at + 1);
    }
    let table = shape.table.sql;
    for (cell, column) in cells.iter_mut().zip(&shape.columns) {
        if cell.is_none() {
            let value = export_format::before(version, table, column.sql)
                .ok_or_else(|| json.refuse(format!("the row has no \"{}\"", column.json)))?;
            *cell = Some(Cell::Text(value.to_owned()));
        }
    }
    json.end_object()?;
    Ok(cells.into_iter().flatten().collect())
}
