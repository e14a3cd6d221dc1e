//! `wildlands teach plan`: the plan that the template gives, and the checklist.

use super::{KIND, read};
use crate::cli::exit::{Exit, Failure};
use crate::cli::lane::Printing;
use crate::cli::output::{self, Output};
use crate::domain::patch::Patch;
use crate::domain::teaching::{Finding, LessonRequest, Plan, checklist, plan};

/// Make the plan of a request from the template, or check the plan that is there
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Its id, as `list` shows it
    id: String,
    /// Replace a plan that is there
    #[arg(long, conflicts_with = "check")]
    replace: bool,
    /// Only print the checklist
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    printing: Printing,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let one = KIND.one(&arguments.id)?;
    let (request, present) = read(&one);
    if arguments.check {
        return output::print(&listed(&request, &present));
    }
    let made = plan(&request);
    if !present.is_empty() && present != made && !arguments.replace {
        let line = "there is a plan already, and it was left as it is; --replace puts the template's in its place";
        return Err(Failure::new(Exit::BadData, line));
    }
    let mut patch = Patch::default();
    for (key, value) in made.fields() {
        let value = Some(value).filter(|value| !value.is_null());
        patch.merge(Patch::one(key, value));
    }
    let one = KIND.change(one.id, patch.clone())?;
    KIND.tell(arguments.printing, &one, "planned", &patch)?;
    if arguments.printing.json() {
        return Ok(());
    }
    output::print(&format!("\n{}", listed(&request, &made)))
}

fn listed(request: &LessonRequest, plan: &Plan) -> String {
    let output = Output::standard();
    let line = |finding: &Finding| {
        let mark = if finding.is_met { "ok     " } else { "missing" };
        let text = format!("{}: {}", finding.check.label(), finding.sentence);
        format!("{mark}  {}\n", output.line(&text))
    };
    checklist(request, plan).iter().map(line).collect()
}
