//! What is asked of the database: SQL with the type of its rows beside it, a file per subject.
//!
//! Statements are parsed each time and never named, so that they pass a pooler in transaction
//! mode. Every statement names the user besides row-level security, so that the planner sees the
//! constant that each index begins with.

pub mod drift;
pub mod history;
pub mod logs;
mod record_writes;
pub mod records;
pub mod retention;
pub mod review;
pub mod sample;
pub mod search;
pub mod status;
pub mod upkeep;
pub mod users;
pub mod versions;
pub mod writes;

use tokio_postgres::Row;

use super::api::{Answer, Query};
use super::error::StoreError;
use super::session::Session;

/// How many hits of a search are shown; what is more is only counted.
const SHOWN: u16 = 50;

/// The answer to a query, in one round trip.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn answer(session: &Session, query: &Query) -> Result<Answer, StoreError> {
    Ok(match query {
        Query::Day(date) => Answer::Day(logs::day(session, *date).await?),
        Query::Month(first) => Answer::Month(logs::month(session, *first).await?),
        Query::Series { fields, from, to } => {
            Answer::Series(logs::series(session, fields, *from, *to).await?)
        }
        Query::OnThisDay(date) => Answer::OnThisDay(logs::on_this_day(session, *date).await?),
        Query::Records(listing) => Answer::Records(records::page(session, listing).await?),
        Query::Record(lane, id) => Answer::Record(records::record(session, *lane, *id).await?),
        Query::Statuses(lane) => Answer::Statuses(records::statuses(session, *lane).await?),
        Query::Deleted { limit } => Answer::Deleted(records::deleted(session, *limit).await?),
        Query::Review(asked) => {
            Answer::Review(Box::new(Box::pin(review::material(session, asked)).await?))
        }
        Query::Versions(list) => Answer::Versions(versions::page(session, list).await?),
        Query::Upkeep { today } => Answer::Upkeep(upkeep::upkeep(session, *today).await?),
        Query::DataStatus => Answer::DataStatus(status::data_status(session).await?),
        Query::Search(asked) => Answer::Search(search::find(session, asked, SHOWN).await?),
        Query::RecentChanges { limit } => {
            Answer::RecentChanges(history::recent_changes(session, *limit).await?)
        }
    })
}

/// What the first row counted; there is none where a window over all rows had none.
fn counted(rows: &[Row], column: usize) -> Result<u64, StoreError> {
    let count: i64 = rows.first().map_or(Ok(0), |row| row.try_get(column))?;
    Ok(u64::try_from(count).unwrap_or(0))
}
