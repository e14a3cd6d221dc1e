//! The top line: which screen, masked or not, whether the database answers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::{Look, Run, runs_width};
use super::theme::Role;
use super::width::width;

/// A mark and a word that say a state; the colour only repeats them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusWord<'a> {
    /// The mark.
    pub mark: &'static str,
    /// The word.
    pub word: std::borrow::Cow<'a, str>,
    /// The meaning.
    pub role: Role,
}

impl<'a> StatusWord<'a> {
    /// The database answers: `● local`.
    pub fn online(look: &Look, word: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Self {
            mark: look.glyphs.online,
            word: word.into(),
            role: Role::Ok,
        }
    }

    /// The database is being reached: `◐ connecting`.
    pub fn connecting(look: &Look, word: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Self {
            mark: look.glyphs.connecting,
            word: word.into(),
            role: Role::Warn,
        }
    }

    /// The database does not answer: `○ offline`.
    pub fn offline(look: &Look, word: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Self {
            mark: look.glyphs.offline,
            word: word.into(),
            role: Role::Danger,
        }
    }

    /// What is sensitive is hidden: `◌ masked`.
    #[must_use]
    pub fn masked(look: &Look) -> Self {
        Self {
            mark: look.glyphs.mask_sign,
            word: "masked".into(),
            role: Role::Muted,
        }
    }

    /// Something is shown that is hidden otherwise: `◉ revealed`.
    pub fn revealed(look: &Look, word: impl Into<std::borrow::Cow<'a, str>>) -> Self {
        Self {
            mark: look.glyphs.reveal_sign,
            word: word.into(),
            role: Role::Warn,
        }
    }

    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        look.put_runs(buf, area, (area.x, area.y), &self.runs());
    }

    fn runs(&self) -> Vec<Run<'_>> {
        vec![
            Run::new(self.mark, self.role),
            Run::new(" ", Role::Text),
            Run::new(&*self.word, self.role),
        ]
    }
}

/// A screen in the top line.
#[derive(Debug, Clone, Copy)]
pub struct Tab<'a> {
    /// The key's digit.
    pub number: u8,
    /// The screen's name.
    pub name: &'a str,
    /// The same in few letters, for where not all names fit.
    pub short: &'a str,
    /// How many things wait there; nothing is shown where none do.
    pub badge: Option<usize>,
}

/// The top line. As room gets short it loses the program's name, then the ends of the other screens'
/// names, then their names, then their numbers; states stay longest, the last one longer than the
/// first, and their marks longer than their words.
#[derive(Debug, Clone, Copy)]
pub struct TabBar<'a> {
    /// The program's name.
    pub name: &'a str,
    /// The screens.
    pub tabs: &'a [Tab<'a>],
    /// Which one is shown.
    pub active: usize,
    /// States at the right, the most important one last.
    pub status: &'a [StatusWord<'a>],
}

/// Where a tab stands on its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TabPlace {
    /// Which of the tabs.
    pub index: usize,
    /// Its first column.
    pub x: u16,
    /// Its columns.
    pub width: u16,
}

/// How the tabs are written: runs, and which tab each of them is.
type Form<'a> = Vec<(Run<'a>, Option<usize>)>;

impl TabBar<'_> {
    /// Draws it on the first row of the area; says where each tab is.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) -> Vec<TabPlace> {
        let room = usize::from(area.width);
        let (form, states) = self.fitting(room, look);
        let mut x = area.x;
        let mut places = Vec::new();
        for (run, tab) in &form {
            let from = x;
            x = look.put_runs(buf, area, (x, area.y), std::slice::from_ref(run));
            places.extend(tab.map(|index| TabPlace {
                index,
                x: from,
                width: x.saturating_sub(from),
            }));
        }
        let cells = u16::try_from(runs_width(&states)).unwrap_or(u16::MAX);
        let begin = (area.right().saturating_sub(cells), area.y);
        look.put_runs(buf, area, begin, &states);
        places
    }

    /// The longest form for which there is room, with as much of the states as fits beside it.
    fn fitting(&self, room: usize, look: &Look) -> (Form<'_>, Vec<Run<'_>>) {
        let separator = look.glyphs.separator;
        let words = self.states(0);
        let brief = self.brief_states();
        let numbered = self.numbered(separator);
        let ranged = self.ranged(look);
        let spare = self.spare();
        let wide = [
            (self.named(true, separator), &words, 0),
            (self.named(false, separator), &words, 0),
            (self.shortened("  ", separator), &words, spare),
            (self.shortened(" ", separator), &words, spare),
            (self.shortened(" ", separator), &brief, spare),
            (numbered.clone(), &words, 0),
            (numbered.clone(), &brief, 0),
        ];
        let fits = |form: &Form<'_>, states: &[Run<'_>]| {
            let needs = runs_width(states);
            width_of(form) + needs + usize::from(needs > 0) <= room
        };
        for (form, states, spare) in wide {
            let needs = runs_width(states);
            if width_of(&form) + spare + needs + usize::from(needs > 0) <= room {
                return (form, states.clone());
            }
        }
        // Where no word fits, the marks alone still do.
        let dropped = (0..self.status.len()).map(|dropped| self.states(dropped));
        for states in dropped.chain([self.marks(), Vec::new()]) {
            for form in [&ranged, &self.current(separator)] {
                if fits(form, &states) {
                    return (form.clone(), states);
                }
            }
        }
        (self.current(separator), Vec::new())
    }

    /// Columns that another screen's name would need beyond those of this one: the tabs keep their form from screen to
    /// screen.
    fn spare(&self) -> usize {
        let more = |tab: &Tab<'_>| width(tab.name).saturating_sub(width(tab.short));
        let most = self.tabs.iter().map(more).max().unwrap_or(0);
        let own = self.tabs.get(self.active).map_or(0, more);
        most.saturating_sub(own)
    }

    fn marks(&self) -> Vec<Run<'_>> {
        let marks = self.status.iter();
        marks
            .flat_map(|state| [Run::new(state.mark, state.role), Run::new(" ", Role::Text)])
            .collect()
    }

    /// The last state with its word, the others as their marks.
    fn brief_states(&self) -> Vec<Run<'_>> {
        let before = self.status.len().saturating_sub(1);
        let marks = self.status.iter().take(before);
        marks
            .flat_map(|state| [Run::new(state.mark, state.role), Run::new(" ", Role::Text)])
            .chain(self.states(before))
            .collect()
    }

    fn states(&self, dropped: usize) -> Vec<Run<'_>> {
        let mut runs = Vec::new();
        for status in self.status.iter().skip(dropped) {
            if !runs.is_empty() {
                runs.push(Run::new("  ", Role::Text));
            }
            runs.extend(status.runs());
        }
        if !runs.is_empty() {
            runs.push(Run::new(" ", Role::Text));
        }
        runs
    }

    /// A tab: its number, this name of it if any, and how many things wait there.
    fn tab(&self, index: usize, tab: &Tab<'_>, name: &str, separator: &str) -> Run<'static> {
        let mut text = tab.number.to_string();
        if !name.is_empty() {
            text = format!("{text} {name}");
        }
        if let Some(waits) = tab.badge.filter(|waits| *waits > 0) {
            text = format!("{text}{separator}{waits}");
        }
        let active = index == self.active;
        Run::new(text, if active { Role::TabActive } else { Role::Tab })
    }

    fn named(&self, program: bool, separator: &str) -> Form<'_> {
        let mut form = vec![(Run::new(" ", Role::Text), None)];
        if program {
            form.push((Run::new(self.name, Role::Primary), None));
            form.push((Run::new("   ", Role::Text), None));
        }
        for (index, tab) in self.tabs.iter().enumerate() {
            if index > 0 {
                form.push((Run::new("  ", Role::Text), None));
            }
            form.push((self.tab(index, tab, tab.name, separator), Some(index)));
        }
        form
    }

    /// The active one in full, the others in few letters.
    fn shortened(&self, gap: &'static str, separator: &str) -> Form<'_> {
        let mut form = vec![(Run::new(" ", Role::Text), None)];
        for (index, tab) in self.tabs.iter().enumerate() {
            if index > 0 {
                form.push((Run::new(gap, Role::Text), None));
            }
            let name = if index == self.active {
                tab.name
            } else {
                tab.short
            };
            form.push((self.tab(index, tab, name, separator), Some(index)));
        }
        form
    }

    fn numbered(&self, separator: &str) -> Form<'_> {
        let mut form = Vec::new();
        for (index, tab) in self.tabs.iter().enumerate() {
            form.push((Run::new(" ", Role::Text), None));
            let name = if index == self.active { tab.name } else { "" };
            form.push((self.tab(index, tab, name, separator), Some(index)));
        }
        form
    }

    fn ranged(&self, look: &Look) -> Form<'_> {
        let range = |tabs: &[Tab<'_>]| match (tabs.first(), tabs.last()) {
            (Some(first), Some(last)) if first.number != last.number => {
                format!(" {}{}{}", first.number, look.glyphs.none, last.number)
            }
            (Some(one), _) => format!(" {}", one.number),
            (None, _) => String::new(),
        };
        let before = self.tabs.get(..self.active).unwrap_or_default();
        let after = self
            .tabs
            .get(self.active.saturating_add(1)..)
            .unwrap_or_default();
        let mut form = vec![(Run::new(range(before), Role::Tab), None)];
        form.extend(self.current(look.glyphs.separator));
        form.push((Run::new(range(after), Role::Tab), None));
        form
    }

    fn current(&self, separator: &str) -> Form<'_> {
        let Some(tab) = self.tabs.get(self.active) else {
            return Vec::new();
        };
        vec![
            (Run::new(" ", Role::Text), None),
            (
                self.tab(self.active, tab, tab.name, separator),
                Some(self.active),
            ),
        ]
    }
}

fn width_of(form: &Form<'_>) -> usize {
    form.iter()
        .map(|(run, _)| runs_width(std::slice::from_ref(run)))
        .sum()
}
