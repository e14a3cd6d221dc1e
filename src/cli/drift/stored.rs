//! The signals of the database.

use super::Arguments;
use super::form;
use crate::cli::exit::{Exit, Failure};

pub(super) fn run(_arguments: &Arguments, _form: &form::Choice) -> Result<(), Failure> {
    let line = "name an export to compute from: wildlands export - | wildlands drift --input -";
    Err(Failure::new(Exit::Usage, line))
}
