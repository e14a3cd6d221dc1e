//! Data: backups and what is due, where the data is, how the way to it is, how much there is, what was done with it as a
//! whole, what is kept for how long.

mod archives;
mod aside;
mod backups;
mod commands;
mod follow;
mod import;
mod jobs;
mod lines;
mod place;
mod policies;
mod rows;
mod typed;
mod upkeep;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::Table;
use crate::app::effect::Job;
use crate::app::job::JobKind;
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::backup::Depth;
use crate::domain::secret::Secret;
use crate::store::api::{Link, Query};

use super::popups::{DeletedRecords, Prompt};
use super::scroll::Scroll;
use super::{Screen, Tui, ViewCx, open};
use archives::Archives;
use aside::KeptAside;
use import::ImportFile;
use policies::Policies;
use rows::{Kept, Listed};
use typed::Typed;

/// The key tables of this screen's popups.
pub const POPUPS: &[Table] = &[
    rows::TABLE,
    archives::TABLE,
    aside::TABLE,
    policies::TABLE,
    follow::TABLE,
];

/// The Data screen.
#[derive(Debug, Default)]
pub struct Data {
    scroll: Scroll,
    /// What the line that is being typed confirms.
    asked: Option<Asked>,
}

/// Something that is done once its name has been typed.
#[derive(Debug, Clone, PartialEq)]
struct Asked {
    /// What has to be typed.
    name: String,
    /// What is done then.
    job: Job,
}

impl Data {
    /// Asks for a name; nothing is done before it has been typed.
    fn ask(&mut self, name: &str, label: &str, job: Job, out: &mut Vec<Intent<Tui>>) {
        let help = format!("type {name} to go on; esc leaves everything as it is");
        self.asked = Some(Asked {
            name: name.to_owned(),
            job,
        });
        out.push(open(Prompt::line(label, &help, |_| Ok(()))));
    }

    fn confirmed(&mut self, typed: &str, out: &mut Vec<Intent<Tui>>) {
        let Some(asked) = self.asked.take() else {
            return;
        };
        if typed.trim() == asked.name {
            out.push(Intent::Start(asked.job));
        } else {
            let text = format!("nothing was done: that was not {}", asked.name);
            out.push(Intent::Say(Tone::Plain, text));
        }
    }

    fn ask_for_retention(world: &World, out: &mut Vec<Intent<Tui>>) {
        let Some(names) = upkeep::enabled(world) else {
            let text = "what is enabled is not known yet".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        };
        if names.is_empty() {
            let text = "no policy is enabled; everything is kept".to_owned();
            return out.push(Intent::Say(Tone::Plain, text));
        }
        let text = upkeep::concerned(world);
        out.push(open(Typed::new(
            "Carry retention out",
            text,
            &names,
            Job::Retention,
        )));
    }

    fn command(&mut self, name: &str, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match name {
            "refresh" => {
                out.push(Intent::Refresh(Query::DataStatus));
                out.push(Intent::Refresh(rows::query(world)));
                out.push(Intent::LookAtBackups);
            }
            "back-up" if world.jobs.progress(JobKind::Backup).is_some() => {
                out.push(Intent::StopJob);
            }
            "back-up" => out.push(Intent::Start(Job::Backup(Depth::List))),
            "stop" if world.jobs.running.is_some() => out.push(Intent::StopJob),
            "backups" => {
                out.push(Intent::LookAtBackups);
                out.push(open(Archives::default()));
            }
            "kept-aside" => {
                out.push(Intent::LookAtBackups);
                out.push(open(KeptAside::default()));
            }
            "import" => out.push(open(ImportFile::default())),
            "policies" => out.push(open(Policies::default())),
            "archive" => out.push(open(Kept::new(Listed::Archived))),
            "retention" => out.push(open(Kept::new(Listed::Concerned))),
            "run-retention" => Self::ask_for_retention(world, out),
            "sign-out" => self.ask("sign out", "Sign out everywhere", Job::SignOut, out),
            "deleted" => out.push(open(DeletedRecords::default())),
            "copy" => copy(world, out),
            _ => return Handled::No,
        }
        Handled::Yes
    }
}

/// The path of what was written last, an export or a backup.
fn copy(world: &World, out: &mut Vec<Intent<Tui>>) {
    let kinds = [
        JobKind::Export,
        JobKind::Backup,
        JobKind::Due,
        JobKind::Retention,
    ];
    let last = world.jobs.last.filter(|kind| kinds.contains(kind));
    let report = world.jobs.report(last.unwrap_or(JobKind::Export));
    if let Some(path) = report.and_then(|report| report.path.as_ref()) {
        out.push(Intent::Copy(Secret::new(path.display().to_string())));
        out.push(Intent::Say(Tone::Plain, "path copied".to_owned()));
    } else {
        out.push(Intent::Say(
            Tone::Plain,
            "nothing was exported or backed up in this run".to_owned(),
        ));
    }
}

impl Behaviour<Tui> for Data {
    fn title(&self) -> &'static str {
        "Data"
    }

    fn table(&self) -> Table {
        commands::TABLE
    }

    fn hints(&self, world: &World) -> Vec<(String, &'static str)> {
        let mut hints = Vec::new();
        if world.jobs.running.is_some() {
            hints = world
                .keymap
                .pairs(commands::TABLE.scope, &[("stop", "stop")]);
        }
        hints.extend(world.keymap.hints(&commands::TABLE));
        hints
    }

    fn needs(&self, world: &World) -> Vec<Query> {
        vec![Query::DataStatus, rows::query(world)]
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        match input {
            Input::Command(name, _) if self.scroll.command(name) => Handled::Yes,
            Input::Command(name, _) => self.command(name, world, out),
            Input::Reply(Reply::Line(typed)) => {
                self.confirmed(&typed, out);
                Handled::Yes
            }
            Input::Shown => {
                out.push(Intent::LookAtBackups);
                Handled::Yes
            }
            Input::Key(_)
            | Input::Paste(_)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Answered
            | Input::Visit(_) => Handled::No,
        }
    }
}

impl Screen for Data {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let inside = cx.panel(area, buf, "Data", None);
        let mut lines = Vec::new();
        // Without the database the way to it is what matters.
        let is_offline = matches!(cx.world.link, Link::Offline { .. });
        if is_offline {
            place::link_lines(cx.world, &mut lines);
        }
        jobs::lines(cx.world, &mut lines);
        backups::lines(cx.world, &mut lines);
        place::place_lines(cx.world, &mut lines);
        if !is_offline {
            place::link_lines(cx.world, &mut lines);
        }
        upkeep::lines(cx.world, &mut lines);
        place::count_lines(cx.world, &mut lines);
        lines::draw(&lines, &self.scroll, cx, inside, buf);
        None
    }
}
