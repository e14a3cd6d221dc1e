//! What there is to back up, and whether this login sees all of it.
//!
//! Row-level security is forced: it binds the tables' owner too, and `pg_dump` refuses to write half a table. So the login has
//! to stand above it (superuser, BYPASSRLS). There is one more honest case: an owner whose database holds one person. Dumped
//! as that person, everything of theirs is in it; only the history of a person who was removed altogether is not.

use tokio_postgres::Client;
use uuid::Uuid;

use super::BackupError;
use crate::transfer::ground::Ground;

/// Whose rows are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::transfer) enum Sight {
    /// Everybody's.
    All,
    /// Those of the only person there is, as the owner.
    OnlyPerson(Uuid),
}

/// A table of the schema `wildlands`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transfer) struct Table {
    pub name: String,
    /// Bytes of its rows on disk.
    pub bytes: u64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::transfer) struct Facts {
    /// The server's major version.
    pub major: u32,
    pub sight: Sight,
    /// By name.
    pub tables: Vec<Table>,
}

const LOOK: &str = "
    select current_setting('server_version_num')::int / 10000,
           me.rolsuper or me.rolbypassrls,
           ns.oid is not null,
           coalesce(pg_has_role(session_user, ns.nspowner, 'USAGE'), false),
           session_user::text
    from pg_roles me left join pg_namespace ns on ns.nspname = 'wildlands'
    where me.rolname = session_user";

const TABLES: &str = "
    select c.relname::text, pg_table_size(c.oid), has_table_privilege(c.oid, 'SELECT')
    from pg_class c where c.relnamespace = to_regnamespace('wildlands') and c.relkind in ('r', 'p')
    order by c.relname collate \"C\"";

/// Looks at the database.
pub(in crate::transfer) async fn look(
    client: &Client,
    ground: &Ground,
) -> Result<Facts, BackupError> {
    let row = client.query_one(LOOK, &[]).await?;
    let (above, has_schema, owns): (bool, bool, bool) =
        (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
    let user: String = row.try_get(4)?;
    if !has_schema {
        return Err(BackupError::Nothing {
            database: ground.database().to_owned(),
        });
    }
    let mut tables = Vec::new();
    let mut closed = Vec::new();
    for row in client.query(TABLES, &[]).await? {
        let name: String = row.try_get(0)?;
        if !row.try_get::<_, bool>(2)? {
            closed.push(name.clone());
        }
        let bytes = u64::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0);
        tables.push(Table { name, bytes });
    }
    let sight = match (above, owns, closed.is_empty()) {
        (true, _, true) => Sight::All,
        (false, true, true) => only_person(client, &user).await?,
        (true, _, false) => return Err(unreadable(&user, &closed)),
        (false, _, _) => return Err(bound(&user)),
    };
    Ok(Facts {
        major: u32::try_from(row.try_get::<_, i32>(0)?).unwrap_or(0),
        sight,
        tables,
    })
}

/// Tables of which only the names are known.
pub(in crate::transfer) fn unmeasured(names: &[String]) -> Vec<Table> {
    let table = |name: &String| Table {
        name: name.clone(),
        bytes: 1,
    };
    names.iter().map(table).collect()
}

async fn only_person(client: &Client, user: &str) -> Result<Sight, BackupError> {
    let people = client
        .query(
            "select user_id from wildlands.account_directory limit 2",
            &[],
        )
        .await?;
    match people.as_slice() {
        [one] => Ok(Sight::OnlyPerson(one.try_get(0)?)),
        // Nobody: there is no row that could be missing.
        [] => Ok(Sight::OnlyPerson(Uuid::nil())),
        _ => Err(bound(user)),
    }
}

fn bound(user: &str) -> BackupError {
    BackupError::MissingRight {
        action: "read the rows of every person, since row-level security is forced, and a dump would be half of it"
            .to_owned(),
        remedy: format!(
            "use a superuser's DATABASE_URL for the backup, or an administrator runs: ALTER ROLE \"{user}\" BYPASSRLS; GRANT USAGE ON SCHEMA wildlands TO \"{user}\"; \
             GRANT SELECT ON ALL TABLES IN SCHEMA wildlands TO \"{user}\"; (`wildlands export` needs no such right: it holds what is yours)"
        ),
        user: user.to_owned(),
    }
}

fn unreadable(user: &str, closed: &[String]) -> BackupError {
    BackupError::MissingRight {
        action: format!("read {}", closed.join(", ")),
        remedy: format!(
            "an administrator runs: GRANT USAGE ON SCHEMA wildlands TO \"{user}\"; GRANT SELECT ON ALL TABLES IN SCHEMA wildlands TO \"{user}\";"
        ),
        user: user.to_owned(),
    }
}
