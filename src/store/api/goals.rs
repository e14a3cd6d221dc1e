//! The lists that goals are shown by.

use jiff::civil::Date;

use crate::domain::goal::{Status, Week};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;

use super::{Listing, Order};

/// The most goals of one status.
const GOALS: u16 = 500;
/// The most check-ins of one week: those of all goals.
const CHECK_INS: u16 = 4000;
/// The most check-ins of one goal: those of a year.
const OF_GOAL: u16 = 400;

impl Listing {
    /// The goals of a status.
    #[must_use]
    pub fn goals(status: Status) -> Self {
        let mut listing = Self::new(Lane::Goals, GOALS);
        listing.only = vec![("status", vec![status.word().to_owned()])];
        listing
    }

    /// The check-ins of a week, of all goals.
    #[must_use]
    pub fn check_ins_of_week(week: Week) -> Self {
        let mut listing = Self::new(Lane::CheckIns, CHECK_INS);
        listing.dates = Some((week.first(), week.last()));
        listing.order = Order::Date;
        listing
    }

    /// The check-ins of one goal from a date to another, both included.
    #[must_use]
    pub fn check_ins_of_goal(goal: RecordId, from: Date, to: Date) -> Self {
        let mut listing = Self::new(Lane::CheckIns, OF_GOAL);
        listing.only = vec![("goalId", vec![goal.to_string()])];
        listing.dates = Some((from, to));
        listing.order = Order::Date;
        listing
    }
}
