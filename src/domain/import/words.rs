//! What an import did, or would do, in lines.

use std::fmt::Write as _;

use crate::domain::secret::Exit;

use super::report::{Difference, Fate, ImportReport, Profile, TableReport};

/// What was done, or would be, in lines.
#[must_use]
pub fn lines(report: &ImportReport) -> Vec<String> {
    let mut lines = summary(report);
    lines.extend(differences(report));
    let goes_on = "it goes on when the program is opened";
    lines.extend(not_searched(report).map(|text| format!("{text}; {goes_on}")));
    lines
}

/// Where it was stopped before the search knew every word: of how many records it does not.
#[must_use]
pub fn not_searched(report: &ImportReport) -> Option<String> {
    let records = match report.not_searched {
        0 => return None,
        1 => "1 record".to_owned(),
        count => format!("{count} records"),
    };
    Some(format!(
        "the search does not know the words of {records} yet"
    ))
}

/// Table by table.
#[must_use]
pub fn summary(report: &ImportReport) -> Vec<String> {
    let mut lines = vec![headline(report).to_owned()];
    let width = report
        .tables
        .iter()
        .map(|table| table.table.len())
        .max()
        .unwrap_or(0);
    for table in report.tables.iter().filter(|table| table.read > 0) {
        lines.push(format!("{:width$}  {}", table.table, counts(table)));
    }
    lines.extend(profile(report).map(str::to_owned));
    lines
}

/// Whether anything is different, or would be.
#[must_use]
pub fn headline(report: &ImportReport) -> &'static str {
    match (report.dry_run, report.changes_anything()) {
        (true, true) => "this would change; nothing was changed:",
        (true, false) => "this would change nothing",
        (false, true) => "imported",
        (false, false) => "imported; everything was here already",
    }
}

/// What became of the profile.
#[must_use]
pub const fn profile(report: &ImportReport) -> Option<&'static str> {
    match report.profile {
        Profile::Restored => Some("the profile (name, zone, settings) is the document's"),
        Profile::Kept => Some("the profile (name, zone, settings) stays as it is here"),
        Profile::Absent => None,
    }
}

/// Record by record, and what could not be placed; what changes before what does not.
#[must_use]
pub fn differences(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    let mut sorted: Vec<&Difference> = report.differences.iter().collect();
    sorted.sort_by_key(|difference| rank(difference.fate));
    for difference in sorted {
        // An id says nothing to a person.
        let known_by = match (
            difference.name.expose(Exit::Output).as_str(),
            difference.table.as_str(),
        ) {
            ("", _) => difference.record.clone(),
            (name, "checkIns") => format!("{} of {name}", difference.record),
            (name, _) => name.to_owned(),
        };
        let mut line = format!(
            "{}[{}] {known_by}: {}",
            difference.table,
            difference.place,
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
    lines
}

fn more(lines: &mut Vec<String>, total: u64, listed: usize) {
    let more = total.saturating_sub(listed as u64);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
}

/// How many of a table's rows are new, changed, unchanged and so on.
#[must_use]
pub fn counts(table: &TableReport) -> String {
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

const fn rank(fate: Fate) -> u8 {
    match fate {
        Fate::Changed => 0,
        Fate::Merged => 1,
        Fate::SetAside => 2,
        Fate::Older => 3,
    }
}

const fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Changed => "changed",
        Fate::Merged => "merged with the record here",
        Fate::Older => "older than here, left as it is",
        Fate::SetAside => "set aside among the imported records",
    }
}
