//! How signals are drawn: a sentence each; of the one under the cursor the figures, the series, the rows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use crate::domain::dates;
use crate::domain::drift::{EvidenceRow, State, explain, words};
use crate::domain::form::{Field, Kind};
use crate::domain::lane::Lane;
use crate::domain::record::Record;
use crate::domain::secret::Exit;
use crate::screens::popups::{Passage, draw_passages};
use crate::screens::{Screen, ViewCx, zone};
use crate::store::api::{Link, Standing};
use crate::ui::{CHART_ROWS, EmptyState, ListView, Role, Row, Run, first_visible};

use super::seen::{NOTE, Seen};
use super::{Drift, Rows, chart, commands};

/// Columns from which the signal stands beside the list.
const BESIDE_FROM: u16 = 100;
/// Rows from which it stands below the list.
const BELOW_FROM: u16 = 14;
/// Columns of a list from which a row says when its signal was first seen.
const DATED_FROM: u16 = 60;
/// Columns of a date.
const DATE: usize = 15;
/// The most rows of a chart.
const CHART_MOST: u16 = 12;
/// The most fields that an empty list names.
const NAMED: usize = 6;

impl Screen for Drift {
    fn view(&self, cx: ViewCx<'_>, area: Rect, buf: &mut Buffer) -> Option<Position> {
        let Some(seen) = self.seen(cx.world) else {
            self.list(cx, area, true, buf);
            return None;
        };
        let (rows, heading) = (self.on_rows(&seen), seen.kind.name());
        if area.width >= BESIDE_FROM && area.height > 4 {
            let [left, right] =
                Layout::horizontal([Constraint::Fill(1), Constraint::Fill(1)]).areas(area);
            self.list(cx, left, rows.is_none(), buf);
            let inside = pane(cx, right, &heading, rows.is_some(), buf);
            draw_one(cx, &seen, rows, inside, buf);
        } else if area.height >= BELOW_FROM && rows.is_none() {
            let [above, below] =
                Layout::vertical([Constraint::Length(area.height / 3), Constraint::Min(0)])
                    .areas(area);
            self.list(cx, above, true, buf);
            let inside = cx.side_panel(below, buf, &heading);
            draw_one(cx, &seen, rows, inside, buf);
        } else if rows.is_some() {
            let inside = cx.panel(area, buf, &heading, None);
            draw_one(cx, &seen, rows, inside, buf);
        } else {
            self.list(cx, area, true, buf);
        }
        None
    }
}

impl Drift {
    fn list(&self, cx: ViewCx<'_>, area: Rect, has_keys: bool, buf: &mut Buffer) {
        let inside = pane(cx, area, "Drift", has_keys, buf);
        let text = invitation(cx, self.shelves.front_name());
        let fields = cx.world.keymap.named(commands::TABLE.scope, "fields");
        let empty = EmptyState {
            text: &text,
            role: Role::Muted,
            action: Some((fields.as_str(), "chooses the fields that take part")),
        };
        let dated = inside.width >= DATED_FROM;
        self.shelves
            .draw(cx, inside, buf, empty, |record| row(cx, record, dated));
    }
}

/// A box; the one that has the keys is told from the other.
fn pane(cx: ViewCx<'_>, area: Rect, title: &str, has_keys: bool, buf: &mut Buffer) -> Rect {
    if has_keys {
        cx.panel(area, buf, title, None)
    } else {
        cx.side_panel(area, buf, title)
    }
}

fn row(cx: ViewCx<'_>, record: &Record, dated: bool) -> Row<'static> {
    let Some(seen) = Seen::of(record, cx.world) else {
        let text = "a signal of a newer version of this program";
        return Row::new(vec![Run::new(text, Role::Muted)]);
    };
    let left = if seen.is_shown(cx.world) {
        vec![Run::new(
            (*seen.sentence().expose(Exit::Screen)).to_owned(),
            Role::Value,
        )]
    } else {
        vec![
            Run::new(format!("{}  ", seen.kind.name()), Role::Muted),
            Run::new(cx.look.glyphs.masked, Role::Masked),
        ]
    };
    let since = record.date("firstSeen").filter(|_| dated);
    let right = since.map(|date| Run::new(dates::short(date), Role::Muted));
    Row {
        left,
        right: right.into_iter().collect(),
    }
}

/// The signal: its sentence and dates, the series, the rows.
fn draw_one(cx: ViewCx<'_>, seen: &Seen<'_>, rows: Option<&Rows>, area: Rect, buf: &mut Buffer) {
    let area = Rect {
        x: area.x + 1.min(area.width),
        width: area.width.saturating_sub(2),
        ..area
    };
    let said = said(cx, seen);
    let nowhere = Rect { height: 0, ..area };
    let wanted = draw_passages(cx, &said, 0, nowhere, buf);
    let wanted = u16::try_from(wanted).unwrap_or(u16::MAX);
    // Three rows at least are of the rows that count, with their heading.
    let of_rows = u16::try_from(seen.rows().len()).unwrap_or(u16::MAX);
    let least = if of_rows > 0 { of_rows.min(3) + 1 } else { 0 };
    let said_rows = wanted.min(area.height.saturating_sub(least).max(2));
    let left = area.height.saturating_sub(said_rows + least);
    let chart_rows = match left {
        _ if !chart::is_there(cx, seen) => 0,
        0..=1 => 0,
        2..=CHART_ROWS => 1,
        more => (more - 1).min(CHART_MOST),
    };
    let blank = u16::from(chart_rows > 0);
    let [above, _, plot, _, below] = Layout::vertical([
        Constraint::Length(said_rows),
        Constraint::Length(blank),
        Constraint::Length(chart_rows),
        Constraint::Length(u16::from(left > chart_rows + blank)),
        Constraint::Min(0),
    ])
    .areas(area);
    draw_passages(cx, &said, 0, above, buf);
    let at = rows.and_then(|rows| seen.rows().get(rows.at));
    chart::draw(cx, seen, at.map(|row| row.date), plot, buf);
    draw_rows(cx, seen, rows, below, buf);
}

/// The sentence, what became of the signal, what was written about it.
fn said(cx: ViewCx<'_>, seen: &Seen<'_>) -> Vec<Passage> {
    let mut all = Vec::new();
    if seen.is_shown(cx.world) {
        let sentence = *seen.sentence().expose(Exit::Screen);
        all.push(plain(sentence, Role::Value));
    } else {
        all.push(plain(cx.look.glyphs.masked, Role::Masked));
    }
    all.push(plain(&facts(cx, seen), Role::Muted));
    if let Some((note, item)) = seen.record.text(NOTE).zip(seen.note_item()) {
        all.push(match cx.reveal(&note, &item) {
            Some(note) => Passage::words(*note, Role::Text),
            None => Passage::words(cx.look.glyphs.masked, Role::Masked),
        });
    }
    if seen.evidence.is_none() {
        all.push(plain("loading what it rests on", Role::Muted));
    }
    all
}

fn plain(text: &str, role: Role) -> Passage {
    Passage {
        text: text.to_owned(),
        role,
        margin: 0,
    }
}

fn facts(cx: ViewCx<'_>, seen: &Seen<'_>) -> String {
    let record = seen.record;
    let on = |key: &str| {
        let moment = record.word(key)?.parse().ok()?;
        Some(dates::short(dates::local_date(moment, cx.world.zone())))
    };
    let mut facts = Vec::new();
    if let Some(date) = record.date("firstSeen") {
        facts.push(format!("first seen {}", dates::short(date)));
    }
    facts.push(match seen.state {
        State::Open => "open".to_owned(),
        State::Acknowledged => on("acknowledgedAt").map_or_else(
            || "acknowledged".to_owned(),
            |date| format!("acknowledged {date}"),
        ),
        State::Snoozed => record.date("snoozedUntil").map_or_else(
            || "snoozed".to_owned(),
            |date| format!("snoozed until {}", dates::short(date)),
        ),
        State::Resolved => {
            on("resolvedAt").map_or_else(|| "ended".to_owned(), |date| format!("ended {date}"))
        }
    });
    facts.join(&format!(" {} ", cx.look.glyphs.separator))
}

fn draw_rows(cx: ViewCx<'_>, seen: &Seen<'_>, cursor: Option<&Rows>, area: Rect, buf: &mut Buffer) {
    let known = seen.rows();
    if known.is_empty() || area.height == 0 {
        return;
    }
    let heading = u16::from(area.height > 1);
    if heading > 0 {
        let text = format!("{} that count", words::count(known.len(), "row"));
        cx.put(buf, area, 0, &text, Role::Heading);
    }
    let list = Rect {
        y: area.y + heading,
        height: area.height - heading,
        ..area
    };
    let height = usize::from(list.height).max(1);
    // Without a cursor the last ones are seen: they are the ones that a signal speaks of.
    let first = cursor.map_or(known.len().saturating_sub(height), |cursor| {
        cursor.page.set(height);
        let first = first_visible(cursor.scroll.get(), cursor.at, height, known.len());
        cursor.scroll.set(first);
        first
    });
    if let Some(cursor) = cursor {
        cursor.drawn.clear();
        for (line, at) in list.rows().zip(first..known.len()) {
            zone(&cursor.drawn, line, at);
        }
    }
    let shown = known.iter().skip(first).take(height);
    let rows: Vec<Row<'_>> = shown.map(|row| evidence_row(cx, seen, row)).collect();
    ListView {
        rows: &rows,
        selected: cursor.map(|cursor| cursor.at.saturating_sub(first)),
        more_above: first > 0,
        more_below: first + height < known.len(),
    }
    .render(list, buf, cx.look);
}

fn evidence_row(cx: ViewCx<'_>, seen: &Seen<'_>, row: &EvidenceRow) -> Row<'static> {
    let noun = Lane::of_table(&row.table).map_or("", Lane::noun);
    let date = dates::long(row.date);
    let mut left = vec![Run::new(format!("{date:<DATE$}  "), Role::Text)];
    let field = seen.field(cx.world);
    let value = row.value.map(|value| match field {
        Some(field) => figure(value, field),
        None => words::figure(value, None),
    });
    if let Some(value) = value {
        left.push(if seen.is_shown(cx.world) {
            Run::new(value, Role::Value)
        } else {
            Run::new(cx.look.glyphs.masked, Role::Masked)
        });
    }
    Row {
        left,
        right: vec![Run::new(noun, Role::Muted)],
    }
}

/// An answer as its field has it.
fn figure(value: f64, field: &Field) -> String {
    if field.kind == Kind::Toggle {
        return if value > 0.0 { "yes" } else { "no" }.to_owned();
    }
    let unit = field.unit.as_deref();
    match field.kind {
        Kind::Scale { .. } => format!("{value:.0}"),
        Kind::Number { .. }
        | Kind::Toggle
        | Kind::Choice { .. }
        | Kind::Many { .. }
        | Kind::Date
        | Kind::Text
        | Kind::Lines => words::figure(value, unit),
    }
}

/// The formula of a signal in words, with its numbers.
pub(super) fn formula(cx: ViewCx<'_>, record: &Record) -> Vec<Passage> {
    let Some(seen) = Seen::of(record, cx.world) else {
        return Vec::new();
    };
    let mut all = vec![Passage::heading(seen.kind.name())];
    if !seen.is_shown(cx.world) {
        all.push(Passage::words(cx.look.glyphs.masked, Role::Masked));
        return all;
    }
    let sentence = *seen.sentence().expose(Exit::Screen);
    all.push(Passage::words(sentence, Role::Value));
    match &seen.evidence {
        None => all.push(Passage::words("loading what it rests on", Role::Muted)),
        Some(evidence) => {
            all.push(Passage::heading("How it was found"));
            let lines = explain(seen.kind, evidence).into_iter();
            all.extend(lines.map(|line| Passage::words(line, Role::Text)));
        }
    }
    all
}

/// What an empty list says: what belongs there, and where data are missing how much is needed.
fn invitation(cx: ViewCx<'_>, shelf: &str) -> String {
    let world = cx.world;
    match shelf {
        "open" => {}
        "acknowledged" => {
            return "Signals that were acknowledged stand here for as long as they last."
                .to_owned();
        }
        "snoozed" => return "Signals that are set aside until a date stand here.".to_owned(),
        _ => return "Signals that have ended stand here.".to_owned(),
    }
    let Some(standing) = &world.drift else {
        return if matches!(world.link, Link::Online { .. }) {
            "The signals are being calculated.".to_owned()
        } else {
            "The signals are calculated once the database is there.".to_owned()
        };
    };
    standing_of(standing)
}

fn standing_of(standing: &Standing) -> String {
    let short = standing
        .needed
        .iter()
        .filter(|(_, observed, needed)| observed < needed);
    let named: Vec<String> = short
        .map(|(label, observed, needed)| format!("{label}: {observed} of {needed} days"))
        .collect();
    if named.is_empty() {
        return format!(
            "No open signals: nothing differs from your own typical values. {} looked at.",
            words::count(standing.needed.len(), "field")
        );
    }
    let more = named.len().saturating_sub(NAMED);
    let mut lines = vec![
        "No open signals. A signal rests on your own earlier days; so many are there of those that it needs:".to_owned(),
    ];
    lines.extend(named.into_iter().take(NAMED));
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}
