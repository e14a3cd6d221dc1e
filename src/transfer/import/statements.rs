//! The statements of a merge, written from the tables' shapes.
//!
//! `s` is a row of the document in its temporary table, `e` the row that is there already. Nothing of
//! a document is in these texts.

use std::fmt::Write as _;

use crate::domain::ids::UserId;
use crate::domain::import::report::Source;
use crate::domain::import::shape::{Column, Kind, Shape};

/// What makes two rows the same record beside their id, as the database's unique constraints say.
#[must_use]
pub fn key(table: &str) -> &'static [&'static str] {
    match table {
        "logs" => &["date"],
        "check_ins" => &["goal_id", "date"],
        "drift_flags" => &["type", "subject", "window_start"],
        "reviews" => &["week_start"],
        "retention_policies" => &["table_name"],
        "imported_records" => &["source", "kind", "source_id"],
        _ => &[],
    }
}

/// Columns that tell of a record's life and are not compared.
const LIFE: [&str; 5] = ["id", "user_id", "created_at", "updated_at", "version"];

/// How a table is merged.
pub(super) struct Merge<'a> {
    pub shape: &'a Shape,
    pub user: UserId,
    pub source: Source,
    /// The document's red-zone values are left out: its records replace none.
    pub redacted: bool,
}

impl Merge<'_> {
    fn table(&self) -> &'static str {
        self.shape.table.sql
    }

    fn content(&self) -> impl Iterator<Item = &Column> {
        let is_content = |column: &&Column| !LIFE.contains(&column.sql);
        self.shape.columns.iter().filter(is_content)
    }

    /// The temporary table of the document's rows. Small numbers are wide there, so that one out of
    /// its range is told by its row.
    pub fn stage(&self) -> String {
        let mut columns = String::new();
        for column in self.staged() {
            let wide = if column.kind == Kind::Integer {
                "::integer"
            } else {
                ""
            };
            let _ = write!(columns, "\"{0}\"{wide} as \"{0}\", ", column.sql);
        }
        let table = self.table();
        format!(
            "create temp table import_{table} on commit drop as \
             select {columns}0::bigint as place, null::text as aside from wildlands.{table} with no data"
        )
    }

    /// The columns of a document's row that are kept: the person is the one who imports.
    pub fn staged(&self) -> impl Iterator<Item = &Column> {
        self.shape
            .columns
            .iter()
            .filter(|column| column.sql != "user_id")
    }

    /// Takes the lines.
    pub fn copy_in(&self) -> String {
        let names: Vec<String> = self.staged().map(|c| format!("\"{}\"", c.sql)).collect();
        format!(
            "copy pg_temp.import_{} ({}, place) from stdin",
            self.table(),
            names.join(", ")
        )
    }

    /// Sets aside what the rules of the table refuse; `rules` are their names and conditions.
    pub fn set_aside_refused(&self, rules: &[(String, String)]) -> Option<String> {
        if rules.is_empty() {
            return None;
        }
        let mut cases = String::new();
        let mut any = Vec::new();
        for (name, condition) in rules {
            let name = name.replace('\'', "''");
            let _ = write!(
                cases,
                " when ({condition}) is false then 'the rule {name} refuses it'"
            );
            any.push(format!("({condition}) is false"));
        }
        Some(format!(
            "update pg_temp.import_{} set aside = case{cases} end where aside is null and ({})",
            self.table(),
            any.join(" or ")
        ))
    }

    /// Sets aside what stands twice in the document: the newest stays.
    pub fn set_aside_doubles(&self) -> Vec<String> {
        let table = self.table();
        let mut keys = vec!["id".to_owned()];
        if !key(table).is_empty() {
            keys.push(quoted(key(table)));
        }
        keys.iter()
            .map(|key| {
                format!(
                    "update pg_temp.import_{table} s set aside = 'the document has another record of the same {}' \
                     from (select place, row_number() over (partition by {key} order by updated_at desc, place) as nth \
                           from pg_temp.import_{table} where aside is null) d \
                     where d.place = s.place and d.nth > 1",
                    key.replace('"', "").replace('_', " ")
                )
            })
            .collect()
    }

    /// Sets aside check-ins without a goal, here or in the document.
    pub fn set_aside_orphans(&self) -> Option<String> {
        let user = self.user;
        (self.table() == "check_ins").then(|| {
            format!(
                "update pg_temp.import_check_ins s set aside = 'its goal is neither here nor in the document' \
                 where aside is null \
                     and not exists (select from wildlands.goals g where g.user_id = '{user}' and g.id = s.goal_id)"
            )
        })
    }

    /// Sets aside what has the id of a record here that is of another date or name.
    pub fn set_aside_others(&self) -> Option<String> {
        let (table, user) = (self.table(), self.user);
        let key = key(table);
        (!key.is_empty()).then(|| {
            format!(
                "update pg_temp.import_{table} s set aside = 'a record here has its id and another {}' \
                 where aside is null \
                     and exists (select from wildlands.{table} e where e.user_id = '{user}' and e.id = s.id \
                         and ({}) is distinct from ({})) \
                     and not exists (select from wildlands.{table} e where e.user_id = '{user}' and {})",
                key.join(", ").replace('_', " "),
                prefixed("e", key),
                prefixed("s", key),
                self.meets()
            )
        })
    }

    /// What makes `s` and `e` the same record.
    fn meets(&self) -> String {
        let key = key(self.table());
        let key = if key.is_empty() { &["id"] } else { key };
        key.iter()
            .map(|column| format!("e.\"{column}\" = s.\"{column}\""))
            .collect::<Vec<_>>()
            .join(" and ")
    }

    /// The document's and the present value of two records of one date or name, put together: the
    /// document's first, or the present one's.
    fn together(column: &Column, document_first: bool) -> String {
        let (said, stored) = (
            format!("s.\"{}\"", column.sql),
            format!("e.\"{}\"", column.sql),
        );
        let (first, second) = if document_first {
            (said, stored)
        } else {
            (stored, said)
        };
        match column.kind {
            // Brought back or archived is what the newer one says.
            _ if column.sql == "archived_at" => first,
            Kind::Object => format!(
                "case when {first} is null then {second} else coalesce({second}, '{{}}') || ({first}) end"
            ),
            Kind::Text => format!("coalesce(nullif({first}, ''), {second})"),
            Kind::Uuid
            | Kind::Date
            | Kind::Moment
            | Kind::Texts
            | Kind::Integer
            | Kind::Number
            | Kind::Bool
            | Kind::Transaction
            | Kind::List
            | Kind::Any => format!("coalesce({first}, {second})"),
        }
    }

    /// The value that a record here has after the merge.
    fn merged(&self, column: &Column) -> String {
        let said = format!("s.\"{}\"", column.sql);
        if key(self.table()).is_empty() {
            return said;
        }
        format!(
            "case when s.id = e.id then {said} when s.updated_at > e.updated_at then {} else {} end",
            Self::together(column, true),
            Self::together(column, false)
        )
    }

    fn row(&self, of: impl Fn(&Column) -> String) -> String {
        let values: Vec<String> = self.content().map(of).collect();
        format!("row({})", values.join(", "))
    }

    /// Meets the document's rows with those that are here: what happens to each.
    pub fn meet(&self) -> String {
        let (table, user) = (self.table(), self.user);
        let here = self.row(|column| format!("e.\"{}\"", column.sql));
        let after = self.row(|column| self.merged(column));
        // What a redacted document leaves out replaces nothing. Else the newer one wins, and where neither
        // is, what an earlier import of the web application's brought and nobody has changed since is renewed.
        let wins = match self.source {
            _ if self.redacted => "false",
            Source::Web => "s.updated_at >= e.updated_at",
            Source::Own => "s.updated_at > e.updated_at",
        };
        let lost = if key(table).is_empty() || self.redacted {
            "false".to_owned()
        } else {
            format!(
                "e.id is not null and s.id <> e.id and s.updated_at <= e.updated_at and {} is distinct from {}",
                self.row(|column| Self::together(column, true)),
                self.row(|column| Self::together(column, false))
            )
        };
        format!(
            "create temp table import_met_{table} on commit drop as \
             select s.place, e.id as target, {lost} as lost, \
                 case when e.id is null then 'new' \
                      when {after} is not distinct from {here} then 'same' \
                      when s.id <> e.id and not {} then 'merged' \
                      when {wins} then 'changed' \
                      else 'older' end as verdict \
             from pg_temp.import_{table} s left join wildlands.{table} e on e.user_id = '{user}' and {} \
             where s.aside is null",
            self.redacted,
            self.meets()
        )
    }

    /// How many rows of each kind: `aside`, `lost` and the verdicts.
    pub fn count(&self) -> String {
        let table = self.table();
        format!(
            "select verdict, count(*) from pg_temp.import_met_{table} group by verdict \
             union all select 'lost', count(*) from pg_temp.import_met_{table} where lost \
             union all select 'aside', count(*) from pg_temp.import_{table} where aside is not null"
        )
    }

    /// What differs: place, verdict, record, fields, reason.
    pub fn differences(&self, most: usize) -> String {
        let (table, user) = (self.table(), self.user);
        let fields: Vec<String> = self.content().map(|column| self.fields(column)).collect();
        let record = match table {
            "logs" | "check_ins" => "s.date::text",
            "reviews" => "s.week_start::text",
            "drift_flags" => "s.type || ' ' || s.window_start::text",
            "retention_policies" => "s.table_name",
            _ => "s.id::text",
        };
        format!(
            "select s.place, coalesce(m.verdict, 'aside'), {record}, \
                 case when m.verdict in ('changed', 'merged') then {} else '{{}}' end, \
                 coalesce(s.aside, case when m.lost then 'values that differ are kept among the imported records' end, '') \
             from pg_temp.import_{table} s left join pg_temp.import_met_{table} m using (place) \
                 left join wildlands.{table} e on e.user_id = '{user}' and e.id = m.target \
             where m.verdict is null or m.verdict in ('changed', 'merged', 'older') or m.lost \
             order by s.place limit {most}",
            fields.join(" || ")
        )
    }

    /// The names of what changes in a column: of a day and of answers, of each key.
    fn fields(&self, column: &Column) -> String {
        let (after, name) = (self.merged(column), column.sql);
        let json = &column.json;
        if column.kind == Kind::Object && matches!(name, "data" | "answers") {
            return format!(
                "(select coalesce(array_agg('{json}.' || k order by k), '{{}}') \
                  from (select jsonb_object_keys(e.\"{name}\" || ({after})) as k) k \
                  where e.\"{name}\" -> k is distinct from ({after}) -> k)"
            );
        }
        format!(
            "case when ({after}) is distinct from e.\"{name}\" then array['{json}'] else '{{}}'::text[] end"
        )
    }

    /// Keeps what was set aside, and what lost against a newer record of the same date or name.
    pub fn keep_aside(&self) -> String {
        let (table, user, json) = (self.table(), self.user, &self.shape.json);
        let source = self.source.name();
        format!(
            "insert into wildlands.imported_records \
                 (user_id, id, source, kind, source_id, payload, reason, created_at, updated_at) \
             select '{user}', md5('{source}:{json}:' || k.source_id)::uuid, '{source}', '{json}', k.source_id, \
                 k.payload, k.reason, k.moment, k.moment \
             from (select p.id::text || ':' || left(md5(p.payload::text), 16) as source_id, p.payload, p.moment, \
                       p.reason \
                   from (select s.id, to_jsonb(s) - 'place' - 'aside' as payload, s.updated_at as moment, \
                             coalesce(s.aside, 'a newer record of the same {} is here') as reason \
                         from pg_temp.import_{table} s left join pg_temp.import_met_{table} m using (place) \
                         where s.aside is not null or m.lost) p) k \
             on conflict do nothing",
            key(table).join(", ").replace('_', " ")
        )
    }

    /// Keeps the entries of the history that were set aside.
    pub fn keep_history_aside(&self) -> String {
        let (user, json, source) = (self.user, &self.shape.json, self.source.name());
        format!(
            "insert into wildlands.imported_records \
                 (user_id, id, source, kind, source_id, payload, reason, created_at, updated_at) \
             select '{user}', md5('{source}:{json}:' || s.id)::uuid, '{source}', '{json}', s.id, \
                 to_jsonb(s) - 'place' - 'aside', s.aside, s.changed_at, s.changed_at \
             from pg_temp.import_record_history s where s.aside is not null \
             on conflict do nothing"
        )
    }

    /// Makes what is new.
    pub fn insert(&self) -> String {
        let table = self.table();
        let names: Vec<&str> = self.staged().map(|column| column.sql).collect();
        let mut values = prefixed("s", &names);
        if self.redacted {
            // The whole record is newer when it comes, and takes the place of this one.
            let moment = "s.\"updated_at\"";
            values = values.replace(moment, &format!("{moment} - interval '1 microsecond'"));
        }
        format!(
            "insert into wildlands.{table} (user_id, {}) select '{}', {} \
             from pg_temp.import_{table} s join pg_temp.import_met_{table} m using (place) \
             where m.verdict = 'new' order by s.place",
            quoted(&names),
            self.user,
            values
        )
    }

    /// Changes what is there. The version goes on, so that whoever has the record open is told.
    pub fn update(&self) -> String {
        let (table, user) = (self.table(), self.user);
        let mut set = String::new();
        let mut values = String::new();
        for column in self.content() {
            let _ = write!(set, "\"{0}\" = w.\"{0}\", ", column.sql);
            let _ = write!(values, "{} as \"{}\", ", self.merged(column), column.sql);
        }
        format!(
            "update wildlands.{table} e set {set}created_at = w.created_at, updated_at = w.updated_at, \
                 version = w.version \
             from (select m.target, {values}least(s.created_at, e.created_at) as created_at, \
                       greatest(s.updated_at, e.updated_at) as updated_at, \
                       greatest(s.version, e.version + 1) as version \
                   from pg_temp.import_{table} s join pg_temp.import_met_{table} m using (place) \
                       join wildlands.{table} e on e.user_id = '{user}' and e.id = m.target \
                   where m.verdict in ('changed', 'merged')) w \
             where e.user_id = '{user}' and e.id = w.target"
        )
    }
}

/// Adds the history that is not here; how many rows that were.
pub(super) const RESTORE_HISTORY: &str = "select count(*) filter (where wildlands.restore_history(s.id, \
     s.table_name, s.record_id, s.version, s.operation, s.\"row\", s.changed_at, s.changed_by, s.\"transaction\")), \
     (select count(*) from pg_temp.import_record_history where aside is not null) \
     from pg_temp.import_record_history s where s.aside is null";

/// Whether the person has no record yet, and no history but of their own account.
pub(super) fn is_empty<'a>(tables: impl Iterator<Item = &'a Shape>, user: UserId) -> String {
    let any: Vec<String> = tables
        .map(|shape| {
            let table = shape.table.sql;
            let but_account = if table == "record_history" {
                " and table_name <> 'users'"
            } else {
                ""
            };
            format!("exists (select from wildlands.{table} where user_id = '{user}'{but_account})")
        })
        .collect();
    format!("select not ({})", any.join(" or "))
}

fn quoted(columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    names.join(", ")
}

fn prefixed(alias: &str, columns: &[&str]) -> String {
    let names: Vec<String> = columns
        .iter()
        .map(|name| format!("{alias}.\"{name}\""))
        .collect();
    names.join(", ")
}
