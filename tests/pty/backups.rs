//! Backups, restores and imports by keys, in the real program.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::home::{Home, below, until, wait_online, wait_saved};
use super::pty_support::Terminal;
use super::support::SUPERUSER;

/// To the Data screen, the last one, and to the first one.
const DATA: &str = "\x1b8";
const DAY: &str = "\x1b1";
/// Empties a line.
const EMPTY: &str = "\x15";

/// What is in the directory of backups, but for the program's own record.
fn backups(home: &Home) -> Vec<PathBuf> {
    let files = below(&home.path().join("data/backups"));
    let own = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name == "made.json" || name.ends_with(".lock")
    };
    files.into_iter().filter(|path| !own(path)).collect()
}

/// A home on a server of the tests, as a login that sees everything.
fn of_superuser() -> Home {
    let mut home = Home::external();
    let url = home.url(SUPERUSER);
    home.set("DATABASE_URL", &url);
    home
}

/// Closes a popup; what is typed next is for what lies beneath.
fn close(terminal: &mut Terminal, title: &str) {
    terminal.types("\x1b");
    terminal.wait_gone(title);
}

#[test]
fn a_backup_is_made_verified_and_restored_and_what_was_there_comes_back() {
    let home = Home::private();
    let mut terminal = home.open_in(130, 44);
    terminal.enters("8", "saved ");
    terminal.enters(DATA, "none yet; every 7 days: due");
    terminal.enters("B", "backed up to");
    terminal.wait_text("SHA-256");
    let made = backups(&home);
    assert_eq!(made.len(), 1, "{made:?}");
    let mode = fs::metadata(&made[0]).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let name = made[0].file_name().unwrap().to_str().unwrap().to_owned();
    // Listed, verified quickly, and by restoring a copy.
    terminal.enters("l", &format!("{name}: backup that was asked for"));
    terminal.enters("\r", "can be restored");
    terminal.enters("l", "backup that was asked for");
    terminal.enters("F", "restored into a scratch database");
    terminal.wait_text(", by a test restore");

    terminal.enters(DAY, "▰▰▰▰▰▰▰▰▱▱  8");
    // What stands there of the day before this key says “saved” too.
    terminal.enters("3", "▰▰▰▱▱▱▱▱▱▱  3");
    wait_saved(&terminal);
    terminal.enters(DATA, "Backups");
    terminal.enters("lr", "Type wildlands to go on");
    terminal.enters("wildland\r", "nothing was done: that was not wildlands");
    terminal.enters("s\r", "has what was there before");
    // The program comes again by itself and shows what the backup holds.
    close(&mut terminal, "Restore ─");
    terminal.types(DAY);
    wait_online(&terminal);
    terminal.wait_text("▰▰▰▰▰▰▰▰▱▱  8");
    // And the other way round.
    terminal.enters(DATA, "1 database of before a restore");
    terminal.enters("K", "wildlands_before_");
    terminal.enters("\r", "is used again as wildlands");
    terminal.enters("wildlands\r", "is wildlands again");
    close(&mut terminal, "Use again ─");
    terminal.types(DAY);
    wait_online(&terminal);
    terminal.wait_text("▰▰▰▱▱▱▱▱▱▱  3");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_file_that_is_no_backup_and_a_disk_that_is_full_leave_everything_as_it_was() {
    let home = of_superuser();
    home.greet();
    let (code, _, err) = home.run(&["log", "energy=6"]);
    assert_eq!(code, 0, "{err}");
    let letter = home.directory().join("letter.dump");
    fs::write(&letter, "Dear Ann").unwrap();
    let script = "ulimit -f 0; exec \"$@\"";
    let words = ["sh", "-c", script, "sh", env!("CARGO_BIN_EXE_wildlands")];
    let mut terminal = Terminal::start(home.started_by(&words), 130, 44);
    wait_online(&terminal);
    terminal.enters(DATA, "Backups");
    terminal.enters("B", "no backup was made: ");
    terminal.wait_text("see whether it has room");
    // What it was that failed is read on the screen too, where the message has gone.
    terminal.enters("j", "no backup was made:");
    assert_eq!(backups(&home), [] as [PathBuf; 0]);
    terminal.enters("lo", "a leading ~/");
    terminal.enters("~/absent.dump\r", "is looked at once");
    terminal.enters(
        "\r",
        "absent.dump cannot be read (No such file or directory)",
    );
    terminal.enters("lo", "a leading ~/");
    terminal.enters("~/letter.dump\r", "is looked at once");
    terminal.enters("\r", "it is not an archive of pg_dump -Fc");
    terminal.enters("lo", "a leading ~/");
    terminal.enters("~/letter.dump\r", "is looked at once");
    terminal.enters("r", "to go on:");
    let database = home.ask("select current_database()").remove(0);
    terminal.enters(
        format!("{database}\r"),
        "not restored; the present data are in use",
    );
    terminal.wait_text("it is not an archive of pg_dump -Fc");
    close(&mut terminal, "Restore ─");
    terminal.types(DAY);
    terminal.wait_text("▰▰▰▰▰▰▱▱▱▱  6");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_file_is_tried_and_then_imported() {
    let from = Home::external();
    from.greet();
    let (code, _, err) = from.run(&["log", "2026-11-02", "energy=6"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = from.run(&["log", "energy=4"]);
    assert_eq!(code, 0, "{err}");
    let (code, _, err) = from.run(&["export", "all.json"]);
    assert_eq!(code, 0, "{err}");
    let home = Home::external();
    let document = fs::read_to_string(from.directory().join("all.json")).unwrap();
    fs::write(home.directory().join("all.json"), &document).unwrap();
    fs::write(
        home.directory().join("half.json"),
        &document[..document.len() / 2],
    )
    .unwrap();

    let mut terminal = home.open_in(130, 44);
    terminal.enters(DATA, "Backups");
    terminal.enters("I", "your own directory");
    terminal.enters("~/half.json\r", "not imported; nothing was changed");
    terminal.wait_text("half.json: line ");
    terminal.enters("\r", "your own directory");
    terminal.enters(
        format!("{EMPTY}~/all.json\r"),
        "this would change; nothing was changed:",
    );
    terminal.wait_text("2 new");
    assert_eq!(home.ask("select count(*)::text from wildlands.logs"), ["0"]);
    // The account has no record: no name has to be typed.
    terminal.enters("\r", "imported");
    until("imported", || {
        home.ask("select count(*)::text from wildlands.logs") == ["2"]
    });
    // What is committed is not told yet: the search learns the words first.
    terminal.wait_text("Done last");
    close(&mut terminal, "Import ─");
    terminal.types(DAY);
    terminal.wait_text("▰▰▰▰▱▱▱▱▱▱  4");
    terminal.enters(DATA, "Backups");
    terminal.enters("I", "your own directory");
    terminal.enters("all.json\r", "this would change nothing");
    terminal.types("\r");
    terminal.wait_gone("this would change nothing");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn an_import_that_is_stopped_behind_its_commit_goes_on_with_the_search_by_itself() {
    let from = Home::external();
    from.greet();
    from.ask(
        "insert into wildlands.ideas (user_id, id, title) \
         select u.id, gen_random_uuid(), 'heron ' || n from wildlands.users u, generate_series(1, 2500) n returning '1'",
    );
    let (code, _, err) = from.run(&["export", "all.json"]);
    assert_eq!(code, 0, "{err}");
    let home = Home::external();
    fs::copy(
        from.directory().join("all.json"),
        home.directory().join("all.json"),
    )
    .unwrap();
    let mut terminal = home.open_in(130, 44);
    terminal.enters(DATA, "Backups");
    terminal.enters("I", "your own directory");
    terminal.enters("~/all.json\r", "2500 new");
    // What the search learns of the words waits for this, and the records do not.
    let held = home.hold("lock table wildlands.search_words in exclusive mode");
    terminal.enters("\r", "importing");
    until("the records are in", || {
        home.ask("select count(*)::text from wildlands.ideas") == ["2500"]
    });
    terminal.types("\x1b");
    terminal.wait_text("the search does not know the words of 2500 records yet");
    terminal.wait_text("it goes on by itself in the background");
    drop(held);
    until("the search knows them all", || {
        home.ask("select count(*)::text from wildlands.search_documents where words @@ 'heron'")
            == ["2500"]
    });
    close(&mut terminal, "Import ─");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn what_is_due_is_made_while_nobody_does_anything() {
    let home = Home::private();
    home.greet();
    let (code, _, err) = home.run(&["log", "energy=6"]);
    assert_eq!(code, 0, "{err}");
    home.configure("config.toml", "due_idle_seconds = 1\n");
    let mut terminal = home.start(130, 44);
    wait_online(&terminal);
    terminal.wait_text("was due, and made");
    let mut names: Vec<String> = backups(&home)
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names[0].starts_with("wildlands-export-"), "{names:?}");
    assert!(names[1].starts_with("wildlands-snapshot-"), "{names:?}");
    terminal.enters(DATA, "the next is due");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn quitting_stops_what_is_made_by_itself_and_leaves_nothing() {
    let home = of_superuser();
    home.greet();
    let (code, _, err) = home.run(&["log", "energy=6"]);
    assert_eq!(code, 0, "{err}");
    let mut terminal = home.start(130, 44);
    wait_online(&terminal);
    // Nothing can be read from here on; then a second without a key is enough.
    let held = home.hold_days();
    terminal.enters(",G", "due idle seconds");
    terminal.enters("\r", "0 to");
    terminal.types(format!("{EMPTY}1\r\x1b"));
    terminal.wait_text("backing up");
    terminal.types("q");
    assert_eq!(terminal.exit_code(), 0);
    drop(held);
    assert_eq!(backups(&home), [] as [PathBuf; 0]);
}
