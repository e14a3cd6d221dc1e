//! Goals and check-ins as the database has them.

use jiff::civil::{Date, Weekday};

use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::{record, settings};
use crate::domain::dates::parse_weekday;
use crate::domain::goal::{self, CheckIn, Goal, Named, Progress, Status, progress};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Exit as Way;
use crate::domain::setting::Setting;
use crate::store::api::Listing;
use crate::store::config::Config;
use crate::store::queries::records;

/// The most goals, and the most check-ins, that are read at once.
const MOST: usize = 10_000;

/// How many of the records deleted last are looked through.
const MOST_DELETED: u16 = 1000;

/// A goal and its record.
#[derive(Debug, Clone)]
pub struct Known {
    pub goal: Goal,
    pub record: Record,
}

/// The day on which the person's weeks begin.
pub fn week_start(config: &Config) -> Weekday {
    let start = config.chosen.word(Setting::WeekStart);
    start.and_then(parse_weekday).unwrap_or(Weekday::Monday)
}

/// Today, and how the person's weeks lie.
#[derive(Debug, Clone, Copy)]
pub struct Week {
    pub today: Date,
    pub start: Weekday,
}

impl Week {
    /// By the person's settings.
    pub fn heeded() -> Self {
        let config = settings::heeded();
        Self {
            today: config.today(),
            start: week_start(&config),
        }
    }

    /// The week that holds the date.
    pub fn of(self, date: Date) -> goal::Week {
        goal::Week::of(date, self.start)
    }

    /// The week of a goal that holds the date.
    pub fn progress(self, goal: &Goal, date: Date, check_ins: &[(Record, CheckIn)]) -> Progress {
        let check_ins = check_ins.iter().map(|(_, one)| one);
        progress(goal, self.of(date), check_ins, self.today)
    }
}

/// The goals of these statuses: by status, domain, priority and title.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn goals(connection: &Connection, statuses: &[Status]) -> Result<Vec<Known>, Failure> {
    let mut goals = Vec::new();
    for status in statuses {
        let records = record::list(connection, Listing::goals(*status), MOST).await?;
        goals.extend(records.iter().filter_map(read));
    }
    goals.sort_by_cached_key(|known: &Known| {
        let goal = &known.goal;
        let title = goal.title.to_lowercase();
        (goal.status, goal.domain, goal.priority, title, goal.id)
    });
    Ok(goals)
}

/// The goal that a word means.
///
/// # Errors
/// None or several; as the database and the way to it report them.
pub async fn find(connection: &Connection, word: &str) -> Result<Known, Failure> {
    let goals = goals(connection, &Status::ALL).await?;
    let names: Vec<Named<'_>> = goals
        .iter()
        .map(|known| Named {
            id: known.goal.id,
            title: &known.goal.title,
            status: known.goal.status,
        })
        .collect();
    let id = goal::find(word, &names)
        .map_err(|error| Failure::new(Exit::BadData, error.to_string()))?
        .id;
    goals
        .into_iter()
        .find(|known| known.goal.id == id)
        .ok_or_else(|| Failure::new(Exit::BadData, "there is no such goal"))
}

/// The deleted goal that a word means: by its title or its id.
///
/// # Errors
/// None or several; as the database and the way to it report them.
pub fn deleted(word: &str) -> Result<RecordId, Failure> {
    if let Ok(id) = word.trim().parse() {
        return Ok(id);
    }
    let gone = crate::cli::block_on(async {
        let connection = Connection::open().await?;
        Ok(records::deleted(connection.session(), MOST_DELETED).await?)
    })?;
    let goals: Vec<Goal> = gone
        .iter()
        .filter(|gone| gone.record.lane == Lane::Goals)
        .filter_map(|gone| Some(read(&gone.record)?.goal))
        .collect();
    let names: Vec<Named<'_>> = goals
        .iter()
        .map(|goal| Named {
            id: goal.id,
            title: &goal.title,
            status: goal.status,
        })
        .collect();
    let found = goal::find(word, &names).map_err(|error| {
        let line = format!("of the goals deleted last: {error}");
        Failure::new(Exit::BadData, line)
    })?;
    Ok(found.id)
}

/// The check-ins of a list, each with its record.
///
/// # Errors
/// As the database and the way to it report them.
pub async fn own_check_ins(
    connection: &Connection,
    listing: Listing,
) -> Result<Vec<(Record, CheckIn)>, Failure> {
    let records = record::list(connection, listing, MOST).await?;
    let read = |record: Record| {
        let one = CheckIn::of_fields(record.id, record.fields.expose(Way::Output))?;
        Some((record, one))
    };
    Ok(records.into_iter().filter_map(read).collect())
}

/// The goal of a record. Its fields are no secret, the list of them is sealed as every record's.
pub fn read(record: &Record) -> Option<Known> {
    let goal = Goal::of_fields(record.id, record.fields.expose(Way::Output))?;
    let record = record.clone();
    Some(Known { goal, record })
}
