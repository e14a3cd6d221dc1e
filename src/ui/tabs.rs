//! The top line: which screen, masked or not, whether the database answers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::look::{Look, Run, runs_width};
use super::theme::Role;

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
    /// How many things wait there; nothing is shown for 0.
    pub count: usize,
}

/// The top line. As room gets short it loses the program's name, then the names of the other
/// screens, then their numbers; states stay longest, the last one longer than the first, and their
/// marks longer than their words.
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

impl TabBar<'_> {
    /// Draws it on the first row of the area.
    pub fn render(&self, area: Rect, buf: &mut Buffer, look: &Look) {
        let forms = [
            self.named(true, look),
            self.named(false, look),
            self.numbered(),
            self.ranged(look),
            self.current(),
        ];
        let room = usize::from(area.width);
        // Where no word fits, the marks alone still do.
        let shown = (0..self.status.len()).map(|dropped| self.states(dropped));
        let mut shown = shown.chain([self.marks(), Vec::new()]);
        let fitting = shown.find_map(|states| {
            let needs = runs_width(&states);
            forms
                .iter()
                .find(|form| runs_width(form) + needs + usize::from(needs > 0) <= room)
                .map(|form| (form, states))
        });
        let Some((form, states)) = fitting else {
            look.put_runs(buf, area, (area.x, area.y), &self.current());
            return;
        };
        look.put_runs(buf, area, (area.x, area.y), form);
        let cells = u16::try_from(runs_width(&states)).unwrap_or(u16::MAX);
        look.put_runs(
            buf,
            area,
            (area.right().saturating_sub(cells), area.y),
            &states,
        );
    }

    fn marks(&self) -> Vec<Run<'_>> {
        let marks = self.status.iter();
        marks
            .flat_map(|state| [Run::new(state.mark, state.role), Run::new(" ", Role::Text)])
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

    fn tab(&self, index: usize, tab: &Tab<'_>, separator: &str) -> Run<'static> {
        let active = index == self.active;
        let count = if tab.count > 0 {
            format!("{separator}{}", tab.count)
        } else {
            String::new()
        };
        let role = if active { Role::TabActive } else { Role::Tab };
        Run::new(format!("{} {}{count}", tab.number, tab.name), role)
    }

    fn named(&self, program: bool, look: &Look) -> Vec<Run<'_>> {
        let mut runs = vec![Run::new(" ", Role::Text)];
        if program {
            runs.push(Run::new(self.name, Role::Primary));
            runs.push(Run::new("   ", Role::Text));
        }
        for (index, tab) in self.tabs.iter().enumerate() {
            if index > 0 {
                runs.push(Run::new("  ", Role::Text));
            }
            runs.push(self.tab(index, tab, look.glyphs.separator));
        }
        runs
    }

    fn numbered(&self) -> Vec<Run<'_>> {
        let mut runs = Vec::new();
        for (index, tab) in self.tabs.iter().enumerate() {
            runs.push(Run::new(" ", Role::Text));
            if index == self.active {
                runs.push(self.tab(index, tab, " "));
            } else {
                runs.push(Run::new(tab.number.to_string(), Role::Tab));
            }
        }
        runs
    }

    fn ranged(&self, look: &Look) -> Vec<Run<'_>> {
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
        let mut runs = vec![Run::new(range(before), Role::Tab)];
        runs.extend(self.current());
        runs.push(Run::new(range(after), Role::Tab));
        runs
    }

    fn current(&self) -> Vec<Run<'_>> {
        let Some(tab) = self.tabs.get(self.active) else {
            return Vec::new();
        };
        vec![Run::new(" ", Role::Text), self.tab(self.active, tab, " ")]
    }
}
