//! Pages set by a program of the machine: no shell, no network, a time limit, and nothing of the text in its arguments.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};
use tokio::process::{Child, Command};

/// How long a program may take; the first start of an office program is slow.
const LIMIT: Duration = Duration::from_secs(90);

/// The names within the program's own directory.
const SOURCE: &str = "document.html";
const PAGES: &str = "document.pdf";

/// Why there are no pages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PdfError {
    /// None of the programs is installed.
    #[error(
        "no program that makes PDF was found; install one of weasyprint, wkhtmltopdf, libreoffice, \
         or pandoc with typst or xelatex, or export as Markdown"
    )]
    NoProgram,
    /// The program could not be run.
    #[error(
        "{program} could not be run ({reason}); export as Markdown, or install another program"
    )]
    CannotRun {
        /// Its name.
        program: &'static str,
        /// What the system says.
        reason: String,
    },
    /// The program made no PDF.
    #[error("{program} made no PDF ({reason}); export as Markdown, or install another program")]
    NoPages {
        /// Its name.
        program: &'static str,
        /// How it ended.
        reason: String,
    },
}

/// Sets a Markdown text in pages; gives the PDF.
pub(super) async fn set(markdown: &str, path: Option<&OsStr>) -> Result<Vec<u8>, PdfError> {
    set_within(markdown, path, LIMIT).await
}

pub(super) async fn set_within(
    markdown: &str,
    path: Option<&OsStr>,
    limit: Duration,
) -> Result<Vec<u8>, PdfError> {
    let printer = Printer::find(path).ok_or(PdfError::NoProgram)?;
    let program = printer.name;
    let cannot = |reason: std::io::Error| PdfError::CannotRun {
        program,
        reason: reason.to_string(),
    };
    // Readable by this user alone, and removed with the guard.
    let place = tempfile::Builder::new()
        .prefix("wildlands-pdf-")
        .tempdir()
        .map_err(cannot)?;
    fs::write(place.path().join(SOURCE), page(markdown)).map_err(cannot)?;
    let mut child = Running(printer.start(place.path(), path).map_err(cannot)?);
    let no_pages = |reason: &str| PdfError::NoPages {
        program,
        reason: reason.to_owned(),
    };
    match tokio::time::timeout(limit, child.0.wait()).await {
        Ok(Ok(status)) if status.success() => {}
        // What it says could hold words of the text, so only how it ended is told.
        Ok(Ok(status)) => return Err(no_pages(&status.to_string())),
        Ok(Err(error)) => return Err(cannot(error)),
        Err(_) => {
            child.stop();
            return Err(no_pages(&format!("not done after {} s", limit.as_secs())));
        }
    }
    match fs::read(place.path().join(PAGES)) {
        Ok(bytes) if bytes.starts_with(b"%PDF-") => Ok(bytes),
        Ok(_) => Err(no_pages("it wrote something else")),
        Err(_) => Err(no_pages("it wrote no file")),
    }
}

/// A program that runs; when nobody waits for it any more it ends with all that it started.
struct Running(Child);

impl Running {
    fn stop(&self) {
        // There is an id until it has been waited for.
        if let Some(id) = self.0.id().and_then(|id| i32::try_from(id).ok()) {
            let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A program that sets HTML in pages.
struct Printer {
    name: &'static str,
    program: PathBuf,
    engine: Option<&'static str>,
}

/// In the order they are asked: those first that need nothing else.
const PRINTERS: [&str; 5] = [
    "weasyprint",
    "wkhtmltopdf",
    "pandoc",
    "libreoffice",
    "soffice",
];

/// What pandoc sets pages with; it has none of its own.
const ENGINES: [&str; 4] = ["typst", "xelatex", "lualatex", "pdflatex"];

impl Printer {
    fn find(path: Option<&OsStr>) -> Option<Self> {
        PRINTERS.into_iter().find_map(|name| {
            let program = installed(name, path)?;
            let engine = match name {
                "pandoc" => Some(ENGINES.into_iter().find(|e| installed(e, path).is_some())?),
                _ => None,
            };
            Some(Self {
                name,
                program,
                engine,
            })
        })
    }

    fn start(&self, place: &Path, path: Option<&OsStr>) -> std::io::Result<Child> {
        let mut command = Command::new(&self.program);
        command
            .args(self.arguments(place))
            .current_dir(place)
            // The environment may hold the database's password.
            .env_clear()
            .env("HOME", place)
            .env("TMPDIR", place)
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .kill_on_drop(true);
        if let Some(path) = path {
            command.env("PATH", path);
        }
        command.spawn()
    }

    fn arguments(&self, place: &Path) -> Vec<OsString> {
        let plain: Vec<&str> = match (self.name, self.engine) {
            ("wkhtmltopdf", _) => vec![
                "--quiet",
                "--encoding",
                "utf-8",
                "--disable-javascript",
                "--disable-local-file-access",
                SOURCE,
                PAGES,
            ],
            ("pandoc", Some(engine)) => {
                let engine = format!("--pdf-engine={engine}");
                let words = ["--from=html", "--output", PAGES, SOURCE];
                let mut arguments: Vec<OsString> = vec![engine.into()];
                arguments.extend(words.map(OsString::from));
                return arguments;
            }
            ("libreoffice" | "soffice", _) => {
                // A profile of its own: a running office takes no orders of another program.
                let mut profile = OsString::from("-env:UserInstallation=file://");
                profile.push(place.join("profile"));
                let words = ["--headless", "--norestore", "--convert-to", "pdf", SOURCE];
                let mut arguments = vec![profile];
                arguments.extend(words.map(OsString::from));
                return arguments;
            }
            _ => vec![SOURCE, PAGES],
        };
        plain.into_iter().map(OsString::from).collect()
    }
}

/// The program of this name in the directories of `path`.
fn installed(name: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    std::env::split_paths(path?)
        .filter(|directory| directory.is_absolute())
        .map(|directory| directory.join(name))
        .find(|file| {
            let runs =
                |data: fs::Metadata| data.is_file() && data.permissions().mode() & 0o111 != 0;
            fs::metadata(file).is_ok_and(runs)
        })
}

/// The text as a page of HTML that names nothing outside itself.
fn page(markdown: &str) -> String {
    const HEAD: &str = "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>Document</title><style>\
        @page { size: A4; margin: 2cm } body { font-family: serif; font-size: 11pt; line-height: 1.4 } \
        h1, h2, h3 { font-family: sans-serif; page-break-after: avoid }</style></head><body>\n";
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).filter_map(closed);
    let mut text = String::from(HEAD);
    html::push_html(&mut text, events);
    text.push_str("</body></html>\n");
    text
}

/// HTML of the text's own as text; links and pictures as their words, so that nothing is fetched.
fn closed(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => {
            Some(Event::Text(CowStr::from(text.into_string())))
        }
        Event::Start(Tag::Link { .. } | Tag::Image { .. })
        | Event::End(TagEnd::Link | TagEnd::Image) => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_nothing_outside_itself() {
        let page = page(
            "# A\n\n[b](http://c.d) ![e](file:///etc/f) <img src=http://g>\n\n<script>h</script>\n",
        );
        assert!(page.contains("<h1>A</h1>") && page.contains("&lt;script&gt;"));
        let body = page.split_once("<body>").map_or("", |(_, body)| body);
        for outside in ["c.d", "/etc/f", "<img", "<script", "href"] {
            assert!(!body.contains(outside), "{outside}: {body}");
        }
    }
}
