//! A new goal in three steps: title, domain, weekly minimum. The rest has defaults and is edited later.

use serde_json::Value;

use crate::app::mask::ItemId;
use crate::app::part::{Intent, Reply, Tone};
use crate::app::world::World;
use crate::domain::form::Kind;
use crate::domain::goal::{Domain, parse_minimum};
use crate::domain::ids::RecordId;
use crate::domain::lane::Lane;
use crate::domain::patch::Patch;
use crate::domain::text;
use crate::screens::popups::{Picker, Prompt};
use crate::screens::{Tui, open};
use crate::store::api::RecordChange;

use super::actions::change;
use super::{Asked, Goals};
use crate::domain::goal::Status;

/// The longest title, in characters; the database's `CHECK` has the same cap.
const MAX_TITLE: usize = 500;

/// What is known of the goal so far.
#[derive(Debug, Default)]
pub(super) struct NewGoal {
    title: Option<String>,
    domain: Option<Domain>,
}

impl Goals {
    pub(super) fn begin_new(&mut self, out: &mut Vec<Intent<Tui>>) {
        self.asked = Asked::New(NewGoal::default());
        let help = "The title of the goal. Its domain and weekly minimum are asked for next.";
        let check = |line: &str| title_of(line).map(drop);
        out.push(open(Prompt::line("new goal", help, check)));
    }

    /// Takes the answer to a step and asks for the next; an empty line ends it.
    pub(super) fn go_on_with_new(
        &mut self,
        mut new: NewGoal,
        reply: &Reply,
        world: &World,
        out: &mut Vec<Intent<Tui>>,
    ) {
        match (reply, &new.title, new.domain) {
            (Reply::Line(line), None, _) => {
                let Ok(Some(title)) = title_of(line) else {
                    return;
                };
                new.title = Some(title);
                ask_domain(out);
            }
            (Reply::Choices(chosen), Some(title), None) => {
                let chosen = chosen.first().and_then(|at| Domain::ALL.get(*at));
                let Some(domain) = chosen else {
                    return;
                };
                new.domain = Some(*domain);
                let help = "Per week: 3 for days, 20x for a count, 150m or 2h30 for time.";
                let label = format!("{title}: weekly minimum");
                let check = |line: &str| {
                    parse_minimum(line)
                        .map(drop)
                        .map_err(|error| error.to_string())
                };
                out.push(open(Prompt::line(&label, help, check)));
            }
            (Reply::Line(line), Some(title), Some(domain)) => {
                return self.make((title, domain, line), world, out);
            }
            (
                Reply::Line(_)
                | Reply::Choices(_)
                | Reply::Date(_)
                | Reply::Onward
                | Reply::Form(_),
                _,
                _,
            ) => return,
        }
        self.asked = Asked::New(new);
    }

    fn make(
        &mut self,
        (title, domain, line): (&str, Domain, &str),
        world: &World,
        out: &mut Vec<Intent<Tui>>,
    ) {
        let Ok((target, minimum)) = parse_minimum(line) else {
            return;
        };
        let mut fields = Patch::one("title", Some(Value::from(title)));
        fields.merge(Patch::one("domain", Some(Value::from(domain.word()))));
        fields.merge(Patch::one("targetType", Some(Value::from(target.word()))));
        fields.merge(Patch::one("weeklyMinimum", Some(Value::from(minimum))));
        let id = RecordId::new();
        let words = format!("new goal {title}");
        change(Lane::Goals, id, RecordChange::Create(fields), words, out);
        self.shown = Status::Active;
        self.selected = Some(id);
        let key = world.keymap.named(super::commands::TABLE.scope, "edit");
        let text = format!("made: {title}; {key} shows all its fields");
        out.push(Intent::Say(Tone::Plain, text));
    }
}

fn ask_domain(out: &mut Vec<Intent<Tui>>) {
    let field = Lane::Goals.form().exact("domain");
    let options = Domain::ALL.map(|domain| domain.word().to_owned());
    let Some(field) = field.filter(|field| matches!(field.kind, Kind::Choice { .. })) else {
        return;
    };
    // A domain needs no mask, so the item is never asked for.
    let item = ItemId("goals/new/domain".to_owned());
    out.push(open(Picker::new(field, &options, None, item)));
}

/// A title as typed, on one line; nothing for an empty one.
fn title_of(line: &str) -> Result<Option<String>, String> {
    let title = line.trim();
    text::check(title, MAX_TITLE).map_err(|error| error.to_string())?;
    Ok((!title.is_empty()).then(|| title.to_owned()))
}
