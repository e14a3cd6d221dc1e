#![allow(clippy::unwrap_used)]
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::time::Duration;

use super::*;
use crate::domain::secret::Secret;

fn document(paper: Paper) -> Document {
    Document {
        stem: "lesson-maths".to_owned(),
        markdown: Secret::new("# Maths\n\nAdd \\*all\\* of it.\n".to_owned()),
        paper,
    }
}

/// A directory with a program of this name.
fn program(name: &str, script: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o755)
        .open(directory.path().join(name))
        .unwrap();
    file.write_all(format!("#!/bin/sh\n{script}\n").as_bytes())
        .unwrap();
    directory
}

fn path(directory: &tempfile::TempDir) -> OsString {
    let mut path = directory.path().as_os_str().to_owned();
    path.push(":/usr/bin:/bin");
    path
}

#[tokio::test]
async fn a_document_gets_a_name_of_its_own_and_overwrites_nothing_unasked() {
    let place = tempfile::tempdir().unwrap();
    let document = document(Paper::Markdown);
    let first = to_directory(&document, place.path(), None).await.unwrap();
    let second = to_directory(&document, place.path(), None).await.unwrap();
    assert!(first.ends_with("lesson-maths.md") && second.ends_with("lesson-maths-2.md"));
    assert_eq!(
        fs::read_to_string(&first).unwrap(),
        "# Maths\n\nAdd \\*all\\* of it.\n"
    );
    assert_eq!(
        fs::metadata(&first).unwrap().permissions().mode() & 0o777,
        0o600
    );
    fs::write(&second, "mine").unwrap();
    let refused = to_file(&document, &second, false, None).await.unwrap_err();
    assert!(matches!(
        refused,
        DocumentError::File(ExportError::Exists { .. })
    ));
    assert_eq!(fs::read_to_string(&second).unwrap(), "mine");
    to_file(&document, &second, true, None).await.unwrap();
    assert!(fs::read_to_string(&second).unwrap().starts_with("# Maths"));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn pages_are_set_by_the_program_that_is_there() {
    let place = tempfile::tempdir().unwrap();
    for (name, script) in [
        ("weasyprint", "{ printf %%PDF-; cat \"$1\"; } > \"$2\""),
        (
            "wkhtmltopdf",
            "for last; do :; done; { printf %%PDF-; cat document.html; } > \"$last\"",
        ),
        (
            "soffice",
            "{ printf %%PDF-; cat document.html; } > document.pdf",
        ),
    ] {
        let programs = program(name, script);
        let written = to_directory(&document(Paper::Pdf), place.path(), Some(&path(&programs)))
            .await
            .unwrap();
        let pages = fs::read_to_string(written).unwrap();
        assert!(
            pages.contains("<h1>Maths</h1>") && pages.contains("Add *all* of it."),
            "{name}"
        );
    }
}

#[tokio::test]
async fn without_a_program_it_is_said_what_to_install() {
    let place = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    // A pandoc without anything that sets pages is none.
    let pandoc = program("pandoc", "exit 0");
    for programs in [empty.path(), pandoc.path()] {
        let told = to_directory(
            &document(Paper::Pdf),
            place.path(),
            Some(programs.as_os_str()),
        )
        .await
        .unwrap_err();
        assert_eq!(told, DocumentError::Pdf(PdfError::NoProgram));
        assert!(told.to_string().contains("install one of weasyprint"));
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_program_that_fails_leaves_nothing_and_says_nothing_of_the_text() {
    let place = tempfile::tempdir().unwrap();
    for (script, says) in [
        ("cat \"$1\" >&2; exit 3", "exit status: 3"),
        ("cp \"$1\" \"$2\"", "something else"),
        ("exit 0", "no file"),
    ] {
        let programs = program("weasyprint", script);
        let told = to_directory(&document(Paper::Pdf), place.path(), Some(&path(&programs)))
            .await
            .unwrap_err()
            .to_string();
        assert!(told.contains(says) && !told.contains("Maths"), "{told}");
    }
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_program_that_does_not_end_is_ended_and_gets_no_password() {
    let programs = program("weasyprint", "env > seen; exec sleep 600");
    let told = pdf::set_within("# A", Some(&path(&programs)), Duration::from_millis(300)).await;
    assert!(told.unwrap_err().to_string().contains("not done after"));
    let shown = program(
        "weasyprint",
        "if env | grep -q -e PGPASSWORD -e CARGO; then exit 4; fi; printf %%PDF- > \"$2\"",
    );
    assert!(pdf::set("# A", Some(&path(&shown))).await.is_ok());
}
