//! Lists of records: one widget for every lane, as long as the lane is.
//!
//! What is known of a list is a page at a time. A list keeps its cursor on a record, not on a row, so
//! that what comes and goes around it does not move it elsewhere.

mod beside;
mod commands;
mod deletion;
mod pages;
mod records;
mod shelves;
mod view;

pub use beside::Lectern;
pub use commands::TABLE;
pub use deletion::Deletion;
pub use records::{PAGE, RecordList};
pub use shelves::{Shelf, Shelves};
pub use view::Window;
