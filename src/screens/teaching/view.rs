//! How Teaching is drawn: the list, and the request with its plan beside it where there is room.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::domain::dates;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::domain::teaching::{LessonRequest, Phase, Plan, checklist};
use crate::screens::list::Lectern;
use crate::screens::popups::Passage;
use crate::screens::{Screen, ViewCx};
use crate::ui::{EmptyState, Role, Row, Run};

use super::{PRIVATE, Teaching, commands, private_item, read};

impl Screen for Teaching {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let key = cx.world.keymap.named(commands::TABLE.scope, "new");
        let lectern = Lectern {
            title: "Teaching",
            state: "",
            empty: EmptyState {
                text: "No lesson requests here. What a lesson is to be belongs here: subject, topic, minutes, \
                       materials. A plan is made from a template and edited by hand.",
                role: Role::Muted,
                action: Some((&key, "begins one")),
            },
            record: "lesson",
            passages,
        };
        self.shelves.draw_beside(cx, area, buf, &lectern, row);
        None
    }
}

/// Title, and behind it minutes, format and status as far as there is room.
fn row(record: &Record, narrow: bool) -> Row<'static> {
    let (request, _) = read(record, Exit::Screen);
    let minutes = request
        .duration
        .map_or_else(String::new, |minutes| format!("{minutes} min"));
    let facts = if narrow {
        format!("{:>7} {:<9}", minutes, request.status.name())
    } else {
        let format = request.format.name();
        format!("{format:<13}  {minutes:>7}  {:<9}", request.status.name())
    };
    Row {
        left: vec![Run::new(request.title(), Role::Value)],
        right: vec![Run::new(facts, Role::Muted)],
    }
}

/// The request, the checklist of its plan, the plan.
pub(super) fn passages(cx: ViewCx<'_>, record: &Record) -> Vec<Passage> {
    let (request, plan) = read(record, Exit::Screen);
    let mut all = vec![Passage::heading(request.title())];
    let dot = cx.look.glyphs.separator;
    let mut facts = vec![
        request.status.name().to_owned(),
        request.format.name().to_owned(),
    ];
    facts.extend(request.duration.map(|minutes| format!("{minutes} min")));
    facts.extend((!request.grade.is_empty()).then(|| format!("grade {}", request.grade)));
    facts.extend(
        request
            .assessment
            .map(|kind| format!("assessed by {}", kind.name())),
    );
    facts.extend(
        record
            .date("taughtOn")
            .map(|date| format!("taught {}", dates::long(date))),
    );
    all.push(Passage::words(facts.join(&format!(" {dot} ")), Role::Muted));
    if !record.whole {
        all.push(Passage::words("loading the rest", Role::Muted));
        return all;
    }
    if plan.is_empty() {
        let keys = cx.world.keymap.keys(commands::TABLE.scope, "plan");
        let key = keys.into_iter().next().unwrap_or_default();
        let text = format!("There is no plan yet; {key} makes one from the template.");
        all.push(Passage::words(text, Role::Placeholder));
    } else {
        checked(cx, &request, &plan, &mut all);
    }
    Passage::tell(&mut all, "Standards", &request.standards.join("\n"));
    Passage::tell(&mut all, "Materials listed", &request.materials);
    students(cx, record, &mut all);
    Passage::tell(&mut all, "Constraints", &request.constraints);
    planned(cx, &plan, &mut all);
    Passage::tell(&mut all, "Notes", &request.notes);
    all
}

fn checked(cx: ViewCx<'_>, request: &LessonRequest, plan: &Plan, all: &mut Vec<Passage>) {
    all.push(Passage::heading("Checklist"));
    for finding in checklist(request, plan) {
        let (mark, role) = if finding.is_met {
            (cx.look.glyphs.yes, Role::Text)
        } else {
            (cx.look.glyphs.no, Role::Warn)
        };
        let missing = if finding.is_met { "" } else { "missing: " };
        let text = format!("{mark} {missing}{}", finding.sentence);
        all.push(Passage::words(text, role));
    }
}

fn planned(cx: ViewCx<'_>, plan: &Plan, all: &mut Vec<Passage>) {
    let dot = cx.look.glyphs.separator;
    Passage::tell(all, "Objective", &plan.objective);
    for phase in &plan.phases {
        let title = phase.phase.title();
        let title = match phase.minutes {
            Some(minutes) => format!("{title} {dot} {minutes} min"),
            None => title.to_owned(),
        };
        if phase.minutes.is_some() && phase.text.trim().is_empty() {
            all.push(Passage::heading(title));
        } else {
            Passage::tell(all, &title, &phase.text);
        }
        if phase.phase == Phase::ExitTicket {
            Passage::tell(all, "Exit ticket key", &plan.exit_ticket_key);
        }
    }
    Passage::tell(all, "Materials used", &plan.materials);
    Passage::tell(all, "Differentiation", &plan.differentiation);
    Passage::tell(all, "Assessed by", &plan.assessment);
    Passage::tell(all, "Preparation", &plan.preparation);
}

/// What describes students, while the mask lets it be seen.
fn students(cx: ViewCx<'_>, record: &Record, all: &mut Vec<Passage>) {
    let Some((text, item)) = record.text(PRIVATE).zip(private_item(record)) else {
        return;
    };
    all.push(Passage::heading("Students"));
    all.push(match cx.reveal(&text, &item) {
        Some(text) => Passage::words(*text, Role::Value),
        None => Passage::words(cx.look.glyphs.masked, Role::Masked),
    });
}
