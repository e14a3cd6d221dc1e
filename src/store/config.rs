//! What the person has set: `config.toml`, `log-form.toml` and `keymap.toml` in the configuration directory.
//!
//! A mistake in them never stops the program: what is wrong keeps its default, and every mistake
//! is told with its file and line. Nothing here writes.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::form::{FormView, LogForm};
use crate::domain::text::{nearest, printable};

use super::zone::Zone;

/// The file of settings.
pub const CONFIG_FILE: &str = "config.toml";
/// The person's own form.
pub const FORM_FILE: &str = "log-form.toml";
/// The person's own keys.
pub const KEYMAP_FILE: &str = "keymap.toml";

/// Every setting that there is.
pub const KEYS: [&str; 8] = [
    "theme",
    "view",
    "week_start",
    "timezone",
    "reveal_seconds",
    "idle_cover_minutes",
    "ascii",
    "export_dir",
];
/// How long a reveal lasts where nothing is set.
pub const REVEAL: Duration = Duration::from_secs(30);
/// When the screen is covered where nothing is set.
pub const IDLE_COVER: Duration = Duration::from_mins(10);
/// The names of the themes; the first is the default.
pub const THEMES: [&str; 4] = ["lab", "field", "sanctuary", "light"];
const A_THEME: &str = "\"lab\", \"field\", \"sanctuary\" or \"light\"";
/// No longer than a day, so that a slip of the finger does not leave everything revealed.
const MOST_REVEAL: i64 = 3600;
const MOST_IDLE: i64 = 24 * 60;

/// What the person has set, or the defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// Name of the theme, as given.
    pub theme: Option<String>,
    /// Which form a day opens with; the form file's own choice where this is not set.
    pub view: Option<FormView>,
    /// First day of the week.
    pub week_start: Weekday,
    /// Where the person is.
    pub zone: Zone,
    /// How long a reveal lasts.
    pub reveal: Duration,
    /// After how long without a key the screen is covered; zero never does.
    pub idle_cover: Duration,
    /// Whether only ASCII is drawn; as the locale says where this is not set.
    pub ascii: Option<bool>,
    /// Where exports are put.
    pub export_dir: Option<PathBuf>,
    /// The person's own keys, as they are written; what they mean is known to the core.
    pub keymap: Option<String>,
    /// The form of a day.
    pub form: LogForm,
    /// Whether the person's own form cannot be used; the built-in one then has every answer masked.
    pub form_is_broken: bool,
    /// Everything that is wrong with the files, each a line with file and place.
    pub mistakes: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            theme: None,
            view: None,
            week_start: Weekday::Monday,
            zone: Zone::system(),
            reveal: REVEAL,
            idle_cover: IDLE_COVER,
            ascii: None,
            export_dir: None,
            keymap: None,
            form: LogForm::builtin(),
            form_is_broken: false,
            mistakes: Vec::new(),
        }
    }
}

impl Config {
    /// Reads what is in this directory. Files that are not there are not missed.
    #[must_use]
    pub fn load(directory: &Path) -> Self {
        let mut config = Self::default();
        match text_of(&directory.join(CONFIG_FILE)) {
            Ok(Some(text)) => Reader {
                text: &text,
                config: &mut config,
            }
            .read(),
            Ok(None) => {}
            Err(reason) => config
                .mistakes
                .push(format!("{CONFIG_FILE} cannot be read: {reason}")),
        }
        match text_of(&directory.join(FORM_FILE)) {
            Ok(Some(text)) => match LogForm::parse(&text, FORM_FILE) {
                Ok(form) => config.form = form,
                Err(error) => {
                    config.break_form(error.problems().iter().map(ToString::to_string));
                }
            },
            Ok(None) => {}
            Err(reason) => config.break_form([format!("{FORM_FILE} cannot be read: {reason}")]),
        }
        match text_of(&directory.join(KEYMAP_FILE)) {
            Ok(text) => config.keymap = text,
            Err(reason) => config
                .mistakes
                .push(format!("{KEYMAP_FILE} cannot be read: {reason}")),
        }
        config
    }

    /// The local date at this moment.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// This moment where the person is.
    #[must_use]
    pub fn now(&self) -> Zoned {
        Timestamp::now().to_zoned(self.zone.now())
    }

    /// Which answers the own form calls sensitive is not known while it is broken: all of them are.
    fn break_form(&mut self, problems: impl IntoIterator<Item = String>) {
        self.form = LogForm::builtin().all_sensitive();
        self.form_is_broken = true;
        self.mistakes.extend(problems);
        let text = "the built-in form is shown, and every answer is masked until it is mended";
        self.mistakes
            .push(format!("{FORM_FILE} is not used: {text}"));
    }

    /// One line about what is wrong, for the status row.
    #[must_use]
    pub fn notice(&self) -> Option<String> {
        let first = self.mistakes.first()?;
        if self.form_is_broken {
            let is_of_form = |line: &&String| line.starts_with(FORM_FILE);
            let first = self.mistakes.iter().find(is_of_form).unwrap_or(first);
            return Some(format!(
                "{FORM_FILE} is not used, and every answer is masked until it is mended; {first}"
            ));
        }
        Some(match self.mistakes.len() {
            1 => first.clone(),
            more => format!("{first} (and {} more on the Data screen)", more - 1),
        })
    }
}

fn text_of(path: &Path) -> Result<Option<String>, String> {
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error
                    .as_bytes()
                    .iter()
                    .take(valid)
                    .filter(|b| **b == b'\n')
                    .count()
                    + 1;
                Err(format!("line {line} is not UTF-8"))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

struct Reader<'a> {
    text: &'a str,
    config: &'a mut Config,
}

impl Reader<'_> {
    fn read(mut self) {
        let text = self.text;
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let span = error.span().unwrap_or(0..0);
            self.mistake(
                &span,
                &format!("this is not TOML: {}", printable(error.message())),
            );
        }
        if !errors.is_empty() {
            return;
        }
        for (key, value) in root.get_ref() {
            let name: &str = key.get_ref();
            match self.set(name, value) {
                Ok(()) => {}
                Err(Wrong::Key) => self.unknown(name, &key.span()),
                Err(Wrong::Value(expected)) => {
                    self.mistake(&value.span(), &format!("`{name}` is {expected}"));
                }
            }
        }
    }

    fn set(&mut self, name: &str, value: &Spanned<DeValue<'_>>) -> Result<(), Wrong> {
        let value = value.get_ref();
        let config = &mut *self.config;
        match name {
            "theme" => {
                let name = word(value, A_THEME)?;
                if !THEMES.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
                    return Err(Wrong::Value(A_THEME));
                }
                config.theme = Some(name);
            }
            "view" => {
                const EXPECTED: &str = "\"quick\" or \"full\"";
                config.view = Some(match word(value, EXPECTED)?.as_str() {
                    "quick" => FormView::Quick,
                    "full" => FormView::Full,
                    _ => return Err(Wrong::Value(EXPECTED)),
                });
            }
            "week_start" => config.week_start = weekday(value)?,
            "timezone" => {
                const EXPECTED: &str = "the name of a time zone such as \"Europe/Berlin\"";
                let zone = TimeZone::get(&word(value, EXPECTED)?);
                config.zone = Zone::fixed(zone.map_err(|_| Wrong::Value(EXPECTED))?);
            }
            "reveal_seconds" => {
                let seconds = number(value, 1..MOST_REVEAL + 1, "a whole number from 1 to 3600")?;
                config.reveal = Duration::from_secs(seconds);
            }
            "idle_cover_minutes" => {
                const EXPECTED: &str = "a whole number from 0 (never) to 1440";
                config.idle_cover =
                    Duration::from_secs(60 * number(value, 0..MOST_IDLE + 1, EXPECTED)?);
            }
            "ascii" => config.ascii = Some(value.as_bool().ok_or(Wrong::Value("true or false"))?),
            "export_dir" => {
                const EXPECTED: &str = "a directory, as an absolute path or beginning with ~/";
                config.export_dir =
                    Some(directory(&word(value, EXPECTED)?).ok_or(Wrong::Value(EXPECTED))?);
            }
            _ => return Err(Wrong::Key),
        }
        Ok(())
    }

    fn unknown(&mut self, name: &str, span: &Range<usize>) {
        let known = match nearest(name, KEYS.iter().copied()) {
            Some(key) => format!("did you mean `{key}`?"),
            None => format!("known are {}", KEYS.join(", ")),
        };
        self.mistake(
            span,
            &format!("`{}` is not a setting; {known}", printable(name)),
        );
    }

    fn mistake(&mut self, span: &Range<usize>, words: &str) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let begins = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(begins..).unwrap_or_default().chars().count() + 1;
        self.config
            .mistakes
            .push(format!("{CONFIG_FILE}:{line}:{column}: {words}"));
    }
}

enum Wrong {
    Key,
    /// What it should be.
    Value(&'static str),
}

fn word(value: &DeValue<'_>, expected: &'static str) -> Result<String, Wrong> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or(Wrong::Value(expected))
}

fn number(value: &DeValue<'_>, range: Range<i64>, expected: &'static str) -> Result<u64, Wrong> {
    value
        .as_integer()
        .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
        .filter(|number| range.contains(number))
        .and_then(|number| u64::try_from(number).ok())
        .ok_or(Wrong::Value(expected))
}

fn weekday(value: &DeValue<'_>) -> Result<Weekday, Wrong> {
    const EXPECTED: &str = "a day of the week such as \"monday\" or \"sunday\"";
    Ok(match word(value, EXPECTED)?.to_lowercase().as_str() {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return Err(Wrong::Value(EXPECTED)),
    })
}

fn directory(given: &str) -> Option<PathBuf> {
    let path = match given.strip_prefix("~/") {
        Some(below) => std::env::home_dir()?.join(below),
        None => PathBuf::from(given),
    };
    path.is_absolute().then_some(path)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic
    )]
    use super::*;

    fn with(config: &str, form: Option<&str>) -> Config {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(CONFIG_FILE), config).unwrap();
        if let Some(form) = form {
            fs::write(directory.path().join(FORM_FILE), form).unwrap();
        }
        Config::load(directory.path())
    }

    #[test]
    fn no_files_mean_the_defaults() {
        let directory = tempfile::tempdir().unwrap();
        for at in [directory.path(), Path::new("/nonexistent/place")] {
            let config = Config::load(at);
            assert_eq!((config.reveal, config.idle_cover), (REVEAL, IDLE_COVER));
            assert_eq!(config.form, LogForm::builtin());
            assert_eq!(config.notice(), None);
        }
    }

    #[test]
    fn every_setting_is_taken() {
        let config = with(
            "theme = \"field\"\nview = \"full\"\nweek_start = \"Sunday\"\n\
             timezone = \"America/New_York\"\nreveal_seconds = 5\nidle_cover_minutes = 0\n\
             ascii = true\nexport_dir = \"/srv/exports\"\n",
            None,
        );
        assert_eq!(config.mistakes, Vec::<String>::new());
        assert_eq!(config.theme.as_deref(), Some("field"));
        assert_eq!(config.zone.now().iana_name(), Some("America/New_York"));
        assert_eq!(config.ascii, Some(true));
        assert_eq!(config.export_dir, Some(PathBuf::from("/srv/exports")));
        assert_eq!(
            (config.reveal, config.idle_cover, config.week_start),
            (Duration::from_secs(5), Duration::ZERO, Weekday::Sunday)
        );
        assert_eq!(config.view, Some(FormView::Full));
    }

    #[test]
    fn a_mistake_is_told_with_its_place_and_the_rest_is_taken() {
        for (line, words) in [
            (
                "them = \"lab\"",
                "config.toml:2:1: `them` is not a setting; did you mean `theme`?",
            ),
            (
                "colour_of_the_sky = 1",
                "config.toml:2:1: `colour_of_the_sky` is not a setting; known are theme",
            ),
            (
                "view = \"short\"",
                "config.toml:2:8: `view` is \"quick\" or \"full\"",
            ),
            (
                "week_start = 1",
                "config.toml:2:14: `week_start` is a day of the week",
            ),
            (
                "timezone = \"Mars/Base\"",
                "config.toml:2:12: `timezone` is the name of a time zone",
            ),
            (
                "reveal_seconds = 0",
                "config.toml:2:18: `reveal_seconds` is a whole number from 1",
            ),
            (
                "idle_cover_minutes = 2.5",
                "config.toml:2:22: `idle_cover_minutes` is a whole number",
            ),
            (
                "export_dir = \"exports\"",
                "config.toml:2:14: `export_dir` is a directory",
            ),
            (
                "ascii = \"yes\"",
                "config.toml:2:9: `ascii` is true or false",
            ),
        ] {
            let config = with(&format!("# mine\n{line}\n"), None);
            assert_eq!(config.mistakes.len(), 1, "{line}: {:?}", config.mistakes);
            assert!(
                config.mistakes[0].starts_with(words),
                "{}",
                config.mistakes[0]
            );
            let other = "reveal_seconds = 7\n";
            if !line.starts_with("reveal") {
                let config = with(&format!("{line}\n{other}"), None);
                assert_eq!(config.reveal, Duration::from_secs(7), "{line}");
            }
        }
    }

    #[test]
    fn a_broken_file_leaves_the_defaults_and_says_where() {
        let config = with("theme = \"lab\"\nview = \n", None);
        assert!(
            config.mistakes[0].starts_with("config.toml:2:"),
            "{:?}",
            config.mistakes
        );
        assert_eq!(config.theme, None);
        let duplicate = with("ascii = true\nascii = false\n", None);
        assert!(duplicate.notice().unwrap().starts_with("config.toml:2:1:"));
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(
            directory.path().join(CONFIG_FILE),
            b"ascii = true\n# \xff\n",
        )
        .unwrap();
        let notice = Config::load(directory.path()).notice().unwrap();
        assert_eq!(notice, "config.toml cannot be read: line 2 is not UTF-8");
    }

    #[test]
    fn the_form_of_the_person_counts_unless_it_is_broken() {
        let good = "view = \"full\"\n[[section]]\ntitle = \"Day\"\n[[section.field]]\nkey = \"mood\"\nlabel = \"mood\"\nkind = \"text\"\n";
        let config = with("", Some(good));
        assert_eq!(config.mistakes, Vec::<String>::new());
        assert!(config.form.field("mood").is_some() && config.form.field("energy").is_none());
        assert_eq!(config.form.view, FormView::Full);
        let broken =
            format!("{good}\n[[section.field]]\nkey = \"mood\"\nlabel = \"m\"\nkind = \"text\"\n");
        let config = with("", Some(&broken));
        assert_eq!(config.form, LogForm::builtin().all_sensitive());
        assert!(config.form.is_sensitive("energy"));
        let notice = config.notice().unwrap();
        assert!(
            notice.contains("every answer is masked until it is mended; log-form.toml:10:7:"),
            "{notice}"
        );
    }

    #[test]
    fn a_theme_that_there_is_not_is_a_mistake() {
        let config = with("theme = \"lap\"\n", None);
        assert_eq!(config.theme, None);
        let themes = THEMES.map(|name| format!("\"{name}\"")).join(", ");
        assert_eq!(themes.replace(", \"light", " or \"light"), A_THEME);
        let notice = config.notice().unwrap();
        assert_eq!(notice, format!("config.toml:1:9: `theme` is {A_THEME}"));
        assert_eq!(with("theme = \"Field\"", None).mistakes.len(), 0);
    }
}
