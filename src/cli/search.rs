//! `wildlands search`: what answers a question, a line or two each.

use std::fmt::Write as _;

use clap::value_parser;
use serde_json::{Value, json};

use super::connection::Connection;
use super::exit::{Exit, Failure};
use super::output::{self, Output};
use super::{fields, form, settings};
use crate::domain::dates;
use crate::domain::form::LogForm;
use crate::domain::search::{Found, Hit, Search};
use crate::domain::secret::{Exit as Way, Secret};
use crate::domain::text;
use crate::store::queries::search;

/// Search everything that is written down
#[derive(Debug, clap::Args)]
#[command(after_help = "\
  word  \"a phrase\"  -without  begin*
  in:log in:ideas in:goals in:checkins in:teaching in:content in:drift in:reviews
  after:DATE before:DATE      2026-11-23, yesterday, -30, mon
  status:STATUS               parked, active, published …
  FIELD>=7                    a number of the log or of a lane: < <= = >= >; exercise=yes

Where fewer than three are found, words of three letters or more stand for similar ones too: what is
found by those is marked [similar].

The shell takes quotes and < > for itself, so give the question in single quotes. One that is - is read from
standard input: arguments can be seen by others on this machine while a command runs.

Examples:
  wildlands search bank
  wildlands search 'garden -podcast in:ideas status:parked'
  wildlands search 'energy>=8 \"called home\" after:2026-01-01' --json")]
pub struct Arguments {
    /// What to look for
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    /// Print JSON; masked texts are null
    #[arg(long)]
    json: bool,
    /// Show sensitive texts
    #[arg(long)]
    reveal: bool,
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = value_parser!(u16).range(1..=1000))]
    limit: u16,
}

pub(super) fn run(arguments: &Arguments, form: &form::Choice) -> Result<(), Failure> {
    let form = form.load()?;
    let line = match arguments.words.as_slice() {
        [only] if only == "-" => from_standard_input()?,
        words => words.join(" "),
    };
    let today = settings::heeded().today();
    let asked = Search::whole(&line, &form, today)
        .map_err(|error| Failure::new(Exit::BadData, error.to_string()))?;
    let found = super::block_on(async {
        let connection = Connection::open().await?;
        Ok(search::find(connection.session(), &asked, arguments.limit).await?)
    })?;
    let view = View {
        asked: &asked,
        form: &form,
        output: Output::standard(),
        reveal: arguments.reveal,
    };
    output::print(&if arguments.json {
        view.output.json(&view.json(&found))
    } else {
        view.text(&found)
    })
}

fn from_standard_input() -> Result<String, Failure> {
    let input = fields::standard_input("question")
        .map_err(|error| Failure::new(Exit::Io, format!("standard input: {error}")))?;
    let line = text::decode(&input)
        .map_err(|error| Failure::new(Exit::BadData, format!("the question: {error}")))?;
    Ok(line.trim().to_owned())
}

struct View<'a> {
    asked: &'a Search,
    form: &'a LogForm,
    output: Output,
    reveal: bool,
}

impl View<'_> {
    fn text(&self, found: &Found) -> String {
        if found.hits.is_empty() {
            return "Nothing found.\n".to_owned();
        }
        let mut text = String::new();
        let shown = found.exact();
        if shown == 0 {
            text.push_str("Nothing found; with a similar word:\n");
        }
        for hit in &found.hits {
            self.hit(&mut text, hit, found.question(hit, self.asked));
        }
        if found.total > shown as u64 {
            let _ = writeln!(text, "{} found, {shown} shown (--limit)", found.count());
        }
        if self.output.columns.is_some() && text.contains(self.output.mask()) {
            text.push_str("Masked texts are shown by --reveal.\n");
        }
        text
    }

    fn hit(&self, text: &mut String, hit: &Hit, question: &Search) {
        let mut line = format!("{:9} {}", hit.area.word(), dates::long(hit.day));
        if let Some(title) = &hit.title {
            let title = self.shown(title, hit.is_title_private());
            line.push_str("  ");
            line.push_str(title.unwrap_or(self.output.mask()));
        }
        let archived = hit.archived.then_some("archived");
        let similar = hit.similar.then_some("similar").into_iter();
        for word in similar.chain(hit.status.as_deref()).chain(archived) {
            let _ = write!(line, "  [{}]", word.replace('_', "-"));
        }
        let _ = writeln!(text, "{}", self.output.line(&line));
        if let Some(piece) = hit.piece(question, self.form) {
            let shown = self.shown(&piece.text, piece.private);
            let line = format!("{}: {}", piece.label, shown.unwrap_or(self.output.mask()));
            for line in self.output.wrapped(&self.output.line(&line), 10) {
                let _ = writeln!(text, "{:10}{line}", "");
            }
        }
    }

    fn shown<'t>(&self, text: &'t Secret<String>, private: bool) -> Option<&'t str> {
        (self.reveal || !private).then(|| text.expose(Way::Output).as_str())
    }

    fn json(&self, found: &Found) -> Value {
        let hits = found
            .hits
            .iter()
            .map(|hit| self.hit_json(hit, found.question(hit, self.asked)));
        let hits: Vec<Value> = hits.collect();
        json!({ "found": found.total, "more": found.capped, "hits": hits })
    }

    fn hit_json(&self, hit: &Hit, question: &Search) -> Value {
        let piece = hit.piece(question, self.form);
        let is_masked = !self.reveal
            && (piece.as_ref().is_some_and(|piece| piece.private)
                || hit.title.is_some() && hit.is_title_private());
        let title = hit.title.as_ref();
        json!({
            "in": hit.area.word(),
            "id": hit.id.to_string(),
            "date": hit.day.to_string(),
            "title": title.and_then(|title| self.shown(title, hit.is_title_private())),
            "status": hit.status,
            "archived": hit.archived,
            "similar": hit.similar,
            "field": piece.as_ref().map(|piece| piece.key.as_str()),
            "text": piece.as_ref().and_then(|piece| self.shown(&piece.text, piece.private)),
            "masked": is_masked,
        })
    }
}
