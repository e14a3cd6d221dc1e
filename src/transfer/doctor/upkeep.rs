//! What is looked after: backups, what waits to be sent, settings.

use jiff::Timestamp;

use super::Line;
use crate::domain::text::size;
use crate::store::places::Places;
use crate::store::{drafts, outbox};
use crate::transfer::backup::{BackupError, Depth, Options, verify};
use crate::transfer::export::Cancel;
use crate::transfer::ground::Ground;
use crate::transfer::restore;
use crate::transfer::schedule::{self, Due, Kind, Plan};

/// How old each kind is, whether the newest can be restored, and what restores kept aside.
pub(super) async fn backups(ground: &Ground, plan: &Plan, now: Timestamp) -> Vec<Line> {
    let mut lines = Vec::new();
    let all = schedule::status(plan, ground.fingerprint(), now);
    for due in &all {
        lines.push(age(due, now));
    }
    let newest = all
        .iter()
        .filter(|due| due.kind != Kind::Export)
        .filter_map(|due| due.last.zip(due.path.as_ref()))
        .max_by_key(|(at, _)| *at);
    if let Some((_, path)) = newest {
        let options = Options {
            depth: Depth::List,
            gently: false,
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let looked = verify(ground, path, options, &mut |_, _| (), &Cancel::default()).await;
        let looked = looked
            .and_then(|report| schedule::as_recorded(plan, path, &report.sha256).map(|()| report));
        lines.push(match looked {
            Ok(report) => Line::pass(
                "restorable",
                format!(
                    "{name} lists {} tables and reads to its end",
                    report.contents.tables.len()
                ),
            ),
            Err(error @ BackupError::Tools { .. }) => {
                Line::warn("restorable", "not looked at", error.to_string())
            }
            Err(error) => Line::fail(
                "restorable",
                error.to_string(),
                "wildlands backup --verify=full",
            ),
        });
    }
    if let Ok(left) = restore::unfinished(ground).await
        && !left.is_empty()
    {
        let bytes = left.iter().map(|left| left.bytes).sum();
        let names: Vec<&str> = left.iter().map(|left| left.name.as_str()).collect();
        lines.push(Line::warn(
            "unfinished",
            format!(
                "{} ({}): a restore or a test restore was killed while it filled them",
                names.join(", "),
                size(bytes)
            ),
            "`wildlands restore --drop-kept NAME`; the next restore or full verification drops them too",
        ));
    }
    if let Ok(kept) = restore::kept(ground).await
        && !kept.is_empty()
    {
        let bytes = kept.iter().map(|kept| kept.bytes).sum();
        let names: Vec<&str> = kept.iter().map(|kept| kept.name.as_str()).collect();
        lines.push(Line::pass(
            "kept aside",
            format!("{} ({}), until --drop-kept", names.join(", "), size(bytes)),
        ));
    }
    lines
}

fn age(due: &Due, now: Timestamp) -> Line {
    let name = match due.kind {
        Kind::Export => "exports",
        Kind::Snapshot | Kind::Asked => "backups",
        Kind::Migration => "before migrations",
    };
    let todo = "wildlands backup --due";
    match (due.last, due.every) {
        (Some(last), every) => {
            let days = (now.as_second() - last.as_second()).max(0) / (24 * 60 * 60);
            let found = match days {
                0 => format!("{} kept, the last one made today", due.files),
                1 => format!("{} kept, the last one 1 day old", due.files),
                days => format!("{} kept, the last one {days} days old", due.files),
            };
            match every {
                Some(every) if due.due => Line::warn(
                    name,
                    format!("{found}; one is due every {every} days"),
                    todo,
                ),
                Some(_) | None => Line::pass(name, found),
            }
        }
        (None, Some(_)) => Line::warn(name, "none yet", todo),
        (None, None) if due.kind == Kind::Migration => Line::pass(name, "none needed so far"),
        (None, None) => Line::pass(name, "switched off in the settings"),
    }
}

/// What waits on this machine.
pub(super) fn waiting(places: &Places) -> Vec<Line> {
    let (unsent, texts) = (
        outbox::waiting(&places.state),
        drafts::waiting(&places.state),
    );
    let todo = "open the program once: it sends them, or says why not";
    vec![
        match unsent {
            0 => Line::pass("unsent", "nothing waits to be sent"),
            1 => Line::warn("unsent", "1 file of writes waits for its database", todo),
            more => Line::warn(
                "unsent",
                format!("{more} files of writes wait for their database"),
                todo,
            ),
        },
        match texts {
            0 => Line::pass("drafts", "none"),
            1 => Line::pass("drafts", "1 text is being written, or was left"),
            more => Line::pass(
                "drafts",
                format!("{more} texts are being written, or were left"),
            ),
        },
    ]
}

/// Settings, form, keys and themes.
pub(super) fn mistakes(mistakes: &[String]) -> Line {
    if mistakes.is_empty() {
        return Line::pass(
            "settings",
            "settings, form, keys and themes have no mistakes",
        );
    }
    Line::warn(
        "settings",
        mistakes.join("; "),
        "mend them, or take them out: what is wrong keeps its default",
    )
}
