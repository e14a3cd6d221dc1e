//! Reading JSON piece by piece: every text without NUL, every key once in its object, every number
//! within what the database holds, every record within its limits.

use std::hash::{BuildHasher as _, RandomState};
use std::io::Read;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use struson::reader::{JsonReader as _, JsonStreamReader, ReaderSettings, ValueType};
use uuid::Uuid;

use crate::domain::import::cell::{Cell, json_text};
use crate::domain::import::shape::{Column, Kind};

use super::input::{Bounded, Budget};
use super::refusal::{Refusal, Stop};

/// How deep lists and objects may be nested in a document of ours; what is deeper cannot be shown or edited.
pub(super) const DEEPEST: u32 = 120;

/// Digits before and after the point of a PostgreSQL numeric.
const WHOLE: usize = 131_072;
const FRACTION: usize = 16_383;

/// The largest exponent either way: a double needs no more, and a numeric is written out by its server.
const EXPONENT: i64 = 400;

/// A document that is being read.
pub(super) struct Json<R: Read> {
    reader: JsonStreamReader<Bounded<R>>,
    budget: Budget,
    hash: RandomState,
}

impl<R: Read> Json<R> {
    pub fn new(input: R, deepest: u32) -> Self {
        let budget = Budget::new();
        let settings = ReaderSettings {
            max_nesting_depth: Some(deepest),
            // The limits of numbers are the database's, below.
            restrict_number_values: false,
            ..ReaderSettings::default()
        };
        let bounded = Bounded::new(input, budget.clone());
        Self {
            reader: JsonStreamReader::new_custom(bounded, settings),
            budget,
            hash: RandomState::new(),
        }
    }

    /// A record begins: its limit counts from here.
    pub fn record(&self) {
        self.budget.renew();
    }

    /// What stands here is not taken.
    pub fn refuse(&self, problem: impl Into<String>) -> Stop {
        Refusal::at(&self.reader.current_position(true), problem).into()
    }

    pub fn peek(&mut self) -> Result<ValueType, Stop> {
        Ok(self.reader.peek()?)
    }

    pub fn begin_object(&mut self) -> Result<(), Stop> {
        Ok(self.reader.begin_object()?)
    }

    pub fn end_object(&mut self) -> Result<(), Stop> {
        Ok(self.reader.end_object()?)
    }

    pub fn begin_array(&mut self) -> Result<(), Stop> {
        Ok(self.reader.begin_array()?)
    }

    pub fn end_array(&mut self) -> Result<(), Stop> {
        Ok(self.reader.end_array()?)
    }

    pub fn has_next(&mut self) -> Result<bool, Stop> {
        Ok(self.reader.has_next()?)
    }

    pub fn name(&mut self) -> Result<String, Stop> {
        Ok(self.reader.next_name_owned()?)
    }

    /// Nothing but white space may follow.
    pub fn end(self) -> Result<(), Stop> {
        self.budget.renew();
        Ok(self.reader.consume_trailing_whitespace()?)
    }

    /// A text.
    pub fn text(&mut self) -> Result<String, Stop> {
        let text = self.reader.next_string()?;
        if text.contains('\0') {
            return Err(self.refuse("the text has a NUL character, which cannot be kept"));
        }
        Ok(text)
    }

    /// Any value, written again as JSON. Keys and texts are as they were, numbers digit for digit.
    pub fn value(&mut self) -> Result<String, Stop> {
        let mut out = String::new();
        self.append(&mut out)?;
        Ok(out)
    }

    fn append(&mut self, out: &mut String) -> Result<(), Stop> {
        match self.reader.peek()? {
            ValueType::Object => {
                self.reader.begin_object()?;
                self.members(out)?;
                self.reader.end_object()?;
            }
            ValueType::Array => {
                self.reader.begin_array()?;
                out.push('[');
                let mut comma = "";
                while self.reader.has_next()? {
                    out.push_str(comma);
                    comma = ",";
                    self.append(out)?;
                }
                out.push(']');
                self.reader.end_array()?;
            }
            ValueType::String => {
                let text = self.reader.next_str()?;
                if text.contains('\0') {
                    return Err(self.refuse("the text has a NUL character, which cannot be kept"));
                }
                json_text(text, out);
            }
            ValueType::Number => {
                let number = self.reader.next_number_as_str()?;
                let grows = written_out(number);
                out.push_str(number);
                match grows {
                    Some(digits) if digits == 0 || self.budget.take(digits) => {}
                    Some(_) | None => {
                        return Err(self.refuse("the number is beyond what the database holds"));
                    }
                }
            }
            ValueType::Boolean => {
                out.push_str(if self.reader.next_bool()? {
                    "true"
                } else {
                    "false"
                });
            }
            ValueType::Null => {
                self.reader.next_null()?;
                out.push_str("null");
            }
        }
        Ok(())
    }

    fn members(&mut self, out: &mut String) -> Result<(), Stop> {
        out.push('{');
        // Eight bytes a key, whatever its length.
        let mut seen: Vec<u64> = Vec::new();
        while self.reader.has_next()? {
            let name = self.reader.next_name()?;
            let has_nul = name.contains('\0');
            if !seen.is_empty() {
                out.push(',');
            }
            seen.push(self.hash.hash_one(name));
            json_text(name, out);
            out.push(':');
            if has_nul {
                return Err(self.refuse("the key has a NUL character, which cannot be kept"));
            }
            self.append(out)?;
        }
        out.push('}');
        seen.sort_unstable();
        if seen.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(self.refuse("a key stands twice in this object"));
        }
        Ok(())
    }

    /// The value of a column.
    pub fn cell(&mut self, column: &Column) -> Result<Cell, Stop> {
        let found = self.reader.peek()?;
        if found == ValueType::Null && (column.nullable || column.kind == Kind::Any) {
            self.reader.next_null()?;
            let null = if column.nullable {
                Cell::Null
            } else {
                Cell::Text("null".to_owned())
            };
            return Ok(null);
        }
        let fits = match column.kind {
            Kind::Integer | Kind::Number => found == ValueType::Number,
            Kind::Bool => found == ValueType::Boolean,
            Kind::Object => found == ValueType::Object,
            Kind::List | Kind::Texts => found == ValueType::Array,
            Kind::Any => true,
            Kind::Uuid | Kind::Date | Kind::Moment | Kind::Text | Kind::Transaction => {
                found == ValueType::String
            }
        };
        let read = if fits {
            self.fitting(column.kind)?
        } else {
            None
        };
        read.ok_or_else(|| {
            let or_null = if column.nullable { " or null" } else { "" };
            self.refuse(format!("{}{or_null} is expected", column.kind.words()))
        })
    }

    /// The value, of a JSON type that the kind has; nothing where it is not one of the kind all the same.
    fn fitting(&mut self, kind: Kind) -> Result<Option<Cell>, Stop> {
        let text = match kind {
            Kind::Object | Kind::List | Kind::Any => Some(self.value()?),
            Kind::Text => Some(self.text()?),
            Kind::Uuid => Uuid::try_parse(&self.text()?).ok().map(|id| id.to_string()),
            Kind::Date => date(&self.text()?),
            Kind::Moment => moment(&self.text()?),
            Kind::Transaction => {
                let number = self.text()?.parse::<u64>();
                number.ok().map(|number| number.to_string())
            }
            Kind::Integer => {
                let number = self.reader.next_number_as_str()?.parse::<i32>();
                number.ok().map(|number| number.to_string())
            }
            Kind::Number => double(self.reader.next_number_as_str()?),
            Kind::Bool => Some(self.reader.next_bool()?.to_string()),
            Kind::Texts => return self.texts(),
        };
        Ok(text.map(Cell::Text))
    }

    fn texts(&mut self) -> Result<Option<Cell>, Stop> {
        self.reader.begin_array()?;
        let mut list = Vec::new();
        while self.reader.has_next()? {
            if self.reader.peek()? != ValueType::String {
                return Ok(None);
            }
            // An empty text takes more memory than its two quotes.
            if !self.budget.take(32) {
                return Err(self.refuse("the list is too long"));
            }
            list.push(self.text()?);
        }
        self.reader.end_array()?;
        Ok(Some(Cell::Texts(list)))
    }
}

/// A day that the database holds.
pub(super) fn date(text: &str) -> Option<String> {
    let date: Date = (text.len() == 10).then(|| text.parse().ok()).flatten()?;
    (date.year() >= 1).then(|| date.to_string())
}

/// A moment that the database holds, in UTC.
pub(super) fn moment(text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    let Ok(moment) = text.parse::<Timestamp>() else {
        return last_hours(text);
    };
    let year = moment.to_zoned(jiff::tz::TimeZone::UTC).year();
    (year >= 1).then(|| moment.to_string())
}

/// A moment of the last two days of the year 9999, in UTC: a timestamp here ends 26 hours before the year does.
fn last_hours(text: &str) -> Option<String> {
    let civil = text
        .strip_suffix('Z')
        .or_else(|| text.strip_suffix("+00:00"))?;
    let is_plain = |byte: u8| byte.is_ascii_digit() || b"-:.T".contains(&byte);
    let is_one =
        civil.starts_with("9999-12-3") && civil.contains('T') && civil.bytes().all(is_plain);
    let moment: DateTime = is_one.then(|| civil.parse().ok()).flatten()?;
    Some(format!("{moment}Z"))
}

/// A number that a double holds, written without an exponent.
fn double(text: &str) -> Option<String> {
    let number: f64 = text.parse().ok()?;
    let vanished = number == 0.0
        && text
            .split(['e', 'E'])
            .next()
            .is_some_and(|digits| digits.contains(|c: char| ('1'..='9').contains(&c)));
    (number.is_finite() && !vanished).then(|| number.to_string())
}

/// How many digits an exponent adds to a number when it is written out; nothing where a numeric cannot hold it.
fn written_out(number: &str) -> Option<u64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent: i64 = exponent.parse().ok()?;
    if exponent.abs() > EXPONENT {
        return None;
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let grown = usize::try_from(exponent.unsigned_abs()).ok()?;
    (whole.len() + grown <= WHOLE && fraction.len() + grown <= FRACTION)
        .then_some(exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_held_or_not() {
        for (number, digits) in [
            ("0", Some(0)),
            ("-12.50", Some(0)),
            ("1e308", Some(308)),
            ("5E-324", Some(324)),
            ("1e401", None),
            ("1e99999999999999999999", None),
        ] {
            assert_eq!(written_out(number), digits, "{number}");
        }
        assert_eq!(written_out(&"9".repeat(131_072)), Some(0));
        assert_eq!(written_out(&"9".repeat(131_073)), None);
        assert_eq!(written_out(&format!("0.{}", "9".repeat(16_384))), None);
    }

    #[test]
    fn doubles_are_written_out() {
        assert_eq!(double("1.50").as_deref(), Some("1.5"));
        assert_eq!(double("1e3").as_deref(), Some("1000"));
        assert_eq!(double("0e9").as_deref(), Some("0"));
        assert_eq!((double("1e400"), double("1e-400")), (None, None));
    }

    #[test]
    fn days_and_moments_are_those_of_the_database() {
        assert_eq!(date("2024-02-29").as_deref(), Some("2024-02-29"));
        for wrong in [
            "2026-02-29",
            "2026-2-9",
            "20260209",
            "+2026-02-9",
            "0000-01-01",
        ] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
        assert_eq!(
            moment("2026-11-23T20:04:05.123456+02:00").as_deref(),
            Some("2026-11-23T18:04:05.123456Z")
        );
        for last in ["9999-12-30T22:00:01Z", "9999-12-31T23:59:59.999999Z"] {
            assert_eq!(moment(last).as_deref(), Some(last));
            let written = last.replace('Z', "+00:00");
            assert_eq!(moment(&written).as_deref(), Some(last));
        }
        for wrong in [
            "9999-12-32T00:00:00Z",
            "9999-12-31",
            "9999-12-31Z",
            "9999-12-31T23:59:59-01:00",
            "9999-12-31T00:00:00[UTC]Z",
            "yesterday",
            "2026-11-23",
            "infinity",
            "0000-12-31T00:00:00Z",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
