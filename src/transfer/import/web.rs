//! The web application's export.

use std::io::Read;

use serde_json::{Map, Value};

use crate::domain::form::LogForm;

use super::document::Sink;
use super::json::Json;
use super::refusal::Stop;

/// The version that is known.
pub(super) const VERSION: &str = "1.0.0";

pub(super) fn read<R: Read, S: Sink>(
    json: &Json<R>,
    _head: &Map<String, Value>,
    _form: &LogForm,
    _sink: &mut S,
) -> Result<(), Stop> {
    Err(json.refuse("the web application's export is not taken by this version yet"))
}
