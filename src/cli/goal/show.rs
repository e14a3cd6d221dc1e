//! `wildlands goal show`: a goal, its week, its weeks in a row, its last check-ins.

use std::fmt::Write as _;

use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::cli::connection::Connection;
use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::cli::record;
use crate::cli::sheet::Sheet;
use crate::domain::dates;
use crate::domain::goal::{Buffer, CheckIn, Goal, Progress, Streak, streak, words};
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;
use crate::store::api::Listing;

use super::{Known, Week, find, own_check_ins};

/// How many check-ins are printed for a person.
const LAST: usize = 10;
/// The days before today of which the check-ins are read: 53 weeks.
const YEAR: i64 = 371;

/// Print a goal with its week and its last check-ins
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The beginning of its title or id
    goal: String,
    /// Print JSON, with the check-ins of a year; masked notes are null and named under `masked`
    #[arg(long)]
    json: bool,
    /// Show the notes of goals of faith and family
    #[arg(long)]
    reveal: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let week = Week::heeded();
    let since = week.today.saturating_sub(YEAR.days());
    let (known, check_ins) = crate::cli::block_on(async {
        let connection = Connection::open().await?;
        let mut known = find(&connection, &arguments.goal).await?;
        known.record = record::whole(&connection, Lane::Goals, known.goal.id).await?;
        let listing = Listing::check_ins_of_goal(known.goal.id, since, week.today);
        let check_ins = own_check_ins(&connection, listing).await?;
        Ok((known, check_ins))
    })?;
    let progress = week.progress(&known.goal, week.today, &check_ins);
    let plain: Vec<CheckIn> = check_ins.iter().map(|(_, one)| one.clone()).collect();
    let streak = streak(&known.goal, &plain, week.today, week.start, since);
    let output = Output::standard();
    if arguments.json {
        let row = json!({ "weeks": streak.weeks, "atLeast": streak.at_least });
        let written = check_ins
            .iter()
            .map(|(record, _)| check_in_json(record, &known.goal, arguments.reveal));
        let more = [
            ("weeksInARow", row),
            ("checkIns", Value::Array(written.collect())),
        ];
        return output::print(&output.json(&goal_json(&known, &progress, more)));
    }
    let sheet = Sheet {
        form: Lane::Goals.form(),
        output,
        reveal: arguments.reveal,
        full: false,
    };
    let mut text = head(&known, &progress, streak, output);
    text.push_str(&sheet.sections(&|field| known.record.value(field)));
    text.push_str(&last(&known.goal, &check_ins, &sheet));
    text.push_str(sheet.advice(&text));
    output::print(&text)
}

fn head(known: &Known, progress: &Progress, streak: Streak, output: Output) -> String {
    let goal = &known.goal;
    let title = output.line(&goal.title);
    let mut text = format!("{title} ({})\n{}\n", goal.status.word(), goal.id);
    let figures = words::figures(goal, progress);
    let buffer = words::buffer_sentence(goal, progress);
    let _ = write!(text, "this week {figures}, {buffer}");
    if let Some(streak) = words::streak(streak) {
        let _ = write!(text, ", {streak}");
    }
    text.push('\n');
    text
}

/// The last check-ins, the latest first. A note of a private domain is masked.
fn last(goal: &Goal, check_ins: &[(Record, CheckIn)], sheet: &Sheet<'_>) -> String {
    let mut text = String::new();
    if check_ins.is_empty() {
        return text;
    }
    text.push_str("\nLast check-ins\n");
    for (record, one) in check_ins.iter().take(LAST) {
        let mut line = words::day(goal, Some(one));
        if let Some(note) = record.text("note").filter(|_| one.has_note) {
            let shown = if goal.has_private_notes() && !sheet.reveal {
                sheet.output.mask()
            } else {
                note.into_exposed(Way::Output)
            };
            line = format!("{line}: {shown}");
        }
        sheet.row(&mut text, &dates::long(one.date), 19, &line);
    }
    text
}

/// A goal with its week, and what else is known of it, as a document.
pub fn goal_json<const N: usize>(
    known: &Known,
    progress: &Progress,
    more: [(&str, Value); N],
) -> Value {
    let sheet = Sheet {
        form: Lane::Goals.form(),
        output: Output::standard(),
        reveal: true,
        full: false,
    };
    let mut open = vec![("week", week_json(progress))];
    open.extend(more);
    record::json(&sheet, &known.record, &open)
}

/// A week as a document.
pub fn week_json(progress: &Progress) -> Value {
    let days: Vec<Value> = progress
        .week
        .days()
        .iter()
        .zip(progress.days)
        .map(|(date, mark)| json!({ "date": date.to_string(), "is": mark.word() }))
        .collect();
    let (state, buffer) = match progress.buffer {
        Buffer::Met => ("met", None),
        Buffer::Days(days) => ("open", Some(days)),
        Buffer::OutOfReach => ("out of reach", None),
        Buffer::TooShort => ("too short", None),
        Buffer::Over => ("over", None),
        Buffer::Outside => ("outside", None),
    };
    json!({
        "first": progress.week.first().to_string(),
        "last": progress.week.last().to_string(),
        "days": days,
        "done": progress.done,
        "minimum": progress.minimum,
        "remaining": progress.remaining(),
        "state": state,
        "bufferDays": buffer,
    })
}

/// A check-in as a document. Its note is masked where the goal's domain is private.
pub fn check_in_json(record: &Record, goal: &Goal, reveal: bool) -> Value {
    let sheet = Sheet {
        form: Lane::CheckIns.form(),
        output: Output::standard(),
        reveal: reveal || !goal.has_private_notes(),
        full: false,
    };
    record::json(&sheet, record, &[])
}
