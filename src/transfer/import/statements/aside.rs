//! What does not fit is set aside, and kept among the imported records with its reason.

use std::fmt::Write as _;

use super::{Merge, key, prefixed, quoted};

impl Merge<'_> {
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

    /// Sets aside what stands twice in the document: the newest stays. Whether anything does is asked first, since hardly
    /// ever it does and ordering all takes its time.
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
                     where d.place = s.place and d.nth > 1 and exists (select from pg_temp.import_{table} \
                         where aside is null group by {key} having count(*) > 1)",
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
                 where aside is null and goal_id in (\
                     select d.goal_id from (select distinct goal_id from pg_temp.import_check_ins where aside is null) d \
                     where not exists (select from wildlands.goals g where g.user_id = '{user}' and g.id = d.goal_id))"
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
}
