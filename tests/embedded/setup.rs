//! `scripts/setup`: keeps what is there, says what is missing, and unpacks nothing that is not the pinned package.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use harriswildlands::store::embedded::Programs;

use crate::bench::Bench;

fn setup(arguments: &[&str], variables: &[(&str, &Path)]) -> Output {
    let mut setup = Command::new("bash");
    setup
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/setup"))
        .args(arguments);
    setup.envs(variables.iter().copied()).output().unwrap()
}

fn words(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn installed_programs_are_kept_and_nothing_else_is_done() {
    let bench = Bench::lasting();
    drop(bench.start());
    let status = harriswildlands::store::embedded::status(&bench.settings).unwrap();
    let programs: Programs = status.programs.unwrap();
    let home = tempfile::tempdir().unwrap();
    let variables = [
        ("WILDLANDS_PG_BINDIR", programs.dir.as_path()),
        ("WILDLANDS_HOME", home.path()),
    ];
    for arguments in [&[][..], &["--check"], &["--no-root"]] {
        let output = setup(arguments, &variables);
        let words = words(&output);
        assert!(output.status.success(), "{words}");
        assert!(
            words.contains(&format!("PostgreSQL {} in ", programs.major)),
            "{words}"
        );
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_setting_without_programs_is_named_and_nothing_is_installed() {
    let empty = tempfile::tempdir().unwrap();
    let output = setup(
        &[],
        &[
            ("WILDLANDS_PG_BINDIR", empty.path()),
            ("WILDLANDS_HOME", empty.path()),
        ],
    );
    assert!(!output.status.success());
    let words = words(&output);
    assert!(
        words.contains(&*empty.path().to_string_lossy()) && words.contains("unset"),
        "{words}"
    );
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
}

#[test]
fn a_package_that_is_not_the_pinned_one_is_not_unpacked() {
    let home = tempfile::tempdir().unwrap();
    let tools = tempfile::tempdir().unwrap();
    // A client that delivers something else under the right name.
    let npm = tools.path().join("npm");
    let text = "#!/bin/sh\nfor last; do :; done\nname=$(echo \"$last\" | sed 's/^@//; s/[/@]/-/g')\n\
                echo hostile > \"$name.tgz\"\n";
    fs::write(&npm, text).unwrap();
    fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", tools.path().display());
    let variables = [("PATH", Path::new(&path)), ("WILDLANDS_HOME", home.path())];
    let missing = setup(&["--check", "--no-root"], &variables);
    assert_eq!(missing.status.code(), Some(1));
    assert!(words(&missing).contains("missing: the PostgreSQL server programs"));
    let output = setup(&["--no-root"], &variables);
    let words = words(&output);
    assert!(!output.status.success(), "{words}");
    assert!(
        words.contains("is not the pinned package") && words.contains("SHA-256"),
        "{words}"
    );
    assert!(!home.path().join("data").exists(), "nothing was unpacked");
}
