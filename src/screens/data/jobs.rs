//! The job that runs, and what the last one left.

use super::lines::Line;
use crate::app::world::World;
use crate::ui::Role;

/// So many further lines of a report are shown here.
const MORE: usize = 8;

/// What is under way, and what was done last.
pub(super) fn lines(world: &World, lines: &mut Vec<Line>) {
    let key = world.keymap.everywhere("export");
    let jobs = &world.jobs;
    if let Some((kind, progress)) = &jobs.running {
        lines.push(Line::Heading("Under way"));
        let text = format!("{}; {key} stops it", progress.said());
        lines.push(Line::Fact(kind.doing(), text, Role::Value));
        if let Some(next) = jobs.waiting {
            let text = format!("{} is about to begin", next.one());
            lines.push(Line::Fact("then", text, Role::Value));
        }
        lines.push(Line::Blank);
    }
    let last = jobs
        .last
        .and_then(|kind| Some((kind, jobs.ended.get(&kind)?)));
    let Some((kind, end)) = last else {
        return;
    };
    lines.push(Line::Heading("Done last"));
    match end {
        Ok(report) => {
            lines.extend(report.lines.iter().map(Line::from));
            lines.extend(report.more.iter().take(MORE).map(Line::from));
            let more = report.more.len().saturating_sub(MORE);
            if more > 0 {
                lines.push(Line::Remark(format!("… and {more} more"), Role::Muted));
            }
        }
        Err(failure) => {
            let what = format!("{}:", kind.not_done());
            lines.push(Line::Remark(what, Role::Warn));
            lines.push(Line::Remark(failure.reason.clone(), Role::Danger));
        }
    }
    lines.push(Line::Blank);
}
