//! What stands where on the screen, as of the last drawing: a click of the mouse is understood by it.

use std::cell::RefCell;
use std::ops::Range;

/// Places on the screen, and which of a part's things each shows. A drawing puts them anew.
#[derive(Debug, Clone)]
pub struct Zones<T = usize>(RefCell<Vec<Zone<T>>>);

#[derive(Debug, Clone)]
struct Zone<T> {
    columns: Range<u16>,
    rows: Range<u16>,
    shows: T,
}

impl<T> Default for Zones<T> {
    fn default() -> Self {
        Self(RefCell::new(Vec::new()))
    }
}

impl<T: Copy> Zones<T> {
    /// Nothing is drawn yet.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// This thing is drawn at this column and row, so many columns wide and rows high.
    pub fn put(&self, (column, row): (u16, u16), (wide, high): (u16, u16), shows: T) {
        self.0.borrow_mut().push(Zone {
            columns: column..column.saturating_add(wide),
            rows: row..row.saturating_add(high),
            shows,
        });
    }

    /// What is drawn at this column and row.
    #[must_use]
    pub fn at(&self, (column, row): (u16, u16)) -> Option<T> {
        let zones = self.0.borrow();
        let has = |zone: &&Zone<T>| zone.columns.contains(&column) && zone.rows.contains(&row);
        zones.iter().rfind(has).map(|zone| zone.shows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_drawn_last_at_a_place_is_there() {
        let zones = Zones::<usize>::default();
        zones.put((2, 1), (10, 1), 4);
        zones.put((2, 2), (10, 2), 5);
        zones.put((0, 3), (80, 1), 6);
        assert_eq!(zones.at((2, 1)), Some(4));
        assert_eq!(zones.at((11, 2)), Some(5));
        assert_eq!(zones.at((12, 2)), None);
        assert_eq!(zones.at((5, 3)), Some(6));
        zones.clear();
        assert_eq!(zones.at((2, 1)), None);
    }
}
