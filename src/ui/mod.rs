//! What every screen draws with: colours by meaning, marks, text width, widgets, the editor.
//!
//! A widget is a small struct with `render(area, buf, look)`. It survives any area, writes only
//! inside it, and draws text through [`Look::put`] alone, which lets no control character pass.

pub mod calendar;
pub mod charts;
pub mod editor;
pub mod fields;
pub mod frame;
pub mod glyphs;
pub mod hints;
pub mod list;
pub mod look;
pub mod messages;
pub mod series;
pub mod tabs;
pub mod theme;
pub mod week;
pub mod width;
pub mod year;

pub use calendar::MonthCalendar;
pub use charts::Sparkline;
pub use editor::{Changed, LineInput, Pasted, TextEditor};
pub use fields::{MaskedCell, ScaleBar, ToggleCell};
pub use frame::{Panel, Popup};
pub use glyphs::Glyphs;
pub use hints::KeyHints;
pub use list::{ListView, Row, first_visible};
pub use look::{Look, Run, runs_width};
pub use messages::{EmptyState, Notice, NoticeKind, Paragraph};
pub use series::{CHART_ROWS, ChartDay, SeriesChart};
pub use tabs::{StatusWord, Tab, TabBar, TabPlace};
pub use theme::{ColorDepth, Role, Theme};
pub use week::{WEEK_WIDTH, WeekHead, WeekStrip};
pub use year::YearHeat;

#[cfg(test)]
mod tests;
