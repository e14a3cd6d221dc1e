//! Reading the words of `wildlands log`: which day, and which fields to set to what.
//!
//! Everything is read and checked before anything is done, and every problem is told at once.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;

use jiff::civil::Date;

use crate::domain::dates;
use crate::domain::form::{Field, Kind, LogForm};
use crate::domain::patch::Patch;
use crate::domain::text;

use crate::cli::exit::{Exit, Failure};

/// Reads the whole of standard input for the field of this name.
pub type ReadInput<'a> = &'a mut dyn FnMut(&str) -> io::Result<Vec<u8>>;

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The day.
    pub date: Date,
    /// What to set; empty to print the day.
    pub patch: Patch,
    /// Sensitive fields whose text stood in the arguments, where others can see it.
    pub exposed: Vec<String>,
}

impl Order {
    /// Reads the words: first a date, if any, then `field=value`.
    ///
    /// # Errors
    /// Every problem, a line each: [`Exit::Usage`] where a word is none of both, [`Exit::BadData`] otherwise.
    pub fn read(
        words: &[OsString],
        form: &LogForm,
        today: Date,
        input: ReadInput,
    ) -> Result<Self, Failure> {
        let split = words
            .iter()
            .position(|word| word.as_bytes().contains(&b'='))
            .unwrap_or(words.len());
        let (date, fields) = words.split_at(split);
        let mut reading = Reading {
            form,
            input,
            patch: Patch::default(),
            exposed: Vec::new(),
            problems: Vec::new(),
            piped: None,
        };
        let date = reading.date(date, today);
        for word in fields {
            if let Err(failure) = reading.field(word) {
                reading.problems.push(failure);
            }
        }
        let worst = reading
            .problems
            .iter()
            .map(|(exit, _)| *exit)
            .min_by_key(|exit| exit.code());
        match (date, worst) {
            (Some(date), None) => Ok(Self {
                date,
                patch: reading.patch,
                exposed: reading.exposed,
            }),
            (_, worst) => {
                let mut lines: Vec<String> =
                    reading.problems.into_iter().map(|(_, line)| line).collect();
                if !fields.is_empty() {
                    lines.push("nothing was saved".to_owned());
                }
                Err(Failure::all(worst.unwrap_or(Exit::BadData), lines))
            }
        }
    }
}

type Problem = (Exit, String);

struct Reading<'a> {
    form: &'a LogForm,
    input: ReadInput<'a>,
    patch: Patch,
    exposed: Vec<String>,
    problems: Vec<Problem>,
    /// The field that took standard input.
    piped: Option<String>,
}

impl Reading<'_> {
    fn date(&mut self, words: &[OsString], today: Date) -> Option<Date> {
        if words.is_empty() {
            return Some(today);
        }
        let mut texts = Vec::new();
        for word in words {
            match utf8(word) {
                Ok(text) => texts.push(text),
                Err(problem) => {
                    self.problems.push(problem);
                    return None;
                }
            }
        }
        match dates::parse_date(&texts.join(" "), today) {
            Ok(date) => Some(date),
            Err(error) => {
                let first = texts.first().copied().unwrap_or_default();
                self.problems.push(match self.form.field(first) {
                    Some(field) => (
                        Exit::Usage,
                        format!(
                            "{} is a field; to set it write {}=VALUE",
                            text::printable(first),
                            field.key
                        ),
                    ),
                    None => (Exit::BadData, error.to_string()),
                });
                None
            }
        }
    }

    fn field(&mut self, word: &OsStr) -> Result<(), Problem> {
        let bytes = word.as_bytes();
        let Some(sign) = bytes.iter().position(|&byte| byte == b'=') else {
            let shown = text::printable(&word.to_string_lossy()).into_owned();
            return Err((
                Exit::Usage,
                format!("“{shown}” is neither a date in first place nor FIELD=VALUE"),
            ));
        };
        let (key, value) = bytes.split_at(sign);
        let key = text::decode(key)
            .map_err(|error| (Exit::BadData, format!("a field's name: {error}")))?;
        let value = value.get(1..).unwrap_or_default();
        let field = self
            .form
            .field(key)
            .ok_or_else(|| (Exit::BadData, self.form.unknown(key).to_string()))?;
        if self.patch.keys().any(|known| known == field.key) {
            return Err((
                Exit::Usage,
                format!("{} is given twice; give it once", field.key),
            ));
        }
        let value = if takes_input(field, value) {
            self.piped(field)?
        } else {
            self.inline(field, value)?
        };
        self.patch.merge(Patch::one(field.key.as_str(), value));
        Ok(())
    }

    fn inline(
        &mut self,
        field: &Field,
        value: &[u8],
    ) -> Result<Option<serde_json::Value>, Problem> {
        let value = text::decode(value)
            .map_err(|error| (Exit::BadData, format!("{}: {error}", field.key)))?;
        let value = field
            .parse(value)
            .map_err(|error| (Exit::BadData, error.to_string()))?;
        if field.sensitive && value.is_some() {
            self.exposed.push(field.key.clone());
        }
        Ok(value)
    }

    fn piped(&mut self, field: &Field) -> Result<Option<serde_json::Value>, Problem> {
        if let Some(first) = &self.piped {
            return Err((
                Exit::Usage,
                format!(
                    "{} and {first} both read standard input; only one of them can",
                    field.key
                ),
            ));
        }
        self.piped = Some(field.key.clone());
        let bytes = (self.input)(&field.key).map_err(|error| {
            (
                Exit::Io,
                format!("{}: cannot read standard input: {error}", field.key),
            )
        })?;
        let input = text::decode(&bytes).map_err(|error| {
            (
                Exit::BadData,
                format!("{}: on standard input, {error}", field.key),
            )
        })?;
        // `echo` and editors end a text with a line break that nobody meant to store.
        let input = input
            .strip_suffix('\n')
            .map_or(input, |text| text.strip_suffix('\r').unwrap_or(text));
        match field.kind {
            Kind::Text => field.text(input),
            Kind::Scale { .. }
            | Kind::Number { .. }
            | Kind::Toggle
            | Kind::Choice { .. }
            | Kind::Many { .. } => field.parse(input),
        }
        .map_err(|error| (Exit::BadData, error.to_string()))
    }
}

/// `@-` reads standard input for any field; `-` for a text, as tools do it. On other fields `-` clears, as in the
/// program.
fn takes_input(field: &Field, value: &[u8]) -> bool {
    value == b"@-" || (value == b"-" && matches!(field.kind, Kind::Text))
}

fn utf8(word: &OsStr) -> Result<&str, Problem> {
    text::decode(word.as_bytes()).map_err(|error| (Exit::BadData, format!("an argument: {error}")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use jiff::civil::date;
    use serde_json::json;

    use super::*;
    use crate::domain::secret::Exit as Way;

    fn read_with(words: &[&[u8]], input: &[u8]) -> Result<Order, Failure> {
        let words: Vec<OsString> = words
            .iter()
            .map(|word| OsStr::from_bytes(word).to_owned())
            .collect();
        Order::read(&words, &LogForm::builtin(), date(2026, 11, 23), &mut |_| {
            Ok(input.to_vec())
        })
    }

    fn read(words: &[&str]) -> Result<Order, Failure> {
        read_with(
            &words.iter().map(|word| word.as_bytes()).collect::<Vec<_>>(),
            b"",
        )
    }

    fn refused(words: &[&str]) -> Failure {
        read(words).expect_err("must be refused")
    }

    #[test]
    fn a_date_comes_first_and_fields_follow() {
        let order = read(&["yesterday", "mood=7", "mental_clarity=4", "Sleep-Hours=6.5"]).unwrap();
        assert_eq!(order.date, date(2026, 11, 22));
        assert_eq!(
            order.patch.to_json(Way::Database),
            json!({ "mood": 7, "mentalClarity": 4, "sleepHours": 6.5 })
        );
        assert_eq!(read(&["mood=7"]).unwrap().date, date(2026, 11, 23));
        assert_eq!(read(&["-3"]).unwrap().date, date(2026, 11, 20));
        assert_eq!(
            read(&["23", "Nov", "mood=7"]).unwrap().date,
            date(2026, 11, 23)
        );
        assert!(read(&[]).unwrap().patch.is_empty());
    }

    #[test]
    fn all_problems_are_told_and_nothing_is_kept() {
        let failure = refused(&["2026-02-30", "mood=11", "moood=7", "energy=6"]);
        assert_eq!(failure.exit, Exit::BadData);
        let told = failure.lines.join("\n");
        for words in ["February", "mood", "did you mean", "nothing was saved"] {
            assert!(told.contains(words), "{words} is missing in {told}");
        }
        assert_eq!(failure.lines.len(), 4, "{told}");
    }

    #[test]
    fn a_field_in_the_place_of_a_date_is_explained() {
        let failure = refused(&["mood", "7"]);
        assert_eq!(failure.exit, Exit::Usage);
        assert!(failure.lines.join("").contains("mood=VALUE"));
        assert_eq!(refused(&["mood=7", "energy"]).exit, Exit::Usage);
        assert_eq!(refused(&["mood=7", "Mood=8"]).exit, Exit::Usage);
    }

    #[test]
    fn nothing_and_dash_clear_but_a_text_reads_from_outside() {
        let order = read_with(
            &[b"mood=-", b"energy=", b"topWin=-"],
            "one\ntwo\n".as_bytes(),
        )
        .unwrap();
        assert_eq!(
            order.patch.to_json(Way::Database),
            json!({ "mood": null, "energy": null, "topWin": "one\ntwo" })
        );
        assert_eq!(
            read_with(&[b"mood=@-"], b"7\n")
                .unwrap()
                .patch
                .to_json(Way::Database),
            json!({ "mood": 7 })
        );
        let twice =
            read_with(&[b"topWin=-", b"driftCheck=-"], b"x").expect_err("one input, two fields");
        assert_eq!(twice.exit, Exit::Usage);
    }

    #[test]
    fn what_cannot_be_stored_is_refused_with_its_place() {
        for (input, place) in [(&b"ab\xffc"[..], "byte 3"), (b"a\0b", "character 2")] {
            let failure = read_with(&[b"topWin=-"], input).expect_err("must be refused");
            assert_eq!(failure.exit, Exit::BadData);
            assert!(failure.lines.join("").contains(place), "{failure:?}");
        }
        assert_eq!(
            read_with(&[b"topWin=a\xff"], b"")
                .expect_err("not UTF-8")
                .exit,
            Exit::BadData
        );
        let long = vec![b'x'; 1 << 20];
        let failure = read_with(&[b"driftCheck=-"], &long).expect_err("too long");
        assert!(failure.lines.join("").contains("1048576"), "{failure:?}");
    }

    #[test]
    fn a_private_text_in_the_arguments_is_noticed_and_never_quoted() {
        let order = read(&["driftCheck=planted-needle", "topWin=open"]).unwrap();
        assert_eq!(order.exposed, ["driftCheck"]);
        assert!(!format!("{order:?}").contains("needle"));
        let order = read_with(&[b"driftCheck=-"], b"planted-needle").unwrap();
        assert!(order.exposed.is_empty());
    }
}
