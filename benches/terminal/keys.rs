//! From a key to the screen, and what it costs on the line.

use std::time::{Duration, Instant};

use jiff::civil::Date;

use crate::figures::{Figure, Samples, Unit};
use crate::floor::FIRST;
use crate::process::Counters;
use crate::program::{Program, Reaction, milliseconds};
use crate::seed::{STEP, today, win};
use crate::table::Table;
use crate::{Homes, Wanted};

/// The floor and ours, ready for keys.
fn opened(homes: &Homes) -> [Program; 3] {
    let mut floor = homes.few.open_floor(false);
    floor.until("the floor", |text| text.contains(FIRST));
    let mut ours = [homes.few.open(), homes.many.open()];
    let shown = win(today());
    for program in &mut ours {
        program.until("today's data", |text| text.contains(&shown));
        program.settle();
    }
    floor.settle();
    let [few, many] = ours;
    [floor, few, many]
}

#[derive(Default)]
struct Measured {
    times: [Samples; 3],
    bytes: [Samples; 3],
}

impl Measured {
    #[allow(clippy::cast_precision_loss)] // a few thousand bytes
    fn note(&mut self, index: usize, reaction: &Reaction) {
        if let Some(first) = reaction.first {
            self.times[index].0.push(first);
            self.bytes[index].0.push(reaction.bytes as f64);
        }
    }
}

/// Presses these in turn in each program.
fn cycle(programs: &mut [Program; 3], keys: &[&str], times: usize) -> Measured {
    let mut measured = Measured::default();
    for key in keys.iter().cycle().take(times) {
        for (index, program) in programs.iter_mut().enumerate() {
            measured.note(index, &program.press(key));
        }
    }
    measured
}

fn press_all(programs: &mut [Program; 3], keys: &str) {
    for program in programs {
        program.press(keys);
        program.settle();
    }
}

/// Moves, values, characters, rows that scroll.
pub fn each(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let mut programs = opened(homes);
    let moves = cycle(
        &mut programs,
        &["j", "j", "j", "k", "k", "k"],
        wanted.rounds(150),
    );
    add(table, "move", moves, 300.0);
    let mut values = cycle(&mut programs, &["4", "5", "6"], wanted.rounds(75));
    values.times[0] = Samples::default();
    values.bytes[0] = Samples::default();
    add(table, "set a value", values, f64::NAN);
    let scrolled = scroll(&mut programs, wanted.rounds(60).max(45));
    let limit = Figure::new("scrolled row: bytes", Unit::Bytes, 1400.0);
    table.add(limit.of(scrolled.bytes));
    for program in &mut programs {
        program.press("\x1b[H");
    }
    let [_, few, many] = &mut programs;
    for program in [few, many] {
        // From the first field of the quick form to the text of the day.
        while !program
            .text()
            .lines()
            .any(|line| line.contains("▸ top win"))
        {
            assert!(
                program.press("j").changes > 0,
                "no text field\n{}",
                program.text()
            );
        }
        program.press("\r");
        program.settle();
    }
    press_all(&mut programs, "a");
    let typed = cycle(
        &mut programs,
        &["e", "n", "o", "u", "g", "h", " "],
        wanted.rounds(70),
    );
    add(table, "type a character", typed, 60.0);
    // The text is kept, so that nothing is offered again at the next start.
    let [floor, few, many] = programs;
    drop(floor);
    for mut program in [few, many] {
        program.press("\x13");
        program.settle();
        program.quit();
    }
}

fn add(table: &mut Table, name: &'static str, measured: Measured, bytes: f64) {
    let (times, sizes) = match name {
        "move" => ("key → screen: move", "bytes: move"),
        "set a value" => ("key → screen: set a value", ""),
        _ => ("key → screen: type a character", "bytes: typed character"),
    };
    table.add(
        Figure::new(times, Unit::Milliseconds, 1.5)
            .and_p95(5.0)
            .of(measured.times),
    );
    if !sizes.is_empty() {
        table.add(Figure::new(sizes, Unit::Bytes, bytes).of(measured.bytes));
    }
}

/// Down the full form and up again; only what scrolled counts.
fn scroll(programs: &mut [Program; 3], times: usize) -> Measured {
    let [_, few, many] = programs;
    for program in [few, many] {
        program.press("f");
        program.settle();
    }
    let mut measured = Measured::default();
    for key in ["j", "k"] {
        for _ in 0..times {
            for (index, program) in programs.iter_mut().enumerate() {
                let before = program.text();
                let reaction = program.press(key);
                if has_scrolled(&before, &program.text()) {
                    measured.note(index, &reaction);
                }
            }
        }
    }
    let [_, few, many] = programs;
    for program in [few, many] {
        program.press("f");
        program.settle();
    }
    measured
}

/// More than half of the rows are others.
fn has_scrolled(before: &str, after: &str) -> bool {
    let pairs = before.lines().zip(after.lines());
    let (differ, all) = pairs.fold((0, 0), |(differ, all), (before, after)| {
        (differ + usize::from(before != after), all + 1)
    });
    differ * 2 > all
}

/// A day that the cache does not have.
pub fn from_the_server(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let mut times: [Samples; 3] = Default::default();
    for _ in 0..wanted.rounds(5) {
        let [_, mut few, mut many] = opened(homes);
        let mut floor = homes.many.open_floor(true);
        floor.until("the floor's data", |text| text.contains(&win(today())));
        for step in 1..10 {
            floor.settle();
            times[0].0.extend(floor.press("[").first);
            let date = today().saturating_sub(jiff::Span::new().days(i64::from(STEP * step)));
            for (index, program) in [&mut few, &mut many].into_iter().enumerate() {
                times[index + 1].0.push(jump(program, date));
            }
        }
    }
    table.add(Figure::new("key that needs the server", Unit::Milliseconds, 5.0).of(times));
}

/// Milliseconds until another day's data are on the screen.
fn jump(program: &mut Program, date: Date) -> f64 {
    program.press(&format!("d{date}"));
    let typed = Instant::now();
    program.types("\r");
    let shown = win(date);
    let at = program.until("another day", |text| text.contains(&shown));
    program.settle();
    milliseconds(at - typed)
}

/// The speed of a key that is held down.
const REPEAT: Duration = Duration::from_nanos(1_000_000_000 / 30);

/// A key held down, there and back again.
pub fn held(homes: &Homes, wanted: &Wanted, table: &mut Table) {
    let presses = wanted.rounds(150);
    let mut shown: [Samples; 3] = Default::default();
    let mut catch_up: [Samples; 3] = Default::default();
    let mut busy: [Samples; 3] = Default::default();
    for (index, mut program) in opened(homes).into_iter().enumerate() {
        let before = Counters::of(program.pid());
        let (started, mut last) = (Instant::now(), Instant::now());
        for press in 0..presses {
            let due = started + REPEAT * u32::try_from(press).unwrap();
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            last = Instant::now();
            program.types(if (press / 6) % 2 == 0 { "j" } else { "k" });
        }
        let reaction = program.reaction(last);
        let spent = milliseconds(started.elapsed());
        #[allow(clippy::cast_precision_loss)] // a few hundred
        let share = reaction.changes.min(presses) as f64 / presses as f64;
        let used = Counters::of(program.pid()).busy_since(&before);
        shown[index] = (share * 100.0).into();
        catch_up[index] = reaction.last.into();
        busy[index] = (used / spent * 100.0).into();
    }
    let every = Figure::new("held at 30 Hz: frames shown", Unit::Percent, 100.0);
    table.add(every.at_least().of(shown));
    table.add(Figure::new("held at 30 Hz: catch-up", Unit::Milliseconds, 20.0).of(catch_up));
    table.add(Figure::new("held at 30 Hz: CPU", Unit::Percent, 5.0).of(busy));
}
