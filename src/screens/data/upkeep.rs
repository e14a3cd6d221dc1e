//! Lines of retention, of the archive and of sessions.

use std::collections::BTreeMap;

use crate::app::world::World;
use crate::domain::dates;
use crate::domain::export_format::spoken;
use crate::domain::retention::{Action, Table};
use crate::store::api::Upkeep;
use crate::ui::Role;

use super::lines::Line;
use super::rows::{rows_of, upkeep};

/// The tables of the enabled policies, as they are typed; nothing while that is not known.
pub(super) fn enabled(world: &World) -> Option<String> {
    let policies = upkeep(world)?.policies.iter();
    let enabled = policies.filter(|(policy, ..)| policy.enabled);
    let names: Vec<String> = enabled.map(|(policy, ..)| name(policy.table)).collect();
    Some(names.join(","))
}

/// What carrying the enabled policies out does to how many rows.
pub(super) fn concerned(world: &World) -> Vec<Line> {
    let policies = upkeep(world)
        .into_iter()
        .flat_map(|upkeep| &upkeep.policies);
    let enabled = policies.filter(|(policy, ..)| policy.enabled);
    let mut lines: Vec<Line> = enabled
        .map(|(policy, count, _)| {
            let text = format!(
                "{} {} older than {} days",
                policy.action.word(),
                rows_of(*count),
                policy.keep_days
            );
            let role = match policy.action {
                Action::Archive => Role::Value,
                Action::Delete => Role::Warn,
            };
            Line::Named(name(policy.table), text, role)
        })
        .collect();
    let text = "Exactly these rows are exported to a file before anything is done to them.";
    lines.push(Line::Remark(text.to_owned(), Role::Text));
    lines
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
            "{} after {} days, {state}; {} now{last}",
            policy.action.word(),
            policy.keep_days,
            rows_of(*count),
        );
        lines.push(Line::Named(name(policy.table), text, role));
    }
    let mut archived: BTreeMap<Table, usize> = BTreeMap::new();
    for one in &upkeep.archived {
        *archived.entry(one.table).or_default() += 1;
    }
    if !archived.is_empty() {
        let counts: Vec<String> = archived
            .iter()
            .map(|(table, count)| {
                let more = if *count < usize::from(Upkeep::LISTED) {
                    ""
                } else {
                    " or more"
                };
                format!("{} {count}{more}", name(*table))
            })
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
pub(super) fn name(table: Table) -> String {
    spoken(table.sql())
}
