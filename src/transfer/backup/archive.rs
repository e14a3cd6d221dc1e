//! An archive as `pg_restore` sees it, without a server: what is in it, and whether it can be read to its end.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use super::BackupError;
use super::program::{run, table_begun};
use crate::store::embedded::ServerUser;
use crate::store::tools::{Tool, Tools};
use crate::transfer::export::Cancel;

/// The tables that every database of this program has had since its first version.
pub(in crate::transfer) const SINCE_THE_FIRST: &[&str] = &[
    "account_directory",
    "applied_writes",
    "check_ins",
    "drift_flags",
    "goals",
    "harris_content",
    "ideas",
    "imported_records",
    "logs",
    "record_history",
    "retention_policies",
    "reviews",
    "schema_migrations",
    "sessions",
    "teaching_requests",
    "users",
];

/// How `pg_dump -Fc` begins its files.
const MAGIC: &[u8] = b"PGDMP";

/// What is in an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The tables of the schema `wildlands` whose rows are in it, by name.
    pub tables: Vec<String>,
    /// The database it was made of.
    pub database: String,
    /// The version of `pg_dump` that made it.
    pub made_by: String,
}

/// How an archive is opened: by whom, and whether other work goes first.
#[derive(Debug, Clone, Copy)]
pub(in crate::transfer) struct Reading<'a> {
    pub tools: &'a Tools,
    pub user: Option<&'a ServerUser>,
    pub gently: bool,
}

/// The file, if it begins as an archive does.
pub(in crate::transfer) fn open(path: &Path) -> Result<File, BackupError> {
    let cannot = |error: std::io::Error| BackupError::CannotRead {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut file = File::open(path).map_err(cannot)?;
    let mut head = [0; MAGIC.len()];
    let unfit = |reason: &str| BackupError::Unfit {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    match file.read_exact(&mut head) {
        Ok(()) if head == *MAGIC => {}
        Ok(()) if head.starts_with(b"--") => {
            return Err(unfit(
                "it is a dump in plain SQL: restore it with psql into an empty database",
            ));
        }
        Ok(()) => return Err(unfit("it is not an archive of pg_dump -Fc")),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            return Err(unfit("it is empty"));
        }
        Err(error) => return Err(cannot(error)),
    }
    File::open(path).map_err(cannot)
}

/// Lists what is in it.
pub(in crate::transfer) async fn list(
    path: &Path,
    reading: Reading<'_>,
    cancel: &Cancel,
) -> Result<Contents, BackupError> {
    let text = output_of(path, &["--list"], reading, cancel).await?;
    Ok(read_list(&text))
}

/// Reads every byte of it, as a restore would, without a server: a file that ends early or was damaged is found out.
pub(in crate::transfer) async fn read_through(
    path: &Path,
    reading: Reading<'_>,
    begun: &mut (dyn FnMut(&str) + Send),
    cancel: &Cancel,
) -> Result<(), BackupError> {
    let mut command = reading.command(path)?;
    command
        .args(["--file=-", "--verbose"])
        .stdout(Stdio::null());
    let mut line = |line: &str| {
        if let Some(table) = table_begun(line) {
            begun(table);
        }
    };
    run(command, "pg_restore", &mut line, cancel)
        .await
        .map_err(|error| unfit(path, error))
}

/// Lists an archive that must have every table since the first version.
pub(in crate::transfer) async fn complete(
    path: &Path,
    reading: Reading<'_>,
    cancel: &Cancel,
) -> Result<Contents, BackupError> {
    let contents = list(path, reading, cancel).await?;
    contents.lacks_none(path, SINCE_THE_FIRST.iter().copied())?;
    Ok(contents)
}

impl Contents {
    /// Fails where one of these tables is not in it.
    pub(in crate::transfer) fn lacks_none<'a>(
        &self,
        path: &Path,
        expected: impl Iterator<Item = &'a str>,
    ) -> Result<(), BackupError> {
        let missing: Vec<&str> = expected
            .filter(|table| !self.tables.iter().any(|there| there == table))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(BackupError::Unfit {
            path: path.to_owned(),
            reason: format!("it lacks {}", missing.join(", ")),
        })
    }
}

/// The rows of one table as `COPY` writes them, for a small one.
pub(in crate::transfer) async fn rows(
    path: &Path,
    table: &str,
    reading: Reading<'_>,
    cancel: &Cancel,
) -> Result<Vec<String>, BackupError> {
    let table = format!("--table={table}");
    let words = ["--data-only", "--schema=wildlands", "--file=-", &table];
    let text = output_of(path, &words, reading, cancel).await?;
    let after_copy = text.lines().skip_while(|line| !line.starts_with("COPY "));
    Ok(after_copy
        .skip(1)
        .take_while(|line| *line != "\\.")
        .map(str::to_owned)
        .collect())
}

/// The statements around the rows, as SQL: to see which roles they name.
pub(in crate::transfer) async fn statements(
    path: &Path,
    reading: Reading<'_>,
    cancel: &Cancel,
) -> Result<String, BackupError> {
    let words = ["--schema-only", "--no-owner", "--file=-"];
    output_of(path, &words, reading, cancel).await
}

/// What `pg_restore` writes about the archive. To a file, so that it need not be read meanwhile.
async fn output_of(
    path: &Path,
    words: &[&str],
    reading: Reading<'_>,
    cancel: &Cancel,
) -> Result<String, BackupError> {
    let broken = |error: std::io::Error| BackupError::Program {
        program: "pg_restore",
        reason: error.to_string(),
    };
    let output = tempfile::tempfile().map_err(broken)?;
    let mut command = reading.command(path)?;
    command
        .args(words)
        .stdout(output.try_clone().map_err(broken)?);
    run(command, "pg_restore", &mut |_| (), cancel)
        .await
        .map_err(|error| unfit(path, error))?;
    Ok(text_of(output))
}

impl Reading<'_> {
    /// `pg_restore` with the file as its input, opened here: whom it runs as need not reach it.
    fn command(&self, path: &Path) -> Result<std::process::Command, BackupError> {
        let file = open(path)?;
        let mut command = self
            .tools
            .command(Tool::Restore, None, self.user, self.gently);
        command.stdin(file);
        Ok(command)
    }
}

fn text_of(mut file: File) -> String {
    use std::io::Seek;
    let mut bytes = Vec::new();
    if file.rewind().is_ok() {
        // What cannot be read is missing in what is compared with it.
        let _ = file.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn unfit(path: &Path, error: BackupError) -> BackupError {
    match error {
        BackupError::Program { reason, .. } => BackupError::Unfit {
            path: path.to_owned(),
            reason: if reason.starts_with("unsupported version") {
                format!(
                    "{reason}: a newer pg_dump made it, and an older server does not take it; an export goes there"
                )
            } else {
                reason
            },
        },
        other => other,
    }
}

/// Lines such as `;     dbname: wildlands` and `3412; 0 16401 TABLE DATA wildlands logs wildlands_owner`.
fn read_list(text: &str) -> Contents {
    let mut contents = Contents::default();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix(';') {
            let comment = comment.trim();
            if let Some(name) = comment.strip_prefix("dbname: ") {
                name.clone_into(&mut contents.database);
            } else if let Some(version) = comment.strip_prefix("Dumped by pg_dump version: ") {
                version.clone_into(&mut contents.made_by);
            }
            continue;
        }
        if let Some((_, entry)) = line.split_once(" TABLE DATA wildlands ")
            && let Some((table, _owner)) = entry.split_once(' ')
        {
            contents.tables.push(table.to_owned());
        }
    }
    contents.tables.sort();
    contents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_an_archive_is_read() {
        let text = ";\n; Archive created at 2026-11-28 07:00:00 UTC\n;     dbname: wildlands\n\
                    ;     Dumped by pg_dump version: 15.14 (Debian)\n;\n\
                    220; 1259 16400 TABLE wildlands logs wildlands_owner\n\
                    3412; 0 16401 TABLE DATA wildlands logs wildlands_owner\n\
                    3413; 0 16402 TABLE DATA public other ann\n\
                    3411; 0 16403 TABLE DATA wildlands goals wildlands_owner\n";
        let contents = read_list(text);
        assert_eq!(contents.tables, ["goals", "logs"]);
        assert_eq!(contents.database, "wildlands");
        assert_eq!(contents.made_by, "15.14 (Debian)");
    }
}
