//! The whole picture: tabs above, the screen and its popups, one line of hints or news below.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};

use crate::app::everywhere;
use crate::app::model::Model;
use crate::app::part::Tone;
use crate::app::world::World;
use crate::store::api::Link;
use crate::ui::{KeyHints, Look, Notice, NoticeKind, StatusWord, Tab, TabBar, TabPlace, width};

use super::{Tui, ViewCx, which_key};

/// Rows of the terminal from which news may take two of them.
const NEWS_FROM: u16 = 10;

/// Draws everything. Pure: the only place where cells are drawn.
pub fn draw(model: &Model<Tui>, look: &Look, frame: &mut Frame<'_>) {
    let area = frame.area();
    let cursor = draw_into(model, look, area, frame.buffer_mut());
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

/// Draws everything into a buffer. Returns where the terminal's cursor belongs, if it is shown.
pub fn draw_into(
    model: &Model<Tui>,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    look.ground(area, buf);
    model.tabs.clear();
    let cx = ViewCx {
        world: &model.world,
        look,
    };
    let news = news(model);
    let rows = news.as_ref().map_or(1, |notice| {
        if area.height < NEWS_FROM {
            return 1;
        }
        notice.rows(area.width).min(2)
    });
    let [top, body, bottom] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(rows),
    ])
    .areas(area);
    let cover = model.layers.iter().rev().find(|layer| layer.covers());
    if let Some(cover) = cover {
        return cover.view(cx, area, buf);
    }
    tabs(model, look, top, buf);
    let mut cursor = None;
    if let Some(screen) = model.screens.get(model.active) {
        cursor = screen.view(cx, body, buf);
    }
    for layer in &model.layers {
        cursor = layer.view(cx, body, buf);
    }
    if let Some(front) = model.front() {
        let scopes = front.scopes();
        which_key::draw(cx, &scopes, !model.layers.is_empty(), body, buf);
        if which_key::so_far(&model.world, &scopes).is_some() {
            // What follows is what counts, and how to get out of it.
            let hints = &[("esc", "drop it")];
            KeyHints { hints, last: None }.render(bottom, buf, look);
            return None;
        }
    }
    match news {
        Some(notice) => notice.render(bottom, buf, look),
        None => hints(model, look, bottom, buf),
    }
    cursor
}

fn tabs(model: &Model<Tui>, look: &Look, area: Rect, buf: &mut Buffer) {
    let tabs: Vec<Tab<'_>> = (1..)
        .zip(&model.screens)
        .map(|(number, screen)| Tab {
            number,
            name: screen.title(),
            short: screen.short_title(),
            badge: Some(screen.waiting(&model.world)).filter(|waiting| *waiting > 0),
        })
        .collect();
    let world = &model.world;
    let mask = if world.mask.is_open() {
        StatusWord::revealed(look, "revealed")
    } else {
        StatusWord::masked(look)
    };
    let status = [mask, link_word(world, look, area.width)];
    let bar = TabBar {
        name: "Harris Wildlands",
        tabs: &tabs,
        active: model.active,
        status: &status,
    };
    for TabPlace { index, x, width } in bar.render(area, buf, look) {
        model.tabs.put((x, area.y), (width, 1), index);
    }
}

/// The state of the way to the database, in a word.
fn link_word<'a>(world: &'a World, look: &Look, columns: u16) -> StatusWord<'a> {
    let unsent = world.cache.pending().len();
    match &world.link {
        // A long name may not push out whether anything is revealed.
        Link::Online { place } if width::width(place) > usize::from(columns / 4) => {
            StatusWord::online(look, "online")
        }
        Link::Online { place } => StatusWord::online(look, place.as_str()),
        Link::Connecting { attempt: 1, step } => StatusWord::connecting(look, *step),
        Link::Connecting { .. } => StatusWord::connecting(look, "connecting"),
        Link::Offline { .. } if unsent > 0 => {
            StatusWord::offline(look, format!("offline, {unsent} unsent"))
        }
        Link::Offline { .. } => StatusWord::offline(look, "offline"),
    }
}

/// What just happened or what stands for the whole run; nothing leaves the line to the keys.
fn news(model: &Model<Tui>) -> Option<Notice<'_>> {
    let world = &model.world;
    let notice = |text: &str, kind| Notice {
        text: text.to_owned().into(),
        kind,
    };
    if let Some(said) = &world.notice {
        let kind = match said.tone {
            Tone::Plain => NoticeKind::Info,
            Tone::Trouble => NoticeKind::Error,
        };
        return Some(Notice {
            text: said.text.as_str().into(),
            kind,
        });
    }
    if let Some(text) = &world.first_word {
        return Some(notice(text, NoticeKind::Warning));
    }
    if let Some((kind, progress)) = &world.jobs.running {
        let (doing, said) = (kind.doing(), progress.said());
        let mut text = format!("{doing}: {said}");
        // Over a popup the key does not mean that; one that follows the job says its own.
        if model.layers.is_empty() {
            let key = world.keymap.everywhere("export");
            text = format!("{text}; {key} stops it");
        }
        return Some(notice(&text, NoticeKind::Info));
    }
    // Retrying by itself leaves the line to the hints; what needs the person stays.
    if let Link::Offline {
        error,
        retry_at: None,
        ..
    } = &world.link
        && model.layers.is_empty()
    {
        let text = format!("offline: {error}. {}", error.advice());
        return Some(notice(&text, NoticeKind::Warning));
    }
    None
}

fn hints(model: &Model<Tui>, look: &Look, area: Rect, buf: &mut Buffer) {
    let Some(front) = model.front() else { return };
    let keymap = &model.world.keymap;
    let mut pairs = front.hints(&model.world);
    let scope = everywhere::TABLE.scope;
    if model.layers.is_empty() {
        pairs.extend(keymap.hints(&everywhere::TABLE));
    } else if !front.takes_text() && front.name() != "help" {
        let is_said = pairs
            .iter()
            .any(|(_, word)| matches!(*word, "reveal" | "mask"));
        if let Some(item) = front.item(&model.world).filter(|_| !is_said) {
            let seen = model.world.mask.shows(&item);
            let word = if seen { "mask" } else { "reveal" };
            pairs.splice(0..0, keymap.pairs(scope, &[("reveal", word)]));
        }
        pairs.extend(keymap.pairs(scope, &[("help", "help")]));
    }
    let help = pairs
        .iter()
        .position(|(_, word)| *word == "help")
        .map(|at| pairs.remove(at));
    // A part that has the key of the help says itself what it does there.
    let help = help.filter(|(keys, _)| pairs.iter().all(|(others, _)| others != keys));
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(keys, word)| (keys.as_str(), *word))
        .collect();
    let last = help.as_ref().map(|(keys, word)| (keys.as_str(), *word));
    KeyHints {
        hints: &pairs,
        last,
    }
    .render(area, buf, look);
}
