//! The charts: state machines that take each observation once, in the order of dates.
//!
//! Figures only: a day is a number of days since a Monday, so that its remainder by seven is its weekday. The limits are
//! computed by `benches/drift_evaluation` (`cargo bench --bench drift_evaluation -- limits`) and stand in `limits.rs`.

mod fit;
mod habit;
mod level;
mod limits;
mod trend;

pub use fit::{CLIP, Fit, Point, fit, refit};
pub use habit::{Change, HabitChart, HabitSetup, Rate, WINDOWS};
pub use level::{LevelChart, Setup, Shift, TUNED};
pub use limits::{BUDGET, Limits, Node, PHIS, SIZES, nodes};
pub use trend::{Trend, normal_tail, trend};
