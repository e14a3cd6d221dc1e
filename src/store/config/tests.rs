#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
use std::fmt::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;
use crate::domain::form::FormView;
use crate::domain::setting::{Origin, THEMES, Value};

fn with(config: &str, form: Option<&str>) -> Config {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(CONFIG_FILE), config).unwrap();
    if let Some(form) = form {
        fs::write(directory.path().join(FORM_FILE), form).unwrap();
    }
    Config::load(directory.path())
}

fn shown(config: &Config, setting: Setting) -> String {
    config.chosen.shown(setting)
}

#[test]
fn no_files_mean_the_defaults() {
    let directory = tempfile::tempdir().unwrap();
    for at in [directory.path(), Path::new("/nonexistent/place")] {
        let config = Config::load(at);
        assert_eq!(config.chosen, Chosen::default());
        assert_eq!(config.form, LogForm::builtin());
        assert_eq!(config.notice(), None);
    }
}

/// A value of each setting that is not the default, as the file has it.
const ALL_SET: &str = "theme = \"field\"\nview = \"full\"\nweek_start = \"Sunday\"\n\
     timezone = \"America/New_York\"\nreveal_seconds = 5\nidle_cover_minutes = 0\n\
     mouse = true\nascii = true\nkeys = \"vim\"\nsearch_language = \"german\"\n\
     form = \"/srv/form.toml\"\n\
     export_dir = \"/srv/exports\"\nbackup_dir = \"/srv/backups\"\n\
     export_every_days = 3\nexport_keep = 9\nsnapshot_every_days = 0\nsnapshot_keep = 2\nmigration_keep = 0\ndue_idle_seconds = 0\n";

#[test]
fn every_setting_is_taken() {
    let config = with(ALL_SET, None);
    let told = &config.mistakes;
    assert!(
        told.iter().all(|line| line.starts_with("form.toml ")),
        "{told:?}"
    );
    for setting in Setting::ALL {
        assert_eq!(config.chosen.origin(setting), Origin::File, "{setting:?}");
    }
    assert_eq!(shown(&config, Setting::WeekStart), "sunday");
    assert_eq!(shown(&config, Setting::IdleCoverMinutes), "0");
    assert_eq!(config.zone.now().iana_name(), Some("America/New_York"));
    assert_eq!(
        config.form_file,
        FormFile::Named(PathBuf::from("/srv/form.toml"))
    );
    assert_eq!(config.export_dir, Some(PathBuf::from("/srv/exports")));
    assert_eq!(config.backup_dir, Some(PathBuf::from("/srv/backups")));
}

#[test]
fn the_environment_goes_before_the_file_and_its_mistakes_are_told() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(CONFIG_FILE), "theme = \"field\"\n").unwrap();
    let variable = |name: &str| match name {
        "WILDLANDS_THEME" => Some("light".to_owned()),
        "WILDLANDS_REVEAL_SECONDS" => Some("never".to_owned()),
        "WILDLANDS_ASCII" => Some(String::new()),
        _ => None,
    };
    let config = Config::load_with(directory.path(), &variable);
    assert_eq!(shown(&config, Setting::Theme), "light");
    assert_eq!(config.chosen.origin(Setting::Ascii), Origin::Default);
    assert_eq!(
        config.mistakes,
        [
            "WILDLANDS_REVEAL_SECONDS in the environment is not heeded; it is a whole number from 1 to 3600"
        ]
    );
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
            "config.toml:2:14: `week_start` is \"monday\", \"tuesday\"",
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
            assert_eq!(shown(&config, Setting::RevealSeconds), "7", "{line}");
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
    assert_eq!(config.chosen, Chosen::default());
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
fn the_form_that_the_settings_name_goes_before_the_one_beside_them() {
    let question = |key: &str| {
        format!(
            "[[section]]\ntitle = \"Day\"\nfield = [ {{ key = \"{key}\", label = \"x\", kind = \"text\" }} ]\n"
        )
    };
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("mine.toml");
    let set = format!("form = \"{}\"\n", file.display());
    let missing = with(&set, Some(&question("beside")));
    assert_eq!(missing.form, LogForm::builtin().all_sensitive());
    let notice = missing.notice().unwrap();
    assert!(
        notice.starts_with("mine.toml is not used, and every answer is masked"),
        "{notice}"
    );
    assert!(
        notice.contains("there is no /") && notice.contains("the setting `form`"),
        "{notice}"
    );
    fs::write(&file, question("named")).unwrap();
    let named = with(&set, Some(&question("beside")));
    assert_eq!(named.mistakes, Vec::<String>::new());
    assert!(named.form.field("named").is_some() && named.form.field("beside").is_none());
    fs::write(&file, "title = 1\n").unwrap();
    let broken = with(&set, None);
    assert!(
        broken.mistakes[0].starts_with("mine.toml:1:"),
        "{:?}",
        broken.mistakes
    );
    assert!(broken.form_is_broken && broken.form.is_sensitive("energy"));
}

#[test]
fn a_form_that_is_meant_but_not_named_masks_everything() {
    for (config, place) in [
        (
            "form = \"mine.toml\"\n",
            "config.toml:1:8: `form` is a file",
        ),
        ("form = 1\n", "config.toml:1:8: `form` is a file"),
        ("form = \"/srv/mine.toml\"\nview = \n", "config.toml:2:"),
    ] {
        let config = with(config, None);
        assert_eq!(config.form, LogForm::builtin().all_sensitive(), "{place}");
        let notice = config.notice().unwrap();
        assert!(
            notice.contains("every answer is masked") && notice.contains(place),
            "{notice}"
        );
    }
    let directory = tempfile::tempdir().unwrap();
    let by_variable = Config::load_with(directory.path(), &|name| {
        (name == "WILDLANDS_FORM").then(|| "mine.toml".to_owned())
    });
    let notice = by_variable.notice().unwrap();
    assert!(
        by_variable.form_is_broken && notice.contains("WILDLANDS_FORM in"),
        "{notice}"
    );
}

#[test]
fn a_theme_that_there_is_not_is_a_mistake() {
    let config = with("theme = \"lap\"\n", None);
    assert_eq!(config.chosen.value(Setting::Theme), None);
    let themes = THEMES.map(|name| format!("\"{name}\"")).join(", ");
    let themes = themes.replace(", \"none", " or \"none");
    let notice = config.notice().unwrap();
    assert_eq!(
        notice,
        format!("config.toml:1:9: `theme` is {themes}; did you mean \"lab\"?")
    );
    assert_eq!(with("theme = \"Field\"", None).mistakes.len(), 0);
}

/// What the file is after this change.
fn written(before: &str, setting: Setting, value: Option<&Value>) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(CONFIG_FILE);
    fs::write(&path, before).unwrap();
    write(directory.path(), setting, value).unwrap();
    let after = fs::read_to_string(&path).unwrap();
    let config = Config::load_with(directory.path(), &|_| None);
    assert_eq!(config.mistakes, Vec::<String>::new(), "{after}");
    assert_eq!(config.chosen.in_file(setting), value, "{after}");
    after
}

fn word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

#[test]
fn a_change_keeps_what_stands_around_it() {
    let before = "# Mine.\n\nascii = false # the old terminal\n\n# Quiet at night\ntheme   =  'lab'   # or field\nmouse = true";
    assert_eq!(
        written(before, Setting::Theme, Some(&word("field"))),
        before.replace("'lab'", "\"field\"") + "\n"
    );
    assert_eq!(
        written(before, Setting::Ascii, Some(&Value::Switch(true))),
        before.replace("false", "true") + "\n"
    );
    assert_eq!(
        written(before, Setting::RevealSeconds, Some(&Value::Number(5))),
        format!("{before}\nreveal_seconds = 5\n")
    );
    for comments in ["# mine\n", "mouse = true\n\n# theme = \"lab\"\n"] {
        assert_eq!(
            written(comments, Setting::Theme, Some(&word("field"))),
            format!("{comments}theme = \"field\"\n")
        );
    }
    assert_eq!(
        written("# mine", Setting::Theme, Some(&word("field"))),
        "# mine\ntheme = \"field\"\n"
    );
    let without = written(before, Setting::Theme, None);
    assert!(
        without.contains("# Mine.") && without.contains("# Quiet at night\nmouse = true"),
        "{without}"
    );
    let without = written("# the only one\ntheme = \"lab\"\n", Setting::Theme, None);
    assert_eq!(without.trim_end(), "# the only one");
}

#[test]
fn every_value_is_written_as_it_is_read() {
    let config = with(ALL_SET, None);
    let directory = tempfile::tempdir().unwrap();
    for setting in Setting::ALL {
        write(directory.path(), setting, config.chosen.value(setting)).unwrap();
    }
    let again = Config::load_with(directory.path(), &|_| None);
    assert_eq!(again.chosen, config.chosen);
}

#[test]
fn a_file_that_cannot_be_understood_is_never_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(CONFIG_FILE);
    let mut told = String::new();
    for broken in [
        &b"theme = \"lab\"\nview = \n"[..],
        b"# \xff\n",
        b"[theme]\nname = 1\n",
    ] {
        fs::write(&path, broken).unwrap();
        let value = word("field");
        let error = write(directory.path(), Setting::Theme, Some(&value)).unwrap_err();
        writeln!(told, "{error}").unwrap();
        assert_eq!(fs::read(&path).unwrap(), broken);
    }
    assert!(
        told.contains("config.toml:2:") && told.contains("line 1 is not UTF-8"),
        "{told}"
    );
    assert_eq!(
        told.matches("the file is left as it is, mend it first")
            .count(),
        3
    );
    let left: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing lies beside it");
}

#[test]
fn mode_and_link_stay_and_a_new_file_is_private() {
    let directory = tempfile::tempdir().unwrap();
    let home = directory.path().join("new/config");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let set = |value| write(&home, Setting::Mouse, Some(&Value::Switch(value))).unwrap();
    set(true);
    let path = home.join(CONFIG_FILE);
    assert_eq!((mode(&home), mode(&path)), (0o700, 0o600));
    let elsewhere = directory.path().join("dotfiles.toml");
    fs::rename(&path, &elsewhere).unwrap();
    fs::set_permissions(&elsewhere, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&elsewhere, &path).unwrap();
    set(false);
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(&elsewhere).unwrap(), "mouse = false\n");
    assert_eq!(mode(&elsewhere), 0o640);
}

#[test]
fn own_questions_are_texts_of_the_answers_and_masked_by_themselves() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(QUESTIONS_FILE);
    let load = || Config::load_with(directory.path(), &|_| None);
    assert_eq!(load().questions, None);
    let good = "[[section]]\ntitle = \"Q\"\nfield = [ { key = \"answers.rest\", label = \"rest\", kind = \"text\" } ]\n";
    fs::write(&path, good).unwrap();
    let questions = load().questions.unwrap();
    assert!(questions.exact("answers.rest").unwrap().sensitive);
    for (bad, told) in [
        (
            good.replace("answers.rest", "rest"),
            "reviews.toml:3:19: key `rest` is not a question's; write `answers.rest`",
        ),
        (
            good.replace("\"text\"", "\"toggle\""),
            "so write kind = \"text\"",
        ),
    ] {
        fs::write(&path, bad).unwrap();
        let config = load();
        assert_eq!(config.questions, None);
        assert!(config.mistakes[0].contains(told), "{:?}", config.mistakes);
        assert!(config.mistakes[1].contains("the built-in questions are asked"));
    }
}
