//! The statements of a merge, written from the tables' shapes.
//!
//! `s` is a row of the document in its temporary table, `e` the row that is there already. Nothing of
//! a document is in these texts.

mod aside;
mod met;

use std::fmt::Write as _;

use crate::domain::ids::UserId;
use crate::domain::import::report::Source;
use crate::domain::import::shape::{Column, Kind, Shape};
use crate::domain::search::Area;

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

    /// Lets the planner know what the rows are met by; no other column is asked for in a condition. The history is met
    /// with nothing.
    pub fn analyze(&self) -> Option<String> {
        let table = self.table();
        let key: String = key(table).iter().fold(String::new(), |mut key, column| {
            let _ = write!(key, ", \"{column}\"");
            key
        });
        (table != "record_history")
            .then(|| format!("analyze pg_temp.import_{table} (place, id{key})"))
    }

    /// Puts the new records off for the search, so many, from the first of their ids on. Nothing where a table has no words.
    pub fn index_later(&self, new: u64) -> Option<String> {
        let table = self.table();
        Area::of_table(table).map(|_| {
            format!(
                "select wildlands.index_later('{table}', s.id, {new}) from pg_temp.import_{table} s \
                 join pg_temp.import_met_{table} m using (place) where m.verdict = 'new' order by s.id limit 1"
            )
        })
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
}

/// Adds the entries that have come of the history and are not here, many at a time; how many that were.
/// Entries with long texts come fewer at a time: what is handed over at once has to fit into the server's memory.
pub(super) const RESTORE_HISTORY: &str = "select coalesce(sum(h.made), 0)::bigint \
     from (select wildlands.restore_history(array_agg(g.id), array_agg(g.table_name), array_agg(g.record_id), \
               array_agg(g.version), array_agg(g.operation), array_agg(g.\"row\"), array_agg(g.changed_at), \
               array_agg(g.changed_by), array_agg(g.\"transaction\")) as made \
           from (select s.*, case when pg_column_compression(\"row\") is null and pg_column_size(\"row\") < 4096 then 500 \
                     when octet_length(\"row\"::text) < 65536 then 50 else 1 end as at_a_time \
                 from pg_temp.import_record_history s where s.aside is null) g \
           group by g.at_a_time, g.place / g.at_a_time) h";

/// Keeps the notes of goals private that the history, now that it is here, says were private once. A document of this version
/// says so itself unless somebody wrote in it: its goals are merged before its history comes.
pub(super) fn keep_private_by_history(user: UserId) -> String {
    format!(
        "update wildlands.goals set was_private = true where user_id = '{user}' and not was_private \
         and id in (select record_id from wildlands.record_history where user_id = '{user}' \
             and table_name = 'goals' and \"row\" ->> 'domain' in ('faith', 'family'))"
    )
}

/// How many entries of the history are set aside.
pub(super) const HISTORY_ASIDE: &str =
    "select count(*) from pg_temp.import_record_history where aside is not null";

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
