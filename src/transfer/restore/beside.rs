//! The database that a backup is restored into, and what makes it fit for use.

use std::fmt::Write as _;
use std::path::Path;

use jiff::Zoned;
use serde_json::Value;
use tokio_postgres::Client;

use super::{Present, State, Step, aside, counted, swap};
use crate::store::migrate;
use crate::store::target;
use crate::store::tools::Tool;
use crate::transfer::backup::archive::{self, Reading};
use crate::transfer::backup::meter::Meter;
use crate::transfer::backup::program::{by_newer, run, table_begun};
use crate::transfer::backup::{BackupError, scratch};
use crate::transfer::export::Cancel;
use crate::transfer::ground::{Ground, quoted};

/// How the names of databases begin that are being restored into.
pub(super) const PREFIX: &str = "wildlands_restore_";

/// What a restore works with.
pub(super) struct Fresh<'a> {
    pub ground: &'a Ground,
    pub keeper: &'a Client,
    pub present: &'a Present,
    pub reading: Reading<'a>,
    pub schema: i32,
}

/// What is in it then.
pub(super) struct Filled {
    pub migrated: Vec<i32>,
    pub rows: Vec<(String, u64)>,
    pub people: Vec<String>,
}

impl Fresh<'_> {
    /// Makes a database, fills it, and gives it the present one's name. Before the last step a failure drops it.
    pub async fn fill_and_exchange(
        &mut self,
        path: &Path,
        now: &Zoned,
        step: &mut (dyn FnMut(Step) + Send),
        meter: &mut Meter<'_>,
        cancel: &Cancel,
    ) -> Result<(Filled, Option<String>, u64), BackupError> {
        step(Step::Making);
        scratch::drop_abandoned(self.keeper, PREFIX).await;
        let name = scratch::new_name(PREFIX);
        self.create(&name).await?;
        let exchanged = async {
            let taken_back = self.lend(&name).await?;
            let filled = self.fill(&name, path, step, meter, cancel).await?;
            if let Some(statement) = taken_back {
                self.keeper.batch_execute(&statement).await?;
            }
            if cancel.is_cancelled() {
                return Err(BackupError::Cancelled);
            }
            step(Step::Exchanging);
            let database = self.ground.database();
            let kept = match self.present.state {
                State::Absent => None,
                State::Empty | State::Full => Some(aside::name(database, now)),
            };
            let ended = swap::exchange(self.ground, &name, kept.as_deref()).await?;
            Ok((filled, kept, ended))
        }
        .await;
        if exchanged.is_err() {
            // After an exchange there is none of this name.
            scratch::drop_database(self.keeper, &name).await?;
        }
        exchanged
    }

    /// An empty database like the present one: its locale, its owner, who may enter it, its settings.
    async fn create(&self, name: &str) -> Result<(), BackupError> {
        let present = self.ground.database();
        let like = self
            .keeper
            .query_opt(
                "select to_jsonb(d) || jsonb_build_object('owner', pg_get_userbyid(d.datdba)) \
                 from pg_database d where datname = $1",
                &[&present],
            )
            .await?;
        let like: Value = match like {
            Some(row) => row.try_get(0)?,
            None => Value::Null,
        };
        scratch::create_like(self.keeper, name, &locale(&like)).await?;
        let owner = match (
            like.get("owner").and_then(Value::as_str),
            &self.present.owner,
        ) {
            (Some(owner), _) => Some(owner.to_owned()),
            (None, owner) => owner.clone(),
        };
        let mut statements = Vec::new();
        if let Some(owner) = owner {
            let (name, owner) = (quoted(name), quoted(&owner));
            statements.push(format!("alter database {name} owner to {owner}"));
        }
        statements.extend(self.rights(name, present).await?);
        for statement in statements {
            self.keeper.batch_execute(&statement).await?;
        }
        Ok(())
    }

    /// Who owns the schema makes it anew, and need not own the database: the right to is lent. Gives the statement that
    /// takes it back.
    async fn lend(&self, name: &str) -> Result<Option<String>, BackupError> {
        let Some(owner) = &self.present.owner else {
            return Ok(None);
        };
        let may: bool = self
            .keeper
            .query_one(
                "select has_database_privilege($1::text::name, $2::text, 'CREATE')",
                &[&owner, &name],
            )
            .await?
            .try_get(0)?;
        if may {
            return Ok(None);
        }
        let (name, owner) = (quoted(name), quoted(owner));
        self.keeper
            .batch_execute(&format!("grant create on database {name} to {owner}"))
            .await?;
        Ok(Some(format!(
            "revoke create on database {name} from {owner}"
        )))
    }

    /// The statements that give `name` the rights and settings of `present`: a dump has neither.
    async fn rights(&self, name: &str, present: &str) -> Result<Vec<String>, BackupError> {
        let mut statements = Vec::new();
        let name = quoted(name);
        let given = self
            .keeper
            .query(
                "select a.privilege_type, case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end, \
                        a.is_grantable \
                 from pg_database d, aclexplode(d.datacl) a where d.datname = $1 and a.grantee <> d.datdba",
                &[&present],
            )
            .await?;
        let has_own: bool = self
            .keeper
            .query_one(
                "select exists (select from pg_database where datname = $1 and datacl is not null)",
                &[&present],
            )
            .await?
            .try_get(0)?;
        if has_own {
            statements.push(format!("revoke all on database {name} from public"));
        }
        for row in given {
            let (right, to): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let option = if row.try_get(2)? {
                " with grant option"
            } else {
                ""
            };
            statements.push(format!("grant {right} on database {name} to {to}{option}"));
        }
        let settings = self
            .keeper
            .query(
                "select quote_ident(split_part(setting, '=', 1)), quote_literal(substr(setting, strpos(setting, '=') + 1)) \
                 from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) setting \
                 where d.datname = $1 and s.setrole = 0 and setting !~ '^(search_path|session_preload_libraries)='",
                &[&present],
            )
            .await?;
        for row in settings {
            let (setting, value): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            statements.push(format!("alter database {name} set {setting} to {value}"));
        }
        Ok(statements)
    }

    /// Restores the file into the database of this name, in one transaction, and prepares it.
    pub async fn fill(
        &mut self,
        name: &str,
        path: &Path,
        step: &mut (dyn FnMut(Step) + Send),
        meter: &mut Meter<'_>,
        cancel: &Cancel,
    ) -> Result<Filled, BackupError> {
        let there = self.ground.at(name);
        // While somebody is in it, nobody takes it for abandoned.
        let client = there.connect().await?;
        step(Step::Restoring);
        self.put(&there, path, meter, cancel).await?;
        step(Step::Preparing);
        if let Some(owner) = &self.present.owner {
            client
                .batch_execute(&format!("set role {}", quoted(owner)))
                .await?;
        }
        // The rights of the program that made it, by its own function; what it does not know yet comes with the migrations.
        client
            .batch_execute("select wildlands.grant_to_app()")
            .await?;
        client.batch_execute("reset role; analyze").await?;
        let owner = match &self.present.owner {
            Some(owner) if there.is_private() => there.target().as_role(owner),
            Some(_) | None => there.target().clone(),
        };
        let prepared = target::prepare_database(&owner, &mut |_| ()).await?;
        let status = migrate::status(&client).await?;
        debug_assert!(status.applied >= self.schema);
        let (rows, people) = counted(&client).await?;
        Ok(Filled {
            migrated: prepared.applied.versions,
            rows,
            people,
        })
    }

    async fn put(
        &self,
        there: &Ground,
        path: &Path,
        meter: &mut Meter<'_>,
        cancel: &Cancel,
    ) -> Result<(), BackupError> {
        let way = target::libpq(there.target()).map_err(|error| BackupError::CannotCreate {
            path: std::env::temp_dir(),
            reason: error.to_string(),
        })?;
        let reading = self.reading;
        let mut command = reading
            .tools
            .command(Tool::Restore, Some(&way), reading.user, false);
        command.args(["--no-owner", "--exit-on-error", "--single-transaction"]);
        command.args(["--no-password", "--verbose"]);
        if let Some(owner) = &self.present.owner {
            command.arg(format!("--role={owner}"));
        }
        command.arg(format!(
            "--dbname={}",
            scratch::connection(there.database())
        ));
        command.stdin(archive::open(path)?);
        meter.pass();
        let mut line = |line: &str| {
            if let Some(table) = table_begun(line) {
                meter.begun(table);
            }
        };
        run(command, "pg_restore", &mut line, cancel)
            .await
            .map_err(|error| by_newer(error, reading.tools))
    }
}

/// The locale of a row of `pg_database`, as `CREATE DATABASE` has it, whatever the server's version calls it.
fn locale(like: &Value) -> String {
    let text = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| like.get(*name)?.as_str())
            .map(|value| format!("'{}'", value.replace('\'', "''")))
    };
    let mut options = String::new();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            let _ = write!(options, " {name} {value}");
        }
    };
    add("lc_collate", text(&["datcollate"]));
    add("lc_ctype", text(&["datctype"]));
    match like.get("datlocprovider").and_then(Value::as_str) {
        Some("i") => {
            add("locale_provider", Some("icu".to_owned()));
            add("icu_locale", text(&["datlocale", "daticulocale"]));
        }
        Some("b") => {
            add("locale_provider", Some("builtin".to_owned()));
            add("builtin_locale", text(&["datlocale"]));
        }
        Some(_) | None => {}
    }
    options
}
