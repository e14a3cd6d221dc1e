//! `wildlands teach` and `wildlands content`: made, listed, planned, moved, exported, refused.

use std::fs;

use serde_json::{Value, json};

use super::{Home, Run};

/// The id that the first line of the output begins with.
fn id(run: &Run) -> String {
    run.out.split_whitespace().next().unwrap().to_owned()
}

fn document(home: &Home, words: &[&str]) -> Value {
    serde_json::from_str(&home.run(words).ended(0, &[]).out).unwrap()
}

fn lesson(home: &Home) -> String {
    let made = home.run(&[
        "teach",
        "add",
        "subject=Maths",
        "topic=Adding fractions",
        "durationMinutes=45",
        "assessment-type=quiz",
        "materials=strips, whiteboard",
    ]);
    let made = made.ended(0, &[]);
    assert!(made.out.ends_with("saved\n"), "{}", made.out);
    id(&made)
}

#[test]
fn a_lesson_is_requested_planned_taught_and_exported() {
    let home = Home::external();
    let none = home.run(&["teach", "list"]).ended(0, &[]).out;
    assert!(none.contains("teach add subject="), "{none}");
    let id = lesson(&home);
    home.run_with_input(
        &["teach", "set", &id, "studentProfile=-"],
        b"planted-needle\n",
    )
    .ended(0, &[]);

    let shown = home.run(&["teach", "show", &id]).ended(0, &[]).out;
    assert!(
        shown.contains("requested") && shown.contains("45 min"),
        "{shown}"
    );
    assert!(
        !shown.contains("needle") && shown.contains("●●●●●●"),
        "{shown}"
    );
    let revealed = home
        .run(&["teach", "show", &id, "--reveal"])
        .ended(0, &[])
        .out;
    assert!(revealed.contains("planted-needle"), "{revealed}");

    let planned = home.run(&["teach", "plan", &id]).ended(0, &[]).out;
    for words in [
        "objective",
        "missing  exit ticket has a key",
        "45 minutes, as asked for",
    ] {
        assert!(planned.contains(words), "{words}: {planned}");
    }
    home.run(&["teach", "set", &id, "plan.youDoMinutes=30"])
        .ended(0, &[]);
    home.run(&["teach", "plan", &id])
        .ended(65, &["there is a plan already", "--replace"]);
    let checked = home
        .run(&["teach", "plan", &id, "--check"])
        .ended(0, &[])
        .out;
    assert!(checked.contains("more than the 45 asked for"), "{checked}");
    home.run(&["teach", "plan", &id, "--replace"]).ended(0, &[]);

    home.run(&["teach", "status", &id, "planned", "--on", "2026-11-20"])
        .ended(64, &["belongs to the status taught"]);
    home.run(&["teach", "status", &id, "taught", "--on", "2026-11-20"])
        .ended(0, &[]);
    let data = document(&home, &["teach", "show", &id, "--json"]);
    assert_eq!(data["data"]["status"], "taught");
    assert_eq!(data["data"]["taughtOn"], "2026-11-20");
    assert_eq!(data["masked"], json!(["studentProfile"]));
    let listed = document(
        &home,
        &["teach", "list", "--status", "taught,archived", "--json"],
    );
    assert_eq!(listed[0]["id"], id.as_str());
    let others = document(&home, &["teach", "list", "--status", "requested", "--json"]);
    assert_eq!(others, json!([]));
}

#[test]
fn a_lesson_goes_into_a_file_of_its_own_and_overwrites_nothing() {
    let home = Home::external();
    let id = lesson(&home);
    home.run_with_input(
        &["teach", "set", &id, "studentProfile=-"],
        b"planted-needle\n",
    )
    .ended(0, &[]);
    home.run(&["teach", "plan", &id]).ended(0, &[]);
    let text = home.run(&["teach", "export", &id, "-"]).ended(0, &[]).out;
    for words in [
        "# Maths: Adding fractions",
        "### You do (15 minutes)",
        "planted-needle",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let redacted = home
        .run(&["teach", "export", &id, "-", "--redacted"])
        .ended(0, &[])
        .out;
    assert!(!redacted.contains("needle"));
    // What is private is not written without a word.
    let whole = home.run(&["teach", "export", &id, "-"]).ended(0, &[]);
    assert!(
        whole.err.contains("--redacted leaves it out"),
        "{}",
        whole.err
    );
    for name in [
        "lesson-maths-adding-fractions.md",
        "lesson-maths-adding-fractions-2.md",
    ] {
        home.run(&["teach", "export", &id])
            .ended(0, &["written to", name]);
        assert_eq!(
            fs::read_to_string(home.directory.path().join(name)).unwrap(),
            text
        );
    }
    let file = "lesson-maths-adding-fractions.md";
    home.run(&["teach", "export", &id, file])
        .ended(73, &["--force"]);
    home.run(&["teach", "export", &id, file, "--force", "--redacted"])
        .ended(0, &[]);
    assert_eq!(
        fs::read_to_string(home.directory.path().join(file)).unwrap(),
        redacted
    );
    home.run(&["teach", "export", &id, "-", "--pdf"])
        .ended(64, &["about a file"]);
    let empty = home.directory.path().join("no-programs");
    fs::create_dir(&empty).unwrap();
    let home = home.with("PATH", empty.to_str().unwrap());
    home.run(&["teach", "export", &id, "lesson.pdf"])
        .ended(69, &["no program that makes PDF was found", "weasyprint"]);
    assert!(!home.directory.path().join("lesson.pdf").exists());
}

#[test]
fn what_a_lesson_cannot_be_is_refused_and_nothing_is_saved() {
    let home = Home::external();
    home.run(&["teach", "add", "topic=x"])
        .ended(64, &["needs a subject", "nothing was saved"]);
    home.run(&["teach", "add", "subject=x", "durationMinutes=5"])
        .ended(65, &["10–240", "nothing was saved"]);
    home.run(&["teach", "show", "nonsense"])
        .ended(65, &["is not an id"]);
    home.run(&["teach", "list", "--status", "gone"])
        .ended(64, &["requested"]);
    let id = lesson(&home);
    home.run(&["teach", "delete", &id]).ended(0, &[]);
    home.run(&["teach", "show", &id])
        .ended(65, &["there is no lesson request"]);
    home.run(&["teach", "export", &id, "-"])
        .ended(65, &["there is no lesson request"]);
    home.run(&["teach", "restore", &id]).ended(0, &[]);
    home.run(&["teach", "show", &id]).ended(0, &[]);
}

#[test]
fn a_piece_is_made_from_a_template_counted_published_and_exported() {
    let home = Home::external();
    home.run(&[
        "content",
        "add",
        "blog",
        "title=Sheds",
        "--template",
        "welcome",
    ])
    .ended(65, &["how-to, listicle, opinion", "nothing was saved"]);
    home.run(&["content", "add", "blog", "tone=personal"])
        .ended(64, &["needs a title"]);
    let made = home.run(&[
        "content",
        "add",
        "website",
        "title=Sheds by hand",
        "content.audience=Gardeners",
        "--template",
        "landing page",
    ]);
    let id = id(&made.ended(0, &[]));
    let shown = home.run(&["content", "show", &id]).ended(0, &[]).out;
    for words in [
        "draft",
        "website: landing page",
        "## For whom",
        "words,",
        "characters",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let data = document(&home, &["content", "show", &id, "--json"]);
    let body = data["data"]["content.body"].as_str().unwrap();
    assert!(
        body.contains("Gardeners") && body.starts_with("# Sheds by hand"),
        "{body}"
    );

    home.run(&["content", "status", &id, "archived"])
        .ended(0, &[]);
    home.run(&["content", "status", &id, "published"])
        .ended(65, &["by way of a draft"]);
    home.run(&["content", "status", &id, "draft"]).ended(0, &[]);
    home.run(&["content", "status", &id, "published"])
        .ended(0, &[]);
    let listed = home.run(&[
        "content",
        "list",
        "--type",
        "website",
        "--status",
        "published",
    ]);
    assert!(listed.ended(0, &[]).out.contains("Sheds by hand"));
    let none = home
        .run(&["content", "list", "--type", "video"])
        .ended(0, &[])
        .out;
    assert!(none.contains("No content here"), "{none}");

    home.run_with_input(
        &["content", "set", &id, "content.body=-"],
        b"# Mine\n\n*kept* \x1b[31m\n",
    )
    .ended(0, &[]);
    let text = home.run(&["content", "export", &id, "-"]).ended(0, &[]).out;
    assert!(
        text.starts_with("---\ntitle: \"Sheds by hand\"\ntype: \"website\"\n"),
        "{text}"
    );
    assert!(
        text.contains("status: \"published\"") && text.contains("*kept* ␛[31m"),
        "{text}"
    );
    home.run(&["content", "export", &id])
        .ended(0, &["website-sheds-by-hand.md"]);
    home.run(&["content", "set", &id, &format!("title={}", "x".repeat(70))])
        .ended(0, &[]);
    let long = home.run(&["content", "show", &id]).ended(0, &[]).out;
    assert!(
        long.contains("70 characters, 10 more than the 60"),
        "{long}"
    );
    home.run(&["content", "delete", &id]).ended(0, &[]);
    home.run(&["content", "restore", &id]).ended(0, &[]);
}
