//! Lines of retention, of the archive and of sessions.

use std::collections::BTreeMap;

use crate::app::world::World;
use crate::domain::dates;
use crate::domain::retention::Table;
use crate::ui::Role;

use super::lines::Line;
use super::rows::upkeep;

/// The tables of the enabled policies, as they are typed; nothing while that is not known.
pub(super) fn enabled(world: &World) -> Option<String> {
    let policies = upkeep(world)?.policies.iter();
    let enabled = policies.filter(|(policy, ..)| policy.enabled);
    let names: Vec<&str> = enabled.map(|(policy, ..)| policy.table.sql()).collect();
    Some(names.join(","))
}

/// What is kept for how long, what is archived, who is signed in.
pub(super) fn lines(world: &World, lines: &mut Vec<Line>) {
    let Some(upkeep) = upkeep(world) else {
        return;
    };
    lines.push(Line::Heading("What is kept"));
    if upkeep.policies.is_empty() {
        let text = "Everything; no policy archives or deletes.".to_owned();
        lines.push(Line::Remark(text, Role::Text));
    }
    for (policy, count, _) in &upkeep.policies {
        let (state, role) = if policy.enabled {
            ("enabled", Role::Value)
        } else {
            ("off", Role::Muted)
        };
        let last = policy.last_run.map_or_else(String::new, |at| {
            let at = at.to_zoned(world.zone().clone());
            format!(", last run {}", dates::long(at.date()))
        });
        let text = format!(
            "{} after {} days, {state}; {count} rows now{last}",
            policy.action.word(),
            policy.keep_days
        );
        lines.push(Line::Fact(name(policy.table), text, role));
    }
    let mut archived: BTreeMap<Table, usize> = BTreeMap::new();
    for one in &upkeep.archived {
        *archived.entry(one.table).or_default() += 1;
    }
    if !archived.is_empty() {
        let counts: Vec<String> = archived
            .iter()
            .map(|(table, count)| format!("{} {count}", name(*table)))
            .collect();
        let key = world.keymap.named("data", "archive");
        let text = format!("{}; {key} lists them", counts.join(", "));
        lines.push(Line::Fact("archived", text, Role::Value));
    }
    if !upkeep.sessions.is_empty() {
        let key = world.keymap.named("data", "sign-out");
        let text = format!("{} by password; {key} ends them", upkeep.sessions.len());
        lines.push(Line::Fact("sessions", text, Role::Value));
    }
    lines.push(Line::Blank);
}

/// A table's name on the screen.
pub(super) const fn name(table: Table) -> &'static str {
    match table {
        Table::Logs => "logs",
        Table::Ideas => "ideas",
        Table::Goals => "goals",
        Table::CheckIns => "check-ins",
        Table::DriftFlags => "signals",
        Table::Teaching => "lessons",
        Table::Content => "content",
        Table::Reviews => "reviews",
        Table::Imported => "imported",
        Table::History => "history",
    }
}
