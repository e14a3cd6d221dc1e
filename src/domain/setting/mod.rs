//! The settings: their keys, what they may be, and which of several words about one holds.
//!
//! The file of settings, the environment, the subcommand and the settings layer of the program all
//! go by this table; none of them knows a setting by itself.

mod chosen;
mod value;

pub use chosen::{Chosen, Origin};
pub use value::{Kind, Value};

use value::{LANGUAGES, VIEWS, WEEKDAYS};

use super::text::nearest;

/// The names of the themes that come with the program; the first is the default.
pub const THEMES: [&str; 6] = ["lab", "field", "sanctuary", "light", "16-colour", "none"];
/// How the name of a setting's variable begins; its key in capitals follows.
pub const VARIABLE: &str = "WILDLANDS_";
/// The sets of keys that come with the program; the first is the default.
pub const KEY_SETS: [&str; 2] = ["plain", "vim"];

/// One thing that a person may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// Name of the theme.
    Theme,
    /// Which form a day opens with.
    View,
    /// First day of the week.
    WeekStart,
    /// Where the person is.
    Timezone,
    /// How long a reveal lasts.
    RevealSeconds,
    /// After how long without a key the screen is covered.
    IdleCoverMinutes,
    /// Whether the mouse is listened to.
    Mouse,
    /// Whether only ASCII is drawn.
    Ascii,
    /// The set of keys.
    Keys,
    /// The language whose words the search knows.
    SearchLanguage,
    /// The file of the questions of a day.
    Form,
    /// Where exports are put.
    ExportDir,
    /// Where backups are put, and what is made by itself.
    BackupDir,
    /// How often an export is made by itself.
    ExportEveryDays,
    /// How many of those are kept.
    ExportKeep,
    /// How often a backup is made by itself.
    SnapshotEveryDays,
    /// How many of those are kept.
    SnapshotKeep,
    /// How many dumps before migrations are kept.
    MigrationKeep,
    /// After how long without a key what is due is made by itself.
    DueIdleSeconds,
}

/// When a change is heeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heeded {
    /// By the program that runs.
    AtOnce,
    /// When the program is started again.
    NextStart,
}

impl Setting {
    /// Every setting, in the order of the list.
    pub const ALL: [Self; 19] = [
        Self::Theme,
        Self::View,
        Self::WeekStart,
        Self::Timezone,
        Self::RevealSeconds,
        Self::IdleCoverMinutes,
        Self::Mouse,
        Self::Ascii,
        Self::Keys,
        Self::SearchLanguage,
        Self::Form,
        Self::ExportDir,
        Self::BackupDir,
        Self::ExportEveryDays,
        Self::ExportKeep,
        Self::SnapshotEveryDays,
        Self::SnapshotKeep,
        Self::MigrationKeep,
        Self::DueIdleSeconds,
    ];

    /// Its key in the file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::View => "view",
            Self::WeekStart => "week_start",
            Self::Timezone => "timezone",
            Self::RevealSeconds => "reveal_seconds",
            Self::IdleCoverMinutes => "idle_cover_minutes",
            Self::Mouse => "mouse",
            Self::Ascii => "ascii",
            Self::Keys => "keys",
            Self::SearchLanguage => "search_language",
            Self::Form => "form",
            Self::ExportDir => "export_dir",
            Self::BackupDir => "backup_dir",
            Self::ExportEveryDays => "export_every_days",
            Self::ExportKeep => "export_keep",
            Self::SnapshotEveryDays => "snapshot_every_days",
            Self::SnapshotKeep => "snapshot_keep",
            Self::MigrationKeep => "migration_keep",
            Self::DueIdleSeconds => "due_idle_seconds",
        }
    }

    /// The setting of this key; `-` and capitals are forgiven.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        let key = key.replace('-', "_").to_lowercase();
        Self::ALL.into_iter().find(|setting| setting.key() == key)
    }

    /// The setting that was probably meant, in words for a message.
    #[must_use]
    pub fn meant(key: &str) -> String {
        let keys = Self::ALL.map(Self::key);
        match nearest(key, keys.iter().copied()) {
            Some(key) => format!("did you mean `{key}`?"),
            None => format!("known are {}", keys.join(", ")),
        }
    }

    /// The variable of the environment that goes before the file.
    #[must_use]
    pub fn variable(self) -> String {
        format!("{VARIABLE}{}", self.key().to_uppercase())
    }

    /// What it is for, as one sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Theme => "The colours. A file of your own in themes/NAME.toml is one more.",
            Self::View => "Which form a day opens with.",
            Self::WeekStart => "The first day of a week, in calendars and weekly counts.",
            Self::Timezone => "Where you are: decides what “today” is.",
            Self::RevealSeconds => "For how many seconds what is private is shown.",
            Self::IdleCoverMinutes => {
                "After how many minutes without a key the screen is covered; 0 never does."
            }
            Self::Mouse => {
                "A click goes to a row or a tab, the wheel moves as the arrow keys do. The terminal then selects text with shift held."
            }
            Self::Ascii => "Draws with ASCII characters only.",
            Self::Keys => "The set of keys; keymap.toml changes single ones.",
            Self::SearchLanguage => {
                "The language whose word forms the search knows; simple takes words as they are."
            }
            Self::Form => "The file with the questions of a day, as --form names it for one run.",
            Self::ExportDir => "The directory that exports are put into.",
            Self::BackupDir => "The directory of backups, and of what is made by itself.",
            Self::ExportEveryDays => {
                "After how many days an export is made by itself; 0 never does."
            }
            Self::ExportKeep => "How many of the exports made by themselves are kept.",
            Self::SnapshotEveryDays => {
                "After how many days a backup is made by itself; 0 never does."
            }
            Self::SnapshotKeep => "How many of the backups made by themselves are kept.",
            Self::MigrationKeep => {
                "How many of the dumps made before a change of the schema are kept; 0 makes none."
            }
            Self::DueIdleSeconds => {
                "After how many seconds without a key an export or backup that is due is made; 0 never makes one."
            }
        }
    }

    /// What holds where nobody has said anything.
    #[must_use]
    pub const fn otherwise(self) -> &'static str {
        match self {
            Self::Theme => "lab",
            Self::View => "as the form says",
            Self::WeekStart => "monday",
            Self::Timezone => "the system's",
            Self::RevealSeconds | Self::SnapshotEveryDays => "30",
            Self::IdleCoverMinutes => "10",
            Self::Mouse => "off",
            Self::Ascii => "as the locale says",
            Self::Keys => "plain",
            Self::SearchLanguage => "english",
            Self::Form => "log-form.toml, beside the settings",
            Self::ExportDir => "where the program was started",
            Self::BackupDir => "backups, beside the data",
            Self::ExportEveryDays => "7",
            Self::ExportKeep => "4",
            Self::SnapshotKeep => "1",
            Self::MigrationKeep => "2",
            Self::DueIdleSeconds => "120",
        }
    }

    /// What its values are.
    #[must_use]
    pub const fn kind(self) -> Kind {
        match self {
            Self::Theme => Kind::Theme,
            Self::View => Kind::Choice(&VIEWS),
            Self::WeekStart => Kind::Choice(&WEEKDAYS),
            Self::Timezone => Kind::Zone,
            Self::RevealSeconds => Kind::Number {
                // No longer than an hour, so that a slip of the finger leaves nothing revealed.
                range: (1, 3600),
                step: 5,
                otherwise: 30,
            },
            Self::IdleCoverMinutes => Kind::Number {
                range: (0, 24 * 60),
                step: 1,
                otherwise: 10,
            },
            Self::Mouse | Self::Ascii => Kind::Switch,
            Self::Keys => Kind::Choice(&KEY_SETS),
            Self::SearchLanguage => Kind::Choice(&LANGUAGES),
            Self::Form => Kind::File,
            Self::ExportDir | Self::BackupDir => Kind::Directory,
            Self::ExportEveryDays => days(7),
            Self::SnapshotEveryDays => days(30),
            Self::ExportKeep => kept(1, 4),
            Self::SnapshotKeep => kept(1, 1),
            Self::MigrationKeep => kept(0, 2),
            Self::DueIdleSeconds => Kind::Number {
                range: (0, 24 * 60 * 60),
                step: 30,
                otherwise: 120,
            },
        }
    }

    /// When a change of it is heeded.
    #[must_use]
    pub const fn heeded(self) -> Heeded {
        match self {
            Self::Theme
            | Self::View
            | Self::WeekStart
            | Self::RevealSeconds
            | Self::IdleCoverMinutes
            | Self::DueIdleSeconds
            | Self::Mouse
            | Self::Ascii
            | Self::Keys
            | Self::SearchLanguage => Heeded::AtOnce,
            Self::Timezone
            | Self::Form
            | Self::ExportDir
            | Self::BackupDir
            | Self::ExportEveryDays
            | Self::ExportKeep
            | Self::SnapshotEveryDays
            | Self::SnapshotKeep
            | Self::MigrationKeep => Heeded::NextStart,
        }
    }
}

const fn days(otherwise: u32) -> Kind {
    Kind::Number {
        range: (0, 3650),
        step: 1,
        otherwise,
    }
}

const fn kept(least: u32, otherwise: u32) -> Kind {
    Kind::Number {
        range: (least, 1000),
        step: 1,
        otherwise,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_setting_has_its_key_and_keeps_it() {
        for setting in Setting::ALL {
            assert_eq!(Setting::of(setting.key()), Some(setting));
            assert!(setting.words().ends_with('.'), "{setting:?}");
        }
        assert_eq!(Setting::of("Week-Start"), Some(Setting::WeekStart));
        assert_eq!(Setting::of("weekstart"), None);
        assert_eq!(Setting::meant("them"), "did you mean `theme`?");
        assert!(Setting::meant("colour_of_the_sky").starts_with("known are theme, view"));
    }

    #[test]
    fn what_holds_otherwise_could_be_set() {
        let themes = Chosen::default();
        for setting in [
            Setting::Theme,
            Setting::WeekStart,
            Setting::RevealSeconds,
            Setting::IdleCoverMinutes,
            Setting::Mouse,
            Setting::Keys,
            Setting::SearchLanguage,
            Setting::ExportEveryDays,
            Setting::ExportKeep,
            Setting::SnapshotEveryDays,
            Setting::SnapshotKeep,
            Setting::MigrationKeep,
            Setting::DueIdleSeconds,
        ] {
            let read = themes.read(setting, setting.otherwise());
            assert_eq!(read.unwrap().to_string(), setting.otherwise());
        }
    }
}
