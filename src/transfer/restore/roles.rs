//! The roles that a dump gives rights to. A dump of one database does not hold them; without them its grants fail.

use std::collections::BTreeSet;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::transfer::backup::BackupError;
use crate::transfer::ground::quoted;

/// The roles that the statements of a dump name in `GRANT … TO`, `REVOKE … FROM` and `ALTER DEFAULT PRIVILEGES`.
pub(super) fn named(statements: &str) -> BTreeSet<String> {
    statements
        .lines()
        .filter(|line| line.ends_with(';'))
        .filter_map(|line| {
            let (_, after) = if line.starts_with("GRANT ") {
                line.rsplit_once(" TO ")?
            } else if line.starts_with("REVOKE ") {
                line.rsplit_once(" FROM ")?
            } else if line.starts_with("ALTER DEFAULT PRIVILEGES ") {
                line.rsplit_once(" TO ")
                    .or_else(|| line.rsplit_once(" FROM "))?
            } else {
                return None;
            };
            let name = after.trim_end_matches(';');
            let name = name.strip_suffix(" WITH GRANT OPTION").unwrap_or(name);
            let plain = match name
                .strip_prefix('"')
                .and_then(|name| name.strip_suffix('"'))
            {
                Some(inner) => inner.replace("\"\"", "\""),
                None => name.to_owned(),
            };
            (name != "PUBLIC" && !plain.is_empty()).then_some(plain)
        })
        .collect()
}

/// Makes those that are missing: without a password, without the right to log in, below row-level security. Ours is not wanted
/// where the login may not make it and the dump gives it nothing: such a database was used without it.
pub(super) async fn make(
    keeper: &Client,
    named: &BTreeSet<String>,
) -> Result<Vec<String>, BackupError> {
    let mut made = Vec::new();
    let ours = crate::store::target::APP_ROLE.to_owned();
    for role in named.iter().chain(std::iter::once(&ours)) {
        let there: bool = keeper
            .query_one(
                "select exists (select from pg_roles where rolname = $1)",
                &[role],
            )
            .await?
            .try_get(0)?;
        if there || made.contains(role) {
            continue;
        }
        let statement = format!(
            "create role {} nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication",
            quoted(role)
        );
        match keeper.batch_execute(&statement).await {
            Ok(()) => made.push(role.clone()),
            Err(error) if error.code() == Some(&SqlState::DUPLICATE_OBJECT) => {}
            Err(error)
                if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
                    && !named.contains(role) => {}
            Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                let user: String = keeper
                    .query_one("select session_user::text", &[])
                    .await?
                    .try_get(0)?;
                return Err(BackupError::MissingRight {
                    user,
                    action: format!("create the role \"{role}\", to which the backup gives rights"),
                    remedy: format!(
                        "an administrator runs: CREATE ROLE {} NOLOGIN;",
                        quoted(role)
                    ),
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roles_of_a_dump_are_found_in_every_spelling() {
        let statements = "REVOKE ALL ON FUNCTION wildlands.protect(guarded regclass) FROM PUBLIC;\n\
            GRANT ALL ON FUNCTION wildlands.f() TO wildlands_app;\n\
            GRANT SELECT,INSERT ON TABLE wildlands.logs TO \"An \"\"odd\"\" one\";\n\
            GRANT SELECT ON TABLE wildlands.logs TO ann WITH GRANT OPTION;\n\
            ALTER DEFAULT PRIVILEGES FOR ROLE o IN SCHEMA wildlands GRANT SELECT ON TABLES TO reader;\n\
            CREATE POLICY own_rows ON wildlands.logs USING (true);\n    from public;\n";
        let found: Vec<String> = named(statements).into_iter().collect();
        assert_eq!(found, ["An \"odd\" one", "ann", "reader", "wildlands_app"]);
    }
}
