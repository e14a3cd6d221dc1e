//! The sentences. Each says what was observed, over which dates and against what, and nothing else; a test holds every one of
//! them against the words that are not used.

use jiff::civil::Date;

use crate::domain::dates;

/// `10–16 Nov`, `28 Oct – 3 Nov`, `28 Dec 2026 – 3 Jan 2027`, `16 Nov`.
#[must_use]
pub fn span(from: Date, to: Date) -> String {
    if from == to {
        dates::short(from)
    } else if from.year() != to.year() {
        format!(
            "{} {} – {} {}",
            dates::short(from),
            from.year(),
            dates::short(to),
            to.year()
        )
    } else if from.month() == to.month() {
        format!("{}–{}", from.day(), dates::short(to))
    } else {
        format!("{} – {}", dates::short(from), dates::short(to))
    }
}

/// `1 idea`, `2 ideas`.
#[must_use]
pub fn count(number: usize, one: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {one}s")
    }
}

/// `6.8`, `6.8 h`, `45 min`: one decimal, none from a hundred on.
#[must_use]
pub fn figure(value: f64, unit: Option<&str>) -> String {
    let decimals = usize::from(value.abs() < 100.0);
    let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
    let text = format!("{value:.decimals$}");
    // A rounded −0.04 is no negative figure.
    let text = if text == "-0.0" { "0.0" } else { &text };
    format!("{text}{unit}")
}

/// `57 %`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A label at the beginning of a sentence.
fn first(label: &str) -> String {
    let mut characters = label.chars();
    characters.next().map_or_else(String::new, |letter| {
        letter.to_uppercase().chain(characters).collect()
    })
}

pub(super) fn missed_days(logged: i64, from: Date, to: Date, typical: i64) -> String {
    format!(
        "{logged} of 7 days logged, {} (typical: {typical} of 7).",
        span(from, to)
    )
}

pub(super) fn level_shift(label: &str, mean: &str, from: Date, to: Date, typical: &str) -> String {
    format!(
        "{} averaged {mean} over {} (typical for those weekdays: {typical}).",
        first(label),
        span(from, to)
    )
}

pub(super) fn trend(
    label: &str,
    a_week: &str,
    up: bool,
    from: Date,
    to: Date,
    ends: [&str; 2],
) -> String {
    let way = if up { "up" } else { "down" };
    let [early, late] = ends;
    format!(
        "{} moved {way} by {a_week} a week over {} (median of the first third {early}, of the last {late}).",
        first(label),
        span(from, to)
    )
}

pub(super) fn habit_change(
    label: &str,
    yes: f64,
    n: f64,
    from: Date,
    to: Date,
    typical: f64,
) -> String {
    format!(
        "{}: yes on {yes:.0} of {n:.0} answered days, {} (typical: {}).",
        first(label),
        span(from, to),
        percent(typical)
    )
}

pub(super) fn habit_streak(
    label: &str,
    kept: usize,
    yes: bool,
    last: Date,
    missed: (usize, Date, Date),
) -> String {
    let (answer, other) = if yes { ("yes", "no") } else { ("no", "yes") };
    format!(
        "{}: {answer} {kept} times in a row up to {}, {other} {} times in a row, {}.",
        first(label),
        dates::short(last),
        missed.0,
        span(missed.1, missed.2)
    )
}

pub(super) fn goal_streak(
    title: &str,
    kept: usize,
    last: Date,
    missed: (usize, Date, Date),
) -> String {
    format!(
        "“{title}”: done {kept} times in a row up to {}, not done {} times in a row, {}.",
        dates::short(last),
        missed.0,
        span(missed.1, missed.2)
    )
}

pub(super) fn checkin_dropoff(days: i64, from: Date, to: Date, goals: usize) -> String {
    format!(
        "Check-ins on {days} of 7 days, {}; {}.",
        span(from, to),
        count(goals, "active goal")
    )
}

pub(super) fn consistency(share: f64, from: Date, to: Date, goals: usize) -> String {
    format!(
        "{} of the weekly minimums done, {}; {}.",
        percent(share),
        span(from, to),
        count(goals, "active goal")
    )
}

pub(super) fn domain_neglect(domain: &str, from: Date, to: Date, goals: usize) -> String {
    format!(
        "No check-ins in {domain}, {}; {}.",
        span(from, to),
        count(goals, "active goal")
    )
}

pub(super) fn overload(goals: usize, most: i64, share: f64, from: Date, to: Date) -> String {
    format!(
        "{} at once (limit: {most}); {} of the weekly minimums done, {}.",
        count(goals, "active goal"),
        percent(share),
        span(from, to)
    )
}

pub(super) fn intent_reality(trunk: f64, low: f64, from: Date, to: Date) -> String {
    format!(
        "Goals of priority 1 received {} of their weekly minimum, those of priority 3 {}, {}.",
        percent(trunk),
        percent(low),
        span(from, to)
    )
}

pub(super) fn ideas_idle(
    from: Date,
    today: Date,
    days: i64,
    drafts: usize,
    overdue: usize,
) -> String {
    let parked = if overdue == 0 {
        String::new()
    } else {
        format!(", {} past the review date", count(overdue, "parked idea"))
    };
    format!(
        "No idea touched, {} ({}); {} waiting{parked}.",
        span(from, today),
        count(usize::try_from(days).unwrap_or(0), "day"),
        count(drafts, "draft"),
    )
}

pub(super) fn ideas_overdue(overdue: usize, today: Date, earliest: Date) -> String {
    format!(
        "{} past the review date on {}; the earliest date was {}.",
        count(overdue, "parked idea"),
        dates::short(today),
        dates::short(earliest),
    )
}

pub(super) fn ideas_crowded(promoted: usize, today: Date, most: i64) -> String {
    format!(
        "{} at once on {} (limit: {most}).",
        count(promoted, "promoted idea"),
        dates::short(today),
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// The wording law's list.
    pub const FORBIDDEN: [&[&str]; 12] = [
        &["should"],
        &["must"],
        &["need", "to"],
        &["try"],
        &["keep", "going"],
        &["great"],
        &["unfortunately"],
        &["only"],
        &["failed"],
        &["bad"],
        &["still"],
        &["again"],
    ];

    fn forbidden(sentence: &str) -> bool {
        let lower = sentence.to_lowercase();
        let words: Vec<&str> = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        FORBIDDEN
            .iter()
            .any(|law| words.windows(law.len()).any(|found| found == *law))
    }

    fn every_sentence() -> Vec<String> {
        let spans = [
            (date(2026, 11, 10), date(2026, 11, 16)),
            (date(2026, 10, 28), date(2026, 11, 3)),
            (date(2026, 12, 28), date(2027, 1, 3)),
            (date(2026, 5, 1), date(2026, 5, 1)),
        ];
        let mut all = Vec::new();
        for (from, to) in spans {
            for number in [0, 1, 2, 7, 365] {
                let n = f64::from(number);
                let share = n / 7.0;
                let size = usize::try_from(number).unwrap_or(0);
                let many = i64::from(number);
                let unit = Some("h").filter(|_| number % 2 == 0);
                let text = figure(n * 1.37 - 3.0, unit);
                all.push(missed_days(many, from, to, 6));
                all.push(level_shift("energy", &text, from, to, &text));
                for up in [true, false] {
                    all.push(trend("energy", &text, up, from, to, [&text, &text]));
                    all.push(habit_streak("exercise", size, up, from, (size, from, to)));
                }
                all.push(habit_change("exercise", n, n, from, to, share));
                all.push(goal_streak("Reading", size, from, (size, from, to)));
                all.push(checkin_dropoff(many, from, to, size));
                all.push(consistency(share, from, to, size));
                all.push(domain_neglect("health", from, to, size));
                all.push(overload(size, many, share, from, to));
                all.push(intent_reality(share, n, from, to));
                all.push(ideas_idle(from, to, many, size, 0));
                all.push(ideas_idle(from, to, many, size, size));
                all.push(ideas_overdue(size, to, from));
                all.push(ideas_crowded(size, to, many));
            }
        }
        all
    }

    #[test]
    fn no_sentence_has_a_word_of_advice_praise_or_blame() {
        for sentence in every_sentence() {
            assert!(!forbidden(&sentence), "{sentence}");
            assert!(
                sentence.ends_with('.') && sentence.matches(". ").count() == 0,
                "{sentence}"
            );
            assert!(sentence.chars().count() < 300, "{sentence}");
        }
        for line in [
            "You Should rest.",
            "Keep going!",
            "5 of 7 days, only",
            "You need to sleep.",
        ] {
            assert!(forbidden(line), "{line}");
        }
        assert!(!forbidden(
            "The country needs mustard; it is commonly stillness."
        ));
    }

    #[test]
    fn sentences_read_as_the_examples_do() {
        let (from, to) = (date(2026, 11, 10), date(2026, 11, 16));
        assert_eq!(
            missed_days(5, from, to, 6),
            "5 of 7 days logged, 10–16 Nov (typical: 6 of 7)."
        );
        assert_eq!(
            level_shift("energy", "5.1", date(2026, 11, 3), to, "6.8"),
            "Energy averaged 5.1 over 3–16 Nov (typical for those weekdays: 6.8)."
        );
        assert_eq!(
            domain_neglect("health", from, to, 2),
            "No check-ins in health, 10–16 Nov; 2 active goals."
        );
        assert_eq!(
            span(date(2026, 12, 28), date(2027, 1, 3)),
            "28 Dec 2026 – 3 Jan 2027"
        );
        assert_eq!(
            span(date(2026, 10, 28), date(2026, 11, 3)),
            "28 Oct – 3 Nov"
        );
        assert_eq!(
            (figure(-0.04, None), figure(7.0, Some("h"))),
            ("0.0".to_owned(), "7.0 h".to_owned())
        );
        assert_eq!(figure(123.4, Some("min")), "123 min");
    }
}
