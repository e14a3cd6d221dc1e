//! `wildlands idea list`.

use clap::builder::PossibleValuesParser;

use crate::cli::connection::Connection;
use crate::cli::exit::{Exit, Failure};
use crate::cli::lane::Printing;
use crate::cli::{output, record, settings};
use crate::domain::idea::{AgeBand, CATEGORIES, Sift, SortBy, Status};
use crate::domain::text::printable;
use crate::store::api::Listing;

use super::IDEA;
use super::view::line;

/// The most that is asked for at once.
const PAGE: u16 = 200;

/// List ideas; titles stay masked unless --reveal is given
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only of these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    status: Vec<String>,
    /// Only of these categories
    #[arg(long, value_name = "CATEGORY", value_delimiter = ',', value_parser = PossibleValuesParser::new(CATEGORIES))]
    category: Vec<String>,
    /// Only of this age: the last 7 days, before that the last 30, before that the last year, older
    #[arg(long, value_name = "AGE", value_parser = PossibleValuesParser::new(AgeBand::ALL.map(AgeBand::word)))]
    age: Option<String>,
    /// What comes first: changed last, highest score, highest priority, oldest
    #[arg(long, default_value = "changed", value_parser = PossibleValuesParser::new(["changed", "score", "priority", "age"]))]
    sort: String,
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let now = settings::heeded().now();
    let sort = match arguments.sort.as_str() {
        "score" => SortBy::Score,
        "priority" => SortBy::Priority,
        "age" => SortBy::Age,
        _ => SortBy::Touched,
    };
    let sift = sift(arguments)?;
    let made = sift.made(now.date(), now.time_zone());
    let listing = Listing::ideas(&sift, made, sort, PAGE);
    let ideas = crate::cli::block_on(async {
        let connection = Connection::open().await?;
        record::list(&connection, listing, arguments.limit).await
    })?;
    if arguments.printing.json() || ideas.is_empty() {
        let none = "No ideas here; `wildlands idea \"TITLE\"` captures one.";
        return IDEA.print_all(arguments.printing, &ideas, none);
    }
    let sheet = IDEA.sheet(arguments.printing, false);
    let mut text: String = ideas.iter().map(|idea| line(&sheet, idea, &now)).collect();
    text.push_str(sheet.advice(&text));
    output::print(&text)
}

fn sift(arguments: &Arguments) -> Result<Sift, Failure> {
    let statuses = arguments.status.iter().map(|word| status(word));
    let categories = CATEGORIES
        .into_iter()
        .filter(|known| arguments.category.iter().any(|word| word == known));
    let ages = AgeBand::ALL
        .into_iter()
        .filter(|age| Some(age.word()) == arguments.age.as_deref());
    Ok(Sift {
        statuses: statuses.collect::<Result<_, _>>()?,
        categories: categories.collect(),
        ages: ages.collect(),
    })
}

/// The status that a word names.
///
/// # Errors
/// It names none.
pub(super) fn status(word: &str) -> Result<Status, Failure> {
    Status::read(word).ok_or_else(|| {
        let known = Status::ALL.map(Status::word).join(", ");
        let line = format!("“{}” is no status; it is one of {known}", printable(word));
        Failure::new(Exit::BadData, line)
    })
}
