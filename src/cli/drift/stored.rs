//! The signals of the database: those that are stored, calculated anew before they are listed, or those of other days.

use std::fmt::Write as _;

use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value, json};

use super::show::{self, Printing, WORD};
use super::{Arguments, form};
use crate::cli::connection::Connection;
use crate::cli::exit::Failure;
use crate::cli::output::{self, Output};
use crate::cli::{block_on, goal, record, settings};
use crate::domain::dates;
use crate::domain::drift::{self, SignalType, State};
use crate::domain::form::LogForm;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;
use crate::store::api::{Listing, Order};
use crate::store::queries::drift::{load_history, read_settings, recalculate};
use crate::store::session::Session;

/// The most signals that are listed of a state.
const MOST: usize = 10_000;
/// How many are asked for at once.
const PAGE: u16 = 200;

pub(super) fn run(arguments: &Arguments, choice: &form::Choice) -> Result<(), Failure> {
    let config = settings::heeded();
    let (today, week_start) = (config.today(), goal::week_start(&config));
    let form = choice.load()?;
    let printing = arguments.printing();
    if arguments.as_of.is_some() || arguments.replay.is_some() {
        let days = arguments.days(today)?;
        let (history, settings) = block_on(async {
            let connection = Connection::open().await?;
            let session = connection.session();
            let mut settings = read_settings(session).await?;
            settings.week_start = week_start;
            let history = load_history(session, &form, &settings, None).await?;
            Ok::<_, Failure>((history, settings))
        })?;
        return show::computed(printing, days, &history, &settings, &form);
    }
    let (signals, needed) = block_on(async {
        let connection = Connection::open().await?;
        let needed = calculate(connection.session(), &form, today, week_start).await?;
        let mut signals = Vec::new();
        for state in State::ALL {
            if !arguments.all && state != State::Open {
                continue;
            }
            let mut listing = Listing::new(Lane::Signals, PAGE);
            listing.only = vec![("state", vec![state.word().to_owned()])];
            listing.order = Order::Newest;
            for one in record::list(&connection, listing, MOST).await? {
                // A list leaves out what a signal rests on.
                let whole = if printing.json {
                    record::whole(&connection, Lane::Signals, one.id).await?
                } else {
                    one
                };
                signals.push(whole);
            }
        }
        Ok::<_, Failure>((signals, needed))
    })?;
    if printing.json {
        let signals = signals
            .iter()
            .filter_map(|signal| of_record(signal, printing, &form));
        let document = json!({
            "asOf": today,
            "signals": signals.collect::<Vec<_>>(),
            "data": show::data(&needed),
        });
        return output::print(&Output::standard().json(&document));
    }
    print(&signals, &needed, arguments, &form, today)
}

/// Calculates all signals anew and stores them; gives what there is of what they need.
pub(super) async fn calculate(
    session: &Session,
    form: &LogForm,
    today: Date,
    week_start: Weekday,
) -> Result<Vec<(String, u32, u32)>, Failure> {
    let (_, known) = recalculate(session, form, today, week_start).await?;
    Ok(drift::data_needed(&known.history, today, &known.settings))
}

fn print(
    signals: &[Record],
    needed: &[(String, u32, u32)],
    arguments: &Arguments,
    form: &LogForm,
    today: Date,
) -> Result<(), Failure> {
    let output = Output::standard();
    let mut text = String::new();
    let mut before = None;
    for signal in signals {
        let Some(read) = Read::of(signal) else {
            continue;
        };
        if arguments.all && before != Some(read.state) {
            let _ = writeln!(text, "{}", read.state.word());
            before = Some(read.state);
        }
        let is_masked = arguments.printing().masks(read.kind, read.subject, form);
        let sentence = signal.text("sentence").unwrap_or_default();
        let said = if is_masked {
            show::MASKED
        } else {
            *sentence.expose(Way::Output)
        };
        show::sentence(&mut text, output, read.kind, said);
        let facts = facts(signal, &read);
        let _ = writeln!(text, "{:WORD$}{facts}, id {}", "", signal.id);
    }
    if signals.is_empty() {
        let _ = writeln!(text, "No open signals, {}.", dates::long(today));
        text.push_str(&show::missing(output, needed));
    }
    output::print(&text)
}

/// What tells signals apart and needs no mask.
pub(super) struct Read<'r> {
    pub kind: SignalType,
    pub subject: &'r str,
    pub state: State,
}

impl<'r> Read<'r> {
    /// Nothing for what this program does not know.
    pub fn of(record: &'r Record) -> Option<Self> {
        Some(Self {
            kind: SignalType::of_word(record.word("type")?)?,
            subject: record.word("subject").unwrap_or_default(),
            state: State::of_word(record.word("state")?)?,
        })
    }
}

/// When it was first seen, and what was answered.
pub(super) fn facts(signal: &Record, read: &Read<'_>) -> String {
    let date = |key: &str| signal.date(key).map_or_else(String::new, dates::long);
    let seen = format!("first seen {}", date("firstSeen"));
    match read.state {
        State::Open => seen,
        State::Acknowledged => format!("{seen}, acknowledged"),
        State::Snoozed => format!("{seen}, snoozed until {}", date("snoozedUntil")),
        State::Resolved => format!("{seen}, ended, last seen {}", date("lastSeen")),
    }
}

/// A stored signal as JSON; what is masked is null.
fn of_record(signal: &Record, printing: Printing, form: &LogForm) -> Option<Value> {
    let read = Read::of(signal)?;
    let is_masked = printing.masks(read.kind, read.subject, form);
    let fields = signal.fields.expose(Way::Output);
    let field = |key: &str| fields.get(key).cloned().unwrap_or(Value::Null);
    let unless = |masked: bool, value: Value| if masked { Value::Null } else { value };
    let parts = fields.iter().filter_map(|(key, value)| {
        let part = key.strip_prefix("value.")?;
        Some((part.to_owned(), value.clone()))
    });
    let evidence = drift::Evidence::of_parts(parts.collect::<Map<_, _>>());
    let evidence = evidence.map_or(Value::Null, |evidence| evidence.to_json());
    Some(json!({
        "id": signal.id,
        "type": read.kind.word(),
        "subject": read.subject,
        "state": read.state.word(),
        "window": { "from": field("windowStart"), "to": field("windowEnd") },
        "masked": is_masked,
        "sentence": unless(is_masked, field("sentence")),
        "evidence": unless(is_masked, evidence),
        "firstSeen": field("firstSeen"),
        "lastSeen": field("lastSeen"),
        "acknowledgedAt": field("acknowledgedAt"),
        "snoozedUntil": field("snoozedUntil"),
        "resolvedAt": field("resolvedAt"),
        "note": unless(!printing.reveal, field("note")),
    }))
}
