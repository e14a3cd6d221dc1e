//! The web application's export: `data` with a list for each kind, or an object of settings.

use std::io::Read;

use jiff::Timestamp;
use serde_json::{Map, Value};
use struson::reader::ValueType;

use crate::domain::form::LogForm;
use crate::domain::import::report::{Remark, Source};
use crate::domain::import::web::{Days, Mapped, kept, map};

use super::document::{Begun, Head, Sink};
use super::json::Json;
use super::refusal::Stop;

/// The version that is known.
pub(super) const VERSION: &str = "1.0.0";

/// Bytes of a row that is looked into; a longer one is kept as it came.
const LONGEST: usize = 1024 * 1024;

/// Bytes of the name of a kind; all of them are remembered.
const LONGEST_KIND: usize = 1024;

/// The rows; the reader is behind `"data":`.
pub(super) fn read<R: Read, S: Sink>(
    mut json: Json<R>,
    mut head: Head,
    form: &LogForm,
    sink: &mut S,
) -> Result<(), Stop> {
    let written = head.members.get("exportDate").and_then(Value::as_str);
    let written: Timestamp = match written.map(str::parse) {
        Some(Ok(written)) => written,
        Some(Err(_)) | None => return Err(json.refuse("\"exportDate\" is no moment")),
    };
    sink.begin(Begun {
        source: Source::Web,
        user: None,
        redacted: false,
        rows: None,
        awaited: Vec::new(),
    })?;
    let mut reading = Reading {
        written,
        days: Days::default(),
        seen: Vec::new(),
        others: 0,
    };
    json.begin_object()?;
    while json.has_next()? {
        json.record();
        let kind = json.name()?;
        if reading.seen.contains(&kind) || reading.seen.len() >= 100 {
            return Err(json.refuse("this kind stands twice, or there are too many"));
        }
        if kind.len() > LONGEST_KIND {
            return Err(json.refuse("the name of a kind is too long"));
        }
        reading.kind(&mut json, &kind, sink)?;
        reading.seen.push(kind);
    }
    json.end_object()?;
    while json.has_next()? {
        json.record();
        let name = json.name()?;
        head.keep(&mut json, name)?;
    }
    json.end_object()?;
    json.end()?;
    while let Some(day) = reading.days.first() {
        if let Some((place, day)) = day.whole(form, |remark| sink.remark(remark)) {
            put(sink, Some(day), place)?;
        }
    }
    let mut head = head.members;
    head.retain(|name, _| name != "exportDate" && name != "version");
    for (name, value) in &head {
        let none = "the web application's export says this about itself";
        let mapped = kept("document", Some(name), &value.to_string(), none, written);
        reading.other(sink, mapped)?;
    }
    Ok(())
}

struct Reading {
    written: Timestamp,
    days: Days,
    seen: Vec<String>,
    /// Rows so far of the imported records, which come from several kinds.
    others: u64,
}

impl Reading {
    /// Hands on what is kept as it came.
    fn other<S: Sink>(&mut self, sink: &mut S, mapped: Option<Mapped>) -> Result<(), Stop> {
        self.others += 1;
        put(sink, mapped, self.others - 1)
    }

    fn kind<R: Read, S: Sink>(
        &mut self,
        json: &mut Json<R>,
        kind: &str,
        sink: &mut S,
    ) -> Result<(), Stop> {
        if json.peek()? != ValueType::Array {
            let whole = json.value()?;
            let reason = "there is no table for it here";
            let mapped = kept(kind, Some("all"), &whole, reason, self.written);
            return self.other(sink, mapped);
        }
        json.begin_array()?;
        let mut place = 0;
        loop {
            json.record();
            if !json.has_next()? {
                break;
            }
            let row = json.value()?;
            self.row(json, kind, place, &row, sink)?;
            place += 1;
        }
        json.end_array()
    }

    fn row<R: Read, S: Sink>(
        &mut self,
        json: &Json<R>,
        kind: &str,
        place: u64,
        row: &str,
        sink: &mut S,
    ) -> Result<(), Stop> {
        let at = || {
            format!(
                "data.{}[{place}]",
                kind.chars().take(60).collect::<String>()
            )
        };
        let fields = (row.len() <= LONGEST)
            .then(|| serde_json::from_str::<Map<String, Value>>(row).ok())
            .flatten();
        let number = fields.as_ref().and_then(|fields| match fields.get("id") {
            Some(Value::Number(number)) => Some(number.to_string()),
            Some(Value::String(text)) => Some(text.clone()),
            _ => None,
        });
        let tabled = [
            "logs",
            "ideas",
            "goals",
            "checkins",
            "teachingRequests",
            "harrisContent",
        ];
        let reason = if tabled.contains(&kind) {
            "the row has no number or no date, or is too long to be looked into"
        } else {
            "there is no table for it here"
        };
        let Some(fields) = fields else {
            let mapped = kept(kind, None, row, reason, self.written);
            return self.other(sink, mapped);
        };
        if kind == "logs" {
            let dated = self.days.take(place, fields, self.written).map_err(|_| {
                json.refuse("the days of this document are too many for one import")
            })?;
            if dated {
                return Ok(());
            }
        } else if let Some(mapped) = map(kind, &fields, self.written) {
            for key in &mapped.unfit {
                sink.remark(Remark {
                    place: format!("{}.{key}", at()),
                    text: "the value does not fit its column; it is kept under \"imported\""
                        .to_owned(),
                });
            }
            return put(sink, Some(mapped), place);
        }
        if tabled.contains(&kind) {
            sink.remark(Remark {
                place: at(),
                text: format!("{reason}; it is kept among the imported records"),
            });
        }
        let mapped = kept(kind, number.as_deref(), row, reason, self.written);
        self.other(sink, mapped)
    }
}

fn put<S: Sink>(sink: &mut S, mapped: Option<Mapped>, place: u64) -> Result<(), Stop> {
    match mapped {
        Some(mapped) => sink.row(mapped.table, &mapped.cells, place),
        None => Ok(()),
    }
}
