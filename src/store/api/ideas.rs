//! Lists of ideas.

use jiff::Timestamp;

use crate::domain::idea::{Sift, SortBy};
use crate::domain::lane::Lane;

use super::{Listing, Order};

impl Listing {
    /// The ideas that are wanted, in this order. `made` is when they were captured, as
    /// [`Sift::made`] tells it of the person's days.
    #[must_use]
    pub fn ideas(
        sift: &Sift,
        made: Option<(Timestamp, Timestamp)>,
        sort: SortBy,
        limit: u16,
    ) -> Self {
        let mut listing = Self::new(Lane::Ideas, limit);
        let statuses = sift.statuses.iter().map(|status| status.word().to_owned());
        let categories = sift.categories.iter().map(|&word| word.to_owned());
        for (field, words) in [
            ("status", statuses.collect::<Vec<_>>()),
            ("category", categories.collect()),
        ] {
            if !words.is_empty() {
                listing.only.push((field, words));
            }
        }
        listing.made = made;
        listing.order = match sort {
            SortBy::Touched => Order::Touched,
            SortBy::Score => Order::Score,
            SortBy::Priority => Order::Priority,
            SortBy::Age => Order::Oldest,
        };
        listing
    }
}
