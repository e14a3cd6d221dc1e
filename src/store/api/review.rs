//! What a weekly review asks for.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::domain::drift::FieldKind;
use crate::domain::form::LogForm;
use crate::domain::goal::Week;
use crate::domain::lane::Lane;

use super::{Listing, Order, Query};

/// Which week, as seen when, and of which fields.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReviewQuery {
    /// The week's first date.
    pub first: Date,
    /// Today.
    pub today: Date,
    /// IANA name of the zone in which a moment has its date.
    pub zone: String,
    /// Keys of the form's figures.
    pub open: Vec<String>,
    /// Keys of the form's figures in the red zone: they are read where the person has opted them in.
    pub private: Vec<String>,
}

impl Query {
    /// What there is to see of a week.
    #[must_use]
    pub fn review(week: Week, today: Date, zone: &TimeZone, form: &LogForm) -> Self {
        let fields = form.sections.iter().flat_map(|section| &section.fields);
        let figures = fields.filter(|field| FieldKind::of(field).is_some());
        let (private, open): (Vec<_>, Vec<_>) = figures.partition(|field| field.sensitive);
        Self::Review(Box::new(ReviewQuery {
            first: week.first(),
            today,
            zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            open: open.into_iter().map(|field| field.key.clone()).collect(),
            private: private.into_iter().map(|field| field.key.clone()).collect(),
        }))
    }
}

impl Listing {
    /// Reviews, the latest week first.
    #[must_use]
    pub fn reviews(limit: u16) -> Self {
        Self {
            order: Order::Week,
            ..Self::new(Lane::Reviews, limit)
        }
    }
}
