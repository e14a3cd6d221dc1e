//! `wildlands idea move`.

use jiff::civil::Date;
use serde_json::Value;

use crate::cli::exit::{Exit, Failure};
use crate::cli::lane::Printing;
use crate::cli::settings;
use crate::domain::dates;
use crate::domain::idea::{Status, review_default};
use crate::domain::patch::Patch;

use super::IDEA;
use super::list::status;

/// Move an idea along the pipeline
#[derive(Debug, clap::Args)]
#[command(after_help = "\
draft            to parked, reality_checked, discarded
parked           to draft, reality_checked, promoted, discarded
reality_checked  to parked, promoted, discarded
promoted         to shipped, parked, discarded
shipped          to archived
discarded        to archived, draft")]
pub struct Arguments {
    /// The idea's id, as `list` shows it
    id: String,
    /// Where to
    status: String,
    /// When a parked idea is looked at again [default: in four weeks]
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    review_on: Option<String>,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let to = status(&arguments.status)?;
    let review_on = review_on(arguments, to, settings::heeded().today())?;
    let idea = IDEA.one(&arguments.id)?;
    let from = idea.word("status").and_then(Status::read);
    if let Some(Err(refused)) = from.map(|from| from.check_move(to)) {
        return Err(Failure::new(Exit::BadData, refused.to_string()).and("nothing was saved"));
    }
    let mut patch = Patch::one("status", Some(Value::from(to.word())));
    if let Some(date) = review_on {
        patch.merge(Patch::one("reviewOn", Some(Value::from(date.to_string()))));
    }
    let idea = IDEA.change(idea.id, patch)?;
    // The head says status and review date.
    IDEA.tell(arguments.printing, &idea, "moved", &Patch::default())
}

/// When the idea is looked at again: parking asks for it.
fn review_on(arguments: &Arguments, to: Status, today: Date) -> Result<Option<Date>, Failure> {
    match (&arguments.review_on, to) {
        (None, Status::Parked) => Ok(Some(review_default(today))),
        (None, _) => Ok(None),
        (Some(date), Status::Parked) => dates::parse_date_toward(date, today, dates::Toward::Ahead)
            .map(Some)
            .map_err(|error| Failure::new(Exit::BadData, error.to_string())),
        (Some(_), other) => {
            let line = format!("--review-on belongs to parking, and this moves to {other}");
            Err(Failure::new(Exit::Usage, line))
        }
    }
}
