//! `wildlands goal list`.

use std::fmt::Write as _;

use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use crate::cli::connection::Connection;
use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::domain::dates;
use crate::domain::goal::{DayMark, Progress, Status, words};
use crate::store::api::Listing;

use super::show::goal_json;
use super::{Known, Week, goals, own_check_ins};

/// List the active goals with their week
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Arguments {
    /// The paused and the archived ones too
    #[arg(long)]
    all: bool,
    /// Print the id of each, too
    #[arg(long)]
    ids: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let week = Week::heeded();
    let statuses: &[Status] = if arguments.all {
        &Status::ALL
    } else {
        &[Status::Active]
    };
    let (goals, check_ins) = crate::cli::block_on(async {
        let connection = Connection::open().await?;
        let goals = goals(&connection, statuses).await?;
        let listing = Listing::check_ins_of_week(week.of(week.today));
        Ok((goals, own_check_ins(&connection, listing).await?))
    })?;
    let rows: Vec<(Known, Progress)> = goals
        .into_iter()
        .map(|known| {
            let progress = week.progress(&known.goal, week.today, &check_ins);
            (known, progress)
        })
        .collect();
    let output = Output::standard();
    if arguments.json {
        let documents = rows.iter().map(|(known, week)| goal_json(known, week, []));
        return output::print(&output.json(&Value::Array(documents.collect())));
    }
    if rows.is_empty() {
        let text = "No goals here; `wildlands goal add TITLE domain=… minimum=…` makes one.\n";
        return output::print(text);
    }
    output::print(&table(&rows, week, arguments.ids, output))
}

/// A row a goal, under its status and domain.
fn table(rows: &[(Known, Progress)], week: Week, ids: bool, output: Output) -> String {
    let this = week.of(week.today);
    let (first, last) = (dates::long(this.first()), dates::long(this.last()));
    let mut text = format!("{first} to {last}\n");
    let widest = |column: &dyn Fn(&(Known, Progress)) -> String| {
        let widths = rows.iter().map(|row| column(row).width());
        widths.max().unwrap_or(0)
    };
    let title = |(known, _): &(Known, Progress)| output.line(&known.goal.title).into_owned();
    let figures = |(known, week): &(Known, Progress)| words::figures(&known.goal, week);
    let (titles, sums) = (widest(&title), widest(&figures));
    let mut group = None;
    for row in rows {
        let (known, progress) = row;
        let goal = &known.goal;
        if group != Some((goal.status, goal.domain)) {
            group = Some((goal.status, goal.domain));
            let status = match goal.status {
                Status::Active => String::new(),
                Status::Paused | Status::Archived => format!(", {}", goal.status.word()),
            };
            let _ = writeln!(text, "\n{}{status}", goal.domain.word());
        }
        let (title, figures) = (title(row), figures(row));
        let strip = strip(progress, output.unicode);
        let room = titles.saturating_sub(title.width());
        let indent = sums.saturating_sub(figures.width());
        let buffer = words::buffer(progress.buffer);
        let line = format!(
            "  {title}{:room$}  {strip}  {:indent$}{figures}  {buffer}",
            "", ""
        );
        let _ = writeln!(text, "{}", line.trim_end());
        if ids {
            let _ = writeln!(text, "    {}", goal.id);
        }
    }
    text
}

/// The days of the week, a mark each.
fn strip(progress: &Progress, unicode: bool) -> String {
    let marks = progress.days.map(|day| {
        let (mark, ascii) = match day {
            DayMark::Done => ("▪", "*"),
            DayMark::Part => ("▫", "+"),
            DayMark::No => ("✗", "n"),
            DayMark::Nothing => ("–", "-"),
            DayMark::Ahead => ("·", "."),
            DayMark::Outside => (" ", " "),
        };
        if unicode { mark } else { ascii }
    });
    marks.join(" ")
}
