//! What an import did, or would do, in lines.

use std::fmt::Write as _;

use super::report::{Fate, ImportReport, Profile, TableReport};

/// What was done, or would be, in lines.
#[must_use]
pub fn lines(report: &ImportReport) -> Vec<String> {
    let mut lines = summary(report);
    lines.extend(differences(report));
    lines
}

/// Table by table.
#[must_use]
pub fn summary(report: &ImportReport) -> Vec<String> {
    let mut lines = vec![match (report.dry_run, report.changes_anything()) {
        (true, true) => "this would change; nothing was changed:".to_owned(),
        (true, false) => "this would change nothing".to_owned(),
        (false, true) => "imported".to_owned(),
        (false, false) => "imported; everything was here already".to_owned(),
    }];
    let width = report
        .tables
        .iter()
        .map(|table| table.table.len())
        .max()
        .unwrap_or(0);
    for table in report.tables.iter().filter(|table| table.read > 0) {
        lines.push(format!("{:width$}  {}", table.table, counts(table)));
    }
    match report.profile {
        Profile::Restored => {
            lines.push("the profile (name, zone, settings) is the document's".to_owned());
        }
        Profile::Kept => {
            lines.push("the profile (name, zone, settings) stays as it is here".to_owned());
        }
        Profile::Absent => {}
    }
    lines
}

/// Record by record, and what could not be placed.
#[must_use]
pub fn differences(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    for difference in &report.differences {
        let mut line = format!(
            "{}[{}] {}: {}",
            difference.table,
            difference.place,
            difference.record,
            fate(difference.fate)
        );
        if !difference.fields.is_empty() {
            let _ = write!(line, " ({})", difference.fields.join(", "));
        }
        if !difference.reason.is_empty() {
            let _ = write!(line, ": {}", difference.reason);
        }
        lines.push(line);
    }
    more(
        &mut lines,
        report.differences_total,
        report.differences.len(),
    );
    for remark in &report.remarks {
        lines.push(format!("{}: {}", remark.place, remark.text));
    }
    more(&mut lines, report.remarks_total, report.remarks.len());
    if report.not_searched > 0 {
        lines.push(format!(
            "the search does not know the words of {} records yet; it goes on when the program is opened",
            report.not_searched
        ));
    }
    lines
}

fn more(lines: &mut Vec<String>, total: u64, listed: usize) {
    let more = total.saturating_sub(listed as u64);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
}

fn counts(table: &TableReport) -> String {
    let parts = [
        (table.new, "new"),
        (table.changed, "changed"),
        (table.merged, "merged"),
        (table.unchanged, "unchanged"),
        (table.older, "older than here"),
        (table.set_aside, "set aside"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    parts.join(", ")
}

const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Changed => "changed",
        Fate::Merged => "merged with the record here",
        Fate::Older => "older than here, left as it is",
        Fate::SetAside => "set aside among the imported records",
    }
}
