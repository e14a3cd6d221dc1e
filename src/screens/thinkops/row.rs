//! One idea on the screen: its title, and what of it needs no mask.

use crate::app::everywhere;
use crate::domain::dates;
use crate::domain::idea::{age, score};
use crate::domain::record::Record;
use crate::screens::ViewCx;
use crate::ui::{Role, Run};

use super::title_item;

/// The title, or what stands for it; under the cursor with the key that shows it.
pub fn title<'a>(cx: ViewCx<'_>, idea: &'a Record, focused: bool) -> Vec<Run<'a>> {
    let Some(title) = idea.text("title") else {
        return vec![Run::new(cx.look.glyphs.none, Role::Track)];
    };
    if let Some(shown) = cx.reveal(&title, &title_item(idea.id)) {
        let role = if focused { Role::Selected } else { Role::Value };
        return vec![Run::new(*shown, role)];
    }
    let mut runs = vec![Run::new(cx.look.glyphs.masked, Role::Masked)];
    let keys = cx.world.keymap.keys(everywhere::TABLE.scope, "reveal");
    if let Some(key) = keys.first().filter(|_| focused) {
        runs.push(Run::new(format!(" ({key} shows it)"), Role::Muted));
    }
    runs
}

/// Age, excitement × feasibility, priority and review date, one below the other in every row.
pub fn facts(cx: ViewCx<'_>, idea: &Record, columns: u16) -> String {
    let made = dates::local_date(idea.created_at, cx.world.zone());
    let age = age(made, cx.world.today);
    let priority = match idea.whole_number("priority") {
        Some(priority) if priority > 0 => format!("p{priority}"),
        Some(_) | None => String::new(),
    };
    let points = points(cx, idea, columns >= 60);
    if columns < 60 {
        return format!("{age:>5} {points:>3} {priority:<2}");
    }
    let review = idea.date("reviewOn").map(dates::short).unwrap_or_default();
    format!("{review:>6}  {priority:<2}  {points:>8}  {age:>5}")
}

/// The same for a column: what is there, with little between.
pub fn brief(cx: ViewCx<'_>, idea: &Record) -> String {
    let made = dates::local_date(idea.created_at, cx.world.zone());
    let mut parts = vec![age(made, cx.world.today)];
    let points = points(cx, idea, true);
    if points != cx.look.glyphs.none {
        parts.push(points);
    }
    if let Some(priority) = idea.whole_number("priority").filter(|number| *number > 0) {
        parts.push(format!("p{priority}"));
    }
    if let Some(date) = idea.date("reviewOn") {
        parts.push(dates::short(date));
    }
    parts.join("  ")
}

/// `8×7=56`, or `56`.
fn points(cx: ViewCx<'_>, idea: &Record, whole: bool) -> String {
    let figure = |key: &str| {
        let number = idea.whole_number(key)?;
        u8::try_from(number).ok()
    };
    let (excitement, feasibility) = (figure("excitement"), figure("feasibility"));
    let times = if cx.look.glyphs.unicode { "×" } else { "x" };
    match (excitement, feasibility, score(excitement, feasibility)) {
        (Some(one), Some(other), Some(points)) if whole => format!("{one}{times}{other}={points}"),
        (_, _, Some(points)) => points.to_string(),
        (_, _, None) => cx.look.glyphs.none.to_owned(),
    }
}
