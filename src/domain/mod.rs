//! Pure: entities, validation, the log form, privacy. No I/O, no clock, no terminal.
//!
//! Everything here takes what it needs as an argument and gives its result back, so that every
//! rule can be tested without a database or a screen.

pub mod backup;
pub mod content;
pub mod dates;
pub mod document;
pub mod draft;
pub mod drift;
pub mod export_format;
pub mod form;
pub mod goal;
pub mod idea;
pub mod ids;
pub mod import;
pub mod lane;
pub mod log;
pub mod markdown;
pub mod meeting;
pub mod patch;
pub mod record;
pub mod redaction;
pub mod retention;
pub mod review;
pub mod sample;
pub mod search;
pub mod secret;
pub mod series;
pub mod setting;
pub mod subject;
pub mod teaching;
pub mod template;
pub mod text;
pub mod version;
