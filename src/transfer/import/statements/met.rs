//! A row of the document and the record that is here: which of them wins, what is written.

use std::fmt::Write as _;

use crate::domain::import::report::Source;
use crate::domain::import::shape::{Column, Kind};

use super::{Merge, key, prefixed, quoted};

/// Characters of a key or a name that a difference tells; a document may have any.
const LONGEST: usize = 100;

/// Keys of a day that a difference tells.
const MOST: usize = 100;

impl Merge<'_> {
    /// A goal whose notes were private once keeps them so, whatever the document says: one of an earlier
    /// version, or another program's, does not say it. As the migration that made the column, by the
    /// history, the document's too.
    pub fn keep_private(&self) -> Option<String> {
        let user = self.user;
        (self.table() == "goals").then(|| {
            format!(
                "update pg_temp.import_goals s set was_private = true \
                 where not was_private and (domain in ('faith', 'family') \
                     or exists (select from wildlands.goals e where e.user_id = '{user}' and e.id = s.id \
                         and (e.was_private or e.domain in ('faith', 'family'))) \
                     or s.id in (select record_id from pg_temp.import_record_history where table_name = 'goals' \
                         and \"row\" ->> 'domain' in ('faith', 'family')) \
                     or s.id in (select record_id from wildlands.record_history where user_id = '{user}' \
                         and table_name = 'goals' and \"row\" ->> 'domain' in ('faith', 'family')))"
            )
        })
    }

    /// What makes `s` and `e` the same record.
    pub(super) fn meets(&self) -> String {
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

    /// What differs: place, verdict, record, fields, reason, name. Of what is listed, what changes comes first.
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
        // Nothing of an idea is told unasked, its title included.
        let name = match table {
            "goals" | "harris_content" => "s.title",
            "teaching_requests" => "s.subject",
            "check_ins" => {
                "(select g.title from wildlands.goals g where g.user_id = e.user_id and g.id = e.goal_id)"
            }
            _ => "null",
        };
        format!(
            "select s.place, coalesce(m.verdict, 'aside'), left({record}, {LONGEST}), \
                 case when m.verdict in ('changed', 'merged') then {} else '{{}}' end, \
                 coalesce(s.aside, case when m.lost then 'values that differ are kept among the imported records' end, ''), \
                 coalesce(left({name}, {LONGEST}), '') \
             from pg_temp.import_{table} s left join pg_temp.import_met_{table} m using (place) \
                 left join wildlands.{table} e on e.user_id = '{user}' and e.id = m.target \
             where m.verdict is null or m.verdict in ('changed', 'merged', 'older') or m.lost \
             order by case m.verdict when 'changed' then 0 when 'merged' then 1 when 'older' then 3 else 2 end, s.place \
             limit {most}",
            fields.join(" || ")
        )
    }

    /// The names of what changes in a column: of a day and of answers, of each key.
    fn fields(&self, column: &Column) -> String {
        let (after, name) = (self.merged(column), column.sql);
        let json = &column.json;
        if column.kind == Kind::Object && matches!(name, "data" | "answers") {
            return format!(
                "(select coalesce(array_agg('{json}.' || left(k, {LONGEST}) order by k), '{{}}') \
                  from (select k from jsonb_object_keys(e.\"{name}\" || ({after})) k \
                        where e.\"{name}\" -> k is distinct from ({after}) -> k order by k limit {MOST}) k)"
            );
        }
        format!(
            "case when ({after}) is distinct from e.\"{name}\" then array['{json}'] else '{{}}'::text[] end"
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
