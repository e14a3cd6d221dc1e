//! Whatever comes in: an import ends in the document's end or in a refusal that names the place. It never panics, never
//! takes 200 MB, and what is refused leaves the database as it was.
//!
//! `WILDLANDS_FUZZ_INPUTS` says how many inputs are made (500 without it), `WILDLANDS_FUZZ_SEED` where to begin; an input
//! is known by its number, which is told when it fails.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::format_push_string,
    clippy::print_stderr
)]

#[path = "store/driver.rs"]
#[allow(dead_code)]
mod driver;
#[path = "hostile/large.rs"]
mod large;
#[path = "hostile/mutate.rs"]
mod mutate;
mod support;

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harriswildlands::domain::export_format::TABLES;
use harriswildlands::domain::form::LogForm;
use harriswildlands::domain::import::cell::Cell;
use harriswildlands::domain::import::report::{ImportReport, Remark};
use harriswildlands::store::session::Session;
use harriswildlands::transfer::export::Cancel;
use harriswildlands::transfer::import::{Begun, ImportError, Incoming, Options, Sink, Stop, read};

use driver::sign_in;
use large::Large;
use support::{TestDatabase, TestServer};

/// What an import may take, in kB as the system counts them.
const MOST: u64 = 200 * 1024;

/// Files that were thought of, or found: `taken-…`, `refused-…`, and `unfit-…`, which the database refuses.
fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/import/corpus");
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (
                entry.file_name().into_string().unwrap(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// Takes everything, and looks at what it takes.
#[derive(Default)]
struct Counting {
    begun: bool,
    rows: u64,
    whole: HashSet<usize>,
}

impl Sink for Counting {
    fn begin(&mut self, _: Begun) -> Result<(), Stop> {
        assert!(!self.begun, "a document begins once");
        self.begun = true;
        Ok(())
    }

    fn row(&mut self, table: usize, cells: &[Cell], _: u64) -> Result<(), Stop> {
        assert!(self.begun && table < TABLES.len());
        assert_eq!(cells.len(), TABLES[table].columns.len());
        assert!(!self.whole.contains(&table), "a row behind its table");
        self.rows += 1;
        Ok(())
    }

    fn whole(&mut self, table: usize) -> Result<(), Stop> {
        assert!(table < TABLES.len() && self.whole.insert(table));
        Ok(())
    }

    fn remark(&mut self, remark: Remark) {
        assert!(remark.place.len() < 1000 && remark.text.len() < 1000);
    }
}

/// Whether it is taken; a refusal says what is wrong, in words that a terminal takes, and no value.
fn is_taken(input: impl Read) -> bool {
    match read(input, &LogForm::builtin(), &mut Counting::default()) {
        Ok(()) => true,
        Err(Stop::Refused(refusal)) => {
            assert!(!refusal.problem.is_empty() && refusal.to_string().len() < 1000);
            false
        }
        Err(Stop::Newer(version)) => {
            assert!(version > 2);
            false
        }
        Err(Stop::Unreadable(reason)) => panic!("a text in memory is unreadable: {reason}"),
        Err(Stop::Gone) => panic!("nobody went away"),
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

/// The most memory that this process had, in kB.
fn peak(process: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or(0)
}

async fn imported(session: &Session, document: &[u8]) -> Result<ImportReport, ImportError> {
    let incoming = Incoming::open(Cursor::new(document.to_vec()), LogForm::builtin()).await?;
    let options = Options {
        redacted: true,
        ..Options::default()
    };
    incoming
        .merge(session, options, &mut |_, _| (), &Cancel::default())
        .await
}

/// Rows of each table, of everybody.
async fn rows(database: &TestDatabase) -> Vec<i64> {
    let client = database.superuser_client().await;
    let counts = TABLES.map(|table| format!("(select count(*) from wildlands.{})", table.sql));
    let sql = format!("select array[{}]", counts.join(", "));
    client.query_one(&sql, &[]).await.unwrap().get(0)
}

/// What is taken is taken once; what is not leaves everything as it was.
async fn through_the_database(database: &TestDatabase, person: &str, document: &[u8]) -> bool {
    let (session, _) = sign_in(database, person).await;
    let before = rows(database).await;
    match imported(&session, document).await {
        Ok(_) => {
            let before = rows(database).await;
            let again = imported(&session, document)
                .await
                .expect("the same once more");
            assert!(!again.changes_anything(), "{again:#?}");
            assert_eq!(rows(database).await, before);
            true
        }
        Err(error) => {
            assert_eq!(error.exit_code(), 65, "{error:?}");
            assert_eq!(rows(database).await, before, "{error}");
            false
        }
    }
}

#[tokio::test]
async fn what_was_thought_of_is_taken_or_refused_as_its_name_says() {
    let database = TestServer::shared().database().await;
    let corpus = corpus();
    assert!(corpus.len() > 30, "{}", corpus.len());
    for (name, bytes) in corpus {
        // What a rule of the database refuses as a whole is read to its end.
        let (readable, taken) = match name.split_once('-').unwrap().0 {
            "taken" => (true, true),
            "unfit" => (true, false),
            "refused" => (false, false),
            other => panic!("{other}: {name}"),
        };
        assert_eq!(is_taken(bytes.as_slice()), readable, "{name}");
        assert_eq!(
            through_the_database(&database, &name, &bytes).await,
            taken,
            "{name}"
        );
    }
}

#[test]
fn whatever_is_made_of_a_document_ends_in_its_end_or_a_refusal() {
    let inputs = number("WILDLANDS_FUZZ_INPUTS", 500);
    let seed = number("WILDLANDS_FUZZ_SEED", 1);
    let documents: Vec<Vec<u8>> = corpus()
        .into_iter()
        .filter(|(name, _)| name.starts_with("taken-"))
        .map(|(_, bytes)| bytes)
        .collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let database = runtime.block_on(async { TestServer::shared().database().await });
    // A few hundred take the time that they take.
    let share = u32::try_from(inputs / 3000).unwrap().max(4);
    let (mut taken, mut stored) = (0_u64, [0_u64; 2]);
    for n in seed..seed + inputs {
        let mut rng = fastrand::Rng::with_seed(n);
        let input = mutate::input(&documents, &mut rng);
        let read = catch_unwind(AssertUnwindSafe(|| is_taken(input.as_slice())));
        let Ok(is_taken) = read else {
            panic!("input {n} ended in a panic");
        };
        taken += u64::from(is_taken);
        // Some of those that are read to the end, and fewer of the others, go through a database.
        let small = input.len() < 200_000;
        let one_in = if is_taken { share } else { share * 100 };
        if small && rng.u32(..).is_multiple_of(one_in) {
            let person = format!("input{n}");
            let through = through_the_database(&database, &person, &input);
            let stored_now = catch_unwind(AssertUnwindSafe(|| runtime.block_on(through)));
            let Ok(is_stored) = stored_now else {
                panic!("input {n} ended in a panic on its way through the database");
            };
            assert!(is_taken || !is_stored, "input {n}");
            stored[usize::from(is_stored)] += 1;
        }
    }
    let peak = peak("self") / 1024;
    eprintln!(
        "{inputs} inputs from {seed}: {taken} read to the end; through the database {} taken and {} refused; {peak} MB",
        stored[1], stored[0]
    );
    assert!(
        taken * 20 > inputs,
        "most are broken beyond being looked at"
    );
    assert!(peak < MOST / 1024, "{peak} MB");
}

/// How the program ended that was given this: its code, what it said, and the most memory it had, in kB.
fn run(database: &TestDatabase, document: &Large) -> (i32, String, u64) {
    let home = tempfile::Builder::new()
        .prefix("wl-hostile-")
        .tempdir()
        .unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_wildlands"))
        .args(["import", "-", "--yes"])
        .env_clear()
        .env("HOME", home.path())
        .env("WILDLANDS_HOME", home.path().join("home"))
        .env("DATABASE_URL", database.url(support::APP))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut reader = document.reader();
    let writing = std::thread::spawn(move || {
        // What is refused is not read to its end.
        let _ = std::io::copy(&mut reader, &mut input).and_then(|_| input.flush());
    });
    let id = child.id().to_string();
    let mut most = 0;
    let status = loop {
        most = most.max(peak(&id));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    writing.join().unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    (status.code().expect("ended by a signal"), said, most)
}

fn fresh() -> TestDatabase {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async { TestServer::shared().database().await })
}

#[test]
fn nothing_takes_the_program_200_mb() {
    let database = fresh();
    for document in large::all() {
        let begun = Instant::now();
        let (code, said, most) = run(&database, &document);
        eprintln!(
            "{}: {} MB, {:?}",
            document.name,
            most / 1024,
            begun.elapsed()
        );
        assert_eq!(code, 65, "{}: {said}", document.name);
        let words = document.refused.unwrap();
        assert!(said.contains(words), "{}: {said}", document.name);
        assert!(said.len() < 1000, "{}: {said}", document.name);
        assert!((1..MOST).contains(&most), "{}: {most} kB", document.name);
    }
}

#[test]
fn what_is_taken_does_not_take_200_mb_either() {
    let database = fresh();
    for document in large::taken() {
        let begun = Instant::now();
        let (code, said, most) = run(&database, &document);
        eprintln!(
            "{}: {} MB, {:?}",
            document.name,
            most / 1024,
            begun.elapsed()
        );
        assert_eq!(code, 0, "{}: {said}", document.name);
        assert!((1..MOST).contains(&most), "{}: {most} kB", document.name);
    }
}
