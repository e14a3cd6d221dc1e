//! What an export holds and how it is written: the choices, line by line, and the words it is sealed with.
//!
//! The words are never drawn; what is typed shows as dots. They leave in the order for the export alone.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::civil::Date;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use zeroize::Zeroizing;

use crate::app::command::{Command, Table};
use crate::app::job::{ExportOrder, Job};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::export_format::{ExportForm, TABLES, Table as Exported, spoken};
use crate::domain::secret::Secret;
use crate::screens::{Screen, Tui, ViewCx, open};
use crate::store::api::Query;
use crate::ui::{Paragraph, Role, width};

use super::view::{below, paragraph, rows};
use super::{Picker, Prompt, prompt};

pub(super) const TABLE: Table = Table {
    scope: "export",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "next",
        words: "next line",
        hint: Some("move"),
        keys: &["j", "down"],
    },
    Command {
        name: "previous",
        words: "previous line",
        hint: Some("move"),
        keys: &["k", "up"],
    },
    Command {
        name: "change",
        words: "change what the line says",
        hint: Some("change"),
        keys: &["space", "l", "right"],
    },
    Command {
        name: "go",
        words: "export like this",
        hint: Some("export"),
        keys: &["enter"],
    },
    Command {
        name: "close",
        words: "close, without an export",
        hint: Some("leave"),
        keys: &["esc", "q"],
    },
];

/// The longest passphrase, in bytes.
const LONGEST: usize = 1024;

/// The widest it is, and the column of the choices.
const COLUMNS: u16 = 72;
const AT: u16 = 16;

/// What each line is about.
const LINES: [&str; 5] = ["form", "private texts", "changed", "tables", "passphrase"];

/// The choices.
#[derive(Default)]
pub struct ExportAs {
    cursor: usize,
    form: ExportForm,
    redacted: bool,
    since: Option<Date>,
    only: Option<Vec<&'static Exported>>,
    words: Option<Secret<Zeroizing<String>>>,
    typing: Option<Typing>,
}

/// The words while they are typed, twice.
#[derive(Default)]
struct Typing {
    first: Option<Zeroizing<String>>,
    now: Zeroizing<String>,
    differ: bool,
}

impl Typing {
    fn key(&mut self, key: KeyEvent) {
        if key
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT)
        {
            return;
        }
        match key.code {
            KeyCode::Backspace => drop(self.now.pop()),
            KeyCode::Char(c) => self.push(c),
            _ => {}
        }
    }

    fn push(&mut self, c: char) {
        if self.now.capacity() < LONGEST {
            // A text that grows leaves copies behind.
            self.now.reserve_exact(LONGEST);
        }
        if !c.is_control() && self.now.len() + c.len_utf8() <= LONGEST {
            self.now.push(c);
            self.differ = false;
        }
    }

    /// The words, once they were typed twice.
    fn enter(&mut self) -> Option<Zeroizing<String>> {
        let now = std::mem::take(&mut self.now);
        match self.first.take() {
            None => {
                self.first = Some(now);
                None
            }
            Some(first) if *first == *now => Some(now),
            Some(_) => {
                self.differ = true;
                None
            }
        }
    }

    fn asks(&self) -> &'static str {
        match (&self.first, self.differ) {
            (_, true) => "They were not the same. Type them again.",
            (Some(_), _) => "The same again.",
            (None, _) => "Nobody can recover it. It opens with the age tool too.",
        }
    }
}

impl ExportAs {
    fn change(&mut self, world: &World, out: &mut Vec<Intent<Tui>>) {
        match self.cursor {
            0 => {
                self.form = match self.form {
                    ExportForm::Json => ExportForm::Markdown,
                    ExportForm::Markdown => ExportForm::Csv,
                    ExportForm::Csv => ExportForm::Json,
                };
            }
            1 => self.redacted = !self.redacted,
            2 if self.since.take().is_none() => {
                out.push(open(Prompt::date_for("changed since", "", world)));
            }
            2 => {}
            3 => {
                let names = TABLES.iter().map(|table| spoken(&table.json())).collect();
                let ticked = TABLES
                    .iter()
                    .map(|table| self.only.as_ref().is_some_and(|only| only.contains(&table)))
                    .collect();
                out.push(open(Picker::list("only these tables", names, ticked)));
            }
            _ if self.words.take().is_none() => self.typing = Some(Typing::default()),
            _ => {}
        }
    }

    fn line(&self, line: usize) -> String {
        match line {
            0 => match self.form {
                ExportForm::Json => "the document (JSON), which can be imported",
                ExportForm::Markdown => "pages to read (Markdown), in a folder",
                ExportForm::Csv => "tables (CSV), in a folder",
            }
            .to_owned(),
            1 if self.redacted => "covered".to_owned(),
            1 => "readable".to_owned(),
            2 => self
                .since
                .map_or_else(|| "whenever".to_owned(), |date| format!("since {date}")),
            3 => self.only.as_ref().map_or_else(
                || "all".to_owned(),
                |only| {
                    let names: Vec<String> =
                        only.iter().map(|table| spoken(&table.json())).collect();
                    names.join(", ")
                },
            ),
            _ if self.form != ExportForm::Json => "none; a folder is not sealed".to_owned(),
            _ if self.words.is_some() => "set; the file is sealed".to_owned(),
            _ => "none; anybody who has the file can read it".to_owned(),
        }
    }

    fn order(&mut self, world: &World) -> ExportOrder {
        let words = self.words.take().filter(|_| self.form == ExportForm::Json);
        ExportOrder {
            form: self.form,
            redacted: self.redacted,
            since: self.since,
            only: self.only.clone(),
            words,
            questions: Arc::clone(&world.form),
        }
    }

    fn typed(&mut self, input: &Input<'_>) -> bool {
        let Some(typing) = &mut self.typing else {
            return false;
        };
        match input {
            Input::Command("save", _) => {
                if typing.first.is_none() && typing.now.is_empty() {
                    self.typing = None;
                } else if let Some(words) = typing.enter() {
                    self.words = Some(Secret::new(words));
                    self.typing = None;
                }
            }
            Input::Command("empty", _) => typing.now.clear(),
            Input::Command("leave", _) => self.typing = None,
            Input::Key(key) => typing.key(*key),
            Input::Paste(text) => text.chars().for_each(|c| typing.push(c)),
            Input::Command(..)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => return false,
        }
        true
    }
}

impl Behaviour<Tui> for ExportAs {
    fn title(&self) -> &'static str {
        "Export"
    }

    fn table(&self) -> Table {
        // Letters are words while words are typed.
        if self.typing.is_some() {
            prompt::TABLE
        } else {
            TABLE
        }
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        Vec::new()
    }

    fn on(&mut self, input: Input<'_>, world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        if self.typed(&input) {
            return Handled::Yes;
        }
        match input {
            Input::Reply(Reply::Date(date)) => self.since = Some(date),
            Input::Reply(Reply::Choices(chosen)) => {
                static ALL: &[Exported] = &TABLES;
                let only: Vec<_> = chosen.iter().filter_map(|at| ALL.get(*at)).collect();
                self.only = (!only.is_empty() && only.len() < ALL.len()).then_some(only);
            }
            Input::Command("next", _) => self.cursor = (self.cursor + 1).min(LINES.len() - 1),
            Input::Command("previous", _) => self.cursor = self.cursor.saturating_sub(1),
            Input::Command("change", _) => self.change(world, out),
            Input::Command("go", _) => {
                let order = self.order(world);
                out.push(Intent::Start(Job::ExportAs(Box::new(order))));
                out.push(Intent::Close);
            }
            Input::Command("close", _) => out.push(Intent::Close),
            Input::Command(..)
            | Input::Key(_)
            | Input::Paste(_)
            | Input::Reply(_)
            | Input::NewDay(_)
            | Input::Shown
            | Input::Answered
            | Input::Visit(_) => return Handled::No,
        }
        Handled::Yes
    }
}

impl Screen for ExportAs {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        if let Some(typing) = &self.typing {
            let inner = cx.popup(area, buf, "Passphrase", (62, rows(3)));
            let dots = typing
                .now
                .chars()
                .count()
                .min(usize::from(inner.width).saturating_sub(1));
            let line = "*".repeat(dots);
            cx.put(buf, inner, 0, &line, Role::Text);
            paragraph(cx, below(inner, 1), buf, typing.asks(), Role::Placeholder);
            let dots = u16::try_from(dots).unwrap_or(0);
            return Some(Position::new(inner.x + dots, inner.y));
        }
        let columns = area.width.min(COLUMNS).saturating_sub(4);
        let room = usize::from(columns).saturating_sub(usize::from(AT));
        // Where a choice is cut, the one under the cursor is told in full below.
        let texts: Vec<String> = (0..LINES.len()).map(|line| self.line(line)).collect();
        let is_cut = |text: &&String| width::width(text) > room;
        let noted = texts
            .iter()
            .filter(is_cut)
            .map(|text| Paragraph::rows(text, columns))
            .max();
        let noted = u16::try_from(noted.unwrap_or(0)).unwrap_or(0);
        let size = (COLUMNS, rows(LINES.len()).saturating_add(noted));
        let inner = cx.popup(area, buf, "Export", size);
        if let Some(text) = texts.get(self.cursor).filter(is_cut) {
            let under = below(inner, rows(LINES.len()) - 2);
            paragraph(cx, under, buf, text, Role::Muted);
        }
        for ((at, name), row) in LINES.into_iter().enumerate().zip(inner.rows()) {
            let here = at == self.cursor;
            if here {
                cx.put(buf, row, 0, cx.look.glyphs.marker, Role::Marker);
            }
            cx.put(buf, row, 2, name, Role::Muted);
            let role = if here { Role::Selected } else { Role::Text };
            cx.put(buf, row, AT, &self.line(at), role);
        }
        None
    }
}
