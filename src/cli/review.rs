//! `wildlands review`: the figures of a week, the answers to its questions, earlier reviews.

mod sheet;

use std::ffi::OsString;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::connection::Connection;
use super::exit::{Exit, Failure};
use super::fields::{self, Fields, Set};
use super::form;
use super::output::{self, Output};
use super::{record, settings};
use crate::domain::dates;
use crate::domain::form::{Field, LogForm};
use crate::domain::goal::Week;
use crate::domain::ids::RecordId;
use crate::domain::lane::{Lane, ask_in_reviews};
use crate::domain::patch::Patch;
use crate::domain::record::Record;
use crate::domain::review::{
    Detail, Figures, Review, completing, figures, id_of, iso_name, markdown, parse_week,
    week_to_review, words,
};
use crate::domain::secret::Exit as Way;
use crate::store::api::{Answer, Listing, Query, RecordChange};
use crate::store::config::Config;
use crate::store::queries;

/// Look at a week, write what is asked about it, list earlier reviews
#[derive(Debug, clap::Args)]
#[command(after_help = "\
WEEK is the last one that is over unless given: this, last, -2 (weeks ago), 2026-W47, or any date in it.
QUESTION is its number or its name; the questions are those of reviews.toml in the configuration, else three that are
built in. TEXT is - for standard input; arguments can be seen by others on this machine while a command runs. Answers and
titles of ideas are masked unless --reveal is given. docs/review.md says what each figure is.

Examples:
  wildlands review
  wildlands review last --json | jq .goals
  wildlands review 2026-W47 --markdown --reveal > week.md
  wildlands review last answer in-the-way - < answer.txt
  wildlands review last complete               keep the figures of today with the answers
  wildlands review --list")]
#[allow(clippy::struct_excessive_bools)] // independent switches of the command line
pub struct Arguments {
    /// Which week
    #[arg(allow_negative_numbers = true)]
    week: Option<String>,
    /// What to do instead of printing it
    #[arg(value_name = "answer QUESTION TEXT | complete")]
    action: Vec<OsString>,
    /// Print JSON; masked values are null
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown
    #[arg(long)]
    markdown: bool,
    /// Show answers, titles of ideas, and fields of the red zone that were opted in
    #[arg(long)]
    reveal: bool,
    /// List the reviews that there are, the latest week first
    #[arg(long, conflicts_with_all = ["week", "action", "markdown"])]
    list: bool,
}

/// The most reviews that are listed: ten years of weeks.
const MOST: usize = 530;

/// What is to be done with a week.
enum Action {
    Print,
    Answer(Set),
    Complete,
}

/// All that is known of a week.
struct Known {
    figures: Figures,
    review: Review,
    /// The review's record; where there is none yet, the one it will have.
    id: RecordId,
    is_there: bool,
    /// What of the kept figures is different today.
    differences: Vec<String>,
}

pub(super) fn run(arguments: &Arguments, choice: &form::Choice) -> Result<(), Failure> {
    let mut config = settings::with_questions();
    if let Some(questions) = config.questions.take() {
        ask_in_reviews(questions);
    }
    if arguments.list {
        return list(arguments);
    }
    let (today, start) = (config.today(), super::goal::week_start(&config));
    // Without a week the action comes first.
    let mut action: Vec<OsString> = arguments.action.clone();
    let mut word = arguments.week.as_deref();
    if let Some(first) = word.filter(|word| matches!(*word, "answer" | "complete")) {
        action.insert(0, first.into());
        word = None;
    }
    let week = match word {
        None => week_to_review(today, start),
        Some(word) => parse_week(word, today, start)
            .map_err(|error| Failure::new(Exit::BadData, error.to_string()))?,
    };
    let action = read_action(&action)?;
    let form = choice.load()?;
    match action {
        Action::Print => {
            let known = super::block_on(async {
                let connection = Connection::open().await?;
                read(&connection, week, &config, &form).await
            })?;
            print(arguments, &known)
        }
        Action::Answer(set) => {
            fields::warn_of_exposed(&set.exposed);
            let known = super::block_on(change(week, &config, &form, |_| set.patch.clone()))?;
            told(arguments, &known, "saved")
        }
        Action::Complete => {
            let known = super::block_on(change(week, &config, &form, |known| {
                completing(&known.figures, Timestamp::now())
            }))?;
            told(arguments, &known, "completed, with the figures of today")
        }
    }
}

fn read_action(words: &[OsString]) -> Result<Action, Failure> {
    let utf8 = |word: &OsString| {
        fields::utf8(word)
            .map(str::to_owned)
            .map_err(|(exit, line)| Failure::new(exit, line))
    };
    let plain: Vec<String> = words.iter().take(2).map(utf8).collect::<Result<_, _>>()?;
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    match (plain.as_slice(), words.get(2)) {
        ([], _) => Ok(Action::Print),
        (["complete"], None) => Ok(Action::Complete),
        (["answer", question], Some(text)) if words.len() == 3 => {
            let field = question_of(question)?;
            let mut input = fields::standard_input;
            let mut fields = Fields::of(Lane::Reviews.form(), &mut input);
            let mut word = OsString::from(format!("{}=", field.key));
            word.push(text);
            fields.word(&word, "no question");
            let set = fields.finish();
            set.map(Action::Answer)
                .map_err(|failure| failure.and("nothing was saved"))
        }
        _ => {
            let line = "behind a week stands `answer QUESTION TEXT`, `complete`, or nothing; - as TEXT reads standard input";
            Err(Failure::new(Exit::Usage, line))
        }
    }
}

fn questions() -> impl Iterator<Item = &'static Field> {
    let sections = Lane::Reviews.form().sections.iter();
    sections.flat_map(|section| &section.fields)
}

fn question_of(name: &str) -> Result<&'static Field, Failure> {
    let by_number = || {
        let number: usize = name.parse().ok()?;
        questions().nth(number.checked_sub(1)?)
    };
    let form = Lane::Reviews.form();
    let found = form
        .field(name)
        .or_else(|| form.field(&format!("answers.{name}")));
    found.or_else(by_number).ok_or_else(|| {
        let names = questions().map(|field| field.key.trim_start_matches("answers."));
        let names: Vec<&str> = names.collect();
        let line = format!("there is no such question; there are {}", names.join(", "));
        Failure::new(Exit::BadData, line).and("nothing was saved")
    })
}

async fn read(
    connection: &Connection,
    week: Week,
    config: &Config,
    form: &LogForm,
) -> Result<Known, Failure> {
    let session = connection.session();
    // Subcommands write without calculating; who reads signals does.
    let start = super::goal::week_start(config);
    queries::drift::recalculate(session, form, config.today(), start).await?;
    let query = Query::review(week, config.today(), &config.zone.now(), form);
    let Answer::Review(material) = queries::answer(session, &query).await? else {
        return Err(Failure::new(
            Exit::Defect,
            "the database answered something else",
        ));
    };
    let now = figures(&material, week, form, config.today());
    let id = material
        .review
        .unwrap_or_else(|| id_of(session.user(), week));
    let record = queries::records::record(session, Lane::Reviews, id).await?;
    let mut review = record.as_ref().map_or_else(Review::default, of_record);
    let kept = review.figures.take();
    review.figures = kept.map(|kept| kept.as_opted(form, &material.settings));
    let kept = review.figures.as_ref();
    Ok(Known {
        differences: kept.map_or_else(Vec::new, |kept| kept.differences(&now)),
        figures: now,
        review,
        id,
        is_there: record.is_some(),
    })
}

fn of_record(record: &Record) -> Review {
    Review::read(record.fields.expose(Way::Output))
}

/// Changes the week's review, which is made where there is none; gives it as it then is.
async fn change(
    week: Week,
    config: &Config,
    form: &LogForm,
    patch: impl FnOnce(&Known) -> Patch,
) -> Result<Known, Failure> {
    let unsaved = |failure: Failure| failure.and("nothing was saved");
    let mut connection = Connection::open().await.map_err(unsaved)?;
    let known = read(&connection, week, config, form)
        .await
        .map_err(unsaved)?;
    let first = week.first().to_string();
    let mut made = Patch::one("weekStart", Some(Value::from(first)));
    made.merge(patch(&known));
    let what = "the review";
    let written = RecordChange::Create(made);
    record::change(&mut connection, Lane::Reviews, known.id, written, what).await?;
    read(&connection, week, config, form).await
}

fn told(arguments: &Arguments, known: &Known, last: &str) -> Result<(), Failure> {
    if arguments.json || arguments.markdown {
        return print(arguments, known);
    }
    let output = Output::standard();
    let title = words::title(known.figures.week);
    output::print(&format!("{}\n{last}\n", output.line(&title)))
}

fn print(arguments: &Arguments, known: &Known) -> Result<(), Failure> {
    let output = Output::standard();
    if arguments.json {
        return output::print(&output.json(&document(arguments, known)));
    }
    if arguments.markdown {
        let form = Lane::Reviews.form();
        let text = markdown(&known.figures, &known.review, form, arguments.reveal);
        return output::print(&text);
    }
    output::print(&sheet::sheet(known, arguments.reveal, output))
}

fn document(arguments: &Arguments, known: &Known) -> Value {
    let detail = if arguments.reveal {
        Detail::Revealed
    } else {
        Detail::Masked
    };
    let mut object = known.figures.to_json(detail);
    let mut answers = Map::new();
    let mut masked = Vec::new();
    for (key, answer) in &known.review.answers {
        let name = key.trim_start_matches("answers.").to_owned();
        if Lane::Reviews.is_sensitive(key) && !arguments.reveal {
            masked.push(name.clone());
            answers.insert(name, Value::Null);
        } else {
            answers.insert(name, Value::from(answer.expose(Way::Output).clone()));
        }
    }
    let review = &known.review;
    let kept = review.figures.as_ref().map(|kept| kept.to_json(detail));
    object.insert(
        "review".to_owned(),
        json!({
            "id": known.is_there.then_some(known.id),
            "completedAt": review.completed_at.map(|moment| moment.to_string()),
            "leftAt": review.place,
            "answers": answers,
            "masked": masked,
            "kept": kept,
            "differences": known.differences,
        }),
    );
    Value::Object(object)
}

fn list(arguments: &Arguments) -> Result<(), Failure> {
    let found = super::block_on(async {
        let connection = Connection::open().await?;
        record::list(&connection, Listing::reviews(200), MOST).await
    })?;
    let output = Output::standard();
    let reviews = found.iter().filter_map(|record| {
        let first = record.date("weekStart")?;
        Some((record, Week::of(first, first.weekday())))
    });
    if arguments.json {
        let all = reviews.map(|(record, week)| {
            json!({
                "id": record.id,
                "week": iso_name(week),
                "weekStart": week.first(),
                "completedAt": record.word("completedAt"),
            })
        });
        return output::print(&output.json(&Value::from(all.collect::<Vec<_>>())));
    }
    let mut text = String::new();
    for (record, week) in reviews {
        let done = record
            .word("completedAt")
            .and_then(|moment| moment.parse().ok());
        let zone = settings::heeded().zone.now();
        let done = done.map_or_else(
            || "not completed".to_owned(),
            |moment: Timestamp| {
                let date = dates::local_date(moment, &zone);
                format!("completed {}", dates::long(date))
            },
        );
        let _ = writeln!(text, "{}  {}  {done}", iso_name(week), words::span(week));
    }
    if text.is_empty() {
        text.push_str("No reviews yet; `wildlands review` shows the last week.\n");
    }
    output::print(&text)
}
