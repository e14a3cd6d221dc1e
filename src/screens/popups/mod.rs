//! Popups: layers over a screen. Each says what it needs and leaves a reply for what lies beneath.

mod calendar;
mod cover;
mod deleted;
mod editor;
mod export_as;
mod help;
mod history;
mod on_this_day;
mod palette;
mod picker;
mod prompt;
mod reading;
mod recovered;
mod search;
mod settings;
mod view;
mod welcome;
mod year;

pub use calendar::Calendar;
pub use cover::Cover;
pub use deleted::DeletedRecords;
pub use editor::Editor;
pub use export_as::ExportAs;
pub use help::Help;
pub use history::History;
pub use on_this_day::OnThisDay;
pub(crate) use on_this_day::summary;
pub use palette::Palette;
pub use picker::Picker;
pub(crate) use prompt::TABLE as LINE;
pub use prompt::{Check, Prompt};
pub use reading::{Passage, Passages, Reading, draw_passages};
pub use recovered::Recovered;
pub use search::Search;
pub use settings::Settings;
pub(crate) use view::{below, paragraph};
pub use welcome::Welcome;
pub use year::Year;

use crate::app::command::Table;

/// The key tables of all popups.
pub const TABLES: &[Table] = &[
    editor::TABLE,
    export_as::TABLE,
    prompt::TABLE,
    picker::TABLE,
    palette::TABLE,
    calendar::TABLE,
    on_this_day::TABLE,
    year::TABLE,
    reading::TABLE,
    recovered::TABLE,
    search::TABLE,
    settings::TABLE,
    welcome::TABLE,
    cover::TABLE,
    deleted::TABLE,
    history::TABLE,
    help::TABLE,
    help::FILTER_TABLE,
];
