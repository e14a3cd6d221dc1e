//! The first minute: who you are, where the data is, what to press. Any of its keys ends it.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::app::command::{Command, Table};
use crate::app::part::{Behaviour, Handled, Input, Intent, Reply};
use crate::app::world::World;
use crate::domain::form::FormView;
use crate::screens::Tui;
use crate::screens::{Screen, ViewCx};
use crate::store::api::Link;
use crate::store::api::Query;
use crate::ui::{Paragraph, Role};

use super::view::{below, paragraph, rows, with_edge};

pub(super) const TABLE: Table = Table {
    scope: "welcome",
    commands: COMMANDS,
};

const COMMANDS: &[Command] = &[
    Command {
        name: "quick",
        words: "begin with the quick form",
        hint: Some("quick form"),
        keys: &["enter"],
    },
    Command {
        name: "full",
        words: "begin with the full form",
        hint: Some("full form"),
        keys: &["f"],
    },
    Command {
        name: "skip",
        words: "skip",
        hint: Some("skip"),
        keys: &["esc", "q", "space"],
    },
];

/// The greeting.
#[derive(Debug, Clone, Copy)]
pub struct Welcome;

impl Behaviour<Tui> for Welcome {
    fn title(&self) -> &'static str {
        "Welcome"
    }

    fn table(&self) -> Table {
        TABLE
    }

    fn needs(&self, _world: &World) -> Vec<Query> {
        vec![Query::DataStatus]
    }

    fn on(&mut self, input: Input<'_>, _world: &World, out: &mut Vec<Intent<Tui>>) -> Handled {
        let Input::Command(name, _) = input else {
            return Handled::No;
        };
        match name {
            "quick" => out.push(Intent::CloseWith(Reply::Form(FormView::Quick))),
            "full" => out.push(Intent::CloseWith(Reply::Form(FormView::Full))),
            _ => out.push(Intent::Close),
        }
        Handled::Yes
    }
}

impl Screen for Welcome {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let (lines, brief) = words(cx.world);
        let columns = area.width.min(66).saturating_sub(4);
        let needs = |lines: &[Said], gap: usize| {
            let texts = lines.iter().map(|(text, _)| Paragraph::rows(text, columns));
            rows(texts.sum::<usize>() + gap * (lines.len() - 1))
        };
        // As much as can be read whole: with air, without, in few words.
        let (lines, gap) = if needs(&lines, 1) <= area.height {
            (lines.as_slice(), 1)
        } else if needs(&lines, 0) <= area.height {
            (lines.as_slice(), 0)
        } else {
            (brief.as_slice(), 0)
        };
        let wanted = needs(lines, usize::from(gap));
        let mut inner = cx.popup(area, buf, "Welcome", (66, wanted));
        cx.mark_more(with_edge(inner, buf), buf, false, wanted > area.height);
        for (text, role) in lines {
            inner = below(inner, paragraph(cx, inner, buf, text, *role) + gap);
        }
        None
    }
}

type Said = (String, Role);

/// What is said, and the same in few words.
fn words(world: &World) -> ([Said; 5], [Said; 4]) {
    let name = world
        .person
        .as_ref()
        .map_or("you", |person| person.username.as_str());
    let place = match (world.cache.data_status(), &world.link) {
        (Some(status), _) => match &status.directory {
            Some(directory) => format!("{} in {}", status.place, directory.display()),
            None => status.place.clone(),
        },
        (None, Link::Online { place }) => place.clone(),
        (None, Link::Connecting { .. } | Link::Offline { .. }) => "not reached yet".to_owned(),
    };
    let keymap = &world.keymap;
    let (toggle, edit) = (keymap.named("form", "toggle"), keymap.named("form", "edit"));
    let (reveal, form) = (keymap.everywhere("reveal"), keymap.named("lifeops", "form"));
    let lines = [
        (format!("This is the ledger of {name}."), Role::Text),
        (
            format!("Your data: {place}. Nothing leaves it unless you export it."),
            Role::Text,
        ),
        (
            format!(
                "Today's log is open. Digits set scales, {toggle} answers yes or no, {edit} writes a text. Every answer is saved as you give it."
            ),
            Role::Text,
        ),
        (
            format!(
                "Family, faith, drift check and top friction stay masked until you press {reveal}."
            ),
            Role::Text,
        ),
        (
            format!(
                "The quick form takes a minute; the full form has everything ({form} switches)."
            ),
            Role::Muted,
        ),
    ];
    let brief = [
        (format!("This is the ledger of {name}."), Role::Text),
        (
            format!(
                "Digits set scales, {toggle} says yes or no, {edit} writes; all is saved at once."
            ),
            Role::Text,
        ),
        (
            format!("Family, faith, drift check and top friction are masked: {reveal} shows them."),
            Role::Text,
        ),
        (format!("{form}: the quick or the full form."), Role::Muted),
    ];
    (lines, brief)
}
