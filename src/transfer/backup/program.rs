//! Running one of PostgreSQL's programs to its end: what it is doing is told line by line, and it ends when it is asked to.

use std::process::{Command, Stdio};

use tokio::io::{AsyncBufReadExt, BufReader};

use super::BackupError;
use crate::store::error::StoreError;
use crate::store::tools::Tools;
use crate::transfer::export::Cancel;

/// How many of its lines are remembered for the message.
const REMEMBERED: usize = 20;

/// Runs it. Its standard error is read; whoever stops waiting ends it.
pub(in crate::transfer) async fn run(
    mut command: Command,
    program: &'static str,
    line: &mut (dyn FnMut(&str) + Send),
    cancel: &Cancel,
) -> Result<(), BackupError> {
    command.stderr(Stdio::piped());
    let mut command = tokio::process::Command::from(command);
    command.kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| BackupError::Program {
        program,
        reason: format!("it could not be started ({error})"),
    })?;
    let mut said: Vec<String> = Vec::new();
    if let Some(pipe) = child.stderr.take() {
        let mut lines = BufReader::new(pipe).split(b'\n');
        loop {
            let next = tokio::select! {
                next = lines.next_segment() => next,
                () = cancel.cancelled() => {
                    // Gone before anybody removes the file under it.
                    let _ = child.kill().await;
                    return Err(BackupError::Cancelled);
                }
            };
            let Ok(Some(bytes)) = next else { break };
            let text = String::from_utf8_lossy(&bytes).into_owned();
            line(&text);
            if said.len() == REMEMBERED {
                said.remove(0);
            }
            said.push(text);
        }
    }
    let status = child.wait().await.map_err(|error| BackupError::Program {
        program,
        reason: error.to_string(),
    })?;
    if status.success() {
        return Ok(());
    }
    if said.iter().any(|text| is_cut(text)) {
        return Err(BackupError::Store(StoreError::LinkLost {
            reason: format!("{program} was in the middle of its work"),
        }));
    }
    let reason = said
        .iter()
        .find(|text| text.contains("error: ") || text.contains("ERROR: "))
        .map_or_else(|| status.to_string(), |text| harmless(text));
    Err(BackupError::Program { program, reason })
}

/// Whether the server went away under the program.
fn is_cut(line: &str) -> bool {
    [
        "server closed the connection unexpectedly",
        "terminating connection due to",
        "terminating connection because of",
        "no connection to the server",
        "could not receive data from server",
        "could not send data to server",
    ]
    .iter()
    .any(|words| line.contains(words))
}

/// A `pg_restore` that is newer than the server may say what the server does not know, as that of 17 does to every older
/// one: the message names the program that does not.
pub(in crate::transfer) fn by_newer(error: BackupError, tools: &Tools) -> BackupError {
    if let (BackupError::Program { program, reason }, Some(install)) = (&error, tools.own_version())
    {
        let (has, server) = (&tools.version, tools.server);
        return BackupError::Program {
            program,
            reason: format!(
                "{reason}; it is {has}, newer than the server ({server}), and may say what that one does not know: \
                 install {server}'s with `{install}`, or set WILDLANDS_PG_BINDIR to the directory that holds them"
            ),
        };
    }
    error
}

/// The line of an error without the name of the program and without values: what follows the type in `invalid input
/// syntax for type integer: "…"` may be anything that a person wrote.
fn harmless(line: &str) -> String {
    let text = ["error: ", "ERROR: "]
        .iter()
        .fold(line, |text, mark| match text.split_once(mark) {
            Some((_, after)) => after,
            None => text,
        })
        .trim()
        .trim_end_matches('.');
    let text = match text.find("invalid ").or_else(|| text.find("malformed ")) {
        Some(_) => text.split_once(": ").map_or(text, |(before, _)| before),
        None => text,
    };
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

/// The table that a line such as `pg_dump: dumping contents of table "wildlands.logs"` begins with.
pub(in crate::transfer) fn table_begun(line: &str) -> Option<&str> {
    let (_, after) = line
        .split_once("dumping contents of table \"")
        .or_else(|| line.split_once("processing data for table \""))?;
    after.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_restore_by_a_newer_program_says_which_one_would_do() {
        let tools = |major: u32| Tools {
            dir: "/somewhere".into(),
            version: format!("{major}.2"),
            major,
            server: 15,
        };
        let failed = || BackupError::Program {
            program: "pg_restore",
            reason: "unrecognized configuration parameter \"transaction_timeout\"".to_owned(),
        };
        let told = by_newer(failed(), &tools(17)).to_string();
        assert!(
            told.contains("transaction_timeout")
                && told.contains("it is 17.2, newer than the server (15)"),
            "{told}"
        );
        assert_eq!(by_newer(failed(), &tools(15)), failed());
    }

    #[test]
    fn a_value_that_a_program_quotes_is_left_out() {
        let told = harmless(
            "pg_restore: error: COPY failed for table \"logs\": ERROR:  invalid input syntax for type date: \"my secret\"",
        );
        assert_eq!(told, "invalid input syntax for type date");
        let told = harmless("pg_dump: error: connection to server failed: FATAL: no");
        assert_eq!(told, "connection to server failed: FATAL: no");
    }

    #[tokio::test]
    async fn a_server_that_went_away_is_told_apart_from_what_is_wrong() {
        let cut = "echo 'pg_dump: error: Dumping the contents of table \"logs\" failed: PQgetCopyData() failed.' >&2; \
                   echo 'pg_dump: detail: Error message from server: server closed the connection unexpectedly' >&2; exit 1";
        let wrong =
            "echo 'pg_dump: error: could not write to file: No space left on device.' >&2; exit 1";
        let ended = async |script: &str| {
            let mut command = Command::new("/bin/sh");
            command.args(["-c", script]);
            let ended = run(command, "pg_dump", &mut |_| (), &Cancel::default()).await;
            ended.unwrap_err()
        };
        let told = ended(cut).await;
        assert!(
            matches!(&told, BackupError::Store(error) if error.is_transient()),
            "{told}"
        );
        let told = ended(wrong).await.to_string();
        assert_eq!(
            told,
            "pg_dump failed: could not write to file: No space left on device"
        );
    }

    #[tokio::test]
    async fn a_program_that_is_stopped_is_gone() {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", "echo begun >&2; exec cat"])
            .stdin(Stdio::piped());
        let cancel = Cancel::default();
        let stopper = cancel.clone();
        let mut line = move |_: &str| stopper.cancel();
        let ended = run(command, "sh", &mut line, &cancel).await;
        assert_eq!(ended, Err(BackupError::Cancelled));
    }

    #[test]
    fn the_table_of_a_line_is_read() {
        let line = "pg_dump: dumping contents of table \"wildlands.logs\"";
        assert_eq!(table_begun(line), Some("wildlands.logs"));
        let line = "pg_restore: processing data for table \"wildlands.check_ins\"";
        assert_eq!(table_begun(line), Some("wildlands.check_ins"));
        assert_eq!(table_begun("pg_dump: reading schemas"), None);
    }
}
