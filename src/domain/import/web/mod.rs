//! The web application's rows, turned into rows of ours.
//!
//! Its ids are small numbers: the same number of the same kind always becomes the same identifier, so
//! that importing twice changes nothing. A value that fits no column is kept under `imported`, and one
//! that has a column but does not fit it is told as well.

mod days;
mod rows;
mod value;

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::cell::Cell;
use super::report::Source;

pub use days::{Day, Days};
pub use rows::{Mapped, kept, map};

/// The identifier of a record of theirs.
#[must_use]
pub fn id(kind: &str, number: &str) -> Uuid {
    let name = format!("{}\0{kind}\0{number}", Source::Web.name());
    let digest = Sha256::digest(name.as_bytes());
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest.iter()) {
        *to = *from;
    }
    Uuid::new_v8(bytes)
}

/// A text of a cell.
fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}
