//! `wildlands settings`: listed, shown, set, taken back; refused with the reason.

use std::fs;

use super::Home;

fn file(home: &Home) -> String {
    fs::read_to_string(home.path().join("config/config.toml")).unwrap_or_default()
}

fn configure(home: &Home, text: &str) {
    fs::create_dir_all(home.path().join("config")).unwrap();
    fs::write(home.path().join("config/config.toml"), text).unwrap();
}

#[test]
fn everything_is_listed_with_its_origin_and_nothing_is_made() {
    let home = Home::private().with("WILDLANDS_WEEK_START", "sunday");
    let run = home.run(&["settings"]).ended(0, &[]);
    let rows: Vec<Vec<&str>> = run
        .out
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .collect()
        })
        .collect();
    assert!(rows.contains(&vec!["theme", "lab", "default"]), "{rows:?}");
    assert!(rows.contains(&vec!["week_start", "sunday", "environment"]));
    assert!(rows.contains(&vec!["ascii", "as the locale says", "default"]));
    assert_eq!(
        rows.len(),
        harriswildlands::domain::setting::Setting::ALL.len()
    );
    assert!(!home.path().exists(), "nothing was begun");
    let run = home.run(&["settings", "--json"]).ended(0, &[]);
    let all: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(all[0]["key"], "theme");
    assert_eq!(all[0]["value"], serde_json::Value::Null);
    assert_eq!(all[2]["variable"], "WILDLANDS_WEEK_START");
}

#[test]
fn a_setting_is_set_shown_and_taken_back() {
    let home = Home::private();
    assert_eq!(
        home.run(&["settings", "theme", "Field"]).ended(0, &[]).out,
        "field\n"
    );
    assert_eq!(
        home.run(&["settings", "reveal-seconds", "20"])
            .ended(0, &[])
            .out,
        "20\n"
    );
    assert_eq!(
        home.run(&["settings", "mouse", "on"]).ended(0, &[]).out,
        "on\n"
    );
    assert_eq!(
        file(&home),
        "theme = \"field\"\nreveal_seconds = 20\nmouse = true\n"
    );
    assert_eq!(
        home.run(&["settings", "theme"]).ended(0, &[]).out,
        "field\n"
    );
    assert_eq!(
        home.run(&["settings", "theme", "--default"])
            .ended(0, &[])
            .out,
        "lab\n"
    );
    assert_eq!(file(&home), "reveal_seconds = 20\nmouse = true\n");
    let run = home.run(&["settings", "mouse", "--json"]).ended(0, &[]);
    let one: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        (&one["value"], &one["origin"]),
        (&true.into(), &"file".into())
    );
    let other = Home::private().with("WILDLANDS_THEME", "light");
    let run = other.run(&["settings", "theme", "field"]);
    let run = run.ended(0, &["WILDLANDS_THEME in the environment goes before it"]);
    assert_eq!(
        (run.out.as_str(), file(&other).as_str()),
        ("light\n", "theme = \"field\"\n")
    );
}

#[test]
fn a_theme_of_ones_own_can_be_set_by_its_name() {
    let home = Home::private();
    configure(&home, "# mine\n");
    home.run(&["settings", "theme", "ember"])
        .ended(65, &["\"lab\""]);
    fs::create_dir(home.path().join("config/themes")).unwrap();
    fs::write(
        home.path().join("config/themes/ember.toml"),
        "colors = 16\n",
    )
    .unwrap();
    home.run(&["settings", "theme", "ember"]).ended(0, &[]);
    assert_eq!(file(&home), "# mine\ntheme = \"ember\"\n");
}

#[test]
fn what_cannot_be_set_is_refused_and_changes_nothing() {
    let home = Home::private();
    home.run(&["settings", "them"])
        .ended(65, &["did you mean `theme`?"]);
    home.run(&["settings", "\u{1b}[2J"])
        .ended(65, &["known are theme, view"]);
    let refused = home.run(&["settings", "theme", "feild"]);
    refused.ended(65, &["did you mean \"field\"?", "nothing was changed"]);
    home.run(&["settings", "reveal-seconds", "-5"])
        .ended(65, &["a whole number from 1 to 3600"]);
    home.run(&["settings", "theme", "lab", "--default"])
        .ended(64, &[]);
    home.run(&["settings", "--default"]).ended(64, &[]);
    assert!(!home.path().exists(), "nothing was begun");
    let broken = "theme = \n";
    configure(&home, broken);
    let run = home.run(&["settings", "theme", "field"]);
    run.ended(
        65,
        &["config.toml:1:", "the file is left as it is, mend it first"],
    );
    assert_eq!(file(&home), broken);
    let run = home.run(&["settings"]).ended(0, &["note: config.toml:1:"]);
    assert!(run.out.contains("lab"));
    // Where the configuration would be there is a file.
    let other = Home::private();
    fs::create_dir_all(other.path()).unwrap();
    fs::write(other.path().join("config"), "").unwrap();
    other
        .run(&["settings", "theme", "field"])
        .ended(73, &["cannot be written"]);
}
