//! Making the cluster: `initdb`, the roles and the database in a temporary directory, synced, then renamed. So a
//! cluster that is there is whole, and an interrupted first start leaves only a directory for the next one to remove.
//! Called under the `start` lock.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use super::error::EmbeddedError;
use super::find::Programs;
use super::layout::{Layout, make_owned};
use super::run::last_lines;
use super::user::{ServerUser, command};
use super::{APP_ROLE, DATABASE, OWNER_ROLE, Progress};

const UNFINISHED: &str = "cluster.new-";

/// The collation of the cluster: byte order, the same on every machine, with Unicode letters where the system can.
/// The first that the system knows is taken.
const LOCALES: &[&[&str]] = &[
    &["--locale=C.UTF-8"],
    &["--locale=C.utf8"],
    &["--locale=en_US.UTF-8", "--lc-collate=C"],
    &["--locale=C"],
];

/// Makes the cluster of this layout.
pub(super) fn make_cluster(
    layout: &Layout,
    programs: &Programs,
    user: Option<&ServerUser>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), EmbeddedError> {
    progress(Progress::Initialising);
    remove_unfinished(layout);
    let unfinished = layout
        .root
        .join(format!("{UNFINISHED}{}", std::process::id()));
    make_owned(&unfinished, user)
        .map_err(|error| EmbeddedError::io("make the directory", &unfinished, &error))?;
    let made = fill(&unfinished, programs, user, progress).and_then(|()| {
        fs::rename(&unfinished, &layout.cluster)
            .and_then(|()| File::open(&layout.root)?.sync_all())
            .map_err(|error| EmbeddedError::io("make", &layout.cluster, &error))
    });
    if made.is_err() {
        remove_unfinished(layout);
    }
    made
}

/// Removes what interrupted first starts left. One that cannot be removed now (its `initdb` may still be running) is
/// the next start's business: each has its own name.
pub(super) fn remove_unfinished(layout: &Layout) {
    let Ok(entries) = fs::read_dir(&layout.root) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn fill(
    directory: &Path,
    programs: &Programs,
    user: Option<&ServerUser>,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), EmbeddedError> {
    initdb(directory, programs, user)?;
    progress(Progress::CreatingDatabase);
    create_database(directory, programs, user)?;
    // One walk at the end instead of a wait at each step; before this nothing points at the directory.
    let mut sync = command(&programs.initdb(), user);
    sync.arg("--sync-only").arg("-D").arg(directory);
    let output = sync
        .output()
        .map_err(|error| EmbeddedError::io("run", &programs.initdb(), &error))?;
    check("initdb --sync-only", directory, &output)
}

fn initdb(
    directory: &Path,
    programs: &Programs,
    user: Option<&ServerUser>,
) -> Result<(), EmbeddedError> {
    let mut last = Ok(());
    for locale in LOCALES {
        let mut initdb = command(&programs.initdb(), user);
        initdb
            .arg("-D")
            .arg(directory)
            .args(["-U", "postgres", "-E", "UTF8", "-k"]);
        initdb
            .args(*locale)
            .args(["--lc-messages=C", "-T", "english"]);
        initdb.args([
            "--auth-local=trust",
            "--auth-host=reject",
            "--no-sync",
            "--no-instructions",
        ]);
        let output = initdb
            .output()
            .map_err(|error| EmbeddedError::io("run", &programs.initdb(), &error))?;
        last = check("initdb", directory, &output);
        if last.is_ok() || !String::from_utf8_lossy(&output.stderr).contains("locale") {
            break;
        }
    }
    last
}

/// The roles and the database, in single-user mode: no server needs to run, and a failure ends it.
fn create_database(
    directory: &Path,
    programs: &Programs,
    user: Option<&ServerUser>,
) -> Result<(), EmbeddedError> {
    let statements = [
        format!(
            "CREATE ROLE {OWNER_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        ),
        format!(
            "CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        ),
        format!("GRANT {APP_ROLE} TO {OWNER_ROLE}"),
        // What version 15 does by itself: the schema belongs to the database's owner, and only that one creates in it.
        "ALTER SCHEMA public OWNER TO pg_database_owner".to_owned(),
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC".to_owned(),
        format!("CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}"),
        format!("REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC"),
        format!("GRANT CONNECT ON DATABASE {DATABASE} TO {APP_ROLE}"),
    ];
    let mut input = statements.join(";\n");
    input.push_str(";\n");

    let program = programs.postgres();
    let failed = |error: &std::io::Error| EmbeddedError::io("run", &program, error);
    let mut single = command(&program, user);
    single.args(["--single", "-D"]).arg(directory);
    single.args([
        "-c",
        "exit_on_error=on",
        "-c",
        "fsync=off",
        "-c",
        "log_checkpoints=off",
        "template1",
    ]);
    single
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = single.spawn().map_err(|error| failed(&error))?;
    if let Some(mut stdin) = child.stdin.take() {
        // When it ends early its own words say more than the broken pipe.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    check("postgres --single", directory, &output)
}

fn check(program: &'static str, directory: &Path, output: &Output) -> Result<(), EmbeddedError> {
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let path: PathBuf = directory.to_path_buf();
    if words.contains("No space left on device") {
        return Err(EmbeddedError::Full {
            what: "set up the private database in",
            path,
        });
    }
    if words.contains("Read-only file system") {
        return Err(EmbeddedError::ReadOnly {
            what: "set up the private database in",
            path,
        });
    }
    let reason = format!("{} ({})", last_lines(&words), output.status);
    Err(EmbeddedError::FirstStart {
        program,
        path,
        reason,
    })
}
