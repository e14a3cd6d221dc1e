//! What the Data screen says of retention and of sessions.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio_postgres::types::Type;

use crate::domain::retention::Table;
use crate::store::api::{ArchivePage, ArchivePlace, SignedIn, Upkeep};
use crate::store::error::StoreError;
use crate::store::session::Session;

use super::retention;

/// The oldest rows of each policy, and archived rows of each table.
const SHOWN: u16 = Upkeep::LISTED;

/// Policies with what they concern today, what is archived, and sessions.
///
/// # Errors
/// As the database reports them.
pub async fn upkeep(session: &Session, today: Date) -> Result<Upkeep, StoreError> {
    let user = session.user().0;
    let zone = "select timezone from wildlands.users where id = $1";
    let rows = session.read(zone, &[(&user, Type::UUID)]).await?;
    let zone: String = rows
        .first()
        .map_or_else(|| Ok(String::new()), |row| row.try_get(0))?;
    let zone = TimeZone::get(&zone).unwrap_or(TimeZone::UTC);
    let mut found = Upkeep::default();
    for policy in retention::policies(session).await? {
        let bounds = retention::bounds(&policy, today, &zone);
        let (count, oldest) = retention::preview(session, &policy, bounds, SHOWN).await?;
        found.policies.push((policy, count, oldest));
    }
    for table in Table::ALL {
        let archived = retention::archived(session, table, SHOWN).await?;
        found.archived.extend(archived);
    }
    let sql = "select id, created_at, expire from wildlands.sessions \
               where user_id = $1 and expire > now() order by created_at desc limit 100";
    for row in &session.read(sql, &[(&user, Type::UUID)]).await? {
        found.sessions.push(SignedIn {
            id: row.try_get(0)?,
            since: row.try_get(1)?,
            until: row.try_get(2)?,
        });
    }
    Ok(found)
}

/// A page of what is archived, behind this place.
///
/// # Errors
/// As the database reports them.
pub async fn archive(
    session: &Session,
    after: Option<ArchivePlace>,
) -> Result<ArchivePage, StoreError> {
    let most = usize::from(SHOWN);
    let mut found = Vec::new();
    for table in Table::ALL {
        let behind = match after {
            Some(place) if place.table > table => continue,
            Some(place) if place.table == table => Some((place.at, place.id)),
            Some(_) | None => None,
        };
        // One more tells whether there is a next page.
        let wanted = u16::try_from(most + 1 - found.len()).unwrap_or(SHOWN);
        found.extend(retention::archived_behind(session, table, behind, wanted).await?);
        if found.len() > most {
            break;
        }
    }
    let is_more = found.len() > most;
    found.truncate(most);
    let next = found
        .last()
        .filter(|_| is_more)
        .map(|(at, one)| ArchivePlace {
            table: one.table,
            at: *at,
            id: one.id,
        });
    Ok(ArchivePage {
        rows: found.into_iter().map(|(_, one)| one).collect(),
        next,
    })
}

/// Ends every session of the person that is signed in by password; gives how many.
///
/// # Errors
/// As the database reports them.
pub async fn sign_out(session: &Session) -> Result<u64, StoreError> {
    let user = session.user().0;
    let sql = "delete from wildlands.sessions where user_id = $1 returning 1";
    let rows = session.change(sql, &[(&user, Type::UUID)]).await?;
    Ok(u64::try_from(rows.len()).unwrap_or(0))
}
