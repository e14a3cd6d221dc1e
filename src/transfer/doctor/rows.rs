//! The rows: nobody sees another's, and none points at what is not there.

use tokio_postgres::{Client, Row};

use super::Line;
use crate::transfer::backup::BackupError;
use crate::transfer::backup::look::{self, Sight};
use crate::transfer::ground::Ground;

/// Tables with a person's rows, and what row-level security does for them.
const GUARDED: &str = "
    select c.relname::text,
           c.relrowsecurity and c.relforcerowsecurity
               and exists (select from pg_policy p where p.polrelid = c.oid)
    from pg_class c
    where c.relnamespace = to_regnamespace('wildlands') and c.relkind in ('r', 'p')
      and c.relname not in ('account_directory', 'schema_migrations')
      and (c.relname = 'users' or exists (select from pg_attribute a
           where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped))
    order by c.relname";

/// What the role under which statements run must not be.
const ROLE: &str = "
    select r.rolsuper or r.rolbypassrls,
           exists (select from pg_class c where c.relnamespace = to_regnamespace('wildlands') and c.relowner = r.oid),
           exists (select from pg_class c where c.relnamespace = to_regnamespace('wildlands') and c.relkind in ('r', 'p')
                   and pg_has_role(r.oid, c.relowner, 'MEMBER')),
           coalesce(has_schema_privilege(r.oid, to_regnamespace('wildlands')::oid, 'USAGE'), false)
               and coalesce(has_table_privilege(r.oid, to_regclass('wildlands.logs')::oid, 'SELECT, INSERT, UPDATE, DELETE'), false)
               and has_database_privilege(r.oid, current_database(), 'TEMP')
    from pg_roles r where r.rolname = 'wildlands_app'";

/// Row-level security is in force for every table and for the role.
pub(super) async fn isolation(client: &Client) -> Result<Line, BackupError> {
    let mut open = Vec::new();
    let tables = client.query(GUARDED, &[]).await?;
    for row in &tables {
        if !row.try_get::<_, bool>(1)? {
            open.push(row.try_get::<_, String>(0)?);
        }
    }
    if tables.is_empty() {
        return Ok(Line::warn(
            "isolation",
            "there are no tables yet",
            "the first start of the program makes them",
        ));
    }
    if !open.is_empty() {
        let forced: Vec<String> = open
            .iter()
            .map(|table| format!("ALTER TABLE wildlands.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"))
            .collect();
        return Ok(Line::fail(
            "isolation",
            format!("row-level security is not in force for {}", open.join(", ")),
            format!(
                "the owner runs: {} (a missing policy comes back with a restore)",
                forced.join(" ")
            ),
        ));
    }
    let Some(role) = client.query_opt(ROLE, &[]).await? else {
        return Ok(Line::warn(
            "isolation",
            format!(
                "forced row-level security on {} tables; the role wildlands_app is missing",
                tables.len()
            ),
            "the next start makes it where the login may; else an administrator runs: CREATE ROLE wildlands_app NOLOGIN;",
        ));
    };
    if let Some(line) = unbound(&role)? {
        return Ok(line);
    }
    Ok(Line::pass(
        "isolation",
        format!(
            "forced row-level security on {} tables, and wildlands_app is bound by it",
            tables.len()
        ),
    ))
}

/// What the program's role may that it must not, or lacks.
fn unbound(role: &Row) -> Result<Option<Line>, BackupError> {
    if role.try_get::<_, bool>(0)? {
        return Ok(Some(Line::fail(
            "isolation",
            "row-level security does not hold for the role wildlands_app",
            "an administrator runs: ALTER ROLE wildlands_app NOSUPERUSER NOBYPASSRLS;",
        )));
    }
    if role.try_get::<_, bool>(1)? || role.try_get::<_, bool>(2)? {
        return Ok(Some(Line::fail(
            "isolation",
            "the role wildlands_app owns tables, or may act as their owner",
            "an administrator gives the tables to another role: REASSIGN OWNED BY wildlands_app TO wildlands_owner;",
        )));
    }
    if !role.try_get::<_, bool>(3)? {
        return Ok(Some(Line::fail(
            "isolation",
            "the role wildlands_app lacks its rights, as after a restore on another server",
            "the owner runs: SELECT wildlands.grant_to_app();",
        )));
    }
    Ok(None)
}

/// For each foreign key the statement that counts rows without what they point at.
const KEYS: &str = "
    select k.conname::text, k.convalidated,
           format('select count(*) from %s c where %s and not exists (select from %s p where %s)',
               k.conrelid::regclass,
               (select string_agg(format('c.%I is not null', a.attname), ' and ')
                from unnest(k.conkey) n join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n),
               k.confrelid::regclass,
               (select string_agg(format('p.%I = c.%I', pa.attname, ca.attname), ' and ')
                from unnest(k.conkey, k.confkey) pair(child, parent)
                join pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = pair.child
                join pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = pair.parent))
    from pg_constraint k
    where k.contype = 'f' and k.connamespace = to_regnamespace('wildlands')
    order by 1";

/// Every row that points at another finds it; so does every row of the history its table.
pub(super) async fn orphans(client: &Client, ground: &Ground) -> Result<Line, BackupError> {
    match look::look(client, ground).await {
        Ok(facts) => {
            if let Sight::OnlyPerson(user) = facts.sight {
                client
                    .execute(
                        "select set_config('wildlands.user_id', $1, false)",
                        &[&user.to_string()],
                    )
                    .await?;
            }
        }
        Err(BackupError::MissingRight { .. }) => {
            return Ok(Line::warn(
                "orphans",
                "not looked at: this login does not see every row",
                "run it once as a superuser: DATABASE_URL=… wildlands doctor",
            ));
        }
        Err(BackupError::Nothing { .. }) => return Ok(Line::pass("orphans", "no rows yet")),
        Err(error) => return Err(error),
    }
    let keys = client.query(KEYS, &[]).await?;
    let mut wrong = Vec::new();
    for key in &keys {
        let (name, checked): (String, bool) = (key.try_get(0)?, key.try_get(1)?);
        let count: i64 = client
            .query_one(&key.try_get::<_, String>(2)?, &[])
            .await?
            .try_get(0)?;
        if count > 0 {
            wrong.push(format!("{count} by {name}"));
        } else if !checked {
            wrong.push(format!("{name} was never validated"));
        }
    }
    let history: i64 = client
        .query_one(
            "select count(*) from wildlands.record_history h where to_regclass('wildlands.' || quote_ident(h.table_name)) is null",
            &[],
        )
        .await?
        .try_get(0)?;
    if history > 0 {
        wrong.push(format!(
            "{history} of the history, of tables that are not there"
        ));
    }
    if wrong.is_empty() {
        return Ok(Line::pass(
            "orphans",
            format!("none, by {} foreign keys and the history", keys.len()),
        ));
    }
    Ok(Line::fail(
        "orphans",
        format!("rows that point at nothing: {}", wrong.join(", ")),
        "make a backup now, then restore the last one that has none (wildlands backup --check FILE --verify=full)",
    ))
}
