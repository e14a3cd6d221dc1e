//! `wildlands search`: what it finds, masks and refuses.

use serde_json::{Value, json};

use super::{Home, wait};

fn filled() -> Home {
    let home = Home::external();
    home.run(&["log", "2026-11-20", "energy=8"]).ended(0, &[]);
    home.run_with_input(
        &["log", "2026-11-20", "topWin=-"],
        b"called the bank \x1b[31m at last\n",
    )
    .ended(0, &[]);
    home.run_with_input(&["log", "2026-11-20", "driftCheck=-"], b"planted-needle\n")
        .ended(0, &[]);
    let idea = "insert into wildlands.ideas (user_id, id, title, pitch, status) \
         select id, gen_random_uuid(), 'planted-needle garden', 'beds for the bank', 'parked' from wildlands.users";
    wait(async {
        let superuser = home.database().superuser_client().await;
        superuser.batch_execute(idea).await.unwrap();
    });
    home
}

#[test]
fn hits_are_printed_masked_and_harmless() {
    let home = filled();
    let found = home.run(&["search", "bank"]).ended(0, &[]).out;
    assert!(found.contains("log       Fri 20 Nov 2026"), "{found}");
    assert!(found.contains("top win: called the bank"), "{found}");
    assert!(
        found.contains("[parked]") && found.contains("pitch: ●●●●●●"),
        "{found}"
    );
    assert!(
        !found.contains("needle") && !found.contains('\u{1b}'),
        "{}",
        found.escape_debug()
    );
    let revealed = home.run(&["search", "bank", "--reveal"]).ended(0, &[]).out;
    assert!(revealed.contains("planted-needle garden"), "{revealed}");
    let one = home
        .run(&["search", "bank", "--limit", "1"])
        .ended(0, &[])
        .out;
    assert!(one.contains("2 found, 1 shown"), "{one}");
    let none = home.run(&["search", "nowhere"]).ended(0, &[]).out;
    assert_eq!(none, "Nothing found.\n");
    let read = home.run_with_input(&["search", "-"], b"energy>=8 bank\n");
    assert!(read.ended(0, &[]).out.starts_with("log "));
}

#[test]
fn json_is_for_programs() {
    let home = filled();
    let words = ["search", "in:ideas garden -podcast", "--json"];
    let document: Value = serde_json::from_str(&home.run(&words).ended(0, &[]).out).unwrap();
    assert_eq!(document["found"], 1);
    let hit = &document["hits"][0];
    assert_eq!(
        (&hit["in"], &hit["title"], &hit["text"], &hit["masked"]),
        (&json!("ideas"), &Value::Null, &Value::Null, &json!(true))
    );
}

#[test]
fn a_question_that_is_not_understood_is_refused_with_advice() {
    let home = Home::external();
    for (question, words) in [
        ("enrgy>7", "energy may be meant"),
        ("in:idaes x", "ideas may be meant"),
        ("before:2026-13-01", "months go from 1 to 12"),
        ("& !", "nothing to look for"),
    ] {
        home.run(&["search", question]).ended(65, &[words]);
    }
    home.run(&["search"]).ended(64, &[]);
}

#[test]
fn a_slip_finds_what_was_meant_marked_and_masked() {
    let home = filled();
    let found = home.run(&["search", "gadren"]).ended(0, &[]).out;
    assert!(
        found.starts_with("Nothing found; with a similar word:") && found.contains("[similar]"),
        "{found}"
    );
    assert!(
        !found.contains("needle") && !found.contains("garden"),
        "{found}"
    );
    let words = ["search", "bnak", "--json"];
    let document: Value = serde_json::from_str(&home.run(&words).ended(0, &[]).out).unwrap();
    assert_eq!(document["found"], 0);
    assert_eq!(document["hits"][0]["similar"], json!(true));
}
