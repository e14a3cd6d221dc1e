//! Reading the words of `wildlands log`: which day, and which fields to set to what.
//!
//! Everything is read and checked before anything is done, and every problem is told at once.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use jiff::civil::Date;

use crate::domain::dates;
use crate::domain::form::LogForm;
use crate::domain::patch::Patch;
use crate::domain::text;

use crate::cli::exit::{Exit, Failure};
use crate::cli::fields::{Fields, Problem, ReadInput, utf8};

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
        let (first, rest) = words.split_at(split);
        let mut fields = Fields::of(form, input);
        let date = date(first, form, today).map_err(|problem| fields.problem(problem));
        for word in rest {
            fields.word(word, "neither a date in first place");
        }
        match (fields.finish(), date) {
            (Ok(set), Ok(date)) => Ok(Self {
                date,
                patch: set.patch,
                exposed: set.exposed,
            }),
            (Err(mut failure), _) => {
                if !rest.is_empty() {
                    failure.lines.push("nothing was saved".to_owned());
                }
                Err(failure)
            }
            // The problem with the date is among those of the fields.
            (Ok(_), Err(())) => Err(Failure::quiet(Exit::BadData)),
        }
    }
}

fn date(words: &[OsString], form: &LogForm, today: Date) -> Result<Date, Problem> {
    if words.is_empty() {
        return Ok(today);
    }
    let texts: Vec<&str> = words
        .iter()
        .map(|word| utf8(word))
        .collect::<Result<_, _>>()?;
    dates::parse_date(&texts.join(" "), today).map_err(|error| {
        let first = texts.first().copied().unwrap_or_default();
        match form.field(first) {
            Some(field) => (
                Exit::Usage,
                format!(
                    "{} is a field; to set it write {}=VALUE",
                    text::printable(first),
                    field.key
                ),
            ),
            None => (Exit::BadData, error.to_string()),
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::ffi::OsStr;

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
