//! Which answers a change elsewhere may have made untrue.

use crate::app::cache::Cache;
use crate::domain::lane::Lane;
use crate::domain::subject::Subject;
use crate::store::api::Query;

impl Cache {
    /// Another program of the person has changed this table: what shows it is asked again.
    pub fn outdate_table(&mut self, table: &str) {
        let lane = Lane::of_table(table);
        for (query, entry) in &mut self.entries {
            entry.stale |= shows(query, table, lane);
        }
    }

    /// Signals have been calculated anew.
    pub fn outdate_signals(&mut self) {
        self.outdate_table(Lane::Signals.table());
    }
}

/// Whether an answer depends on a table.
fn shows(query: &Query, table: &str, lane: Option<Lane>) -> bool {
    match query {
        Query::Day(_) | Query::Month(_) | Query::Series { .. } | Query::OnThisDay(_) => {
            table == "logs"
        }
        // Check-ins go and come with their goal.
        Query::Records(listing) => {
            lane == Some(listing.lane)
                || (lane == Some(Lane::Goals) && listing.lane == Lane::CheckIns)
        }
        Query::Record(of, _) | Query::Statuses(of) => lane == Some(*of),
        Query::Versions(list) => match list.of {
            Subject::Log(_) => table == "logs",
            Subject::Record(of, _) => lane == Some(of),
        },
        // A week is made of nearly everything.
        Query::Review(_)
        | Query::Upkeep { .. }
        | Query::Archive(_)
        | Query::Search(_)
        | Query::Deleted { .. }
        | Query::DataStatus
        | Query::RecentChanges { .. } => true,
    }
}
