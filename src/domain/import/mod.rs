//! What an import may hold and what becomes of it, before any database is asked.
//!
//! The rows of our own documents are of the types that the shipped JSON Schema names; the rows of the
//! web application's are turned into rows of ours. Nothing here reads a file.

pub mod cell;
pub mod report;
pub mod shape;
pub mod web;
pub mod words;
