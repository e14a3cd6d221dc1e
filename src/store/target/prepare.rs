//! Preparing a database: its schema, the application role, and under which rights the program will work there.
//!
//! A role belongs to the whole server. Whatever this login may do, the end is one of two states: statements run as
//! the application role, or as a login that forced row-level security binds. A superuser's rights are never used.

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::{Target, connect};
use crate::store::error::{OLDEST_SERVER, StoreError};
use crate::store::migrate::{self, Applied, SchemaStatus, Step};

/// Under which rights statements run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The login is the application role itself.
    AppRole,
    /// Each transaction begins with `SET LOCAL ROLE wildlands_app`.
    SetRole,
    /// The login owns the tables; forced row-level security binds it. It could not create or enter the role.
    Owner,
}

/// How a login stands in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// `server_version_num`.
    pub server_version: i32,
    /// How far the schema is.
    pub schema: SchemaStatus,
    /// Under which rights it could work now; nothing where something must be prepared first.
    pub access: Option<Access>,
    facts: Facts,
}

impl Standing {
    /// Whether nothing is to be prepared.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.schema.is_current() && self.access.is_some()
    }
}

/// The result of a preparation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Whether transactions must begin with `SET LOCAL ROLE wildlands_app`.
    pub set_role: bool,
    /// Under which rights statements run.
    pub access: Access,
    /// `server_version_num`.
    pub server_version: i32,
    /// What the migrations did.
    pub applied: Applied,
}

/// What the server says about the login and the role.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is one column of one row
struct Facts {
    version: i32,
    user: String,
    database: String,
    /// Superuser or BYPASSRLS: row-level security does not hold for it.
    above_security: bool,
    may_create_role: bool,
    role_exists: bool,
    role_above_security: bool,
    may_set_role: bool,
    role_has_rights: bool,
    has_schema: bool,
    owns_schema: bool,
}

/// One row, from the catalog alone, so that it can be asked of an empty database too. `pg_has_role` knows the right to
/// set a role since PostgreSQL 16; before, membership is that right.
const FACTS: &str = "
    select current_setting('server_version_num')::int,
           session_user::text, current_database()::text,
           me.rolsuper or me.rolbypassrls,
           me.rolsuper or me.rolcreaterole,
           app.oid is not null,
           coalesce(app.rolsuper or app.rolbypassrls, false),
           coalesce(case when current_setting('server_version_num')::int >= 160000
                         then pg_has_role(session_user, app.oid, 'SET')
                         else pg_has_role(session_user, app.oid, 'MEMBER') end, false),
           coalesce(has_schema_privilege(app.oid, ns.oid, 'USAGE')
                    and has_table_privilege(app.oid, rel.oid, 'INSERT'), false),
           ns.oid is not null,
           coalesce(pg_has_role(session_user, ns.nspowner, 'USAGE'), false)
    from pg_roles me
    left join pg_roles app on app.rolname = 'wildlands_app'
    left join pg_namespace ns on ns.nspname = 'wildlands'
    left join pg_class rel on rel.relnamespace = ns.oid and rel.relname = 'applied_writes'
    where me.rolname = session_user";

impl Facts {
    async fn read(client: &Client) -> Result<Self, StoreError> {
        let row = client.query_typed_one(FACTS, &[]).await?;
        Ok(Self {
            version: row.try_get(0)?,
            user: row.try_get(1)?,
            database: row.try_get(2)?,
            above_security: row.try_get(3)?,
            may_create_role: row.try_get(4)?,
            role_exists: row.try_get(5)?,
            role_above_security: row.try_get(6)?,
            may_set_role: row.try_get(7)?,
            role_has_rights: row.try_get(8)?,
            has_schema: row.try_get(9)?,
            owns_schema: row.try_get(10)?,
        })
    }

    fn access(&self) -> Option<Access> {
        if self.role_above_security {
            return None;
        }
        if self.user == super::APP_ROLE {
            return self.role_has_rights.then_some(Access::AppRole);
        }
        if self.may_set_role && self.role_has_rights {
            return Some(Access::SetRole);
        }
        (self.owns_schema && !self.above_security).then_some(Access::Owner)
    }

    /// Whether a better way than the present one could be opened: the owner that may enter the role, or may make it.
    fn could_improve(&self) -> bool {
        match self.access() {
            Some(Access::AppRole | Access::SetRole) => false,
            Some(Access::Owner) => self.may_create_role && !self.role_exists || self.may_set_role,
            None => true,
        }
    }
}

/// How this login stands in this database: two queries sent together.
///
/// # Errors
/// [`StoreError::TooOld`], [`StoreError::Newer`], [`StoreError::Altered`], or what the connection says.
pub async fn standing(client: &Client) -> Result<Standing, StoreError> {
    let (facts, schema) =
        futures_util::future::join(Facts::read(client), migrate::status(client)).await;
    let facts = facts?;
    if facts.version < OLDEST_SERVER {
        return Err(StoreError::TooOld {
            found: version_words(facts.version),
        });
    }
    let schema = match schema {
        // The role may not look: after a restore on another server its rights are missing.
        Err(StoreError::Forbidden) => SchemaStatus {
            applied: 0,
            known: migrate::latest(),
        },
        other => other?,
    };
    Ok(Standing {
        server_version: facts.version,
        schema,
        access: facts.access(),
        facts,
    })
}

/// Makes a database ready: creates and migrates the schema, makes the application role where this login may, and gives
/// the rights. Any number of programs may do so at once. Where nothing is to be done it costs one round trip.
///
/// # Errors
/// What stands in the way, with the statement that an administrator would run.
pub async fn prepare_database(
    target: &Target,
    progress: &mut (dyn FnMut(Step) + Send),
) -> Result<Prepared, StoreError> {
    let mut client = connect(target).await?;
    prepare(&mut client, progress).await
}

async fn prepare(
    client: &mut Client,
    progress: &mut (dyn FnMut(Step) + Send),
) -> Result<Prepared, StoreError> {
    let mut now = standing(client).await?;
    let mut applied = Applied {
        before: now.schema.applied,
        versions: Vec::new(),
    };
    if !now.schema.is_current() || now.facts.could_improve() {
        refuse_hopeless(&now.facts)?;
        make_role(client, &now.facts).await?;
        if !now.schema.is_current() {
            applied = migrate::migrate(client, progress).await?;
        }
        now.facts = Facts::read(client).await?;
        if now.facts.owns_schema && !now.facts.role_has_rights && now.facts.role_exists {
            client
                .query_typed("select wildlands.grant_to_app()", &[])
                .await?;
            now.facts = Facts::read(client).await?;
        }
    }
    let access = now.facts.access().ok_or_else(|| no_way(&now.facts))?;
    Ok(Prepared {
        set_role: access == Access::SetRole,
        access,
        server_version: now.server_version,
        applied,
    })
}

/// Says at once what no preparation can change.
fn refuse_hopeless(facts: &Facts) -> Result<(), StoreError> {
    if facts.role_above_security {
        return Err(StoreError::MissingRight {
            user: super::APP_ROLE.into(),
            action: "be used: row-level security does not hold for it".into(),
            remedy: "An administrator runs: ALTER ROLE wildlands_app NOSUPERUSER NOBYPASSRLS;"
                .into(),
        });
    }
    if facts.has_schema && !facts.owns_schema {
        return Err(no_way(facts));
    }
    Ok(())
}

fn no_way(facts: &Facts) -> StoreError {
    let user = facts.user.clone();
    if facts.has_schema && !facts.owns_schema && !facts.above_security {
        return StoreError::MissingRight {
            action: format!("work in database \"{}\" or prepare it", facts.database),
            remedy: format!(
                "Run `wildlands data migrate` as the role that owns the schema \"wildlands\"; \
                 then an administrator runs: GRANT wildlands_app TO \"{user}\";"
            ),
            user,
        };
    }
    StoreError::MissingRight {
        action:
            "work as the role wildlands_app, and row-level security does not hold for it itself"
                .into(),
        remedy: format!(
            "An administrator runs: CREATE ROLE wildlands_app NOLOGIN; (where it is missing) \
             GRANT wildlands_app TO \"{user}\";"
        ),
        user,
    }
}

/// Creates the role and lets this login enter it, where it may. Other programs, in other databases of the same server,
/// may be doing the same: who comes second finds it done. Where the right is missing, that is no error here: the
/// owner of the tables works without the role.
async fn make_role(client: &Client, facts: &Facts) -> Result<(), StoreError> {
    if facts.user == super::APP_ROLE {
        return Ok(());
    }
    if !facts.role_exists && facts.may_create_role {
        tolerate(client.batch_execute("create role wildlands_app nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication").await)?;
    }
    if !facts.may_set_role {
        let name = facts.user.replace('"', "\"\"");
        let options = if facts.version >= 160_000 {
            " with set true, inherit false"
        } else {
            ""
        };
        tolerate(
            client
                .batch_execute(&format!("grant wildlands_app to \"{name}\"{options}"))
                .await,
        )?;
    }
    Ok(())
}

fn tolerate(result: Result<(), tokio_postgres::Error>) -> Result<(), StoreError> {
    let Err(error) = result else { return Ok(()) };
    let done_or_not_allowed = [
        SqlState::DUPLICATE_OBJECT,
        SqlState::UNIQUE_VIOLATION, // two at the same instant
        SqlState::INTERNAL_ERROR,   // "tuple concurrently updated": the other one's grant stands
        SqlState::INSUFFICIENT_PRIVILEGE,
        SqlState::UNDEFINED_OBJECT, // no such role, and no right to create it
    ];
    match error.code() {
        Some(code) if done_or_not_allowed.contains(code) => Ok(()),
        _ => Err(error.into()),
    }
}

fn version_words(number: i32) -> String {
    if number >= 100_000 {
        return format!("{}.{}", number / 10_000, number % 10_000);
    }
    format!(
        "{}.{}.{}",
        number / 10_000,
        number / 100 % 100,
        number % 100
    )
}
